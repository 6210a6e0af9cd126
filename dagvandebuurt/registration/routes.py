"""Routes to register, choose sessions and subscribe to the calendar."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core import clock, i18n, mail_hints
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.parts.mail.send_limits import minutes_until
from dagvandebuurt.people.access.login import new_pending_bundle, pending_bundle
from dagvandebuurt.people.access.login_flow import current_guest, guest_has
from dagvandebuurt.people.access.trusted_devices import known_device
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.letters import send_confirmation, send_login_link
from dagvandebuurt.people.models import Domain, Person
from dagvandebuurt.people.rules import add_pending_action, agreed_house_rules
from dagvandebuurt.programme.calendar.ical import as_download, calendar_of, calendar_response
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import current_edition, session_by_slug
from dagvandebuurt.registration import (
    calendar_feeds,
    calendar_invitations,
    custom_questions,
    pending_registrations,
    rules,
)
from dagvandebuurt.registration.errors import Clash
from dagvandebuurt.registration.forms import NeedsTyped, RegisterForm
from dagvandebuurt.registration.labels import NEEDS
from dagvandebuurt.registration.models import PlaceStatus
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import (
    my_programme,
    programme_of,
    sessions_at_that_time,
)

bp = Blueprint("registration", __name__)

SENT_IS_SHOWN = timedelta(hours=1)  # to the browser that registered: the next one at that computer is another


def the_edition() -> Edition:
    """Return the current edition. Raises NotFound without one."""
    edition = current_edition()
    if edition is None:
        raise NotFound
    return edition


@bp.get("/aanmelden")
@allows(RegistrationPermission.REGISTER)
def register() -> ResponseReturnValue:
    return _page(RegisterForm())


def _page(
    form: RegisterForm,
    status: int = 200,
    answers: custom_questions.Answers | None = None,
    needs: NeedsTyped | None = None,
) -> ResponseReturnValue:
    edition, now = the_edition(), clock.now()
    page = render_template(
        "registration/register.html",
        form=form,
        mail_domains=mail_hints.DOMAINS,
        is_open=edition.registration_opens_at <= now < edition.registration_closes_at,
        too_early=now < edition.registration_opens_at,
        has_wish=pending_bundle() is not None,
        guest_has=guest_has(),
        asked=custom_questions.as_fields(custom_questions.questions_of(edition)),
        answers=answers or custom_questions.Answers(),
        needs=needs or NeedsTyped([]),
        needs_error=needs.error if needs else None,
        need_words=offered("need", NEEDS, needs.chosen if needs else []),
    )
    return page, status


@bp.post("/aanmelden")
@limiter.limit("300 per minute", key_func=network)
@allows(RegistrationPermission.REGISTER)
@once
def send_registration() -> ResponseReturnValue:
    """Register, mail the link and redirect. The same for a known address (user enumeration)."""
    form, needs = RegisterForm(), NeedsTyped.sent(request.form)
    answers = custom_questions.read(
        custom_questions.questions_of(the_edition()), request.form.to_dict(flat=False)
    )
    if not form.validate() or answers.errors or needs.error:
        return _page(form, 422, answers, needs)
    waits = minutes_until("confirm", now=clock.now())
    try:
        _write_down(form, answers, needs)
    except IntegrityError:
        _write_down(form, answers, needs)  # the same form twice at the same instant: now the address is known
    session["registered"] = [form.email.data, waits, clock.now().isoformat()]
    return redirect(url_for(".check_your_mail"), 303)


@bp.get("/aanmelden/gelukt")
@allows(RegistrationPermission.REGISTER)
def check_your_mail() -> ResponseReturnValue:
    """Say what was mailed where, to the browser that registered; another one gets the form."""
    email, waits, at = session.get("registered", ("", 0, "1970-01-01T00:00:00+00:00"))
    past = clock.now() - datetime.fromisoformat(at)
    if past > SENT_IS_SHOWN:
        session.pop("registered", None)
        return redirect(url_for(".register"))
    return render_template(
        "registration/check_your_mail.html",
        email=email,
        waits=max(0, waits - past // timedelta(minutes=1)),
        meant=mail_hints.meant(email),
    )


def _write_down(form: RegisterForm, answers: custom_questions.Answers, needs: NeedsTyped) -> None:
    now = clock.now()
    wishes = pending_bundle()
    with transaction():
        agreed = agreed_house_rules(now)
        edition = the_edition()
        person = rules.register(
            current_user,
            edition,
            name=form.name.data or "",
            email=form.email.data or "",
            participant_role=form.role,
            domain=Domain(form.domain.data) if form.domain.data else None,
            neighbourhood=form.neighbourhood.data,
            house_rules_version=agreed,
            language=i18n.language(),
            now=now,
        )
        if person.created_at == now:  # until the mail of this or another form is opened
            custom_questions.store(person.id, custom_questions.questions_of(edition), answers)
            if needs.chosen:
                custom_questions.store_needs(
                    person.id, edition, needs=needs.needs, note=needs.note, phone=needs.phone, now=now
                )
        typed = {
            "name": form.name.data,
            "participant_role": form.role.value,
            "domain": form.domain.data or None,
            "neighbourhood": form.neighbourhood.data or None,
            "language": i18n.language(),
            "house_rules_version": agreed,
            "answers": {str(question): given for question, given in answers.typed.items()},
            "needs": needs.chosen,
            "note": needs.note if needs.chosen else None,
            "phone": needs.phone if needs.chosen else None,
        }
        send = (
            send_login_link
            if person.has_account
            else partial(send_confirmation, day=edition.starts_at, phone=edition.contact_phone)
        )
        link_id = uuid4()
        is_sent = send(
            person,
            now=now,
            wishes=wishes,
            guest_id=current_guest(),
            is_own=known_device(person.id) is not None,
            content=pending_registrations.content_of(typed),
            link_id=link_id,
        )
        pending_registrations.keep(person, edition, typed, link_id=link_id if is_sent else None, now=now)


@bp.post("/sessies/<slug>/kiezen")
@allows(RegistrationPermission.REGISTER)
def choose(slug: str) -> ResponseReturnValue:
    """Add a session to one's programme (*Zet in mijn programma*). An anonymous visitor logs in first; it is
    a pending action meanwhile."""
    chosen = session_by_slug(current_user, slug)
    back = safe_path(request.form.get("verder"), url_for("programme.show", slug=slug))
    if not current_user.is_known:
        with transaction():
            add_pending_action(
                new_pending_bundle(), "choose", chosen.id, text=None, back_to=back, now=clock.now()
            )
        flash(_("Vertel ons eerst wie je bent. Daarna staat de sessie in je programma."))
        return redirect(url_for("people.login", verder=back), 303)
    try:
        with transaction():
            status = rules.choose(
                current_user, chosen, now=clock.now(), meanwhile=_meanwhile(request.form.get("tegelijk"))
            ).status
    except Clash as clash:
        return _ask_which(chosen, clash, back)
    if status is PlaceStatus.WAITLISTED:
        flash(_("Deze sessie is vol. Je staat op de wachtlijst."))
    else:
        flash(_("Deze sessie staat in je programma."))
    return redirect(back, 303)


def _meanwhile(said: str | None) -> rules.Meanwhile:
    return rules.Meanwhile(said) if said in list(rules.Meanwhile) else rules.Meanwhile.ASK


def _ask_which(chosen: ProgrammeSession, clash: Clash, back: str) -> ResponseReturnValue:
    """Ask which of two overlapping sessions to keep, in one press."""
    others = sessions_at_that_time(current_user, chosen)
    page = render_template(
        "registration/clash.html",
        chosen=chosen,
        others=others,
        clash=clash,
        may_keep_both=rules.may_keep_both(chosen, others),
        back=back,
    )
    return page, clash.status


@bp.post("/sessies/<slug>/loslaten")
@allows(RegistrationPermission.CHOOSE)
def let_go(slug: str) -> ResponseReturnValue:
    chosen = session_by_slug(current_user, slug)
    back = safe_path(request.form.get("verder"), url_for("programme.show", slug=slug))
    with transaction():
        rules.leave_session(current_user, chosen, now=clock.now())
    flash(_("Deze sessie staat niet meer in je programma."))
    return redirect(back, 303)


@bp.post("/mijn/afmelden")
@allows(RegistrationPermission.READ_OWN)
def withdraw() -> ResponseReturnValue:
    with transaction():
        rules.withdraw(current_user, the_edition(), now=clock.now())
    flash(_("Je bent afgemeld. Jammer! Je kunt je altijd weer aanmelden."))
    return redirect(
        url_for("people.settings_page", page=PersonalPage.REGISTRATION.value, _anchor="aanmelding"), 303
    )


@bp.post("/mijn/antwoorden")
@allows(RegistrationPermission.READ_OWN)
def change_answers() -> ResponseReturnValue:
    questions = custom_questions.questions_of(the_edition())
    answers = custom_questions.read(questions, request.form.to_dict(flat=False))
    if answers.errors:
        return render_template(
            "registration/answers.html", asked=custom_questions.as_fields(questions), answers=answers
        ), 422
    with transaction():
        custom_questions.store(current_user.id, custom_questions.questions_of(the_edition()), answers)
    flash(_("Je antwoorden zijn bewaard."))
    return redirect(url_for("people.settings_page", page=PersonalPage.ABOUT.value, _anchor="antwoorden"), 303)


@bp.post("/mijn/nodig")
@allows(RegistrationPermission.READ_OWN)
def change_needs() -> ResponseReturnValue:
    needs = NeedsTyped.sent(request.form)
    if needs.error:
        page = render_template(
            "registration/needs.html",
            needs=needs,
            needs_error=needs.error,
            need_words=offered("need", NEEDS, needs.chosen),
        )
        return page, 422
    with transaction():
        custom_questions.store_needs(
            current_user.id,
            the_edition(),
            needs=needs.needs,
            note=needs.note,
            phone=needs.phone,
            now=clock.now(),
        )
    flash(_("Bewaard. We gaan het regelen.") if needs.chosen else _("Bewaard. Je hebt niets nodig."))
    return redirect(url_for("people.settings_page", page=PersonalPage.ABOUT.value, _anchor="antwoorden"), 303)


@bp.post("/mijn/aanmelden")
@allows(RegistrationPermission.READ_OWN)
def come() -> ResponseReturnValue:
    """Accept the offered place on the day, or register again after cancelling."""
    with transaction():
        status = rules.come(current_user, the_edition(), now=clock.now()).status
    if status is PlaceStatus.WAITLISTED:
        flash(_("De dag is vol. Je staat op de wachtlijst."))
    else:
        flash(_("Je plek op de dag is zeker."))
    return redirect(
        url_for("people.settings_page", page=PersonalPage.REGISTRATION.value, _anchor="aanmelding"), 303
    )


@bp.get("/mijn/programma.ics")
@allows(RegistrationPermission.READ_OWN)
def my_calendar() -> ResponseReturnValue:
    return calendar_response(
        _("Mijn programma: %(event)s", event=brand.name),
        my_programme(current_user),
        filename="mijn-programma.ics",
        alarm=True,
    )


@bp.get("/kalender/<secret>.ics")
@allows(RegistrationPermission.FOLLOW)
def feed(secret: str) -> ResponseReturnValue:
    """Serve somebody's programme to a calendar program: without a cookie, at a stable secret address."""
    wishes = calendar_feeds.owner_of_feed(secret)
    with i18n.speaking(wishes.person.language):
        calendar = calendar_of(
            _("Mijn programma: %(event)s", event=brand.name),
            programme_of(wishes.person_id),
            source=f"{current_app.config['PUBLIC_URL']}{calendar_feeds.address_of(wishes)}",
            alarm=wishes.rings,
            tentative=calendar_feeds.waits_in(wishes.person_id),
        )
    response = as_download(calendar, filename="mijn-programma.ics")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.post("/mijn/kalender")
@allows(RegistrationPermission.READ_OWN)
def change_calendar() -> ResponseReturnValue:
    """Enable the feed, and change its settings."""
    now = clock.now()
    with transaction():
        begins = calendar_feeds.choose_settings(
            current_user,
            None,
            rings=request.form.get("wekker") == "1",
            is_invited=current_user.has_account and request.form.get("uitnodigingen") == "1",
        )
        if begins:
            calendar_invitations.invite_to_all(db.session.get_one(Person, current_user.id), now=now)
    flash(_("Bewaard. Hieronder staat het adres van je eigen agenda."))
    return redirect(url_for("people.settings_page", page=PersonalPage.MAIL.value, _anchor="kalender"), 303)


@bp.post("/mijn/kalender/nieuw-adres")
@allows(RegistrationPermission.READ_OWN)
def renew_calendar() -> ResponseReturnValue:
    with transaction():
        calendar_feeds.renew_feed(current_user, None)
    flash(_("Je hebt een nieuw adres. Het oude werkt niet meer."))
    return redirect(url_for("people.settings_page", page=PersonalPage.MAIL.value, _anchor="kalender"), 303)
