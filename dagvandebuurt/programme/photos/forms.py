"""Form of a photo of a speaker, with what people agree to by version, and words for the person who said it."""

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.parts.files.fields import PictureField
from dagvandebuurt.parts.files.pictures import portrait
from dagvandebuurt.programme.photos.models import ALT_MAX_CHARS, ConsentBy

# A text that somebody agreed to is never changed: add the next version, and raise `rules.TEXT_VERSION`.
CONSENT_TEXTS = {
    1: _l(
        "Mijn foto staat bij mijn naam op deze site, en in het archief van de dag. Ik kan dit altijd intrekken. "
        "Dan is de foto meteen weg van de site."
    ),
}
CONSENT_FOR_ANOTHER = _l(
    "De persoon op de foto zei zelf ja, en weet dat dit altijd in te trekken is. Dan is de foto meteen weg."
)
SAID_BY = {
    ConsentBy.LINK: _l("met de eigen link"),
    ConsentBy.ACCOUNT: _l("met het eigen account"),
    ConsentBy.DESK: _l("door de organisatie"),
    ConsentBy.HOUSE: _l("vanzelf"),
}


class PhotoForm(PageForm):
    picture = PictureField(_l("Foto"), encode=portrait)
    alt = StringField(
        _l("Wat is er op de foto te zien?"),
        filters=[lambda typed: one_line(typed or "")],
        validators=[Length(max=ALT_MAX_CHARS)],
    )
    agrees = BooleanField(validators=[DataRequired(_l("Zonder ja zetten we geen foto op de site."))])
