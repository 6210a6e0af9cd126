"""Errors that refuse an action on a lesson or comment."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class RulesNotAccepted(RuleBroken):
    """Refusal: this person did not accept the current version of the house rules."""

    code = "lessons.rules_not_accepted"
    status = 422
    message = _l("Zet een vinkje bij de spelregels. Dan kun je reageren.")


class NothingToReplyTo(RuleBroken):
    code = "lessons.nothing_to_reply_to"
    message = _l("De reactie waarop je wilde antwoorden is er niet meer.")


class CommentsClosed(RuleBroken):
    """Refusal: the lesson is archived or not published."""

    code = "lessons.comments_closed"
    message = _l("Bij deze les kun je niet meer reageren.")


class TooLateToEdit(RuleBroken):
    code = "lessons.too_late_to_edit"
    message = _l("Je kunt een reactie een kwartier lang veranderen. Dat is voorbij. Weghalen kan nog wel.")


class CommentChanged(ChangedMeanwhile):
    """Edit conflict: somebody else was first, or it is gone. `state` is the current status."""

    code = "lessons.comment_changed"
    message = _l("Deze reactie is intussen veranderd. Kijk hoe het er nu voor staat.")


class LessonMoved(ChangedMeanwhile):
    """Edit conflict: the status of the lesson does not allow this action. `state` is the current status."""

    code = "lessons.moved"
    message = _l("Dat kan nu niet met deze les. Kijk hoe het ervoor staat.")


class WrittenMeanwhile(RuleBroken):
    """Edit conflict: somebody else saved another text since this one was opened."""

    code = "lessons.written_meanwhile"
    message = _l("Intussen bewaarde iemand anders een andere tekst. Hieronder staan ze allebei.")


class NotFinished(RuleBroken):
    """Refusal: something required for review is missing. `missing` says what."""

    code = "lessons.not_finished"
    status = 422
    message = _l("Deze les is nog niet af.")


class NoteNeeded(RuleBroken):
    code = "lessons.note_needed"
    status = 422
    message = _l("Schrijf erbij wat er anders moet.")


class ChangeNoteNeeded(RuleBroken):
    code = "lessons.change_note_needed"
    status = 422
    message = _l("Schrijf in één zin wat je verandert. Lezers zien die zin.")


class NothingWaits(RuleBroken):
    code = "lessons.nothing_waits"
    message = _l("Er wacht geen wijziging op een tweede lezer.")


class OwnText(NotAllowed):
    """Refusal (four-eyes principle): authors of a text do not approve it."""

    code = "lessons.own_text"
    message = _l("Jij schreef dit. Een ander leest het na.")


class MomentPassed(RuleBroken):
    code = "lessons.moment_passed"
    status = 422
    message = _l("Kies een moment dat nog komt.")
