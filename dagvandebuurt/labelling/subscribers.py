"""Subscriptions of labels: at the moderators' desk."""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.labelling.queries import Labelled, label_set, labelled_in, labels_of
from dagvandebuurt.labelling.rules import EXTRA
from dagvandebuurt.live import items
from dagvandebuurt.programme.hooks import desk_page_views
from dagvandebuurt.programme.models import ProgrammeSession


class DeskLabels:
    """Labels as the desk shows them: those of the session, and those of each question by its id."""

    def __init__(self, session: ProgrammeSession) -> None:
        uses = items.state_of(session.id).uses(EXTRA)
        self.choices = (
            [{"id": str(each.id), "name": each.name} for each in labels_of(label_set(session.id))]
            if uses
            else []
        )
        self._labelled = labelled_in(session.id) if self.choices else {}
        self._of = {str(question_id): each for question_id, each in self._labelled.items()}

    def of(self, question_id: str) -> dict[str, Any]:
        """Return the labels of a question: those that are `on`, and the revision its presser sees."""
        labelled = self._of.get(question_id, Labelled())
        return {"on": sorted(map(str, labelled.labels)), "seen": labelled.revision}


def at_desk(session: ProgrammeSession) -> Mapping[str, object]:
    return {"labelling": DeskLabels(session)}


desk_page_views.subscribe(at_desk)
