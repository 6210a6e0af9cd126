"""Live items of questions, as serialised for the hall, for the desk and for the asker.

The same data renders the page and the message, so that a page after live changes equals a page loaded anew.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.languages import language_of
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item, OwnChanges
from dagvandebuurt.qanda import private_link
from dagvandebuurt.qanda.authors import author_of
from dagvandebuurt.qanda.desk_facts import WaitingFacts, waiting_facts
from dagvandebuurt.qanda.mending import own_words
from dagvandebuurt.qanda.models import (
    PUBLIC,
    Appearance,
    AskingRules,
    BackstageLine,
    Question,
    QuestionStatus,
)
from dagvandebuurt.qanda.queries import (
    backstage_lines,
    ends_of,
    merged_into_each,
    merged_targets,
    moved_places,
    own_questions_of,
    supported_by_each,
)
from dagvandebuurt.qanda.timelines import Timeline, timelines_of

KIND = "question"
OFF_THE_DESK = frozenset({QuestionStatus.WITHDRAWN, QuestionStatus.MERGED, QuestionStatus.MOVED})


def card(question: Question) -> Item:
    """Serialise what everybody in the hall may know: nothing of moderation, and of the asker only how they
    appear.
    """
    shown = QuestionStatus.VISIBLE if question.status is QuestionStatus.SHORTLISTED else question.status
    return {
        "kind": KIND,
        "id": str(question.id),
        "revision": question.revision,
        "status": shown.value,
        "type": question.kind.value,
        "text": question.text,
        "lang": language_of(question.text),
        "support": question.support_count,
        "asked_at": question.asked_at.isoformat(),
        "by": _by(question),
        "answer": question.answer,
        "answered_by": question.answered_by,
    }


def asking_card(asking: AskingRules) -> Item:
    """Serialise the settings of asking of this session, for everybody in the room."""
    return {
        "kind": "asking",
        "id": str(asking.session_id),
        "revision": asking.revision,
        "open": asking.is_open,
        "minutes_between": asking.minutes_between,
        "shows_first": asking.shows_first,
        "registered_only": asking.registered_only,
    }


def backstage_card(line: BackstageLine) -> Item:
    """Serialise a backstage message, for those who run the session only."""
    return {
        "kind": "backstage",
        "id": str(line.id),
        "revision": line.revision,
        "by": line.author_name,
        "text": line.text,
        "at": line.at.isoformat(),
    }


def desk_cards(questions: Sequence[Question]) -> list[Item]:
    """Serialise what moderators may know in addition: the real status, the reason of hiding, and of a waiting
    question what helps to decide about it.
    """
    facts = waiting_facts(questions)
    merged = merged_into_each(questions)
    return [
        _desk_card(question, facts.get(question.id, WaitingFacts()), merged.get(question.id, ()))
        for question in questions
    ]


def desk_card(question: Question) -> Item:
    """Serialise one question for the desk."""
    return desk_cards([question])[0]


def _desk_card(question: Question, facts: WaitingFacts, merged: Sequence[Question]) -> Item:
    claim = facts.claim
    return {
        **card(question),
        "by": _by_at_the_desk(question),
        "status": question.status.value,
        "desk_revision": question.desk_revision,
        "hidden_reason": question.hidden_reason,
        "hidden_note": question.hidden_note,
        "asked": facts.asked,
        "mentions": facts.mentions,
        "claim": {"by": claim.by, "who": claim.who, "until": claim.until.isoformat()} if claim else None,
        "merged": [{"id": str(each.id), "text": each.text, "seen": each.desk_revision} for each in merged],
    }


def own_cards(questions: Sequence[Question]) -> list[Item]:
    """Serialise what askers may know: also waiting questions, the reason of hiding, where a question went, how
    it stands, and its private link.
    """
    targets = merged_targets(questions)
    places = moved_places(questions)
    ends = ends_of(questions)
    lines = timelines_of(questions, now=clock.now())
    words = own_words(questions)
    return [
        _own_card(
            question,
            lines[question.id],
            targets.get(question.id),
            places.get(question.id),
            ends.get(question.id),
            words.get(question.id),
        )
        for question in questions
    ]


def own_card(question: Question) -> Item:
    """Serialise one question for its asker."""
    return own_cards([question])[0]


def _own_card(
    question: Question,
    line: Timeline,
    target: Question | None,
    place: tuple[str, str] | None,
    end: Question | None,
    own: str | None,
) -> Item:
    """Serialise a question for its asker. When merged or moved, the answer is that of its final question."""
    told = {
        **card(question),
        "timeline": line.as_item(),
        "hidden_reason": question.hidden_reason,
        "hidden_note": question.hidden_note,
        "name_hidden": question.shown_as == "name_hidden",
        "way_back": private_link.path_to(question.id),
        "way_back_number": private_link.number_of(question.id),
        "own_words": own,
        "merged_into": None,
        "moved_to": {"slug": place[0], "title": place[1]} if place else None,
    }
    if target is not None and target.status in PUBLIC:
        told["merged_into"] = {"id": str(target.id), "text": target.text, "status": card(target)["status"]}
    if end is not None and end.status in PUBLIC:
        told["answer"], told["answered_by"] = end.answer, end.answered_by
    return told


def gone(question: Question) -> Item:
    """Serialise a removal from the hall. A merged question names the one that has its supporters now."""
    told = {"kind": KIND, "id": str(question.id), "revision": question.revision, "gone": True}
    if question.status is QuestionStatus.MERGED:
        told["into"] = str(question.merged_into_id)
    return told


def _by(question: Question) -> dict[str, Any]:
    via = {"via": question.via.value} if question.via else {}
    if question.appearance is Appearance.ANONYMOUS:
        return {"as": "anonymous", **via}
    if question.shown_as == "name_hidden":
        return {"as": "name_hidden", "role": question.asker_role.value}
    if question.appearance is Appearance.NAME:
        return _by_name(question)
    return {"as": "role", "role": question.asker_role.value, "place": question.shown_neighbourhood, **via}


def _by_at_the_desk(question: Question) -> dict[str, Any]:
    """Return the shown name with a mark when it is hidden: the moderator who may show it again has to know
    it.
    """
    if question.shown_as != "name_hidden":
        return _by(question)
    return {**_by_name(question), "hidden": True}


def _by_name(question: Question) -> dict[str, Any]:
    mark = {"mark": question.shown_mark} if question.shown_mark else {}
    return {"as": "name", "name": question.shown_name, "role": question.asker_role.value, **mark}


class QuestionItems:
    """Live item source: the questions of a session."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        query = (
            select(Question)
            # 0 asks for everything, also rows from before the room had a revision.
            .where(Question.session_id == room_id, Question.revision > (since or -1))
            .order_by(Question.asked_at, Question.id)
            .execution_options(populate_existing=True)
        )
        found = Changes()
        questions = db.session.scalars(query).all()
        if since:  # a request for everything gets the own questions from `mine`
            found.own.append(_own_changes(questions))
        on_the_desk = [each for each in questions if each.status not in OFF_THE_DESK and not each.is_muted]
        cards = {each["id"]: each for each in desk_cards(on_the_desk)}
        for question in questions:
            if question.status in PUBLIC:
                found.hall.append(card(question))
            elif question.was_public and since:
                found.hall.append(gone(question))
            if str(question.id) in cards:
                found.desk.append(cards[str(question.id)])
            elif since:
                found.desk.append(gone(question))
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        asked, supported = own_questions_of(actors, room_id), supported_by_each(actors, room_id)
        cards = {each["id"]: each for each in own_cards([q for questions in asked for q in questions])}
        return [
            {
                "questions": [cards[str(question.id)] for question in questions],
                "supported": sorted(map(str, theirs)),
            }
            for questions, theirs in zip(asked, supported, strict=True)
        ]


