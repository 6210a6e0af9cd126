"""The plain-form door: the same acts and the same write path as a socket, answered with a page."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import InvalidInput, LoginNeeded, RuleBroken
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Outcome, Verb
from dagvandebuurt.people.listeners import whoever_acts
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.words import who_was_first


def do(verb: Verb, session: ProgrammeSession, **more: Any) -> Outcome:
    """Do what the posted form asks. Always an acknowledgement, with `fields` for a wrong shape.

    `op` comes from the form: pressing twice, or reloading, is the same deed once.
    """
    fields = {name: value for name, value in request.form.items() if name in verb.act.model_fields}
    fields.setdefault("op", uuid4().hex)
    try:
        act = verb.act.from_page({**fields, **more, "session": str(session.id)})
    except InvalidInput as broken:
        return {"ok": False, "error": broken.as_dict()}
    return live().do(verb, whoever_acts(), act)  # type: ignore[arg-type]


def answered(outcome: Outcome, to: str, sentence: str) -> ResponseReturnValue:
    """Back to the page, with what happened in words."""
    flash(sentence if outcome["ok"] else refusal_in_words(outcome), "done" if outcome["ok"] else "watch")
    return redirect(to, 303)


def refusal_in_words(outcome: Outcome) -> str:
    """Why not: what is wrong with the fields, else who was first, else the rule's own sentence."""
    error = outcome["error"]
    texts = [text for texts in error.get("fields", {}).values() for text in texts]
    return " ".join(texts) or who_was_first(error)


def status_of(outcome: Outcome) -> int:
    """What a page says to machines beside the sentence to people."""
    error = outcome["error"]
    if error["code"] == LoginNeeded.code:
        return LoginNeeded.status
    return InvalidInput.status if "fields" in error else RuleBroken.status
