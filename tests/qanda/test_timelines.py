"""How a question stands: one source, held over every combination of question, promise and clock."""

import re
from datetime import date, timedelta
from itertools import product

import pytest

from dagvandebuurt.agenda.models import Decision, FollowUpQuestion, FollowUpStatus
from dagvandebuurt.agenda.promises import stage_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.hooks import Promise, PromiseStage
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.states import MACHINE
from dagvandebuurt.qanda.timelines import (
    STANDINGS,
    STEPS,
    Asked,
    Standing,
    StepName,
    StepState,
    Timeline,
    timeline_of,
    timeline_of_point,
    timeline_of_question,
)

DAY = date(2027, 1, 28)
STAGES = (None, *PromiseStage)
# What is finished, and what is open: never in one timeline.
FINISHED = {StepName.FINISHED, StepName.CONFIRMED}
OPEN = {Standing.OPEN, Standing.READABLE, Standing.WAITING, Standing.LIVE}
ENDS = {Standing.HIDDEN, Standing.WITHDRAWN, Standing.NOT_SENT}


def promise(stage):
    return None if stage is None else Promise(
        stage, "Gemeente Lindermond", proposed_on=DAY, asked_on=DAY, due_on=DAY, answered_on=DAY,
        answered_by="wethouder", started_on=DAY, finished_on=DAY, confirmed_on=DAY, reopened_on=DAY,
    )  # fmt: skip


def all_timelines():
    """Yield every combination with its timeline."""
    for status, stage, is_over, has_answer in product(QuestionStatus, STAGES, (False, True), (False, True)):
        asked = Asked(status, DAY, DAY, has_answer or status is QuestionStatus.ANSWERED, DAY, "Saskia")
        yield (status, stage, is_over, has_answer), timeline_of(asked, promise(stage), is_over=is_over)
    for stage in PromiseStage:
        yield (None, stage, False, False), timeline_of_point(promise(stage))


ALL = list(all_timelines())


def states(line):
    return [step.state for step in line.steps]


def test_every_combination_is_one_line_from_asking_to_now():
    assert len(ALL) > 500
    for what, line in ALL:
        done, now = states(line).count(StepState.DONE), states(line).count(StepState.NOW)
        assert now <= 1, what
        assert states(line)[:done] == [StepState.DONE] * done, what
        assert states(line)[done : done + now] == [StepState.NOW] * now, what
        assert done >= 1, what
        assert line.steps[0].name in (StepName.ASKED, StepName.PROPOSED), what
        assert len({step.name for step in line.steps}) == len(line.steps), what
        assert all(step.state is StepState.COMING for step in line.steps[done + now :]) or (
            states(line)[-1] is StepState.STOPPED and len(line.steps) == done + 1
        ), what


def test_open_and_done_never_stand_together():
    for what, line in ALL:
        names = {step.name for step in line.steps if step.state is StepState.DONE}
        if line.standing in OPEN | ENDS:
            assert names & FINISHED == set(), what
        if line.standing in OPEN - {Standing.LIVE}:
            assert names & {StepName.ANSWERED, StepName.REPLIED} == set(), what
        assert (StepName.CONFIRMED in names) == (line.standing is Standing.CONFIRMED), what
        assert (StepName.FINISHED in names) == (line.standing in (Standing.DONE, Standing.CONFIRMED)), what
        assert (states(line)[-1] is StepState.STOPPED) == (line.standing in ENDS), what


def test_nothing_has_its_turn_in_a_session_that_is_over():
    turns = {
        what: line for what, line in ALL
        if line.standing is Standing.LIVE or any(step.name is StepName.ON_STAGE for step in line.steps)
    }  # fmt: skip

    assert turns
    assert {(status, is_over) for status, _stage, is_over, _answer in turns} == {(QuestionStatus.LIVE, False)}


def test_every_word_is_used_and_every_status_reached():
    assert {line.standing for _what, line in ALL} == set(Standing) == set(STANDINGS)
    assert {step.name for _what, line in ALL for step in line.steps} == set(StepName) == set(STEPS)


def test_what_goes_over_the_wire_comes_back_the_same():
    for what, line in ALL:
        assert Timeline.of_item(line.as_item()) == line, what


def test_a_point_stands_the_same_on_its_own_as_with_its_question():
    for stage in set(PromiseStage) - {PromiseStage.NOT_SENT}:
        alone = timeline_of_point(promise(stage))
        asked = timeline_of(Asked(QuestionStatus.FORWARDED, DAY, DAY), promise(stage), is_over=True)

        assert (alone.standing, alone.steps[1:]) == (asked.standing, asked.steps[2:]), stage


