"""Search as an API resource."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app, url_for

from dagvandebuurt.api.errors import UnknownParameter, WrongParameter
from dagvandebuurt.api.paging import whole
from dagvandebuurt.core.schema_org import Thing
from dagvandebuurt.core.search.registry import sources
from dagvandebuurt.core.search.search import FACETS, Result, find
from dagvandebuurt.core.search.snippets import snippet
from dagvandebuurt.core.text import clean_text


class FoundThing(Thing):
    """Search result. `description` is the matching part of its text."""

    kind: str
    name: str
    description: str
    url: str
    date: datetime


class Count(Thing):
    value: str
    count: int


class SearchAnswer(Thing):
    """Search response. `instead`: the corrected words, if the typed ones were not found. `facets`: counts
    per value."""

    count: int
    instead: list[str]
    items: list[FoundThing]
    facets: dict[str, list[Count]]


def answer(given: dict[str, str]) -> SearchAnswer:
    """Search. Raises UnknownParameter and WrongParameter."""
    known = {"q", "page", *FACETS}
    if set(given) - known:
        raise UnknownParameter(known=sorted(known))
    for name, value in given.items():
        if len(value) > 200:
            raise WrongParameter(parameter=name)
    chosen = {facet: clean_text(given[facet]) for facet in FACETS if facet in given}
    page = whole(given.get("page"), "page", 1, 1000)
    found = find(given.get("q", ""), chosen, page=page)
    return SearchAnswer(
        count=found.count,
        instead=list(found.instead),
        items=[_told(each, found.sought) for each in found.results],
        facets={
            facet: [Count(value=value, count=count) for value, count in values]
            for facet, values in found.facets.items()
        },
    )


def _told(result: Result, words: Sequence[str]) -> FoundThing:
    address = url_for(sources()[result.kind].endpoint, **result.link)
    return FoundThing(
        kind=result.kind,
        name=result.title,
        description=str(snippet(result.body, words, mark=False).unescape()),
        url=f"{current_app.config['PUBLIC_URL']}{address}",
        date=result.at,
    )
