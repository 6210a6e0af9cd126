"""Responses to plain forms: a redirect or page with the result in words."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import InvalidInput, LoginNeeded, RuleBroken
from dagvandebuurt.live.writes import Outcome
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.qanda.labels import who_was_first

__all__ = ["answered", "do", "refusal_in_words", "status_of"]


def answered(outcome: Outcome, to: str, sentence: str) -> ResponseReturnValue:
    """Redirect to the page, with the result in words."""
    flash(sentence if outcome["ok"] else refusal_in_words(outcome), "done" if outcome["ok"] else "watch")
    return redirect(to, 303)


def refusal_in_words(outcome: Outcome) -> str:
    """Return the reason of a refusal: field errors, else who was first, else the rule's own sentence."""
    error = outcome["error"]
    texts = [text for texts in error.get("fields", {}).values() for text in texts]
    return " ".join(texts) or who_was_first(error)


def status_of(outcome: Outcome) -> int:
    """Return the HTTP status of a result."""
    error = outcome["error"]
    if error["code"] == LoginNeeded.code:
        return LoginNeeded.status
    return InvalidInput.status if "fields" in error else RuleBroken.status
