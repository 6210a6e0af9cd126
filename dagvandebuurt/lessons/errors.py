"""What can stand in the way of a lesson and of a comment."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class RulesNotAccepted(RuleBroken):
    """The spelregels changed since this person accepted them, or they never did."""

    code = "lessons.rules_not_accepted"
    status = 422
    message = _l("Zet een vinkje bij de spelregels. Dan kun je reageren.")


class NothingToReplyTo(RuleBroken):
    code = "lessons.nothing_to_reply_to"
    message = _l("De reactie waarop je wilde antwoorden is er niet meer.")


class CommentsClosed(RuleBroken):
    """A lesson from the archive, or one that is not published."""

    code = "lessons.comments_closed"
    message = _l("Bij deze les kun je niet meer reageren.")


class TooLateToEdit(RuleBroken):
    code = "lessons.too_late_to_edit"
    message = _l("Je kunt een reactie een kwartier lang veranderen. Dat is voorbij. Weghalen kan nog wel.")


class CommentChanged(RuleBroken):
    """Somebody else was first, or it is gone. `state` is what is true now."""

    code = "lessons.comment_changed"
    message = _l("Deze reactie is intussen veranderd. Kijk hoe het er nu voor staat.")


class LessonMoved(RuleBroken):
    """The lesson is in another state than the deed needs. `state` is what is true now."""

    code = "lessons.moved"
    message = _l("Dat kan nu niet met deze les. Kijk hoe het ervoor staat.")


class WrittenMeanwhile(RuleBroken):
    """Somebody else kept another text since this one was opened."""

    code = "lessons.written_meanwhile"
    message = _l("Intussen bewaarde iemand anders een andere tekst. Hieronder staan ze allebei.")


class NotFinished(RuleBroken):
    """Something is missing that a lesson needs before others read it. `missing` says what."""

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
    """Who proposed a text is not the one who approves it."""

    code = "lessons.own_text"
    message = _l("Jij schreef dit. Een ander leest het na.")


class MomentPassed(RuleBroken):
    code = "lessons.moment_passed"
    status = 422
    message = _l("Kies een moment dat nog komt.")
