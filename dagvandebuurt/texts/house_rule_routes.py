"""Routes in which an organiser writes the house rules."""

from datetime import UTC, datetime, time

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.models import HouseRules
from dagvandebuurt.people.queries import RULE_TITLES, all_house_rules, newest_house_rules
from dagvandebuurt.texts import rules
from dagvandebuurt.texts.desk_routes import bp, number_in, previews_of
from dagvandebuurt.texts.errors import TextWrittenMeanwhile
from dagvandebuurt.texts.forms import HouseRulesBase, HouseRulesForm, happens, house_rules_form
from dagvandebuurt.texts.permissions import TextPermission


@bp.get("/organisatie/teksten/spelregels")
@allows(TextPermission.WRITE)
def house_rules() -> ResponseReturnValue:
    return _page(house_rules_form(newest_house_rules(), clock.today()))


def _page(
    form: HouseRulesBase, status: int = 200, *, theirs: HouseRules | None = None
) -> ResponseReturnValue:
    is_looked_at = request.method == "POST" and not form.errors and theirs is None
    page = render_template(
        "texts/house_rules.html",
        form=form,
        titles=RULE_TITLES,
        versions=all_house_rules(),
        newest=newest_house_rules(),
        theirs=theirs,
        previews=previews_of("moderation/_house_rules.html", rules=_typed(form)) if is_looked_at else [],
        now=clock.now(),
    )
    return page, status


def _typed(form: HouseRulesBase) -> HouseRules:
    """Return the version as typed, without a number."""
    assert form.from_day.data is not None
    dutch, english = happens(form)
    day = form.from_day.data
    begins = datetime.combine(day, time(), clock.AMSTERDAM).astimezone(UTC)
    return HouseRules(
        version=number_in(form.seen.data) + 1,
        effective_from=begins if day > clock.today() else clock.now(),
        title=form.title_nl.data,
        title_en=form.title_en.data or "",
        intro=form.intro_nl.data,
        intro_en=form.intro_en.data or "",
        what_happens=dutch,
        what_happens_en=english,
        rules=form.rules,
    )


@bp.post("/organisatie/teksten/spelregels")
@allows(TextPermission.WRITE)
@once
def save_house_rules() -> ResponseReturnValue:
    """Publish a new version of the house rules, or only look at it."""
    form = HouseRulesForm()
    if not form.validate():
        return _page(form, 422)
    if request.form.get("doe") == "voorbeeld":
        return _page(form)
    return attempt(
        form,
        lambda: rules.publish_rules(
            current_user, _typed(form), seen=number_in(form.seen.data), now=clock.now()
        ),
        page=_refused,
        back=url_for(".house_rules"),
        said=lambda number: _("Versie %(number)s van de spelregels is gepubliceerd.", number=number),
        validate=False,
    )


def _refused(form: HouseRulesBase, status: int) -> ResponseReturnValue:
    if not isinstance(form.refused, TextWrittenMeanwhile):
        return _page(form, status)
    newest = newest_house_rules()
    form.seen.data = str(newest.version)
    return _page(form, status, theirs=newest)
