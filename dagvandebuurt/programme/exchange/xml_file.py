"""XML parser with line numbers and limits. DOCTYPE, entities and external references are refused (XXE)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits

_LINES = frozenset({"p", "br", "div", "li", "line-break", "h1", "h2", "h3", "tr"})


@dataclass
class Node:
    """Element: its name without namespace, its line, and its contents."""

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: "list[Node]" = field(default_factory=list)
    between: "list[tuple[int, str]]" = field(default_factory=list)  # text after this many children

    def whole(self) -> str:
        """Return all text in it, also within and after inline markup; a line for each paragraph."""
        if not self.children:
            return self.text
        behind: dict[int, str] = {}
        for place, text in self.between:
            behind[place] = behind.get(place, "") + text
        parts = [self.text]
        for place, child in enumerate(self.children, start=1):
            ends = "\n" if child.name in _LINES else ""
            parts += [child.whole(), ends, behind.get(place, "")]
        return "".join(parts)

    def all(self, name: str) -> "list[Node]":
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)


class _Builder:
    """Event handler that builds Nodes."""

    def __init__(self, breathe: Callable[[], None]) -> None:
        self.root: Node | None = None
        self.line: Callable[[], int] = lambda: 0
        self._open: list[Node] = []
        self._count, self._breathe = 0, breathe

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag.rpartition("}")[2], self.line(), dict(attributes))
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)
        self._count += 1
        if len(self._open) > limits.MOST_DEPTH:
            raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d lagen.", most=limits.MOST_DEPTH))
        if self._count > limits.MOST_ELEMENTS:
            raise TooMuchInFile(
                _("Dit bestand heeft meer dan %(most)d onderdelen.", most=limits.MOST_ELEMENTS)
            )
        if self._count % 2_000 == 0:
            self._breathe()

    def data(self, text: str) -> None:
        if not self._open:
            return
        node = self._open[-1]
        if not node.children:
            node.text += text
        elif text.strip() or node.between or text == " ":
            node.between.append((len(node.children), text))

    def end(self, _tag: str) -> None:
        self._open.pop()

    def close(self) -> Node | None:
        return self.root


def read_xml(content: bytes | str, breathe: Callable[[], None] = lambda: None) -> Node:
    """Parse `content`. Raises CannotBeRead with the line, TooMuchInFile with the limit."""
    builder = _Builder(breathe)
    parser: Any = DefusedXMLParser(
        target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    builder.line = lambda: int(parser.parser.CurrentLineNumber)
    try:
        parser.feed(content)
        root: Node | None = parser.close()
    except DefusedXmlException:
        raise CannotBeRead(_("In deze XML staat een DOCTYPE of een entiteit. Dat lezen we niet.")) from None
    except ParseError as broken:
        line = broken.position[0]
        raise CannotBeRead(_("Op regel %(line)d is dit geen goede XML.", line=line), line=line) from None
    except (ValueError, LookupError):  # an unknown encoding, or one the bytes do not match
        raise CannotBeRead(_("De lettertekens van deze XML zijn niet te lezen.")) from None
    if root is None:
        raise CannotBeRead(_("Dit bestand is leeg."))
    return root
