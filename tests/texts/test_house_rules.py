"""House rules: always published, named by every reason for hiding, and each version kept."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.core import i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.moderation.labels import TEXT_COMPLAINTS, TEXT_REASONS
from dagvandebuurt.moderation.page_forms import HideForm
from dagvandebuurt.people.models import HouseRule, HouseRules, Person
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.labels import REASONS
from dagvandebuurt.qanda.models import QuestionStatus

HERE = "/organisatie/teksten/spelregels"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Anna", roles=["organiser"]))


def fields(browser):
    """What the form holds, as a browser would send it."""
    page = browser.get(HERE).text
    inputs = re.findall(r'<input[^>]*name="(\w+)"[^>]*?value="([^"]*)"', page)
    texts = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S)
    found = {name: html.unescape(value) for name, value in [*inputs, *texts]}
    return {name: value.strip() for name, value in found.items() if name != "q"} | {"op": uuid4().hex}


def publish(browser, **changed):
    return browser.post(HERE, data=fields(browser) | changed)


def stored(app):
    with app.app_context():
        return list(db.session.scalars(select(HouseRules.version).order_by(HouseRules.version)))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_empty_site_publishes_the_rule_that_each_reason_names(make, language):
    browser = make.browser()
    browser.post("/taal", data={"taal": language})
    page = html.unescape(browser.get("/spelregels").text)

    with make.context(), i18n.speaking(language):
        for reason in HideReason:
            rule = re.search(rf'<li id="regel-{reason.value}"><h2[^>]*>(.*?)</h2>', page, re.S)
            assert rule, reason
            assert rule.group(1) == str(REASONS[reason])
    assert "Er zijn nog geen spelregels" not in page


def test_who_registers_agrees_to_a_version_that_stays_as_it_was(app, make, now):
    make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )
    form = {"name": "Sjaan", "participant_role": "resident", "domain": "", "neighbourhood": "", "house_rules": "y",
            "privacy": "y"}  # fmt: skip
    assert stored(app) == []

    for name in ("sjaan", "piet"):
        assert (
            make.browser().post("/aanmelden", data=form | {"email": f"{name}@buurt.example"}).status_code
            == 303
        )

    assert stored(app) == [1]
    with app.app_context():
        assert set(db.session.scalars(select(Person.house_rules_version))) == {1}
        assert set(db.session.scalars(select(HouseRule.code))) == {reason.value for reason in HideReason}
        for statement in (update(HouseRule).values(title="Anders"), delete(HouseRules)):
            with pytest.raises(DBAPIError, match="only grows"):
                db.session.execute(statement)
            db.session.rollback()
    assert make.browser().get("/spelregels/versie/1").status_code == 200


def test_what_an_organiser_writes_is_the_reason_that_an_asker_reads(app, make, session, organiser):
    asker = make.identity("Noor")
    answer = publish(
        organiser, respect_nl="Wees aardig", respect_en="Be kind", own_1_nl="Geen foto's van kinderen"
    )

    assert answer.status_code == 303
    assert stored(app) == [1, 2]
    page = html.unescape(make.browser().get("/spelregels").text)
    assert "Wees aardig" in page
    assert "Geen foto's van kinderen" in page
    moderator = make.identity("Jolien", roles=[("moderator", session.id)])
    question = make.question(session, asker, status=QuestionStatus.VISIBLE)
    assert make.do(events.HIDE, moderator, session, question=str(question.id), reason="respect")["ok"]
    with make.context():
        noor = db.session.get_one(Person, asker.id)
    assert "Wees aardig" in make.browser(noor).get(f"/sessies/{session.slug}/live").text
    with make.context(), i18n.speaking("en"):
        assert str(TEXT_REASONS["respect"]) == "Be kind"
    assert "Praat over het onderwerp" in make.browser().get("/spelregels/versie/1").text


def test_a_rule_that_a_reason_names_cannot_be_left_out(app, organiser):
    answer = publish(organiser, no_ads_nl=" ", own_1_body_nl="Zonder kop.")

    assert answer.status_code == 422
    assert answer.text.count("Schrijf hier eerst iets op.") >= 2
    assert "Zonder kop." in answer.text
    assert stored(app) == []


def test_a_later_day_begins_then_and_a_past_one_never(app, make, now, organiser, monkeypatch):
    later = (now + timedelta(days=3)).date().isoformat()
    assert publish(organiser, intro_nl="Vroeger.", from_day="2020-01-01").status_code == 422
    assert publish(organiser, intro_nl="Straks geldt dit.", from_day=later).status_code == 303

    visitor = make.browser()
    assert "Straks geldt dit." not in visitor.get("/spelregels").text
    assert visitor.get("/spelregels/versie/2").status_code == 404
    assert "Straks geldt dit." in organiser.get(HERE).text
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(days=4))
    assert "Straks geldt dit." in make.browser().get("/spelregels").text


def test_the_second_of_two_editors_is_refused_with_both_texts(app, make, organiser):
    mine = fields(organiser) | {"intro_nl": "Van Anna."}
    other = make.browser(make.person("Bert", roles=["admin"]))
    assert publish(other, intro_nl="Van Bert.").status_code == 303

    refused = organiser.post(HERE, data=mine)

    assert refused.status_code == 409
    assert ("Van Anna." in refused.text, "Van Bert." in refused.text) == (True, True)
    assert organiser.post(HERE, data=mine | {"seen": "2", "op": uuid4().hex}).status_code == 303
    assert stored(app) == [1, 2, 3]


def test_a_preview_publishes_nothing(app, organiser):
    shown = publish(organiser, intro_nl="Zo dan?", doe="voorbeeld")

    assert shown.status_code == 200
    assert shown.text.count("Zo dan?") == 2  # in the form, and as Dutch readers would see it
    assert stored(app) == []


def own_code(app, title):
    with app.app_context():
        return db.session.scalar(select(HouseRule.code).where(HouseRule.title == title).limit(1))


def hidden(make, session, reason):
    """A question of Noor's that a moderator hides: what the desk answers, and Noor."""
    asker = make.identity("Noor")
    moderator = make.identity("Jolien", roles=[("moderator", session.id)])
    question = make.question(session, asker, status=QuestionStatus.VISIBLE)
    answer = make.do(events.HIDE, moderator, session, question=str(question.id), reason=reason)
    with make.context():
        return answer, db.session.get_one(Person, asker.id)


