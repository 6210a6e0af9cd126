"""Routes of the table of offers: public export, import by the learning coordinator."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.wijkwijzer.errors import FileHasMistakes, NoOffersInFile
from dagvandebuurt.wijkwijzer.offers import importing, rules
from dagvandebuurt.wijkwijzer.offers.exports import offers_csv
from dagvandebuurt.wijkwijzer.offers.importing import Fate, ImportRow
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import shown_offers
from dagvandebuurt.wijkwijzer.routes import bp

# One byte of an old encoding can take three in the form that carries the text on.
MOST_BYTES_OF_FORM = 3 * importing.MOST_BYTES + 100_000


@bp.url_value_preprocessor
def _let_a_table_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the request size limit of this endpoint before the form is parsed."""
    if endpoint in (f"{bp.name}.look_at_offers", f"{bp.name}.bring_offers_in") and request.method == "POST":
        request.max_content_length = request.max_form_memory_size = MOST_BYTES_OF_FORM


@bp.get("/wijkwijzer/aanbod.csv")
@allows(WijkwijzerPermission.READ)
def offers_table() -> ResponseReturnValue:
    response = Response(
        offers_csv(db.session.scalars(shown_offers())), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="aanbod.csv"'
    return response


@bp.get("/wijkwijzer/regie/aanbod/inlezen")
@allows(WijkwijzerPermission.COORDINATE)
def bring_offers() -> ResponseReturnValue:
    return _page()


def _page(
    error: str = "", status: int = 200, *, lines: Sequence[ImportRow] = (), text: str = ""
) -> ResponseReturnValue:
    first = [Fate.WRONG, Fate.CHANGED, Fate.NEW, Fate.SAME]  # lines that need attention first
    shown = sorted(lines, key=lambda line: first.index(line.fate))
    page = render_template(
        "wijkwijzer/bring_in.html", error=error, lines=shown, text=text, counts=importing.counted(lines),
        most_rows=importing.MOST_ROWS,
    )  # fmt: skip
    return page, status


@bp.post("/wijkwijzer/regie/aanbod/inlezen")
@allows(WijkwijzerPermission.COORDINATE)
def look_at_offers() -> ResponseReturnValue:
    """Preview the import. Nothing is stored: the page carries the text of the file."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(_("Kies eerst een bestand."), 422)
    with file.stream:
        content = file.stream.read(importing.MOST_BYTES + 1)
    try:
        text = importing.text_of(content, file.filename)
        return _page(lines=importing.look(text), text=text)
    except NoOffersInFile as refused:
        return _page(str(refused.message), refused.status)


@bp.post("/wijkwijzer/regie/aanbod/inlezen/opslaan")
@allows(WijkwijzerPermission.COORDINATE)
@once
def bring_offers_in() -> ResponseReturnValue:
    text = request.form.get("text", "")
    try:
        with transaction():
            new, changed = rules.bring_in(
                current_user, None, read=lambda: importing.to_store(text), now=clock.now()
            )
    except FileHasMistakes as refused:
        return _page(str(refused.message), refused.status, lines=importing.look(text), text=text)
    except NoOffersInFile as refused:
        return _page(str(refused.message), refused.status)
    flash(_("%(new)d nieuw, %(changed)d veranderd.", new=new, changed=changed))
    return redirect(url_for(".desk") + "#aanbod", 303)
