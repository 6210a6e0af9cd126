"""Routes of alarms: raise one at the desk, take it, write to the asker; what concerns the reader of a page; the
numbers and who is on duty.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import current_edition, edition_chosen_by, session_by_slug
from dagvandebuurt.qanda.form_responses import answered, do
from dagvandebuurt.qanda.items import desk_card
from dagvandebuurt.qanda.labels import by_line
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.safety import events, rules
from dagvandebuurt.safety.errors import NoAlarm
from dagvandebuurt.safety.forms import NumbersForm
from dagvandebuurt.safety.models import AlarmAction, DangerAlarm
from dagvandebuurt.safety.numbers import SENTENCES
from dagvandebuurt.safety.permissions import SafetyPermission
from dagvandebuurt.safety.queries import (
    Concerns,
    alarm_by_id,
    alarms_of,
    chosen_contacts,
    concerns_of,
    help_numbers,
    may_be_on_duty,
    on_duty,
    steps_of,
    who_took,
    written_numbers,
)

bp = Blueprint("safety", __name__)


@bp.get("/gevaar/nu")
@allows(SafetyPermission.LOOK)
def now() -> ResponseReturnValue:
    """Return what an open page says of alarms, to be put into it by its script."""
    edition, moment = current_edition(), clock.now()
    concerns = concerns_of(current_user, edition.id, edition.dangers_until, moment) if edition else Concerns()
    return render_template("safety/_urgent.html", concerns=concerns)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/gevaar")
@allows(SafetyPermission.LOOK)
def raise_alarm(slug: str, question_id: UUID) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    require(current_user, SafetyPermission.RAISE, session)
    outcome = do(events.RAISE, session, question=str(question_id))
    reports = request.form.get("terug") == "meldingen"
    to = url_for("moderation.reports" if reports else "qanda.desk", slug=slug)
    said = _("Verborgen. De vraagsteller ziet de nummers om te bellen, en de organisatie is gewaarschuwd.")
    return answered(outcome, to, said)


def _found(alarm_id: UUID) -> tuple[DangerAlarm, ProgrammeSession]:
    """Return an alarm that the reader may answer. To anybody else it does not exist."""
    alarm = alarm_by_id(alarm_id)
    session = db.session.get_one(ProgrammeSession, alarm.session_id)
    require(current_user, SafetyPermission.ANSWER, session)
    return alarm, session


@bp.get("/gevaar/<uuid:alarm_id>")
@allows(SafetyPermission.LOOK)
def alarm(alarm_id: UUID) -> ResponseReturnValue:
    """Show what was written, what was done, and what can be done."""
    return _alarm_page(alarm_id)


def _alarm_page(alarm_id: UUID, *, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    found, session = _found(alarm_id)
    question = db.session.get_one(Question, found.question_id)
    page = render_template(
        "safety/alarm.html",
        alarm=found,
        session=session,
        question=question,
        by=by_line(desk_card(question)["by"]),
        is_hidden=question.status is QuestionStatus.HIDDEN,
        steps=steps_of(found.id),
        actions=AlarmAction,
        taken_by=who_took(found.id),
        sentences=SENTENCES,
        numbers=help_numbers(),
        wrong=wrong,
        typed=request.form,
    )
    return page, status


@bp.post("/gevaar/<uuid:alarm_id>/oppakken")
@allows(SafetyPermission.LOOK)
def take(alarm_id: UUID) -> ResponseReturnValue:
    found, session = _found(alarm_id)
    outcome = do(events.TAKE, session, alarm=str(found.id))
    return answered(outcome, url_for(".alarm", alarm_id=alarm_id), _("Jij pakt dit op. De anderen zien het."))


@bp.post("/gevaar/<uuid:alarm_id>/bericht")
@allows(SafetyPermission.LOOK)
def tell(alarm_id: UUID) -> ResponseReturnValue:
    """Write to the asker: a ready sentence, or one's own words."""
    found, session = _found(alarm_id)
    if not request.form.get("sentence") and not request.form.get("text", "").strip():
        return _alarm_page(alarm_id, wrong=_("Kies een zin, of schrijf er zelf een."), status=422)
    outcome = do(events.TELL, session, alarm=str(found.id))
    if not outcome["ok"] and "fields" in outcome["error"]:
        return _alarm_page(alarm_id, wrong=_("Dit bericht is te lang. Maak het korter."), status=422)
    return answered(
        outcome,
        url_for(".alarm", alarm_id=alarm_id),
        _("Verstuurd. De vraagsteller leest het bij de nummers."),
    )


@bp.post("/gevaar/<uuid:alarm_id>/gelezen")
@allows(SafetyPermission.READ_HELP)
def read(alarm_id: UUID) -> ResponseReturnValue:
    """Put the numbers away, as the asker."""
    session = db.session.get_one(ProgrammeSession, alarm_by_id(alarm_id).session_id)
    outcome = do(events.READ, session, alarm=str(alarm_id))
    if not outcome["ok"] and outcome["error"]["code"] == NoAlarm.code:
        raise NoAlarm  # another person's
    back = safe_path(request.form.get("terug"), url_for("qanda.room", slug=session.slug))
    return answered(outcome, back, _("Het is weg. Je vindt de nummers terug bij je vraag."))


# --- the numbers, and who is on duty -------------------------------------------------------------


@bp.get("/organisatie/gevaar")
@allows(SafetyPermission.ARRANGE)
def desk() -> ResponseReturnValue:
    return _desk()


def _desk(form: NumbersForm | None = None, status: int = 200) -> ResponseReturnValue:
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        raise NotFound
    written = written_numbers()
    if form is None:
        form = NumbersForm(
            formdata=None,
            seen=str(written.version if written else 0),
            numbers=_as_written(),
        )
    alarms = [
        (each, question, session, who_took(each.id)) for each, question, session in alarms_of(edition.id)
    ]
    page = render_template(
        "safety/desk.html",
        form=form,
        alarms=alarms,
        people=may_be_on_duty(),
        chosen=chosen_contacts(),
        readers=on_duty(),
    )
    return page, status


def _as_written() -> list[dict[str, Any]]:
    written = written_numbers()
    if written is not None and written.numbers:
        return [*written.numbers]
    return [
        {"name": each.name, "number": each.number, "about": each.about, "about_en": ""}
        for each in help_numbers()
    ]


@bp.post("/organisatie/gevaar/nummers")
@allows(SafetyPermission.ARRANGE)
@once
def write_numbers() -> ResponseReturnValue:
    """Store the numbers; all rows empty brings the standard ones back."""
    form = NumbersForm()
    seen = form.seen.data or ""

    def page(form: NumbersForm, status: int) -> ResponseReturnValue:
        if form.refused is not None:  # the next save has seen their version
            newest = written_numbers()
            form.seen.data = str(newest.version if newest else 0)
        return _desk(form, status)

    return attempt(
        form,
        lambda: rules.write_numbers(
            current_user,
            None,
            numbers=form.filled,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
            now=clock.now(),
        ),
        page=page,
        back=url_for(".desk") + "#nummers",
        said=_("Bewaard. Wie gevaar loopt, ziet nu deze nummers."),
    )


@bp.post("/organisatie/gevaar/wie")
@allows(SafetyPermission.ARRANGE)
@once
def choose_contacts() -> ResponseReturnValue:
    people = set()
    for text in request.form.getlist("person"):
        try:
            people.add(UUID(text))
        except ValueError:
            continue
    with transaction():
        rules.choose_contacts(current_user, None, people=people)
    flash(_("Bewaard. Zij krijgen een mail als er een alarm is."))
    return redirect(url_for(".desk") + "#wie", 303)
