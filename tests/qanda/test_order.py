"""Properties of the fair order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda.fair_order import Order, sorted_by, weights_of
from dagvandebuurt.qanda.models import Question, QuestionStatus

NOW = datetime(2027, 1, 28, 14, 0, tzinfo=UTC)
statuses = st.sampled_from([QuestionStatus.VISIBLE, QuestionStatus.LIVE, QuestionStatus.ANSWERED])


@st.composite
def rooms(draw):
    """Generate a room full of questions."""
    count = draw(st.integers(1, 12))
    return [
        Question(
            id=UUID(int=number + 1),
            support_count=draw(st.integers(0, 1600)),
            asked_at=NOW - timedelta(minutes=draw(st.integers(0, 60))),
            asker_role=draw(st.sampled_from(list(ParticipantRole))),
            asker_id=draw(st.sampled_from([UUID(int=1), UUID(int=2), UUID(int=3), None])),
            status=draw(statuses),
        )
        for number in range(count)
    ]


def place(questions, question, now=NOW):
    return sorted_by(Order.FAIR, questions, now).index(question)


@given(rooms(), st.integers(1, 1600), st.data())
def test_adding_support_never_lowers_a_question(questions, more, data):
    question = data.draw(st.sampled_from(questions))
    before = place(questions, question)

    question.support_count += more

    assert place(questions, question) <= before


@given(rooms())
def test_no_question_starves(questions):
    oldest = min(questions, key=lambda q: q.asked_at)
    oldest.support_count = 0
    late = [Question(
        id=UUID(int=900 + n), support_count=1600, asked_at=NOW + timedelta(days=1), asker_role=ParticipantRole.RESIDENT,
        asker_id=None, status=QuestionStatus.VISIBLE,
    ) for n in range(3)]  # fmt: skip

    everything = [*questions, *late]
    later = NOW + timedelta(days=1)

    assert all(place(everything, oldest, later) < place(everything, other, later) for other in late)


@given(rooms(), st.randoms())
def test_order_is_the_same_for_every_reader(questions, dice):
    shuffled = list(questions)
    dice.shuffle(shuffled)

    for order in Order:
        assert sorted_by(order, questions, NOW) == sorted_by(order, shuffled, NOW)


def one(number, **values):
    values = {
        "support_count": 4, "asked_at": NOW - timedelta(minutes=5), "asker_role": ParticipantRole.RESIDENT,
        "asker_id": None, "status": QuestionStatus.VISIBLE,
    } | values  # fmt: skip
    return Question(id=UUID(int=number), **values)


def test_less_heard_role_comes_first_among_equals():
    heard = [
        one(number, asker_role=ParticipantRole.POLICY_OFFICER, status=QuestionStatus.ANSWERED)
        for number in (1, 2)
    ]
    officer, resident = one(3, asker_role=ParticipantRole.POLICY_OFFICER), one(4)

    order = sorted_by(Order.FAIR, [*heard, officer, resident], NOW)

    assert order.index(resident) < order.index(officer)


def test_first_question_comes_before_a_third():
    third, first = one(1, asker_id=UUID(int=1)), one(9, asker_id=UUID(int=2))
    earlier = [one(n, asker_id=UUID(int=1), status=QuestionStatus.ANSWERED) for n in (2, 3)]

    weights = weights_of([third, first, *earlier], NOW)

    assert weights[first.id] > weights[third.id]


def test_ten_minutes_of_waiting_weigh_as_much_as_twice_the_support():
    supported = one(1, support_count=7)
    patient = one(2, support_count=3, asked_at=NOW - timedelta(minutes=15))

    weights = weights_of([supported, patient], NOW)

    assert weights[supported.id] == weights[patient.id]
