"""Routes of labels, by form: choose those of a session, and put them on one question or on several."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.text import shortened
from dagvandebuurt.labelling import events
from dagvandebuurt.labelling.models import LABEL_MAX_CHARS, MOST_LABELS
from dagvandebuurt.labelling.permissions import LabelPermission
from dagvandebuurt.labelling.queries import Labelled, label_set, labelled_in, labels_of
from dagvandebuurt.labelling.rules import OFF_THE_DESK
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import labels as question_labels
from dagvandebuurt.qanda.desk_facts import by_wait
from dagvandebuurt.qanda.form_responses import refusal_in_words, status_of
from dagvandebuurt.qanda.forms import MOST_AT_ONCE
from dagvandebuurt.qanda.items import desk_cards
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import questions_for

bp = Blueprint("labelling", __name__)


def _session(slug: str, needs: LabelPermission) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, needs, session)
    return session


@bp.get("/sessies/<slug>/regie/labels")
@allows(QandaPermission.READ)
def chosen(slug: str) -> ResponseReturnValue:
    """Show the labels of a session; who moderates also puts them on several questions here."""
    return _page(_session(slug, LabelPermission.ARRANGE))


@bp.post("/sessies/<slug>/regie/labels")
@allows(QandaPermission.READ)
def arrange(slug: str) -> ResponseReturnValue:
    """Choose the labels of a session. Refused: the page with the reason, and what was typed."""
    session = _session(slug, LabelPermission.ARRANGE)
    typed = _typed()
    outcome = do(events.ARRANGE, session, labels=[each for each in typed if each["name"].strip()])
    if not outcome["ok"]:
        return _page(session, typed=typed, trouble=refusal_in_words(outcome), status=status_of(outcome))
    flash(_("Dit zijn nu de labels van deze sessie."), "done")
    return redirect(url_for(".chosen", slug=slug), 303)


def _typed() -> list[dict[str, str]]:
    names, ids = request.form.getlist("naam"), request.form.getlist("nummer")
    return [{"id": each, "name": name} for each, name in zip(ids, names, strict=False)][:MOST_LABELS]


def _page(
    session: ProgrammeSession,
    *,
    typed: list[dict[str, str]] | None = None,
    trouble: str = "",
    trouble_several: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    now = label_set(session.id)
    labels = labels_of(now)
    moderates = can(current_user, LabelPermission.PUT, session)
    labelled = labelled_in(session.id)
    rows = typed or [{"id": str(each.id), "name": each.name} for each in labels]
    page = render_template(
        "labelling/labels.html",
        session=session,
        labels=labels,
        rows=[*rows, *({"id": str(uuid4()), "name": ""} for _row in range(MOST_LABELS - len(rows)))],
        uses={each.id: sum(each.id in of.labels for of in labelled.values()) for each in labels},
        most_chars=LABEL_MAX_CHARS,
        seen=now.revision,
        trouble=trouble,
        trouble_several=trouble_several,
        moderates=moderates,
        by_line=question_labels.by_line,
        questions=_questions(session, labelled) if moderates and labels else [],
        ticked={each.partition(":")[0] for each in request.form.getlist("vraag")},
    )
    return page, status


def _questions(session: ProgrammeSession, labelled: dict[UUID, Labelled]) -> list[dict[str, Any]]:
    found = [
        each
        for each in db.session.scalars(questions_for(current_user, session))
        if each.status not in OFF_THE_DESK and not each.is_muted
    ]
    found.sort(key=by_wait)
    return [
        {
            "card": card,
            "labels": labelled.get(question.id, Labelled()).labels,
            "seen": labelled.get(question.id, Labelled()).revision,
        }
        for question, card in zip(found, desk_cards(found), strict=True)
    ]


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/label")
@allows(QandaPermission.READ)
def put(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Put one label on a question, or take it off: `label` is its id, and after the colon 1 for on."""
    session = _session(slug, LabelPermission.PUT)
    seen = request.form.get("seen", "")
    _put(session, [{"question": str(question_id), "seen": int(seen) if seen.isdecimal() else None}])
    return redirect(f"{url_for('qanda.desk', slug=slug)}#vraag-{question_id}", 303)


@bp.post("/sessies/<slug>/regie/labels/vragen")
@allows(QandaPermission.READ)
def put_several(slug: str) -> ResponseReturnValue:
    """Put one label on the ticked questions, or take it off."""
    session = _session(slug, LabelPermission.PUT)
    ticked = [each.partition(":") for each in request.form.getlist("vraag")[:MOST_AT_ONCE]]
    if not ticked:
        trouble = _("Zet eerst een vinkje bij de vragen.")
        return _page(session, trouble_several=trouble, status=422)
    questions = [
        {"question": each, "seen": int(seen) if seen.isdecimal() else None} for each, _sep, seen in ticked
    ]
    _put(session, questions)
    return redirect(url_for(".chosen", slug=slug), 303)


def _put(session: ProgrammeSession, questions: list[dict[str, Any]]) -> None:
    """Do what the pressed button says, and tell in words what became of it."""
    label, _sep, on = request.form.get("label", "").partition(":")
    outcome = do(events.PUT, session, label=label, on=on, questions=questions)
    if not outcome["ok"]:
        flash(refusal_in_words(outcome), "watch")
        return
    number = len(outcome["done"])
    if number and on:
        flash(ngettext("Label op %(num)s vraag.", "Label op %(num)s vragen.", number), "done")
    elif number:
        flash(ngettext("Label van %(num)s vraag af.", "Label van %(num)s vragen af.", number), "done")
    for each in outcome["refused"]:
        question = db.session.get(Question, UUID(each["question"]))
        about = shortened(question.text, 60) if question and question.session_id == session.id else ""
        flash(f"{about} {refusal_in_words(each)}".strip(), "watch")
