"""Routes for privacy rights: data export (GDPR article 20) and erasure (article 17)."""

from flask import (
    jsonify,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.labels import COLUMN_WORDS, TABLE_WORDS, in_my_words
from dagvandebuurt.people.lifecycle import erasure
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp


@bp.get("/mijn/gegevens")
@allows(PeoplePermission.READ_OWN)
def my_data_page() -> ResponseReturnValue:
    return _my_data_page()


def _my_data_page(*, is_unsure: bool = False) -> ResponseReturnValue:
    page = render_template(
        "people/my_data.html",
        found=my_data(current_user.id),
        table_words=TABLE_WORDS,
        column_words=COLUMN_WORDS,
        in_my_words=in_my_words,
        is_unsure=is_unsure,
    )
    return page, 422 if is_unsure else 200


@bp.get("/mijn/gegevens.json")
@allows(PeoplePermission.READ_OWN)
def my_data_file() -> ResponseReturnValue:
    """Serve the data export as a machine-readable file (AVG article 20)."""
    answer = jsonify(my_data(current_user.id))
    answer.headers["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return answer


@bp.post("/mijn/gegevens/wissen")
@allows(PeoplePermission.CHANGE_OWN)
def delete_me() -> ResponseReturnValue:
    """Erase the current person, now (AVG article 17)."""
    if request.form.get("zeker") != "ja":
        return _my_data_page(is_unsure=True)
    person_id = current_user.id
    with transaction():
        erasure.erase(person_id, now=clock.now())
    erasure.checkpoint_log()
    live().tell()
    logout_user()
    session.clear()
    return render_template("people/deleted.html")
