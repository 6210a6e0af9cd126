"""Routes for what the event is called and looks like: texts, colours, logo, share picture, earlier versions."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.organisation.branding_forms import LogoForm, LookForm, SharePictureForm
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.parts.branding import colours, queries, rules
from dagvandebuurt.parts.branding.permissions import BrandingPermission
from dagvandebuurt.parts.branding.queries import Look
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.files.keeping import could_keep
from dagvandebuurt.people.queries import name_of

Page = Callable[..., ResponseReturnValue]


@bp.get("/organisatie/uiterlijk")
@allows(BrandingPermission.ARRANGE)
def look() -> ResponseReturnValue:
    queries.cache().forget()  # another process may have saved: the editor sees it at once
    return _look()


def _look(
    *,
    form: LookForm | None = None,
    logo: LogoForm | None = None,
    share: SharePictureForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    row = queries.newest()
    now = Look.of(row)
    number = row.number if row else 0
    if form is None:
        form = LookForm.filled(now, number)
    else:
        form.seen.data = str(number)
    versions = queries.versions()
    page = render_template(
        "organisation/look.html",
        form=form,
        logo_form=logo or LogoForm(formdata=None, alt=now.logo_alt, has_name=now.logo_has_name),
        share_form=share or SharePictureForm(formdata=None),
        current=now,
        preview=_preview_address(form),
        is_tried=request.form.get("doe") == "kijk" and not form.errors,
        usual=(colours.ACCENT, colours.SECOND),
        versions=versions,
        savers={each.number: name_of(each.saved_by_id) for each in versions},
    )
    return page, status


def _preview_address(form: LookForm) -> str:
    accent, second = (
        colour if colours.HEX.fullmatch(colour) else usual
        for colour, usual in (
            ((form.accent.data or "").lower(), colours.ACCENT),
            ((form.second.data or "").lower(), colours.SECOND),
        )
    )
    return url_for(".preview_stylesheet", accent=accent[1:], second=second[1:])


@bp.get("/organisatie/uiterlijk/voorbeeld/<accent>-<second>.css")
@allows(BrandingPermission.ARRANGE)
def preview_stylesheet(accent: str, second: str) -> ResponseReturnValue:
    """Serve colours that are only being tried, for the example on the page."""
    chosen = [f"#{accent}".lower(), f"#{second}".lower()]
    if not all(map(colours.HEX.fullmatch, chosen)):
        raise NotFound
    return Response(
        colours.stylesheet(*chosen, selector=".look-example"), content_type="text/css; charset=utf-8"
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@bp.post("/organisatie/uiterlijk")
@allows(BrandingPermission.ARRANGE)
@once
def save_look() -> ResponseReturnValue:
    """Save names and colours, or only show them first."""
    form = LookForm()
    if not form.validate():
        return _look(form=form, status=422)
    if request.form.get("doe") == "kijk":
        return _look(form=form)

    def act() -> None:
        before = queries.newest()
        wanted = form.on(Look.of(before))
        seen = _number(form.seen.data)
        rules.save(current_user, before, look=wanted, seen=seen, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _look(form=form, status=status),
        back=url_for(".look"),
        said=_("Bewaard. Zo heet de dag nu overal: op pagina's, in mails en in bestanden."),
        validate=False,
    )


def _change(form: Any, change: Callable[[Look], Look], *, page: Page, anchor: str) -> ResponseReturnValue:
    """Save one change on top of what is there now."""

    def act() -> None:
        before = queries.newest()
        seen = before.number if before else 0
        rules.save(current_user, before, look=change(Look.of(before)), seen=seen, now=clock.now())

    back = url_for(".look", _anchor=anchor)
    return attempt(form, act, page=page, back=back, said=_("Bewaard."), validate=False)


@bp.post("/organisatie/uiterlijk/logo")
@allows(BrandingPermission.ARRANGE)
@once
def save_logo() -> ResponseReturnValue:
    """Replace the logo or what is said about it, or remove it."""
    form = LogoForm()

    def page(form: LogoForm, status: int) -> ResponseReturnValue:
        return _look(logo=form, status=status)

    if request.form.get("doe") == "weg":
        empty: dict[str, Any] = {
            "logo": "",
            "logo_width": 0,
            "logo_height": 0,
            "logo_alt": "",
            "logo_has_name": False,
        }
        return _change(form, lambda now: replace(now, **empty), page=page, anchor="logo")
    if not form.validate():
        return page(form, 422)
    made = form.picture.made
    if made is None and not Look.of(queries.newest()).logo:
        form.picture.errors = [_("Kies een plaatje.")]
        return page(form, 422)
    if not could_keep(form.picture, made):
        return page(form, StoreAway.status)
    told: dict[str, Any] = {"logo_alt": form.alt.data or "", "logo_has_name": bool(form.has_name.data)}
    if made is not None:
        told |= {"logo": made.name, "logo_width": made.width, "logo_height": made.height}
    return _change(form, lambda now: replace(now, **told), page=page, anchor="logo")


@bp.post("/organisatie/uiterlijk/deelplaatje")
@allows(BrandingPermission.ARRANGE)
@once
def save_share_picture() -> ResponseReturnValue:
    """Replace the picture that is shown where somebody shares a page, or go back to the drawn one."""
    form = SharePictureForm()

    def page(form: SharePictureForm, status: int) -> ResponseReturnValue:
        return _look(share=form, status=status)

    name = ""
    if request.form.get("doe") != "weg":
        if not form.validate():
            return page(form, 422)
        made = form.picture.made
        if made is None:
            form.picture.errors = [_("Kies een plaatje.")]
            return page(form, 422)
        if not could_keep(form.picture, made):
            return page(form, StoreAway.status)
        name = made.name
    return _change(form, lambda now: replace(now, share_picture=name), page=page, anchor="delen")


@bp.post("/organisatie/uiterlijk/versies/<int:number>")
@allows(BrandingPermission.ARRANGE)
@once
def restore_look(number: int) -> ResponseReturnValue:
    """Save an earlier version again, as the newest."""
    row = queries.version(number)
    if row is None:
        raise NotFound
    earlier = Look.of(row)
    form = LookForm(formdata=None)
    return _change(
        form,
        lambda _now: earlier,
        page=lambda _form, _status: redirect(url_for(".look"), 303),
        anchor="eerder",
    )
