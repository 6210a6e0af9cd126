"""Routes of mending the text of a waiting question, by form."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import events, labels
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.forms import QUESTION_MAX_CHARS
from dagvandebuurt.qanda.items import desk_card
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import question_by_id
from dagvandebuurt.qanda.routes import bp


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, QandaPermission.MODERATE, session)
    return session


@bp.get("/sessies/<slug>/vragen/<uuid:question_id>/tekst")
@allows(QandaPermission.READ)
def mend_form(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _page(_session_at_desk(slug), question_id)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/tekst")
@allows(QandaPermission.READ)
def mend(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Mend the text; refused, the page shows the text of now with what was typed."""
    session = _session_at_desk(slug)
    outcome = do(events.MEND, session, question=str(question_id))
    if outcome["ok"]:
        return answered(
            outcome, url_for("qanda.desk", slug=slug) + f"#vraag-{question_id}", str(labels.MENDED)
        )
    return _page(session, question_id, refusal_in_words(outcome), status_of(outcome))


def _page(
    session: ProgrammeSession, question_id: UUID, trouble: str = "", status: int = 200
) -> ResponseReturnValue:
    item = desk_card(question_by_id(current_user, session, question_id))
    page = render_template(
        "qanda/mend.html",
        labels=labels,
        session=session,
        item=item,
        trouble=trouble,
        most=QUESTION_MAX_CHARS,
        typed=request.form.get("text", item["text"]),
    )
    return page, status
