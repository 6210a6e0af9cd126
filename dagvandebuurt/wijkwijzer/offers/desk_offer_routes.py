"""Desk routes of the learning coordinator: review of offers and initiatives, closing of gaps."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.wijkwijzer import labels, letters
from dagvandebuurt.wijkwijzer.choices import organisations
from dagvandebuurt.wijkwijzer.desk import chosen_action, offers_form, possible
from dagvandebuurt.wijkwijzer.forms import NoteForm, PlanForm
from dagvandebuurt.wijkwijzer.initiatives import rules as showing
from dagvandebuurt.wijkwijzer.models import Gap, Initiative, LearningOffer, OfferStatus
from dagvandebuurt.wijkwijzer.offers import rules
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import (
    by_number,
    gaps,
    initiative_by_slug,
    locked,
    offers_by_number,
    offers_for,
)
from dagvandebuurt.wijkwijzer.routes import bp
from dagvandebuurt.wijkwijzer.states import GAPS, INITIATIVES, OFFERS

# --- offers --------------------------------------------------------------------------------------


@bp.get("/wijkwijzer/regie/aanbod/<int:number>")
@allows(WijkwijzerPermission.COORDINATE)
def desk_offer(number: int) -> ResponseReturnValue:
    return _offer_page(number)


def _offer_page(number: int, status: int = 200, **forms: PageForm) -> ResponseReturnValue:
    offer = by_number(offers_for(current_user), LearningOffer, number)
    page = render_template(
        "wijkwijzer/desk_offer.html",
        labels=labels,
        offer=offer,
        possible=possible(OFFERS, offer),
        declining=forms.get("niet-plaatsen") or NoteForm(formdata=None),
        plain=forms.get("nagekeken") or forms.get("plaatsen"),
    )
    return page, status


@bp.post("/wijkwijzer/regie/aanbod/<int:number>/<deed>")
@allows(WijkwijzerPermission.COORDINATE)
def change_offer(number: int, deed: str) -> ResponseReturnValue:
    note, now = NoteForm(), clock.now()

    def it() -> LearningOffer:
        return locked(LearningOffer, by_number(offers_for(current_user), LearningOffer, number))  # type: ignore[no-any-return]

    def publish() -> None:
        letters.tell_sender(
            rules.publish(current_user, it(), now=now), said=letters.PLACED, note=None, now=now
        )

    def decline() -> None:
        text = note.note.data or ""
        offer = rules.decline(current_user, it(), note=text, now=now)
        letters.tell_sender(offer, said=letters.NOT_PLACED, note=text, now=now)

    by_number(offers_for(current_user), LearningOffer, number)
    form, act, said = chosen_action(
        {
            "nagekeken": (
                PageForm(),
                lambda: rules.check(current_user, it(), now=now),
                _("Nagekeken. Het kan op de site."),
            ),
            "plaatsen": (PageForm(), publish, _("Het staat op de site.")),
            "niet-plaatsen": (note, decline, _("Niet geplaatst. Wie het instuurde, krijgt bericht.")),
        },
        deed,
    )
    return attempt(
        form,
        act,
        page=lambda _form, status: _offer_page(number, status, **{deed: form}),
        back=url_for(".desk_offer", number=number),
        said=said,
    )


# --- gaps ----------------------------------------------------------------------------------------


@bp.get("/wijkwijzer/regie/nog-te-organiseren/<int:number>")
@allows(WijkwijzerPermission.COORDINATE)
def desk_gap(number: int) -> ResponseReturnValue:
    return _gap_page(number)


def _gap_page(number: int, status: int = 200, **forms: PageForm) -> ResponseReturnValue:
    gap = by_number(gaps(), Gap, number)
    meant = [
        each
        for each in db.session.scalars(select(LearningOffer).where(LearningOffer.for_gap_id == gap.id))
        if each.status is not OfferStatus.DECLINED
    ]
    page = render_template(
        "wijkwijzer/desk_gap.html",
        labels=labels,
        lack=gap,
        meant=meant,
        possible=possible(GAPS, gap),
        planning=forms.get("oppakken") or forms.get("maken") or _plan_form(gap),
        filling=forms.get("vullen") or offers_form([each.number for each in meant]),
        parking=forms.get("stilleggen") or NoteForm(formdata=None),
    )
    return page, status


def _plan_form(gap: Gap | None = None) -> PlanForm:
    form = PlanForm() if gap is None else PlanForm(formdata=None, obj=gap)
    form.offer(organisations())
    if gap is not None:
        form.owner.data = str(gap.owner_id or "")
        form.owner_name.data = "" if gap.owner_id else gap.owner_name
    return form


@bp.post("/wijkwijzer/regie/nog-te-organiseren/<int:number>/<deed>")
@allows(WijkwijzerPermission.COORDINATE)
@once
def change_gap(number: int, deed: str) -> ResponseReturnValue:
    by_number(gaps(), Gap, number)
    plan, offers, note, now = _plan_form(), offers_form(), NoteForm(), clock.now()

    def it() -> Gap:
        return locked(Gap, by_number(gaps(), Gap, number))  # type: ignore[no-any-return]

    form, act, said = chosen_action(
        {
            "oppakken": (
                plan,
                lambda: rules.adopt(current_user, it(), plan=plan.plan, now=now),
                _("Opgepakt. Wie het vroeg, krijgt bericht."),
            ),
            "maken": (
                plan,
                lambda: rules.design(current_user, it(), plan=plan.plan, now=now),
                _("Bewaard."),
            ),
            "vullen": (
                offers,
                lambda: rules.fill(
                    current_user, it(), offers=offers_by_number(offers.offers.data or ()), now=now
                ),
                _("Gevuld. Iedereen die het vroeg, krijgt bericht."),
            ),
            "stilleggen": (
                note,
                lambda: rules.park(current_user, it(), note=note.note.data or "", now=now),
                _("Het ligt stil. Iedereen kan lezen waarom."),
            ),
            "hervatten": (
                PageForm(),
                lambda: rules.resume(current_user, it(), now=now),
                _("We zoeken weer iemand."),
            ),
        },
        deed,
    )
    return attempt(
        form,
        act,
        page=lambda _form, status: _gap_page(number, status, **{deed: form}),
        back=url_for(".desk_gap", number=number),
        said=said,
    )


# --- good examples -------------------------------------------------------------------------------


@bp.post("/wijkwijzer/regie/voorbeelden/<slug>/plaatsen")
@allows(WijkwijzerPermission.COORDINATE)
def publish_initiative(slug: str) -> ResponseReturnValue:
    now = clock.now()
    with transaction():
        found = locked(Initiative, initiative_by_slug(current_user, slug))
        showing.publish(current_user, found, now=now)
        letters.tell_sender(found, said=letters.PLACED, note=None, now=now)
    flash(_("Het staat op de site."))
    return redirect(url_for(".initiative", slug=slug), 303)


@bp.get("/wijkwijzer/regie/voorbeelden/<slug>")
@allows(WijkwijzerPermission.COORDINATE)
def desk_initiative(slug: str) -> ResponseReturnValue:
    return _initiative_page(slug, NoteForm(formdata=None))


def _initiative_page(slug: str, form: NoteForm, status: int = 200) -> ResponseReturnValue:
    initiative = initiative_by_slug(current_user, slug)
    page = render_template(
        "wijkwijzer/desk_initiative.html",
        labels=labels,
        initiative=initiative,
        form=form,
        possible=possible(INITIATIVES, initiative),
    )
    return page, status


@bp.post("/wijkwijzer/regie/voorbeelden/<slug>/terug")
@allows(WijkwijzerPermission.COORDINATE)
def return_initiative(slug: str) -> ResponseReturnValue:
    form, now = NoteForm(), clock.now()

    def act() -> None:
        found, note = locked(Initiative, initiative_by_slug(current_user, slug)), form.note.data or ""
        showing.give_back(current_user, found, note=note, now=now)
        letters.tell_sender(found, said=letters.SENT_BACK, note=note, now=now)

    return attempt(
        form,
        act,
        page=lambda _form, status: _initiative_page(slug, form, status),
        back=url_for(".desk"),
        said=_("Teruggestuurd. Wie het instuurde, krijgt bericht."),
    )
