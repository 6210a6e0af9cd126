"""Routes for attendees without e-mail: entry by session code or printed card, and registration on behalf."""

from collections.abc import Sequence
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import LANGUAGES, language, speaking
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.people.access.login_flow import current_guest, log_in
from dagvandebuurt.people.access.login_throttle import GuessThrottle
from dagvandebuurt.people.forms import GuestForm, NothingForm
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.rules import end_login
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import (
    CODE_DIGITS,
    current_edition,
    session_by_code,
    sessions_for,
    with_everything,
)
from dagvandebuurt.registration import entry_cards, helper_messages, rules
from dagvandebuurt.registration.errors import TOO_MANY_NUMBERS, CardUnknown
from dagvandebuurt.registration.forms import CodeForm, NameForm, OthersForm
from dagvandebuurt.registration.models import EntryCard
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import card_by, cards_by, choices_of, registration_of
from dagvandebuurt.registration.routes import bp, the_edition

# Ten digits and some 2,000 cards: a network that may guess 600 an hour finds one in a year.
NUMBERS = GuessThrottle(
    "card", slow="20 per minute", shut="600 per hour", crowd="3000 per hour", shut_in_crowd="30 per hour"
)


WHOSE = "everybody"  # numbers of all editions are guessed together


@bp.get("/kom")
@allows(RegistrationPermission.REGISTER)
def code() -> ResponseReturnValue:
    return render_template("registration/code.html", form=CodeForm())


@bp.post("/kom")
@allows(RegistrationPermission.REGISTER)
def use_code() -> ResponseReturnValue:
    """Redirect: a session code to its room, a card number to its person."""
    form, edition = CodeForm(), current_edition()
    if not form.validate():
        return render_template("registration/code.html", form=form), 422
    typed = form.code.data or ""
    is_card = len(typed) != CODE_DIGITS
    if is_card and NUMBERS.is_shut(WHOSE):
        return _wrong_number(form, is_too_many=True)
    try:
        if not is_card:  # printed on a poster; guessing it gains nothing, so it is never blocked
            if edition is None:
                raise NotFound
            session = session_by_code(current_user, edition, typed, now=clock.now())
            return _to_the_room(session.slug, session.title)
        card = entry_cards.by_number(typed, now=clock.now())
    except (CardUnknown, NotFound):
        path = entry_cards.path_of_number(typed)  # the number of one question
        return redirect(path, 303) if path else _wrong_number(form, is_too_many=NUMBERS.was_wrong(WHOSE))
    return _with_card(card, url_for(".use_code"), code=typed)


def _wrong_number(form: CodeForm, *, is_too_many: bool) -> ResponseReturnValue:
    sentence = TOO_MANY_NUMBERS if is_too_many else CardUnknown.message
    form.code.errors = [str(sentence)]
    return render_template("registration/code.html", form=form), 429 if is_too_many else CardUnknown.status


def _with_card(card: EntryCard, action: str, **typed: str) -> ResponseReturnValue:
    """Log in as the holder of a card.

    A browser in which somebody else is logged in never switches silently: it may be the helper's. They are
    asked first, and shown how to open the card separately.
    """
    if current_user.is_known and current_user.id != card.person_id:
        guest_id = current_guest()
        is_guest = guest_id is not None and account_merging.is_a_guest(guest_id)
        if request.form.get("wissel") not in ("ja", "mee"):
            is_helper = card.helper_id == current_user.id
            return render_template(
                "registration/card_of_another.html",
                card=card,
                action=action,
                typed=typed,
                has=account_merging.held_by(guest_id) if guest_id is not None and is_guest else [],
                is_guest=is_guest,
                others=url_for(".other", card_id=card.id) if is_helper else None,
            )
        taken = guest_id if is_guest and request.form.get("wissel") == "mee" else None
        with transaction():
            if current_user.login_id is not None and taken is None:
                end_login(current_user.login_id, now=clock.now())
        return log_in(card.person_id, back=url_for("people.mine"), guest_id=taken, takes_along=False)
    return log_in(card.person_id, back=url_for("people.mine"), takes_along=False)


def _to_the_room(slug: str, title: str) -> ResponseReturnValue:
    room = url_for("qanda.room", slug=slug)
    if current_user.is_known:
        return redirect(room, 303)
    return render_template("people/guest.html", form=GuestForm(formdata=None), back=room, title=title)


@bp.get("/kom/<token>")
@allows(RegistrationPermission.REGISTER)
def card(token: str) -> ResponseReturnValue:
    """Show whose card a QR code opens, and a button. A link preview logs nobody in."""
    try:
        found = entry_cards.by_link(token, now=clock.now())
    except CardUnknown as broken:
        return render_template("people/link_broken.html", broken=broken), 404
    return render_template("registration/card.html", form=NothingForm(), token=token, person=found.person)


@bp.post("/kom/<token>")
@limiter.limit("300 per minute", key_func=network)
@allows(RegistrationPermission.REGISTER)
def use_card(token: str) -> ResponseReturnValue:
    try:
        found = entry_cards.by_link(token, now=clock.now())
    except RuleBroken:
        return render_template("people/link_broken.html", broken=CardUnknown()), 404
    return _with_card(found, url_for(".use_card", token=token))


@bp.get("/mijn/anderen")
@allows(RegistrationPermission.REGISTER_OTHERS)
def others() -> ResponseReturnValue:
    return _others(OthersForm())


def _others(form: OthersForm, status: int = 200, broken: RuleBroken | None = None) -> ResponseReturnValue:
    page = render_template("registration/others.html", form=form, cards=cards_by(current_user), broken=broken)
    return page, status


