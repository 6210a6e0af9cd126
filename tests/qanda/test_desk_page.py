"""What the desk shows of a waiting question, and in which order."""

import re
from datetime import timedelta

from dagvandebuurt.core.db import db
from dagvandebuurt.qanda import items
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus


def _desk(make, session, who=None):
    page = make.browser(who or make.moderator()).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    return page.split('data-column="waiting"')[1].split("</section>")[0]


def _cards(make, session):
    return {
        found[1]: re.sub(r"\s+", " ", found[0])
        for found in re.finditer(
            r'<article class="desk-card" id="vraag-([^"]+)".*?</article>', _desk(make, session), re.S
        )
    }


def _set(make, question, **values):
    with make.context():
        kept = db.session.get(Question, question.id)
        for name, value in values.items():
            setattr(kept, name, value)
        db.session.commit()


def test_the_longest_wait_stands_first_also_within_a_minute(make, session, now):
    minute = now.replace(second=0, microsecond=0)
    late, early, older = (make.question(session) for _ in range(3))
    _set(make, late, asked_at=minute, revision=30)
    _set(make, early, asked_at=minute, revision=20)
    _set(make, older, asked_at=minute - timedelta(minutes=4), revision=40)

    assert list(_cards(make, session)) == [str(older.id), str(early.id), str(late.id)]
    assert "wacht 4 min" in _cards(make, session)[str(older.id)]


def test_a_card_says_which_question_of_its_asker_it_is(make, session):
    noor, sam = make.identity("Noor"), make.identity("Sam")
    asked = [make.question(session, noor) for _ in range(3)]
    for minutes, each in enumerate(asked):
        _set(make, each, asked_at=each.asked_at + timedelta(minutes=minutes))
    alone = make.question(session, sam)
    cards = _cards(make, session)

    def counts(cards):
        found = (re.search(r'data-part="asked">([^<]*)', cards.get(str(each.id), "")) for each in asked)
        return [each[1] for each in found if each]

    assert counts(cards) == ["eerste vraag", "2e vraag", "3e vraag"]
    assert "eerste vraag" in cards[str(alone.id)]
    _set(make, asked[0], status=QuestionStatus.WITHDRAWN)  # gives the others no new revision, so they stay
    assert counts(_cards(make, session)) == ["2e vraag", "3e vraag"]


def test_nobody_counts_the_questions_of_an_anonymous_asker(make, session):
    noor = make.identity("Noor")
    named = make.question(session, noor)
    hidden = [make.question(session, noor, appearance=Appearance.ANONYMOUS) for _ in range(2)]
    cards = _cards(make, session)

    assert "eerste vraag" in cards[str(named.id)]
    with make.context():
        for question in hidden:
            assert items.desk_card(db.session.get(Question, question.id))["asked"] is None


def test_a_card_says_that_the_text_may_name_somebody(make, session):
    named = make.question(session, text="Waarom doet meneer De Vries niets?")
    plain = make.question(session, text="Waarom gebeurt er niets?")
    cards = _cards(make, session)

    assert 'data-part="mentions">' in cards[str(named.id)]
    assert 'data-part="mentions" hidden>' in cards[str(plain.id)]


def test_what_was_asked_already_is_merged_in_one_press_without_a_script(make, session):
    shown = make.question(
        session, text="Wanneer halen jullie het grofvuil op?", status=QuestionStatus.VISIBLE
    )
    twin = make.question(session, text="Wanneer halen jullie grofvuil op?")
    other = make.question(session, text="Mag de speeltuin open blijven?")
    jolien = make.browser(make.moderator())
    cards = _cards(make, session)
    assert 'data-part="alike" hidden>' in cards[str(other.id)]
    form = re.search(
        r'<form class="desk-card__alike" method="post" action="([^"]+)"[^>]*>(.*?)</form>',
        cards[str(twin.id)],
    )
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    assert fields["into"] == str(shown.id)

    assert jolien.post(form[1], data=fields).status_code == 303

    with make.context():
        kept = db.session.get(Question, twin.id)
        assert (kept.status, kept.merged_into_id) == (QuestionStatus.MERGED, shown.id)


def test_a_look_alike_is_never_one_that_waits_itself(make, session):
    one, other = (make.question(session, text="Wanneer halen jullie het grofvuil op?") for _ in range(2))
    cards = _cards(make, session)

    for question in (one, other):
        assert 'data-part="alike" hidden>' in cards[str(question.id)]
