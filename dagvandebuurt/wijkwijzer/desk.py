"""Helpers shared by the desk pages."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.wijkwijzer.forms import OffersForm
from dagvandebuurt.wijkwijzer.queries import shown_offers

Act = Callable[[], Any]


def possible(table: dict[Any, Any], status: Any) -> set[str]:
    """Return the actions that the state machine allows now."""
    return {deed.value for deed, how in table.items() if how.needs is not None and status in how.states}


def chosen_deed(deeds: dict[str, tuple[PageForm, Act, Any]], name: str) -> tuple[PageForm, Act, Any]:
    """Return the action of this name. Raises NotFound when there is none."""
    if name not in deeds:
        raise NotFound
    return deeds[name]


def offers_form(chosen: list[int] | None = None) -> OffersForm:
    """Return the submitted form, or one with what is `chosen` now."""
    form = OffersForm() if chosen is None else OffersForm(formdata=None, offers=chosen)
    form.offer(db.session.scalars(shown_offers()))
    return form
