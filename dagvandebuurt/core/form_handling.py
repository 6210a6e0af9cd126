"""What the pages of the agenda share: a form that is refused shows why, and keeps what was typed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.personal_data_hints import may_point_at_somebody
from dagvandebuurt.core.transaction import transaction

Page = Callable[..., ResponseReturnValue]


def attempt(
    form: PageForm, act: Callable[[], Any], *, page: Page, back: str | Callable[[Any], str], said: Any
) -> ResponseReturnValue:
    """Do `act` in a transaction and lead back, or show `page(form, status)` again with what is wrong.

    `back` is an address, or makes one of what `act` answers.
    """
    if not form.validate():
        return page(form, 422)
    try:
        with transaction():
            done = act()
            where = back(done) if callable(back) else back
    except (NotAllowed, NotFound):
        raise
    except RuleBroken as broken:
        form.form_errors = [str(broken.message)]
        return page(form, broken.status)
    flash(str(said))
    return redirect(where, 303)


def look_again(*texts: str | None) -> bool:
    """Whether to ask once more: it may point at somebody, and its writer was not asked yet."""
    if request.form.get("toch"):
        return False
    return any(may_point_at_somebody(text) for text in texts if text)
