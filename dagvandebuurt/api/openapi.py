"""OpenAPI 3.1 description of the API, generated from the same table and models as the answers."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from dagvandebuurt.api.paging import MOST, USUAL
from dagvandebuurt.api.resources import RESOURCES, Resource
from dagvandebuurt.api.searching import SearchAnswer
from dagvandebuurt.core.schema_org import Thing
from dagvandebuurt.core.search.search import FACETS

_REF = "#/components/schemas/{model}"
_TEXT = {"type": "string"}


@cache
def document(public_url: str, title: str) -> dict[str, Any]:
    """Return the whole document, with this server's address and the name of the event."""
    shapes: list[type[Thing]] = [*(each.shape for each in RESOURCES.values()), SearchAnswer]
    _, schemas = models_json_schema([(shape, "serialization") for shape in shapes], ref_template=_REF)
    paths: dict[str, Any] = {"/search": {"get": _search()}}
    for resource in RESOURCES.values():
        paths[f"/{resource.name}"] = {"get": _list(resource)}
        if resource.key is not None:
            paths[f"/{resource.name}/{{key}}"] = {"get": _one(resource)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "summary": "What is public, to read.",
            "description": "Names follow schema.org. Only GET; no key is needed. Ask again with `If-None-Match`.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": f"{public_url}/api/v1"}],
        "paths": paths,
        "components": {"schemas": {**schemas["$defs"], "Problem": _PROBLEM}},
    }


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code"],
    "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "code": _TEXT},
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}


def _parameter(name: str, description: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
    return {
        "name": name, "in": where, "description": description, "schema": schema, "required": where == "path",
    }  # fmt: skip


def _answers(schema: dict[str, Any], *also: int) -> dict[str, Any]:
    said = {304: "Not changed since", 400: "Wrong parameter", 404: "Not there", 429: "Too fast"}
    refusals = {
        str(code): {
            "description": said[code],
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        for code in (*also, 429)
    }
    good = {"description": "Here it is", "content": {"application/json": {"schema": schema}}}
    return {"200": good, "304": {"description": said[304]}, **refusals}


def _list(resource: Resource) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["items", "next"],
        "additionalProperties": False,
        "properties": {
            "items": {"type": "array", "items": _ref(resource.shape.__name__)},
            "next": {"type": ["string", "null"], "description": "Address of the next page"},
        },
    }
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    return {
        "operationId": f"list_{resource.name}",
        "summary": resource.summary,
        "parameters": [
            _parameter("limit", "How many on a page", limit),
            _parameter("cursor", "As `next` gives it", {**_TEXT, "maxLength": 500}),
            *(_parameter(name, f"Only of this {name}", {**_TEXT, "maxLength": 200}) for name in resource.filters),
        ],
        "responses": _answers(page, 400),
    }  # fmt: skip


def _one(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": f"get_{resource.name}",
        "summary": f"One of: {resource.summary.lower()}",
        "parameters": [_parameter("key", "Its `identifier` or `termCode`", _TEXT, where="path")],
        "responses": _answers(_ref(resource.shape.__name__), 404),
    }


def _search() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1}
    return {
        "operationId": "search",
        "summary": "Seek in everything that is public",
        "parameters": [
            _parameter("q", "Words that must all be there, or begin so", {**_TEXT, "maxLength": 200}),
            _parameter("page", "Which twenty", number),
            *(_parameter(name, f"Only of this {name}", {**_TEXT, "maxLength": 200}) for name in FACETS),
        ],
        "responses": _answers(_ref(SearchAnswer.__name__), 400),
    }