def _own_changes(questions: Sequence[Question]) -> OwnChanges:
    """Return the cards of these for their askers."""
    asked: dict[UUID, list[Question]] = {}
    for question in questions:
        if (author := author_of(question)) is not None:
            asked.setdefault(author, []).append(question)

    def cards_of(people: Collection[UUID]) -> dict[UUID, list[Item]]:
        theirs = [question for author in people for question in asked[author]]
        cards = dict(zip(theirs, own_cards(theirs), strict=True))
        return {author: [cards[question] for question in asked[author]] for author in people}

    return OwnChanges(frozenset(asked), cards_of)


class AskingItems:
    """Live item source: whether questions may be asked, and how."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        asking = db.session.get(AskingRules, room_id, populate_existing=True)
        if asking is None or asking.revision <= (since or -1):
            return Changes()
        return Changes(hall=[asking_card(asking)], desk=[asking_card(asking)])

    def mine_of(self, _room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


class BackstageItems:
    """Live item source: what moderators write to each other."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        return Changes(desk=[backstage_card(line) for line in backstage_lines(room_id, since)])

    def mine_of(self, _room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = QuestionItems()
items.register(SOURCE, versions=[(Question.session_id, Question.revision)])
items.register(AskingItems(), versions=[(AskingRules.session_id, AskingRules.revision)])
items.register(BackstageItems(), versions=[(BackstageLine.session_id, BackstageLine.revision)])
