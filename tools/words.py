"""Message extraction: update the translation catalogues (`make words`).

New messages come in untranslated, unused ones are removed. `tests/house/test_words.py` is red until the new
ones are translated.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "dagvandebuurt" / "translations"
KEYWORDS = {"_": None, "_l": None, "lazy": None, "gettext": None, "ngettext": (1, 2)}
SOURCES = {"dagvandebuurt": [("**.py", "python")], "templates": [("**.*", "jinja2")]}


def said() -> Catalog:
    """Return every message of pages, mails and refusals."""
    found = Catalog(fuzzy=False)
    for folder, methods in SOURCES.items():
        for *_, message, _comments, context in extract_from_dir(
            ROOT / folder, method_map=methods, keywords=KEYWORDS, strip_comment_tags=True
        ):
            found.add(message, context=context)
    return found


def kept(path: Path) -> Catalog:
    """Return the existing catalogue; an empty one if it is new."""
    if not path.exists():
        return Catalog(locale=path.stem)
    with path.open("rb") as source:
        return read_po(source, locale=path.stem)


def catalogues() -> Iterator[Path]:
    yield from sorted(CATALOGUES.glob("*.po"))


def brought_up(path: Path) -> bytes:
    """Return the catalogue with exactly the messages in use, sorted; nothing guessed."""
    before, after = kept(path), Catalog(locale=path.stem, fuzzy=False)
    for message in said():
        if message.id:
            old = before.get(message.id)
            after.add(message.id, old.string if old else None)
    written = io.BytesIO()
    write_po(written, after, sort_output=True, omit_header=True, width=0, no_location=True)
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return header + b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n' + written.getvalue()


def main() -> None:
    for path in catalogues():
        path.write_bytes(brought_up(path))
        missing = sum(1 for message in kept(path) if message.id and not message.string)
        print(f"{path.name}: {missing} to translate")
        if missing:
            sys.exit(1)


if __name__ == "__main__":
    main()
