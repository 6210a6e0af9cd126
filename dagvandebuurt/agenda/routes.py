"""Public routes of the agenda: list, point, proposals, following, verdicts, and open data."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.agenda import exports, following, labels, rules
from dagvandebuurt.agenda.deadlines import days_late, owes
from dagvandebuurt.agenda.forms import JoinForm, NoteForm, ProposeForm
from dagvandebuurt.agenda.models import PUBLIC, Action, Follow, FollowUp, Origin, Participation
from dagvandebuurt.agenda.permissions import AgendaPermission, holds_anywhere
from dagvandebuurt.agenda.promises import timeline_of_point
from dagvandebuurt.agenda.queries import (
    counts,
    follows,
    locked,
    may_read,
    organisations_that_answer,
    participation_of,
    point_by_number,
    questions_of,
    with_everything,
)
from dagvandebuurt.agenda.states import BEFORE_SENDING, MACHINE
from dagvandebuurt.agenda.statistics import STATES, by_organisation, is_in
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt, needs_confirmation
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.spreadsheets import csv_bytes
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter, throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.branding.cards import RATE, card_response
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.queries import bookmark_of
from dagvandebuurt.programme.models import Theme
from dagvandebuurt.programme.places.queries import named_apart, place_choices
from dagvandebuurt.qanda.labels import by_line

bp = Blueprint("agenda", __name__)


def public_points() -> list[FollowUp]:
    query = select(FollowUp).where(FollowUp.status.in_(PUBLIC))
    return list(
        db.session.scalars(with_everything(query.order_by(FollowUp.changed_at.desc(), FollowUp.number)))
    )


@bp.get("/agenda")
@allows(AgendaPermission.READ)
def index() -> ResponseReturnValue:
    points, now = public_points(), clock.now()
    chosen = {name: request.args.get(name, "") for name in ("organisatie", "plaats", "thema", "stand")}
    found = [point for point in points if _matches(point, chosen) and is_in(point, chosen["stand"], now)]
    ids = [point.id for point in found]
    return render_template(
        "agenda/index.html",
        labels=labels,
        days_late=days_late,
        points=found,
        chosen=chosen,
        states=_states(),
        figures=by_organisation(points, now),
        organisations=sorted({p.organisation for p in points if p.organisation}, key=lambda each: each.name),
        places=named_apart(sorted({p.place for p in points if p.place}, key=lambda each: each.full_name)),
        themes=db.session.scalars(select(Theme).order_by(Theme.position)).all(),
        followers=counts(Follow, ids),
        joined=counts(Participation, ids),
        desks=_desks(),
        may_propose=can(current_user, AgendaPermission.PROPOSE),
    )


def _matches(point: FollowUp, chosen: dict[str, str]) -> bool:
    place = point.place
    codes = {place.code, place.parent.code if place.parent else ""} if place else set()
    return (
        (not chosen["organisatie"] or (point.organisation is not None and point.organisation.code == chosen["organisatie"]))
        and (not chosen["plaats"] or chosen["plaats"] in codes)
        and (not chosen["thema"] or (point.theme is not None and point.theme.code == chosen["thema"]))
    )  # fmt: skip


def _states() -> dict[str, str]:
    named = (_("Wacht op antwoord"), _("Te laat"), _("Beantwoord"), _("Bezig"), _("Klaar"))
    return dict(zip(STATES, named, strict=True))


def _desks() -> list[tuple[str, str]]:
    """Return links to the desks of people with a task."""
    desks = []
    if can(current_user, AgendaPermission.CURATE):
        desks.append((url_for(".desk"), _("Naar de redactie van de actiepunten")))
    if holds_anywhere(current_user, Role.ORG_CONTACT):
        desks.append((url_for(".for_us"), _("Vragen aan ons")))
    return desks


@bp.get("/agenda.csv")
@allows(AgendaPermission.READ)
def as_csv() -> ResponseReturnValue:
    points, followers, joined = _open_data()
    body = csv_bytes(exports.HEADERS, exports.rows(points, followers, joined, clock.now()))
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="agenda.csv"'
    return response


@bp.get("/agenda.json")
@allows(AgendaPermission.READ)
def as_json() -> ResponseReturnValue:
    points, followers, joined = _open_data()
    now = clock.now()
    return jsonify(points=[exports.data(point, followers, joined, now) for point in points])


def _open_data() -> tuple[list[FollowUp], dict[UUID, int], dict[UUID, int]]:
    points = sorted(public_points(), key=lambda point: point.number)
    ids = [point.id for point in points]
    return points, counts(Follow, ids), counts(Participation, ids)


@bp.get("/agenda.atom")
@allows(AgendaPermission.READ)
def feed() -> ResponseReturnValue:
    """Return the Atom feed (RFC 4287)."""
    points = public_points()
    body = render_template(
        "agenda/feed.xml",
        labels=labels,
        points=points,
        newest=max((point.changed_at for point in points), default=clock.now()),
        public=current_app.config["PUBLIC_URL"],
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@bp.get("/agenda/<int:number>")
@allows(AgendaPermission.READ)
def show(number: int) -> ResponseReturnValue:
    return _page(number)


@bp.get("/agenda/<int:number>/deelbeeld.png")
@limiter.limit(RATE, key_func=network)
@allows(AgendaPermission.READ)
def card(number: int) -> ResponseReturnValue:
    """Draw the picture beside a shared link of a point that everybody may read."""
    point = point_by_number(number)
    if point.status not in PUBLIC:
        raise NotFound
    return card_response(f"Actiepunt {number}", point.title)


def _page(
    number: int, *, joining: JoinForm | None = None, judging: NoteForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render a point. The text of an unsent one is for its editors only; the question it came from is public."""
    point = point_by_number(number)
    if point.merged_into_id is not None:
        into = db.session.get_one(FollowUp, point.merged_into_id)
        return redirect(url_for(".show", number=into.number), 301)
    asked, readable = questions_of(point), may_read(current_user, point)
    if not readable and not (asked and point.status in BEFORE_SENDING):
        raise NotFound
    mine = participation_of(current_user, point)
    page = render_template(
        "agenda/show.html",
        labels=labels,
        by_line=by_line,
        owes=owes(point),
        bookmark=bookmark_of(current_user, point.id),
        point=point,
        has_card=point.status in PUBLIC,
        readable=readable,
        asked=asked,
        line=timeline_of_point(point, asked, clock.now()),
        late=days_late(point, clock.now()),
        followers=counts(Follow, [point.id]).get(point.id, 0),
        joined=counts(Participation, [point.id]).get(point.id, 0),
        is_following=follows(current_user, point),
        participation=mine,
        may_follow=point.status in following.FOLLOWABLE,
        may_join=point.status in PUBLIC,
        may_judge=MACHINE.is_possible(point, Action.CONFIRM)
        and can(current_user, AgendaPermission.JUDGE)
        and following.may_judge_it(current_user, point),
        may_withdraw=point.status in BEFORE_SENDING
        and current_user.is_known
        and point.raised_by_id == current_user.id,
        may_curate=can(current_user, AgendaPermission.CURATE),
        may_answer=can(current_user, AgendaPermission.ANSWER, point),
        joining=joining or JoinForm(formdata=None, offer=mine.offer if mine else ""),
        judging=judging or NoteForm(formdata=None),
    )
    return page, status


