"""Desk routes of the learning coordinator: review, merge, match and answer learning questions."""

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.wijkwijzer import labels
from dagvandebuurt.wijkwijzer.choices import places, themes
from dagvandebuurt.wijkwijzer.desk import chosen_action, offers_form, possible
from dagvandebuurt.wijkwijzer.forms import (
    AnswerForm,
    AskForm,
    GapForm,
    GroupForm,
    NoteForm,
)
from dagvandebuurt.wijkwijzer.models import (
    Gap,
    GapStatus,
    InitiativeStatus,
    LearningQuestion,
    LearningQuestionStatus,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import (
    by_number,
    congress_question,
    congress_questions,
    gaps,
    initiatives_for,
    locked,
    offers_by_number,
    offers_for,
    questions_for,
)
from dagvandebuurt.wijkwijzer.questions import rules
from dagvandebuurt.wijkwijzer.routes import bp
from dagvandebuurt.wijkwijzer.states import OPEN_GAPS, QUESTIONS


@bp.get("/wijkwijzer/regie")
@allows(WijkwijzerPermission.COORDINATE)
def desk() -> ResponseReturnValue:
    questions = db.session.scalars(questions_for(current_user)).all()
    offers = db.session.scalars(offers_for(current_user)).all()
    initiatives = db.session.scalars(initiatives_for(current_user)).all()
    return render_template(
        "wijkwijzer/desk.html",
        labels=labels,
        submitted=[each for each in questions if each.status is LearningQuestionStatus.SUBMITTED],
        visible=[each for each in questions if each.status is LearningQuestionStatus.VISIBLE],
        offers=[each for each in offers if each.status in (OfferStatus.SUBMITTED, OfferStatus.CHECKED)],
        due=[each for each in offers if each.status in (OfferStatus.CHECK_DUE, OfferStatus.EXPIRED)],
        gaps=[each for each in db.session.scalars(gaps()) if each.status in OPEN_GAPS | {GapStatus.PARKED}],
        initiatives=[each for each in initiatives if each.status is InitiativeStatus.IN_REVIEW],
        congress=congress_questions(),
    )


# --- learning questions --------------------------------------------------------------------------


@bp.get("/wijkwijzer/regie/leervragen/<int:number>")
@allows(WijkwijzerPermission.COORDINATE)
def desk_question(number: int) -> ResponseReturnValue:
    return _question_page(number)


def _question_page(number: int, status: int = 200, **forms: PageForm) -> ResponseReturnValue:
    question = by_number(questions_for(current_user), LearningQuestion, number)
    page = render_template(
        "wijkwijzer/desk_question.html",
        labels=labels,
        question=question,
        possible=possible(QUESTIONS, question),
        open_gaps=db.session.scalars(gaps().where(Gap.status.in_(OPEN_GAPS))).all(),
        plain=forms.get("tonen"),
        declining=forms.get("niet-tonen") or NoteForm(formdata=None),
        grouping=forms.get("samenvoegen") or GroupForm(formdata=None),
        matching=forms.get("koppelen") or offers_form([each.number for each in question.offers]),
        answering=forms.get("antwoord")
        or AnswerForm(formdata=None, text=question.answer or "", by=question.answered_by or ""),
        missing=forms.get("ontbreekt") or GapForm(formdata=None),
    )
    return page, status


@bp.post("/wijkwijzer/regie/leervragen/<int:number>/<deed>")
@allows(WijkwijzerPermission.COORDINATE)
def change_question(number: int, deed: str) -> ResponseReturnValue:
    by_number(questions_for(current_user), LearningQuestion, number)
    note, group, offers, answer, gap = NoteForm(), GroupForm(), offers_form(), AnswerForm(), GapForm()

    def it() -> LearningQuestion:
        found = by_number(questions_for(current_user), LearningQuestion, number)
        return locked(LearningQuestion, found)  # type: ignore[no-any-return]

    def into() -> LearningQuestion:
        found = by_number(questions_for(current_user), LearningQuestion, group.into.data or 0)
        return locked(LearningQuestion, found)  # type: ignore[no-any-return]

    def declare() -> Gap:
        existing = gap.existing.data
        there = locked(Gap, by_number(gaps(), Gap, existing)) if existing else None
        return rules.declare_gap(current_user, it(), existing=there, now=clock.now(), **gap.its)

    now = clock.now()
    form, act, said = chosen_action(
        {
            "tonen": (PageForm(), lambda: rules.show(current_user, it(), now=now), _("Iedereen ziet hem.")),
            "niet-tonen": (
                note,
                lambda: rules.decline(current_user, it(), note=note.note.data or "", now=now),
                _("Niet geplaatst. Wie het vroeg, krijgt bericht."),
            ),
            "samenvoegen": (
                group,
                lambda: rules.cluster(current_user, it(), into=into(), now=now),
                _("Samengevoegd. Wie het vroeg, krijgt bericht."),
            ),
            "koppelen": (
                offers,
                lambda: rules.match(
                    current_user, it(), offers=offers_by_number(offers.offers.data or ()), now=now
                ),
                _("Gekoppeld. Wie het vroeg, krijgt bericht."),
            ),
            "antwoord": (
                answer,
                lambda: rules.answer(
                    current_user, it(), text=answer.text.data or "", by=answer.by.data or "", now=now
                ),
                _("Beantwoord. Wie het vroeg, krijgt bericht."),
            ),
            "ontbreekt": (gap, declare, _("Het staat nu bij Nog te organiseren.")),
        },
        deed,
    )
    return attempt(
        form,
        act,
        page=lambda _form, status: _question_page(number, status, **{deed: form}),
        back=url_for(".desk"),
        said=said,
    )


# --- congress questions --------------------------------------------------------------------------


@bp.get("/wijkwijzer/regie/vragen/<uuid:question_id>")
@allows(WijkwijzerPermission.COORDINATE)
def from_congress_form(question_id: UUID) -> ResponseReturnValue:
    form = _asking(formdata=None)
    form.title.data = congress_question(question_id).text[:160]
    return _congress_page(question_id, form)


def _asking(**given: Any) -> AskForm:
    form = AskForm(**given)
    form.offer(themes(), places())
    return form


def _congress_page(question_id: UUID, form: AskForm, status: int = 200) -> ResponseReturnValue:
    question = congress_question(question_id)
    return render_template("wijkwijzer/from_congress.html", question=question, form=form), status


@bp.post("/wijkwijzer/regie/vragen/<uuid:question_id>")
@allows(WijkwijzerPermission.COORDINATE)
@once
def from_congress(question_id: UUID) -> ResponseReturnValue:
    form = _asking()

    def act() -> LearningQuestion:
        question = congress_question(question_id, for_change=True)
        return rules.from_congress(
            current_user,
            question,
            asked=form.asked,
            role=question.asker_role or ParticipantRole.UNDISCLOSED,
            now=clock.now(),
        )

    return attempt(
        form,
        act,
        page=lambda _form, status: _congress_page(question_id, form, status),
        back=lambda made: url_for(".desk_question", number=made.number),
        said=_("Dit is nu een leervraag. Wie het vroeg, ziet wat ermee gebeurt."),
    )
