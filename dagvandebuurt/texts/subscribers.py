"""Subscriptions of the texts of the site: its page at the desk, words in mails, what is to be written."""

from collections.abc import Sequence

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail.hooks import OwnWords, words_of_the_organiser
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.people.queries import stored_house_rules
from dagvandebuurt.programme.hooks import PreparationStep, preparation_steps
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.texts.permissions import TextPermission
from dagvandebuurt.texts.queries import shown


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="texts.desk",
            label=_l("Teksten en spelregels"),
            order=77,
            icon="edit",
            works_here=lambda actor: can(actor, TextPermission.WRITE),
        )
    ]


def steps_of_the_texts(edition: Edition) -> Sequence[PreparationStep]:
    """Return the texts that the law asks for: the house rules, and who is responsible for the data."""
    stored = stored_house_rules(clock.now())
    is_own = stored is not None and stored.made_at is not None  # the standard rules are stored too
    controller = shown("privacy")["controller"].text.strip()
    return [
        PreparationStep(
            120, "house_rules", _l("Lees de spelregels na"),
            _l("Je hebt eigen spelregels.") if is_own else _l("Nu gelden de standaardregels. Je kunt ze veranderen."),
            True, path_for("texts.house_rules"),
        ),
        PreparationStep(
            125, "controller", _l("Zeg wie voor de gegevens verantwoordelijk is"),
            controller or _l("Bijvoorbeeld de gemeente of een stichting. Het staat op de pagina Privacy."),
            bool(controller), path_for("texts.editor", code="privacy"),
        ),
    ]  # fmt: skip


def words(about: str) -> OwnWords:
    """Return the organiser's own words for a mail, in the language that is spoken now."""
    text = shown("mail")

    def lines(name: str) -> tuple[str, ...]:
        return tuple(line for line in text[name].text.splitlines() if line)

    has_own = about in ("confirm", "reminder")
    return OwnWords(
        opening=lines(f"{about}_opening") if has_own else (),
        closing=lines(f"{about}_closing") if has_own else (),
        signature=lines("signature"),
        reply_to=text["reply_to"].text,
    )


work_pages.subscribe(desk)
words_of_the_organiser.subscribe(words)
preparation_steps.subscribe(steps_of_the_texts)
