"""Filter of the moderator's desk, from the address of the page: `static/js/sift.js` does the same in the browser."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

WORDS_MAX_CHARS = 100


class DeskLabels(Protocol):
    """What the section of labels shows at the desk, under `labelling`."""

    choices: list[dict[str, str]]

    def of(self, question_id: str) -> dict[str, Any]:
        """Return the labels that are `on` a question, and the revision its presser `seen`."""
        ...


@dataclass(frozen=True)
class DeskFilter:
    """What a moderator looks for. `is_first` and `mentions` are only known of waiting questions."""

    words: str = ""
    is_first: bool = False
    mentions: bool = False
    language: str = ""
    label: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "DeskFilter":
        """Read it from the query of the address; whatever is no filter is none."""
        return cls(
            words=query.get("zoek", "")[:WORDS_MAX_CHARS].strip(),
            is_first=query.get("eerste") == "1",
            mentions=query.get("noemt") == "1",
            language=query.get("taal", "")[:12],
            label=query.get("label", "")[:36],
        )

    @property
    def is_on(self) -> bool:
        return self != DeskFilter()

    def passes(self, item: Mapping[str, Any], by: str) -> bool:
        """Tell whether the desk's item of a question is one of those. Every word has to be in its text, or in `by`,
        who asked it.
        """
        text = folded(f"{item['text']} {by}")
        return (
            all(word in text for word in folded(self.words).split())
            and (not self.is_first or item["asked"] == 1)
            and (not self.mentions or bool(item["mentions"]))
            and (not self.language or item["lang"] == self.language)
            and (not self.label or self.label in item["labels"]["on"])
        )


def folded(text: str) -> str:
    """Return `text` in small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).lower()
