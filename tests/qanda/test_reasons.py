"""Reasons to hide or report: complaints, none chosen beforehand, and nothing typed is lost without one."""

import html
import re
from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.qanda.labels import COMPLAINTS
from dagvandebuurt.qanda.models import Question, QuestionStatus

HOUR = timedelta(hours=1)


@pytest.fixture
def jolien(make, session):
    return make.browser(make.moderator())


@pytest.fixture
def question(make, session):
    return make.question(session, status=QuestionStatus.VISIBLE)


def status_of(app, question):
    with app.app_context():
        return db.session.get_one(Question, question.id).status


def shown(answer):
    return re.sub(r"\s+", " ", html.unescape(answer.text))


def test_no_reason_is_chosen_beforehand(make, jolien, session, question):
    pages = [
        shown(jolien.get(f"/sessies/{session.slug}/regie")),
        shown(jolien.get(f"/sessies/{session.slug}/regie/meer?van={question.id}")),
        shown(make.browser(make.person()).get(f"/sessies/{session.slug}/vragen/{question.id}/melden")),
    ]

    for page in pages:
        assert "Je herkent iemand" in page
        assert not re.search(r'name="reason"[^>]*checked', page)
        assert "selected" not in "".join(re.findall(r'<select[^>]*name="reason".*?</select>', page))
    assert str(COMPLAINTS["urgent"]) in pages[0]
    assert str(COMPLAINTS["urgent"]) not in pages[2]  # the page of a report gives the phone number


def test_hiding_without_a_reason_hides_nothing_and_keeps_what_was_typed(app, jolien, session, question):
    path = f"/sessies/{session.slug}/vragen/{question.id}/verbergen"

    refused = jolien.post(path, data={"note": "Noem geen huisnummer."})

    assert refused.status_code == 422
    assert "Kies eerst een reden." in shown(refused)
    assert 'value="Noem geen huisnummer."' in shown(refused)
    assert status_of(app, question) is QuestionStatus.VISIBLE
    jolien.post(path, data={"note": "Noem geen huisnummer.", "reason": "personal_data"})
    assert status_of(app, question) is QuestionStatus.HIDDEN


def test_hiding_several_without_a_reason_keeps_the_ticks(app, jolien, session, question):
    data = {"vraag": f"{question.id}:0", "note": "Samen weg."}

    refused = jolien.post(f"/sessies/{session.slug}/regie/meer", data=data)

    assert refused.status_code == 422
    page = shown(refused)
    assert page.count("Kies eerst een reden.") == 1
    assert re.search(rf'value="{question.id}:\d+" checked', page)
    assert 'value="Samen weg."' in page
    assert status_of(app, question) is QuestionStatus.VISIBLE


def test_muting_without_a_reason_mutes_nobody(jolien, session, question):
    refused = jolien.post(f"/sessies/{session.slug}/vragen/{question.id}/stilzetten", data={})

    assert refused.status_code == 422
    assert "Kies eerst een reden." in shown(refused)
    assert "Hef het stilzetten op" not in shown(
        jolien.get(f"/sessies/{session.slug}/regie/meer?van={question.id}")
    )


def test_only_a_session_where_somebody_waits_is_a_box_and_what_is_on_comes_first(make, now, session, jolien):
    past = make.session("Voorbij", starts_at=now - 3 * HOUR, ends_at=now - 2 * HOUR)
    later = make.session("Straks", starts_at=now + 2 * HOUR, ends_at=now + 3 * HOUR)
    make.session("Ook straks", starts_at=now + 2 * HOUR, ends_at=now + 3 * HOUR)
    make.question(past, text="Wie wacht hier het langst?", asked_at=now - 3 * HOUR)
    make.question(session, text="Wie wacht nu?", asked_at=now - HOUR / 6)
    make.question(later, text="Wie wacht op straks?", asked_at=now - HOUR)

    page = shown(jolien.get("/regie"))

    boxes = re.findall(
        r'desk__column--waiting" aria-labelledby="sessie-[^>]+> <h2[^>]+><a[^>]+>([^<]+)<', page
    )
    assert boxes == [session.title, "Straks", "Voorbij"]
    assert page.count("Ook straks") == 1
    assert "Komt nog: alles is gelezen" in page
    assert "Nu bezig: alles is gelezen" not in page
