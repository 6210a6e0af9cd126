"""Templates get what their view gives: one context processor, few filters, and no name from nowhere."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

SOURCE = Path(__file__).parents[2] / "dagvandebuurt"
TEMPLATES = SOURCE.parent / "templates"
# The page frame (pages.py), and what Flask, its extensions and i18n give to every template.
FRAME = {
    "lang",
    "dir",
    "languages",
    "nav_items",
    "works",
    "desks_here",
    "guide_here",
    "edition",
    "now",
    "public_url",
    "demo",
    "has_route",
    "previewed",
    "for_archive",
    "broadcasts",
    "urgent",
    "connection_token",
    "rehearsal",
    "ending",
}
OF_FLASK = {
    "request",
    "session",
    "g",
    "config",
    "url_for",
    "get_flashed_messages",
    "current_user",
    "csrf_token",
}  # and flask-wtf
GLOBALS = {
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "new_op",
    "csrf_token",
    "csrf_meta_tag",
    "brand",
}
# How a value is written, wherever it stands.
FILTERS = {"hour", "local", "in_words", "from_iso", "in_threes", "language_name", "said"}
# Given by one view and absent at all others: a page that is kept for everybody (cached_response.py), and one
# whose own address says its language (releases, api).
OPTIONAL = {"gap", "lang_links"}


def ours(functions):
    return [each for each in functions if each.__module__.startswith("dagvandebuurt")]


def test_there_is_one_context_processor(app):
    found = [each for of in app.template_context_processors.values() for each in ours(of)]
    assert [f"{each.__module__}.{each.__name__}" for each in found] == ["dagvandebuurt.pages._frame"]
    with app.test_request_context("/"):
        assert set(found[0]()) == FRAME


def test_few_names_are_global(app):
    standard = set(Environment(extensions=["jinja2.ext.i18n"]).globals) | OF_FLASK
    assert set(app.jinja_env.globals) - standard <= GLOBALS
    flask_filters = {"tojson"}
    assert set(app.jinja_env.filters) - set(Environment().filters) - flask_filters == FILTERS
    assert set(app.jinja_env.tests) == set(Environment().tests)


@pytest.fixture(scope="module")
def parsed():
    environment = Environment(extensions=["jinja2.ext.i18n"])
    environment.filters |= dict.fromkeys(FILTERS, str)
    return {
        path.relative_to(TEMPLATES).as_posix(): environment.parse(path.read_text(encoding="utf-8"))
        for path in TEMPLATES.rglob("*")
        if path.suffix in (".html", ".xml")
    }


def reached(parsed, name, seen):
    """A template with all that it extends, includes, or imports with its context."""
    if name in seen or name not in parsed:
        return seen
    seen.add(name)
    for node in parsed[name].find_all((nodes.Include, nodes.Extends, nodes.FromImport, nodes.Import)):
        with_context = getattr(node, "with_context", True) or isinstance(node, nodes.Extends)
        if with_context and isinstance(node.template, nodes.Const):
            reached(parsed, node.template.value, seen)
    return seen


def set_in(tree):
    """Names that a template makes itself: set, looped over, imported, a macro or its argument."""
    found = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    found |= {node.name for node in tree.find_all(nodes.Macro)}
    for node in tree.find_all(nodes.FromImport):
        found |= {each[1] if isinstance(each, tuple) else each for each in node.names}
    return found


def rendered():
    """(where, template, names given) of every view that names its template and all it gives."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "render_template":
                continue
            names = {each.arg for each in node.keywords}
            if None not in names and isinstance(node.args[0], ast.Constant):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.args[0].value, names


def test_a_view_gives_every_name_that_its_template_takes(parsed):
    given = list(rendered())
    assert len(given) > 100
    missing = []
    for where, template, names in given:
        trees = [parsed[each] for each in reached(parsed, template, set())]
        taken = set().union(*map(meta.find_undeclared_variables, trees))
        made = set().union(*map(set_in, trees))
        for name in sorted(taken - names - made - FRAME - OF_FLASK - GLOBALS - OPTIONAL):
            missing.append(f"{where}: {template} takes {name}")
    assert missing == []


