"""Routes of the organiser's desk for mailings."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import in_words, ngettext
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.writing_hints import hints_for
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.mailings import labels, rules
from dagvandebuurt.mailings.errors import NoAddressOfYourOwn
from dagvandebuurt.mailings.fields import FIELDS
from dagvandebuurt.mailings.filling import TRIAL, Pattern, Written, programmes_for, read_by
from dagvandebuurt.mailings.filters import Audience
from dagvandebuurt.mailings.forms import MailingForm, RulesForm, SendForm, values_of
from dagvandebuurt.mailings.models import Mailing, MailingAction, MailingStatus
from dagvandebuurt.mailings.permissions import MailingPermission
from dagvandebuurt.mailings.queries import (
    A_PAGE,
    Outcome,
    changes_of,
    counted,
    mailing_by_id,
    mailings_of,
    outcomes,
    recipients,
    second_pair_above,
    somebody_named,
)
from dagvandebuurt.mailings.states import MAILINGS
from dagvandebuurt.parts.mail.labels import why, why_back
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.queries import name_of, person_of
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import edition_chosen_by

bp = Blueprint("mailings", __name__)


@bp.get("/organisatie/berichten")
@allows(MailingPermission.WRITE)
def desk() -> ResponseReturnValue:
    """Show what was written and sent, and the number above which a second organiser looks along."""
    return _desk_page()


def _desk_page(form: RulesForm | None = None, status: int = 200) -> ResponseReturnValue:
    edition = _edition()
    above = second_pair_above(edition.id)
    page = render_template(
        "mailings/desk.html",
        mailings=mailings_of(edition.id),
        statuses=labels.STATUSES,
        above=above,
        form=form or RulesForm(formdata=None, second_pair_above=above),
        may_set=can(current_user, MailingPermission.SET_RULES),
        goes_nowhere=_goes_nowhere(),
    )
    return page, status


@bp.post("/organisatie/berichten/regels")
@allows(MailingPermission.SET_RULES)
@once
def set_rules() -> ResponseReturnValue:
    """Set above how many people a second organiser has to agree."""
    form = RulesForm()
    return attempt(
        form,
        lambda: rules.set_rules(
            current_user, _edition(), second_pair_above=form.second_pair_above.data or 0, now=clock.now()
        ),
        page=_desk_page,
        back=url_for(".desk"),
        said=_("Bewaard."),
    )


@bp.get("/organisatie/berichten/nieuw")
@allows(MailingPermission.WRITE)
def new() -> ResponseReturnValue:
    """Show the form for a new one."""
    return _editor(MailingForm(formdata=None).offer(_edition().id), None)


@bp.post("/organisatie/berichten")
@allows(MailingPermission.WRITE)
@once
def write() -> ResponseReturnValue:
    """Keep a new one as a draft; or with the button *Bekijk eerst* only show it."""
    form, edition = MailingForm().offer(_edition().id), _edition()
    if "bekijk" in request.form:
        return _editor(form, None, 200 if form.validate() else 422, is_preview=not form.errors)
    return attempt(
        form,
        lambda: rules.write(current_user, edition, draft=form.draft, now=clock.now()),
        page=lambda form, status: _editor(form, None, status),
        back=lambda mailing: url_for(".show", mailing_id=mailing.id),
        said=_("Bewaard. Er is nog niets verstuurd."),
    )


@bp.post("/organisatie/berichten/voorbeeld")
@allows(MailingPermission.WRITE)
def preview() -> ResponseReturnValue:
    """Render the text being typed, with whom it reaches and hints on its words. Stores nothing."""
    form = MailingForm().offer(_edition().id)
    form.validate()
    return render_template("mailings/_preview.html", **_previewed(form))


@bp.get("/organisatie/berichten/<uuid:mailing_id>/schrijf")
@allows(MailingPermission.WRITE)
def edit(mailing_id: UUID) -> ResponseReturnValue:
    """Show the form of a draft."""
    edition = _edition()
    mailing = mailing_by_id(edition.id, mailing_id)
    if not MAILINGS.is_possible(mailing, MailingAction.SAVE):
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    return _editor(MailingForm(formdata=None, data=values_of(mailing)).offer(edition.id), mailing)


@bp.post("/organisatie/berichten/<uuid:mailing_id>/schrijf")
@allows(MailingPermission.WRITE)
@once
def save(mailing_id: UUID) -> ResponseReturnValue:
    """Keep the changes to a draft; or with the button *Bekijk eerst* only show them."""
    edition = _edition()
    mailing = mailing_by_id(edition.id, mailing_id)
    form = MailingForm().offer(edition.id)
    if "bekijk" in request.form:
        return _editor(form, mailing, 200 if form.validate() else 422, is_preview=not form.errors)
    return attempt(
        form,
        lambda: rules.save(current_user, mailing, draft=form.draft, seen=form.revision, now=clock.now()),
        page=lambda form, status: _editor(form, mailing, status),
        back=url_for(".show", mailing_id=mailing.id),
        said=_("Bewaard. Er is nog niets verstuurd."),
    )


@bp.get("/organisatie/berichten/<uuid:mailing_id>")
@allows(MailingPermission.WRITE)
def show(mailing_id: UUID) -> ResponseReturnValue:
    """Show a mailing: its text, who gets it, what can be done, and what became of it."""
    return _page(mailing_by_id(_edition().id, mailing_id))


@bp.get("/organisatie/berichten/<uuid:mailing_id>/wie")
@allows(MailingPermission.WRITE)
def who(mailing_id: UUID) -> ResponseReturnValue:
    """List who gets it, and what became of it for each."""
    mailing = mailing_by_id(_edition().id, mailing_id)
    asked = request.args.get("wat", "")
    outcome = Outcome(asked) if asked in set(Outcome) else None
    found = outcomes(mailing)
    count = sum(found.values()) if outcome is None else found[outcome]
    pages = max(1, -(-count // A_PAGE))
    page = min(pages, max(1, request.args.get("pagina", 1, type=int)))
    return render_template(
        "mailings/who.html",
        mailing=mailing,
        found=found,
        outcome=outcome,
        labels=labels.OUTCOMES,
        people=recipients(mailing, outcome, page),
        page=page,
        pages=pages,
        why=why,
        why_back=why_back,
    )


@bp.post("/organisatie/berichten/<uuid:mailing_id>/proef")
@allows(MailingPermission.WRITE)
@once
def try_out(mailing_id: UUID) -> ResponseReturnValue:
    """Send it to oneself, once for each language it has."""
    edition = _edition()
    mailing = mailing_by_id(edition.id, mailing_id)

    def act() -> str:
        person = person_of(current_user)
        if person.email is None or not person.has_account:
            raise NoAddressOfYourOwn
        now = clock.now()
        rules.try_out(current_user, mailing, now=now)
        sessions = programmes_for(mailing, edition).get(person.id, [])
        for language in ("nl", "en") if mailing.has_english else ("nl",):
            letter = Pattern(mailing, edition, language).to(person, sessions, kind=TRIAL)
            post(letter, dedupe_key=f"{TRIAL}:{mailing.id.hex}:{mailing.revision}:{language}", now=now)
        return _("De proef gaat naar %(address)s.", address=person.email)

    return _done(mailing, act)


@bp.post("/organisatie/berichten/<uuid:mailing_id>/verstuur")
@allows(MailingPermission.WRITE)
@once
def send(mailing_id: UUID) -> ResponseReturnValue:
    """Send it now or later, or ask another organiser to agree first."""
    mailing = mailing_by_id(_edition().id, mailing_id)
    form = SendForm()

    def said(is_planned: bool) -> str:
        if not is_planned:
            return _("Een andere organisator moet nog akkoord geven. Daarna gaat het weg.")
        return _("Het bericht gaat op tijd weg.") if form.due_at else _("Het bericht gaat nu weg.")

    return attempt(
        form,
        lambda: rules.send(current_user, mailing, due_at=form.due_at, seen=form.revision, now=clock.now()),
        page=lambda form, status: _page(mailing, status, form=form),
        back=url_for(".show", mailing_id=mailing.id),
        said=said,
    )


@bp.post("/organisatie/berichten/<uuid:mailing_id>/akkoord")
@allows(MailingPermission.WRITE)
@once
def approve(mailing_id: UUID) -> ResponseReturnValue:
    """Agree that it goes. Whoever wrote it, or wants to send it, cannot."""
    mailing = mailing_by_id(_edition().id, mailing_id)

    def act() -> str:
        form = SendForm()
        rules.approve(current_user, mailing, seen=form.revision, now=clock.now())
        return _("Akkoord. Het bericht gaat weg.")

    return _done(mailing, act)


@bp.post("/organisatie/berichten/<uuid:mailing_id>/terug")
@allows(MailingPermission.WRITE)
@once
def take_back(mailing_id: UUID) -> ResponseReturnValue:
    """Make a draft of it again, before anything was sent."""
    mailing = mailing_by_id(_edition().id, mailing_id)

    def act() -> str:
        rules.take_back(current_user, mailing, now=clock.now())
        return _("Het is weer een concept. Er is niets verstuurd.")

    return _done(mailing, act)


@bp.post("/organisatie/berichten/<uuid:mailing_id>/stop")
@allows(MailingPermission.WRITE)
@once
def stop(mailing_id: UUID) -> ResponseReturnValue:
    """Stop in the middle."""
    mailing = mailing_by_id(_edition().id, mailing_id)

    def act() -> str:
        count = rules.stop(current_user, mailing, now=clock.now())
        return ngettext(
            "Gestopt. %(num)s mens krijgt het niet.", "Gestopt. %(num)s mensen krijgen het niet.", count
        )

    return _done(mailing, act)


@bp.post("/organisatie/berichten/<uuid:mailing_id>/verder")
@allows(MailingPermission.WRITE)
@once
def resume(mailing_id: UUID) -> ResponseReturnValue:
    """Go on with what was stopped."""
    mailing = mailing_by_id(_edition().id, mailing_id)

    def act() -> str:
        rules.resume(current_user, mailing, now=clock.now())
        return _("We gaan verder. Niemand krijgt het twee keer.")

    return _done(mailing, act)


def _done(mailing: Mailing, act: Any) -> ResponseReturnValue:
    """Do something to a mailing and go back to its page, which says how that went."""
    try:
        with transaction():
            said = act()
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
    else:
        flash(said, "done")
    return redirect(url_for(".show", mailing_id=mailing.id), 303)


def _edition() -> Edition:
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        raise NotFound
    return edition


def _goes_nowhere() -> bool:
    return current_app.config["SMTP_URL"] is None and not current_app.config["DEMO"]


def _editor(
    form: MailingForm, mailing: Mailing | None, status: int = 200, *, is_preview: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "mailings/editor.html",
        form=form,
        mailing=mailing,
        action=url_for(".save", mailing_id=mailing.id) if mailing else url_for(".write"),
        fields=[f"{{{name}}}" for name in FIELDS],
        is_preview=is_preview,
        goes_nowhere=_goes_nowhere(),
        **_previewed(form),
    )
    return page, status


def _previewed(form: MailingForm) -> dict[str, Any]:
    """Return what the preview shows of a form: counts, texts filled in, and hints."""
    edition = _edition()
    draft = form.draft
    typed = Mailing(
        edition_id=edition.id, subject=draft.subject, text=draft.text, subject_en=draft.subject_en,
        text_en=draft.text_en, audience={},
    )  # fmt: skip
    is_whole = not (form.who.errors or form.presence.errors or form.language.errors or form.answered.errors)
    return {
        "counts": counted(edition.id, draft.audience) if is_whole else None,
        "shown": _in_both_languages(typed, edition, person_of(current_user)) if draft.text else {},
        "has_english": typed.has_english,
        "hints": hints_for(draft.text),
    }


def _in_both_languages(mailing: Mailing, edition: Edition, person: Person) -> dict[str, Written]:
    sessions = programmes_for(mailing, edition).get(person.id, [])
    return {
        language: read_by(mailing, edition, name=person.name, language=language, sessions=sessions)
        for language in ("nl", "en")
    }


def _page(mailing: Mailing, status: int = 200, *, form: SendForm | None = None) -> ResponseReturnValue:
    edition = db.session.get_one(Edition, mailing.edition_id)
    audience = Audience.of(mailing.audience)
    name = request.args.get("voor", "").strip()[:100]
    person, gets = somebody_named(edition.id, audience, name) if name else (None, False)
    reader = person or person_of(current_user)
    done = changes_of(mailing)
    is_before = mailing.status in (MailingStatus.DRAFT, MailingStatus.AWAITING, MailingStatus.PLANNED)
    page = render_template(
        "mailings/show.html",
        mailing=mailing,
        audience=audience,
        said=labels.in_words(edition.id, audience),
        statuses=labels.STATUSES,
        actions=labels.ACTIONS,
        outcome_labels=labels.OUTCOMES,
        counts=counted(edition.id, audience) if is_before else None,
        found=None if is_before else outcomes(mailing),
        shown=_in_both_languages(mailing, edition, reader),
        has_english=mailing.has_english,
        hints=hints_for(mailing.text) if mailing.status is MailingStatus.DRAFT else [],
        asked_name=name,
        person=person,
        person_gets=gets,
        person_language="en" if reader.language == "en" else "nl",
        possible={action.value for action in MAILINGS.possible(mailing)},
        may_approve=can(current_user, MailingPermission.APPROVE, mailing),
        above=second_pair_above(edition.id),
        form=form or SendForm(formdata=None),
        changes=done,
        names={each.by_id: name_of(each.by_id) for each in done if each.by_id},
        when=in_words(mailing.due_at) if mailing.due_at else "",
        goes_nowhere=_goes_nowhere(),
    )
    return page, status
