"""Who is who: the speakers of a file and those we know."""

from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.exchange import meaning
from dagvandebuurt.programme.plan import Kind, Plan

NAMESPACE = UUID("6f2f6a0e-2f0b-4a56-9f43-1f0f0c8b4d11")  # of every id that is made of what a file says


class People:
    """Speakers by what a file may call them: guid, code, number within one source, and name."""

    def __init__(self, before: Plan) -> None:
        self.told: set[UUID] = set()
        self._known: dict[str, UUID] = {}
        self._has_keys: set[UUID] = set()
        for speaker_id, speaker in before.things[Kind.SPEAKER].items():
            said = speaker.exchange.get("said", {})
            self.add(speaker_id, said, speaker.name, str(speaker.exchange.get("from", "")))
            self._known.setdefault(f"guid:{speaker_id}", speaker_id)

    def add(self, speaker_id: UUID, said: dict[str, Any], name: str, origin: str) -> None:
        keys = _person_keys(said, origin)
        if keys:
            self._has_keys.add(speaker_id)
        for key in keys:
            self._known.setdefault(key, speaker_id)
        self._known.setdefault(f"name:{folded(name)}", speaker_id)

    def find(self, said: dict[str, Any], name: str, origin: str) -> UUID | None:
        keys = _person_keys(said, origin)
        for key in keys:
            if key in self._known:
                return self._known[key]
        found = self._known.get(f"name:{folded(name)}")
        # Two people of one file may share a name: then what tells them apart does so.
        return None if found in self._has_keys and keys else found

    def new_id(self, said: dict[str, Any], name: str, origin: str) -> UUID:
        keys = _person_keys(said, origin)
        return uuid5(NAMESPACE, f"speaker:{keys[0] if keys else 'name:' + folded(name)}")


def _person_keys(said: dict[str, Any], origin: str) -> list[str]:
    keys = []
    if meaning.uuid_of(said.get("guid")) is not None:
        keys.append(f"guid:{said['guid'].casefold()}")
    if isinstance(said.get("code"), str) and said["code"]:
        keys.append(f"code:{origin}:{said['code'].casefold()}")
    if isinstance(said.get("id"), int):
        keys.append(f"id:{origin}:{said['id']}")
    return keys