# Where a route catches a refusal by itself, and why `core.form_handling.attempt` does not fit.
CATCHES = {
    "breakouts/routes.py:pressed": "no form: a refused press is told on the page it returns to",
    "market/queue_routes.py:_settle": "no form: a press that came too late is told above the queue as it is now",
    "mailings/routes.py:_done": "no form: what was refused is told on the page of the mailing",
    "lessons/desk_routes.py:photo": "the picture is made small before the transaction begins",
    "hands/routes.py:speak": "no form: a meeting that cannot be reached leads back to one's own hand",
    "lessons/routes.py:let_go": "no form: where to go when the page is no longer there for this person",
    "registration/desk_routes.py:use_card": "no form: a card that is not known has a page of its own",
    "moderation/routes.py:contest": "the fields of a live event, without WTForms; told on the page it returns to",
    "programme/editing/lifecycle_routes.py:_decide": "asks first: a refusal is told on the page that asks",
    "qanda/routes.py:op": "answers JSON, as a socket does",
    "programme/stage/stage_routes.py:join_meeting": "no form: back to the room, where the other ways are",
    "programme/stage/stage_routes.py:end_meeting": "no form: back to the room, whatever the meeting server says",
    "people/access/login_routes.py:link": "no form: a used link has a page of its own",
    "people/access/login_routes.py:use_link": "no form: a used link has a page of its own",
    "people/access/invitation_routes.py:_invitation": "an invitation that is over has a page of its own",
    "people/access/invitation_routes.py:accept_invitation": "an invitation that is over has a page of its own",
}


def catches_refusals(handler):
    names = {each.id for each in ast.walk(handler.type or handler) if isinstance(each, ast.Name)}
    return "RuleBroken" in names


def test_a_refused_form_is_handled_in_one_place():
    found = set()
    for path in SOURCE.rglob("*routes.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            handlers = [each for each in ast.walk(function) if isinstance(each, ast.ExceptHandler)]
            if any(map(catches_refusals, handlers)):
                found.add(f"{path.relative_to(SOURCE).as_posix()}:{function.name}")
    assert found == set(CATCHES)


# --- addresses -----------------------------------------------------------------------------------

ENDPOINT = re.compile(r"""(?:url_for|path_for)\(\s*["']([a-z_]*\.?[a-z_]+)["']""")


def sources():
    yield from sorted(SOURCE.rglob("*.py"))
    yield from sorted(each for each in TEMPLATES.rglob("*") if each.suffix in (".html", ".xml", ".txt"))


def blueprint_of(path):
    """The blueprint that `.name` is in: of a template the folder, of a module its section."""
    section = path.relative_to(TEMPLATES if path.is_relative_to(TEMPLATES) else SOURCE).parts[0]
    return {"parts": "files"}.get(section, section)


def test_every_address_that_is_made_is_a_page_of_ours(app):
    unknown = []
    for path in sources():
        for name in ENDPOINT.findall(path.read_text(encoding="utf-8")):
            endpoint = f"{blueprint_of(path)}{name}" if name.startswith(".") else name
            if endpoint not in app.view_functions:
                unknown.append(f"{path.relative_to(SOURCE.parent)}: {name}")
    assert unknown == []


# The first words of our addresses, as a text that is put together with something else would hold them.
OURS = "sessies|lessen|agenda|vragen|wijkwijzer|programma|mijn|link|organisatie|regie|melden|meldingen|kom|kalender"
BY_HAND = re.compile(
    rf"""f["']/(?:{OURS})\b"""  # f"/lessen/{{slug}}"
    rf"""|["']/(?:{OURS})[^"']*["']\s*[~+]"""  # "/sessies/" ~ slug
    rf"""|(?:href|action)=["']/[a-z]"""  # href="/lessen"
    rf"""|}}}}/(?:{OURS})\b"""  # {{{{ public }}}}/lessen
)
# What is written by hand, how often, and why.
ADDRESSES_BY_HAND = {
    "templates/chat/_panel.html": (1, "a hundred lines, each with its link: made once, not by a lookup"),
    "templates/lessons/show.html": (
        1,
        "five hundred comments, each with its link: made once, not by a lookup",
    ),
}


def test_an_address_is_made_from_its_endpoint():
    found = {}
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        count = sum(
            len(BY_HAND.findall(line)) for line in lines if not line.lstrip().startswith(("#", '"""', "@bp."))
        )
        if count:
            found[path.relative_to(SOURCE.parent).as_posix()] = count
    assert found == {name: count for name, (count, _why) in ADDRESSES_BY_HAND.items()}
