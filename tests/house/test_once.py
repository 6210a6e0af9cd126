"""Idempotency keys: a form that is posted twice is executed once, whatever it makes.

Generated from the routes, as tests/house/test_permissions.py is: every POST route declares how it is
idempotent, and the same body posted twice leaves the same rows.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction_began
from dagvandebuurt.live import writes
from dagvandebuurt.live.errors import TryAgain
from dagvandebuurt.live.models import FormOnce
from dagvandebuurt.qanda.models import QuestionStatus
from tests.house.test_permissions import IN, ROLES, Knocking, lines
from tests.live.test_races import at_once

# Bookkeeping, not made by the actor: stored results, and presence.
BESIDE = {"form_once", "operation", "live_room", "login_session", "visit", "alembic_version"}
WHO = ("adm", "org", "edi", "con", "mod", "hos", "par", "gue", "str")


def posts(app):
    return sorted(rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()))


def view_of(app, path):
    (rule,) = [each for each in app.url_map.iter_rules() if each.rule == path and "POST" in each.methods]
    return app.view_functions[rule.endpoint]


def rows_in(app):
    with app.app_context():
        db.session.rollback()
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table))
            for table in db.metadata.sorted_tables
            if table.name not in BESIDE and not table.name.startswith("search")
        }


@pytest.fixture
def knocking(app, make, session):
    elsewhere = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    return Knocking(make, session, elsewhere)


def _address(path, values):
    for name, value in values.items():
        path = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, path)
    assert "<" not in path, path
    return path


def _rows_made_twice(app, knocking, path, who):
    """How many more rows there are after the second post of one body than after the first."""
    fields, values = knocking._fields(who, path)
    address, browser = _address(path, values), knocking.browser(who)
    body = {"op": uuid4().hex, **fields}
    before = rows_in(app)
    first = browser.post(address, data=body)
    once_ = rows_in(app)
    second = browser.post(address, data=body)
    twice = rows_in(app)
    made = {name: number - before[name] for name, number in once_.items() if number != before[name]}
    more = {name: number - once_[name] for name, number in twice.items() if number != once_[name]}
    return made, more, first, second


def _who_gets_in(path):
    found = [line.split() for line in lines("Routes") if line.startswith("POST ")]
    marks = next(line[2:] for line in found if line[1] == path.replace(", ", ","))
    return [who for who, mark in zip(ROLES, marks, strict=True) if mark == IN]


# How each POST route is idempotent. `is_done_once` (live/idempotency.py) marks the others.
BY_ITS_OWN_OPERATION = [
    "/gevaar/<uuid:alarm_id>/bericht",
    "/gevaar/<uuid:alarm_id>/gelezen",
    "/gevaar/<uuid:alarm_id>/oppakken",
    "/sessies/<slug>/vragen/<uuid:question_id>/gevaar",
    "/sessies/<slug>/zaalgesprek",
    "/sessies/<slug>/zaalgesprek/<uuid:line_id>/melden",
    "/sessies/<slug>/regie/zaalgesprek",
    "/sessies/<slug>/regie/zaalgesprek/<uuid:line_id>",
    "/sessies/<slug>/hand",
    "/sessies/<slug>/hand/<uuid:hand_id>/omlaag",
    "/sessies/<slug>/regie/handen",
    "/sessies/<slug>/regie/handen/<uuid:hand_id>",
    "/sessies/<slug>/regie/labels",
    "/sessies/<slug>/regie/labels/vragen",
    "/sessies/<slug>/vragen/<uuid:question_id>/label",
    "/sessies/<slug>/regie/meer",
    "/sessies/<slug>/vragen/<uuid:question_id>/stilzetten",
    "/sessies/<slug>/vragen/<uuid:question_id>/stilzetten-opheffen",
    "/sessies/<slug>/vragen/<uuid:question_id>/naam-verbergen",
    "/sessies/<slug>/vragen",
    "/sessies/<slug>/vragen/<uuid:question_id>/steun",
    "/sessies/<slug>/vragen/<uuid:question_id>/intrekken",
    "/sessies/<slug>/vragen/<uuid:question_id>/kijken",
    "/sessies/<slug>/vragen/<uuid:question_id>/tonen",
    "/sessies/<slug>/vragen/<uuid:question_id>/verbergen",
    "/sessies/<slug>/vragen/<uuid:question_id>/aan-de-beurt",
    "/sessies/<slug>/vragen/<uuid:question_id>/klaarzetten",
    "/sessies/<slug>/vragen/<uuid:question_id>/samenvoegen",
    "/sessies/<slug>/vragen/<uuid:question_id>/doorgeven",
    "/sessies/<slug>/vragen/<uuid:question_id>/ongedaan",
    "/sessies/<slug>/vragen/<uuid:question_id>/tekst",
    "/sessies/<slug>/vragen/<uuid:question_id>/uit-elkaar",
    "/sessies/<slug>/vragen/<uuid:question_id>/antwoord",
    "/sessies/<slug>/vragen/<uuid:question_id>/melden",
    "/sessies/<slug>/gespreksleider/beurt",
    "/sessies/<slug>/gespreksleider/sein",
    "/sessies/<slug>/gespreksleider/eindtijd",
    "/sessies/<slug>/draaiboek",
    "/sessies/<slug>/draaiboek/<uuid:part_id>/begin",
    "/sessies/<slug>/draaiboek/<uuid:part_id>/volgorde",
    "/sessies/<slug>/draaiboek/<uuid:part_id>/weg",
    "/sessies/<slug>/gespreksleider/volgorde/<uuid:question_id>",
    "/sessies/<slug>/gespreksleider/zeg",
    "/sessies/<slug>/regie/vragenregels",
    "/sessies/<slug>/regie/achter-de-schermen",
    "/sessies/<slug>/ondertitels",
    "/sessies/<slug>/ondertitels/<uuid:line_id>",
    "/sessies/<slug>/meldingen/<uuid:report_id>/oppakken",
    "/sessies/<slug>/meldingen/<uuid:report_id>/laten-staan",
    "/sessies/<slug>/meldingen/<uuid:report_id>/bezwaar",
    "/sessies/<slug>/bezwaren/<uuid:appeal_id>",
    "/sessies/<slug>/peilingen/<uuid:poll_id>/stem",
    "/sessies/<slug>/regie/peilingen",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/antwoorden",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/klaar",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/open",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/sluit",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/uitslag",
    "/sessies/<slug>/regie/peilingen/<uuid:poll_id>/weg",
    "/sessies/<slug>/oogst/<uuid:question_id>/antwoord",
    "/sessies/<slug>/oogst/meer",
    "/sessies/<slug>/live/op",
    "/telefoon/gesprek/<uuid:call_id>/vraag",
]
# The second finds it done already, or is refused because of the new state.
BY_NATURE = [
    "/sessies/<slug>/hand/spreken",
    "/organisatie/aanmeldingen.<any(csv, xlsx):form>",
    "/organisatie/aanwezigheid.<any(csv, xlsx):form>",
    "/organisatie/aanwezigheid/mensen.<any(csv, xlsx):form>",
    "/organisatie/sessies/<slug>/aanwezigheid.<any(csv, xlsx):form>",
    "/mijn/anderen/<uuid:card_id>/lezen",
    "/mijn/browsers/<uuid:login_id>/uit",
    "/mijn/browsers/uit",
    "/organisatie/post/nu",
    "/organisatie/post/opzij/verstuur",
    "/organisatie/post/opzij/weg",
    "/organisatie/programma/edities/<uuid:edition_id>/zaalregels",
    "/agenda/<int:number>/bevestigen",
    "/agenda/<int:number>/heropenen",
    "/agenda/<int:number>/intrekken",
    "/agenda/<int:number>/meedoen",
    "/agenda/<int:number>/volgen",
    "/agenda/regie/<int:number>/afwijzen",
    "/agenda/regie/<int:number>/doorsturen",
    "/agenda/regie/<int:number>/samenvoegen",
    "/agenda/regie/<int:number>/versturen",
    "/agenda/voor-ons/<int:number>/antwoord",
    "/agenda/voor-ons/<int:number>/begonnen",
    "/agenda/voor-ons/<int:number>/klaar",
    "/agenda/voor-ons/<int:number>/ontvangen",
    "/blijf/<token>",
    "/voorproef-verlaten",
    "/bewaren/<uuid:target_id>",
    "/bewijs",
    "/bezwaar/<any(reactie, les):kind>/<uuid:subject_id>",
    "/gast/rol",
    "/inloggen",
    "/inloggen/demo/<uuid:person_id>",
    "/inloggen/telefoon",
    "/inloggen/tweede-stap",
    "/inloggen/wachtwoord",
    "/kom",
    "/kom/<token>",
    "/lessen/<slug>/reacties/<uuid:comment_id>",
    "/lessen/<slug>/reacties/<uuid:comment_id>/weghalen",
    "/lessen/regie/<slug>",
    "/lessen/regie/<slug>/foto",
    "/lessen/regie/<slug>/moment",
    "/lessen/regie/<slug>/stap",
    "/lessen/regie/fouten/<uuid:erratum_id>",
    "/link/<token>",
    "/meldingen/terug/<token>/bezwaar",
    "/mijn/aanmelden",
    "/mijn/aanwezigheid",
    "/mijn/afmelden",
    "/mijn/anderen/<uuid:card_id>/afmelden",
    "/mijn/anderen/<uuid:card_id>/kaart",
    "/mijn/anderen/<uuid:card_id>/naam",
    "/mijn/anderen/<uuid:card_id>/sessies",
    "/mijn/antwoorden",
    "/mijn/berichten",
    "/mijn/beveiliging",
    "/mijn/bewaard/<uuid:target_id>",
    "/mijn/bewijs/<uuid:certificate_id>/intrekken",
    "/mijn/gegevens/verbeteren",
    "/mijn/gegevens/wissen",
    "/mijn/kalender",
    "/mijn/kalender/nieuw-adres",
    "/mijn/nodig",
    "/mijn/sms",
    "/mijn/sms/code",
    "/mijn/sms/opnieuw",
    "/mijn/sms/weg",
    "/mijn/wachtwoord",
    "/moderatie/<any(reactie, les):kind>/<uuid:subject_id>/tonen",
    "/moderatie/<any(reactie, les):kind>/<uuid:subject_id>/verbergen",
    "/moderatie/bezwaren/<uuid:appeal_id>",
    "/moderatie/meldingen/<uuid:report_id>/laten-staan",
    "/moderatie/meldingen/<uuid:report_id>/oppakken",
    "/niet-bewaren/<uuid:target_id>",
    "/organisatie/plaatsen/inlezen",
    "/organisatie/plekken",
    "/organisatie/post/<uuid:mail_id>/adres-werkt",
    "/organisatie/post/<uuid:mail_id>/opnieuw",
    "/organisatie/programma/<kind:kind>/<uuid:thing_id>",
    "/organisatie/programma/<kind:kind>/<uuid:thing_id>/botsingen",
    "/organisatie/programma/<kind:kind>/<uuid:thing_id>/vergeten",
    "/organisatie/programma/edities/<uuid:edition_id>/kiezen",
    "/organisatie/programma/inlezen/<uuid:import_id>/bevestigen",
    "/organisatie/programma/inlezen/<uuid:import_id>/weg",
    "/organisatie/programma/publiceren",
    "/organisatie/programma/vergeten",
    "/organisatie/rollen/<uuid:grant_id>/afnemen",
    "/organisatie/rollen/teruggeven/<uuid:change_id>",
    "/organisatie/rollen/uitnodiging/<uuid:invitation_id>/intrekken",
    "/organisatie/sessies/<slug>/beeld",
    "/organisatie/sessies/<slug>/beeld/opnames/<uuid:source_id>",
    "/organisatie/sessies/<slug>/beeld/opnames/<uuid:source_id>/weg",
    "/organisatie/sessies/<slug>/gaat-niet-door",
    "/organisatie/sessies/<slug>/plekken",
    "/organisatie/sessies/<slug>/tijd",
    "/organisatie/teksten/<any(home, about, help, access, privacy, cookies, mail):code>/voorbeeld",
    "/organisatie/toegankelijkheid/<uuid:need_id>",
    "/organisatie/toegankelijkheid/<uuid:need_id>/geregeld",
    "/organisatie/vragen/<uuid:asked_id>/omhoog",
    "/organisatie/vragen/<uuid:asked_id>/weg",
    "/post/uit/<token>",
    "/sessies/<slug>/beeld/meedoen",
    "/sessies/<slug>/tafel/beeld",
    "/sessies/<slug>/beeld/sluiten",
    "/sessies/<slug>/kiezen",
    "/sessies/<slug>/loslaten",
    "/sessies/<slug>/oogst",
    "/sessies/<slug>/oogst/<uuid:question_id>/les",
    "/sessies/<slug>/reactie",
    "/sessies/<slug>/vragen/<uuid:question_id>/agendapunt",
    "/sms/<secret>/bezorgd",
    "/sms/<secret>/binnen",
    "/taal",
    "/telefoon",
    "/telefoon/gesprek/<uuid:call_id>/klaar",
    "/uitloggen",
    "/uitnodiging/<token>",
    "/voorbeeld/les",
    "/organisatie/berichten/voorbeeld",
    "/vragen/terug/<token>/bezwaar",
    "/wijkwijzer/aanbod/<int:number>/klopt",
    "/wijkwijzer/aanbod/<int:number>/stopt",
    "/wijkwijzer/leervragen/<int:number>/ik-ook",
    "/wijkwijzer/ontmoeten",
    "/wijkwijzer/ontmoeten/<uuid:proposal_id>",
    "/wijkwijzer/ontmoeten/stoppen",
    "/wijkwijzer/ontmoeten/voorstel",
    "/wijkwijzer/regie/aanbod/<int:number>/<deed>",
    "/wijkwijzer/regie/aanbod/inlezen",
    "/wijkwijzer/regie/leervragen/<int:number>/<deed>",
    "/wijkwijzer/regie/voorbeelden/<slug>/plaatsen",
    "/wijkwijzer/regie/voorbeelden/<slug>/terug",
    "/wijkwijzer/volgen",
    "/wijkwijzer/volgen/post",
    "/wijkwijzer/voorbeelden/<slug>/antwoord",
    "/wijkwijzer/voorbeelden/<slug>/klopt",
    "/wijkwijzer/voorbeelden/<slug>/meedoen",
    "/wijkwijzer/voorbeelden/<slug>/stopt",
    "/wijkwijzer/voorbeelden/<slug>/veranderen",
]


def test_every_post_route_declares_its_idempotency(app):
    marked = {path for path in posts(app) if getattr(view_of(app, path), "is_done_once", False)}
    told = [*BY_ITS_OWN_OPERATION, *BY_NATURE, *marked]

    assert sorted(told) == posts(app)


def _try(app, knocking, path, who=None):
    """The first allowed actor who makes something there: what was made, what more by the second."""
    for each in [who] if who else [w for w in WHO if w in _who_gets_in(path)]:
        made, more, first, second = _rows_made_twice(app, knocking, path, each)
        if made or more:
            return made, more, first, second
    return {}, {}, None, None


def test_the_same_body_posted_twice_leaves_the_same_rows(app, knocking):
    doubled, tried, answers = {}, set(), {}
    for path in posts(app):
        if path.endswith("/live/op"):
            continue
        made, more, first, second = _try(app, knocking, path)
        if made:
            tried.add(path)
        if more:
            doubled[path] = more
        if made and getattr(view_of(app, path), "is_done_once", False):
            answers[path] = (first.status_code, first.location) == (second.status_code, second.location)

    assert doubled == {}
    assert len(tried) >= 50
    assert [path for path, same in answers.items() if not same] == []
    assert len(answers) >= 12


def test_a_route_without_idempotency_is_caught(app, knocking, monkeypatch):
    monkeypatch.setattr(transaction_began, "_subscribers", [])

    assert _try(app, knocking, "/lessen/<slug>/reacties", "par")[1] == {"comment": 1}


def test_every_creating_form_carries_an_operation_id(app, knocking):
    pages = {
        "/lessen/les": "par", "/agenda/voorstellen": "par", "/wijkwijzer/leervragen/stel": "par",
        "/wijkwijzer/aanbod/nieuw": "par", "/wijkwijzer/voorbeelden/nieuw": "par", "/aanmelden": "str",
        "/mijn/anderen": "sup", f"/sessies/{knocking.here.slug}/regie": "mod", "/gast": "str",
        "/organisatie/vragen": "org", "/organisatie/programma/edities": "org", "/organisatie/rollen": "adm",
    }  # fmt: skip
    for path, who in pages.items():
        page = knocking.browser(who).get(path)
        assert page.status_code == 200, path
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page.get_data(as_text=True), re.S)
        marked = [form for form in forms if 'name="op"' in form]
        assert marked, path


def test_different_content_under_the_same_id_is_refused(app, knocking):
    reader, body = knocking.browser("par"), {"op": uuid4().hex}
    path = f"/lessen/{knocking.lesson.slug}/reacties"
    assert reader.post(path, data=body | {"text": "Eerst.", "accept_rules": "y"}).status_code == 303

    other = reader.post(path, data=body | {"text": "Anders.", "accept_rules": "y"})

    assert other.status_code == 409
    assert "Dit formulier is al verstuurd, met een andere tekst." in other.get_data(as_text=True)


def test_what_was_refused_can_be_sent_again_under_the_same_id(app, knocking):
    reader, path = knocking.browser("par"), f"/lessen/{knocking.lesson.slug}/reacties"
    body = {"op": uuid4().hex, "text": ""}

    refused = reader.post(path, data=body)
    again = reader.post(path, data=body | {"text": "Eerst.", "accept_rules": "y"})

    assert (refused.status_code, again.status_code) == (422, 303)


@pytest.mark.parametrize("minute", [0, 15, 59])
def test_a_guest_form_with_a_lost_response_is_one_person(app, make, now, monkeypatch, minute):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now.replace(minute=minute))
    body = {"op": uuid4().hex, "name": "Sam"}
    for _ in range(3):  # three times without the cookie of the response
        browser = make.browser()
        assert browser.post("/gast", data=body).status_code == 303
        assert browser.get("/mijn").status_code == 200

    assert rows_in(app)["person"] == 1


def test_a_guest_form_sent_again_after_ten_minutes_is_another_guest(app, make, now, monkeypatch):
    body = {"op": uuid4().hex, "name": "Sam"}
    make.browser().post("/gast", data=body)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=11))

    make.browser().post("/gast", data=body)

    assert rows_in(app)["person"] == 2


def test_a_page_left_open_on_a_shared_computer_makes_another_guest(app, make):
    body = {"op": uuid4().hex, "name": "Sam"}
    browser = make.browser()
    browser.post("/gast", data=body)
    browser.post("/uitloggen", data={"zeker": "1"})

    assert make.browser().post("/gast", data=body).status_code == 303
    assert rows_in(app)["person"] == 2


def test_four_concurrent_posts_are_executed_once(app, knocking):
    body = {"op": uuid4().hex, "text": "Vier keer gedrukt.", "accept_rules": "y"}
    path = f"/lessen/{knocking.lesson.slug}/reacties"
    browsers = [knocking.browser("par") for _ in range(4)]

    answers = at_once(*(lambda each=each: each.post(path, data=body) for each in browsers))

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert rows_in(app)["comment"] == 1


# --- what a visitor without JavaScript reads when it fails ---


def test_a_form_that_failed_to_commit_does_not_promise_a_retry(app, make, session, monkeypatch):
    question, guest = make.question(session, status=QuestionStatus.VISIBLE), make.guest()
    browser = make.browser(guest)
    monkeypatch.setattr(writes, "execute", lambda many: [writes.refusal(TryAgain()) for _ in many])
    base = f"/sessies/{session.slug}"

    told = browser.post(f"{base}/vragen/{question.id}/steun", data={"on": "1"}, follow_redirects=True)
    message = {
        "event": "question:support",
        "message": {"op": uuid4().hex, "question": str(question.id), "on": True},
    }
    by_script = browser.post(f"{base}/live/op", json=message).get_json()

    assert "Het lukte niet. Er is niets verstuurd. Druk nog een keer." in told.get_data(as_text=True)
    assert "We proberen het opnieuw" not in told.get_data(as_text=True)
    assert "We proberen het opnieuw" in by_script["error"]["message"]  # there the outbox does


def _fails(*_args, **_values):
    raise OperationalError("SELECT", {}, Exception("database or disk is full"))


def test_a_form_that_met_a_full_disk_keeps_what_was_typed_and_its_operation_id(app, knocking, monkeypatch):
    reader, body = (
        knocking.browser("par"),
        {"op": uuid4().hex, "text": "Mijn lange verhaal.", "accept_rules": "y"},
    )
    path = f"/lessen/{knocking.lesson.slug}/reacties"
    monkeypatch.setattr("dagvandebuurt.core.form_handling.transaction", _fails)
    page = reader.post(path, data=body)
    monkeypatch.undo()

    told = page.get_data(as_text=True)
    assert page.status_code == 503
    assert ">Mijn lange verhaal.</textarea>" in told
    assert f'<input type="hidden" name="op" value="{body["op"]}">' in told
    assert "Druk nog een keer." in told
    assert "gaat vanzelf mee" not in told
    assert reader.post(path, data=body).status_code == 303


def test_json_requests_get_json_errors_even_when_everything_fails(app, make, session, monkeypatch):
    browser = make.browser(make.guest())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("dagvandebuurt.qanda.routes.session_in_room", _fails)
    monkeypatch.setattr("dagvandebuurt.pages._", _fails)  # also the translations are away

    for path, how in (("live/state", "get"), ("live/op", "post")):
        answer = getattr(browser, how)(
            f"/sessies/{session.slug}/{path}", headers={"Accept": "application/json"}
        )
        assert answer.status_code == 503
        assert answer.get_json()["error"]["code"] == "live.try_again"


def test_stored_form_keys_identify_nobody(app, knocking):
    """No person, content or address is stored; the moment is rounded to the hour."""
    body = {"op": uuid4().hex, "reason": "respect", "good_faith": "y", "note": "Iemand schrijft mijn naam."}
    browser = knocking.browser("str")
    sent = browser.post(f"/melden/les/{knocking.lesson.id}", data=body)

    assert sent.status_code == 303
    with app.app_context():
        (row,) = db.session.query(FormOnce).all()
        kept = repr([getattr(row, column.name) for column in FormOnce.__table__.columns])
        assert (row.at.minute, row.at.second, row.at.microsecond) == (0, 0, 0)
    for secret in (body["op"], "respect", "naam", sent.location, str(knocking.lesson.id)):
        assert secret not in kept
