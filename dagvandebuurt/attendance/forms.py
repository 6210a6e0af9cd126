"""Forms to check a certificate."""

from wtforms import StringField
from wtforms.validators import DataRequired

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line


class CheckForm(PageForm):
    """Form of a certificate code, in any notation."""

    code = StringField(
        _l("Code op het bewijs"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul de code in."))],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "40",
        },
    )
