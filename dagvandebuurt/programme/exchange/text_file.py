"""Character encoding detection: bytes as text, whichever program wrote them."""

import codecs
import re
from html.entities import html5

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead
from dagvandebuurt.programme.exchange.repairs import Findings

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes, findings: Findings) -> str:
    """Decode as UTF-8, by byte order mark, or as a legacy code page. Never fails."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _whole(content.decode(name, "replace"), findings)
    hidden = _utf16_without_mark(content)
    if hidden is not None:
        findings.repaired(1, "lettertekens", "UTF-16", "UTF-8")
        return _whole(content.decode(hidden, "replace"), findings)
    try:
        return _mended(_whole(content.decode("utf-8"), findings), findings)
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        name = _old_code_page(content)
        findings.repaired(line, "lettertekens", "geen UTF-8", _CALLED[name])
        return _whole(content.decode(name, "replace"), findings)


_CALLED = {"cp1252": "Windows-1252", "cp850": "MS-DOS (850)", "mac_roman": "Macintosh"}
_LETTERS = frozenset("éëèêïíöóòôüúùáàâäçñÉËÈÏÖÜÁÓÇ€’‘“”–…²½°")


def _old_code_page(content: bytes) -> str:
    """Guess the legacy code page: the one that gives most Dutch letters. Excel can still save for MS-DOS and
    Macintosh.
    """

    def good(name: str) -> int:
        text = content.decode(name, "replace")
        inside = len(
            re.findall(r"(?<=[a-z])[‚„ˆ‰Š‹ŒŽ•˜™š›œžŸ†‡¢£¤¥¦§¨©ª«¬¶·¸¹º»¼¾ƒÄÅÊËÈÍÎÏÌÓÔÒÚÛÙ](?=[a-z])", text)
        )
        return sum(letter in _LETTERS for letter in text) - 3 * inside

    return max(_CALLED, key=lambda name: (good(name), name == "cp1252"))


_TWICE = re.compile("[ÃÂ][\u0080-\u00bf]|â€[\u0098-\u009d™œ˜“”]")


def _mended(text: str, findings: Findings) -> str:
    """Repair mojibake: UTF-8 once decoded as Windows-1252, `CafÃ©`. Only where the whole text allows it."""
    found = _TWICE.search(text)
    if found is None:
        return text
    try:
        mended = text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
    findings.repaired(text.count("\n", 0, found.start()) + 1, "lettertekens", found[0], mended[found.start()])
    return mended


_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,150}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENTITY = re.compile(
    r"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]{1,30});|&(?!#|[A-Za-z][A-Za-z0-9]{0,40};)", re.DOTALL
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decoded_xml(content: bytes, findings: Findings) -> str:
    """Decode XML and strip its declaration, keeping lines.

    A declared encoding counts if it is valid; named entities of HTML (`&eacute;`) are replaced. Raises
    CannotBeRead for an unknown encoding.
    """
    text = _declared(content, findings)
    text = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text.lstrip("\ufeff"))
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return text
    letters: dict[str, str] = {}

    def letter(found: re.Match[str]) -> str:
        if found[0].startswith("<"):
            return found[0]
        if found[1] is None:
            if "&" not in letters:
                letters["&"] = "&amp;"
                findings.repaired(text.count("\n", 0, found.start()) + 1, "los &-teken", "&", "&amp;")
            return "&amp;"
        if found[1] not in letters:
            letters[found[1]] = _letter(found, text, findings)
        return letters[found[1]]

    return _ENTITY.sub(letter, text)


def _declared(content: bytes, findings: Findings) -> str:
    match = _DECLARED.match(content)
    if match is None or any(content.startswith(mark) for mark, _name in _MARKS):
        return decoded(content, findings)
    try:
        found = codecs.lookup(match[1].decode("ascii"))
        if not getattr(found, "_is_text_encoding", False):
            raise LookupError
        return _whole(content.decode(found.name), findings)
    except LookupError:
        raise CannotBeRead(_("De lettertekens van deze XML zijn niet te lezen.")) from None
    except UnicodeError:
        return decoded(content, findings)


def _letter(found: re.Match[str], text: str, findings: Findings) -> str:
    letter = html5.get(f"{found[1]};")
    if found[1] in _OF_XML or letter is None or letter in "<>&\"'":
        return found[0]
    findings.repaired(text.count("\n", 0, found.start()) + 1, "letter met een naam", found[0], letter)
    return letter


def _utf16_without_mark(content: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: what a spreadsheet saves as "Unicode text"."""
    head = content[:400]
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = len(head) // 2 * 0.7
    if odd > most and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd == 0 else None


def _whole(text: str, findings: Findings) -> str:
    if "\0" in text:
        findings.repaired(text.count("\n", 0, text.index("\0")) + 1, "lege bytes", "NUL", "weggelaten")
        text = text.replace("\0", "")
    return text
