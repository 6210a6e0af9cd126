"""Routes of following, and of meeting somebody from another domain."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.programme.models import Speaker
from dagvandebuurt.wijkwijzer import labels, letters
from dagvandebuurt.wijkwijzer.choices import organisations, places, themes
from dagvandebuurt.wijkwijzer.forms import CardForm, FollowPlaceForm, RhythmForm, an_id
from dagvandebuurt.wijkwijzer.people import following, meeting
from dagvandebuurt.wijkwijzer.people.models import DigestWish, FollowKind, Proposal, Rhythm
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.routes import bp


@bp.get("/wijkwijzer/volgen")
@allows(WijkwijzerPermission.FOLLOW)
def my_following() -> ResponseReturnValue:
    return _following_page()


def _following_page(
    form: RhythmForm | None = None, status: int = 200, *, place: FollowPlaceForm | None = None
) -> ResponseReturnValue:
    offered = places()
    wish = db.session.get(DigestWish, current_user.id)
    now = clock.now()
    page = render_template(
        "wijkwijzer/following.html",
        labels=labels,
        followed=following.followed_by(current_user),
        new=following.new_for(current_user.id, since=now - following.EVERY[Rhythm.MONTHLY], until=now),
        form=form or RhythmForm(formdata=None, rhythm=wish.rhythm.value if wish else Rhythm.WEEKLY.value),
        place=(place or _place_form(formdata=None)) if offered.is_long else None,
        choices={
            FollowKind.THEME: [(each.id, each.label) for each in themes()],
            FollowKind.ORGANISATION: [(each.id, each.name) for each in organisations()],
            FollowKind.PLACE: [(each.id, name) for each, name in offered.options],
            FollowKind.AUTHOR: [
                (each.id, each.name) for each in db.session.scalars(select(Speaker).order_by(Speaker.name))
            ],
        },
    )
    return page, status


def _place_form(**given: Any) -> FollowPlaceForm:
    form = FollowPlaceForm(**given)
    form.place.offer(places())
    return form


@bp.post("/wijkwijzer/volgen")
@allows(WijkwijzerPermission.FOLLOW)
def follow() -> ResponseReturnValue:
    on, said = bool(request.form.get("on")), request.form.get("id", "")
    if "place" in request.form and not said:  # typed, where the list is long
        typed = _place_form()
        if not typed.validate():
            return _following_page(status=422, place=typed)
        said = typed.place.data
    try:
        kind, target_id = FollowKind(request.form.get("kind", "")), UUID(said)
    except ValueError:
        raise InvalidInput({"id": [_("Kies wat je wilt volgen.")]}) from None
    with transaction():
        following.follow(current_user, None, kind=kind, target_id=target_id, on=on, now=clock.now())
    flash(_("Je volgt dit. Wat nieuw is, komt in je mail.") if on else _("Je volgt dit niet meer."))
    return redirect(url_for(".my_following"), 303)


@bp.post("/wijkwijzer/volgen/post")
@allows(WijkwijzerPermission.FOLLOW)
def choose_rhythm() -> ResponseReturnValue:
    form = RhythmForm()
    return attempt(
        form,
        lambda: following.choose_rhythm(current_user, None, rhythm=Rhythm(form.rhythm.data), now=clock.now()),
        page=lambda _form, status: _following_page(form, status),
        back=url_for(".my_following"),
        said=_("Bewaard."),
    )


# --- meeting -------------------------------------------------------------------------------------


@bp.get("/wijkwijzer/ontmoeten")
@allows(WijkwijzerPermission.MEET)
def meet() -> ResponseReturnValue:
    return _meet_page()


def _meet_page(form: CardForm | None = None, status: int = 200) -> ResponseReturnValue:
    card = meeting.card_of(current_user)
    if form is None:
        form = _card_form(formdata=None)
        if card is not None:
            form.line.data, form.theme.data = card.line, str(card.theme_id)
            form.place.data, form.agrees.data = str(card.place_id or ""), True
    page = render_template(
        "wijkwijzer/meet.html",
        labels=labels,
        card=card,
        form=form,
        meetings=meeting.meetings_of(current_user),
        table=current_app.config["MEETING_TABLES"],
    )
    return page, status


def _card_form(**given: object) -> CardForm:
    form = CardForm(**given)
    form.offer(themes(), places())
    return form


@bp.post("/wijkwijzer/ontmoeten")
@allows(WijkwijzerPermission.MEET)
def keep_card() -> ResponseReturnValue:
    form = _card_form()
    return attempt(
        form,
        lambda: meeting.keep_card(
            current_user,
            None,
            line=form.line.data or "",
            theme_id=UUID(form.theme.data),
            place_id=an_id(form.place.data),
            now=clock.now(),
        ),
        page=lambda _form, status: _meet_page(form, status),
        back=url_for(".meet"),
        said=_("Je kaart is bewaard. Alleen wie we aan je voorstellen, ziet hem."),
    )


@bp.post("/wijkwijzer/ontmoeten/stoppen")
@allows(WijkwijzerPermission.MEET)
def take_card_away() -> ResponseReturnValue:
    with transaction():
        meeting.take_card_away(current_user, None)
    flash(_("Je kaart is weg. We stellen je aan niemand meer voor."))
    return redirect(url_for(".meet"), 303)


@bp.post("/wijkwijzer/ontmoeten/voorstel")
@throttle("20 per hour", together="400 per hour")
@allows(WijkwijzerPermission.MEET)
def propose() -> ResponseReturnValue:
    with transaction():
        made = meeting.propose(current_user, None, now=clock.now())
        letters.tell_of_proposal(made, now=clock.now())
    flash(_("We vonden iemand. Wil je deze persoon ontmoeten?"))
    return redirect(url_for(".meet"), 303)


@bp.post("/wijkwijzer/ontmoeten/<uuid:proposal_id>")
@allows(WijkwijzerPermission.MEET)
def answer_proposal(proposal_id: UUID) -> ResponseReturnValue:
    agrees = bool(request.form.get("ja"))
    with transaction():
        found = db.session.scalar(
            select(Proposal).where(Proposal.id == proposal_id).with_for_update(of=Proposal)
        )
        if found is None:
            raise NotFound
        meeting.answer(current_user, found, agrees=agrees)
        if found.one_agrees and found.other_agrees:
            letters.tell_of_agreement(found, now=clock.now())
    said = _("Je zei ja. Zegt de ander ook ja, dan staat hier jullie tafel.")
    flash(said if agrees else _("Je zei nee. Dit voorstel is weg. De ander hoort geen reden."))
    return redirect(url_for(".meet"), 303)
