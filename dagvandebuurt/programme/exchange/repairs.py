"""What had to be repaired to read a file, and what could not be: each with its place."""

from dataclasses import dataclass, field
from typing import Any

MOST_CHARS_SHOWN = 80


@dataclass(frozen=True)
class Repair:
    """On this line (of a table: this row, as a spreadsheet counts) this was said, and this was made of it. `became`
    is empty for a mistake that nobody can repair; `good` is then an example of what would be right. `title` and
    `sheet` say which session it is about and where it stands, as far as known."""

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
    """`repairs` were made; one of `errors` is enough to keep the whole file out. What is found is about `title` on
    `sheet`: set by who reads."""

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
