"""Errors that refuse an action on an action point."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class PointChanged(ChangedMeanwhile):
    """Edit conflict: somebody was first, or the status does not allow it. `status` is the current one."""

    code = "agenda.changed"
    message = _l("Dit kan nu niet: dit actiepunt is net veranderd. Kijk hoe het ervoor staat.")


class NotYourPoint(RuleBroken):
    code = "agenda.not_yours"
    status = 403
    message = _l("Dit kan alleen wie het inbracht of volgt.")


class CheckedByYou(NotAllowed):
    """Refusal (four-eyes principle): the person who checked for identifiable people may not send it."""

    code = "agenda.checked_by_you"
    message = _l("Jij deed de privacycontrole. Iemand anders verstuurt het.")


class NotChecked(RuleBroken):
    code = "agenda.not_checked"
    message = _l("Eerst kijkt iemand of je er een persoon in herkent.")


class DoesNotAnswer(RuleBroken):
    """Refusal: only an organisation that agreed to answer within a term can be asked."""

    code = "agenda.does_not_answer"
    status = 422
    message = _l("Kies een organisatie die beloofde om te antwoorden.")


class NeedsReason(RuleBroken):
    code = "agenda.needs_reason"
    status = 422
    message = _l("Schrijf erbij waarom. Iedereen leest dat.")


class NeedsDate(RuleBroken):
    code = "agenda.needs_date"
    status = 422
    message = _l("Kies een nieuwe datum, na vandaag en binnen een jaar.")


class ExtendedBefore(RuleBroken):
    code = "agenda.extended_before"
    message = _l("De datum is al een keer verschoven. Meer kan niet.")


class CannotMergePoints(RuleBroken):
    code = "agenda.cannot_merge"
    status = 422
    message = _l("Hiermee kun je het niet samenvoegen.")


class QuestionHasPoint(RuleBroken):
    code = "agenda.question_has_point"
    message = _l("Deze vraag hoort al bij een actiepunt.")


class QuestionNotOpen(RuleBroken):
    code = "agenda.question_not_open"
    message = _l("Over deze vraag is al besloten.")


class TooManyProposals(TooFast):
    code = "agenda.too_many"
    message = _l("Je hebt al vijf voorstellen die iemand nog moet lezen. Wacht daar even op.")


class NotOverYet(RuleBroken):
    code = "agenda.not_over_yet"
    message = _l("Je kunt afronden zodra de sessie klaar is.")


class HeardChanged(RuleBroken):
    """Edit conflict: somebody else saved another text meanwhile. Both are shown."""

    code = "agenda.heard_changed"
    message = _l("Iemand anders heeft de tekst net ook veranderd. Hieronder staan beide.")
