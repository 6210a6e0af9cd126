"""Forms of breakout rounds."""

from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from dagvandebuurt.breakouts.models import CARD_MAX_CHARS, LINE_MAX_CHARS
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line

FEWEST_MINUTES, MOST_MINUTES = 3, 60
WORD_MAX_CHARS = 40


def _line(typed: Any) -> str:
    return one_line(typed or "")


class RoundForm(PageForm):
    """Input of a round. `seed`: of the division that was looked at; `after`: the last round on screen."""

    card = StringField(
        _l("De vraag op tafel"),
        filters=[_line],
        validators=[DataRequired(_l("Schrijf een vraag om over te praten.")), Length(max=CARD_MAX_CHARS)],
    )
    minutes = IntegerField(
        _l("Hoeveel minuten?"),
        default=12,
        validators=[
            InputRequired(_l("Kies 3 tot 60 minuten.")),
            NumberRange(FEWEST_MINUTES, MOST_MINUTES, _l("Kies 3 tot 60 minuten.")),
        ],
    )
    seed = HiddenField(validators=[Length(max=40)])
    after = IntegerField(default=0, validators=[NumberRange(0, 10_000)])


class LineForm(PageForm):
    text = TextAreaField(
        _l("Schrijf iets op"),
        filters=[_line],
        validators=[DataRequired(_l("Schrijf eerst iets op.")), Length(max=LINE_MAX_CHARS)],
    )


class WishForm(PageForm):
    joins = RadioField(
        _l("Wil je straks aan een tafel?"),
        choices=[
            SelectChoice("ja", _l("Ja, ik doe mee")),
            SelectChoice("nee", _l("Nee, ik blijf in de zaal")),
        ],
        default="ja",
    )
    word = StringField(
        _l("Wil je bij iemand zitten? Kies samen een woord"),
        filters=[_line],
        validators=[Length(max=WORD_MAX_CHARS)],
    )
