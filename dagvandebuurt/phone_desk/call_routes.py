"""Routes of one call: read the page of the person, and do what they ask."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import OP, once
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.letters import send_login_link
from dagvandebuurt.people.models import ParticipantRole, Person, Role
from dagvandebuurt.phone_desk import rules
from dagvandebuurt.phone_desk.errors import CallOver, HasTasks, NoAddress, NoCardForThem, PersonGone
from dagvandebuurt.phone_desk.forms import DetailsForm
from dagvandebuurt.phone_desk.models import LookDeed
from dagvandebuurt.phone_desk.queries import call_of, card_of, others_helping
from dagvandebuurt.phone_desk.routes import bp
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import current_edition, session_by_id, sessions_for, with_everything
from dagvandebuurt.qanda import events, private_link
from dagvandebuurt.qanda.forms import QUESTION_MAX_CHARS, Ask
from dagvandebuurt.qanda.models import Appearance, Via
from dagvandebuurt.registration import entry_cards, helper_messages
from dagvandebuurt.registration import rules as registration_rules
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import choices_of, registration_of
from dagvandebuurt.registration.routes import the_edition

BY_MAIL = "mail"


@bp.get("/telefoon/gesprek/<uuid:call_id>")
@allows(RegistrationPermission.ANSWER_PHONE)
def call(call_id: UUID) -> ResponseReturnValue:
    """Show what helps this caller. Only to the helper who opened it, for an hour."""
    return _page(call_id, DetailsForm(formdata=None))


def _page(call_id: UUID, form: DetailsForm, status: int = 200, **asked: Any) -> ResponseReturnValue:
    now = clock.now()
    opened, person = call_of(current_user, call_id, now=now)
    edition, card = current_edition(), card_of(person.id)
    sessions = [each for each in _sessions() if edition is not None and each.edition_id == edition.id]
    page = render_template(
        "phone_desk/call.html",
        call=opened,
        person=person,
        others=others_helping(opened, now=now),
        form=form,
        seen=rules.stamp_of(person),
        edition=edition,
        registration=registration_of(person.id, edition) if edition is not None else None,
        card=card,
        number=entry_cards.number_of(card) if card is not None and not person.grants else None,
        sessions=[each for each in sessions if each.phase_at(now) not in (Phase.ENDED, Phase.CANCELLED)],
        open_sessions=[each for each in sessions if each.phase_at(now) in (Phase.LOBBY, Phase.LIVE)],
        chosen=choices_of(Identity.of(person)),
        questions=helper_messages.asked_by(person.id),
        asked=asked,
        # Made by chance: an id worked out from the call would say whose an anonymous question is.
        question_id=asked.get("id") or uuid4(),
        most_chars=QUESTION_MAX_CHARS,
    )
    return page, status


def _sessions() -> Sequence[ProgrammeSession]:
    return db.session.scalars(with_everything(sessions_for(current_user))).all()


def _back(call_id: UUID, anchor: str) -> ResponseReturnValue:
    return redirect(url_for(".call", call_id=call_id, _anchor=anchor), 303)


@bp.post("/telefoon/gesprek/<uuid:call_id>/gegevens")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def change_details(call_id: UUID) -> ResponseReturnValue:
    form = DetailsForm()

    def act() -> None:
        opened, _person = call_of(current_user, call_id, now=clock.now())
        rules.change_details(
            current_user,
            opened,
            name=form.name.data or "",
            participant_role=ParticipantRole(form.participant_role.data),
            neighbourhood=form.neighbourhood.data,
            seen=form.seen.data or "",
            now=clock.now(),
        )

    return attempt(
        form,
        act,
        page=lambda form, status: _page(call_id, form, status),
        back=url_for(".call", call_id=call_id, _anchor="gegevens"),
        said=_("De gegevens zijn bewaard."),
        passes_on=(CallOver, PersonGone, HasTasks),
    )


@bp.post("/telefoon/gesprek/<uuid:call_id>/link")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def send_link(call_id: UUID) -> ResponseReturnValue:
    """Mail a login link to the address of this person. The helper never sees it."""
    with transaction():
        opened, person = call_of(current_user, call_id, now=clock.now())
        if person.email is None:
            raise NoAddress
        is_sent = send_login_link(person, now=clock.now())
        if is_sent:
            rules.note(current_user, opened, deed=LookDeed.LINK, now=clock.now())
    if is_sent:
        flash(_("Er is een mail met een link onderweg. Vraag of deze persoon ook bij ongewenste mail kijkt."))
    else:
        flash(
            _("Er is net al een link gestuurd. Kijk eerst of die er is. Over een minuut kan het weer."),
            "watch",
        )
    return _back(call_id, "binnenkomen")


@bp.post("/telefoon/gesprek/<uuid:call_id>/kaart")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def new_card(call_id: UUID) -> ResponseReturnValue:
    with transaction():
        opened, _person = call_of(current_user, call_id, now=clock.now())
        rules.give_card(current_user, opened, now=clock.now())
    flash(_("Er is een nieuwe kaart. De oude werkt niet meer."))
    return _back(call_id, "binnenkomen")


@bp.get("/telefoon/gesprek/<uuid:call_id>/kaart")
@allows(RegistrationPermission.ANSWER_PHONE)
def print_card(call_id: UUID) -> ResponseReturnValue:
    """Show the card to print, in the language of the person."""
    _opened, person = call_of(current_user, call_id, now=clock.now())
    rules.of_the_public(person)
    card = card_of(person.id)
    if card is None:
        raise NoCardForThem
    link = current_app.config["PUBLIC_URL"] + url_for("registration.card", token=entry_cards.link_of(card))
    with speaking(person.language):
        drawn = qr_code(link, _("Kaart van %(name)s", name=person.name))
        return render_template(
            "registration/cards.html",
            cards=[(card, drawn, entry_cards.number_of(card))],
            languages={},
            chosen=None,
            where=current_app.config["PUBLIC_URL"].split("://")[-1] + url_for("registration.code"),
        )


@bp.post("/telefoon/gesprek/<uuid:call_id>/sessies")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def choose_sessions(call_id: UUID) -> ResponseReturnValue:
    """Replace their sessions by the ticked ones. Each that is full, or overlaps another, is named."""
    with transaction():
        opened, person = call_of(current_actor(), call_id, now=clock.now())
        told = registration_rules.choose_for_another(
            Identity.of(rules.of_the_public(person)),
            _sessions(),
            set(request.form.getlist("sessie")),
            now=clock.now(),
        )
        rules.note(current_user, opened, deed=LookDeed.SESSIONS, now=clock.now())
    flash(_("De sessies zijn bewaard."))
    for sentence in told:
        flash(sentence, "watch")
    return _back(call_id, "sessies")


@bp.post("/telefoon/gesprek/<uuid:call_id>/dag")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def come_or_not(call_id: UUID) -> ResponseReturnValue:
    """Take a place on the day for them, or give it up."""
    comes = request.form.get("komt") == "ja"
    with transaction():
        opened, person = call_of(current_actor(), call_id, now=clock.now())
        them = Identity.of(rules.of_the_public(person))
        if comes:
            registration_rules.come(them, the_edition(), now=clock.now())
        else:
            registration_rules.withdraw(them, the_edition(), now=clock.now())
        rules.note(current_user, opened, deed=LookDeed.CHANGED, now=clock.now())
    flash(_("Aangemeld voor de dag.") if comes else _("Afgemeld. De plekken gaan naar anderen."))
    return _back(call_id, "dag")


@bp.post("/telefoon/gesprek/<uuid:call_id>/vraag")
@allows(RegistrationPermission.ANSWER_PHONE)
def ask(call_id: UUID) -> ResponseReturnValue:
    """Ask what the caller asks, in their own name at the desk: they are told, and it is marked as by telephone."""
    opened, person = call_of(current_user, call_id, now=clock.now())
    op = request.form.get("op", "")
    sent = {
        "id": request.form.get("id", ""),
        "text": request.form.get("text", ""),
        "session": request.form.get("session", ""),
        "appear": request.form.get("appear", ""),
        "told": request.form.get("told", ""),
    }
    try:
        act = _asked(person, op, sent)
    except InvalidInput as broken:
        return _page(call_id, DetailsForm(formdata=None), 422, errors=_errors(broken.as_dict()), **sent)
    session = session_by_id(current_user, act.session)
    # For this question they may be written down for, like by a supporter: no other right comes with it.
    them = Identity.of(person, grants=((Role.SUPPORTER.value, session.id),))
    outcome = live().do(events.ASK, them, act)
    if not outcome["ok"]:
        return _page(call_id, DetailsForm(formdata=None), 422, errors=_errors(outcome["error"]), **sent)
    if act.appear is not Appearance.ANONYMOUS:  # a row beside an anonymous question would say whose it is
        with transaction():
            rules.note_question(current_user, opened, question_id=act.id, now=clock.now())
    flash(
        _(
            "De vraag is gesteld. Lees dit nummer voor, in paren: %(number)s. Daarmee is het antwoord altijd te vinden.",
            number=in_pairs(private_link.number_of(act.id)),
        )
    )
    return _back(call_id, "vragen")


def _asked(person: Person, op: str, sent: dict[str, str]) -> Ask:
    """Return the input of this question. Raises InvalidInput."""
    if not OP.fullmatch(op):
        raise InvalidInput({"text": [_("Vernieuw de pagina en probeer het opnieuw.")]})
    if not sent["session"]:
        raise InvalidInput({"session": [_("Kies een sessie.")]})
    if not sent["text"].strip():
        raise InvalidInput({"text": [_("Schrijf de vraag op.")]})
    is_anonymous = sent["appear"] == Appearance.ANONYMOUS.value
    fields = {
        "op": op,
        "id": sent["id"],
        "session": sent["session"],
        "text": sent["text"],
        "via": Via.PHONE.value,
        "appear": sent["appear"] or Appearance.ROLE.value,
        "for_role": person.participant_role.value,
        "for_place": person.neighbourhood or "",
    }
    if request.form.get("consent"):
        fields["consent"] = "1"
    if is_anonymous and sent["told"] == BY_MAIL and person.has_account:
        fields["notice"] = "1"
    return Ask.from_page(fields)


def _errors(error: dict[str, Any]) -> dict[str, str]:
    """Return the sentences of a refusal by field; of the whole form under `text`."""
    fields = error.get("fields")
    if fields:
        return {name: " ".join(str(each) for each in said) for name, said in fields.items()}
    return {"text": str(error["message"])}


def in_pairs(number: str) -> str:
    """Return ten digits as they are read aloud."""
    return " ".join(number[place : place + 2] for place in range(0, len(number), 2))


@bp.post("/telefoon/gesprek/<uuid:call_id>/klaar")
@allows(RegistrationPermission.ANSWER_PHONE)
def end(call_id: UUID) -> ResponseReturnValue:
    with transaction():
        opened, _person = call_of(current_user, call_id, now=clock.now())
        rules.end_call(current_user, opened, now=clock.now())
    flash(_("Klaar. Deze persoon staat niet meer open."))
    return redirect(url_for(".desk"), 303)
