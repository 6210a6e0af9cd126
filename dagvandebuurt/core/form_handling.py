"""Form handling for pages: a refused form is shown again with its errors and the typed text (422)."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.personal_data_hints import may_identify_a_person
from dagvandebuurt.core.transaction import transaction

Page = Callable[..., ResponseReturnValue]


def attempt(
    form: PageForm, act: Callable[[], Any], *, page: Page, back: str | Callable[[Any], str], said: Any
) -> ResponseReturnValue:
    """Run `act` in a transaction and redirect to `back`, or render `page(form, status)` again with the
    errors.

    `back` is an address, or a function of the result of `act`.
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


def needs_confirmation(*texts: str | None) -> bool:
    """Return whether to ask for confirmation first: the text may point at a person and its writer was not
    asked yet."""
    if request.form.get("toch"):
        return False
    return any(may_identify_a_person(text) for text in texts if text)
