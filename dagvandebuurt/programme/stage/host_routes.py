"""Routes for administrators: the sites whose video session pages may show."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.stage.addresses import shown_host
from dagvandebuurt.programme.errors import HostInUse
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.stage import host_queries, host_rules
from dagvandebuurt.programme.stage.forms import HostForm


@bp.get("/organisatie/videosites")
@allows(ProgrammePermission.ALLOW_HOSTS)
def stage_hosts() -> ResponseReturnValue:
    return _page(HostForm(formdata=None))


def _page(form: HostForm, status: int = 200, *, refused: PageForm | None = None) -> ResponseReturnValue:
    """Render the list. `refused` is the form with which one of it could not be taken off."""
    page = render_template(
        "programme/stage_hosts.html",
        hosts=host_queries.host_list(current_app.config),
        changes=[(each, shown_host(each.host), by) for each, by in host_queries.host_changes()],
        form=form,
        refused=refused,
        asked_for=request.form.get("host", "") if refused and isinstance(refused.refused, HostInUse) else "",
    )
    return page, status


@bp.post("/organisatie/videosites")
@allows(ProgrammePermission.ALLOW_HOSTS)
@once
def allow_stage_host() -> ResponseReturnValue:
    form = HostForm()

    def act() -> None:
        settings, now = current_app.config, clock.now()
        host_rules.allow_host(current_user, None, host=form.checked, settings=settings, now=now)

    return attempt(
        form,
        act,
        page=_page,
        back=url_for(".stage_hosts"),
        said=lambda _done: _("Beeld van %(host)s mag nu in de pagina.", host=form.checked),
        at=form.host,
    )


@bp.post("/organisatie/videosites/weg")
@allows(ProgrammePermission.ALLOW_HOSTS)
@once
def forbid_stage_host() -> ResponseReturnValue:
    """Take a host off the list. Where sessions lose their picture, it asks first, and says which."""
    form, host = PageForm(), request.form.get("host", "")[:253]

    def act() -> None:
        host_rules.forbid_host(
            current_user,
            None,
            host=host,
            anyway="anyway" in request.form,
            settings=current_app.config,
            now=clock.now(),
        )

    return attempt(
        form,
        act,
        page=lambda form, status: _page(HostForm(formdata=None), status, refused=form),
        back=url_for(".stage_hosts"),
        said=_("Beeld van %(host)s is nu een link.", host=host),
    )
