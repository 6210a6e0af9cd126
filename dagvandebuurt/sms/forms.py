"""Forms of one's own number: the number, and the code that proves it."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l


class NumberForm(PageForm):
    number = StringField(
        _l("Je mobiele nummer"), validators=[DataRequired(_l("Vul je nummer in.")), Length(max=40)]
    )


class CodeForm(PageForm):
    code = StringField(
        _l("De code uit de sms"), validators=[DataRequired(_l("Vul de code in.")), Length(max=20)]
    )
