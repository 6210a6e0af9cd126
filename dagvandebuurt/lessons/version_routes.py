"""Routes of the editors' desk for versions of a lesson and reported errors in it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text_diff import difference
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons import desk_queries as desk
from dagvandebuurt.lessons import letters, rules
from dagvandebuurt.lessons.desk_routes import as_text
from dagvandebuurt.lessons.forms import (
    AnswerForm,
)
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.queries import lesson_by_slug
from dagvandebuurt.lessons.routes import bp


@bp.get("/lessen/<slug>/versies")
@allows(LessonPermission.READ_UNPUBLISHED)
def revisions(slug: str) -> ResponseReturnValue:
    lesson = lesson_by_slug(current_user, slug)
    return render_template("lessons/revisions.html", lesson=lesson, revisions=desk.revisions_of(lesson))


@bp.get("/lessen/<slug>/versies/<int:number>")
@allows(LessonPermission.READ_UNPUBLISHED)
def revision(slug: str, number: int) -> ResponseReturnValue:
    """Show the diff of a revision against the one it replaced."""
    lesson = lesson_by_slug(current_user, slug)
    found = desk.revision_of(lesson, number)
    earlier = desk.before(found)
    return render_template(
        "lessons/revision.html",
        lesson=lesson,
        revision=found,
        earlier=earlier,
        lines=difference(as_text(earlier.content) if earlier else "", as_text(found.content)),
    )


@bp.post("/lessen/regie/fouten/<uuid:erratum_id>")
@allows(LessonPermission.WRITE)
def answer_erratum(erratum_id: UUID) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate():
        flash(_("Schrijf eerst wat je ermee deed."), "watch")
        return redirect(f"{url_for('.desk_page')}#fouten", 303)
    with transaction():
        erratum = desk.erratum_by_id(erratum_id)
        rules.answer_erratum(current_user, erratum, answer=form.answer.data or "", now=clock.now())
        letters.tell_what_was_done(erratum, now=clock.now())
    flash(_("Bewaard. Wie het meldde met een account, krijgt een mail."))
    return redirect(f"{url_for('.desk_page')}#fouten", 303)