@bp.post("/mijn/anderen")
@allows(RegistrationPermission.REGISTER_OTHERS)
@once
def register_others() -> ResponseReturnValue:
    """Register all of them, or nobody."""
    form = OthersForm()

    def act() -> None:
        edition = the_edition()
        for name in form.people:
            entry_cards.register_other(
                current_user,
                edition,
                name=name,
                participant_role=ParticipantRole(form.participant_role.data),
                neighbourhood=form.neighbourhood.data,
                now=clock.now(),
                helper_hears=bool(form.hears.data),
            )

    return attempt(
        form,
        act,
        page=lambda form, status: _others(form, status, form.refused),
        back=url_for(".others"),
        said=_("Aangemeld. Print de kaart, of geef het nummer door."),
        passes_on=(),
    )


@bp.get("/mijn/anderen/kaarten")
@allows(RegistrationPermission.REGISTER_OTHERS)
def print_cards() -> ResponseReturnValue:
    """Show printable cards: of each person, or of the requested one; in the language that was asked for."""
    chosen = request.args.get("kaart", "")
    spoken = request.args.get("taal", "")
    found = [
        card
        for card in cards_by(current_user)
        if not chosen or str(card.id) == chosen
    ]  # fmt: skip
    with speaking(spoken if spoken in LANGUAGES else language()):
        return render_template(
            "registration/cards.html",
            cards=[(card, _qr_of(card), entry_cards.number_of(card)) for card in found],
            chosen=chosen or None,
            where=current_app.config["PUBLIC_URL"].split("://")[-1] + url_for(".code"),
        )


def _qr_of(card: EntryCard) -> str:
    link = current_app.config["PUBLIC_URL"] + url_for(".card", token=entry_cards.link_of(card))
    return qr_code(link, _("Kaart van %(name)s", name=card.person.name))


@bp.get("/mijn/anderen/<uuid:card_id>")
@allows(RegistrationPermission.REGISTER_OTHERS)
def other(card_id: UUID) -> ResponseReturnValue:
    return _other(card_by(current_user, card_id), NameForm(formdata=None))


def _other(card: EntryCard, form: NameForm, status: int = 200) -> ResponseReturnValue:
    now, edition = clock.now(), card.edition
    them = Identity.of(card.person)
    page = render_template(
        "registration/other.html",
        card=card,
        number=entry_cards.number_of(card),
        form=form,
        registration=registration_of(card.person_id, edition),
        sessions=[
            session
            for session in _all_sessions()
            if session.edition_id == edition.id
            and session.phase_at(now) not in (Phase.ENDED, Phase.CANCELLED)
        ],
        chosen=choices_of(them),
        asked=helper_messages.asked_by(card.person_id) if card.helper_hears_at else [],
    )
    return page, status


def _all_sessions() -> Sequence[ProgrammeSession]:
    return db.session.scalars(with_everything(sessions_for(current_user))).all()


@bp.post("/mijn/anderen/<uuid:card_id>/naam")
@allows(RegistrationPermission.REGISTER_OTHERS)
def rename_other(card_id: UUID) -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _other(card_by(current_user, card_id), form, 422)
    with transaction():
        entry_cards.rename_other(current_user, card_by(current_user, card_id), name=form.name.data or "")
    flash(_("De naam is verbeterd."))
    return redirect(url_for(".other", card_id=card_id), 303)


@bp.post("/mijn/anderen/<uuid:card_id>/lezen")
@allows(RegistrationPermission.REGISTER_OTHERS)
def let_helper_hear(card_id: UUID) -> ResponseReturnValue:
    """Record or withdraw consent that the helper reads the answers to their questions."""
    hears = request.form.get("lezen") == "ja"
    with transaction():
        entry_cards.let_helper_hear(
            current_user, card_by(current_user, card_id), hears=hears, now=clock.now()
        )
    flash(
        _("Bewaard. Je leest hier wat er met hun vragen gebeurt.")
        if hears
        else _("Bewaard. Je leest hier niets meer van hun vragen.")
    )
    return redirect(url_for(".other", card_id=card_id), 303)


@bp.post("/mijn/anderen/<uuid:card_id>/sessies")
@allows(RegistrationPermission.REGISTER_OTHERS)
def choose_for_other(card_id: UUID) -> ResponseReturnValue:
    """Replace their sessions by the ticked ones. Each that is full, or overlaps another, is named."""
    wanted = set(request.form.getlist("sessie"))
    with transaction():
        card = card_by(current_actor(), card_id)
        told = rules.choose_for_another(Identity.of(card.person), _all_sessions(), wanted, now=clock.now())
    flash(_("De sessies zijn bewaard."))
    for sentence in told:
        flash(sentence, "watch")
    return redirect(url_for(".other", card_id=card_id), 303)


@bp.post("/mijn/anderen/<uuid:card_id>/kaart")
@allows(RegistrationPermission.REGISTER_OTHERS)
def replace_card(card_id: UUID) -> ResponseReturnValue:
    with transaction():
        entry_cards.replace_card(current_user, card_by(current_user, card_id))
    flash(_("Er is een nieuwe kaart. De oude werkt niet meer."))
    return redirect(url_for(".other", card_id=card_id), 303)


@bp.post("/mijn/anderen/<uuid:card_id>/afmelden")
@allows(RegistrationPermission.REGISTER_OTHERS)
def withdraw_other(card_id: UUID) -> ResponseReturnValue:
    with transaction():
        card = card_by(current_actor(), card_id)
        rules.withdraw(Identity.of(card.person), card.edition, now=clock.now())
    flash(_("Afgemeld. De plekken gaan naar anderen."))
    return redirect(url_for(".other", card_id=card_id), 303)
