"""What stands beside the questions at the desk: the back-stage line, every queue, and who was heard."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.live import items
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import QuestionStatus
from dagvandebuurt.qanda.shares import FEWEST, safe

CANARY = "De wethouder komt later"


def test_what_is_said_backstage_reaches_the_desk_and_nobody_else(app, make, session):
    jolien, host = make.moderator("Jolien"), make.identity("Ruben", roles=[("host", session.id)])

    said = make.do(events.BACKSTAGE, jolien, session, text=CANARY)
    refused = make.do(events.BACKSTAGE, make.guest(), session, text="Ik ook")

    assert said["line"]["by"] == "Jolien"
    assert refused["error"]["code"] == "house.not_allowed"
    assert CANARY in make.browser(host).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    with app.app_context():
        changes = items.changes_since(session.id, 0)
    assert CANARY in str(changes.desk)
    assert CANARY not in str(changes.hall) + str(changes.own)
    for reader in (make.browser(), make.browser(make.guest())):
        for path in ("live", "live/state", "podium", "peilingen", "regie"):
            page = reader.get(f"/sessies/{session.slug}/{path}", headers={"Accept": "application/json"})
            assert CANARY not in page.get_data(as_text=True), path
    # A moderator's own room page shows the hall, and so nothing of this.
    assert CANARY not in make.browser(jolien).get(f"/sessies/{session.slug}/live").get_data(as_text=True)


def test_it_works_by_a_plain_form(make, session):
    browser = make.browser(make.moderator())

    page = browser.post(
        f"/sessies/{session.slug}/regie/achter-de-schermen", data={"text": CANARY}, follow_redirects=True
    )

    assert CANARY in page.get_data(as_text=True)


def test_every_queue_of_a_moderator_stands_on_one_page_the_longest_wait_first(make, session):
    waiting = make.question(session, text="Wie wacht het langst?")
    make.question(session, text="Wie kwam later?", asked_at=session.starts_at + timedelta(minutes=9))
    browser = make.browser(make.moderator(session=session))

    page = browser.get("/regie").get_data(as_text=True)
    shown = browser.post(
        f"/sessies/{session.slug}/vragen/{waiting.id}/tonen", data={"terug": "regie"}, follow_redirects=True
    )

    assert page.index("Wie wacht het langst?") < page.index("Wie kwam later?")
    assert shown.request.path == "/regie"
    assert "Wie wacht het langst?" not in shown.get_data(as_text=True)
    assert "Mijn regie" in browser.get("/programma").get_data(as_text=True)


def test_who_moderates_one_session_sees_one_queue_and_others_none(make, session):
    make.question(session, text="Van een ander?")
    elsewhere = make.session("Elders")

    foreign = make.browser(make.moderator(session=elsewhere)).get("/regie")
    guest = make.browser(make.guest()).get("/regie")

    assert foreign.status_code == 200
    assert "Van een ander?" not in foreign.get_data(as_text=True)
    assert guest.status_code == 403
    assert "Mijn regie" not in make.browser(make.guest()).get("/programma").get_data(as_text=True)


@given(
    st.dictionaries(st.sampled_from([role.value for role in ParticipantRole]), st.integers(0, 60), max_size=9)
)
def test_no_share_under_ten_can_be_read_or_worked_out(numbers):
    shown = safe(numbers)

    assert all(shown[role] == numbers[role] >= FEWEST for role in shown)
    hidden = sum(numbers.values()) - sum(shown.values())
    assert hidden == 0 or hidden >= FEWEST or not shown


def test_the_desk_counts_support_by_role_also_after_a_merge(app, make, session):
    one, other = (make.question(session, status=QuestionStatus.VISIBLE) for _ in range(2))
    for number in range(12):
        worker = make.identity("Iemand", email=None, role=ParticipantRole.SOCIAL_WORKER)
        for question in (one, other) if number < 6 else (one,):
            make.do(events.SUPPORT, worker, session, question=str(question.id), on=True)
    make.do(events.MERGE, make.moderator(), session, question=str(one.id), into=str(other.id))

    from dagvandebuurt.qanda.queries import counts_by_role

    with app.app_context():
        counts = counts_by_role(session.id)
    assert counts["support"] == {"social_worker": 12}
    page = make.browser(make.moderator()).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    assert ">12 <" in page
    assert json.dumps(counts["questions"]) == '{"resident": 2}'
    assert "nog te weinig" in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_an_empty_or_endless_line_is_refused_with_a_sentence(make, session, text):
    browser = make.browser(make.moderator())

    page = browser.post(
        f"/sessies/{session.slug}/regie/achter-de-schermen", data={"text": text}, follow_redirects=True
    ).get_data(as_text=True)

    assert "Schrijf hier eerst iets op." in page or "Houd het bij 500 tekens." in page
