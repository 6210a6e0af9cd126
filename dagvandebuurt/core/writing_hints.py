"""Plain-language hints for editors. Nothing here blocks saving."""

import re
from dataclasses import dataclass

from dagvandebuurt.core.i18n import gettext as _

LONG = 20  # words; research on plain Dutch advises less, spoken language has more
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`#>]+")
_PAIRS = (("“", "”"), ("„", "”"), ("«", "»"), ("(", ")"))

# Official words, and their plain equivalents.
JARGON = {
    "aanwenden": "gebruiken", "additioneel": "extra", "afstemmen": "overleggen", "actoren": "mensen",
    "beleidsmatig": "in het beleid", "betreffende": "over", "bewerkstelligen": "zorgen voor",
    "borgen": "zorgen dat het blijft", "casuïstiek": "voorbeelden", "conform": "volgens",
    "cocreatie": "samen maken", "continueren": "doorgaan met", "dienaangaande": "daarover",
    "doelgroep": "de mensen om wie het gaat", "doorontwikkelen": "verder verbeteren",
    "draagvlak": "steun van mensen", "empowerment": "zelf sterker worden", "faciliteren": "mogelijk maken",
    "gremia": "groepen", "gremium": "groep", "handvatten": "tips", "heden": "nu",
    "implementeren": "invoeren", "implementatie": "invoering", "indien": "als", "initiëren": "beginnen",
    "integraal": "samen, in één keer", "interventie": "aanpak", "inzake": "over", "kaders": "regels",
    "ketenpartners": "organisaties die samenwerken", "leefbaarheid": "hoe prettig je er woont",
    "middels": "met", "monitoren": "volgen", "multidisciplinair": "met verschillende vakmensen",
    "naar aanleiding van": "door", "omtrent": "over", "onderhavige": "deze", "operationaliseren": "uitvoeren",
    "opschalen": "groter maken", "participatie": "meedoen", "participeren": "meedoen", "pilot": "proef",
    "prioriteren": "kiezen wat eerst komt", "problematiek": "problemen", "proactief": "uit jezelf",
    "reeds": "al", "representatief": "een goede afspiegeling", "significant": "duidelijk",
    "stakeholders": "wie erbij betrokken is", "structureel": "blijvend", "synergie": "samenwerking",
    "ten aanzien van": "over", "ten behoeve van": "voor", "teneinde": "om", "tevens": "ook",
    "thans": "nu", "traject": "stappen", "uitrollen": "invoeren", "verankeren": "vastleggen",
    "vigerende": "geldende", "vroegtijdig": "vroeg", "wijkgericht": "in de wijk", "zelfredzaam": "jezelf redden",
    "zelfredzaamheid": "jezelf kunnen redden",
}  # fmt: skip
_JARGON = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, JARGON), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Hint:
    """Hint; `kind` is long, quote or jargon; `where` is the place in the writer's own words."""

    kind: str
    where: str
    advice: str


def hints_for(text: str) -> list[Hint]:
    """Return all hints, in the order of the text within each kind."""
    return [*long_sentences(text), *unclosed_quotes(text), *jargon(text)]


def long_sentences(text: str) -> list[Hint]:
    """Find sentences of more than twenty words. List items and headings are sentences of their own."""
    found = []
    for line in _lines(text):
        for sentence in _SENTENCE.findall(line):
            count = len(_WORD.findall(sentence))
            if count > LONG:
                advice = _("%(count)d woorden. Kan dit in twee zinnen?", count=count)
                found.append(Hint("long", _shown(sentence), advice))
    return found


def unclosed_quotes(text: str) -> list[Hint]:
    """Find quotation marks and brackets that are not balanced within a paragraph."""
    found = []
    for line in _lines(text):
        odd = line.count('"') % 2 == 1
        lacking = any(line.count(closing) != _opened(line, closing) for closing in {c for _o, c in _PAIRS})
        if odd or lacking or _single_quote_stays_open(line):
            found.append(
                Hint("quote", _shown(line), _("Hier opent of sluit een aanhalingsteken of haakje alleen."))
            )
    return found


def jargon(text: str) -> list[Hint]:
    """Find official words, each once."""
    seen: dict[str, Hint] = {}
    for word in _JARGON.findall(" ".join(_lines(text))):
        plain = JARGON[word.casefold()]
        seen.setdefault(word.casefold(), Hint("jargon", word, _("Zeg liever: %(plain)s", plain=plain)))
    return list(seen.values())


def _opened(line: str, closing: str) -> int:
    return sum(line.count(opening) for opening, closes in _PAIRS if closes == closing)


def _single_quote_stays_open(line: str) -> bool:
    """Check ‘…’ only: a straight ' also occurs in 's avonds and in auto's, and so does ’."""
    return line.count("‘") > line.count("’")


def _lines(text: str) -> list[str]:
    """Return each paragraph, heading and item as a line, without Markdown syntax and addresses."""
    blocks: list[str] = []
    for row in text.splitlines():
        plain = _MARKS.sub(lambda mark: mark[1] or "", row).strip()
        begins = not row.strip() or re.match(r"\s*([-*+]|\d+\.|#|>)\s*", row)
        if begins or not blocks:
            blocks.append(re.sub(r"^(-|\+|\d+\.)\s+", "", plain))
        else:
            blocks[-1] = f"{blocks[-1]} {plain}"
    return [re.sub(r"https?://\S+", "", block).strip() for block in blocks if block.strip()]


def _shown(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
