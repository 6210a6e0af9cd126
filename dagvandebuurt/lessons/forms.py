"""What people type under a lesson."""

from typing import Any

from wtforms import BooleanField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, length

COMMENT_MAX_CHARS = 2_000


def _not_too_long(_form: Any, field: Any) -> None:
    if length(field.data or "") > COMMENT_MAX_CHARS:
        raise ValidationError(_("Houd het bij %(most)d tekens.", most=COMMENT_MAX_CHARS))


class CommentForm(PageForm):
    text = TextAreaField(
        _l("Jouw reactie"),
        filters=[lambda text: clean_text(text, lines=30)],
        validators=[DataRequired(_l("Schrijf hier eerst iets op.")), _not_too_long],
    )
    accept_rules = BooleanField(_l("Ik houd me aan de spelregels"))
