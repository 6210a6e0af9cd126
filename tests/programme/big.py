"""Generator of large programmes, in a few statements."""

from datetime import timedelta
from itertools import cycle
from uuid import uuid4

from sqlalchemy import insert

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.programme.models import (
    Involvement,
    Organisation,
    ProgrammeSession,
    SessionKind,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Theme,
    session_theme,
)

SUMMARY = "Hoe een melding over afval eindigde in een afspraak die iedereen nakomt, ook na de zomer."


def fill(app, round_, sessions, speakers, *, at_once=8, first=None):
    """Insert `sessions` in `round_`, `at_once` in parallel, an hour each, with two of the `speakers` and two
    of three themes. Returns their ids, in order.
    """
    first = first or round_.starts_at
    mark = uuid4().hex[:6]
    organisation = {"id": uuid4(), "code": f"org-{mark}", "name": "Bewonersvereniging De Klinkers", "kind": "vereniging",
                    "domain": "residents", "answers_follow_ups": True, "response_days": 28}  # fmt: skip
    people = [
        {"id": uuid4(), "code": f"spreker-{mark}-{n}", "name": f"Marga Olthof-Singh {n}",
         "function": "Opbouwwerker", "bio": "Begon als buurvrouw.", "organisation_id": organisation["id"]}
        for n in range(speakers)
    ]  # fmt: skip
    themes = [
        {"id": uuid4(), "code": f"thema-{mark}-{n}", "label": f"Straat, groen en afval {n}", "summary": "",
         "position": n} for n in range(3)
    ]  # fmt: skip
    held = [
        {"id": uuid4(), "edition_id": round_.edition_id, "round_id": round_.id, "slug": f"sessie-{mark}-{n}",
         "title": f"Rommel op straat: van klagen naar een afspraak {n}", "summary": SUMMARY, "abstract": SUMMARY * 3,
         "kind": SessionKind.WORKSHOP, "involvement": Involvement.ADVISE, "status": SessionStatus.SCHEDULED,
         "starts_at": first + timedelta(hours=n // at_once), "ends_at": first + timedelta(hours=n // at_once + 1),
         "language_level": "B1", "domains": ["residents"], "access": ["live_captions"],
         "changed_at": round_.starts_at}
        for n in range(sessions)
    ]  # fmt: skip
    around = cycle(people)
    with app.app_context(), transaction():
        for model, rows in (
            (Organisation, [organisation]), (Speaker, people), (Theme, themes), (ProgrammeSession, held),
            (LiveRoom, [{"id": each["id"]} for each in held]),
            (SessionSpeaker, [
                {"session_id": each["id"], "speaker_id": next(around)["id"], "part": SpeakerPart.SPEAKER,
                 "position": n} for each in held for n in range(min(2, speakers))
            ]),
        ):  # fmt: skip
            if rows:
                db.session.execute(insert(model), rows)
        pairs = [{"session_id": each["id"], "theme_id": themes[(n + m) % 3]["id"]}
                 for n, each in enumerate(held) for m in range(2)]  # fmt: skip
        if pairs:
            db.session.execute(insert(session_theme), pairs)
    return [each["id"] for each in held]
