"""Mails of the Wijkwijzer: to askers, to providers of offers, to organisers of initiatives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.mailer import Note, send_note, send_note_to_many
from dagvandebuurt.people.models import Person
from dagvandebuurt.wijkwijzer import labels
from dagvandebuurt.wijkwijzer.models import SHOWN_OFFERS, Initiative, LearningOffer, LearningQuestion
from dagvandebuurt.wijkwijzer.people.models import ContactRequest, LearningNews, News, Proposal
from dagvandebuurt.wijkwijzer.queries import answers_for, coordinators, who_asked

ABOUT, ABOUT_OFFERS, ABOUT_CONTACT = "learning", "offers", "contact"
# Decisions about something that was sent in.
PLACED = _l("Dank je wel. Het staat nu op de site.")
NOT_PLACED = _l("We plaatsen het niet. Hieronder lees je waarom.")
SENT_BACK = _l("We vragen je om iets te veranderen. Hieronder lees je wat.")
EXPIRED = _l(
    "We hoorden een maand niets. Het staat niet meer op de site. Bevestig het, dan staat het er weer."
)


def path_of(thing: LearningQuestion | LearningOffer | Initiative) -> str:
    """Return its public page."""
    if isinstance(thing, LearningQuestion):
        return path_for("wijkwijzer.question", number=thing.number)
    if isinstance(thing, LearningOffer):
        return path_for("wijkwijzer.offer", number=thing.number)
    return path_for("wijkwijzer.initiative", slug=thing.slug)


def tell_askers(news_id: UUID, *, now: datetime) -> int:
    """Mail one piece of news to all askers, within the running transaction. Idempotent. Returns how many."""
    news = db.session.scalar(
        select(LearningNews)
        .where(LearningNews.id == news_id, LearningNews.told_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if news is None:
        return 0
    news.told_at = now
    question = db.session.get_one(LearningQuestion, news.learning_question_id)
    what = news.what
    return send_note_to_many(
        who_asked(question), ABOUT, lambda: _news(question, what), dedupe_key=f"learning:{news_id}", now=now
    )


def _news(question: LearningQuestion, what: News) -> Note:
    said = str(labels.NEWS[what])
    lines = [_("Jij of iemand anders vroeg: %(title)s", title=question.title), f"{said}."]
    lines += _more(question, what)
    return Note(said, lines, _("Bekijk de leervraag"), path_of(question))


def _more(question: LearningQuestion, what: News) -> Sequence[str]:
    if what in (News.MATCHED, News.FILLED):
        return [
            _("%(offer)s, van %(who)s.", offer=offer.title, who=offer.provider_name)
            for offer in question.offers
            if offer.status in SHOWN_OFFERS
        ]
    if what is News.ANSWERED:
        return [_("%(who)s schrijft: %(said)s", who=question.answered_by, said=question.answer)]
    if what is News.DECLINED:
        return [question.decline_note or ""]
    gap = question.gap
    if what is News.PARKED and gap is not None:
        return [gap.park_note or ""]
    if what is News.ADOPTED and gap is not None and gap.due_on is not None:
        return [
            _("%(who)s pakt het op. De volgende stap: %(step)s.", who=gap.owner_name, step=gap.next_step),
            _("Op %(day)s weten we meer.", day=on_day(gap.due_on)),
        ]
    return []


def tell_sender(thing: LearningOffer | Initiative, *, said: Any, note: str | None, now: datetime) -> None:
    """Mail the decision to the sender."""
    sender = db.session.get(Person, thing.submitted_by_id) if thing.submitted_by_id else None
    if sender is None:
        return

    def compose() -> Note:
        lines = [_("Je stuurde in: %(title)s", title=thing.title), str(said)]
        return Note(str(said), [*lines, note] if note else lines, _("Bekijk het"), path_of(thing))

    key = f"sent-in:{thing.id}:{thing.status}:{now.isoformat()}"
    send_note(sender, ABOUT_OFFERS, compose, dedupe_key=key, now=now)


def ask_to_confirm(thing: LearningOffer | Initiative, *, now: datetime) -> int:
    """Mail the yearly request for confirmation; to the coordinators when no sender is left."""

    def compose() -> Note:
        lines = [
            _("Een jaar geleden zei je dat dit klopt: %(title)s", title=thing.title),
            _("Kijk of alles nog zo is, en druk op de knop. Dat kost een minuut."),
            _("Horen we een maand niets, dan halen we het van de site."),
        ]
        return Note(
            _("Klopt dit nog? %(title)s", title=thing.title), lines, _("Bekijk en bevestig"), path_of(thing)
        )

    people = answers_for(thing) or coordinators()
    for person in people:
        key = f"confirm:{thing.id}:{now.date()}:{person.id}"
        send_note(person, ABOUT_OFFERS, compose, dedupe_key=key, now=now)
    return len(people)


def tell_of_message(request: ContactRequest, initiative: Initiative, *, now: datetime) -> None:
    """Mail organisers of an initiative a message. It names the sender, without their address."""

    def compose() -> Note:
        lines = [
            _("%(who)s schrijft over %(title)s:", who=request.sender.name, title=initiative.title),
            request.text,
            _("Je antwoordt op de site. Je e-mailadres blijft geheim."),
        ]
        return Note(
            _("Een bericht over %(title)s", title=initiative.title), lines, _("Antwoord"),
            path_of(initiative) + "#berichten",
        )  # fmt: skip

    for person in answers_for(initiative) or coordinators():
        send_note(person, ABOUT_CONTACT, compose, dedupe_key=f"contact:{request.id}:{person.id}", now=now)


def tell_of_reply(request: ContactRequest, initiative: Initiative, *, now: datetime) -> None:
    def compose() -> Note:
        lines = [
            _("Je schreef over %(title)s. Dit is het antwoord:", title=initiative.title),
            request.reply or "",
        ]
        return Note(
            _("Antwoord over %(title)s", title=initiative.title), lines, _("Bekijk het voorbeeld"),
            path_of(initiative),
        )  # fmt: skip

    send_note(request.sender, ABOUT_CONTACT, compose, dedupe_key=f"replied:{request.id}", now=now)


def tell_of_proposal(proposal: Proposal, *, now: datetime) -> None:
    """Mail a proposal to meet somebody of another domain; names are exchanged once both agree."""
    other = db.session.get_one(Person, proposal.other_id)

    def compose() -> Note:
        lines = [
            _("Iemand uit een ander werkveld wil praten over: %(theme)s.", theme=proposal.theme.label),
            _("Kijk op de site wie dat is in één zin. Zeg jij ook ja, dan leren jullie elkaar kennen."),
        ]
        return Note(_("Wil je iemand ontmoeten?"), lines, _("Bekijk het voorstel"), "/wijkwijzer/ontmoeten")

    send_note(other, ABOUT_CONTACT, compose, dedupe_key=f"meet:{proposal.id}", now=now)


def tell_of_agreement(proposal: Proposal, *, now: datetime) -> None:
    """Mail both that they agreed."""

    def compose() -> Note:
        lines = [_("Jullie zeiden allebei ja. Op de site staan jullie namen, en de tafel waar je praat.")]
        return Note(
            _("Jullie kunnen elkaar ontmoeten"), lines, _("Naar jullie tafel"), "/wijkwijzer/ontmoeten"
        )

    for person_id in (proposal.one_id, proposal.other_id):
        person = db.session.get_one(Person, person_id)
        send_note(person, ABOUT_CONTACT, compose, dedupe_key=f"met:{proposal.id}:{person_id}", now=now)
