"""How a machine hears no: RFC 9457, on every path of the interface, also one that does not exist."""

import json

from flask import Response, request

from dagvandebuurt.core.errors import RuleBroken

PREFIX = "/api/"


def asks_a_machine() -> bool:
    """Whether this request is for the interface."""
    return request.path.startswith(PREFIX)


def problem(status: int, code: str, sentence: str, **more: object) -> Response:
    """One refusal. `more` are fields of its own; a page elsewhere may read it too."""
    told = {"type": "about:blank", "title": sentence, "status": status, "code": code, **more}
    answer = Response(json.dumps(told, default=str), status, content_type="application/problem+json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-store"
    if status in (429, 503):
        answer.headers["Retry-After"] = str(more.get("retry_after", 60))
    return answer


def refusal(broken: RuleBroken) -> Response:
    return problem(broken.status, broken.code, str(broken.message), **broken.details)
