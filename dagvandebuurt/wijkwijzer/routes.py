"""Public routes of the Wijkwijzer: learning questions, offers and gaps."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.form_handling import attempt, needs_confirmation
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.likeness import ALIKE, EVERYWHERE, likeness
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.text import shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.queries import bookmark_of
from dagvandebuurt.wijkwijzer import labels
from dagvandebuurt.wijkwijzer.choices import places, themes
from dagvandebuurt.wijkwijzer.forms import AskForm
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_QUESTIONS,
    Gap,
    GapKind,
    Initiative,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
)
from dagvandebuurt.wijkwijzer.people.following import follows
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import (
    by_number,
    gaps,
    locked,
    questions_for,
    says_me_too,
    shown_initiatives,
    shown_offers,
    shown_questions,
)
from dagvandebuurt.wijkwijzer.questions import rules
from dagvandebuurt.wijkwijzer.questions.supply_demand import board

bp = Blueprint("wijkwijzer", __name__)
MOST_SHOWN = 4  # of each, on the first page


# --- views by kind of visitor --------------------------------------------------------------------


def door() -> str:
    """Return the view: chosen, or by the visitor's role. It affects only what comes first."""
    chosen = request.args.get("voor", "")
    if chosen in labels.DOORS:
        return chosen
    role = current_user.participant_role
    return next((name for name, (_said, roles) in labels.DOORS.items() if role in roles), "")


def roles_behind(name: str) -> frozenset[ParticipantRole]:
    return labels.DOORS[name][1] if name in labels.DOORS else frozenset()


def questions_first(found: Iterable[LearningQuestion], name: str) -> list[LearningQuestion]:
    roles = roles_behind(name)
    return sorted(found, key=lambda each: each.asked_by_role not in roles)


def offers_first(found: Iterable[LearningOffer], name: str) -> list[LearningOffer]:
    roles = {role.value for role in roles_behind(name)}
    return sorted(found, key=lambda each: not roles & set(each.audience))


def filters(*names: str) -> dict[str, str]:
    """Parse the filters of a list; an unknown value finds nothing."""
    return {name: request.args.get(name, "")[:60] for name in names}


def is_about(thing: Any, chosen: dict[str, str]) -> bool:
    place = getattr(thing, "place", None)
    codes = {place.code, place.parent.code if place.parent else ""} if place else set()
    return (
        (not chosen.get("thema") or chosen["thema"] in {theme.code for theme in thing.themes})
        and (not chosen.get("domein") or chosen["domein"] in thing.domains)
        and (not chosen.get("plaats") or chosen["plaats"] in codes)
    )


# --- pages ---------------------------------------------------------------------------------------


@bp.get("/wijkwijzer")
@allows(WijkwijzerPermission.READ)
def index() -> ResponseReturnValue:
    asked = db.session.scalars(shown_questions()).all()
    offered = db.session.scalars(shown_offers()).all()
    missing = db.session.scalars(gaps()).all()
    examples = db.session.scalars(shown_initiatives()).all()
    name = door()
    return render_template(
        "wijkwijzer/index.html",
        labels=labels,
        door=name,
        questions=questions_first(asked, name)[:MOST_SHOWN],
        offers=offers_first(offered, name)[:MOST_SHOWN],
        gaps=missing[:MOST_SHOWN],
        initiatives=examples[:MOST_SHOWN],
        numbers=(len(asked), len(offered), len(missing), len(examples)),
        may_coordinate=can(current_user, WijkwijzerPermission.COORDINATE),
    )


@bp.get("/wijkwijzer/leervragen")
@allows(WijkwijzerPermission.READ)
def questions() -> ResponseReturnValue:
    chosen, name = filters("thema", "domein", "stand"), door()
    found = [
        each
        for each in db.session.scalars(shown_questions())
        if is_about(each, chosen) and chosen["stand"] in ("", each.status.value)
    ]
    return render_template(
        "wijkwijzer/questions.html",
        labels=labels,
        door=name,
        chosen=chosen,
        questions=questions_first(found, name),
        themes=themes(),
        domains=offered("domain", labels.DOMAINS),
        states=[state for state in LearningQuestionStatus if state in SHOWN_QUESTIONS],
    )


def _asking(**given: Any) -> AskForm:
    form = AskForm(**given)
    form.offer(themes(), places())
    return form


def _ask_page(
    form: AskForm, status: int = 200, *, alike: Iterable[LearningQuestion] = (), is_personal: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "wijkwijzer/ask.html",
        form=form,
        alike=list(alike),
        is_personal=is_personal,
        known=[{"id": each.number, "text": each.title} for each in db.session.scalars(shown_questions())],
        everywhere=" ".join(sorted(EVERYWHERE)),
    )
    return page, status


@bp.get("/wijkwijzer/leervragen/stel")
@allows(WijkwijzerPermission.ASK)
def ask_form() -> ResponseReturnValue:
    form = _asking(formdata=None)
    form.themes.data = [str(each.id) for each in themes() if each.code == request.args.get("thema")]
    like = request.args.get("voorbeeld", "")
    example = db.session.scalar(shown_initiatives().where(Initiative.slug == like)) if like else None
    if example is not None:  # from its stand at the market
        form.title.data = shortened(
            _("Hoe begin ik zoiets als %(name)s in mijn buurt?", name=example.title), 160
        )
    return _ask_page(form)


