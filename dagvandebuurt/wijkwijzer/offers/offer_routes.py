"""Public routes of offers and initiatives: list, submit, confirm, take part."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.schema_org import as_script
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.branding.words import offered as offered_entries
from dagvandebuurt.people.queries import bookmark_of
from dagvandebuurt.wijkwijzer import labels, letters
from dagvandebuurt.wijkwijzer.choices import organisations, places, places_of, themes
from dagvandebuurt.wijkwijzer.forms import (
    AUDIENCE,
    JoinForm,
    MessageForm,
    OfferedForm,
    ReplyForm,
    SharedForm,
)
from dagvandebuurt.wijkwijzer.initiatives import rules as showing
from dagvandebuurt.wijkwijzer.json_ld import resource
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    OfferForm,
)
from dagvandebuurt.wijkwijzer.offers import rules
from dagvandebuurt.wijkwijzer.people.models import ContactRequest
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import (
    by_number,
    gaps,
    initiative_by_slug,
    joined,
    joining_of,
    locked,
    messages_to,
    number_joined,
    offers_for,
    shown_initiatives,
    shown_offers,
)
from dagvandebuurt.wijkwijzer.routes import bp, door, filters, following_buttons, is_about, offers_first
from dagvandebuurt.wijkwijzer.states import INITIATIVES, OFFERS, OPEN_GAPS, InitiativeAction, OfferAction


@bp.get("/wijkwijzer/aanbod")
@allows(WijkwijzerPermission.READ)
def offers() -> ResponseReturnValue:
    chosen, name = filters("thema", "domein", "plaats", "vorm", "wie"), door()
    shown = db.session.scalars(shown_offers()).all()
    found = [
        each
        for each in shown
        if is_about(each, chosen)
        and chosen["vorm"] in ("", each.form.value)
        and (not chosen["wie"] or chosen["wie"] in each.audience)
    ]
    return render_template(
        "wijkwijzer/offers.html",
        labels=labels,
        door=name,
        chosen=chosen,
        offers=offers_first(found, name),
        themes=themes(),
        domains=offered_entries("domain", labels.DOMAINS),
        places=places_of(shown),
        forms=OfferForm,
        audience=offered_entries("participant_role", {each: labels.AUDIENCE[each] for each in AUDIENCE}),
        may_offer=can(current_user, WijkwijzerPermission.OFFER),
    )


def _offered(**given: Any) -> OfferedForm:
    form = OfferedForm(**given)
    form.offer(themes(), places())
    form.offer_more(organisations(), db.session.scalars(gaps().where(Gap.status.in_(OPEN_GAPS))))
    return form


def _offer_page(form: OfferedForm, status: int = 200) -> ResponseReturnValue:
    return render_template("wijkwijzer/offer_form.html", form=form), status


@bp.get("/wijkwijzer/aanbod/nieuw")
@allows(WijkwijzerPermission.OFFER)
def offer_form() -> ResponseReturnValue:
    form = _offered(formdata=None)
    meant_for = request.args.get("voor-plek", type=int)
    if meant_for is not None:
        form.for_gap.data = str(by_number(gaps(), Gap, meant_for).id)
    return _offer_page(form)


@bp.post("/wijkwijzer/aanbod/nieuw")
@throttle("30 per hour", together="600 per hour")
@allows(WijkwijzerPermission.OFFER)
@once
def send_offer() -> ResponseReturnValue:
    form = _offered()
    return attempt(
        form,
        lambda: rules.submit(current_user, None, offered=form.offered, now=clock.now()),
        page=lambda _form, status: _offer_page(form, status),
        back=lambda made: url_for(".offer", number=made.number),
        said=_("Dank je wel. De leercoördinator kijkt het na. Je krijgt bericht."),
    )


@bp.get("/wijkwijzer/aanbod/<int:number>")
@allows(WijkwijzerPermission.READ)
def offer(number: int) -> ResponseReturnValue:
    found = by_number(offers_for(current_user), LearningOffer, number)
    stands_for_it = can(current_user, WijkwijzerPermission.CONFIRM, found)
    return render_template(
        "wijkwijzer/offer.html",
        labels=labels,
        offer=found,
        bookmark=bookmark_of(current_user, found.id),
        is_shown=found.status in SHOWN_OFFERS,
        linked=as_script(resource(found)) if found.status in SHOWN_OFFERS else "",
        questions=[each for each in found.questions if each.status in SHOWN_QUESTIONS],
        may_confirm=stands_for_it and OFFERS.is_possible(found, OfferAction.CONFIRM),
        may_coordinate=can(current_user, WijkwijzerPermission.COORDINATE),
        to_follow=following_buttons(found),
    )


@bp.post("/wijkwijzer/aanbod/<int:number>/klopt")
@allows(WijkwijzerPermission.CONFIRM)
def confirm_offer(number: int) -> ResponseReturnValue:
    with transaction():
        found = locked(LearningOffer, by_number(offers_for(current_user), LearningOffer, number))
        rules.confirm(current_user, found, now=clock.now())
    flash(_("Dank je wel. Over een jaar vragen we het weer."))
    return redirect(url_for(".offer", number=number), 303)


@bp.post("/wijkwijzer/aanbod/<int:number>/stopt")
@allows(WijkwijzerPermission.CONFIRM)
def end_offer(number: int) -> ResponseReturnValue:
    with transaction():
        found = locked(LearningOffer, by_number(offers_for(current_user), LearningOffer, number))
        rules.archive(current_user, found, now=clock.now())
    flash(_("Het staat niet meer op de site."))
    return redirect(url_for(".offers"), 303)


# --- good examples -------------------------------------------------------------------------------


@bp.get("/wijkwijzer/voorbeelden")
@allows(WijkwijzerPermission.READ)
def initiatives() -> ResponseReturnValue:
    chosen = filters("thema", "plaats")
    shown = db.session.scalars(shown_initiatives()).all()
    return render_template(
        "wijkwijzer/initiatives.html",
        labels=labels,
        initiatives=[each for each in shown if is_about(each, chosen)],
        chosen=chosen,
        themes=themes(),
        places=places_of(shown),
        door=door(),
        may_share=can(current_user, WijkwijzerPermission.SHARE),
    )


def _shared(**given: Any) -> SharedForm:
    form = SharedForm(**given)
    form.offer(themes(), places())
    form.offer_more(organisations())
    return form


def _share_page(form: SharedForm, status: int = 200, note: str | None = None) -> ResponseReturnValue:
    return render_template("wijkwijzer/initiative_form.html", form=form, note=note), status


@bp.get("/wijkwijzer/voorbeelden/nieuw")
@allows(WijkwijzerPermission.SHARE)
def share_form() -> ResponseReturnValue:
    return _share_page(_shared(formdata=None))


@bp.post("/wijkwijzer/voorbeelden/nieuw")
@throttle("30 per hour", together="600 per hour")
@allows(WijkwijzerPermission.SHARE)
@once
def share() -> ResponseReturnValue:
    form = _shared()
    return attempt(
        form,
        lambda: showing.share(current_user, None, shared=form.shared, now=clock.now()),
        page=lambda _form, status: _share_page(form, status),
        back=lambda made: url_for(".initiative", slug=made.slug),
        said=_("Dank je wel. De leercoördinator leest het. Je krijgt bericht."),
    )


@bp.get("/wijkwijzer/voorbeelden/<slug>")
@allows(WijkwijzerPermission.READ)
def initiative(slug: str) -> ResponseReturnValue:
    return _initiative_page(slug)


def _initiative_page(
    slug: str,
    status: int = 200,
    *,
    joining: JoinForm | None = None,
    writing: MessageForm | None = None,
    replying: ReplyForm | None = None,
) -> ResponseReturnValue:
    found = initiative_by_slug(current_user, slug)
    mine = joining_of(current_user, found)
    stands_for_it = can(current_user, WijkwijzerPermission.CONFIRM, found)
    page = render_template(
        "wijkwijzer/initiative.html",
        labels=labels,
        initiative=found,
        bookmark=bookmark_of(current_user, found.id),
        is_shown=found.status in SHOWN_INITIATIVES,
        joined=number_joined(found),
        mine=mine,
        joining=joining or JoinForm(formdata=None, offer=mine.offer if mine else ""),
        writing=writing or MessageForm(formdata=None),
        replying=replying or ReplyForm(formdata=None),
        helpers=joined(found) if stands_for_it else (),
        messages=messages_to(found) if stands_for_it else (),
        may_join=can(current_user, WijkwijzerPermission.JOIN),
        may_confirm=stands_for_it and INITIATIVES.is_possible(found, InitiativeAction.CONFIRM),
        may_send_again=found.status is InitiativeStatus.DRAFT and found.submitted_by_id == current_user.id,
        may_coordinate=can(current_user, WijkwijzerPermission.COORDINATE),
        to_follow=following_buttons(found),
    )
    return page, status


@bp.get("/wijkwijzer/voorbeelden/<slug>/veranderen")
@allows(WijkwijzerPermission.SHARE)
def again_form(slug: str) -> ResponseReturnValue:
    found = _to_send_again(slug)
    form = _shared(formdata=None)
    form.fill(found)
    return _share_page(form, note=found.review_note)


@bp.post("/wijkwijzer/voorbeelden/<slug>/veranderen")
@allows(WijkwijzerPermission.SHARE)
def send_again(slug: str) -> ResponseReturnValue:
    form, note = _shared(), _to_send_again(slug).review_note
    return attempt(
        form,
        lambda: showing.send_again(
            current_user, locked(Initiative, _to_send_again(slug)), shared=form.shared, now=clock.now()
        ),
        page=lambda _form, status: _share_page(form, status, note),
        back=url_for(".initiative", slug=slug),
        said=_("Dank je wel. De leercoördinator leest het. Je krijgt bericht."),
    )


def _to_send_again(slug: str) -> Initiative:
    """Return one's own initiative. Raises NotFound."""
    found = initiative_by_slug(current_user, slug)
    if found.submitted_by_id != current_user.id:
        raise NotFound
    return found


