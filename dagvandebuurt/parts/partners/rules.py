"""Commands on partners."""

from dataclasses import dataclass
from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.parts.partners.errors import TooManyPartners
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.parts.partners.permissions import PartnerPermission
from dagvandebuurt.parts.partners.queries import partners

MOST = 60


@dataclass(frozen=True)
class Logo:
    """Logo in the file store."""

    name: str
    width: int
    height: int


@command(needs=PartnerPermission.ARRANGE)
def add(
    actor: Actor, _subject: None, *, name: str, url: str, alt: str, logo: Logo | None, now: datetime
) -> Partner:
    """Add a partner, as the last one. Raises TooManyPartners."""
    there = partners()
    if len(there) >= MOST:
        raise TooManyPartners
    last = there[-1].position if there else 0
    partner = Partner(position=last + 1, added_at=now, added_by_id=actor.id)
    _fill(partner, name, url, alt, logo)
    db.session.add(partner)
    return partner


@command(needs=PartnerPermission.ARRANGE)
def change(_actor: Actor, partner: Partner, *, name: str, url: str, alt: str, logo: Logo | None) -> None:
    """Change what is said of a partner; its logo stays until another one is given."""
    _fill(partner, name, url, alt, logo)


@command(needs=PartnerPermission.ARRANGE)
def move_up(_actor: Actor, partner: Partner) -> None:
    """Put a partner one place earlier. Without effect for the first one."""
    there = list(partners())
    place = next((at for at, each in enumerate(there) if each.id == partner.id), 0)
    if place:
        there[place - 1], there[place] = there[place], there[place - 1]
    for position, each in enumerate(there, start=1):  # also mends two of one position
        each.position = position


@command(needs=PartnerPermission.ARRANGE)
def remove(_actor: Actor, partner: Partner) -> None:
    """Take a partner off the front page."""
    db.session.delete(partner)


def _fill(partner: Partner, name: str, url: str, alt: str, logo: Logo | None) -> None:
    partner.name, partner.url, partner.alt = name, url, alt
    if logo is not None:
        partner.logo, partner.logo_width, partner.logo_height = logo.name, logo.width, logo.height
