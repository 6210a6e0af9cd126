"""Routes to stay or leave from a mail without logging in, and the record of the last visit."""

import logging
from datetime import date

from flask import Response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db, is_unavailable
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.forms import NothingForm
from dagvandebuurt.people.lifecycle import account_retention
from dagvandebuurt.people.lifecycle.retention_holds import owed_to
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp

logger = logging.getLogger(__name__)

FAILED = 500


@bp.get("/blijf/<token>")
@allows(PeoplePermission.LEAVE)
def still_there(token: str) -> ResponseReturnValue:
    """Show the buttons. Mail scanners follow links, so a GET changes nothing."""
    person_id = account_retention.person_of_token(token)
    return render_template(
        "people/stay.html", form=NothingForm(), token=token, owed=owed_to(person_id), said=None
    )


@bp.post("/blijf/<token>")
@allows(PeoplePermission.LEAVE)
def say_still_there(token: str) -> ResponseReturnValue:
    """Record yes or no, with one press. A no deletes nothing yet: a warning follows two weeks ahead."""
    person_id, says_no = account_retention.person_of_token(token), request.form.get("blijf") == "nee"
    with transaction():
        say = account_retention.release_holds if says_no else account_retention.stay
        is_there = say(person_id, now=clock.now())
    said = ("no" if says_no else "yes") if is_there else "gone"
    return render_template("people/stay.html", form=NothingForm(), token=token, owed=[], said=said)


@bp.after_app_request
def they_were_here(response: Response) -> Response:
    """Record activity, once a day at most and without the time of day.

    A finished response is sent all the same: if the database is away, the next request records it.
    """
    try:
        if response.status_code < FAILED:
            _note()
    except Exception as failure:
        if not is_unavailable(failure):
            raise
        db.session.rollback()
        logger.warning("the day somebody was here was not written down: %s", type(failure).__name__)
    return response


def _note() -> None:
    if not current_user or not current_user.is_known:
        return
    today = clock.local(clock.now()).date()
    known = session.get("here")
    if known == today.isoformat():
        return
    if known is not None:  # people without one logged in today
        _write_down(today)
    session["here"] = today.isoformat()


def _write_down(today: date) -> None:
    with transaction():
        account_retention.seen(current_user.login_id, on=today)
        account_retention.was_here(current_user.id)
