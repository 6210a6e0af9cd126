"""Live items of labels, for the desk alone: the labels of the session, and those of each question."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.labelling.models import LabelSet
from dagvandebuurt.labelling.queries import Labelled, label_set, labelled_in
from dagvandebuurt.labelling.rules import EXTRA
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def labels_card(chosen: LabelSet) -> Item:
    """Serialise the labels that a session chose."""
    return {
        "kind": "labels",
        "id": str(chosen.session_id),
        "revision": chosen.revision,
        "labels": list(chosen.labels),
    }


def labelled_card(question_id: UUID, labelled: Labelled) -> Item:
    """Serialise the labels of one question: their ids."""
    return {
        "kind": "labelled",
        "id": str(question_id),
        "revision": labelled.revision,
        "labels": sorted(map(str, labelled.labels)),
    }


class LabelItems:
    """Live item source; asked only for rooms where labels were ever chosen."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found = Changes()
        chosen = label_set(room_id)
        if chosen.revision > since:  # 0 where none were ever chosen
            found.desk.append(labels_card(chosen))
        found.desk += [labelled_card(*each) for each in labelled_in(room_id, since).items()]
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = LabelItems()
items.register(SOURCE, extra=EXTRA)
