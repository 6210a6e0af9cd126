"""Helpers of the exchange tests: schemas, an empty plan, and importing a file into it."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import jsonschema
import xmlschema

from dagvandebuurt.programme.editing.snapshot import EditionPlan, Plan, RecordKind
from dagvandebuurt.programme.exchange.match_result import Choices
from dagvandebuurt.programme.exchange.matching import laid_over
from dagvandebuurt.programme.exchange.read_file import read
from dagvandebuurt.programme.exchange.write_json_v1 import schedule_json
from dagvandebuurt.programme.exchange.write_json_v2 import schedule_json_2
from dagvandebuurt.programme.exchange.write_xml import schedule_xml
from tests.factories import START

INTEROP = Path(__file__).parent / "interop"
SAMPLE = (INTEROP / "pretalx-democon.json").read_bytes()
EDITION = UUID("11111111-2222-4333-8444-555555555555")
PUBLIC = "https://dag.example"
WRITERS = {"v1.json": schedule_json, "v2.json": schedule_json_2, "v.xml": schedule_xml}


def empty_plan(**values):
    plan = Plan(EDITION)
    times = dict.fromkeys(("starts_at", "registration_opens_at", "registration_closes_at"), START)
    edition = EditionPlan(
        **{"title": "Dag van de Buurt", "ends_at": START + timedelta(hours=4), **times, **values}
    )
    plan.things[RecordKind.EDITION][EDITION] = edition
    return plan


def brought_in(content, name="schedule.json", over=None, **choices):
    """Return the plan with this file imported, and the result and document that made it."""
    document = read(name, content)
    outcome = laid_over(over or empty_plan(), document, Choices(**choices))
    return outcome.plan, outcome, document


def written(plan, name="v1.json"):
    return WRITERS[name](plan, public=PUBLIC, number=7)


@cache
def _schema(name):
    schema = json.loads((INTEROP / name).read_text())
    return jsonschema.Draft6Validator(schema, format_checker=jsonschema.FormatChecker())


@cache
def _xsd(name):
    return xmlschema.XMLSchema(str(INTEROP / name))


def wrong(content, name):
    """Return the violations of this format's schema."""
    if name.endswith("xml"):
        return [f"{e.path}: {e.reason}" for e in _xsd("schedule.xml.xsd").iter_errors(content.decode())]
    schema = _schema("schema2.json" if "v2" in name else "schema.json")
    return [f"{list(e.path)}: {e.message[:200]}" for e in schema.iter_errors(json.loads(content))]


def v1(*events, **conference):
    """Return a small schedule.json of these events, one to a line."""
    rooms = {}
    for event in events:
        room = event.get("room")
        rooms.setdefault(room if isinstance(room, str) else "Zaal A", []).append(event)
    day = {"index": 1, "date": "2027-01-28", "day_start": "2027-01-28T04:00:00+01:00",
           "day_end": "2027-01-29T03:59:00+01:00", "rooms": rooms}  # fmt: skip
    told = {
        "acronym": "proef",
        "title": "Proef",
        "time_zone_name": "Europe/Amsterdam",
        "days": [day],
        **conference,
    }
    return json.dumps({"schedule": {"version": "1", "conference": told}}, indent=1).encode()


def event(**values):
    return {
        "guid": "0f5a6d5e-0000-4000-8000-000000000001", "id": 1, "date": "2027-01-28T13:00:00+01:00",
        "start": "13:00", "duration": "00:45", "room": "Zaal A", "title": "Samen groen", "persons": [],
    } | values  # fmt: skip
