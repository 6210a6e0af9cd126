"""Route of the audit page: who did what."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.organisation.audit_trail import KINDS, AuditKind, audit_page, people_who_did
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import the_edition
from dagvandebuurt.organisation.routes import bp


@bp.get("/organisatie/wie-deed-wat")
@allows(OrganisationPermission.READ_AUDIT)
def audit() -> ResponseReturnValue:
    """Show who did what, the newest first; `soort` and `door` choose, `voor` goes on to older ones."""
    edition = the_edition(current_user.id)
    try:
        kind = AuditKind(request.args["soort"]) if request.args.get("soort") else None
        by_id = UUID(request.args["door"]) if request.args.get("door") else None
    except ValueError:
        raise NotFound from None
    page = render_template(
        "organisation/audit.html",
        page=audit_page(edition, kind=kind, by_id=by_id, before=request.args.get("voor", "")),
        kinds=KINDS,
        kind=kind,
        by_id=by_id,
        people=people_who_did(edition),
        is_older="voor" in request.args,
    )
    return page, 200, {"Cache-Control": "private, no-store"}
