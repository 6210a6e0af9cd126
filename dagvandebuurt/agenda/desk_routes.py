"""Routes of two desks: of the editors, who prepare a point for sending, and of the organisations that answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.agenda import answering, labels, letters, rules
from dagvandebuurt.agenda.deadlines import days_late, owes
from dagvandebuurt.agenda.forms import (
    AcknowledgeForm,
    AnswerForm,
    CurateForm,
    DeclineForm,
    MergeForm,
    NoteForm,
    ReaddressForm,
)
from dagvandebuurt.agenda.history import last_event
from dagvandebuurt.agenda.models import PUBLIC, Action, FollowUp, FollowUpStatus
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.queries import (
    asked_of,
    locked,
    organisations_of,
    organisations_that_answer,
    organisations_without_contact,
    participants_of,
    point_by_number,
    points_for,
    questions_of,
    with_everything,
)
from dagvandebuurt.agenda.routes import bp, themes
from dagvandebuurt.agenda.states import MACHINE
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.places.queries import place_choices
from dagvandebuurt.qanda.models import Question, QuestionStatus


def possible(point: FollowUp) -> set[str]:
    """Return the actions that the state machine allows now."""
    return {action.value for action in MACHINE.possible(point)}


# --- the editors ---------------------------------------------------------------------------------


@bp.get("/agenda/regie")
@allows(AgendaPermission.CURATE)
def desk() -> ResponseReturnValue:
    points = db.session.scalars(with_everything(points_for(current_user))).all()
    now = clock.now()
    elsewhere = [point for point in points if Action.READDRESS.value in possible(point)]
    asked = [point.organisation_id for point in points if point.organisation_id and point.status in PUBLIC]
    open_questions = db.session.execute(
        select(Question, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(Question.status == QuestionStatus.OPEN_AFTER)
        .order_by(Question.support_count.desc(), Question.id)
        .limit(25)
    ).all()
    return render_template(
        "agenda/desk.html",
        labels=labels,
        days_late=days_late,
        proposed=[point for point in points if point.status is FollowUpStatus.PROPOSED],
        curated=[point for point in points if point.status is FollowUpStatus.CURATED],
        elsewhere=elsewhere,
        late=[point for point in points if days_late(point, now)],
        over=[
            point for point in points if point.status in (FollowUpStatus.DECLINED, FollowUpStatus.WITHDRAWN)
        ],
        nobody=organisations_without_contact(asked),
        open_questions=open_questions,
        origins=labels.ORIGINS,
    )


@bp.get("/agenda/regie/<int:number>")
@allows(AgendaPermission.CURATE)
def edit(number: int) -> ResponseReturnValue:
    return _edit_page(number)


def _edit_page(number: int, status: int = 200, **forms: PageForm) -> ResponseReturnValue:
    point = point_by_number(number)
    curating = forms.get("curating")
    if curating is None:
        curating = _curating(formdata=None)
        curating.fill(point)
    page = render_template(
        "agenda/edit.html",
        labels=labels,
        point=point,
        asked=questions_of(point),
        possible=possible(point),
        origins=labels.ORIGINS,
        is_checked=point.checked_at is not None,
        by_me=point.checked_by_id == current_user.id,
        curating=curating,
        declining=forms.get("declining") or DeclineForm(formdata=None),
        merging=forms.get("merging") or MergeForm(formdata=None),
        adding=forms.get("adding") or NoteForm(formdata=None),
        readdressing=forms.get("readdressing") or _readdressing(formdata=None),
        plain=forms.get("plain"),
    )
    return page, status


def _curating(**given: Any) -> CurateForm:
    form = CurateForm(**given)
    form.offer(organisations_that_answer(), place_choices(), themes())
    return form


def _readdressing(**given: Any) -> ReaddressForm:
    form = ReaddressForm(**given)
    form.offer(organisations_that_answer())
    return form


def _edited(
    number: int, name: str, form: PageForm, act: Callable[[FollowUp], Any], said: Any
) -> ResponseReturnValue:
    """Perform an editor's action on a locked point; `name` is its form on the page."""
    return attempt(
        form,
        lambda: act(locked(number)),
        page=lambda form, status: _edit_page(number, status, **{name: form}),
        back=url_for(".edit", number=number),
        said=said,
    )


