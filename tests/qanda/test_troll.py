"""Abuse (sockpuppets, flooding, vote stuffing): limits per person, and tools of moderators."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.word_list import holds
from dagvandebuurt.handbooks.content import NAME, source
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.models import Person
from dagvandebuurt.polls import events as polls
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import MutedHandle, Question, QuestionChange, QuestionStatus
from dagvandebuurt.safety import events as safety
from dagvandebuurt.safety.models import DangerAlarm


def _ask(make, who, session, **fields):
    return make.do(events.ASK, who, session, **{"id": str(uuid4()), "text": "Wie helpt?", **fields})


def _support(make, who, session, question, on=True):
    return make.do(events.SUPPORT, who, session, question=str(question.id), on=on)


def _kept(app, question_id):
    with app.app_context():
        return db.session.get(Question, UUID(str(question_id)))


def _page(browser, path, **more):
    return browser.get(path, **more).get_data(as_text=True)


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def shows_first(make, session, jolien):
    make.do(events.ARRANGE, jolien, session, shows_first=True)


# --- who counts ---


def test_support_of_guests_is_shown_separately_at_the_desk_only(make, session, jolien):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    for who in (make.guest(), make.guest(), make.identity()):
        assert _support(make, who, session, question)["ok"]

    assert "waarvan 2 gasten" in _page(make.browser(jolien), f"/sessies/{session.slug}/regie")
    assert "waarvan" not in _page(make.browser(make.guest()), f"/sessies/{session.slug}/live")


@pytest.mark.parametrize("where", ["session", "edition"])
def test_registered_only_refuses_guests_at_every_entry_point(app, make, session, jolien, where):
    question, guest = make.question(session, status=QuestionStatus.VISIBLE), make.guest()
    poll = make.do(
        polls.WRITE,
        jolien,
        session,
        poll=str(uuid4()),
        title="Waar?",
        kind="single_choice",
        options=["a", "b"],
    )["poll"]
    for verb in (polls.READY, polls.OPEN):
        make.do(verb, jolien, session, poll=poll["id"])
    assert _support(make, guest, session, question)["ok"]  # it can
    assert _support(make, guest, session, question, on=False)["ok"]
    if where == "session":
        assert make.do(events.ARRANGE, jolien, session, registered_only=True)["ok"]
    else:
        organiser = make.browser(make.person(roles=["organiser"]))
        path = f"/organisatie/programma/edities/{session.edition_id}/zaalregels"
        assert organiser.post(path, data={"registered_only": "1", "held_words": ""}).status_code == 303

    by_socket = _support(make, guest, session, question)
    browser, message = make.browser(guest), {"op": uuid4().hex, "question": str(question.id), "on": True}
    by_json = browser.post(
        f"/sessies/{session.slug}/live/op", json={"event": "question:support", "message": message}
    ).get_json()
    by_form = browser.post(
        f"/sessies/{session.slug}/vragen/{question.id}/steun", data={"on": "1"}, follow_redirects=True
    ).get_data(as_text=True)
    vote = make.do(polls.BALLOT, guest, session, poll=poll["id"], choices=[0])

    for answer in (by_socket, by_json, vote):
        assert answer["error"]["code"] == "programme.registered_only"
    assert "Hier steunt en stemt alleen wie zich aanmeldde." in by_form
    assert 'href="/aanmelden"' in by_form
    assert _support(make, make.identity(), session, question)["ok"]
    assert _kept(app, question.id).support_count == 1


# --- what waits ---


def test_first_question_of_a_new_handle_waits_for_moderation(make, session, jolien, shows_first):
    noor = make.identity()

    first = _ask(make, noor, session)["question"]
    make.do(events.SHOW, jolien, session, question=first["id"], seen=0)
    second = _ask(make, noor, session)["question"]

    assert (first["status"], second["status"]) == ("waiting", "visible")


@pytest.mark.parametrize("text", ["Wat een SUKKEL", "suk.kel? nee: sükkel", "Die $ukkel daar", "SUUUKKELLL!"])
def test_blocked_word_holds_a_question_for_moderation_but_never_refuses_it(
    app, make, session, jolien, shows_first, text
):
    noor = make.identity()
    first = _ask(make, noor, session)["question"]
    make.do(events.SHOW, jolien, session, question=first["id"], seen=0)
    with app.app_context():
        db.session.get(Edition, session.edition_id).held_words = "sukkel\ngrote mond"
        db.session.commit()

    held = _ask(make, noor, session, text=text)
    free = _ask(make, noor, session, text="Sukkelen wij met afval?")

    assert (held["ok"], held["question"]["status"]) == (True, "waiting")
    assert free["question"]["status"] == "visible"


def test_block_list_matches_whole_words_and_phrases():
    assert holds("grote mond", "Wat een GROTE, mond zeg")
    assert not holds("mond", "In Roermond")
    assert not holds("\n \n", "Wat dan ook")


# --- one handle ---


def test_questions_of_a_muted_handle_are_visible_to_the_asker_only_and_contestable(
    app, make, session, jolien
):
    troll, name = make.guest("Troll"), uuid4()
    make.do(events.ASK, troll, session, id=str(name), text="Eerste", appear="role")
    muted = make.do(events.MUTE, jolien, session, question=str(name), reason="respect", seen=0)

    later = _ask(make, troll, session, text="TROLTEKST", appear="role")["question"]

    assert muted["ok"]
    assert (later["status"], later["hidden_reason"]) == ("hidden", "respect")
    own, desk = make.browser(troll), make.browser(jolien)
    assert "TROLTEKST" in _page(own, f"/sessies/{session.slug}/live")
    for reader, path in ((desk, "regie"), (desk, "regie/meldingen"), (make.browser(make.guest()), "live")):
        assert "TROLTEKST" not in _page(reader, f"/sessies/{session.slug}/{path}"), path
    contested = own.post(f"{later['way_back']}/bezwaar", data={"text": "Ik was het niet."})
    assert contested.status_code == 303
    assert "Ik was het niet." in _page(desk, f"/sessies/{session.slug}/regie/meldingen")


def test_a_question_without_an_asker_offers_no_mute_and_says_why(app, make, session, jolien):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    with app.app_context(), transaction():
        db.session.get_one(Question, question.id).asker_id = None  # who was erased
    asked = _ask(make, make.guest(), session)["question"]["id"]
    desk, path = make.browser(jolien), f"/sessies/{session.slug}/regie/meer"

    assert "Zet de vrager stil" in _page(desk, f"{path}?van={asked}")
    page = _page(desk, f"{path}?van={question.id}")

    assert "Wie dit vroeg, is niet meer te vinden." in page
    assert "Zet de vrager stil" not in page


@pytest.mark.parametrize("appear", ["role", "anonymous"])
def test_mute_and_unmute_are_recorded_in_the_history(app, make, session, jolien, appear):
    person = make.identity("Per Vergissing")
    asked = _ask(make, person, session, text="Eerste vraag", appear=appear)["question"]["id"]
    desk, base = make.browser(jolien), f"/sessies/{session.slug}"
    assert "Hef het stilzetten op" not in _page(desk, f"{base}/regie/meer?van={asked}")
    desk.post(f"{base}/vragen/{asked}/stilzetten", data={"reason": "respect", "op": uuid4().hex})
    muted = _ask(make, person, session, text="Tussendoor", appear=appear)["question"]
    assert muted["status"] == "hidden"
    assert "Bekijk deze vrager" in _page(desk, f"{base}/regie/meldingen")
    assert "Hef het stilzetten op" in _page(desk, f"{base}/regie/meer?van={asked}")

    told = desk.post(
        f"{base}/vragen/{asked}/stilzetten-opheffen", data={"op": uuid4().hex}, follow_redirects=True
    ).get_data(as_text=True)
    later = _ask(make, person, session, text="Daarna", appear=appear)["question"]

    assert "Deze vrager kan weer meedoen." in told
    assert later["status"] == "waiting"
    assert _kept(app, muted["id"]).status is QuestionStatus.HIDDEN  # nothing that was hidden is shown
    history = _page(desk, f"{base}/regie/meldingen")
    assert "zette stil wie dit vroeg:" in history
    assert "liet weer meedoen wie dit vroeg:" in history
    assert "Tussendoor" not in history


def test_lifting_a_mute_is_idempotent(app, make, session, jolien):
    troll = make.guest()
    asked = _ask(make, troll, session)["question"]["id"]
    make.do(events.MUTE, jolien, session, question=asked, reason="respect", seen=0)

    answers = [
        make.do(events.UNMUTE, make.moderator(name), session, question=asked) for name in ("Ans", "Bo")
    ]

    assert all(each["ok"] for each in answers)
    with app.app_context():
        deeds = db.session.scalars(select(QuestionChange.deed).order_by(QuestionChange.at)).all()
    assert deeds == ["mute", "unmute"]


def test_muting_an_anonymous_handle_reveals_nobody(app, make, session, jolien):
    noor, anonymous = make.identity("Noor de Vries"), uuid4()
    make.do(events.ASK, noor, session, id=str(anonymous), text="Anoniem", appear="anonymous")
    named = _ask(make, noor, session, text="Onder mijn naam", appear="name")["question"]

    answer = make.do(events.MUTE, jolien, session, question=str(anonymous), reason="respect", seen=0)
    page = _page(make.browser(jolien), f"/sessies/{session.slug}/regie/meer?van={anonymous}")

    assert "Noor" not in repr(answer)
    checked = re.findall(r'value="([0-9a-f-]{36}):\d+" checked', page)
    assert checked == [str(anonymous)]  # and not the one that has her name
    assert _kept(app, named["id"]).status is QuestionStatus.WAITING
    with app.app_context():
        assert db.session.query(MutedHandle).count() == 1


def test_support_of_a_muted_person_is_refused_in_words(make, session, jolien):
    troll, other = make.guest(), make.question(session, status=QuestionStatus.VISIBLE)
    asked = _ask(make, troll, session)["question"]
    assert _support(make, troll, session, other)["ok"]
    make.do(events.MUTE, jolien, session, question=asked["id"], reason="respect", seen=0)

    assert _support(make, troll, session, other, on=False)["error"]["code"] == "qanda.muted"
    assert _support(make, make.guest(), session, other)["ok"]


# --- several at once ---


def test_all_questions_of_a_handle_are_hidden_together_with_one_reason(app, make, session, jolien):
    troll, other = make.guest(), make.question(session, status=QuestionStatus.VISIBLE)
    asked = [_ask(make, troll, session, text=f"Onzin {n}")["question"]["id"] for n in range(3)]
    browser, path = make.browser(jolien), f"/sessies/{session.slug}/regie/meer"

    page = _page(browser, f"{path}?van={asked[0]}")
    checked = re.findall(r'value="([0-9a-f-]{36}:\d+)" checked', page)
    make.do(events.SHOW, make.moderator("Ruben"), session, question=asked[2], seen=0)
    make.do(events.ANSWER, make.moderator("Ruben"), session, question=asked[2], text="Ja.", instead_of="")
    body = {"vraag": checked, "reason": "no_ads", "note": "Reclame.", "op": uuid4().hex}
    told = browser.post(path, data=body, follow_redirects=True).get_data(as_text=True)

    assert sorted(each.split(":")[0] for each in checked) == sorted(asked)
    assert "2 vragen verborgen." in told
    assert "Ruben heeft deze al beantwoord." in told  # a colleague decided meanwhile
    statuses = [_kept(app, each).status.value for each in [*asked, other.id]]
    assert statuses == ["hidden", "hidden", "answered", "visible"]
    assert _kept(app, asked[0]).hidden_reason == "no_ads"


# --- a guest ---


def test_guest_is_suspended_through_a_question_and_disconnected(app, make, session, jolien):
    guest = make.guest("Troll")
    browser, asked = make.browser(guest), _ask(make, guest, session)["question"]["id"]
    assert browser.get("/mijn").status_code == 200

    base = f"/sessies/{session.slug}/vragen"
    answer = make.browser(jolien).post(f"{base}/{asked}/gast-stoppen")

    assert answer.status_code == 303
    assert browser.get("/mijn").status_code != 200
    with app.app_context():
        assert db.session.get(Person, guest.id).suspended_at is not None


@pytest.mark.parametrize("who", ["anonymous", "account"])
def test_anonymous_askers_and_accounts_cannot_be_suspended_by_a_moderator(app, make, session, jolien, who):
    person = make.guest() if who == "anonymous" else make.identity()
    asked = _ask(make, person, session, appear="anonymous" if who == "anonymous" else "role")["question"][
        "id"
    ]

    answer = make.browser(jolien).post(f"/sessies/{session.slug}/vragen/{asked}/gast-stoppen")

    assert answer.status_code == 409
    with app.app_context():
        assert db.session.get(Person, person.id).suspended_at is None


# --- what to press when it goes wrong ---


def test_every_button_named_on_the_incident_page_exists(app, make, session, jolien):
    named = set(NAME.findall(source("als-het-misgaat", "nl")))
    for status in (QuestionStatus.WAITING, QuestionStatus.VISIBLE):
        question = make.question(session, make.guest(), status=status)
    endangered = make.question(session, make.guest(), status=QuestionStatus.WAITING)
    make.do(safety.RAISE, jolien, session, question=str(endangered.id))
    with app.app_context():
        alarm = db.session.scalars(select(DangerAlarm.id)).one()
    base = f"/sessies/{session.slug}"
    pages = [
        _page(make.browser(jolien), path)
        for path in (
            f"/gevaar/{alarm}",
            f"{base}/live",
            f"{base}/regie",
            f"{base}/regie/meer?van={question.id}",
            f"{base}/regie/meldingen",
        )
    ]
    admin = make.person("Ans Beheerder", roles=["admin"])  # who steps in for a moderator
    organisers = make.browser(admin)
    pages += [
        _page(organisers, path)
        for path in (
            f"/organisatie/sessies/{session.slug}",
            "/organisatie/rollen",
            "/organisatie/programma/edities",
        )
    ]
    templates = [path.read_text() for path in (Path(__file__).parents[2] / "templates").rglob("*.html")]
    missing = {name for name in named if not any(name in page for page in pages)}

    assert len(named) > 12
    assert {name for name in missing if not any(f'_("{name}")' in each for each in templates)} == set()
    assert missing <= {"Sluit de vergadering voor iedereen"}  # of a meeting, which this session has not


def test_incident_page_is_linked():
    docs = Path(__file__).parents[2]
    assert "(/hulp/als-het-misgaat)" in source("modereren", "nl")
    assert "als-het-misgaat.md" in (docs / "docs" / "moderating.md").read_text()
    assert "docs/als-het-misgaat.md" in (docs / "README.md").read_text()


@pytest.mark.parametrize("muted", ["guest", "account", "both"])
def test_account_merging_keeps_one_mute(app, make, session, jolien, muted):
    guest, account = make.guest("Trol"), make.identity("Trol")
    for who, name in ((guest, "guest"), (account, "account")):
        asked = _ask(make, who, session, text=f"Van {name}?")["question"]
        if muted in (name, "both"):
            assert make.do(events.MUTE, jolien, session, question=asked["id"], reason="respect", seen=0)["ok"]
    with app.app_context():
        with transaction():
            assert account_merging.merge(guest.id, account.id, now=session.starts_at)
        assert len(db.session.scalars(select(MutedHandle)).all()) == 1

    answer = make.do(events.ASK, account, session, id=str(uuid4()), text="Nog een keer?", appear="role")
    with app.app_context():
        asked = db.session.scalar(select(Question).where(Question.text == "Nog een keer?"))
        assert answer["ok"]
        assert asked.status is QuestionStatus.HIDDEN
