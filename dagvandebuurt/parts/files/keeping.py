"""Storing an uploaded picture for a form."""

from wtforms import Field

from dagvandebuurt.parts.files import store
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.files.pictures import Picture


def keep(made: Picture, *, also_for_sharing: bool = True) -> str:
    """Store a picture and return its name. Raises StoreAway."""
    store().put(f"{made.name}.webp", made.webp)
    if also_for_sharing:
        store().put(f"{made.name}.jpg", made.jpg)
    return made.name


def could_keep(field: Field, made: Picture | None, *, also_for_sharing: bool = True) -> bool:
    """Store what was uploaded in this field, if anything; else say at the field that the store is away. To be
    called outside a transaction: a slow store must not keep a lock."""
    if made is None:
        return True
    try:
        keep(made, also_for_sharing=also_for_sharing)
    except StoreAway as away:
        field.errors = [str(away.message)]
        return False
    return True