@bp.post("/agenda/regie/<int:number>/bijwerken")
@allows(AgendaPermission.CURATE)
@once
def curate(number: int) -> ResponseReturnValue:
    form = _curating()

    def act(point: FollowUp) -> None:
        rules.curate(current_user, point, words=form.words, note=form.note.data or "", now=clock.now())

    said = _("Bewaard. Nu kijkt een collega of je er iemand in herkent.")
    return _edited(number, "curating", form, act, said)


@bp.post("/agenda/regie/<int:number>/controle")
@allows(AgendaPermission.CURATE)
@once
def check(number: int) -> ResponseReturnValue:
    return _edited(
        number,
        "plain",
        PageForm(),
        lambda point: rules.check(current_user, point, now=clock.now()),
        _("Gecontroleerd. Nu verstuurt iemand anders het."),
    )


@bp.post("/agenda/regie/<int:number>/versturen")
@allows(AgendaPermission.CURATE)
def send(number: int) -> ResponseReturnValue:
    def act(point: FollowUp) -> None:
        rules.send(current_user, point, now=clock.now())
        _tell_contacts(point)

    return _edited(number, "plain", PageForm(), act, _("Verstuurd. Iedereen kan het nu lezen."))


@bp.post("/agenda/regie/<int:number>/doorsturen")
@allows(AgendaPermission.CURATE)
def readdress(number: int) -> ResponseReturnValue:
    form = _readdressing()

    def act(point: FollowUp) -> None:
        rules.readdress(
            current_user,
            point,
            organisation_id=UUID(form.organisation.data),
            contact_function=form.contact_function.data or None,
            now=clock.now(),
        )
        _tell_contacts(point)

    return _edited(number, "readdressing", form, act, _("Doorgestuurd, met een nieuwe datum."))


def _tell_contacts(point: FollowUp) -> None:
    event = last_event(point)
    assert event is not None
    letters.tell_contacts(point, event, now=clock.now())


@bp.post("/agenda/regie/<int:number>/afwijzen")
@allows(AgendaPermission.CURATE)
def decline(number: int) -> ResponseReturnValue:
    form = DeclineForm()

    def act(point: FollowUp) -> None:
        rules.decline(
            current_user, point, reason=form.reason.data, note=form.note.data or "", now=clock.now()
        )

    return _edited(
        number, "declining", form, act, _("Het wordt niet verstuurd. Wie het voorstelde, leest waarom.")
    )


@bp.post("/agenda/regie/<int:number>/samenvoegen")
@allows(AgendaPermission.CURATE)
def merge(number: int) -> ResponseReturnValue:
    form = MergeForm()

    def act() -> None:
        into = form.into.data or 0
        found = {
            each: locked(each) for each in sorted({number, into})
        }  # lock in a fixed order, against deadlocks
        rules.merge(current_user, found[number], into=found[into], now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _edit_page(number, status, merging=form),
        back=url_for(".desk"),
        said=_("Samengevoegd. Wie het volgt, volgt nu het andere punt."),
    )


@bp.post("/agenda/regie/<int:number>/toevoegen")
@allows(AgendaPermission.CURATE)
@once
def add(number: int) -> ResponseReturnValue:
    form = NoteForm()

    def act(point: FollowUp) -> None:
        rules.add(current_user, point, note=form.note.data or "", now=clock.now())

    return _edited(number, "adding", form, act, _("Toegevoegd. Wie het volgt, krijgt een mail."))


# --- the organisations ---------------------------------------------------------------------------


