"""The way in and out, and one's own page."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.text import clean_text, shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import csrf, limiter
from dagvandebuurt.live import idempotency as done_once
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.mail.send_limits import minutes_until
from dagvandebuurt.people import letters, notifications, roles, rules
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.access.link_page import parts_of
from dagvandebuurt.people.access.login import wishes_here
from dagvandebuurt.people.access.login_throttle import GuessBrake, seen_today
from dagvandebuurt.people.access.pending_actions import grant_wishes, waiting_wishes
from dagvandebuurt.people.access.pending_actions import in_words as wish_in_words
from dagvandebuurt.people.access.trusted_devices import MARKS, known_device, marks_here, remember, roughly
from dagvandebuurt.people.errors import (
    PROVE_FIRST,
    TOO_MANY_CODES,
    TOO_MANY_GUESSES,
    CodeWrong,
    WrongPassword,
)
from dagvandebuurt.people.forms import (
    CodeForm,
    DetailsForm,
    EmailForm,
    GuestForm,
    NewPasswordForm,
    NothingForm,
    PasswordForm,
)
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.labels import COLUMN_WORDS, ROLE_SENTENCES, ROLES, TABLE_WORDS, in_my_words, masked
from dagvandebuurt.people.lifecycle import account_merging, erasure
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.people.models import Domain, LoginSession, ParticipantRole, Person, PersonalLink, Wish
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import sections_for
from dagvandebuurt.people.queries import demo_people, email_key, has_second_factor, person_by_email

bp = Blueprint("people", __name__)
LOST_ANSWER = timedelta(minutes=10)
HALF_IN_SECONDS = 600
FRESH_SECONDS = 900  # since somebody proved who they are in this browser; its cookie knows, no table does
WRONG_CODES_BEFORE_MAIL = 2  # anybody mistypes
bp.add_app_template_filter(in_my_words)
bp.add_app_template_filter(masked)


PASSWORDS = GuessBrake(
    "password", slow="10 per minute", shut="60 per hour", crowd="300 per day", shut_in_crowd="10 per hour"
)
PHONE_CODES = GuessBrake(
    "code", slow="6 per minute", shut="30 per hour", crowd="60 per day", shut_in_crowd="6 per hour"
)


@bp.get("/inloggen")
@allows(PeoplePermission.ENTER)
def login() -> ResponseReturnValue:
    return _login_page(EmailForm(), PasswordForm())


def _login_page(by_link: EmailForm, by_password: PasswordForm, status: int = 200) -> ResponseReturnValue:
    people = demo_people() if current_app.config["DEMO"] else []
    page = render_template(
        "people/login.html",
        by_link=by_link,
        by_password=by_password,
        back=safe_path(request.values.get("verder"), ""),
        has_wish="wishes" in session,
        guest_has=guest_has(),
        demo_people=[(person, [str(ROLES[grant.role]) for grant in person.grants]) for person in people],
    )
    return page, status


@bp.post("/inloggen")
@limiter.limit("300 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
def send_link() -> ResponseReturnValue:
    """Mail a way in. The answer is the same, and as quick, whether the address is known or not."""
    form = EmailForm()
    if not form.validate():
        return _login_page(form, PasswordForm(formdata=None), 422)
    waits = minutes_until("login", now=clock.now())
    with transaction():
        person = person_by_email(form.email.data or "")
        if person is not None:
            letters.send_login_link(
                person,
                now=clock.now(),
                wishes=wishes_here(),
                guest_id=guest_here(),
                is_own=known_device(person.id) is not None,
            )
        else:
            letters.rehearse_login_link(form.email.data or "", now=clock.now())
    return render_template("people/link_sent.html", email=form.email.data, waits=waits)


@bp.post("/inloggen/wachtwoord")
@allows(PeoplePermission.ENTER)
def by_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate():
        return _login_page(EmailForm(formdata=None), form, 422)
    target = email_key(form.email.data or "")
    known = person_by_email(target)
    device = known_device(known.id if known else None)
    if PASSWORDS.is_shut(target, device):
        form.password.errors = [str(TOO_MANY_GUESSES)]
        return _login_page(EmailForm(formdata=None), form, 429)
    try:
        person = rules.person_by_password(form.email.data or "", form.password.data or "")
    except WrongPassword as broken:
        is_too_many = PASSWORDS.was_wrong(target, device)
        form.password.errors = [str(TOO_MANY_GUESSES if is_too_many else broken.message)]
        return _login_page(EmailForm(formdata=None), form, 429 if is_too_many else 422)
    return come_in(person.id, back=safe_path(request.form.get("verder"), url_for(".mine")))


@bp.post("/inloggen/demo/<uuid:person_id>")
@allows(PeoplePermission.ENTER)
def by_demo(person_id: UUID) -> ResponseReturnValue:
    """In as anybody, with one click. Only where the whole house is a demo."""
    if not current_app.config["DEMO"] or db.session.get(Person, person_id) is None:
        raise NotFound
    return come_in(person_id, back=safe_path(request.form.get("verder"), url_for(".mine")), is_proven=True)


@bp.get("/link/<token>")
@allows(PeoplePermission.ENTER)
def link(token: str) -> ResponseReturnValue:
    """Says whose account this opens, and shows a button. Mail scanners follow links, so looking changes
    nothing. What was wanted in another browser is shown, and not ticked: a stranger may have asked for this
    link."""
    try:
        found = rules.link_by(token, now=clock.now())
    except RuleBroken as broken:
        return _broken_link(broken)
    return render_template(
        "people/link.html",
        person=found.person,
        guest=_guest_of(found),
        parts=parts_of(found),
        elsewhere=[] if found.wishes == wishes_here() else waiting_wishes(found.wishes),
        wish_in_words=wish_in_words,
    )


def _broken_link(broken: RuleBroken) -> ResponseReturnValue:
    return render_template("people/link_broken.html", broken=broken), broken.status


def _guest_of(link: PersonalLink) -> dict[str, Any] | None:
    """Who was a guest before this link was asked for, in this browser or in another, and what they have: it
    is theirs to take along. Not in their own browser, they are asked: a link can be asked for by anybody."""
    here = guest_here()
    guest = db.session.get(Person, here or link.guest_id or UUID(int=0))
    if guest is None or guest.forgotten_at is not None or not (has := account_merging.held_by(guest.id)):
        return None
    return {"name": guest.name, "has": has, "is_here": here is not None and account_merging.is_a_guest(here)}


@bp.post("/link/<token>")
@allows(PeoplePermission.ENTER)
def use_link(token: str) -> ResponseReturnValue:
    try:
        with transaction():
            takes_over = request.form.get("overnemen") == "ja"
            used = rules.use_link(token, now=clock.now(), takes_over=takes_over)
            person_id = used.person_id
            wanted = [wish.id for wish in waiting_wishes(used.wishes, request.form.getlist("wens"))]
            # From another browser only who says so: a stranger may have asked for this link.
            guest_id = (guest_here() or used.guest_id) if request.form.get("mee") == "ja" else None
    except RuleBroken as broken:
        return _broken_link(broken)
    return come_in(person_id, back=url_for(".mine"), wanted=wanted, guest_id=guest_id)


@bp.get("/gast")
@allows(PeoplePermission.ENTER)
def as_guest() -> ResponseReturnValue:
    """In without an address: the form. For who was sent a link that opens somebody else's account."""
    back = safe_path(request.args.get("verder"))
    return render_template("people/guest.html", form=GuestForm(formdata=None), back=back)


