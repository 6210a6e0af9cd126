"""Routes for the organisers' own questions on the registration form."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.organisation.lookup import found
from dagvandebuurt.organisation.queries import the_edition as _edition
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.registration import custom_questions
from dagvandebuurt.registration.forms import QuestionForm
from dagvandebuurt.registration.labels import ANSWER_KINDS
from dagvandebuurt.registration.models import AnswerKind, CustomQuestion
from dagvandebuurt.registration.permissions import RegistrationPermission


@bp.get("/organisatie/vragen")
@allows(RegistrationPermission.ASK)
def questions() -> ResponseReturnValue:
    return _questions(_question_form(formdata=None))


def _question_form(**how: Any) -> QuestionForm:
    form = QuestionForm(**how)
    form.offer(custom_questions.questions_of(_edition(current_user.id)))
    return form


def _questions(form: QuestionForm, status: int = 200) -> ResponseReturnValue:
    questions = custom_questions.questions_of(_edition(current_user.id))
    page = render_template(
        "organisation/questions.html",
        form=form,
        questions=questions,
        asked=custom_questions.as_fields(questions),
        answers=custom_questions.Answers(),
        kinds=ANSWER_KINDS,
    )
    return page, status


@bp.post("/organisatie/vragen")
@allows(RegistrationPermission.ASK)
@once
def ask() -> ResponseReturnValue:
    form = _question_form()
    if not form.validate():
        return _questions(form, 422)
    with transaction():
        custom_questions.ask(
            current_user,
            _edition(current_user.id),
            kind=AnswerKind(form.kind.data),
            label=form.label.data or "",
            label_en=form.label_en.data,
            options=form.choices,
            is_required=form.is_required.data,
            shown_if=form.depends_on,
            shown_if_value=form.shown_if_value.data,
            keep_days=form.keep_days.data or 0,
        )
    flash(_("De vraag staat op het aanmeldformulier."))
    return redirect(url_for(".questions"), 303)


@bp.post("/organisatie/vragen/<uuid:asked_id>/omhoog")
@allows(RegistrationPermission.ASK)
def move_question(asked_id: UUID) -> ResponseReturnValue:
    with transaction():
        custom_questions.move_up(
            current_user, found(CustomQuestion, asked_id), edition=_edition(current_user.id)
        )
    return redirect(url_for(".questions"), 303)


@bp.post("/organisatie/vragen/<uuid:asked_id>/weg")
@allows(RegistrationPermission.ASK)
def retire_question(asked_id: UUID) -> ResponseReturnValue:
    with transaction():
        question = found(CustomQuestion, asked_id)
        custom_questions.retire(current_user, question, edition=_edition(current_user.id), now=clock.now())
    flash(_("Deze vraag staat niet meer op het formulier."))
    return redirect(url_for(".questions"), 303)