def test_words_say_the_day_and_who():
    line = timeline_of(Asked(QuestionStatus.FORWARDED, DAY, DAY), promise(PromiseStage.ASKED))

    with speaking("nl"):
        assert [words for _state, words in line.in_words()] == [
            "gedaan: Gevraagd (28 januari 2027)",
            "gedaan: Te lezen voor iedereen (28 januari 2027)",
            "gedaan: Gevraagd aan de organisatie (28 januari 2027, Gemeente Lindermond)",
            "nu: Antwoord van de organisatie (uiterlijk 28 januari 2027)",
        ]


@pytest.mark.parametrize("status", FollowUpStatus)
def test_every_action_point_has_a_stage(make, status):
    decisions = Decision if status is FollowUpStatus.ANSWERED else [None]

    assert all(stage_of(make.point(status=status, decision=each)) in PromiseStage for each in decisions)


# --- on the pages --------------------------------------------------------------------------------


def forwarded(make, session, asker, **point):
    question = make.question(session, asker, status=QuestionStatus.FORWARDED, text="Komt er een bankje?")
    made = make.point(make.organisation("Gemeente Lindermond"), asker, **point)
    make.store(FollowUpQuestion(question_id=question.id, follow_up_id=made.id))
    return question, made


def shown_on(browser, page):
    """Return the page without what it keeps for its script."""
    text = browser.get(page).get_data(as_text=True)
    text = re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)
    return re.sub(r"<(p|div)[^>]* hidden>.*?</\1>", "", text, flags=re.DOTALL)


TOLD = (FollowUpStatus.CURATED, FollowUpStatus.SENT, FollowUpStatus.ANSWERED, FollowUpStatus.CONFIRMED,
        FollowUpStatus.DECLINED)  # fmt: skip


@pytest.mark.parametrize("status", TOLD)
def test_question_point_and_personal_page_say_the_same(app, make, session, status):
    noor = make.identity("Noor")
    question, point = forwarded(make, session, noor, status=status)
    with app.app_context(), speaking("nl"):
        line = timeline_of_question(db.session.get(Question, question.id), now=session.ends_at)
    browser = make.browser(noor)
    pages = [f"/vragen/{question.id}", "/mijn", f"/sessies/{session.slug}/live"]
    pages += [f"/agenda/{point.number}"] if line.standing is not Standing.NOT_SENT else []

    for page in pages:
        shown = shown_on(browser, page)
        assert line.label in shown, page
        others = {str(words) for words, _tone in STANDINGS.values()} - {line.label}
        others -= {step.label for step in line.steps} | {"Beantwoord"}  # a filter of the list
        assert [words for words in others if f">{words}<" in shown] == [], page


def test_room_that_is_over_shows_no_turn(make, session, monkeypatch):
    noor, late = make.identity("Noor"), session.ends_at + timedelta(minutes=1)
    make.question(session, noor, status=QuestionStatus.LIVE, was_public=True)
    page = f"/sessies/{session.slug}/live"
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.starts_at)
    during = shown_on(make.browser(noor), page)

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: late)
    over = shown_on(make.browser(noor), page)

    assert ("Aan de beurt in de zaal" in during, "question--live" in during) == (True, True)
    assert ("Aan de beurt in de zaal" in over, "question--live" in over) == (False, False)
    assert "Nog geen antwoord" in over


def test_moved_question_stands_as_it_stands_there(app, make, session):
    noor, jolien = make.identity("Noor"), make.moderator()
    elsewhere = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    question = make.question(session, noor)
    assert make.do(events.MOVE, jolien, session, question=str(question.id), to=str(elsewhere.id))["ok"]

    with app.app_context():
        moved = db.session.get(Question, question.id)
        there = db.session.get(Question, moved.moved_to_id)
        assert timeline_of_question(moved, now=session.starts_at).standing is Standing.MOVED
        there.status = QuestionStatus.VISIBLE
        db.session.commit()
        assert timeline_of_question(moved, now=session.starts_at).standing is Standing.READABLE


def test_every_status_of_the_machine_has_its_line():
    reached = {how.target for how in MACHINE.table.values() if how.target} | {QuestionStatus.WAITING}

    assert {what[0] for what, _line in ALL if what[0]} >= reached
