"""Helpers shared by the desk pages."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.states import Machine
from dagvandebuurt.wijkwijzer.forms import OffersForm
from dagvandebuurt.wijkwijzer.queries import shown_offers

Act = Callable[[], Any]


def possible(machine: Machine[Any, Any, Any, ..., Any], entity: Any) -> set[str]:
    """Return the actions of people that the entity allows as it stands now."""
    return {action.value for action in machine.possible(entity) if machine.table[action].needs is not None}


def chosen_action(actions: dict[str, tuple[PageForm, Act, Any]], name: str) -> tuple[PageForm, Act, Any]:
    """Return the form, command and message of an action. Raises NotFound for an unknown name."""
    if name not in actions:
        raise NotFound
    return actions[name]


def offers_form(chosen: list[int] | None = None) -> OffersForm:
    """Return the submitted form, or one with what is `chosen` now."""
    form = OffersForm() if chosen is None else OffersForm(formdata=None, offers=chosen)
    form.offer(db.session.scalars(shown_offers()))
    return form