@bp.get("/agenda/voor-ons")
@allows(AgendaPermission.READ_FOR_US)
def for_us() -> ResponseReturnValue:
    mine = organisations_of(current_user)
    points, now = asked_of([each.id for each in mine]), clock.now()
    waits = [point for point in points if point.status in (FollowUpStatus.SENT, FollowUpStatus.ACKNOWLEDGED)]
    ours = {each.id for each in mine}
    return render_template(
        "agenda/for_us.html",
        labels=labels,
        organisations=mine,
        waits=[point for point in waits if point.organisation_id in ours],
        going=[point for point in points if point not in waits and point.organisation_id in ours],
        beside=[point for point in points if point.organisation_id not in ours],
        late={point.id: days_late(point, now) for point in points},
    )


@bp.get("/agenda/voor-ons/<int:number>")
@allows(AgendaPermission.READ_FOR_US)
def ours(number: int) -> ResponseReturnValue:
    return _ours_page(number)


def _ours_page(number: int, status: int = 200, **forms: PageForm) -> ResponseReturnValue:
    """Render the page for a contact of the organisation asked; partners use the public page."""
    point = point_by_number(number)
    if point.status not in PUBLIC:
        raise NotFound
    if not can(current_user, AgendaPermission.ANSWER, point):
        return redirect(url_for(".show", number=number), 303)
    page = render_template(
        "agenda/ours.html",
        labels=labels,
        owes=owes(point),
        point=point,
        possible=possible(point),
        late=days_late(point, clock.now()),
        participants=participants_of(point),
        acknowledging=forms.get("acknowledging")
        or AcknowledgeForm(formdata=None, function=point.contact_function),
        answering=forms.get("answering") or AnswerForm(formdata=None),
        working=forms.get("working") or NoteForm(formdata=None),
    )
    return page, status


def _ours(
    number: int, name: str, form: PageForm, act: Callable[[FollowUp], Any], said: Any
) -> ResponseReturnValue:
    return attempt(
        form,
        lambda: act(locked(number)),
        page=lambda form, status: _ours_page(number, status, **{name: form}),
        back=url_for(".ours", number=number),
        said=said,
    )


@bp.post("/agenda/voor-ons/<int:number>/ontvangen")
@allows(AgendaPermission.READ_FOR_US)
def acknowledge(number: int) -> ResponseReturnValue:
    form = AcknowledgeForm()

    def act(point: FollowUp) -> None:
        answering.acknowledge(
            current_user,
            point,
            function=form.function.data or None,
            note=form.note.data or "",
            now=clock.now(),
        )

    return _ours(number, "acknowledging", form, act, _("Bewoners zien nu dat jullie het hebben."))


@bp.post("/agenda/voor-ons/<int:number>/antwoord")
@allows(AgendaPermission.READ_FOR_US)
def answer(number: int) -> ResponseReturnValue:
    form = AnswerForm()

    def act(point: FollowUp) -> None:
        answering.answer(current_user, point, **form.its, now=clock.now())

    return _ours(
        number, "answering", form, act, _("Jullie antwoord staat er. Wie het volgt, krijgt een mail.")
    )


@bp.post("/agenda/voor-ons/<int:number>/begonnen")
@allows(AgendaPermission.READ_FOR_US)
def start(number: int) -> ResponseReturnValue:
    form = NoteForm()

    def act(point: FollowUp) -> None:
        answering.start(current_user, point, note=form.note.data or "", now=clock.now())

    return _ours(number, "working", form, act, _("Er staat nu dat jullie bezig zijn."))


@bp.post("/agenda/voor-ons/<int:number>/klaar")
@allows(AgendaPermission.READ_FOR_US)
def finish(number: int) -> ResponseReturnValue:
    form = NoteForm()

    def act(point: FollowUp) -> None:
        answering.finish(current_user, point, note=form.note.data or "", now=clock.now())

    return _ours(
        number, "working", form, act, _("Er staat nu dat het klaar is. Bewoners zeggen of dat klopt.")
    )
