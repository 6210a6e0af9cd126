"""Forms for organisers about the stage of a session."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import FloatField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from dagvandebuurt.core import webvtt
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.parts.stage.addresses import host_name, read
from dagvandebuurt.parts.stage.video import Vimeo, YouTube
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose

MAX_CAPTIONS = 400_000  # characters: five hours of speech
HOUR = 3600


def _is_an_address(_form: Any, field: Any) -> None:
    """Raise ValidationError for an address that no provider accepts."""
    if field.data and read(field.data) is None:
        raise ValidationError(
            _l("Dit is geen adres. Het begint met https://, of met bbb: voor een vergadering.")
        )


def _address(label: Any, *checks: Any) -> StringField:
    return StringField(
        label,
        filters=[one_line],
        validators=[*checks, Length(max=300, message=_l("Houd het bij 300 tekens.")), _is_an_address],
        render_kw={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"},
    )


class StageForm(PageForm):
    """Form of the addresses where it is shown. Empty: no video, or no such alternative."""

    main = _address(_l("Beeld en geluid"))
    sign_language = _address(_l("Met gebarentolk"))
    audio_only = _address(_l("Alleen geluid"))

    @property
    def others(self) -> dict[Purpose, str | None]:
        return {
            Purpose.SIGN_LANGUAGE: self.sign_language.data or None,
            Purpose.AUDIO_ONLY: self.audio_only.data or None,
        }


class CaptionsForm(PageForm):
    """Form of the captions of a recording, and their time offset."""

    captions_from = RadioField(
        _l("Ondertitels"),
        choices=[
            SelectChoice(CaptionsFrom.NOWHERE.value, _l("Geen")),
            SelectChoice(CaptionsFrom.TYPED.value, _l("Wat live is getypt")),
            SelectChoice(CaptionsFrom.FILE.value, _l("Uit een bestand (WebVTT)")),
        ],
        default=CaptionsFrom.NOWHERE.value,
    )
    file = FileField(_l("Bestand"))
    pasted = TextAreaField(_l("Of plak de tekst van het bestand"))
    offset = FloatField(
        _l("Hoeveel seconden later?"),
        default=0.0,
        validators=[
            Optional(),
            NumberRange(-4 * HOUR, 4 * HOUR, _l("Kies een getal tussen -14400 en 14400.")),
        ],
        render_kw={"inputmode": "decimal"},
    )

    @property
    def given(self) -> dict[str, Any]:
        """Return the arguments of the commands about captions."""
        chosen = CaptionsFrom(self.captions_from.data)
        return {"captions_from": chosen, "captions": self.vtt, "offset": float(self.offset.data or 0)}

    def validate_pasted(self, field: Any) -> None:
        """Take the text of the file from either field. None: nothing was given."""
        self.vtt: str | None = None
        given = self._uploaded() or (field.data or "").strip()
        if self.captions_from.data != CaptionsFrom.FILE.value or not given:
            return
        if len(given) > MAX_CAPTIONS:
            raise ValidationError(_l("Dit bestand is te groot."))
        try:
            cues = webvtt.read(given)
        except ValueError:
            raise ValidationError(_l("Dit is geen WebVTT. De eerste regel is dan WEBVTT.")) from None
        if not cues:
            raise ValidationError(_l("In dit bestand staan geen ondertitels."))
        self.vtt = webvtt.write(cues)

    def _uploaded(self) -> str:
        file = self.file.data
        return file.read().decode("utf-8", "replace").strip() if isinstance(file, FileStorage) else ""


class RecordingForm(CaptionsForm):
    address = _address(_l("Adres van de opname"), InputRequired(_l("Vul een adres in.")))
    label = StringField(
        _l("Hoe heet deze opname?"),
        filters=[one_line],
        validators=[Length(max=120, message=_l("Houd het bij 120 tekens."))],
    )

    def validate_pasted(self, field: Any) -> None:
        """Require a file: a new recording has none yet to keep."""
        super().validate_pasted(field)
        if self.captions_from.data == CaptionsFrom.FILE.value and self.vtt is None:
            raise ValidationError(_l("Kies een bestand, of plak de tekst."))


# Where the video of a site comes from, by the name that people know it by.
EMBEDDED_FROM = {
    **dict.fromkeys(YouTube.HOSTS, YouTube.HOST),
    **dict.fromkeys(("vimeo.com", "www.vimeo.com", Vimeo.HOST), Vimeo.HOST),
}


class HostForm(PageForm):
    """Form of a host that may show video. `checked` is its name as browsers write it."""

    checked = ""

    host = StringField(
        _l("Naam van de site"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul de naam van een site in."))],
        render_kw={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false", "maxlength": 300},
    )

    def validate_host(self, field: Any) -> None:
        """Take one exact host name, and say what is wrong with anything else."""
        typed = (field.data or "").lower()
        if "*" in typed:
            raise ValidationError(_l("Een sterretje kan niet: elke site staat hier met haar hele naam."))
        found = host_name(typed)
        address = read(typed)
        if found is None and address is not None and address.host:
            raise ValidationError(
                _l("Alleen de naam, zonder https:// en zonder wat erachter staat: %(host)s")
                % {"host": address.host}
            )
        if found is None:
            raise ValidationError(
                _l("Dit is geen naam van een site. Een naam ziet er zo uit: video.voorbeeld.nl")
            )
        if found == urlsplit(current_app.config["PUBLIC_URL"]).hostname:
            raise ValidationError(_l("Dit is deze site zelf."))
        if EMBEDDED_FROM.get(found, found) != found:
            raise ValidationError(
                _l("Het beeld van deze site komt van een andere naam: %(host)s. Vul die in.")
                % {"host": EMBEDDED_FROM[found]}
            )
        self.checked = found
