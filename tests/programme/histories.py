"""Generator of programme files of any size, with a history of six versions like that of a large congress."""

import json
import random
from datetime import datetime, timedelta
from uuid import UUID, uuid5

NAMESPACE = UUID("b8f3c8c6-94a0-4f0e-9a42-0e5ad3b1a001")
FIRST_DAY = datetime.fromisoformat("2027-12-27T10:00:00+01:00")
# What each version did to the one before: how many came, went, and were moved.
HISTORY = [(329, 0, 0), (116, 0, 21), (114, 94, 26), (34, 7, 24), (6, 29, 8), (29, 0, 5)]


def event(number, *, rooms=20, **values):
    """Return one session: every hour one in each hall, four days long."""
    slot = number // rooms
    starts_at = FIRST_DAY + timedelta(days=slot // 12, hours=slot % 12)
    title = f"Gesprek {number}"
    return {
        "guid": str(uuid5(NAMESPACE, str(number))), "id": number + 1, "logo": None,
        "date": starts_at.isoformat(), "start": starts_at.strftime("%H:%M"), "duration": "00:45",
        "room": f"Zaal {number % rooms + 1}", "slug": f"groot-{number}-gesprek", "title": title,
        "url": f"https://groot.example/{number}", "subtitle": "", "track": f"Lijn {number % 7}", "type": "Talk",
        "language": "nl", "abstract": f"Over {number}. " * 10, "description": "Meer woorden hierover. " * 30,
        "persons": [
            {"id": number % 900 + 1, "name": f"Spreker {number % 900}"},
            {"id": (number * 7) % 900 + 1, "name": f"Spreker {(number * 7) % 900}"},
        ],
        "links": [],
    } | values  # fmt: skip


def as_file(events, version="1"):
    days = {}
    for each in events:
        date = each["date"][:10]
        days.setdefault(date, {}).setdefault(each["room"], []).append(each)
    conference = {
        "acronym": "groot27", "title": "Groot", "start": "2027-12-27", "end": "2027-12-30", "daysCount": len(days),
        "timeslot_duration": "00:15", "time_zone_name": "Europe/Amsterdam",
        "days": [
            {"index": place, "date": date, "day_start": f"{date}T04:00:00+01:00", "day_end": f"{date}T23:59:00+01:00",
             "rooms": rooms}
            for place, (date, rooms) in enumerate(sorted(days.items()), start=1)
        ],
    }  # fmt: skip
    schedule = {"version": version, "conference": conference}
    return json.dumps({"schedule": schedule}, ensure_ascii=False, indent=1).encode()


def versions(scale=1.0, seed=7):
    """Return each version of the history, as a list of events."""
    chance = random.Random(seed)
    there, made, found = {}, 0, []
    for came, went, moved in HISTORY:
        for guid in chance.sample(sorted(there), int(went * scale)):
            there.pop(guid)
        for guid in chance.sample(sorted(there), int(moved * scale)):
            begins = datetime.fromisoformat(there[guid]["date"]) + timedelta(minutes=15)
            there[guid] = there[guid] | {"date": begins.isoformat(), "start": begins.strftime("%H:%M")}
        for _ in range(int(came * scale)):
            new = event(made)
            there[new["guid"]] = new
            made += 1
        found.append(list(there.values()))
    return found
