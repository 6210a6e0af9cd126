"""Routes of the private link: one question and its outcome, for anybody who has it, and the same on paper."""

from flask import current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.programme.queries import session_by_id
from dagvandebuurt.qanda import labels, private_link
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.hooks import QuestionOutcome, own_question_views
from dagvandebuurt.qanda.items import own_card
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import ends_of
from dagvandebuurt.qanda.routes import bp
from dagvandebuurt.qanda.timelines import Timeline


@bp.get("/vragen/terug/<token>")
@allows(QandaPermission.READ)
def by_way_back(token: str) -> ResponseReturnValue:
    """Show one question and its outcome to anybody with its private link. No account, any device."""
    question = db.session.get(Question, private_link.question_of(token))
    if question is None:
        raise NotFound
    session = session_by_id(current_user, question.session_id)
    item = own_card(question)
    return _for_who_has_it(
        render_template(
            "qanda/way_back.html",
            labels=labels,
            beside=merged(own_question_views(question.id)),
            item=item,
            line=Timeline.of_item(item["timeline"]),
            session=session,
            outcomes=_all_that_became(question),
            where=_where_numbers_go(),
        )
    )


@bp.get("/vragen/terug/<token>/briefje")
@allows(QandaPermission.READ)
def slip(token: str) -> ResponseReturnValue:
    """Render the private link on paper, as a QR code and a number to read aloud. Holds no text of the
    question.
    """
    question = db.session.get(Question, private_link.question_of(token))
    if question is None:
        raise NotFound
    address = current_app.config["PUBLIC_URL"] + private_link.path_to(question.id)
    return _for_who_has_it(
        render_template(
            "qanda/slip.html",
            back=private_link.path_to(question.id),
            number=private_link.number_of(question.id),
            qr=qr_code(address, _("De weg terug naar je vraag")),
            where=_where_numbers_go(),
        )
    )


def _where_numbers_go() -> str:
    return str(current_app.config["PUBLIC_URL"].split("://")[-1]) + url_for("registration.code")


def _for_who_has_it(text: str) -> ResponseReturnValue:
    page = make_response(text)
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _all_that_became(question: Question) -> list[QuestionOutcome]:
    """Return all follow-ups, also those of its final question: an action point is made there."""
    ids = [question.id, *(end.id for end in ends_of([question]).values())]
    found = outcomes_of(ids)
    return list(dict.fromkeys(outcome for each in ids for outcome in found.get(each, ())))
