"""The handbooks: which there are, which pages they explain, and their text.

The text is Markdown in `nl/` and `en/`, one file for each handbook, with additions: `[[Save]]` is a button, page or
label under the name it has on the site, and `{event}` is the name of the event. A picture is a paragraph of its own,
of a file in `static/img/handbooks`; its words are its caption too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

from dagvandebuurt.core.markdown import rendered, sections_of
from dagvandebuurt.people.models import Role

_FOLDER = Path(__file__).resolve().parent
NAME = re.compile(r"\[\[(.+?)\]\](?!\])")
LINKED_NAME = re.compile(r"\[\[(.+?)\]\]\((/[^)\s]*)\)")
PICTURE = re.compile(
    r"^!\[([^\]\n]+)\]\(\.\./\.\./\.\./static/(img/handbooks/[a-z0-9-]+\.webp)\)$", re.MULTILINE
)
_SIGNS = re.compile(r"([^\w\s])")


@dataclass(frozen=True)
class Handbook:
    """A handbook. `explains` maps the endpoint of a page to the section about it; empty: the whole handbook.

    Its code is in its address and the name of its files.
    """

    code: str
    explains: Mapping[str, str] = field(default_factory=dict)


HANDBOOKS = (
    Handbook("meedoen"),
    Handbook(
        "organiseren",
        {
            "organisation.index": "",
            "onboarding.preparation": "begin-hier",
            "programme.desk": "het-programma-maken",
            "programme.editions": "openen-voor-bezoekers",
            "programme.edition_status": "openen-voor-bezoekers",
            "programme.bring_in": "een-programma-inlezen",
            "programme.stage": "beeld-en-geluid",
            "programme.stage_hosts": "beeld-en-geluid",
            "organisation.session": "een-sessie-verzetten-of-afzeggen",
            "organisation.questions": "aanmelden-en-plekken",
            "organisation.day_places": "aanmelden-en-plekken",
            "organisation.access": "aanmelden-en-plekken",
            "programme.places": "aanmelden-en-plekken",
            "organisation.downloads": "bestanden",
            "organisation.all_exports": "bestanden",
            "organisation.audit": "bestanden",
            "organisation.attendance_now": "op-de-dag",
            "broadcasts.desk": "iedereen-iets-zeggen",
            "mailings.desk": "iedereen-mailen",
            "mailings.new": "iedereen-mailen",
            "mailings.edit": "iedereen-mailen",
            "mailings.show": "iedereen-mailen",
            "mailings.who": "iedereen-mailen",
            "safety.desk": "als-iemand-gevaar-loopt",
            "readiness.rehearsal": "repetitie",
            "organisation.roles": "mensen-en-rollen",
            "organisation.look": "naam-en-uiterlijk",
            "organisation.partners": "naam-en-uiterlijk",
            "market.desk": "de-buurtmarkt",
            "organisation.words": "naam-en-uiterlijk",
            "texts.desk": "teksten-en-spelregels",
            "organisation.post": "post",
        },
    ),
    Handbook(
        "modereren",
        {
            "qanda.queues": "",
            "qanda.desk": "",
            "hands.desk": "iemand-laten-spreken",
            "chat.desk": "het-zaalgesprek",
            "hosting.host": "voor-de-gespreksleider",
            "hosting.show": "het-draaiboek",
            "breakouts.desk": "tafels",
            "moderation.reports": "gemeld-en-bezwaar",
            "moderation.texts_desk": "reacties-en-lessen",
            "agenda.harvesting": "na-afloop-de-sessie-afronden",
        },
    ),
    Handbook("moderatorkaart"),
    Handbook("als-het-misgaat", {"qanda.several": "een-troll"}),
    Handbook("ondertitelen", {"captions.sessions": "", "captions.index": "typen"}),
    Handbook(
        "telefoon",
        {
            "registration.others": "",
            "registration.other": "",
            "registration.print_cards": "",
            "phone_desk.desk": "bel-ons-de-telefoon-opnemen",
        },
    ),
    Handbook("lessen-schrijven", {"lessons.desk_page": ""}),
    Handbook("agenda", {"agenda.for_us": "", "agenda.desk": "voor-de-redactie-een-voorstel-versturen"}),
    Handbook("wijkwijzer", {"wijkwijzer.desk": ""}),
    Handbook("buurtmarkt", {"market.kept": ""}),
)
OF_ROLES = {
    Role.SUPPORTER: "telefoon",
    Role.PHONE_DESK: "telefoon",
    Role.HOST: "modereren",
    Role.MODERATOR: "modereren",
    Role.CAPTIONER: "ondertitelen",
    Role.STAND_HOLDER: "buurtmarkt",
    Role.EDITOR: "lessen-schrijven",
    Role.PUBLISHER: "lessen-schrijven",
    Role.ORG_CONTACT: "agenda",
    Role.LEARNING_COORDINATOR: "wijkwijzer",
    Role.ORGANISER: "organiseren",
    Role.ADMIN: "organiseren",
}
# Pages of every role: explained in the organisers' handbook, which is not everybody's for that.
SHARED = {
    "readiness.checklist": ("organiseren", "de-lijst-van-elke-taak"),
    "readiness.tech_checks": ("organiseren", "technische-proef"),
    "readiness.emergency": ("als-het-misgaat", ""),
}
BY_CODE = {handbook.code: handbook for handbook in HANDBOOKS}
EXPLAINED = SHARED | {
    endpoint: (handbook.code, anchor)
    for handbook in HANDBOOKS
    for endpoint, anchor in handbook.explains.items()
}


@dataclass(frozen=True)
class Picture:
    """A picture in a handbook: a file below `static`, and what is on it."""

    file: str
    words: str


@dataclass(frozen=True)
class Part:
    """A section of a handbook. Its anchor is the Dutch one in every language, so that links go on to work."""

    heading: str
    anchor: str
    pieces: tuple[Markup | Picture, ...]

    @property
    def html(self) -> Markup:
        """Return its text, with the words of its pictures."""
        return Markup(" ").join(each.words if isinstance(each, Picture) else each for each in self.pieces)


@dataclass(frozen=True)
class Text:
    """A handbook in one language, rendered."""

    code: str
    title: str
    lead: Markup
    parts: tuple[Part, ...]

    @property
    def about(self) -> str:
        """Return whom it is for, without links: its first paragraph."""
        return self.lead.partition("</p>")[0].striptags()


@cache
def source(code: str, language: str) -> str:
    """Return the Markdown of a handbook, as it was written."""
    return (_FOLDER / language / f"{code}.md").read_text(encoding="utf-8")


def title_of(code: str, language: str) -> str:
    return source(code, language).partition("\n")[0].removeprefix("# ").strip()


@lru_cache(maxsize=64)
def text_of(code: str, language: str, event: str) -> Text:
    """Return a handbook for its readers. `event` is the name of the event, in their language."""
    begin, *parts = sections_of(source(code, language))
    anchors = [each.anchor for each in sections_of(source(code, "nl"))[1:]]
    lead = begin.body.partition("\n")[2]
    return Text(
        code=code,
        title=title_of(code, language),
        lead=rendered(_plain_markdown(lead, event)),
        parts=tuple(
            Part(each.heading, anchor, _pieces(each.body, event))
            for each, anchor in zip(parts, anchors, strict=True)
        ),
    )


def _pieces(text: str, event: str) -> tuple[Markup | Picture, ...]:
    """Split a text at its pictures, and render what is between them."""
    made: list[Markup | Picture] = []
    at = 0
    for found in PICTURE.finditer(text):
        made += [rendered(_plain_markdown(text[at : found.start()], event)), Picture(found[2], found[1])]
        at = found.end()
    return (*made, rendered(_plain_markdown(text[at:], event)))


def _plain_markdown(text: str, event: str) -> str:
    """Replace our additions by Markdown. What the event is called is no markup, whatever is in it."""
    linked = LINKED_NAME.sub(r"[**\1**](\2)", text)
    return NAME.sub(r"**\1**", linked).replace("{event}", _SIGNS.sub(r"\\\1", event))
