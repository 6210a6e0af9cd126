"""Who sees the photo of a speaker, and who places it."""

from dataclasses import dataclass

from dagvandebuurt.core.permissions import Actor, Permission, anyone, holds_role, predicate, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.models import Speaker
from dagvandebuurt.programme.photos.models import ConsentBy


class PhotoPermission(Permission):
    READ = "programme:photo:read"
    PLACE = "programme:photo:place"
    CLAIM = "programme:speaker:claim"


@dataclass(frozen=True)
class PhotoOf:
    """The photo of a speaker, as somebody comes to it: with the speaker's link, or as who they are."""

    speaker: Speaker
    has_link: bool = False


def way_of(actor: Actor, photo: PhotoOf) -> ConsentBy | None:
    """Return as who an actor comes to a photo; None for others."""
    if photo.has_link:
        return ConsentBy.LINK
    if getattr(actor, "has_account", False) and photo.speaker.person_id == actor.id:
        return ConsentBy.ACCOUNT
    return ConsentBy.DESK if _organises(actor, None) else None


_organises = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)


@predicate
def arranges_it(actor: Actor, photo: PhotoOf) -> bool:
    return way_of(actor, photo) is not None


@predicate
def has_account_and_link(actor: Actor, photo: PhotoOf) -> bool:
    return photo.has_link and bool(getattr(actor, "has_account", False))


WHO_MAY = {
    PhotoPermission.READ: anyone,
    PhotoPermission.PLACE: arranges_it,
    PhotoPermission.CLAIM: has_account_and_link,
}
publish(WHO_MAY)
