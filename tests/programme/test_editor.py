"""Programme desk: every kind of thing, edit conflicts, ambiguous times, preview, changelog."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from dagvandebuurt.core.clock import moments_at
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.editing.conflicts import ClashKind, clashes
from dagvandebuurt.programme.editing.diff import marked
from dagvandebuurt.programme.editing.load import drafted
from dagvandebuurt.programme.models import (
    DraftEntry,
    Edition,
    Organisation,
    ProgrammeRelease,
    ProgrammeSession,
    Round,
    SessionStatus,
    Speaker,
    Theme,
    Venue,
)
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from tests.programme.pages import form_on, send

DESK = "/organisatie/programma"
ROUNDS, SESSIONS = f"{DESK}/ronden", f"{DESK}/sessies"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def other(make):
    return make.browser(make.person("Sven", roles=["organiser"]))


def text_of(answer):
    return answer.get_data(as_text=True)


def publish(browser, note="Daarom."):
    answer = send(browser, browser.get(f"{DESK}/publiceren"), "publiceren", note=note)
    assert answer.status_code == 303, text_of(answer)
    return answer


def stored(app, query):
    with app.app_context():
        found = list(db.session.scalars(query))
        db.session.expunge_all()
    return found


def draft_values(app):
    return {entry.kind: entry.values for entry in stored(app, select(DraftEntry))}


def new(browser, path, **typed):
    answer = send(browser, browser.get(f"{DESK}/{path}/nieuw"), **typed)
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["Location"]


THINGS = {
    "sprekers": ({"name": "Ali Vos", "function": "Bewoner"}, Speaker, "function", {"function": "Wijkagent"}),
    "organisaties": (
        {"name": "Woonbron", "response_days": "14", "answers_follow_ups": "y", "website": "https://woon.example"},
        Organisation, "response_days", {"response_days": "7"},
    ),
    "themas": ({"label": "Groen in de straat"}, Theme, "label", {"label": "Groen"}),
    "plekken": (
        {"name": "Buurthuis", "kind": "location", "address": "Plein 1"}, Venue, "address", {"address": "Plein 2"},
    ),
    "ronden": (
        {"label": "Ronde 9", "day": "2027-01-28", "starts": "14:00", "ends": "15:00"}, Round, "label",
        {"label": "Ronde 10"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("path", THINGS)
def test_every_kind_can_be_created_changed_and_published(app, organiser, session, path):
    typed, model, column, change = THINGS[path]
    before = len(stored(app, select(model)))
    place = new(organiser, path, **typed)

    assert len(stored(app, select(model))) == before  # a draft, seen by nobody else
    assert "Nieuw, nog niet gepubliceerd" in text_of(organiser.get(place))
    publish(organiser)
    [made] = [row for row in stored(app, select(model)) if str(row.id) in place]
    assert str(getattr(made, column)) == typed[column]

    assert send(organiser, organiser.get(place), **change).status_code == 303
    page = text_of(organiser.get(f"{DESK}/publiceren"))
    assert typed[column] in page
    assert change[column] in page
    publish(organiser)
    [changed] = [row for row in stored(app, select(model)) if row.id == made.id]
    assert str(getattr(changed, column)) == change[column]
    assert getattr(changed, "code", "") == getattr(made, "code", "")  # kept for life


def test_edition_itself_can_be_changed(app, organiser, session):
    page = organiser.get(f"{DESK}/dag", follow_redirects=True)
    send(organiser, page, tagline="Iedereen telt", contact_phone="000 - 111 11 11", ends="18:30")
    publish(organiser)

    [edition] = stored(app, select(Edition))
    assert (edition.tagline, edition.ends_at.hour) == ("Iedereen telt", 17)


def test_session_is_created_with_new_speaker_and_hall_in_the_times_of_its_round(
    app, make, organiser, session
):
    theme = make.store(Theme(code="groen", label="Groen", summary="", position=0))
    place = new(
        organiser, "sessies", title="Tuinen zonder tegels", subtitle="Graaf mee", summary="Kort.",
        abstract="Lang.", kind="workshop", kind_label="Wandeling", involvement="co_create",
        round=str(session.round_id), capacity="30", languages=["nl", "ar"], interpreters=["tr"],
        access=["live_captions"], domains=["residents"], themes=[str(theme.id)], language_level="A2",
        ask_ahead="Wat groeit er bij jou?", stage_url="https://podium.example/1",
        new_speaker="Ali Vos", new_speaker_function="Tuinman", new_venue="Zaal Oost",
    )  # fmt: skip
    publish(organiser)

    with app.app_context():
        made = db.session.scalars(
            select(ProgrammeSession).where(ProgrammeSession.title.like("Tuinen%"))
        ).one()
        assert str(made.id) in place
        assert (made.slug, made.venue.name) == ("tuinen-zonder-tegels", "Zaal Oost")
        assert [who.name for who in made.speakers] == ["Ali Vos"]
        assert (made.starts_at, made.ends_at) == (made.round.starts_at, made.round.ends_at)
        assert (made.languages, made.interpreters, made.capacity) == (["nl", "ar"], ["tr"], 30)
        assert (made.involvement, made.kind_label, made.ask_ahead) == (
            "co_create", "Wandeling", "Wat groeit er bij jou?"
        )  # fmt: skip
        assert [each.label for each in made.themes] == ["Groen"]


def test_the_order_of_speakers_is_that_of_the_page(app, make, organiser, session):
    names = [make.store(Speaker(code=n, name=n, function="", bio="")) for n in ("a", "b", "c")]
    ids = [str(each.id) for each in names]
    page = organiser.get(f"{SESSIONS}/{session.id}")
    send(organiser, page, speakers=[ids[2], "", ids[0], ids[2]], hosts=[ids[1]])
    publish(organiser)

    with app.app_context():
        made = db.session.get_one(ProgrammeSession, session.id)
        assert ([s.name for s in made.speakers], made.host.name) == (["c", "a"], "b")

    fields = form_on(organiser.get(f"{SESSIONS}/{session.id}"))[1]
    assert fields.getlist("speakers") == [ids[2], ids[0], "", ""]


def test_slug_is_unique_and_permanent(app, organiser, session):
    first = new(organiser, "sessies", title="Samen groen!")
    second = new(organiser, "sessies", title="Samen... groen")
    new(organiser, "sessies", title="🌱")
    publish(organiser)
    slugs = {row.title: row.slug for row in stored(app, select(ProgrammeSession))}
    assert slugs["Samen groen!"] == "samen-groen"
    assert slugs["Samen... groen"] == "samen-groen-2"
    assert slugs["🌱"] == "sessie"

    send(organiser, organiser.get(first), title="Iets heel anders")
    assert send(organiser, organiser.get(second), title="Samen... groen").status_code == 303
    publish(organiser)
    slugs = {row.title: row.slug for row in stored(app, select(ProgrammeSession))}
    assert slugs["Iets heel anders"] == "samen-groen"


def test_saving_an_untouched_form_changes_nothing(app, make, organiser, session):
    with app.app_context():  # as it came from elsewhere: other line ends, seconds, an odd access word
        row = db.session.get_one(ProgrammeSession, session.id)
        row.abstract, row.access = "Een.\r\n\r\n\r\nTwee.  ", ["rolstoel", "live_captions"]
        row.starts_at += timedelta(seconds=20)
        row.languages = ["ar", "nl", "x-tl"]
        db.session.commit()

    answer = send(organiser, organiser.get(f"{SESSIONS}/{session.id}"))

    assert answer.status_code == 303
    assert draft_values(app) == {}


def test_invalid_form_keeps_typed_values(app, organiser, session):
    page = organiser.get(f"{SESSIONS}/{session.id}")
    answer = send(
        organiser, page, title="", abstract="Lang <b>verhaal</b> & meer", starts="25:00", ends="",
        capacity="min drie", stage_url="javascript:alert(1)", speakers=["niemand"], new_speaker="Ali",
    )  # fmt: skip

    assert answer.status_code == 422
    page = text_of(answer)
    for sentence in ("Geef de sessie een titel.", "Vul een tijd in.", "Een adres begint met https://"):
        assert sentence in page
    fields = form_on(answer)[1]
    assert fields["abstract"] == "Lang <b>verhaal</b> & meer"
    assert (fields["new_speaker"], fields["stage_url"]) == ("Ali", "javascript:alert(1)")
    assert draft_values(app) == {}


def test_typed_markup_stays_text(app, organiser, session):
    titles = [
        "<script>alert(1)</script>", "' OR 1=1 --", "{{ 7 * 7 }}", "👩‍👩‍👧 thuis", "שלום לכולם", "=1+1", "\u202eomgekeerd",
    ]  # fmt: skip
    places = [new(organiser, "sessies", title=title) for title in titles]
    for path in (*places, DESK, f"{DESK}/publiceren"):
        page = text_of(organiser.get(path))
        assert "<script>alert(1)" not in page
        assert ">49<" not in page
    publish(organiser)
    kept = {row.title for row in stored(app, select(ProgrammeSession))}
    assert kept == {"Samen groen", *(title.removeprefix("\u202e") for title in titles)}
    assert "<script>alert(1)" not in text_of(organiser.get("/programma/wijzigingen"))


def test_too_long_text_is_refused_in_words(organiser, session):
    page = organiser.get(f"{SESSIONS}/{session.id}")
    answer = send(organiser, page, title="x" * 161, abstract="y" * 20_001)
    assert answer.status_code == 422
    assert "Houd het bij 160 tekens." in text_of(answer)


def test_an_end_before_the_beginning_is_refused(organiser, session):
    answer = send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), starts="15:00", ends="14:00")
    assert answer.status_code == 422
    assert "Het einde moet na het begin liggen." in text_of(answer)


def test_invalid_date_is_refused_in_words(organiser, session):
    for day in ("0001-01-01", "9999-12-31", "2027-02-30", "morgen"):
        answer = send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), day=day)
        assert answer.status_code == 422


def test_ambiguous_local_time_is_asked_and_nonexistent_one_refused(app, organiser, session):
    page = organiser.get(f"{ROUNDS}/nieuw")
    typed = {"label": "Nacht", "day": "2027-10-31", "starts": "02:30", "ends": "04:00"}
    asked = send(organiser, page, **typed)
    assert asked.status_code == 422
    assert "Deze tijd komt die nacht twee keer voor" in text_of(asked)
    answer = send(organiser, asked, starts_which="2")
    assert answer.status_code == 303
    assert draft_values(app)["round"]["starts_at"] == "2027-10-31T01:30:00Z"
    assert form_on(organiser.get(answer.headers["Location"]))[1]["starts_which"] == "2"

    first, second = moments_at(datetime(2027, 10, 31).date(), datetime(2027, 10, 31, 2, 30).time())
    assert second - first == timedelta(hours=1)

    spring = send(organiser, page, **(typed | {"day": "2027-03-28"}))
    assert spring.status_code == 422
    assert "Deze tijd bestaat die nacht niet" in text_of(spring)


def test_concurrent_edits_merge_and_conflicts_are_chosen(app, organiser, other, session):
    mine, theirs = (browser.get(f"{SESSIONS}/{session.id}") for browser in (organiser, other))
    assert send(other, theirs, title="Van Sven", summary="Sven schreef dit.").status_code == 303

    asked = send(organiser, mine, title="Van Roos", abstract="Roos schreef dit.")

    assert asked.status_code == 409
    page = text_of(asked)
    assert "Van Sven" in page
    assert "Van Roos" in page
    assert draft_values(app)["session"] == {"title": "Van Sven", "summary": "Sven schreef dit."}
    again = send(organiser, asked)  # without choosing
    assert again.status_code == 409

    theirs_print = re.search(r'name="kies-title" value="(theirs [0-9a-f]+)"', page)[1]
    assert send(organiser, asked, kies_title=theirs_print).status_code == 303
    assert draft_values(app)["session"] == {
        "title": "Van Sven",
        "summary": "Sven schreef dit.",
        "abstract": "Roos schreef dit.",
    }


def test_conflict_choice_is_valid_only_for_the_version_seen(app, organiser, other, session):
    mine, theirs = (browser.get(f"{SESSIONS}/{session.id}") for browser in (organiser, other))
    send(other, theirs, title="Van Sven")
    asked = send(organiser, mine, title="Van Roos")
    mine_print = re.search(r'name="kies-title" value="(mine [0-9a-f]+)"', text_of(asked))[1]
    send(other, other.get(f"{SESSIONS}/{session.id}"), title="Nog eens Sven")

    assert send(organiser, asked, kies_title=mine_print).status_code == 409
    assert draft_values(app)["session"]["title"] == "Nog eens Sven"


def test_stale_page_does_not_undo_a_publication_or_move(app, organiser, other, session):
    mine = organiser.get(f"{SESSIONS}/{session.id}")
    send(other, other.get(f"{SESSIONS}/{session.id}"), summary="Nieuw en gepubliceerd.")
    publish(other)
    moved = other.post(
        f"/organisatie/sessies/{session.slug}/tijd",
        data={"day": "2027-01-28", "starts": "13:10", "ends": "14:10"},
    )
    assert moved.status_code == 303

    assert send(organiser, mine, title="Van Roos").status_code == 303
    publish(organiser)

    [row] = stored(app, select(ProgrammeSession))
    assert (row.title, row.summary) == ("Van Roos", "Nieuw en gepubliceerd.")
    assert row.starts_at == datetime(2027, 1, 28, 12, 10, tzinfo=UTC)


def test_conflicts_are_shown_while_typing_without_saving(app, make, organiser, session):
    speaker = make.store(Speaker(code="ali", name="Ali Vos", function="", bio=""))
    send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), speakers=[str(speaker.id)])
    action, fields = form_on(organiser.get(f"{SESSIONS}/nieuw"))
    fields["title"] = ""
    assert organiser.post(f"{action}/botsingen", data=fields).json == {"ok": True, "clashes": []}
    fields.setlist("speakers", [str(speaker.id)])

    told = organiser.post(f"{action}/botsingen", data=fields).json

    assert told == {"ok": True, "clashes": ["Ali Vos is in twee sessies tegelijk: Samen groen en Sessie."]}
    assert list(draft_values(app)) == ["session"]  # only what was saved before
    fields["title"] = "Tegelijk"
    answer = organiser.post(action, data=fields, follow_redirects=True)
    assert "Ali Vos is in twee sessies tegelijk: Samen groen en Tegelijk." in text_of(answer)
    assert "Ali Vos is in twee sessies tegelijk" in text_of(organiser.get(DESK))


def test_two_halls_of_one_name_cannot_be_published(app, organiser, session):
    new(organiser, "plekken", name="Zaal 1")
    new(organiser, "plekken", name="Zaal 1")
    with app.app_context():
        edition = db.session.scalars(select(Edition)).one()
        assert [c.kind for c in clashes(drafted(edition)) if c.is_fatal] == [ClashKind.TWICE]

    answer = send(organiser, organiser.get(f"{DESK}/publiceren"), "publiceren", note="Zalen")

    assert answer.status_code == 422
    assert "Dit programma klopt nog niet." in text_of(answer)
    assert form_on(answer, "publiceren")[1]["note"] == "Zalen"
    assert stored(app, select(Venue)) == []


def test_moving_requires_a_note_and_appears_in_the_changelog_and_feed(app, make, organiser, session):
    for name, email in (("Noor", True), ("Tariq", True), ("Gast", None)):
        person = make.person(name, email=email)
        make.store(
            SessionChoice(
                session_id=session.id, person_id=person.id, status=PlaceStatus.CONFIRMED,
                chosen_at=session.starts_at,
            )
        )  # fmt: skip
    visitor = make.browser()
    assert "Zo begon het programma." in text_of(visitor.get("/programma/wijzigingen"))
    send(
        organiser,
        organiser.get(f"{SESSIONS}/{session.id}"),
        starts="13:30",
        ends="14:30",
        title="Samen groener",
    )
    preview = organiser.get(f"{DESK}/publiceren")
    assert "2 mensen krijgen een mail." in text_of(preview)

    refused = send(organiser, preview, "publiceren", note=" ")
    assert refused.status_code == 422
    assert "Vertel waarom. Mensen rekenden erop." in text_of(refused)
    publish(organiser, note="De zaal was bezet.")

    with app.app_context():
        assert (
            db.session.scalar(select(func.count()).where(Mail.subject == "Andere tijd: Samen groener")) == 2
        )
    page = text_of(visitor.get("/programma/wijzigingen"))
    for words in (
        "Versie 2",
        "De zaal was bezet.",
        "Andere tijd:",
        "om 13.30 uur",
        "Tekst verbeterd.",
        "Versie 1",
    ):
        assert words in page
    feed = visitor.get("/programma/wijzigingen.atom")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    assert "De zaal was bezet." in text_of(feed)
    assert "/programma/wijzigingen#versie-2" in text_of(feed)


def test_every_kind_of_change_has_its_own_text(app, make, organiser, session):
    part = make.store(
        Round(
            edition_id=session.edition_id, code="later", label="De laatste ronde",
            starts_at=session.starts_at, ends_at=session.ends_at,
        )
    )  # fmt: skip
    who = make.store(Speaker(code="ali", name="Ali", function="", bio=""))
    hall = make.store(Venue(edition_id=session.edition_id, name="Buurthuis", kind="location"))
    page = f"{SESSIONS}/{session.id}"
    for typed, news in (
        (
            {"round": str(part.id), "hosts": [str(who.id)]},
            "Andere ronde: De laatste ronde. Andere gespreksleider.",
        ),
        ({"venue": str(hall.id), "capacity": "20"}, "Andere plek: Buurthuis. Ander aantal plekken."),
        ({"venue": "", "speakers": [str(who.id)]}, "Andere plek: online. Andere sprekers."),
        ({"status": "cancelled"}, "Gaat niet door."),
        ({"status": "scheduled", "ends": "14:10"}, "Gaat toch door. Ander einde: "),
    ):
        send(organiser, organiser.get(page), **typed)
        publish(organiser)
        assert news in text_of(organiser.get("/programma/wijzigingen"))
        assert stored(app, select(DraftEntry)) == []


def test_changes_after_the_preview_block_publishing(app, organiser, other, session):
    send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), title="Gezien")
    preview = organiser.get(f"{DESK}/publiceren")
    send(other, other.get(f"{SESSIONS}/{session.id}"), title="Niet gezien")

    answer = send(organiser, preview, "publiceren", note="Hup")

    assert answer.status_code == 409
    assert "Niet gezien" in text_of(answer)
    assert stored(app, select(ProgrammeRelease)) == []
    assert send(organiser, answer, "publiceren").status_code == 303


def test_drafts_can_be_deleted_singly_or_all(app, organiser, session):
    page = f"{SESSIONS}/{session.id}"
    send(organiser, organiser.get(page), title="Anders")
    theme = new(organiser, "themas", label="Groen")
    assert set(draft_values(app)) == {"session", "theme"}

    assert organiser.post(f"{page}/vergeten").headers["Location"] == page
    assert set(draft_values(app)) == {"theme"}
    unsure = organiser.post(f"{DESK}/vergeten", follow_redirects=True)
    assert "Vink eerst aan dat je het zeker weet." in text_of(unsure)
    assert set(draft_values(app)) == {"theme"}
    assert organiser.post(f"{DESK}/vergeten", data={"zeker": "on"}).status_code == 303
    assert draft_values(app) == {}
    assert organiser.get(theme).status_code == 404


def test_changelog_hides_internal_changes_from_visitors(app, make, organiser, session):
    hidden = make.session("Nog geheim", status=SessionStatus.DRAFT, round=make.store(
        Round(edition_id=session.edition_id, code="r", label="R", starts_at=session.starts_at, ends_at=session.ends_at)
    ))  # fmt: skip
    send(organiser, organiser.get(f"{SESSIONS}/{hidden.id}"), abstract="Nog steeds geheim")
    send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), abstract="Openbaar")
    publish(organiser, note="Teksten")

    page = text_of(make.browser().get("/programma/wijzigingen"))
    assert "Samen groen" in page
    assert "geheim" not in page.casefold()


def test_only_organisers_edit_the_programme(app, make, organiser, session):
    knocks = [
        ("get", DESK), ("get", f"{SESSIONS}/{session.id}"), ("post", f"{SESSIONS}/{session.id}"),
        ("post", f"{SESSIONS}/{session.id}/botsingen"), ("post", f"{DESK}/publiceren"), ("get", f"{DESK}/publiceren"),
        ("post", f"{DESK}/vergeten"), ("post", f"{SESSIONS}/{session.id}/vergeten"), ("get", f"{SESSIONS}/nieuw"),
    ]  # fmt: skip
    assert organiser.get(DESK).status_code == 200
    for who in (
        make.person("Noor"),
        make.person("Mo", roles=["moderator"]),
        make.person("Ed", roles=["editor"]),
    ):
        browser = make.browser(who)
        assert {getattr(browser, how)(path).status_code for how, path in knocks} == {403}
    assert {getattr(make.browser(), how)(path).status_code for how, path in knocks} <= {401, 302, 303}
    assert draft_values(app) == {}


def test_unknown_things_are_not_found(organiser, session):
    for path in (f"{SESSIONS}/{uuid4()}", f"{DESK}/dag/nieuw", f"{DESK}/feesten", f"{DESK}/feesten/nieuw"):
        assert organiser.get(path).status_code == 404, path
    assert organiser.post(f"{DESK}/dag/{uuid4()}").status_code == 404


def test_forty_sessions_cost_no_more_queries_than_one(app, make, organiser, session):
    part = stored(app, select(Round))[0]
    pages = (
        DESK,
        f"{SESSIONS}/{session.id}",
        f"{DESK}/publiceren",
        f"{DESK}/sprekers",
        "/programma/wijzigingen",
    )

    asked = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def queries(path):
        asked.clear()
        assert organiser.get(path).status_code == 200
        return len([statement for statement in asked if statement.startswith("SELECT")])

    send(organiser, organiser.get(f"{SESSIONS}/{session.id}"), title="Anders", starts="13:05")
    before = [queries(path) for path in pages]
    for number in range(40):
        speaker = make.store(Speaker(code=f"s{number}", name=f"Spreker {number}", function="", bio=""))
        made = make.session(f"Sessie {number}", round=part, starts_at=part.starts_at, ends_at=part.ends_at)
        if number < 10:
            send(
                organiser, organiser.get(f"{SESSIONS}/{made.id}"), starts="13:01", speakers=[str(speaker.id)]
            )

    assert [queries(path) for path in pages] == before
    assert max(before) < 25


def test_diff_reconstructs_both_texts():
    before, after = "Wij praten over groen in de straat.", "Wij praten vooral over bomen in de straat."
    pieces = list(marked(before, after))
    assert "".join(text for what, text in pieces if what != "in") == before
    assert "".join(text for what, text in pieces if what != "out") == after
    assert ("in", "bomen") in pieces


def test_the_english_front_page_shows_what_the_organiser_wrote_in_english(app, make, organiser, session):
    page = organiser.get(f"{DESK}/dag", follow_redirects=True)
    send(organiser, page, tagline_en="Everybody counts", intro_en="An afternoon.", promise_en="")
    publish(organiser)
    [edition] = stored(app, select(Edition))
    english = make.browser()
    english.post("/taal", data={"taal": "en"})

    dutch, shown = make.browser().get("/").text, english.get("/").text

    assert "Everybody counts" not in dutch
    assert '<h1 lang="en">Everybody counts</h1>' in shown
    assert '<p class="lead" lang="en">An afternoon.</p>' in shown
    assert f'<p lang="nl">{edition.promise}</p>' in shown  # left empty: the Dutch one, and it says so


def test_the_two_pages_that_change_a_session_say_which_is_which(make, session):
    desk = make.browser(make.person("Roos", roles=["organiser"]))

    later = desk.get(f"/organisatie/programma/sessies/{session.id}").text
    at_once = desk.get(f"/organisatie/sessies/{session.slug}").text

    assert f'<h1>Bewerk: <span lang="nl">{session.title}</span></h1>' in later
    assert f'<h1>Verzet of zeg af: <span lang="nl">{session.title}</span></h1>' in at_once
    parts = re.findall(r'<a href="#(\w+)"', later[later.index('class="jump"') :].partition("</nav>")[0])
    assert len(parts) == 5
    assert all(later.count(f'<fieldset class="group" id="{part}"') == 1 for part in parts)
    assert later.count("Bewaar als concept</button>") == 1
