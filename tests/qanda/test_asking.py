"""Asking: settings of a session, slow mode, on behalf of others, private link, hints."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dagvandebuurt.core import personal_data_hints
from dagvandebuurt.core.db import db
from dagvandebuurt.core.likeness import likeness
from dagvandebuurt.live import items
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.jobs import carry_over
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.queries import asking_rules


def _ask(make, actor, session, **fields):
    return make.do(events.ASK, actor, session, **{"id": str(uuid4()), "text": "Wie helpt?", **fields})


def _arrange(make, session, **fields):
    with make.context():  # what stands on the page of whoever turns it
        seen = asking_rules(session.id).revision
    return make.do(events.ARRANGE, make.moderator("Jolien"), session, **fields, seen=seen)


def test_closed_questions_are_refused_and_the_page_says_so_until_they_open(make, session):
    page = f"/sessies/{session.slug}/live"
    guest = make.guest()
    assert _ask(make, guest, session)["ok"]

    _arrange(make, session, is_open=False)
    closed = _ask(make, guest, session)
    said = make.browser(guest).get(page).get_data(as_text=True)
    _arrange(make, session, is_open=True)

    assert closed["error"]["code"] == "qanda.closed"
    assert "data-asking-closed>De vragen zijn hier dicht" in said
    assert _ask(make, guest, session)["ok"]


def test_two_moderators_change_different_settings_without_conflict(app, make, session):
    _arrange(make, session, minutes_between=5)
    _arrange(make, session, shows_first=True)

    with app.app_context():
        (asking,) = [item for item in items.changes_since(session.id, 0).hall if item["kind"] == "asking"]
    assert (asking["open"], asking["minutes_between"], asking["shows_first"]) == (True, 5, True)


@pytest.mark.parametrize(
    "fields", [{"is_open": "no"}, {"is_open": 1}, {"minutes_between": 3}, {"minutes_between": True}]
)
def test_invalid_setting_is_refused_with_a_sentence(make, session, fields):
    from dagvandebuurt.core.errors import InvalidInput

    with pytest.raises(InvalidInput):
        _arrange(make, session, **fields)


def test_slow_mode_delays_the_next_question_of_the_same_person_only(make, session, now, monkeypatch):
    _arrange(make, session, minutes_between=5)
    mo = make.guest("Mo")
    assert _ask(make, mo, session)["ok"]

    too_soon = _ask(make, mo, session)

    assert too_soon["error"]["code"] == "qanda.slow_mode"
    assert 0 < too_soon["error"]["retry_after"] <= 300
    assert _ask(make, make.guest("Ali"), session)["ok"]
    assert _ask(make, mo, session, op=uuid4().hex)["ok"] is False
    with monkeypatch.context() as later:
        later.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=5, seconds=1))
        assert _ask(make, mo, session)["ok"]


def test_with_shows_first_only_named_questions_are_public_at_once(app, make, session):
    _arrange(make, session, shows_first=True)

    known = make.guest()
    first = _ask(make, known, session, text="Wie veegt?")["question"]  # of a new handle: read first
    make.do(events.SHOW, make.moderator(), session, question=first["id"])

    shown = _ask(make, known, session, text="Wie ruimt op?")
    hidden = _ask(make, make.guest(), session, text="Wie durft?", appear="anonymous")

    assert (shown["question"]["status"], hidden["question"]["status"]) == ("visible", "waiting")
    page = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert "Wie ruimt op?" in page
    assert "Wie durft?" not in page
    with app.app_context():
        moment = db.session.get(Question, UUID(shown["question"]["id"])).shown_at
    assert (moment.second, moment.microsecond) == (0, 0)


def test_helper_asks_on_behalf_of_a_person_with_consent_and_it_is_marked(app, make, session):
    helper = make.identity("Hanneke", roles=["supporter"], role=ParticipantRole.SOCIAL_WORKER)
    fields = {"via": "phone", "for_role": "resident", "for_place": "De Klinkers"}

    without = _ask(make, helper, session, **fields)
    named = _ask(make, helper, session, **fields, consent=True, appear="name")
    asked = _ask(make, helper, session, **fields, consent=True, text="Komt de bus terug?")

    assert list(without["error"]["fields"]) == ["consent"]
    assert list(named["error"]["fields"]) == ["appear"]
    assert asked["question"]["by"] == {
        "as": "role", "role": "resident", "place": "De Klinkers", "via": "phone",
    }  # fmt: skip
    make.do(events.SHOW, make.moderator(), session, question=asked["question"]["id"])
    page = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert "bewoner uit De Klinkers, via de telefoon" in page
    assert "Hanneke" not in page
    with app.app_context():
        assert db.session.query(Question.consent_at).filter_by(text="Komt de bus terug?").scalar()


def test_only_helpers_and_moderators_ask_on_behalf(make, session):
    fields = {"via": "paper", "consent": True}

    assert _ask(make, make.moderator(), session, **fields)["ok"]
    refused = _ask(make, make.guest(), session, **fields)

    assert refused["error"]["code"] == "house.not_allowed"
    helper = make.browser(make.identity("Hanneke", roles=["supporter"]))
    path = f"/sessies/{session.slug}/live"
    assert "Namens iemand anders" in helper.get(path).get_data(as_text=True)
    assert "Namens iemand anders" not in make.browser(make.guest()).get(path).get_data(as_text=True)


def test_without_javascript_missing_consent_is_an_error_that_keeps_the_text(make, session):
    browser = make.browser(make.identity("Hanneke", roles=["supporter"]))
    form = {
        "id": str(uuid4()), "op": uuid4().hex, "text": "Komt de bus terug?",
        "via": "paper", "for_role": "resident", "for_place": "De Klinkers", "appear": "role",
    }  # fmt: skip

    refused = browser.post(f"/sessies/{session.slug}/vragen", data=form)

    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Vraag eerst of deze persoon het goed vindt." in page
    assert "Komt de bus terug?</textarea>" in page
    assert 'value="De Klinkers"' in page


def test_private_link_shows_an_anonymous_question_on_another_device(make, session):
    noor, jolien = make.identity("Noor de Vries"), make.moderator()
    asked = _ask(make, noor, session, text="Wie luistert er?", appear="anonymous")["question"]
    anybody = make.browser()

    waiting = anybody.get(asked["way_back"])
    make.do(events.SHOW, jolien, session, question=asked["id"])
    make.do(events.ANSWER, jolien, session, question=asked["id"], text="De wethouder, op 3 maart.")
    answered = anybody.get(asked["way_back"])

    assert "Wacht op de moderator" in waiting.get_data(as_text=True)
    assert "De wethouder, op 3 maart." in answered.get_data(as_text=True)
    assert "Noor" not in answered.get_data(as_text=True)
    assert answered.headers["Cache-Control"] == "no-store"
    assert answered.headers["Referrer-Policy"] == "no-referrer"
    assert anybody.get(asked["way_back"] + "x").status_code == 404
    assert anybody.get(f"/vragen/terug/{asked['id']}").status_code == 404


def test_only_the_asker_gets_the_private_link(app, make, session):
    asked = _ask(make, make.identity("Noor"), session, text="Wie luistert er?")["question"]
    make.do(events.SHOW, make.moderator(), session, question=asked["id"])

    with app.app_context():
        changes = items.changes_since(session.id, 0)
    assert "Wie luistert er?" in str(changes.hall)  # they do get the question
    assert "terug/" not in str(changes.hall + changes.desk)


def test_unanswered_questions_stay_open_after_the_session(app, make, session, monkeypatch):
    shown = make.question(session, status=QuestionStatus.VISIBLE)
    waiting = make.question(session)
    assert carry_over(app) == 0  # the session goes on

    with monkeypatch.context() as later:
        later.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(hours=1))
        counts = (carry_over(app), carry_over(app))

    with app.app_context():
        statuses = [db.session.get(Question, q.id).status for q in (shown, waiting)]
    assert counts == (1, 0)
    assert statuses == [QuestionStatus.OPEN_AFTER, QuestionStatus.WAITING]


@pytest.mark.parametrize(
    "text",
    [
        "Waarom doet meneer De Vries niets?",
        "Wijkagent Peter luistert niet",
        "Hij heet Karim en woont hier",
        "Mijn buurman maakt elke nacht lawaai",
        "Op Dijkstraat 12 wordt gedeald",
        "Bel mij op 06 - 12 34 56 78",
        "Mail naar anja@buurt.example",
    ],
)
def test_text_with_personal_data_gets_a_hint_and_is_accepted(make, session, text):
    assert personal_data_hints.may_identify_a_person(text)
    browser = make.browser(make.guest())

    page = browser.post(
        f"/sessies/{session.slug}/vragen",
        data={"id": str(uuid4()), "op": uuid4().hex, "text": text},
        follow_redirects=True,
    ).get_data(as_text=True)

    assert "Ontvangen." in page
    assert "Noem je iemand die anderen herkennen?" in page


@pytest.mark.parametrize(
    "text",
    [
        "Wie snoeit de haag in de Sterrenhof?",
        "Waarom krijgt de wijk in 2027 geen bus?",
        "De agent in de wijk kent niemand",
        "Komt er op de Dag van de Buurt eten?",
    ],
)
def test_text_without_personal_data_gets_no_hint(text):
    assert not personal_data_hints.may_identify_a_person(text)


def test_near_duplicates_are_similar_and_other_questions_are_not():
    asked = "Wanneer komt er meer licht op het voetbalveld?"

    assert likeness(asked, "Komt er meer licht op ons voetbalveldje?") > 0.5
    assert likeness(asked, "Wie betaalt de koffie in het buurthuis?") < 0.2
    assert likeness(asked, asked) == 1
    assert likeness(asked, "") == likeness("de het een", asked) == 0


def test_browser_and_server_calculate_the_same_similarity_and_hints(tmp_path):
    import json
    import subprocess

    from dagvandebuurt.core.likeness import EVERYWHERE

    pairs = [
        ("Wanneer komt er licht?", "Komt er licht op straat?"),
        ("Één café", "Een cafe"),
        ("Wie?", "Straat"),
        ("صباح", "bonjour"),
    ]
    texts = ["Mijn buurman zingt", "meneer De Vries", "Niemand hier", "a@b.nl"]
    script = tmp_path / "same.mjs"
    script.write_text(
        f"""import {{ likeness }} from {json.dumps(str(_static("similar.js")))};
        const [pairs, everywhere, texts, patterns] = {json.dumps([pairs, sorted(EVERYWHERE), texts, personal_data_hints.PATTERNS])};
        const all = patterns.map((pattern) => new RegExp(pattern));
        console.log(JSON.stringify([
          pairs.map(([one, other]) => likeness(one, other, new Set(everywhere))),
          texts.map((text) => all.some((pattern) => pattern.test(text))),
        ]));"""
    )

    said = json.loads(subprocess.run(["node", script], check=True, capture_output=True, text=True).stdout)

    assert said[0] == pytest.approx([likeness(*pair) for pair in pairs])
    assert said[1] == [personal_data_hints.may_identify_a_person(text) for text in texts]


def _static(name):
    from pathlib import Path

    return Path(__file__).parents[2] / "static" / "js" / name
