"""Routes of the organiser's desk: overview, sessions, roles and access needs."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation.attention import what_asks
from dagvandebuurt.organisation.day_plan import plans_of
from dagvandebuurt.organisation.forms import CallOffForm, MomentForm, PlacesForm
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import (
    by_status,
)
from dagvandebuurt.organisation.queries import the_edition as _edition
from dagvandebuurt.organisation.today import (
    Stage,
    counted_sessions,
    question_figures,
    registration_figures,
    standing_of,
    who_came,
)
from dagvandebuurt.parts.files.pictures import MOST_BYTES
from dagvandebuurt.parts.street.street import street
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.editing import rules as programme_rules
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.hooks import Urgency
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import edition_chosen_by, session_by_slug
from dagvandebuurt.registration import rules as registration_rules
from dagvandebuurt.registration.errors import TooFewPlaces
from dagvandebuurt.registration.models import PlaceStatus
from dagvandebuurt.registration.queries import choices_in

MOST_SHOWN = 7  # of what asks; the rest unfolds
SMALL_STREET = 1600  # people for whom the street of the figures has windows

bp = Blueprint("organisation", __name__)
TAKES_A_PICTURE = {
    "organisation.save_logo",
    "organisation.save_share_picture",
    "organisation.add_partner",
    "organisation.change_partner",
}


@bp.url_value_preprocessor
def _make_room_for_a_picture(endpoint: str | None, _values: Any) -> None:
    """Raise the request size limit of these endpoints before the form is parsed; elsewhere it is a megabyte."""
    if endpoint in TAKES_A_PICTURE:
        request.max_content_length = MOST_BYTES + 100_000


@bp.get("/organisatie")
@allows(OrganisationPermission.READ)
def index() -> ResponseReturnValue:
    """Show how the day stands and what asks for the organiser. Without a day: what to begin with."""
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        return redirect(url_for("onboarding.preparation"), 303)
    now = clock.now()
    attention = what_asks(current_user, edition, now)
    asking = {item.session_id for item in attention if item.session_id and item.urgency is Urgency.NOW}
    counted = counted_sessions(edition, now, asking=asking)
    sessions = [each.session for each in counted]
    standing = standing_of(edition, sessions, now)
    registrations = registration_figures(edition, now)
    roles, domains = who_came(edition, sessions)
    has_come = any(each.visitors for each in counted)
    inside = sum(each.visitors if standing.stage is Stage.AFTER else each.present for each in counted)
    return render_template(
        "organisation/index.html",
        edition_here=edition,
        now=now,
        standing=standing,
        is_empty=not sessions and not any(registrations.statuses.values()),
        registrations=registrations,
        inside=inside,
        street=street(edition.slug, inside, expected=SMALL_STREET),
        questions=question_figures(sessions),
        attention=attention,
        most=MOST_SHOWN,
        sessions=counted,
        plans=plans_of(counted, now),
        has_come=has_come,
        roles=roles,
        domains=domains,
        role_words=PARTICIPANT_ROLES,
        domain_words=DOMAINS,
    )


@bp.get("/organisatie/sessies/<slug>")
@allows(OrganisationPermission.ARRANGE)
def session(slug: str) -> ResponseReturnValue:
    return _session_page(session_by_slug(current_user, slug))


def _session_page(
    here: ProgrammeSession,
    *,
    moment: MomentForm | None = None,
    places: PlacesForm | None = None,
    off: CallOffForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    starts, ends = clock.local(here.starts_at), clock.local(here.ends_at)
    page = render_template(
        "organisation/session.html",
        session=here,
        told=len(choices_in(here)),
        may_step_in=can(current_user, PeoplePermission.STEP_IN),
        runs=can(current_user, ProgrammePermission.RUN, here),
        moment=moment or MomentForm(formdata=None, day=starts.date(), starts=starts.time(), ends=ends.time()),
        places=places or PlacesForm(formdata=None, capacity=here.capacity),
        off=off or CallOffForm(formdata=None),
    )
    return page, status


@bp.post("/organisatie/sessies/<slug>/tijd")
@allows(OrganisationPermission.ARRANGE)
def reschedule(slug: str) -> ResponseReturnValue:
    """Move a session; everybody who chose it is mailed."""
    form = MomentForm()
    return attempt(
        form,
        lambda: programme_rules.reschedule(
            current_user,
            session_by_slug(current_user, slug),
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            note=form.note.data or None,
            now=clock.now(),
        ),
        page=lambda form, status: _session_page(
            session_by_slug(current_user, slug), moment=form, status=status
        ),
        back=url_for(".session", slug=slug),
        said=lambda moved: (
            _("De sessie is verzet. Wie hem koos, krijgt een mail.") if moved else _("Er veranderde niets.")
        ),
        at=form.ends,
        shows=(EndsBeforeItBegins,),
    )


@bp.post("/organisatie/sessies/<slug>/plekken")
@allows(OrganisationPermission.ARRANGE)
def set_capacity(slug: str) -> ResponseReturnValue:
    form = PlacesForm()

    def act() -> None:
        here = session_by_slug(current_user, slug)
        registration_rules.set_capacity(current_user, here, capacity=form.capacity.data, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _session_page(
            session_by_slug(current_user, slug), places=form, status=status
        ),
        back=url_for(".session", slug=slug),
        said=_("Bewaard. Wie wachtte, hoort het als er een plek is."),
        at=form.capacity,
        shows=(TooFewPlaces,),
    )


@bp.get("/organisatie/plekken")
@allows(OrganisationPermission.ARRANGE)
def day_places() -> ResponseReturnValue:
    """Show how many places there are for the whole day, and what a number would do."""
    return _day_places(PlacesForm(formdata=None, capacity=_edition(current_user.id).capacity))


def _day_places(form: PlacesForm, status: int = 200) -> ResponseReturnValue:
    edition = _edition(current_user.id)
    counts = by_status(edition)
    page = render_template(
        "organisation/day_places.html",
        edition_here=edition,
        form=form,
        waiting=counts[PlaceStatus.WAITLISTED] + counts[PlaceStatus.OFFERED],
    )
    return page, status


@bp.post("/organisatie/plekken")
@allows(OrganisationPermission.ARRANGE)
def set_day_places() -> ResponseReturnValue:
    form = PlacesForm()
    return attempt(
        form,
        lambda: registration_rules.set_capacity(
            current_user, _edition(current_user.id), capacity=form.capacity.data, now=clock.now()
        ),
        page=_day_places,
        back=url_for(".day_places"),
        said=_("Bewaard. Wie wachtte, hoort het als er een plek is."),
        at=form.capacity,
        shows=(TooFewPlaces,),
    )


@bp.post("/organisatie/sessies/<slug>/gaat-niet-door")
@allows(OrganisationPermission.ARRANGE)
def call_off(slug: str) -> ResponseReturnValue:
    form = CallOffForm()
    if not form.validate():
        return _session_page(session_by_slug(current_user, slug), off=form, status=422)
    with transaction():
        here = session_by_slug(current_user, slug)
        programme_rules.call_off(current_user, here, note=form.note.data or None, now=clock.now())
    flash(_("De sessie gaat niet door. Wie hem koos, krijgt een mail."))
    return redirect(url_for(".session", slug=slug), 303)
