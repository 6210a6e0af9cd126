"""Plain-form entry point of a live room: the same input schemas and write path as a socket."""

from typing import Any
from uuid import uuid4

from flask import request

from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.live.errors import TryAgain
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Outcome, Verb
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.programme.models import ProgrammeSession


def do(verb: Verb, session: ProgrammeSession, **more: Any) -> Outcome:
    """Execute what the posted form asks. Returns an acknowledgement, with `fields` for invalid input.

    `op` comes from the form: pressing twice, or reloading, is the same operation once.
    """
    fields = {name: value for name, value in request.form.items() if name in verb.act.model_fields}
    fields.setdefault("op", uuid4().hex)
    try:
        act = verb.act.from_page({**fields, **more, "session": str(session.id)})
    except InvalidInput as broken:
        return {"ok": False, "error": broken.as_dict()}
    return _by_hand(live().do(verb, current_actor(), act))


def _by_hand(outcome: Outcome) -> Outcome:
    """Adapt a retryable refusal: a browser does not resend a plain form by itself, so the person is asked to."""
    if outcome["ok"] or outcome["error"]["code"] != TryAgain.code:
        return outcome
    return {**outcome, "error": {**outcome["error"], "message": str(TryAgain.by_hand)}}