@bp.post("/wijkwijzer/leervragen/stel")
@throttle("30 per hour", together="600 per hour")
@allows(WijkwijzerPermission.ASK)
@once
def ask() -> ResponseReturnValue:
    """Submit a question. A text that resembles an existing one, or seems to identify a person, is shown once
    more first.
    """
    form = _asking()
    if form.validate() and not request.form.get("toch"):
        alike = _alike(form.title.data or "")
        is_personal = needs_confirmation(form.title.data, form.detail.data)
        if alike or is_personal:
            return _ask_page(form, 422, alike=alike, is_personal=is_personal)
    return attempt(
        form,
        lambda: rules.ask(
            current_user, None, asked=form.asked, role=current_user.participant_role, now=clock.now()
        ),
        page=lambda _form, status: _ask_page(form, status),
        back=lambda made: url_for(".question", number=made.number),
        said=_("Dank je wel. De leercoördinator leest je vraag. Daarna ziet iedereen hem."),
    )


def _alike(title: str) -> list[LearningQuestion]:
    known = db.session.scalars(shown_questions()).all()
    found = [(likeness(title, each.title), each) for each in known]
    best = sorted(found, key=lambda pair: (-pair[0], pair[1].number))[:3]
    return [each for degree, each in best if degree >= ALIKE]


@bp.get("/wijkwijzer/leervragen/<int:number>")
@allows(WijkwijzerPermission.READ)
def question(number: int) -> ResponseReturnValue:
    found = by_number(questions_for(current_user), LearningQuestion, number)
    if found.merged_into_id is not None:
        into = db.session.get_one(LearningQuestion, found.merged_into_id)
        return redirect(url_for(".question", number=into.number), 301)
    return render_template(
        "wijkwijzer/question.html",
        labels=labels,
        question=found,
        is_shown=found.status in SHOWN_QUESTIONS,
        offers=[each for each in found.offers if each in db.session.scalars(shown_offers()).all()],
        bookmark=bookmark_of(current_user, found.id),
        says_me_too=says_me_too(current_user, found),
        is_mine=current_user.is_known and found.asker_id == current_user.id,
        may_coordinate=can(current_user, WijkwijzerPermission.COORDINATE),
    )


@bp.post("/wijkwijzer/leervragen/<int:number>/ik-ook")
@throttle("120 per minute", together="600 per minute")
@allows(WijkwijzerPermission.ME_TOO)
def me_too(number: int) -> ResponseReturnValue:
    on = bool(request.form.get("on"))
    with transaction():
        found = locked(LearningQuestion, by_number(questions_for(current_user), LearningQuestion, number))
        rules.me_too(current_user, found, on=on, now=clock.now())
    flash(_("Je staat erbij. Je hoort wat ermee gebeurt.") if on else _("Je staat er niet meer bij."))
    return redirect(url_for(".question", number=number), 303)


@bp.get("/wijkwijzer/nog-te-organiseren")
@allows(WijkwijzerPermission.READ)
def all_gaps() -> ResponseReturnValue:
    chosen = filters("waarom", "thema")
    found = [
        each
        for each in db.session.scalars(gaps())
        if chosen["waarom"] in ("", each.kind.value)
        and (not chosen["thema"] or any(is_about(q, {"thema": chosen["thema"]}) for q in each.questions))
    ]
    return render_template(
        "wijkwijzer/gaps.html",
        labels=labels,
        gaps=found,
        chosen=chosen,
        kinds=GapKind,
        themes=themes(),
        door=door(),
    )


@bp.get("/wijkwijzer/nog-te-organiseren/<int:number>")
@allows(WijkwijzerPermission.READ)
def gap(number: int) -> ResponseReturnValue:
    found = by_number(gaps(), Gap, number)
    return render_template(
        "wijkwijzer/gap.html",
        labels=labels,
        lack=found,
        questions=[each for each in found.questions if each.status in SHOWN_QUESTIONS],
        may_offer=can(current_user, WijkwijzerPermission.OFFER),
        may_coordinate=can(current_user, WijkwijzerPermission.COORDINATE),
    )


@bp.get("/wijkwijzer/bord")
@allows(WijkwijzerPermission.READ)
def the_board() -> ResponseReturnValue:
    return render_template("wijkwijzer/board.html", board=board(themes()), door=door())


def following_buttons(thing: Any) -> list[tuple[str, str, str, bool]]:
    """Return what of `thing` can be followed: kind, id, name, and whether one does."""
    its = [("theme", theme.id, theme.label) for theme in thing.themes]
    organisation = getattr(thing, "provider", None) or getattr(thing, "led_by", None)
    its += [("organisation", organisation.id, organisation.name)] if organisation else []
    its += [("place", thing.place.id, thing.place.name)] if thing.place else []
    return [(kind, str(target), name, follows(current_user, target)) for kind, target, name in its]