@bp.post("/wijkwijzer/voorbeelden/<slug>/klopt")
@allows(WijkwijzerPermission.CONFIRM)
def confirm_initiative(slug: str) -> ResponseReturnValue:
    with transaction():
        found = locked(Initiative, initiative_by_slug(current_user, slug))
        showing.confirm(current_user, found, now=clock.now())
    flash(_("Dank je wel. Over een jaar vragen we het weer."))
    return redirect(url_for(".initiative", slug=slug), 303)


@bp.post("/wijkwijzer/voorbeelden/<slug>/stopt")
@allows(WijkwijzerPermission.CONFIRM)
def end_initiative(slug: str) -> ResponseReturnValue:
    with transaction():
        found = locked(Initiative, initiative_by_slug(current_user, slug))
        showing.archive(current_user, found, now=clock.now())
    flash(_("Het staat niet meer op de site."))
    return redirect(url_for(".initiatives"), 303)


@bp.post("/wijkwijzer/voorbeelden/<slug>/meedoen")
@allows(WijkwijzerPermission.JOIN)
def join(slug: str) -> ResponseReturnValue:
    form, on = JoinForm(), bool(request.form.get("on"))
    return attempt(
        form,
        lambda: showing.join(
            current_user, initiative_by_slug(current_user, slug), on=on, offer=form.offer.data or "",
            now=clock.now(),
        ),
        page=lambda _form, status: _initiative_page(slug, status, joining=form),
        back=url_for(".initiative", slug=slug) + "#meedoen",
        said=_("Fijn dat je meedoet. Wie het leidt, leest het.") if on else _("Je doet niet meer mee."),
    )  # fmt: skip


