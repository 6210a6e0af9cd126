"""API routes and embeddable pages. Read-only and public: the answer does not depend on the requester, so
shared caches may store it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dagvandebuurt.api import openapi, searching
from dagvandebuurt.api.paging import asked, page_of
from dagvandebuurt.api.permissions import ApiPermission
from dagvandebuurt.api.resources import RESOURCES, Resource
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.security import allow_framing, publicly_cacheable
from dagvandebuurt.core.text import clean_text
from dagvandebuurt.extensions import limiter
from dagvandebuurt.lessons.queries import published
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.programme.queries import current_edition

bp = Blueprint("api", __name__)
KEPT_FOR = 60  # seconds, by a browser or a proxy
limiter.limit("300 per minute", key_func=network)(bp)


@bp.after_request
def _for_everybody(response: Response) -> Response:
    """Add CORS headers: any site may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    return response


@bp.get("/api/v1")
@allows(ApiPermission.READ)
def guide() -> ResponseReturnValue:
    """Show the guide for people: every resource with an example."""
    page = render_template(
        "api/guide.html", resources=RESOURCES.values(), public=current_app.config["PUBLIC_URL"]
    )
    answer = Response(page)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/api/v1/openapi.json")
@allows(ApiPermission.READ)
def description() -> ResponseReturnValue:
    return _json(json.dumps(openapi.document(current_app.config["PUBLIC_URL"], brand.name)))


@bp.get("/api/v1/search")
@allows(ApiPermission.READ)
def search() -> ResponseReturnValue:
    return _json(searching.answer(request.args.to_dict()).as_json())


@bp.get("/api/v1/<listed>")
@allows(ApiPermission.READ)
def many(listed: str) -> ResponseReturnValue:
    """Return one page of a list."""
    resource = _resource(listed)
    wanted = asked(resource, request.args.to_dict())
    page = page_of(resource, wanted)
    following = None
    if page.next is not None:
        more = url_for(
            ".many", listed=listed, limit=wanted.limit, cursor=page.next, **dict[str, Any](wanted.filters)
        )
        following = f"{current_app.config['PUBLIC_URL']}{more}"
    with speaking("nl"):
        items = ",".join(resource.of(row).as_json() for row in page.rows)
    answer = _json(f'{{"items":[{items}],"next":{json.dumps(following)}}}')
    if following is not None:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


@bp.get("/api/v1/<listed>/<key>")
@allows(ApiPermission.READ)
def one(listed: str, key: str) -> ResponseReturnValue:
    resource = _resource(listed)
    if resource.key is None or clean_text(key) != key:
        raise NotFound
    row = db.session.scalar(resource.query().where(resource.key == resource.key_of(key)))
    if row is None:
        raise NotFound
    with speaking("nl"):
        return _json(resource.of(row).as_json())


@bp.get("/embed/programma")
@allows(ApiPermission.READ)
def embed_programme() -> ResponseReturnValue:
    """Show the programme as an embeddable page."""
    edition = current_edition()
    rows: Sequence[Any] = ()
    if edition is not None:
        rows = db.session.scalars(
            RESOURCES["sessions"]
            .query()
            .where(RESOURCES["sessions"].model.edition_id == edition.id)
            .order_by(RESOURCES["sessions"].order, RESOURCES["sessions"].model.title)
        ).all()
    return _framed("api/embed_programme.html", sessions=rows)


@bp.get("/embed/lessen")
@allows(ApiPermission.READ)
def embed_lessons() -> ResponseReturnValue:
    """Show the newest lessons as an embeddable page."""
    return _framed("api/embed_lessons.html", lessons=published()[:20])


def _framed(template: str, **values: object) -> Response:
    allow_framing()
    with speaking("nl"):
        return _kept(Response(render_template(template, public=current_app.config["PUBLIC_URL"], **values)))


def _resource(name: str) -> Resource:
    if name not in RESOURCES:
        raise NotFound
    return RESOURCES[name]


def _json(body: str) -> Response:
    return _kept(Response(body, content_type="application/json"))


def _kept(answer: Response) -> Response:
    """Make the response cacheable for a minute, with revalidation by ETag."""
    publicly_cacheable()
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_FOR
    answer.set_etag(hashlib.blake2b(answer.get_data(), digest_size=16).hexdigest())
    return answer.make_conditional(request)  # type: ignore[return-value]
