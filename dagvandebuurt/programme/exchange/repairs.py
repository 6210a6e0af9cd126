"""What had to be repaired to read a file, and what could not be: each with its line."""

from dataclasses import dataclass, field
from typing import Any

MOST_CHARS_SHOWN = 80


@dataclass(frozen=True)
class Repair:
    """On this line of the file, this was said, and this was made of it. `became` is empty for a mistake that
    nobody can repair."""

    line: int
    what: str
    was: str
    became: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "what": self.what, "was": self.was, "became": self.became}


@dataclass
class Findings:
    """`repairs` were made; one of `errors` is enough to keep the whole file out."""

    repairs: list[Repair] = field(default_factory=list)
    errors: list[Repair] = field(default_factory=list)

    def repaired(self, line: int, what: str, was: Any, became: Any) -> None:
        self.repairs.append(Repair(line, what, _short(was), _short(became)))

    def failed(self, line: int, what: str, was: Any = "") -> None:
        self.errors.append(Repair(line, what, _short(was)))


def _short(value: Any) -> str:
    text = " ".join(str(value if value is not None else "").split())
    return text if len(text) <= MOST_CHARS_SHOWN else text[: MOST_CHARS_SHOWN - 1] + "…"
