"""Form handling for pages: a refused form is shown again with its errors and the typed text (422)."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.personal_data_hints import may_identify_a_person
from dagvandebuurt.core.transaction import transaction

Page = Callable[..., ResponseReturnValue]


def attempt(
    form: PageForm,
    act: Callable[[], Any],
    *,
    page: Page,
    back: str | Callable[[Any], str] = "",
    said: Any = "",
    at: Field | Callable[[RuleBroken], Field] | None = None,
    shows: tuple[type[RuleBroken], ...] = (RuleBroken,),
    passes_on: tuple[type[RuleBroken], ...] = (NotAllowed, NotFound),
    validate: bool = True,
    answer: Callable[[Any], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Run `act` in a transaction and redirect to `back`, or render `page(form, status)` again with the
    errors.

    `back` is an address, or a function of the result of `act`; so is the sentence `said`. `answer` renders a
    page from that result where there is nowhere to redirect to. A refusal is shown at the field `at`, else above
    the form, and is `form.refused` to `page`; other refusals than `shows`, and those in `passes_on`, are raised. `validate` is
    false where the view validated the form itself.
    """
    if validate and not form.validate():
        return page(form, 422)
    try:
        with transaction():
            done = act()
            where = back(done) if callable(back) else back
    except passes_on:
        raise
    except shows as broken:
        form.refused = broken
        _show(broken, form, at)
        return page(form, broken.status)
    if answer is not None:
        return answer(done)
    flash(str(said(done) if callable(said) else said))
    return redirect(where, 303)


def _show(broken: RuleBroken, form: PageForm, at: Field | Callable[[RuleBroken], Field] | None) -> None:
    sentences = [str(broken.message)]
    if at is None:
        form.form_errors = sentences
    else:
        (at if isinstance(at, Field) else at(broken)).errors = sentences


def needs_confirmation(*texts: str | None) -> bool:
    """Return whether to ask for confirmation first: the text may point at a person and its writer was not
    asked yet."""
    if request.form.get("toch"):
        return False
    return any(may_identify_a_person(text) for text in texts if text)
