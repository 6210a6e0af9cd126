"""Photos of speakers: with consent, by the speaker or an organiser, and gone at once when it is taken back."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionSpeaker, Speaker, SpeakerPart
from dagvandebuurt.programme.photos.models import ConsentBy, PhotoConsent, SpeakerPhoto
from dagvandebuurt.programme.photos.queries import token_for
from dagvandebuurt.programme.photos.rules import delete_all
from dagvandebuurt.programme.privacy import old_photos

PAGE = "/sprekers/sara/foto"


@pytest.fixture
def speaker(make, session):
    made = make.store(Speaker(code="sara", name="Sara Okafor", function="Wijkarts", bio=""))
    make.store(SessionSpeaker(session_id=session.id, speaker_id=made.id, part=SpeakerPart.SPEAKER))
    return made


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def link(make, speaker):
    with make.context():
        return f"/mijn-foto/{token_for(db.session.get_one(Speaker, speaker.id))}"


def a_file(size=(900, 600), kind="JPEG", **how):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **how)
    return io.BytesIO(out.getvalue()), "sara.jpg"


def send(browser, address, file=None, op=None, **fields):
    data = {"alt": "Lachend", "agrees": "y", "op": op or uuid4().hex} | fields
    if file is not False:
        data["picture"] = file or a_file()
    return browser.post(address, data=data, content_type="multipart/form-data")


def shown_at(browser, address):
    found = re.search(r'src="(/foto/[0-9a-f-]{36}\.webp)"', browser.get(address).text)
    return found[1] if found else None


def consents(make):
    with make.context():
        rows = db.session.scalars(
            select(PhotoConsent).order_by(PhotoConsent.at, PhotoConsent.is_given.desc())
        )
        return [(row.is_given, row.by) for row in rows]


def test_a_speaker_places_a_photo_with_the_link_and_everybody_sees_it(make, session, speaker, link):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Sara"
    visitor = make.browser()
    assert visitor.get(link).status_code == 200

    assert send(make.browser(), link, a_file(exif=exif)).status_code == 303

    addresses = {shown_at(visitor, f"/{each}") for each in
                 ("sprekers", "sprekers/sara", f"sessies/{session.slug}", f"sessies/{session.slug}/live")}  # fmt: skip
    assert len(addresses) == 1
    address = addresses.pop()
    page = visitor.get("/sprekers").text
    assert 'alt="Lachend"' in page
    assert "Een getekend gezicht is niet naar het leven." in page
    sent = visitor.get(address)
    picture = Image.open(io.BytesIO(sent.data))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", (480, 480), {})
    assert b"Camera of Sara" not in sent.data
    assert (sent.headers["Cache-Control"], sent.mimetype) == ("private, no-cache", "image/webp")
    again = visitor.get(address, headers={"If-None-Match": sent.headers["ETag"]})
    assert again.status_code == 304
    assert consents(make) == [(True, ConsentBy.LINK)]


def test_taken_back_it_is_gone_at_once_also_for_who_has_it_in_a_cache(make, session, speaker, link):
    visitor = make.browser()
    send(visitor, link)
    address, tag = shown_at(visitor, "/sprekers"), visitor.get("/sprekers").headers["ETag"]
    kept = visitor.get(address).headers["ETag"]

    assert make.browser().post(f"{link}/weg", data={"op": uuid4().hex}).status_code == 303

    assert visitor.get(address, headers={"If-None-Match": kept}).status_code == 404
    assert visitor.get("/sprekers", headers={"If-None-Match": tag}).status_code == 200
    pages = ("/sprekers", "/sprekers/sara", f"/sessies/{session.slug}")
    assert [shown_at(visitor, each) for each in pages] == [None] * 3
    assert consents(make) == [(True, ConsentBy.LINK), (False, ConsentBy.LINK)]
    make.browser().post(f"{link}/weg", data={"op": uuid4().hex})
    assert len(consents(make)) == 2


def test_an_organiser_places_it_for_who_said_yes_and_reads_who_did(make, organiser, speaker):
    page = organiser.get(PAGE).text
    assert "zei zelf ja" in page
    assert re.search(r'value="http[^"]+/mijn-foto/[^"]+"', page)
    op = uuid4().hex

    assert [send(organiser, PAGE, op=op).status_code for _ in "ab"] == [303, 303]

    assert consents(make) == [(True, ConsentBy.DESK)]
    assert "door de organisatie" in organiser.get(PAGE).text
    assert "Verander de foto" in organiser.get("/sprekers/sara").text
    assert "Verander de foto" not in make.browser().get("/sprekers/sara").text


def test_another_description_keeps_the_picture_at_another_address(make, organiser, speaker):
    send(organiser, PAGE)
    before = shown_at(organiser, PAGE)
    content = organiser.get(before).data

    send(organiser, PAGE, False, alt='Met "een" <b>gele</b> jas')

    after = shown_at(organiser, PAGE)
    assert after != before
    assert (organiser.get(before).status_code, organiser.get(after).data) == (404, content)
    assert "Met &#34;een&#34; &lt;b&gt;gele&lt;/b&gt; jas" in make.browser().get("/sprekers").text


@pytest.mark.parametrize(
    ("file", "fields", "sentence"),
    [
        (None, {"agrees": ""}, "Zonder ja zetten we geen foto op de site."),
        (False, {}, "Kies eerst een foto."),
        ((io.BytesIO(b"<svg onload=alert(1)>"), "x.svg"), {}, "Dit is geen foto die we kunnen lezen."),
        (None, {"alt": "x" * 161}, "160"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(make, organiser, speaker, file, fields, sentence):
    refused = send(organiser, PAGE, file, **({"alt": "Aan het werk"} | fields))

    assert refused.status_code == 422
    assert sentence in refused.text
    assert (fields.get("alt") or "Aan het werk") in refused.text
    assert consents(make) == []


@pytest.mark.parametrize("roles", [[], ["moderator"], ["editor"]])
def test_nobody_else_places_or_takes_away_a_photo(make, organiser, speaker, roles):
    send(organiser, PAGE)
    other = make.browser(make.person("Iemand", roles=roles))

    assert send(other, PAGE).status_code == 403
    assert other.get(PAGE).status_code == 403
    assert other.post(f"{PAGE}/weg", data={"op": uuid4().hex}).status_code == 403
    assert make.browser().get("/mijn-foto/onzin").status_code == 404
    assert shown_at(make.browser(), "/sprekers")


def test_whether_a_speaker_is_being_planned_is_told_to_nobody_but_organisers(make, organiser, session):
    make.store(Speaker(code="geheim", name="Geheim", function="", bio=""))

    assert make.browser().get("/sprekers/geheim/foto").status_code == 404
    assert organiser.get("/sprekers/geheim/foto").status_code == 200


def test_after_the_day_the_link_only_takes_away(make, session, speaker, link, monkeypatch):
    send(make.browser(), link)
    with make.context():
        ends = db.session.get_one(Edition, session.edition_id).ends_at
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: ends + timedelta(days=3))

    refused = send(make.browser(), link)
    page = make.browser().get(link).text

    assert refused.status_code == 409
    assert "Haal de foto weg" in page
    assert "Zet de foto op de site" not in page
    assert make.browser().post(f"{link}/weg", data={"op": uuid4().hex}).status_code == 303
    assert shown_at(make.browser(), "/sprekers") is None


def test_who_says_that_it_is_their_account_finds_it_there_and_takes_it_along_when_erased(
    make, organiser, speaker, link
):
    sara = make.person("Sara Okafor")
    browser = make.browser(sara)
    send(browser, link)
    assert "Dat ben ik" in browser.get(link).text
    browser.post(f"{link}/dat-ben-ik", data={"op": uuid4().hex})

    assert shown_at(browser, "/mijn/instellingen/over-mij")
    assert browser.get(PAGE).status_code == 200
    other = make.browser(make.person("Iemand anders"))
    assert "Dat ben ik" not in other.get(link).text
    other.post(f"{link}/dat-ben-ik", data={"op": uuid4().hex})
    assert other.get(PAGE).status_code == 403
    with make.context():
        assert my_data(sara.id)["speaker_photo"][0]["alt"] == "Lachend"
        erase(sara.id, now=clock.now())
        db.session.commit()
    assert shown_at(make.browser(), "/sprekers") is None
    assert consents(make)[-1] == (False, ConsentBy.HOUSE)


def test_old_photos_go_but_not_of_who_speaks_again(make, session, speaker, link, now):
    send(make.browser(), link)
    with make.context():
        assert old_photos.tidy(now + timedelta(days=1)) == 0
        row = db.session.get_one(ProgrammeSession, session.id)
        row.edition.starts_at, row.edition.ends_at = now - timedelta(days=9), now - timedelta(days=8)
        db.session.flush()
        assert old_photos.tidy(now - timedelta(days=1)) == 0
        assert old_photos.tidy(now + timedelta(days=1)) == 1
        db.session.rollback()
        delete_all(now)
        assert db.session.scalar(select(func.count()).select_from(SpeakerPhoto)) == 0
        db.session.rollback()


def test_what_was_said_about_a_photo_cannot_be_changed(make, speaker, link):
    send(make.browser(), link)
    with make.context(), pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE photo_consent SET is_given = NOT is_given"))


@pytest.mark.parametrize("number", [0, 1, 7, 200])
def test_any_number_of_speakers_keeps_the_page_whole(make, session, number):
    speakers = [Speaker(code=f"s{n}", name=f"Spreker {n}", function="", bio="") for n in range(number)]
    make.store(
        make.theme(),
        *speakers,
        *(SessionSpeaker(session_id=session.id, speaker_id=each.id, part=SpeakerPart.SPEAKER, position=n)
          for n, each in enumerate(speakers)),
        *(SpeakerPhoto(speaker_id=each.id, content=b"x", alt="", placed_at=clock.now()) for each in speakers[::2]),
    )  # fmt: skip

    page = make.browser().get("/sprekers").text

    assert page.count("<img class=") == len(speakers[::2])
    assert page.count('<svg class="face') == len(speakers[1::2])
    if number:
        assert 'alt="Portret van Spreker 0"' in page
