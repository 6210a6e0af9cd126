"""Loader of the Wijkwijzer: learning questions, offers, gaps and initiatives, with their links."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from dagvandebuurt.core.clock import AMSTERDAM, local
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, Row, id_of
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Organisation, Theme
from dagvandebuurt.wijkwijzer.models import (
    Gap,
    GapKind,
    GapStatus,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
    OfferForm,
    OfferMode,
    OfferStatus,
)

# Values of the file → ours, which say how people learn rather than what it is called.
FORMS = {
    "training": OfferForm.COURSE, "course": OfferForm.COURSE, "buddy": OfferForm.COACH,
    "e_learning": OfferForm.E_LEARNING, "workshop": OfferForm.WORKSHOP, "masterclass": OfferForm.WORKSHOP,
    "peer_visit": OfferForm.VISIT, "community_of_practice": OfferForm.NETWORK,
}  # fmt: skip
ASKED_AGO = timedelta(days=10)  # unconfirmed offers were asked then


def load_wijkwijzer(content: Content, now: datetime) -> None:
    """Load what is missing. Dates keep their distance to the day, relative to today."""
    loader = _Loader(content, now)
    for section, one in (
        ("gaps", loader.gap),
        ("learning_offers", loader.offer),
        ("learning_questions", loader.question),
        ("initiatives", loader.initiative),
    ):
        for number, row in enumerate(content[section], 1):
            one(number, row)
            db.session.flush()


class _Loader:
    def __init__(self, content: Content, now: datetime) -> None:
        self._content, self._now = content, now
        self._shift = local(now).date() - content.day

    def _day(self, day: date | None) -> Any:
        return day and day + self._shift

    def _moment(self, day: date | None) -> datetime | None:
        return datetime.combine(self._day(day), time(12), AMSTERDAM) if day else None

    def gap(self, number: int, row: Row) -> None:
        if db.session.get(Gap, id_of(row["id"])) is not None:
            return
        owner = db.session.get(Organisation, id_of(row["owner"])) if row["owner"] else None
        db.session.add(
            Gap(
                id=id_of(row["id"]),
                number=number,
                title=row["title"],
                kind=GapKind(row["kind"]),
                status=GapStatus(row["status"]),
                owner_id=owner and owner.id,
                owner_name=owner and owner.name,
                next_step=row["next_step"],
                due_on=self._day(row["due"]),
                identified_at=self._now - timedelta(days=30),
                changed_at=self._now,
            )
        )

    def offer(self, number: int, row: Row) -> None:
        if db.session.get(LearningOffer, id_of(row["id"])) is not None:
            return
        provider = db.session.get_one(Organisation, id_of(row["provider"]))
        is_due = row["status"] == "check_due"
        placed = self._moment(row["checked_on"])
        offer = LearningOffer(
            id=id_of(row["id"]),
            number=number,
            title=row["title"],
            summary=row["summary"],
            provider_id=provider.id,
            provider_name=provider.name,
            form=FORMS[row["form"]],
            mode=OfferMode(row["mode"]),
            audience=row["audience"],
            domains=sorted({provider.domain.value, *self._asked_in(row["id"])}),
            place_id=provider.place_id if row["mode"] != "online" else None,
            cost=row["cost"],
            duration=row["duration"],
            language_level=row["language_level"],
            url=row["url"],
            status=OfferStatus(row["status"]),
            checked_on=self._day(row["checked_on"]),
            asked_at=self._now - ASKED_AGO if is_due else None,
            submitted_at=placed or self._now,
            published_at=placed,
            changed_at=placed or self._now,
        )
        offer.themes = _themes(row)
        db.session.add(offer)

    def _asked_in(self, name: str) -> set[str]:
        """Return the domains of the questions an offer answers."""
        asked = (row for row in self._content["learning_questions"] if name in row["offers"])
        return {domain for row in asked for domain in row["domains"]}

    def question(self, number: int, row: Row) -> None:
        if db.session.get(LearningQuestion, id_of(row["id"])) is not None:
            return
        answered = row["status"] == "answered"
        offers = [db.session.get_one(LearningOffer, id_of(name)) for name in row["offers"]]
        question = LearningQuestion(
            id=id_of(row["id"]),
            number=number,
            title=row["title"],
            detail=row["detail"],
            asked_by_role=ParticipantRole(row["asked_by_role"]),
            domains=row["domains"],
            status=LearningQuestionStatus(row["status"]),
            me_too=row["me_too"],
            gap_id=id_of(row["gap"]) if row.get("gap") else None,
            answer=row.get("answer") if answered else None,
            answered_by=row.get("answered_by") if answered else None,
            asked_at=self._now - timedelta(days=40 - number),
            changed_at=self._now - timedelta(days=20 - number),
        )
        question.themes, question.offers = _themes(row), offers
        db.session.add(question)
        db.session.flush()
        too = [
            {
                "learning_question_id": question.id,
                "person_id": id_of(f"crowd {place}"),
                "since": question.asked_at,
            }
            for place in range(row["me_too"])
        ]
        db.session.execute(insert(MeToo), too)

    def initiative(self, _number: int, row: Row) -> None:
        if db.session.get(Initiative, id_of(row["id"])) is not None:
            return
        leader = db.session.get_one(Organisation, id_of(row["led_by"]))
        placed = self._moment(row["checked_on"])
        initiative = Initiative(
            id=id_of(row["id"]),
            domains=[leader.domain.value],
            place_id=id_of(row["place"]),
            led_by_id=leader.id,
            led_by_name=leader.name,
            status=InitiativeStatus(row["status"]),
            checked_on=self._day(row["checked_on"]),
            published_at=placed,
            changed_at=placed or self._now,
            **{
                name: row[name]
                for name in (
                    "slug", "title", "summary", "what", "need_it_met", "costs", "what_went_wrong", "tip",
                    "started",
                )
            },
        )  # fmt: skip
        initiative.themes = _themes(row)
        initiative.partners = [db.session.get_one(Organisation, id_of(name)) for name in row["partners"]]
        db.session.add(initiative)


def _themes(row: Row) -> list[Theme]:
    return [db.session.get_one(Theme, id_of(code)) for code in row["themes"]]
