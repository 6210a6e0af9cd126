"""Who did what: each kind of deed is listed once, for organisers alone, and without anything secret."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.broadcasts.models import Broadcast
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.mailings.models import Mailing, MailingAction, MailingChange, MailingStatus
from dagvandebuurt.organisation import audit_trail
from dagvandebuurt.organisation.models import ExportDownload
from dagvandebuurt.parts.branding.models import Branding
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import AccessChange
from dagvandebuurt.phone_desk.models import LookDeed, LookReason, PhoneLook
from dagvandebuurt.programme.editing.models import EditionAction, EditionChange, EditionStatus
from dagvandebuurt.programme.models import ProgrammeRelease
from dagvandebuurt.programme.stage.models import StageHostChange
from dagvandebuurt.registration.models import AccessLook, AccessNeed
from dagvandebuurt.texts.models import SiteTextVersion
from tests.organisation.files import with_names

PAGE = "/organisatie/wie-deed-wat"


@pytest.fixture
def edition(make, now):
    return make.edition(starts_at=now - timedelta(minutes=15), ends_at=now + timedelta(hours=4))


@pytest.fixture
def roos(make):
    return make.person("Roos", roles=["organiser"])


@pytest.fixture
def organiser(make, roos):
    return make.browser(roos)


def a_mailing(edition, now, **values):
    return Mailing(
        edition_id=edition.id,
        subject="Tot zaterdag",
        text="Neem een kopje mee.",
        audience={},
        made_at=now,
        **values,
    )


@pytest.fixture
def deeds(make, edition, roos, now):
    """One deed of each kind, and what the page says of it."""
    noor = make.person("Noor")
    need = AccessNeed(edition_id=edition.id, person_id=noor.id, needs=["ring"], agreed_at=now)
    mailing = a_mailing(edition, now)
    make.store(need, mailing)
    make.store(
        AccessChange(person_id=noor.id, by_id=roos.id, what="+moderator", at=now),
        AccessChange(person_id=noor.id, by_id=roos.id, what="suspended", at=now),
        PhoneLook(
            by_id=roos.id, by_name="Roos", person_id=noor.id, deed=LookDeed.OPENED, reason=LookReason.LOGIN, at=now
        ),
        AccessLook(need_id=need.id, by_id=roos.id, by_name="Roos", at=now),
        EditionChange(
            edition_id=edition.id, action=EditionAction.CLOSE, after=EditionStatus.CLOSED, by_id=roos.id, at=now
        ),
        ProgrammeRelease(
            edition_id=edition.id, number=3, note="Zaal verzet", changes=[], published_at=now, published_by_id=roos.id
        ),
        Branding(number=7, saved_at=now, saved_by_id=roos.id, contact_email="geheim@voorbeeld.test"),
        SiteTextVersion(page="help", number=2, content={"title_nl": "Kladje"}, made_at=now, made_by_id=roos.id),
        StageHostChange(
            number=1, host="video.voorbeeld.test", is_allowed=True, changed_at=now, changed_by_id=roos.id
        ),
        MailingChange(
            mailing_id=mailing.id, action=MailingAction.APPROVE, after=MailingStatus.PLANNED, by_id=roos.id, at=now
        ),
        Broadcast(
            edition_id=edition.id, text="De koffie staat klaar", is_everywhere=True, said_at=now,
            until=now + timedelta(minutes=5), said_by_id=roos.id,
        ),
    )  # fmt: skip
    return {
        "rollen": ["Rol gegeven: Moderator", "Account stilgezet"],
        "inzage": ["Aan de telefoon gegevens geopend", "Gekeken wat iemand nodig heeft"],
        "instellingen": [
            "Editie gesloten voor bezoekers", "Programma gepubliceerd, versie 3", "Naam en uiterlijk veranderd, versie 7",
            "Tekst veranderd, versie 2", "Videosite toegestaan",
        ],
        "berichten": ["Bericht: akkoord", "Tegen iedereen gezegd"],
        "bestanden": ["Bestand gedownload: vragen.csv, regels: 0", "Bestand met namen gedownload: aanmeldingen-met-namen.csv"],
    }  # fmt: skip


def listed(answer):
    assert answer.status_code == 200
    return (
        answer.text.split('<ul class="list list--lines"')[1].split("</ul>")[0]
        if "list--lines" in answer.text
        else ""
    )


def test_each_kind_of_deed_is_listed_and_chosen_by_kind_and_by_person(organiser, make, deeds, roos):
    organiser.get("/organisatie/meenemen/vragen.csv")
    with_names(organiser, "/organisatie/aanmeldingen.csv")
    someone_else = make.person("Ander")
    everything = listed(organiser.get(PAGE))

    for kind, said in deeds.items():
        of_kind = listed(organiser.get(f"{PAGE}?soort={kind}&door={roos.id}"))
        for words in said:
            assert words in everything
            assert words in of_kind
        assert not any(words in of_kind for other, all_ in deeds.items() if other != kind for words in all_)
    assert listed(organiser.get(f"{PAGE}?door={someone_else.id}")) == ""


def test_the_page_holds_nothing_secret(organiser, deeds):
    text = organiser.get(PAGE).text

    assert "Naam en uiterlijk veranderd" in text
    for secret in ("geheim@voorbeeld.test", "Kladje", "Neem een kopje mee"):
        assert secret not in text


def test_only_organisers_read_it_and_nobody_stores_it(make, edition, organiser):
    answer = organiser.get(PAGE)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert make.browser(make.person("Ada", roles=["admin"])).get(PAGE).status_code == 200
    for roles in ([], ["moderator"], ["editor"], ["phone_desk"]):
        assert make.browser(make.person("Iemand", roles=roles)).get(PAGE).status_code == 403
    assert make.browser().get(PAGE).status_code in (302, 303, 401)


def test_deeds_of_another_edition_stay_out(make, edition, organiser, now):
    other = make.edition(starts_at=now - timedelta(days=400), ends_at=now - timedelta(days=399))
    mine, theirs = a_mailing(edition, now), a_mailing(other, now)
    make.store(mine, theirs)
    for mailing, action in ((mine, MailingAction.SAVE), (theirs, MailingAction.STOP)):
        make.store(MailingChange(mailing_id=mailing.id, action=action, after=MailingStatus.DRAFT, at=now))

    text = listed(organiser.get(PAGE))

    assert "Bericht: bewaard" in text
    assert "Bericht: gestopt" not in text


def test_who_was_erased_reads_as_somebody_who_is_gone(app, make, edition, organiser, now):
    bram, noor = make.person("Bram Verweg"), make.person("Noor Weg")
    make.store(AccessChange(person_id=noor.id, by_id=bram.id, what="+editor", at=now))
    before = listed(organiser.get(PAGE))
    assert "Bram Verweg" in before
    assert "Noor Weg" in before

    with app.app_context(), transaction():
        for person in (bram, noor):
            erase(person.id, now=now)

    after = organiser.get(PAGE).text
    assert "Bram Verweg" not in after
    assert "Noor Weg" not in after
    assert listed(organiser.get(PAGE)).count("iemand die weg is") == 2


def test_older_pages_hold_each_deed_once_also_of_the_same_moment(
    organiser, make, edition, roos, now, monkeypatch
):
    monkeypatch.setattr(audit_trail, "PER_PAGE", 4)
    for number in range(1, 6):
        make.store(
            Branding(number=number, saved_at=now - timedelta(minutes=number // 3), saved_by_id=roos.id),
            StageHostChange(
                number=number, host=f"h{number}.test", is_allowed=True, changed_at=now, changed_by_id=roos.id
            ),
        )
    path, seen = PAGE, []
    while path:
        answer = organiser.get(path)
        seen.append(re.findall(r"h\d\.test|versie \d", listed(answer)))
        older = re.search(r'href="([^"]*voor=[^"]*)"', answer.text)
        path = older[1].replace("&amp;", "&") if older else None

    assert [len(page) for page in seen] == [4, 4, 2]
    assert len({words for page in seen for words in page}) == 10


@pytest.mark.parametrize(
    "asked",
    [
        "soort=alles",
        "door=roos",
        "voor=gisteren",
        "voor=2026-01-01_" + "0" * 32,
        "voor=0001-01-01T00:00:00%2B23:00_" + "0" * 32,
    ],
)
def test_an_address_that_we_never_gave_is_not_found(organiser, edition, asked):
    assert organiser.get(f"{PAGE}?{asked}").status_code == 404


def test_a_download_is_recorded_once_and_the_record_only_grows(app, organiser, edition, roos):
    organiser.head("/organisatie/meenemen/peilingen.xlsx")
    organiser.get("/organisatie/meenemen/peilingen.xlsx")

    with app.app_context():
        (taken,) = db.session.scalars(select(ExportDownload)).all()
        assert (taken.file, taken.row_count, taken.made_by_id) == ("peilingen.xlsx", 0, roos.id)
        with pytest.raises(DBAPIError, match="only grows"):
            db.session.execute(update(ExportDownload).values(file="Niets"))
        db.session.rollback()
