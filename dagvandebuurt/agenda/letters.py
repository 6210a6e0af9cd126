"""Mails of the agenda: news for followers, questions and reminders for organisations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, union

from dagvandebuurt.agenda import labels
from dagvandebuurt.agenda.deadlines import days_late, halfway
from dagvandebuurt.agenda.models import (
    PUBLIC,
    Action,
    Follow,
    FollowUp,
    FollowUpEvent,
    FollowUpNews,
    FollowUpQuestion,
)
from dagvandebuurt.agenda.promises import timeline_of_point
from dagvandebuurt.agenda.queries import contacts_of, questions_of, who_ran
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.mailer import Note, send_note, send_note_to_many
from dagvandebuurt.people.models import Person, Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.qanda.timelines import Timeline

ABOUT, ABOUT_WORK = "agenda", "agenda_work"


def path_of(point: FollowUp) -> str:
    return path_for("agenda.show", number=point.number)


def tell_followers(event_id: UUID, *, now: datetime) -> int:
    """Mail one event to followers, raisers and askers, within the running transaction. Returns the number of
    mails.

    Idempotent. The person who did it gets no mail.
    """
    news = db.session.scalar(
        select(FollowUpNews)
        .where(FollowUpNews.event_id == event_id, FollowUpNews.told_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if news is None:
        return 0
    event = db.session.get_one(FollowUpEvent, event_id)
    point = db.session.get_one(FollowUp, event.follow_up_id)
    news.told_at = now
    way = timeline_of_point(point, questions_of(point), now)
    return send_note_to_many(
        _who_hears(point, event),
        ABOUT,
        lambda: _news(point, event, way),
        dedupe_key=f"agenda:{event.id}",
        now=now,
    )


def _who_hears(point: FollowUp, event: FollowUpEvent) -> Select[UUID]:
    return _everybody(point, but=event.by_id)


def _everybody(point: FollowUp, *, but: UUID | None) -> Select[UUID]:
    asked = (
        select(Question.asker_id)
        .join(
            FollowUpQuestion,
            or_(
                FollowUpQuestion.question_id == Question.id,
                FollowUpQuestion.question_id == Question.merged_into_id,
            ),
        )
        .where(FollowUpQuestion.follow_up_id == point.id)
    )
    everybody = union(
        select(Follow.person_id).where(Follow.follow_up_id == point.id),
        select(FollowUp.raised_by_id).where(FollowUp.id == point.id),
        asked,
    ).subquery()
    query = select(everybody.c.person_id).where(everybody.c.person_id.is_not(None))
    return query.where(everybody.c.person_id != but) if but else query


def tell_the_merged(actor: Any, point: FollowUp, into: FollowUp, now: datetime) -> None:
    """Mail askers, raisers and followers that it continues in another point."""

    def compose() -> Note:
        lines = [
            _(
                "Actiepunt %(number)s gaat verder in actiepunt %(other)s: dat vraagt hetzelfde.",
                number=point.number,
                other=into.number,
            ),
            _("Je volgt dat nu vanzelf. Je hoort wat ermee gebeurt."),
        ]
        subject = _("Actiepunt %(number)s gaat verder in een ander", number=point.number)
        return Note(subject, lines, _("Bekijk het actiepunt"), path_of(into))

    send_note_to_many(
        _everybody(point, but=actor.id), ABOUT, compose, dedupe_key=f"agenda-merged:{point.id}", now=now
    )


def _news(point: FollowUp, event: FollowUpEvent, way: Timeline) -> Note:
    """Describe the event itself, so that a late mail still says what happened then; and how it stands now."""
    is_public = point.status in PUBLIC
    subject = _("Actiepunt %(number)s: %(what)s", number=point.number, what=labels.what(event))
    lines = [f"{labels.what(event)}."]
    if is_public:
        lines.insert(0, _("Het gaat om: %(title)s", title=point.title))
    answer = next((each for each in point.answers if each.at == event.at), None)
    if event.deed is Action.ANSWER and answer is not None:
        lines.append(_("%(who)s schrijft: %(said)s", who=answer.by_function, said=answer.text))
    if event.due_on is not None and event.deed in (Action.SEND, Action.READDRESS):
        lines.append(_("Het antwoord komt uiterlijk op %(day)s.", day=on_day(event.due_on)))
    elif event.due_on is not None:
        lines.append(_("De nieuwe datum is %(day)s.", day=on_day(event.due_on)))
    if event.note:
        lines.append(event.note)
    if event.deed is Action.FINISH:
        lines.append(_("Klopt dat? Op de pagina zeg je of het echt klaar is, of nog niet."))
    return Note(subject, lines, _("Bekijk het actiepunt"), path_of(point), way)


def tell_contacts(point: FollowUp, event: FollowUpEvent, *, now: datetime) -> None:
    """Mail the organisation's contacts at once that something is asked of it."""

    def compose() -> Note:
        assert point.due_on is not None
        lines = [
            _("Bewoners vragen jullie iets: %(title)s", title=point.title),
            _("Jullie beloofden te antwoorden. Dat kan tot en met %(day)s.", day=on_day(point.due_on)),
            _("Eerst alleen laten weten dat je het hebt, mag ook."),
        ]
        return Note(
            _("Gevraagd: %(title)s", title=point.title), lines, _("Lees en antwoord"), "/agenda/voor-ons"
        )

    assert point.organisation_id is not None
    for person in contacts_of(point.organisation_id):
        send_note(person, ABOUT_WORK, compose, dedupe_key=f"asked:{event.id}:{person.id}", now=now)


