"""Routes for an organiser's own words: what the entries of lists are called, and which people choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text import folded, one_line
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.parts.branding import queries, rules
from dagvandebuurt.parts.branding.menu import MENU
from dagvandebuurt.parts.branding.permissions import BrandingPermission
from dagvandebuurt.parts.branding.queries import Look
from dagvandebuurt.parts.branding.words import WORD_MAX_CHARS, Words, code_of, is_own
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.labels import ACCESS, KINDS
from dagvandebuurt.registration.labels import NEEDS

LISTS: dict[str, tuple[Any, Mapping[Any, Any]]] = {
    "menu": (_l("Het menu"), MENU),
    "participant_role": (_l("Wie ben je op deze dag?"), PARTICIPANT_ROLES),
    "domain": (_l("Werkvelden"), DOMAINS),
    "need": (_l("Wat mensen nodig hebben"), NEEDS),
    "session_kind": (_l("Soorten sessies"), KINDS),
    "access": (_l("Toegankelijkheid van een sessie"), ACCESS),
}
STAYS = {("participant_role", ParticipantRole.UNDISCLOSED.value)}  # nobody has to say who they are


@dataclass
class ListedWord:
    """One line of the page. `name` is what its fields begin with."""

    name: str
    code: str
    standard: str
    nl: str
    en: str
    is_shown: bool
    stays: bool
    error: str = ""
    was: str = ""  # what an entry of the organiser's own was called until now

    @property
    def is_own(self) -> bool:
        return is_own(self.code)

    @property
    def is_offered(self) -> bool:
        return self.is_shown and bool(self.nl or not self.is_own)


@dataclass(frozen=True)
class List:
    of: str
    title: Any
    entries: list[ListedWord]


def _lists(words: Words) -> list[List]:
    """Return all lists. Of the entries of one's own: those with a word, and the next one to fill in."""
    found = []
    for of, (title, labels) in LISTS.items():
        entries = [_entry(of, code_of(code), label, words) for code, label in labels.items()]
        named = [entry for entry in entries if not entry.is_own or entry.was]
        free = [entry for entry in entries if entry.is_own and not entry.was]
        found.append(List(of, title, [*named, *free[:1]]))
    return found


def _entry(of: str, code: str, label: Any, words: Words) -> ListedWord:
    own = words.get(of, {}).get(code, {})
    with speaking("nl"):
        standard = str(label.standard)
    stays = (of, code) in STAYS
    name = f"{of}/{code}"
    is_shown, nl = not own.get("hidden"), own.get("nl", "")
    return ListedWord(
        name, code, standard, nl, own.get("en", ""), is_shown, stays, was=nl if is_own(code) else ""
    )


def _typed() -> list[List]:
    """Return the lists as typed, with what is wrong at each entry."""
    found = _lists(Look.of(queries.newest()).words)
    for each in found:
        for entry in each.entries:
            entry.nl = one_line(request.form.get(f"{entry.name}/nl"))
            entry.en = one_line(request.form.get(f"{entry.name}/en"))
            entry.is_shown = entry.stays or f"{entry.name}/toon" in request.form
            if max(len(entry.nl), len(entry.en)) > WORD_MAX_CHARS:
                entry.error = _("Houd het bij %(num)s tekens.", num=WORD_MAX_CHARS)
            elif entry.en and not entry.nl:
                entry.error = _("Vul ook het Nederlandse woord in.")
            elif entry.was and not entry.nl:
                entry.error = _("Wie dit koos, leest dit woord nog. Haal het vinkje weg om het weg te laten.")
            elif entry.is_own and entry.nl and _is_double(entry, each.entries):
                entry.error = _("Dit woord staat al in deze lijst.")
        if not any(entry.is_offered for entry in each.entries):
            each.entries[0].error = _("Laat er minstens één staan.")
    return found


def _is_double(entry: ListedWord, entries: list[ListedWord]) -> bool:
    called = folded(entry.nl)
    return any(called == folded(each.nl or each.standard) for each in entries if each is not entry)


def _words(lists: list[List]) -> Words:
    """Return what differs from the standard."""
    return {
        each.of: own
        for each in lists
        if (
            own := {
                entry.code: {"nl": entry.nl, "en": entry.en, "hidden": not entry.is_shown}
                for entry in each.entries
                if entry.nl or not (entry.is_shown or entry.is_own)
            }
        )
    }


class WordsForm(PageForm):
    """The fields are written by hand in the template: one line for each entry of each list."""


@bp.get("/organisatie/woorden")
@allows(BrandingPermission.ARRANGE)
def words() -> ResponseReturnValue:
    queries.cache().forget()  # another process may have saved: the editor sees it at once
    return _page(_lists(Look.of(queries.newest()).words))


def _page(lists: list[List], form: WordsForm | None = None, status: int = 200) -> ResponseReturnValue:
    row = queries.newest()
    page = render_template(
        "organisation/words.html",
        lists=lists,
        form=form or WordsForm(formdata=None),
        number=row.number if row else 0,
        most=WORD_MAX_CHARS,
        wrong=[entry for each in lists for entry in each.entries if entry.error],
    )
    return page, status


@bp.post("/organisatie/woorden")
@allows(BrandingPermission.ARRANGE)
@once
def save_words() -> ResponseReturnValue:
    """Save the words; refused when somebody else saved meanwhile, with what was typed."""
    form, typed = WordsForm(), _typed()
    if any(entry.error for each in typed for entry in each.entries):
        return _page(typed, form, 422)
    seen = request.form.get("seen", "")

    def act() -> None:
        before = queries.newest()
        look = replace(Look.of(before), words=_words(typed))
        number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
        rules.save(current_user, before, look=look, seen=number, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _page(typed, form, status),
        back=url_for(".words"),
        said=_("Bewaard. Zo heet het nu overal."),
        validate=False,
    )
