"""Commands for branding."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.parts.branding import colours
from dagvandebuurt.parts.branding.errors import BrandingChanged, HardToRead, NoColour, contrast_sentence
from dagvandebuurt.parts.branding.hooks import branding_saved
from dagvandebuurt.parts.branding.models import Branding
from dagvandebuurt.parts.branding.permissions import BrandingPermission
from dagvandebuurt.parts.branding.queries import Look, cache


@command(needs=BrandingPermission.ARRANGE)
def save(actor: Actor, before: Branding | None, *, look: Look, seen: int, now: datetime) -> Branding:
    """Save the next branding. `before` is the current one and `seen` the number that the writer saw.

    Raises BrandingChanged when somebody else saved meanwhile; NoColour or HardToRead for a colour in which
    text cannot be read.
    """
    number = before.number if before else 0
    if seen != number:
        raise BrandingChanged
    look = replace(
        look,
        accent=_checked("accent", look.accent, colours.ACCENT),
        second=_checked("second", look.second, colours.SECOND),
    )
    row = Branding(number=number + 1, saved_at=now, saved_by_id=actor.id, **asdict(look))
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:  # two at once on PostgreSQL: the number is taken
        raise BrandingChanged from None
    after_commit(cache().forget)
    branding_saved()
    return row


def _checked(of: str, colour: str, usual: str) -> str:
    """Return the colour in lower case; nothing where it is the usual one."""
    colour = colour.lower()
    if colour in ("", usual):
        return ""
    if not colours.HEX.fullmatch(colour):
        raise NoColour(of=of)
    if sentence := contrast_sentence(of, colour):
        raise HardToRead(sentence, of=of)
    return colour
