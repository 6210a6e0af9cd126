"""Routes of photos of speakers: the picture, and the page where the speaker or an organiser arranges it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.faces.faces import face
from dagvandebuurt.parts.files.pictures import MOST_BYTES
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.photos import queries, rules
from dagvandebuurt.programme.photos.errors import NoPictureGiven
from dagvandebuurt.programme.photos.forms import CONSENT_FOR_ANOTHER, CONSENT_TEXTS, SAID_BY, PhotoForm
from dagvandebuurt.programme.photos.models import ConsentBy
from dagvandebuurt.programme.photos.permissions import PhotoOf, PhotoPermission, way_of
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import speaker_by_code

TAKES_A_PHOTO = (f"{bp.name}.place_photo", f"{bp.name}.place_photo_by_link")


@bp.url_value_preprocessor
def _let_a_photo_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the request size limit of these endpoints before the form is parsed."""
    if endpoint in TAKES_A_PHOTO:
        request.max_content_length = MOST_BYTES + 100_000


@bp.get("/foto/<uuid:photo_id>.webp")
@allows(PhotoPermission.READ)
def photo(photo_id: Any) -> ResponseReturnValue:
    """Serve a photo while there is consent for it. Every cache asks again each time: taken back is gone."""
    found = queries.photo_with_content(photo_id)
    if found is None:
        raise NotFound
    response = Response(found.content, content_type="image/webp")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, noimageindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(found.id.hex)
    return response.make_conditional(request)


@bp.get("/sprekers/<code>/foto")
@allows(ProgrammePermission.READ)
def photo_of_speaker(code: str) -> ResponseReturnValue:
    """Arrange a photo: an organiser, or the speaker with their own account."""
    return _page(_opened(code))


@bp.post("/sprekers/<code>/foto")
@allows(ProgrammePermission.READ)
@once
def place_photo(code: str) -> ResponseReturnValue:
    return _place(_opened(code), url_for(".photo_of_speaker", code=code))


@bp.post("/sprekers/<code>/foto/weg")
@allows(ProgrammePermission.READ)
@once
def withdraw_photo(code: str) -> ResponseReturnValue:
    return _withdraw(_opened(code), url_for(".photo_of_speaker", code=code))


def _opened(code: str) -> PhotoOf:
    speaker = queries.speaker_of_code(code)
    if speaker is None or not can(current_user, PhotoPermission.PLACE, PhotoOf(speaker)):
        speaker = speaker_by_code(code)  # raises NotFound: whether a speaker is being planned is not told
    found = PhotoOf(speaker)
    require(current_user, PhotoPermission.PLACE, found)
    return found


@bp.get("/mijn-foto/<token>")
@limiter.limit("120 per minute", key_func=network)
@allows(ProgrammePermission.READ)
def photo_by_link(token: str) -> ResponseReturnValue:
    """Arrange one's own photo as a speaker, without an account."""
    return _page(_opened_by(token), token)


@bp.post("/mijn-foto/<token>")
@limiter.limit("30 per hour", key_func=network)
@allows(ProgrammePermission.READ)
@once
def place_photo_by_link(token: str) -> ResponseReturnValue:
    return _place(_opened_by(token), url_for(".photo_by_link", token=token), token)


@bp.post("/mijn-foto/<token>/weg")
@limiter.limit("30 per hour", key_func=network)
@allows(ProgrammePermission.READ)
@once
def withdraw_photo_by_link(token: str) -> ResponseReturnValue:
    return _withdraw(_opened_by(token), url_for(".photo_by_link", token=token))


@bp.post("/mijn-foto/<token>/dat-ben-ik")
@limiter.limit("30 per hour", key_func=network)
@allows(ProgrammePermission.READ)
@once
def claim_speaker(token: str) -> ResponseReturnValue:
    """Say that one's own account is that of the speaker."""
    with transaction():
        is_theirs = rules.claim(current_user, _opened_by(token))
    flash(
        _("Je vindt je foto nu ook bij Over mij.")
        if is_theirs
        else _("Deze spreker hoort al bij een ander account.")
    )
    return redirect(url_for(".photo_by_link", token=token), 303)


def _opened_by(token: str) -> PhotoOf:
    speaker = queries.speaker_of_token(token)
    if speaker is None:
        raise NotFound
    return PhotoOf(speaker, has_link=True)


def _page(
    photo: PhotoOf, token: str = "", form: PhotoForm | None = None, status: int = 200
) -> ResponseReturnValue:
    speaker = photo.speaker
    there = queries.photos_of([speaker]).get(speaker.code)
    organises = can(current_user, ProgrammePermission.EDIT, None)
    is_own = way_of(current_user, photo) is not ConsentBy.DESK
    form = form or PhotoForm(formdata=None, alt=there.alt if there else "")
    form.agrees.label.text = CONSENT_TEXTS[rules.TEXT_VERSION] if is_own else CONSENT_FOR_ANOTHER
    page = render_template(
        "programme/photo.html",
        speaker=speaker,
        face=face(speaker.code),
        photo=there,
        form=form,
        is_own=is_own,
        token=token,
        may_place=not token or queries.speaks_from(speaker, now=clock.now()),
        may_claim=bool(token)
        and speaker.person_id is None
        and can(current_user, PhotoPermission.CLAIM, photo),
        link=queries.token_for(speaker) if organises and not token else "",
        consents=queries.consents_of(speaker) if organises else (),
        said_by=SAID_BY,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _place(photo: PhotoOf, back: str, token: str = "") -> ResponseReturnValue:
    form = PhotoForm()

    def act() -> None:
        made = form.picture.made
        rules.place(
            current_user,
            PhotoOf(photo.speaker, photo.has_link),
            picture=made.webp if made is not None else None,
            alt=form.alt.data or "",
            now=clock.now(),
        )

    return attempt(
        form,
        act,
        page=lambda form, status: _page(photo, token, form, status),
        back=back,
        said=_("De foto staat op de site."),
        at=lambda broken: form.picture if isinstance(broken, NoPictureGiven) else form.agrees,
    )


def _withdraw(photo: PhotoOf, back: str) -> ResponseReturnValue:
    with transaction():
        was_there = rules.withdraw(current_user, photo, now=clock.now())
    flash(_("De foto is weg van de site.") if was_there else _("Er stond geen foto."))
    return redirect(back, 303)
