"""Name policy against impersonation of the organisation and its staff (homograph spoofing, UTS 39).

A name is what somebody says it is, in any script. Refused, with an explanation, is what makes others believe
that the organisation speaks: marks (✔ ★), words such as moderator, the full name of a member of staff, and
look-alike letters of other scripts. Assigned roles are shown outside the name.
"""

import unicodedata
from uuid import UUID

import regex
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.people.hooks import reserved_names
from dagvandebuurt.people.models import Person, Role, RoleGrant

# Signs that elsewhere say: checked, official, important, in charge.
MARKS = regex.compile(
    "[✓✔☑✅🗸🗹✗✘☒❌❎★☆✩✪✫✬✭✮✯✰⭐🌟⚝©®™℠Ⓜⓜ🅼ⓘℹ🛡⚜👑♔♕♚♛🎖🏅🎗🔰💠🔵☞➤❖◆◈✦✧•●◉\u2022\u25cf👮💂🤵🏛]"
)
# Titles of staff. Prefixes of words, after `skeleton`.
RESERVED = (
    "moderat", "organisat", "organizat", "organiser", "organizer", "redacti", "redacteur", "beheerder",
    "administrat", "officieel", "official", "webmaster", "helpdesk", "gespreksleid", "ondertitelaar",
)  # fmt: skip
RESERVED_WORDS = frozenset({"admin", "mod", "editor", "staff"})
INVISIBLE = "\u200c\u200d\ufe0e\ufe0f"  # allowed in a name, ignored in its skeleton
HOUSE = "dagvandebuurt"  # with the name of the event and the titles of its editions
HOUSE_LEAST = 6  # letters: a shorter title is in too many names
_SPACED = regex.compile(r"(?<= )(?:\S ){4,}")  # letters with spaces between them are read as one word
# Letters that look like Latin ones: the common ones of Unicode's confusables.txt, lower case and folded.
_LOOKS_LIKE = {
    "a": "аαɑ@4", "b": "вьβ8", "c": "сϲς", "d": "ԁժ", "e": "еєε3", "f": "ϝ", "g": "ɡց", "h": "нһհη", "i": "іιıի1!",
    "j": "јϳյ", "k": "кκ", "l": "ӏ|", "m": "мμ", "n": "пող", "o": "оοօσ0", "p": "рρ", "q": "ԛզ", "r": "гʀ",
    "s": "ѕꜱ5$", "t": "тτ7", "u": "υսц", "v": "νѵ", "w": "ԝωա", "x": "хχ", "y": "уγү", "z": "ζ",
}  # fmt: skip
_ALIKE = str.maketrans({other: latin for latin, others in _LOOKS_LIKE.items() for other in others})
_CONFUSABLE_SCRIPTS = tuple(
    regex.compile(rf"\p{{Script={script}}}")
    for script in ("Latin", "Cyrillic", "Greek", "Armenian", "Cherokee")
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}@$!|]+")


def skeleton(text: str) -> str:
    """Return what a reader sees in `text`: without case, accents and width, with look-alike letters as one
    (UTS 39, section 4, for Latin readers). Words are separated by single spaces."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(each for each in bare if not unicodedata.combining(each) and each not in INVISIBLE)
    return " ".join(_WORD.findall(bare.translate(_ALIKE)))


def mixes_scripts(text: str) -> bool:
    """Return whether one word mixes look-alike scripts (UTS 39, 5.1).

    Names that are written in several scripts, word by word, do not; nor does Japanese, which is written in
    three.
    """
    for word in _WORD.findall(text):
        if sum(bool(script.search(word)) for script in _CONFUSABLE_SCRIPTS) > 1:
            return True
    return False


def objection(name: str, *, own_id: UUID | None = None) -> str | None:
    """Return why this name is refused, in words that say what to do; None if it is not.

    `own_id`: who asks, and may have the name of a member of staff if that is them.
    """
    mark = MARKS.search(name)
    if mark:
        return _("Laat %(sign)s weg. Zulke tekens lijken op een keurmerk van ons.", sign=mark[0])
    if mixes_scripts(name):
        return _("Schrijf elk woord van je naam in één soort letters. Letters van twee alfabetten lijken te veel op elkaar.")  # fmt: skip
    bare = skeleton(name)
    if _is_reserved(bare):
        return _(
            "Dit lijkt op een naam van de organisatie. Schrijf alleen je eigen naam, zonder een functie."
        )
    if bare and _is_staff(bare, own_id):
        return _("Zo heet al iemand van de organisatie. Zet er iets bij, zoals je buurt of je tweede naam.")
    return None


def _is_reserved(bare: str) -> bool:
    together = bare.replace(" ", "")
    spaced = "".join(_SPACED.findall(f" {bare} ")).replace(" ", "")  # "m o d e r a t o r"
    return (
        any(word.startswith(RESERVED) or word in RESERVED_WORDS for word in bare.split())
        or any(word in spaced for word in (*RESERVED, *RESERVED_WORDS))
        or any(skeleton(house).replace(" ", "") in together for house in (HOUSE, *_houses()))
    )


def _houses() -> list[str]:
    look = brand.look
    ours = [look.name, look.name_en, look.short_name]
    known = [each for there in reserved_names() for each in there]
    return [each for each in (*ours, *known) if len(each) >= HOUSE_LEAST]


def _is_staff(bare: str, own_id: UUID | None) -> bool:
    """Return whether the full name of a member of staff occurs in it. A single name belongs to many people."""
    staff = (
        select(Person.id, Person.name)
        .where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role != Role.SUPPORTER)))
        .distinct()
    )
    padded = f" {bare} "
    return any(
        f" {theirs} " in padded
        for person_id, name in db.session.execute(staff)
        if person_id != own_id and " " in (theirs := skeleton(name))
    )
