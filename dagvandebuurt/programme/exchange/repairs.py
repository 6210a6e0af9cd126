"""Findings of parsing a file: repairs and errors, each with its location."""

from dataclasses import dataclass, field
from typing import Any

MOST_CHARS_SHOWN = 80


@dataclass(frozen=True)
class Repair:
    """Repair or error. On this line (of a table: this row, as a spreadsheet counts) `said` was read as
    `became`. `became` is empty for an error; `good` is then a correct example. `title` and `sheet` locate
    it, as far as known.
    """

    line: int
    what: str
    was: str
    became: str = ""
    good: str = ""
    title: str = ""
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.line, "what": self.what, "was": self.was, "became": self.became, "good": self.good,
            "title": self.title, "sheet": self.sheet,
        }  # fmt: skip


@dataclass
class Findings:
    """Collected findings: one of `errors` rejects the whole file. The reader sets the current `title` and
    `sheet`.
    """

    repairs: list[Repair] = field(default_factory=list)
    errors: list[Repair] = field(default_factory=list)
    title: str = ""
    sheet: str = ""

    def repaired(self, line: int, what: str, was: Any, became: Any) -> None:
        self.repairs.append(self._found(line, what, was, became))

    def failed(self, line: int, what: str, was: Any = "", *, good: str = "") -> None:
        self.errors.append(self._found(line, what, was, good=good))

    def _found(self, line: int, what: str, was: Any, became: Any = "", good: str = "") -> Repair:
        return Repair(line, what, _short(was), _short(became), good, _short(self.title), self.sheet)


def _short(value: Any) -> str:
    text = " ".join(str(value if value is not None else "").split())
    return text if len(text) <= MOST_CHARS_SHOWN else text[: MOST_CHARS_SHOWN - 1] + "…"