def remind(point: FollowUp, *, now: datetime) -> int:
    """Mail what is due: half of the term is over, it ends today, or it is late.

    Each is sent once for each due date; when it is late, organisers and publishers get it too.
    """
    assert point.due_on is not None
    assert point.organisation_id is not None
    today, late = local(now).date(), days_late(point, now)
    people: Sequence[Person] = contacts_of(point.organisation_id)
    if late:
        kind, people = "late", [*people, *_who_sees_to_it()]
    elif today == point.due_on:
        kind = "end"
    elif today >= halfway(point):
        kind = "half"
    else:
        return 0
    told = 0
    for person in {each.id: each for each in people}.values():
        key = f"agenda-{kind}:{point.id}:{point.due_on:%Y%m%d}:{person.id}"
        if db.session.scalar(select(Mail.id).where(Mail.dedupe_key == key)) is None:
            send_note(person, ABOUT_WORK, lambda: _reminder(point, kind), dedupe_key=key, now=now)
            told += 1
    return told


def _reminder(point: FollowUp, kind: str) -> Note:
    assert point.due_on is not None
    assert point.organisation is not None
    day = on_day(point.due_on)
    sentence = {
        "half": _("De helft van de tijd is om. Antwoorden kan tot en met %(day)s.", day=day),
        "end": _("Vandaag is de laatste dag om op tijd te antwoorden."),
        "late": _("Het antwoord had er op %(day)s moeten zijn. Op de pagina staat: te laat.", day=day),
    }[kind]
    subject = {
        "half": _("Nog open: %(title)s", title=point.title),
        "end": _("Vandaag: %(title)s", title=point.title),
        "late": _("Te laat: %(title)s", title=point.title),
    }[kind]
    lines = [_("%(who)s, actiepunt %(number)s.", who=point.organisation.name, number=point.number), sentence]
    path = path_of(point) if kind == "late" else "/agenda/voor-ons"
    return Note(subject, lines, _("Bekijk het actiepunt"), path)


def _who_sees_to_it() -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(RoleGrant)
        .where(RoleGrant.role.in_((Role.ORGANISER, Role.PUBLISHER)), RoleGrant.scope_id.is_(None))
        .order_by(Person.created_at, Person.id)
        .distinct()
    ).all()


def tell_of_lesson(question: Question, *, now: datetime) -> None:
    """Mail askers, also of merged questions, that their question becomes part of a lesson."""
    asked = db.session.execute(
        select(Question, Person)
        .join(Person, Person.id == Question.asker_id)
        .where(or_(Question.id == question.id, Question.merged_into_id == question.id))
    )
    for each, person in asked.all():

        def compose(each: Question = each) -> Note:
            lines = [
                _("Je vroeg: %(asked)s", asked=each.text),
                _("We nemen je vraag mee in een les. Als die er is, staat dat bij je vraag."),
            ]
            return Note(_("Je vraag hoort bij een les"), lines, _("Bekijk je vraag"), path_to(each.id))

        send_note(person, "answered", compose, dedupe_key=f"lesson-mark:{each.id}", now=now)


def ask_to_harvest(session: ProgrammeSession, *, now: datetime) -> int:
    """Mail the moderators of an ended session to ask for *Wat we hoorden*. Once each."""

    def compose() -> Note:
        lines = [
            _("Je sessie %(title)s is voorbij. Dank je wel.", title=session.title),
            _("Besluit over de open vragen en schrijf op wat jullie hoorden. Een begin staat al klaar."),
        ]
        path = path_for("agenda.harvesting", slug=session.slug)
        return Note(
            _("Rond je sessie af: %(title)s", title=session.title), lines, _("Naar het afronden"), path
        )

    people = who_ran(session.id)
    for person in people:
        send_note(person, ABOUT_WORK, compose, dedupe_key=f"harvest:{session.id}:{person.id}", now=now)
    return len(people)
