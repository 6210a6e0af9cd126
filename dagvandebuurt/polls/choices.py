"""Labels of polls. Dutch here, English in the catalogue."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.polls.models import PollKind

# How people choose, as a moderator picks it.
KINDS = {
    PollKind.SINGLE_CHOICE.value: _l("Ze kiezen er een"),
    PollKind.MULTIPLE_CHOICE.value: _l("Ze kiezen er meer"),
    PollKind.SCALE.value: _l("Ze geven een cijfer"),
    PollKind.RANKING.value: _l("Ze zetten alles op volgorde"),
    PollKind.QUIZ.value: _l("Een quizvraag, voor de lol"),
    PollKind.OPEN_TEXT.value: _l("Ze schrijven zelf een antwoord: een open vraag"),
    PollKind.WORD_CLOUD.value: _l("Ze geven woorden: een woordenwolk"),
    PollKind.PLACES.value: _l("Ze kiezen waar ze wonen"),
}