@bp.post("/agenda/<int:number>/volgen")
@allows(AgendaPermission.FOLLOW)
def follow(number: int) -> ResponseReturnValue:
    on = bool(request.form.get("on"))
    with transaction():
        following.follow(current_user, locked(number), on=on, now=clock.now())
    flash(_("Je volgt dit punt. Je hoort wat er gebeurt.") if on else _("Je volgt dit punt niet meer."))
    back = (
        url_for("people.mine") + "#agenda"
        if request.form.get("terug") == "mijn"
        else url_for(".show", number=number)
    )
    return redirect(back, 303)


@bp.post("/agenda/<int:number>/meedoen")
@allows(AgendaPermission.FOLLOW)
def join(number: int) -> ResponseReturnValue:
    form, on = JoinForm(), bool(request.form.get("on"))
    return attempt(
        form,
        lambda: following.join(
            current_user, locked(number), on=on, offer=form.offer.data or "", now=clock.now()
        ),
        page=lambda form, status: _page(number, joining=form, status=status),
        back=url_for(".show", number=number) + "#meedoen",
        said=_("Fijn dat je meedoet. De organisatie leest het.") if on else _("Je doet niet meer mee."),
    )


@bp.post("/agenda/<int:number>/bevestigen")
@allows(AgendaPermission.JUDGE)
def confirm(number: int) -> ResponseReturnValue:
    return _judge(number, following.confirm, _("Dank je wel. Nu staat er dat bewoners zeggen: klaar."))


@bp.post("/agenda/<int:number>/heropenen")
@allows(AgendaPermission.JUDGE)
def reopen(number: int) -> ResponseReturnValue:
    said = _("Dank je wel. De organisatie hoort dat het nog niet klaar is.")
    return _judge(number, following.reopen, said)


def _judge(number: int, act: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = NoteForm()
    return attempt(
        form,
        lambda: act(current_user, locked(number), note=form.note.data or "", now=clock.now()),
        page=lambda form, status: _page(number, judging=form, status=status),
        back=url_for(".show", number=number),
        said=said,
    )


@bp.post("/agenda/<int:number>/intrekken")
@allows(AgendaPermission.WITHDRAW)
def withdraw(number: int) -> ResponseReturnValue:
    with transaction():
        rules.withdraw(current_user, locked(number), now=clock.now())
    flash(_("Je voorstel is ingetrokken."))
    return redirect(url_for("people.mine") + "#agenda", 303)


@bp.get("/agenda/voorstellen")
@allows(AgendaPermission.PROPOSE)
def propose_form() -> ResponseReturnValue:
    return _propose_page(_proposing())


def _proposing(**given: Any) -> ProposeForm:
    form = ProposeForm(**given)
    form.offer(organisations_that_answer(), place_choices(), themes())
    return form


def themes() -> list[Theme]:
    return list(db.session.scalars(select(Theme).order_by(Theme.position)))


def _propose_page(form: ProposeForm, status: int = 200, *, look: bool = False) -> ResponseReturnValue:
    return render_template("agenda/propose.html", form=form, look=look), status


@bp.post("/agenda/voorstellen")
@throttle("30 per hour", together="600 per hour")
@allows(AgendaPermission.PROPOSE)
@once
def propose() -> ResponseReturnValue:
    """Submit a proposal. A text that seems to identify a person is shown once more, but never refused for it."""
    form = _proposing()
    if form.validate() and needs_confirmation(form.title.data, form.body.data):
        return _propose_page(form, 422, look=True)
    is_signal = form.origin.data == Origin.SIGNAL.value
    return attempt(
        form,
        lambda: rules.propose(
            current_user,
            None,
            words=form.words,
            origin=Origin(form.origin.data),
            seen_count=form.seen_count.data if is_signal else None,
            now=clock.now(),
        ),
        page=_propose_page,
        back=url_for("people.mine") + "#agenda",
        said=_("Dank je wel. De redactie leest je voorstel. Hier zie je wat ermee gebeurt."),
    )
