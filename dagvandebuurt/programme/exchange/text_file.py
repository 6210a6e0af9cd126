"""Bytes as text, whichever program wrote them."""

from dagvandebuurt.programme.exchange.repairs import Findings

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes, findings: Findings) -> str:
    """UTF-8, or what its mark says, or else as old Windows programs write. Never fails."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _whole(content.decode(name, "replace"), findings)
    hidden = _utf16_without_mark(content)
    if hidden is not None:
        findings.repaired(1, "lettertekens", "UTF-16", "UTF-8")
        return _whole(content.decode(hidden, "replace"), findings)
    try:
        return _whole(content.decode("utf-8"), findings)
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        findings.repaired(line, "lettertekens", "geen UTF-8", "Windows-1252")
        return _whole(content.decode("cp1252", "replace"), findings)


def _utf16_without_mark(content: bytes) -> str | None:
    """Every other byte empty: what a spreadsheet saves as "Unicode text"."""
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