def test_a_rule_of_ones_own_is_a_reason_and_its_asker_reads_it_in_their_language(
    app, make, session, organiser
):
    publish(organiser, own_1_nl="Houd het kort", own_1_en="Keep it short")
    desk = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    code = own_code(app, "Houd het kort")

    make.question(session, make.identity("Bas"), status=QuestionStatus.VISIBLE)
    assert (
        f'<input type="radio" name="reason" value="{code}"><span>Houd het kort</span>'
        in desk.get(f"/sessies/{session.slug}/regie").text
    )
    answer, noor = hidden(make, session, code)

    assert answer["ok"]
    browser, room = make.browser(noor), f"/sessies/{session.slug}/live"
    assert 'De reden: <span data-part="reason">Houd het kort</span>' in browser.get(room).text
    browser.post("/taal", data={"taal": "en"})
    assert '<span data-part="reason">Keep it short</span>' in browser.get(room).text


def test_a_rule_that_was_removed_stays_readable_and_is_no_reason_any_more(app, make, session, organiser):
    publish(organiser, own_1_nl="Houd het kort", own_2_nl="Niet roepen")
    first, second = own_code(app, "Houd het kort"), own_code(app, "Niet roepen")
    _answer, noor = hidden(make, session, first)

    publish(organiser, own_1_nl="Geen foto's van kinderen", own_2_nl="Niet roepen")

    assert own_code(app, "Niet roepen") == second
    assert own_code(app, "Geen foto's van kinderen") not in (first, second)
    assert ">Houd het kort</span>" in make.browser(noor).get(f"/sessies/{session.slug}/live").text
    refused, _noor = hidden(make, session, first)
    assert refused["error"]["code"] == "people.rule_gone"
    with make.context():
        assert first not in set(REASONS)
        assert second in set(REASONS)
        assert str(TEXT_REASONS[first]) == "Houd het kort"


def test_a_rule_that_comes_back_is_the_same_one(app, organiser):
    publish(organiser, own_1_nl="Houd het kort")
    publish(organiser, own_1_nl="")
    publish(organiser, own_1_nl="Niet roepen", own_2_nl="Houd het kort")

    with app.app_context():
        rows = db.session.execute(
            select(HouseRule.code, HouseRule.title).where(HouseRule.code.startswith("own_"))
        )
        assert {tuple(row) for row in rows} == {("own_1", "Houd het kort"), ("own_2", "Niet roepen")}


def test_one_rule_cannot_stand_there_twice(app, organiser):
    answer = publish(organiser, own_1_nl="Houd het kort", own_2_nl="Houd het kort")

    assert answer.status_code == 422
    assert "Deze regel staat er al." in answer.text
    assert stored(app) == []


def test_a_rule_of_a_later_day_is_no_reason_yet(app, make, session, now, organiser):
    later = (now + timedelta(days=3)).date().isoformat()
    publish(organiser, own_1_nl="Houd het kort", from_day=later)

    answer, _noor = hidden(make, session, own_code(app, "Houd het kort"))

    assert answer["error"]["code"] == "people.rule_gone"


@pytest.mark.parametrize("code", ["own_", "own_x", "own_1; DROP", "eigen", "OWN_1", "own_\n"])
def test_no_other_code_is_a_reason(make, session, code):
    with pytest.raises(InvalidInput):
        hidden(make, session, code)


def test_a_comment_is_hidden_for_a_rule_of_ones_own(app, make, organiser):
    publish(organiser, own_1_nl="Houd het kort")
    code = own_code(app, "Houd het kort")

    with app.test_request_context():
        assert code in [choice.value for choice in HideForm(formdata=None).reason.iter_choices()]
        assert "illegal" in TEXT_COMPLAINTS
        assert list(TEXT_COMPLAINTS)[-2:] == [code, "illegal"]
