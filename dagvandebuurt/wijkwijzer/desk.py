"""What the pages of the desk share."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.wijkwijzer.forms import OffersForm
from dagvandebuurt.wijkwijzer.queries import shown_offers

Act = Callable[[], Any]


def possible(table: dict[Any, Any], status: Any) -> set[str]:
    """The deeds the table has for a thing as it stands now."""
    return {deed.value for deed, how in table.items() if how.needs is not None and status in how.states}


def chosen_deed(deeds: dict[str, tuple[PageForm, Act, Any]], name: str) -> tuple[PageForm, Act, Any]:
    """Raises NotFound for a deed that is not there."""
    if name not in deeds:
        raise NotFound
    return deeds[name]


def offers_form(chosen: list[int] | None = None) -> OffersForm:
    """From the page, or with what is `chosen` now."""
    form = OffersForm() if chosen is None else OffersForm(formdata=None, offers=chosen)
    form.offer(db.session.scalars(shown_offers()))
    return form