@bp.post("/gast")
@limiter.limit("300 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
@once(again=lambda person_id: _guest_again(person_id))
def guest() -> ResponseReturnValue:
    """In without an address, for today: to ask, support and vote. Whose answer was lost, and who sends the
    same form again, is the same guest."""
    form = GuestForm()
    back = safe_path(request.form.get("verder"))
    if not form.validate():
        return render_template("people/guest.html", form=form, back=back), 422
    if current_user.is_known:
        return redirect(back, 303)
    with transaction():
        person = rules.new_person(name=form.name.data or "", email=None, now=clock.now())
        person_id = person.id
        # The moment is in what is kept encrypted alone: a guest's own row knows no more than the hour.
        done_once.note(f"{person_id} {clock.now().timestamp():.0f}")
    return come_in(person_id, back=back)


def _guest_again(noted: str) -> ResponseReturnValue | None:
    """Only just after, and while nobody logged that guest out: on a shared computer another one may press
    the button of a page that was left open."""
    person_id, made = noted.split()
    is_fresh = clock.now().timestamp() - float(made) < LOST_ANSWER.total_seconds()
    with transaction():
        is_there = db.session.get(Person, UUID(person_id)) is not None
        ended = select(LoginSession.id).where(
            LoginSession.person_id == UUID(person_id), LoginSession.ended_at.is_not(None)
        )
        if not is_there or not is_fresh or db.session.scalar(ended.limit(1)) is not None:
            return None
    return come_in(UUID(person_id), back=safe_path(request.form.get("verder")))


def guest_here() -> UUID | None:
    """Who is in here without an address: a guest, or somebody with a card."""
    return current_user.id if current_user.is_known and not current_user.has_account else None


def guest_has() -> list[str]:
    """What the guest of this browser would take along; empty for everybody else."""
    guest_id = guest_here()
    return (
        account_merging.held_by(guest_id)
        if guest_id is not None and account_merging.is_a_guest(guest_id)
        else []
    )


def come_in(
    person_id: UUID,
    *,
    back: str,
    wanted: Sequence[UUID] = (),
    is_proven: bool = False,
    guest_id: UUID | None = None,
    takes_along: bool = True,
) -> ResponseReturnValue:
    """Make this browser know somebody, do what was wanted in it, and take them there. Who has a second factor
    is asked for it first. `wanted`: wishes of another browser that they ticked themselves just now.

    The guest of this browser becomes one with them, and so does `guest_id`, who said to be them;
    `takes_along` false leaves the guest of this browser alone: who comes in is somebody else.
    """
    bundle = wishes_here()
    is_shared = request.form.get("gedeeld") == "ja" or session.pop("half_shared", False)
    if not is_proven and has_second_factor(person_id):
        session["half_shared"] = is_shared
        session["half_in"] = [
            str(person_id), int(clock.now().timestamp()), back, [str(w) for w in wanted], str(guest_id or ""),
        ]  # fmt: skip
        return redirect(url_for("people.second_step"), 303)
    here = guest_here() if takes_along else None
    with transaction():
        now = clock.now()
        person = db.session.get_one(Person, person_id)
        login = rules.begin_login(
            person,
            now=now,
            is_proven=is_proven,
            device=roughly(request.user_agent.string),
            is_shared=is_shared,
        )
        db.session.flush()
        guests = {
            each for each in (guest_id, here if here and account_merging.is_a_guest(here) else None) if each
        }
        has = [words for guest in sorted(guests) for words in account_merging.held_by(guest)]
        merged = [guest for guest in sorted(guests) if account_merging.merge(guest, person_id, now=now)]
        person = db.session.get_one(Person, person_id)
        identity = Identity.of(person, login.id, is_proven=is_proven)
    language, marks = session.get("language"), marks_here()
    session.clear()  # nothing of whoever used this browser before, but what tells it from others
    if language:
        session["language"] = language
    session.permanent = not is_shared
    session["since"] = int(clock.now().timestamp())
    session["browser"] = secrets.token_urlsafe(16)  # what a page's socket is bound to
    if is_shared:
        session["shared"] = True
    else:
        remember(person_id, marks)
    login_user(identity)
    if merged:
        live().tell()
        if has:
            flash(_("Wat je als gast deed, staat nu bij je account: %(what)s.", what=", ".join(has)))
    if bundle is not None or wanted:
        with transaction():
            ticked = db.session.scalars(select(Wish).where(Wish.id.in_(wanted), Wish.done_at.is_(None)))
            wishes = [*waiting_wishes(bundle), *ticked]
            granted = grant_wishes(identity, wishes, now=clock.now())
        for sentence, page in granted:
            flash(sentence)
            back = page  # where they were last
    return redirect(back, 303)


def _half_in() -> tuple[UUID, str, list[UUID], UUID | None] | None:
    """Who gave the first proof here, not long ago; where to, which wishes they ticked, which guest they
    were."""
    kept: Any = session.get("half_in") or (None, 0, "", [], "")
    person_id, since, back, wanted, guest_id = [*kept, ""][:5]
    if person_id is None or clock.now().timestamp() - since > HALF_IN_SECONDS:
        return None
    return UUID(person_id), back, [UUID(wish) for wish in wanted], UUID(guest_id) if guest_id else None


@bp.get("/inloggen/tweede-stap")
@allows(PeoplePermission.ENTER)
def second_step() -> ResponseReturnValue:
    if _half_in() is None:
        return redirect(url_for(".login"), 303)
    return render_template("people/second_step.html", form=CodeForm())


@bp.post("/inloggen/tweede-stap")
@allows(PeoplePermission.ENTER)
def give_second_proof() -> ResponseReturnValue:
    """A code from paper is never braked: nobody guesses sixty bits. One of a phone is six digits."""
    half = _half_in()
    if half is None:
        return redirect(url_for(".login"), 303)
    person_id, back, wanted, guest_id = half
    form = CodeForm()
    if not form.validate():
        return render_template("people/second_step.html", form=form), 422
    refusal = _prove(person_id, form.code.data or "")
    if refusal is None:
        return come_in(person_id, back=back, wanted=wanted, is_proven=True, guest_id=guest_id)
    status, sentence = refusal
    form.code.errors = [sentence]
    return render_template("people/second_step.html", form=form), status


def _prove(person_id: UUID, typed: str) -> tuple[int, str] | None:
    """Take a second proof. None when it is good, else the status and sentence to answer with."""
    target, device = str(person_id), known_device(person_id)
    with transaction():
        if second_factor.is_on_paper(typed):
            is_good = second_factor.use_paper_code(person_id, typed, now=clock.now())
        elif PHONE_CODES.is_shut(target, device):
            return 429, str(TOO_MANY_CODES)
        else:
            is_good = second_factor.use_phone_code(person_id, typed, now=clock.now())
    if is_good:
        return None
    is_too_many = PHONE_CODES.was_wrong(target, device)
    if seen_today(WRONG_CODES_BEFORE_MAIL, "wrong codes", target):
        with transaction():
            letters.warn_owner(db.session.get_one(Person, person_id), "codes", now=clock.now())
    return (429, str(TOO_MANY_CODES)) if is_too_many else (422, str(CodeWrong.message))


@bp.get("/mijn/beveiliging")
@allows(PeoplePermission.SAVE)
def security() -> ResponseReturnValue:
    return _security(CodeForm())


def _security(form: CodeForm, status: int = 200, codes: list[str] | None = None) -> ResponseReturnValue:
    """The phone that was set up, or the way to do it. Looking makes a secret, and nothing else."""
    with transaction():
        person = db.session.get_one(Person, current_user.id)
        factor = second_factor.begin(person.id)
        address, secret = second_factor.address_of(factor, person), second_factor.secret_of(factor)
        is_on, left = factor.confirmed_at is not None, second_factor.codes_left(person.id)
    page = render_template(
        "people/security.html",
        form=form,
        is_on=is_on,
        left=left,
        codes=codes,
        qr=None if is_on else qr_code(address, _("Code voor je telefoon")),
        secret=None if is_on else " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
    return page, status


@bp.post("/mijn/beveiliging")
@limiter.limit("10 per minute", key_func=lambda: f"second factor {current_user.id}")
@allows(PeoplePermission.SAVE)
def set_up_second_factor() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _security(form, 422)
    try:
        with transaction():
            person = db.session.get_one(Person, current_user.id)
            codes = second_factor.confirm(
                person, current_user.login_id, form.code.data or "", now=clock.now()
            )
            letters.warn_owner(person, "phone", now=clock.now())
    except RuleBroken as broken:
        form.code.errors = [str(broken.message)]
        return _security(form, broken.status)
    return _security(CodeForm(formdata=None), codes=codes)


@bp.get("/uitnodiging/<token>")
@allows(PeoplePermission.ENTER)
def invitation(token: str) -> ResponseReturnValue:
    """Says what they are asked for. Mail scanners follow links, so looking changes nothing."""
    return _invitation(token, GuestForm(formdata=None))


def _invitation(token: str, form: GuestForm, status: int = 200) -> ResponseReturnValue:
    try:
        asked = roles.invitation_by(token, now=clock.now())
    except RuleBroken as broken:
        return render_template("people/invitation_over.html", broken=broken), broken.status
    page = render_template(
        "people/invitation.html",
        role=ROLES[asked.role],
        about=ROLE_SENTENCES[asked.role],
        email=asked.email,
        needs_name=_is_new(asked.email),
        form=form,
        token=token,
    )
    return page, status


def _is_new(email: str) -> bool:
    """Whether nobody ever showed that this address is theirs: then they say themselves what they are called."""
    person = person_by_email(email)
    return person is None or not person.has_account


@bp.post("/uitnodiging/<token>")
@limiter.limit("60 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
def accept_invitation(token: str) -> ResponseReturnValue:
    form = GuestForm()
    try:
        asked = roles.invitation_by(token, now=clock.now())
        if _is_new(asked.email) and not form.validate():
            return _invitation(token, form, 422)
        with transaction():
            person = roles.accept(token, name=form.name.data, now=clock.now())
            person_id = person.id
            letters.warn_owner(person, "role", now=clock.now(), role=str(ROLES[asked.role]))
    except RuleBroken as broken:
        return render_template("people/invitation_over.html", broken=broken), broken.status
    return come_in(person_id, back=url_for(".mine"))


@bp.post("/uitloggen")
@allows(PeoplePermission.LEAVE)
def logout() -> ResponseReturnValue:
    """Out of this browser. A guest has no way back in: they are told first what they would lose."""
    if request.form.get("zeker") != "ja" and (has := guest_has()):
        return render_template("people/guest_leaves.html", has=has)
    if current_user.login_id is not None:
        with transaction():
            rules.end_login(current_user.login_id, now=clock.now())
    logout_user()
    language, marks = session.get("language"), marks_here()
    session.clear()
    session.permanent = True
    if language:
        session["language"] = language
    if marks:
        session[MARKS] = marks
    flash(_("Je bent uitgelogd."))
    answer = redirect("/", 303)
    # What was typed and not sent stays on no device (also without a script); `ui.js` does it on http.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@bp.post("/taal")
@allows(PeoplePermission.ENTER)
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("taal", "")
    if chosen not in i18n.offered():
        abort(400)
    session["language"] = chosen
    if current_user.is_known:
        with transaction():
            db.session.get_one(Person, current_user.id).language = chosen
    return redirect(safe_path(request.form.get("verder")), 303)


@bp.get("/mijn")
@allows(PeoplePermission.READ_OWN)
def mine() -> ResponseReturnValue:
    return _my_page()


def _my_page(
    *, password: NewPasswordForm | None = None, details: DetailsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "people/mine.html",
        sections=sections_for(current_user),
        form=NothingForm(),
        password=password or NewPasswordForm(formdata=None),
        subjects=notifications.SUBJECTS.values(),
        muted=notifications.muted_by(current_user.id),
        details=details
        or DetailsForm(
            formdata=None,
            name=current_user.name,
            participant_role=current_user.participant_role.value,
            domain=current_user.domain.value if current_user.domain else "",
            neighbourhood=current_user.neighbourhood,
        ),
    )
    return page, status


@bp.post("/mijn/gegevens/verbeteren")
@allows(PeoplePermission.CHANGE_OWN)
def change_details() -> ResponseReturnValue:
    form = DetailsForm()
    if not form.validate():
        return _my_page(details=form, status=422)
    with transaction():
        rules.change_details(
            current_user,
            None,
            name=form.name.data,
            participant_role=ParticipantRole(form.participant_role.data),
            domain=Domain(form.domain.data) if form.domain.data else None,
            neighbourhood=form.neighbourhood.data,
        )
    flash(_("Je gegevens zijn verbeterd."))
    return redirect(f"{url_for('.mine')}#over-mij", 303)


@bp.get("/mijn/gegevens")
@allows(PeoplePermission.READ_OWN)
def my_data_page() -> ResponseReturnValue:
    return _my_data_page()


def _my_data_page(*, is_unsure: bool = False) -> ResponseReturnValue:
    page = render_template(
        "people/my_data.html",
        found=my_data(current_user.id),
        table_words=TABLE_WORDS,
        column_words=COLUMN_WORDS,
        is_unsure=is_unsure,
    )
    return page, 422 if is_unsure else 200


@bp.get("/mijn/gegevens.json")
@allows(PeoplePermission.READ_OWN)
def my_data_file() -> ResponseReturnValue:
    """Everything, for another machine (AVG article 20)."""
    answer = jsonify(my_data(current_user.id))
    answer.headers["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return answer


@bp.post("/mijn/gegevens/wissen")
@allows(PeoplePermission.CHANGE_OWN)
def delete_me() -> ResponseReturnValue:
    """Everything of them goes, now (AVG article 17)."""
    if request.form.get("zeker") != "ja":
        return _my_data_page(is_unsure=True)
    person_id = current_user.id
    with transaction():
        erasure.forget(person_id, now=clock.now())
    erasure.empty_the_log()
    live().tell()
    logout_user()
    session.clear()
    return render_template("people/deleted.html")


@bp.post("/mijn/wachtwoord")
@allows(PeoplePermission.CHANGE_OWN)
def set_password() -> ResponseReturnValue:
    """Needs a proof of now: somebody else may sit at a browser that was left open."""
    form = NewPasswordForm()
    if not form.validate():
        return _my_page(password=form, status=422)
    refusal = _no_proof_of_now(form)
    if refusal is not None:
        form.current.errors = [refusal[1]]
        return _my_page(password=form, status=refusal[0])
    hashed = rules.hash_password(form.password.data or "")
    with transaction():
        rules.set_password(current_user, None, hashed=hashed, now=clock.now())
        letters.warn_owner(db.session.get_one(Person, current_user.id), "password", now=clock.now())
    flash(_("Je wachtwoord is bewaard. Op andere apparaten log je opnieuw in."))
    return redirect(url_for(".mine"), 303)


def _no_proof_of_now(form: NewPasswordForm) -> tuple[int, str] | None:
    """None where somebody came in just now, or typed their password or a code; else the refusal."""
    typed, target = form.current.data or "", email_key(f"own {current_user.id}")
    if clock.now().timestamp() - session.get("since", 0) <= FRESH_SECONDS:
        return None
    if not typed:
        return 422, str(PROVE_FIRST)
    if PASSWORDS.is_shut(target):
        return 429, str(TOO_MANY_GUESSES)
    if rules.has_this_password(current_user.id, typed):
        return None
    if has_second_factor(current_user.id):
        refusal = _prove(current_user.id, typed)
        if refusal is None:
            return None
    is_too_many = PASSWORDS.was_wrong(target)
    return (429, str(TOO_MANY_GUESSES)) if is_too_many else (422, str(PROVE_FIRST))


@bp.post("/mijn/berichten")
@allows(PeoplePermission.CHANGE_OWN)
def choose_mail() -> ResponseReturnValue:
    with transaction():
        notifications.choose_mail(current_user, None, wanted=set(request.form.getlist("mail")))
    flash(_("Bewaard. Zo mailen we je voortaan."))
    return redirect(f"{url_for('.mine')}#berichten", 303)


@bp.get("/post/uit/<token>")
@allows(PeoplePermission.LEAVE)
def mail_off(token: str) -> ResponseReturnValue:
    """Shows a button. Mail scanners follow links, so looking changes nothing."""
    _person_id, subject = notifications.behind(token)
    return render_template("people/mail_off.html", subject=subject, token=token, is_done=False)


@bp.post("/post/uit/<token>")
@csrf.exempt
@allows(PeoplePermission.LEAVE)
def switch_mail_off(token: str) -> ResponseReturnValue:
    """Off with one press, logged in or not. A mail program may press it too (RFC 8058), without a page of
    ours and so without its token: whoever has this address was given it by the mail."""
    person_id, subject = notifications.behind(token)
    with transaction():
        if db.session.get(Person, person_id) is not None:
            notifications.mute(person_id, subject.code)
    return render_template("people/mail_off.html", subject=subject, token=token, is_done=True)


@bp.post("/mijn/bewaard/<uuid:target_id>")
@allows(PeoplePermission.SAVE)
def note(target_id: UUID) -> ResponseReturnValue:
    """A private note beside something saved."""
    text = shortened(clean_text(request.form.get("notitie"), lines=6), 500)
    with transaction():
        rules.note(current_user, target_id, text=text)
    flash(_("Je notitie is bewaard."))
    return redirect(f"{url_for('.mine')}#bewaard", 303)