@bp.post("/wijkwijzer/voorbeelden/<slug>/contact")
@throttle("10 per hour", together="200 per hour")
@allows(WijkwijzerPermission.CONTACT)
@once
def write_to(slug: str) -> ResponseReturnValue:
    form = MessageForm()

    def act() -> None:
        found = initiative_by_slug(current_user, slug)
        sent = showing.write_to(current_user, found, text=form.message.data or "", now=clock.now())
        letters.tell_of_message(sent, found, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda _form, status: _initiative_page(slug, status, writing=form),
        back=url_for(".initiative", slug=slug) + "#contact",
        said=_("Je bericht is verstuurd. Het antwoord komt in je mail."),
    )


@bp.post("/wijkwijzer/voorbeelden/<slug>/antwoord")
@allows(WijkwijzerPermission.CONFIRM)
def reply(slug: str) -> ResponseReturnValue:
    form = ReplyForm()

    def act() -> None:
        found = initiative_by_slug(current_user, slug)
        request_ = _message(found, form.request.data)
        showing.reply(current_user, found, request=request_, text=form.text.data or "", now=clock.now())
        letters.tell_of_reply(request_, found, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda _form, status: _initiative_page(slug, status, replying=form),
        back=url_for(".initiative", slug=slug) + "#berichten",
        said=_("Je antwoord is verstuurd."),
    )


def _message(initiative: Initiative, value: str | None) -> ContactRequest:
    """Return a message to this initiative. Raises NotFound."""
    try:
        wanted = UUID(value or "")
    except ValueError:
        raise NotFound from None
    found = db.session.scalar(
        select(ContactRequest)
        .where(ContactRequest.id == wanted, ContactRequest.initiative_id == initiative.id)
        .with_for_update(of=ContactRequest)
    )
    if found is None:
        raise NotFound
    return found
