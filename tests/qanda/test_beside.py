"""Backstage messages, queues of a moderator, and shares by role."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.small_cell_suppression import FEWEST, safe
from dagvandebuurt.live import items
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.jobs import count_shares
from dagvandebuurt.qanda.models import WHAT_IS_COUNTED, Appearance, QuestionStatus
from dagvandebuurt.qanda.queries import counts_by_role

CANARY = "De wethouder komt later"


def test_backstage_message_reaches_the_desk_only(app, make, session):
    jolien, host = make.moderator("Jolien"), make.identity("Ruben", roles=[("host", session.id)])

    said = make.do(events.BACKSTAGE, jolien, session, text=CANARY)
    refused = make.do(events.BACKSTAGE, make.guest(), session, text="Ik ook")

    assert said["line"]["by"] == "Jolien"
    assert refused["error"]["code"] == "house.not_allowed"
    assert CANARY in make.browser(host).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    with app.app_context():
        changes = items.changes_since(session.id, 0)
    assert CANARY in str(changes.desk)
    assert CANARY not in str(changes.hall) + str(changes.own_of(changes.people))
    for reader in (make.browser(), make.browser(make.guest())):
        for path in ("live", "live/state", "podium", "peilingen", "regie"):
            page = reader.get(f"/sessies/{session.slug}/{path}", headers={"Accept": "application/json"})
            assert CANARY not in page.get_data(as_text=True), path
    # A moderator's own room page shows the hall, and so nothing of this.
    assert CANARY not in make.browser(jolien).get(f"/sessies/{session.slug}/live").get_data(as_text=True)


def test_backstage_message_works_with_a_plain_form(make, session):
    browser = make.browser(make.moderator())

    page = browser.post(
        f"/sessies/{session.slug}/regie/achter-de-schermen", data={"text": CANARY}, follow_redirects=True
    )

    assert CANARY in page.get_data(as_text=True)


def test_one_page_lists_all_queues_of_a_moderator_longest_wait_first(make, session):
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
    assert "Mijn werk" in browser.get("/programma").get_data(as_text=True)


def test_moderator_sees_the_queues_of_their_own_sessions_only(make, session):
    make.question(session, text="Van een ander?")
    elsewhere = make.session("Elders")

    foreign = make.browser(make.moderator(session=elsewhere)).get("/regie")
    guest = make.browser(make.guest()).get("/regie")

    assert foreign.status_code == 200
    assert "Van een ander?" not in foreign.get_data(as_text=True)
    assert guest.status_code == 403
    assert "Mijn werk" not in make.browser(make.guest()).get("/programma").get_data(as_text=True)


@given(
    st.dictionaries(st.sampled_from([role.value for role in ParticipantRole]), st.integers(0, 60), max_size=9)
)
def test_no_share_under_ten_can_be_read_or_derived(numbers):
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

    with app.app_context():
        counts = {what: counts_by_role(session.id, what) for what in WHAT_IS_COUNTED}
    assert counts == {"questions": {"resident": 2}, "support": {"social_worker": 12}, "answers": {}}
    assert count_shares(app) == 1  # of support alone there are ten
    page = make.browser(make.moderator()).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    assert ">12 <" in page
    assert "nog te weinig" in page


def told_at_the_desk(make, session):
    return (
        make.browser(make.moderator())
        .get(f"/sessies/{session.slug}/regie")
        .get_data(as_text=True)
        .split('class="shares"')[1]
        .split("</section>")[0]
    )


@pytest.fixture
def eleven_asked(app, make, session):
    """Have eleven residents ask a question, and count the shares."""
    for _number in range(11):
        make.question(session, make.guest(), status=QuestionStatus.VISIBLE)
    assert count_shares(app) == 1
    assert ">11 <" in told_at_the_desk(make, session)


def test_shares_never_change_by_a_single_asker(eleven_asked, app, make, session):
    """Differencing attack: comparing two looks reveals no single role."""
    before = told_at_the_desk(make, session)
    for number in range(10):
        make.question(
            session,
            make.identity("Wethouder", role=ParticipantRole.ADMINISTRATOR),
            status=QuestionStatus.VISIBLE,
        )
        assert count_shares(app) == (1 if number == 9 else 0)
        assert (told_at_the_desk(make, session) == before) == (number < 9)
    assert count_shares(app) == 0


def test_sabotage_counting_one_by_one_is_detected(eleven_asked, app, make, session, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.qanda.rules.STEP", 1)
    before = told_at_the_desk(make, session)
    make.question(session, make.guest(), status=QuestionStatus.VISIBLE)

    assert count_shares(app) == 1
    assert told_at_the_desk(make, session) != before


def test_anonymous_questions_are_in_no_share(app, make, session):
    for _number in range(12):
        make.question(session, make.guest(), appearance=Appearance.ANONYMOUS, status=QuestionStatus.ANSWERED)

    assert count_shares(app) == 0
    assert "nog te weinig" in told_at_the_desk(make, session)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_empty_or_too_long_backstage_message_is_refused(make, session, text):
    browser = make.browser(make.moderator())

    page = browser.post(
        f"/sessies/{session.slug}/regie/achter-de-schermen", data={"text": text}, follow_redirects=True
    ).get_data(as_text=True)

    assert "Schrijf hier eerst iets op." in page or "Houd het bij 500 tekens." in page
