"""Problem details (RFC 9457): the error format of every API path, also one that does not exist."""

import json

from flask import Response, request

from dagvandebuurt.core.errors import RuleBroken

PREFIX = "/api/"


def asks_a_machine() -> bool:
    """Return whether this request is for the API."""
    return request.path.startswith(PREFIX)


def problem(status: int, code: str, sentence: str, **more: object) -> Response:
    """Return an error response. `more` are extension fields; pages elsewhere may read it too (CORS)."""
    told = {"type": "about:blank", "title": sentence, "status": status, "code": code, **more}
    answer = Response(json.dumps(told, default=str), status, content_type="application/problem+json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-store"
    if status in (429, 503):
        answer.headers["Retry-After"] = str(more.get("retry_after", 60))
    return answer


def refusal(broken: RuleBroken) -> Response:
    return problem(broken.status, broken.code, str(broken.message), **broken.details)
