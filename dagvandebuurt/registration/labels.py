"""Labels of access needs and answer types."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.words import own_entries, own_words
from dagvandebuurt.registration.models import AnswerKind, Need

NEEDS = own_words(
    "need",
    {
        Need.SIGN_LANGUAGE: _l("Een tolk gebarentaal"),
        Need.INTERPRETER: _l("Een tolk in mijn eigen taal"),
        Need.CAPTIONS: _l("Ondertiteling of een schrijftolk"),
        Need.LARGE_PRINT: _l("Grote letters of het programma op papier"),
        Need.CALL_BACK: _l("Bel mij om me te helpen"),
        **own_entries(Need),
        Need.OTHER: _l("Iets anders"),
    },
)
ANSWER_KINDS = {
    AnswerKind.TEXT: _l("Een zin"),
    AnswerKind.YES_NO: _l("Ja of nee"),
    AnswerKind.CHOICE: _l("Eén keuze"),
    AnswerKind.CHOICES: _l("Meer keuzes mogen"),
}
