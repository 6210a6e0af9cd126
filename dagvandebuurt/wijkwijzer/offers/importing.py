"""Import of a table of offers, line by line: new, changed, unchanged, or with an error."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import unguarded
from dagvandebuurt.core.text import clean_text, folded, one_line, shortened
from dagvandebuurt.programme.errors import CannotBeRead
from dagvandebuurt.programme.exchange.csv_file import read_csv
from dagvandebuurt.programme.exchange.detect import table_text
from dagvandebuurt.programme.exchange.grid import (
    heading_forms,
    headings_of,
    is_error,
    unpacked,
)
from dagvandebuurt.programme.places.queries import places_named
from dagvandebuurt.wijkwijzer.choices import organisations, places, themes
from dagvandebuurt.wijkwijzer.errors import FileHasMistakes, NoOffersInFile
from dagvandebuurt.wijkwijzer.forms import OfferedForm
from dagvandebuurt.wijkwijzer.models import LearningOffer
from dagvandebuurt.wijkwijzer.offers.columns import HEADINGS, NAMES, SEVERAL, backwards, words_of
from dagvandebuurt.wijkwijzer.offers.rules import Offered
from dagvandebuurt.wijkwijzer.queries import every_offer
from dagvandebuurt.wijkwijzer.states import OFFERS, OfferAction

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
NEEDED = frozenset({"title", "provider_name"})
Values = dict[str, Any]


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class ImportRow:
    """Result of a line. `told` is what changes, or the error."""

    number: int
    title: str
    fate: Fate
    told: str = ""
    offer: LearningOffer | None = None
    offered: Offered | None = None


class _Wrong(Exception):
    """Error in a line, with a sentence."""


def text_of(content: bytes, filename: str = "") -> str:
    """Return an uploaded file as CSV text, keeping row numbers: of a workbook, the sheet with most known
    headings.

    Raises NoOffersInFile for one that is too large, empty, or of another type.
    """
    try:
        return table_text(content, filename, most_bytes=MOST_BYTES, known=_name)
    except CannotBeRead as broken:
        raise _refused(str(broken.message)) from None


def _name(heading: object) -> str | None:
    return next((NAMES[each] for each in heading_forms(str(heading)) if each in NAMES), None)


def look(text: str, *, for_change: bool = False) -> list[ImportRow]:
    """Preview each line. Raises NoOffersInFile when it is not a table of offers."""
    try:
        rows = read_csv(text, known=_name)
    except CannotBeRead as broken:
        raise _refused(str(broken.message)) from None
    if len(rows) > MOST_ROWS + 1:
        raise _refused(_("Dit bestand heeft meer dan %(most)d regels.", most=MOST_ROWS))
    headings = headings_of(unpacked(rows, _name), _name, NEEDED)
    if headings is None or not set(headings.names) >= NEEDED:
        raise NoOffersInFile
    reader, names = _Reader(every_offer(for_change)), headings.names
    return [
        reader.line(number, {name: unguarded(str(cell)) for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in headings.rows if [_name(cell) for cell in cells][: len(names)] != names
    ]  # fmt: skip


def counted(lines: Sequence[ImportRow]) -> dict[str, int]:
    found = Counter(line.fate for line in lines)
    return {fate.value: found[fate] for fate in Fate}


def to_store(text: str) -> list[tuple[LearningOffer | None, Offered]]:
    """Return the new and changed offers. Raises FileHasMistakes when one line has an error."""
    lines = look(text, for_change=True)
    if any(line.fate is Fate.WRONG for line in lines):
        raise FileHasMistakes
    return [(line.offer, line.offered) for line in lines if line.offered is not None]


def _refused(sentence: str) -> NoOffersInFile:
    refused = NoOffersInFile()
    refused.message = sentence
    return refused


def _key(title: str, provider: str) -> tuple[str, str]:
    return folded(one_line(title)), folded(one_line(provider))


class _Reader:
    """ImportRow parser, with the existing offers and the earlier lines of the file."""

    def __init__(self, offers: Sequence[LearningOffer]) -> None:
        self.by_number = {each.number: each for each in offers}
        self.by_key = {_key(each.title, each.provider_name): each for each in reversed(offers)}
        self.choices = (themes(), places(), organisations())
        its_themes, _its_places, bodies = self.choices
        self.bodies = {folded(each.name): each for each in bodies}
        self.places: dict[str, str] = {}
        self.several = {
            "themes": {folded(word): str(each.id) for each in its_themes for word in (each.code, each.label)},
            **{kind: backwards(words_of(kind)) for kind in ("audience", "domains")},
        }
        self.one = {kind: backwards(words_of(kind)) for kind in ("form", "mode")}
        self.seen: dict[Any, int] = {}

    def line(self, number: int, cells: Mapping[str, str]) -> ImportRow:
        title = shortened(one_line(cells.get("title", "")), 160)
        line = partial(ImportRow, number, title)
        try:
            offer = self._same(cells)
            self._once(number, offer, cells)
            was = _values(offer) if offer is not None else {}
            said = was | self._said(cells, offer)
            if offer is None:
                return line(Fate.NEW, offered=self._offered(said))
            changed = [HEADINGS[name] for name in HEADINGS if said.get(name) != was.get(name)]
            if said == was:
                return line(Fate.SAME)
            if not OFFERS.is_possible(offer, OfferAction.REWRITE):
                raise _Wrong(_("Dit aanbod is gestopt of niet geplaatst. Verander het niet."))
            offered = replace(self._offered(said), for_gap_id=offer.for_gap_id)
            return line(Fate.CHANGED, ", ".join(changed), offer, offered)
        except _Wrong as wrong:
            return line(Fate.WRONG, str(wrong))

    def _same(self, cells: Mapping[str, str]) -> LearningOffer | None:
        """Return the offer of this line: by its number, or by its title and organisation."""
        given = cells.get("number", "").strip()
        if not given:
            return self.by_key.get(_key(cells.get("title", ""), cells.get("provider_name", "")))
        is_number = given.isascii() and given.isdigit() and len(given) < 10
        if not is_number or int(given) not in self.by_number:
            raise _Wrong(_("Er is geen aanbod met dit nummer. Laat het nummer leeg als het nieuw is."))
        return self.by_number[int(given)]

    def _once(self, number: int, offer: LearningOffer | None, cells: Mapping[str, str]) -> None:
        key = offer.id if offer is not None else _key(cells.get("title", ""), cells.get("provider_name", ""))
        first = self.seen.setdefault(key, number)
        if first != number:
            raise _Wrong(_("Dit is hetzelfde aanbod als op rij %(line)d.", line=first))

    def _said(self, cells: Mapping[str, str], offer: LearningOffer | None) -> Values:
        """Return the line as form data. A missing column leaves the value unchanged."""
        said: Values = {}
        wrong = next((name for name in HEADINGS if is_error(cells.get(name))), None)
        if wrong is not None:
            raise _Wrong(
                _(
                    "%(column)s: %(said)s is een fout in je bestand.",
                    column=HEADINGS[wrong],
                    said=cells[wrong],
                )
            )
        for name in HEADINGS:
            if name in cells and name != "number":
                said |= self._read(name, cells[name], offer)
        return said

    def _read(self, name: str, cell: str, offer: LearningOffer | None) -> Values:
        if name == "summary":
            return {name: clean_text(cell, lines=30)}
        told = one_line(cell)
        if name in SEVERAL:
            return {name: sorted({self._found(self.several[name], each, name) for each in cell.replace("\n", ";").split(";") if one_line(each)})}  # fmt: skip
        if name in self.one:
            return {name: self._found(self.one[name], told, name) if told else ""}
        if name == "place":
            if offer is not None and offer.place is not None and folded(offer.place.name) == folded(told):
                return {}
            return {name: self._place(told) if told else ""}
        if name == "language_level":
            return {name: told.upper()}
        if name == "provider_name":
            return self._provider(told, offer)
        return {name: told}

    def _provider(self, told: str, offer: LearningOffer | None) -> Values:
        if offer is not None and folded(offer.provider_name) == folded(told):
            return {}
        known = self.bodies.get(folded(told))
        return {"provider": str(known.id) if known else "", "provider_name": known.name if known else told}

    def _place(self, told: str) -> str:
        if folded(told) not in self.places:
            found = places_named(told)
            if len(found) > 1:
                raise _Wrong(
                    _("%(said)s komt vaker voor. Zet de gemeente erachter, met een komma.", said=shortened(told, 40))
                )  # fmt: skip
            self.places |= {folded(told): str(place.id) for place in found}
        return self._found(self.places, told, "place")

    def _found(self, known: Mapping[str, str], told: str, name: str) -> str:
        found = known.get(folded(one_line(told)))
        if found is None:
            raise _Wrong(
                _("%(column)s: %(said)s kennen we niet.", column=HEADINGS[name], said=shortened(one_line(told), 40))
            )  # fmt: skip
        return found

    def _offered(self, values: Values) -> Offered:
        """Validate with the form that people fill in."""
        typed = MultiDict({"language_level": "", "place": "", "for_gap": "", "provider": "", **values})
        form = OfferedForm(formdata=typed, meta={"csrf": False})
        form.offer(self.choices[0], self.choices[1])
        form.offer_more(self.choices[2], ())
        if form.validate():
            return form.offered
        name, sentences = next(iter(form.errors.items()))
        raise _Wrong(f"{HEADINGS.get(str(name), name)}: {sentences[0]}")


def _values(offer: LearningOffer) -> Values:
    """Return an existing offer as form data."""
    plain = ("title", "summary", "provider_name", "cost", "duration", "language_level")
    return {
        **{name: getattr(offer, name) for name in plain},
        "url": offer.url or "",
        "contact": offer.contact or "",
        "provider": str(offer.provider_id or ""),
        "place": str(offer.place_id or ""),
        "form": offer.form.value,
        "mode": offer.mode.value,
        "audience": sorted(offer.audience),
        "domains": sorted(offer.domains),
        "themes": sorted(str(each.id) for each in offer.themes),
    }
