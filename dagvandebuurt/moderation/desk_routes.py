"""Routes for content outside sessions: reports of comments and lessons, the moderators' desk, appeals.

Digital Services Act, articles 16, 17 and 20.
"""

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed, NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.moderation import labels, letters, queries, report_link
from dagvandebuurt.moderation import text_rules as rules
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportedKind
from dagvandebuurt.moderation.page_forms import AppealForm, DecisionForm, HideForm, ReportForm
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.routes import bp
from dagvandebuurt.moderation.statistics import figures
from dagvandebuurt.moderation.subjects import Subject, subject_behind, subject_of, subjects_behind

KINDS = {"reactie": ReportedKind.COMMENT, "les": ReportedKind.LESSON}
WHAT = "<any(reactie, les):kind>/<uuid:subject_id>"


def _subject(kind: str, subject_id: UUID) -> Subject:
    return subject_of(KINDS[kind], subject_id)


# --- reporting -----------------------------------------------------------------------------------


@bp.get(f"/melden/{WHAT}")
@allows(ModerationPermission.REPORT_TEXT)
def report_text_form(kind: str, subject_id: UUID) -> ResponseReturnValue:
    return _report_page(_subject(kind, subject_id), ReportForm(formdata=None))


def _report_page(subject: Subject, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    if not subject.is_public:  # hidden content must not show up here either
        raise NotFound
    return render_template("moderation/report_text.html", subject=subject, form=form), status


@bp.post(f"/melden/{WHAT}")
@throttle("30 per hour", together="200 per hour")
@allows(ModerationPermission.REPORT_TEXT)
@once
def report_text(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Submit a report, with or without a name. The reply is a receipt, and a page with its status, both also
    by mail if an address was given.
    """
    _subject(kind, subject_id)
    form = ReportForm()
    known = current_user.has_account

    def act() -> str:
        sent = rules.report(
            current_user,
            _subject(kind, subject_id),
            reason=form.reason.data,
            note=form.note.data or "",
            name="" if known else form.name.data or "",
            email="" if known else form.email.data or "",
            now=clock.now(),
        )
        letters.confirm_report(sent, now=clock.now())
        return report_link.path_to(sent.id)

    return attempt(
        form,
        act,
        page=lambda form, status: _report_page(_subject(kind, subject_id), form, status),
        back=str,
        said=_("Dank je wel. Je melding is binnen. Een moderator kijkt ernaar."),
        passes_on=(),
    )


def _report_behind(token: str) -> Report:
    found = db.session.get(Report, report_link.report_of(token))
    if found is None:
        raise NotFound
    return found


@bp.get("/meldingen/terug/<token>")
@allows(ModerationPermission.CONTEST)
def report_back(token: str) -> ResponseReturnValue:
    return _report_back_page(token, AppealForm(formdata=None))


def _report_back_page(token: str, form: AppealForm, status: int = 200) -> ResponseReturnValue:
    report = _report_behind(token)
    subject = subject_behind(report)
    page = make_response(
        render_template(
            "moderation/report_back.html",
            labels=labels,
            report=report,
            subject=subject if subject is not None and subject.is_public else None,
            appeal=queries.appeal_against(report),
            form=form,
            action=url_for(".appeal_report", token=token),
        ),
        status,
    )
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@bp.post("/meldingen/terug/<token>/bezwaar")
@allows(ModerationPermission.CONTEST)
def appeal_report(token: str) -> ResponseReturnValue:
    form = AppealForm()
    return attempt(
        form,
        lambda: rules.appeal(_report_behind(token), text=form.text.data or "", now=clock.now()),
        page=lambda form, status: _report_back_page(token, form, status),
        back=url_for(".report_back", token=token),
        said=labels.APPEAL_STATUS[AppealStatus.RECEIVED],
        at=form.text,
        passes_on=(),
    )


# --- authors -------------------------------------------------------------------------------------


@bp.get(f"/bezwaar/{WHAT}")
@allows(ModerationPermission.CONTEST_TEXT)
def contest_text_form(kind: str, subject_id: UUID) -> ResponseReturnValue:
    return _contest_page(_own_subject(kind, subject_id), AppealForm(formdata=None))


def _own_subject(kind: str, subject_id: UUID) -> Subject:
    subject = _subject(kind, subject_id)
    if subject.writer_id != current_user.id:
        raise NotFound  # another person's content is as if it did not exist
    return subject


def _contest_page(subject: Subject, form: AppealForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "moderation/contest_text.html",
        labels=labels,
        subject=subject,
        decision=queries.last_text_decision(subject.id),
        appeal=queries.appeal_of_writer(subject.id),
        form=form,
    )
    return page, status


@bp.post(f"/bezwaar/{WHAT}")
@allows(ModerationPermission.CONTEST_TEXT)
def contest_text(kind: str, subject_id: UUID) -> ResponseReturnValue:
    _own_subject(kind, subject_id)
    form = AppealForm()
    return attempt(
        form,
        lambda: rules.contest(
            current_user, _own_subject(kind, subject_id), text=form.text.data or "", now=clock.now()
        ),
        page=lambda form, status: _contest_page(_own_subject(kind, subject_id), form, status),
        back=url_for(".contest_text_form", kind=kind, subject_id=subject_id),
        said=labels.APPEAL_STATUS[AppealStatus.RECEIVED],
        at=form.text,
        passes_on=(),
    )


# --- the desk ------------------------------------------------------------------------------------


@bp.get("/moderatie")
@allows(ModerationPermission.JUDGE_TEXTS)
def texts_desk() -> ResponseReturnValue:
    return _desk()


def _desk(*, about: UUID | None = None, form: Any = None, status: int = 200) -> ResponseReturnValue:
    """Render the desk. `form` is a refused one, shown at the thing it is `about`."""
    reports = queries.undecided_text_reports()
    appeals = queries.undecided_text_appeals()
    decided = queries.text_decisions()
    behind = subjects_behind([*reports, *decided, *(against for _appeal, against in appeals)])
    page = render_template(
        "moderation/texts.html",
        labels=labels,
        first=queries.first_contributions(),
        reports=reports,
        appeals=appeals,
        decided=decided,
        behind=behind,
        handles=can(current_user, ModerationPermission.HANDLE_TEXTS),
        hiding=lambda thing, reason="": _form_for(HideForm, thing, about, form, reason=reason),
        deciding=lambda thing: _form_for(DecisionForm, thing, about, form),
    )
    return page, status


def _form_for(kind: type[Any], thing: UUID, about: UUID | None, form: Any, **given: Any) -> Any:
    """Return the refused form at its own thing, an empty one elsewhere; ids of fields are unique per thing."""
    mine = form if about == thing and isinstance(form, kind) else kind(formdata=None, **given)
    for field in mine:
        field.id = f"{field.short_name}-{kind.__name__.lower()}-{thing}"
    return mine


@bp.post(f"/moderatie/{WHAT}/tonen")
@allows(ModerationPermission.HANDLE_TEXTS)
def show_text(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Publish a first contribution, or something hidden by mistake."""
    with transaction():
        subject = _subject(kind, subject_id)
        if subject.is_hidden:
            rules.show(current_user, subject, note="", now=clock.now())
            letters.tell_writer(subject, now=clock.now())
        elif subject.kind is ReportedKind.COMMENT:
            rules.let_through(current_user, subject, now=clock.now())
        else:
            raise NotAllowed
    flash(_("Iedereen kan het nu lezen."))
    return redirect(url_for(".texts_desk"), 303)


@bp.post(f"/moderatie/{WHAT}/verbergen")
@allows(ModerationPermission.HANDLE_TEXTS)
def hide_text(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Hide it, with a reason that its author and its reporters are told."""
    form = HideForm()
    about = _id(request.form.get("melding")) or subject_id
    if not form.validate():
        return _desk(about=about, form=form, status=422)
    now = clock.now()
    with transaction():
        subject = _subject(kind, subject_id)
        upheld = rules.hide(
            current_user, subject, reason=form.reason.data, note=form.note.data or "", now=now
        )
        for found in upheld:
            letters.tell_reporter(found, now=now)
        letters.tell_writer(subject, now=now, reason=form.reason.data, note=form.note.data or "")
    flash(_("Verborgen. De schrijver leest waarom."))
    return redirect(url_for(".texts_desk"), 303)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _text_report(report_id: UUID) -> Report:
    found = db.session.get(Report, report_id)
    if found is None or found.kind is ReportedKind.QUESTION:
        raise NotFound
    return found


@bp.post("/moderatie/meldingen/<uuid:report_id>/oppakken")
@allows(ModerationPermission.HANDLE_TEXTS)
def take_report(report_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.take(current_user, _text_report(report_id), now=clock.now())
    return redirect(url_for(".texts_desk"), 303)


@bp.post("/moderatie/meldingen/<uuid:report_id>/laten-staan")
@allows(ModerationPermission.HANDLE_TEXTS)
def dismiss_report(report_id: UUID) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.validate():
        return _desk(about=report_id, form=form, status=422)
    with transaction():
        report = _text_report(report_id)
        rules.dismiss(current_user, report, note=form.note.data or "", now=clock.now())
        letters.tell_reporter(report, now=clock.now())
    flash(_("Het blijft staan. Wie het meldde, leest waarom."))
    return redirect(url_for(".texts_desk"), 303)


@bp.post("/moderatie/bezwaren/<uuid:appeal_id>")
@allows(ModerationPermission.JUDGE_TEXTS)
def judge_appeal(appeal_id: UUID) -> ResponseReturnValue:
    """Decide an appeal. Not by the person who decided first. Both sides are notified."""
    form = DecisionForm()
    if not form.validate():
        return _desk(about=appeal_id, form=form, status=422)
    now = clock.now()
    with transaction():
        appeal = db.session.get(Appeal, appeal_id)
        if appeal is None or appeal.session_id is not None:
            raise NotFound
        grant = request.form.get("grant") == "1"
        settled = rules.judge(current_user, appeal, grant=grant, note=form.note.data or "", now=now)
        for each in settled:
            letters.tell_reporter(each, now=now, note=appeal.decision)
        letters.tell_writer_of_appeal(appeal, now=now)
    flash(_("Je besluit staat er. Wie bezwaar maakte, leest het."))
    return redirect(url_for(".texts_desk"), 303)


@bp.get("/spelregels/cijfers")
@allows(ModerationPermission.READ_RULES)
def numbers() -> ResponseReturnValue:
    """Show the public statistics of reports and decisions."""
    return render_template("moderation/numbers.html", labels=labels, years=figures())
