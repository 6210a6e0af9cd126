"""Desk of the texts of the site: write, look at, compare and put back."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text_diff import difference
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.queries import current_house_rules, stored_house_rules
from dagvandebuurt.texts import rules
from dagvandebuurt.texts.errors import TextWrittenMeanwhile
from dagvandebuurt.texts.forms import SiteTextForm, site_text_form
from dagvandebuurt.texts.models import SiteTextVersion
from dagvandebuurt.texts.permissions import TextPermission
from dagvandebuurt.texts.queries import (
    PageText,
    as_text,
    newest,
    newest_of_each,
    text_of,
    version_of,
    versions_of,
)
from dagvandebuurt.texts.site_pages import BY_CODE, PAGES, SitePage

bp = Blueprint("texts", __name__)
CODE = f"<any({', '.join(BY_CODE)}):code>"
MOST_VERSIONS = 100_000
_ID = re.compile(r'(?<=[\w"]) id="[^"]*"(?=[ >])')


def number_in(text: str | None) -> int:
    """Return the version number that a form sent back; -1, which no version has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1


@bp.get("/organisatie/teksten")
@allows(TextPermission.WRITE)
def desk() -> ResponseReturnValue:
    """List every text, and whether somebody wrote it."""
    return render_template(
        "texts/desk.html",
        pages=PAGES,
        newest=newest_of_each(),
        house_rules=current_house_rules(clock.now()),
        waiting_rules=stored_house_rules(),
    )


@bp.get(f"/organisatie/teksten/{CODE}")
@allows(TextPermission.WRITE)
def editor(code: str) -> ResponseReturnValue:
    page = BY_CODE[code]
    text = text_of(page, newest(page))
    return _editor(page, site_text_form(page, text.values, text.number))


def _editor(
    page: SitePage, form: SiteTextForm, status: int = 200, *, theirs: str | None = None
) -> ResponseReturnValue:
    """Render the editor. `theirs`: another person's saved text, shown beside one's own."""
    current = newest(page)
    is_readable = request.method == "POST" and (status == 200 or form.refused is not None)
    return (
        render_template(
            "texts/editor.html",
            page=page,
            form=form,
            current=current,
            theirs=theirs,
            previews=_previews(page, form.values if is_readable else None, current),
        ),
        status,
    )


@dataclass(frozen=True)
class Preview:
    """A page as it would look in one language."""

    language: str
    name: str
    html: Markup


def previews_of(template: str, **values: Any) -> list[Preview]:
    """Render a template in every language, to stand in another page: without its ids and its first heading."""
    made: list[Preview] = []
    for language, name in i18n.LANGUAGES.items():
        with i18n.speaking(language):
            page = _ID.sub("", render_template(template, lang=language, **values))
            html = Markup(page.replace("<h1", "<h3").replace("</h1>", "</h3>"))  # noqa: S704 - a template
            made.append(Preview(language, name, html))
    return made


def _previews(
    page: SitePage, values: dict[str, str] | None, current: SiteTextVersion | None
) -> list[Preview]:
    """Return the page as it would look with these values, in each language."""
    text = text_of(page, current)
    if values is not None:
        text = PageText(page, text.number, text.made_at, values)
    return previews_of(f"texts/_{page.code}.html", text=text)


@bp.post(f"/organisatie/teksten/{CODE}/voorbeeld")
@allows(TextPermission.WRITE)
def preview(code: str) -> ResponseReturnValue:
    """Render the text being typed with the template of the public page. Stores nothing."""
    page = BY_CODE[code]
    form = site_text_form(page)
    if not form.validate():  # half a date is no date yet
        return "", 422
    return render_template("texts/_previews.html", previews=_previews(page, form.values, newest(page)))


@bp.post(f"/organisatie/teksten/{CODE}")
@allows(TextPermission.WRITE)
@once
def save(code: str) -> ResponseReturnValue:
    """Publish the text, or only look at it. On an edit conflict the second person sees both texts."""
    page = BY_CODE[code]
    form = site_text_form(page)
    if not form.validate():
        return _editor(page, form, 422)
    if request.form.get("doe") == "voorbeeld":
        return _editor(page, form)
    return attempt(
        form,
        lambda: rules.save_text(
            current_user, page, values=form.values, seen=number_in(form.seen.data), now=clock.now()
        ),
        page=lambda form, status: _refused(page, form, status),
        back=url_for(".editor", code=code),
        said=lambda done: (
            _("Bewaard. Iedereen leest nu deze tekst.") if done else _("Er is niets veranderd.")
        ),
        validate=False,
    )


def _refused(page: SitePage, form: Any, status: int) -> ResponseReturnValue:
    current = newest(page)
    if not isinstance(form.refused, TextWrittenMeanwhile):
        return _editor(page, form, status)
    form.seen.data = str(current.number if current else 0)
    return _editor(page, form, status, theirs=as_text(page, current.content if current else None))


@bp.get(f"/organisatie/teksten/{CODE}/versies")
@allows(TextPermission.WRITE)
def versions(code: str) -> ResponseReturnValue:
    page = BY_CODE[code]
    return render_template("texts/versions.html", page=page, versions=versions_of(page))


def _version(page: SitePage, number: int) -> SiteTextVersion | None:
    """Return this version; None is the standard text, number 0. Raises NotFound."""
    found = version_of(page, number) if 0 < number < MOST_VERSIONS else None
    if number and found is None:
        raise NotFound
    return found


@bp.get(f"/organisatie/teksten/{CODE}/versies/<int:number>")
@allows(TextPermission.WRITE)
def version(code: str, number: int) -> ResponseReturnValue:
    """Show what a version changed, and the button that puts it back."""
    page = BY_CODE[code]
    found, current = _version(page, number), newest(page)
    before = version_of(page, number - 1) if found and number > 1 else None
    lines = difference(
        as_text(page, before.content if before else None) if found else "",
        as_text(page, found.content if found else None),
    )
    return render_template(
        "texts/version.html", page=page, number=number, version=found, current=current, lines=lines
    )


@bp.post(f"/organisatie/teksten/{CODE}/versies/<int:number>/terug")
@allows(TextPermission.WRITE)
@once
def put_back(code: str, number: int) -> ResponseReturnValue:
    """Publish an older version again."""
    page = BY_CODE[code]
    with transaction():
        rules.put_back(
            current_user,
            page,
            _version(page, number),
            seen=number_in(request.form.get("seen")),
            now=clock.now(),
        )
    flash(_("Teruggezet. Iedereen leest nu weer deze tekst."))
    return redirect(url_for(".editor", code=code), 303)
