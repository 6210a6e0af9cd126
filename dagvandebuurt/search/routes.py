"""Search page and OpenSearch description."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.search.registry import sources
from dagvandebuurt.core.search.search import PAGE, Found, find, subjects
from dagvandebuurt.core.search.snippets import marked, snippet
from dagvandebuurt.core.text import one_line, shortened
from dagvandebuurt.extensions import limiter
from dagvandebuurt.handbooks import queries as handbooks
from dagvandebuurt.search.permissions import SearchPermission

bp = Blueprint("search", __name__)
LONGEST = 200
# Facet → its name in the address and on the page.
FACETS = {
    "kind": ("soort", _l("Soort")),
    "theme": ("thema", _l("Thema")),
    "place": ("plek", _l("Plek")),
    "organisation": ("organisatie", _l("Organisatie")),
    "year": ("jaar", _l("Jaar")),
}
MOST_VALUES = 12  # of one facet on a page


@bp.get("/zoeken")
@limiter.limit("240 per minute")
@allows(SearchPermission.SEEK)
def index() -> ResponseReturnValue:
    typed = shortened(one_line(request.args.get("q", "")[: 4 * LONGEST]), LONGEST)
    chosen = {facet: _chosen(name) for facet, (name, _label) in FACETS.items() if _chosen(name)}
    page = _page()
    found = find(typed, chosen, page=page)
    pages = max(1, -(-found.count // PAGE))
    if page > pages:
        page, found = pages, find(typed, chosen, page=pages)
    return render_template(
        "search/index.html",
        typed=typed,
        found=found,
        results=_results(found),
        also=[(" ".join(words), url_for(".index", q=" ".join(words))) for words in found.also],
        subjects=[] if found.count else [(name, url_for(".index", q=name)) for name in subjects()],
        handbooks=handbooks.find(typed) if page == 1 and not chosen else [],
        facets=[_facet(facet, found, typed, chosen) for facet in FACETS],
        chosen=[(_label_of(facet, value), _address(typed, chosen, facet)) for facet, value in chosen.items()],
        hidden={FACETS[facet][0]: value for facet, value in chosen.items()},
        pages=(page, pages),
        previous=_address(typed, chosen, page=page - 1) if page > 1 else None,
        next=_address(typed, chosen, page=page + 1) if page < pages else None,
        all_of_it=url_for(".index", q=typed),
    )


@bp.get("/opensearch.xml")
@allows(SearchPermission.SEEK)
def opensearch() -> ResponseReturnValue:
    """Serve OpenSearch 1.1, with which a browser can offer to search here."""
    body = render_template("search/opensearch.xml", public=current_app.config["PUBLIC_URL"])
    answer = Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")
    answer.cache_control.public = True
    answer.cache_control.max_age = 86_400
    return answer


def _chosen(name: str) -> str:
    return one_line(request.args.get(name, "")[:LONGEST])


def _page() -> int:
    given = request.args.get("pagina", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _results(found: Found) -> list[dict[str, Any]]:
    kinds = sources()
    return [
        {
            "kind": kinds[each.kind].label,
            "title": marked(each.title, found.sought),
            "snippet": snippet(each.body, found.sought),
            "url": url_for(kinds[each.kind].endpoint, **each.link),
            "at": each.at,
        }
        for each in found.results
    ]


def _facet(facet: str, found: Found, typed: str, chosen: dict[str, str]) -> dict[str, Any]:
    values = [
        {
            "label": _label_of(facet, value),
            "count": count,
            "is_chosen": chosen.get(facet) == value,
            "url": _address(typed, chosen, facet, value=value),
        }
        for value, count in found.facets.get(facet, ())[:MOST_VALUES]
    ]
    return {"label": FACETS[facet][1], "values": values}


def _label_of(facet: str, value: str) -> str:
    if facet == "kind" and value in sources():
        return str(sources()[value].label)
    return value


def _address(
    typed: str, chosen: dict[str, str], facet: str | None = None, *, value: str | None = None, page: int = 1
) -> str:
    """Return the address of this search with `facet` chosen (None: cleared), on this page."""
    wanted: dict[str, Any] = {FACETS[name][0]: each for name, each in chosen.items() if name != facet}
    if facet is not None and value is not None:
        wanted[FACETS[facet][0]] = value
    if page > 1:
        wanted["pagina"] = page
    return url_for(".index", q=typed, **wanted)
