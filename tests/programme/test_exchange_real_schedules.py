"""Schedules as pretalx, frab, pentabarf and scripts write them, and matching of a later version of the same
file.
"""

import json
import unicodedata

import pytest

from dagvandebuurt.programme.exchange.warnings import Doubt, doubts_of
from tests.programme.exchanging import event, v1, written
from tests.programme.real_files import GUIDS, Brought, person, table, xml, xml_event

READ = "Samen groen: 28-01 13:00 - 13:45"
NO_DATE = xml_event(when=None)
ENTITY = '<?xml version="1.0" encoding="UTF-8"?>\n'


def latin(content, name):
    return content.decode().replace("UTF-8", name).encode(name)


WELL_READ = {
    "events under the day": xml(xml_event(), hall="{}"),
    "events in a list under the day": xml(xml_event(), hall="<events>{}</events>"),
    "halls in a list": xml(xml_event(), hall='<rooms><room name="Zaal A">{}</room></rooms>'),
    "the name of the hall as an element": xml(xml_event(room=None), hall="<room><name>Zaal A</name>{}</room>"),
    "no date, the day says it": xml(NO_DATE),
    "no date, the day counts from the first": xml(NO_DATE, day='index="2"', conference="<start>2027-01-27</start>"),
    "no day at all": xml(xml_event()).replace(b'<day date="2027-01-28" index="1">', b"").replace(b"</day>", b""),
    "no conference": b'<schedule><day date="2027-01-28"><room name="Zaal A">' + NO_DATE.encode() + b"</room></day></schedule>",
    "only a day in date": xml(xml_event(when="2027-01-28")),
    "day and time apart, in Dutch": xml(xml_event(when="28-01-2027", start="13.00")),
    "a date without a zone": xml(xml_event(when="2027-01-28T13:00:00")),
    "a date in UTC": xml(xml_event(when="2027-01-28T12:00:00Z")),
    "a length with seconds": xml(xml_event(duration="00:45:00")),
    "a length with seconds, unpadded, as its step has": xml(
        xml_event(duration="0:45:00"), conference="<timeslot_duration>00:05:00</timeslot_duration>"),
    "a length in minutes": xml(xml_event(duration="45")),
    "a length of ISO 8601": xml(xml_event(duration="PT45M")),
    "an end instead of a length": xml(xml_event(duration=None, more="<end>13:45</end>")),
    "a name space": xml(xml_event()).replace(b"<schedule>", b'<schedule xmlns="urn:x:schedule">'),
    "old letters, said so": latin(xml(xml_event(persons=person(1, "Zoë"))), "iso-8859-1"),
    "old letters, not said so": xml(xml_event(persons=person(1, "Zoë"))).decode().encode("cp1252"),
    "UTF-16": xml(xml_event()).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 that says UTF-8": xml(xml_event()).decode().encode("utf-16"),
    "letters with names": xml(xml_event(more="<abstract>Caf&eacute;&nbsp;&amp; meer</abstract>")),
    "empty lines in front": b"\n\n  " + xml(xml_event()),
    "a bare ampersand": xml(xml_event(more="<abstract>Wonen & zorg</abstract>")),
    "CDATA": xml(xml_event(more="<abstract><![CDATA[<p>Wonen & zorg &eacute;</p>]]></abstract>")),
    "a guid in braces": xml(xml_event(guid="{" + GUIDS[1].upper() + "}")),
    "json, a hall as an object": v1(event(room={"name": "Zaal A", "id": 3})),
    "json, halls as a list": json.dumps({"schedule": {"conference": {"acronym": "x", "days": [
        {"date": "2027-01-28", "rooms": [{"name": "Zaal A", "events": [event()]}]}]}}}).encode(),
    "json, events under the day": json.dumps({"schedule": {"conference": {"days": [
        {"date": "2027-01-28", "events": [event()]}]}}}).encode(),
    "json, days by their date": json.dumps({"schedule": {"conference": {"days": {
        "2027-01-28": {"rooms": {"Zaal A": [event(date=None)]}}}}}}).encode(),
    "json, no layer between": json.dumps({"conference": {"days": [
        {"date": "2027-01-28", "rooms": {"Zaal A": [event()]}}]}}).encode(),
    "json, without a date": v1(event(date=None)),
    "json, nulls": v1(event(persons=None, links=None, track=None, language=None, end=None, subtitle=None)),
    "json, a length as a number": v1(event(duration=45)),
    "json, a length as hours": v1(event(duration=0.75)),
    "json, numbers as text": v1(event(id="7", persons=[{"id": "3", "name": "Ada"}])),
}  # fmt: skip


@pytest.mark.parametrize("kind", WELL_READ)
def test_real_schedules_are_parsed_as_intended(kind):
    content = WELL_READ[kind]
    brought = Brought(content, "schedule.json" if content.startswith(b"{") else "schedule.xml")

    assert brought.errors == []
    assert brought.times == [READ]
    assert brought.sessions[0][3] == "Zaal A"
    assert "duur" not in brought.repairs


@pytest.mark.parametrize("kind", [kind for kind in WELL_READ if "json" not in kind])
def test_reimporting_an_exported_schedule_changes_nothing(kind):
    brought = Brought(WELL_READ[kind], "schedule.xml")

    assert Brought(WELL_READ[kind], "schedule.xml", over=brought.plan).outcome.changes == []
    assert Brought(written(brought.plan, "v.xml"), "schedule.xml", over=brought.plan).outcome.changes == []


def test_times_after_midnight_belong_to_the_previous_day():
    late = xml_event("Laat", when=None, start="00:30", guid=GUIDS[2])
    brought = Brought(xml(NO_DATE, late, conference="<day_change>09:00:00</day_change>"), "s.xml")

    assert brought.times == [READ, "Laat: 29-01 00:30 - 01:15"]
    assert "na middernacht" in brought.repairs


@pytest.mark.parametrize(
    ("zone", "begins", "what"),
    [("Europe/Amsterdam", "28-03 10:00", "verkeerd tijdverschil"), ("", "28-03 11:00", "tijdverschil")],
)
def test_wrong_utc_offset_is_corrected_or_reported(zone, begins, what):
    told = xml_event(when="2027-03-28T10:00:00+01:00", start="10:00")
    brought = Brought(
        xml(told, conference=f"<time_zone_name>{zone}</time_zone_name>" if zone else ""), "s.xml"
    )

    assert (brought.sessions[0][1], brought.repairs) == (begins, [what])


def test_offset_of_another_country_is_kept():
    told = xml_event(when="2027-03-28T10:00:00-05:00", start="10:00")

    assert Brought(xml(told), "s.xml").sessions[0][1] == "28-03 17:00"


@pytest.mark.parametrize("duration", ["00:00", "-00:30", "", "lang", None])
def test_missing_duration_gets_a_marked_default(duration):
    brought = Brought(xml(xml_event(duration=duration)), "s.xml")

    assert brought.times == ["Samen groen: 28-01 13:00 - 13:30"]
    [doubt] = doubts_of(brought.document.sessions, brought.outcome.laid, brought.plan)
    assert Doubt.GUESSED in doubt


def test_markup_in_a_description_is_stripped_but_not_comparisons():
    html = "&lt;p&gt;Kom je ook?&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Eén&lt;/li&gt;&lt;li&gt;Twee &amp;amp; drie&lt;/li&gt;&lt;/ul&gt;"
    told = xml_event(more=f"<abstract>{html}</abstract><description>als a &lt; b en c &gt; d</description>")
    [session] = Brought(xml(told), "s.xml").plan.sessions.values()

    assert session.summary.split() == ["Kom", "je", "ook?", "-", "Eén", "-", "Twee", "&", "drie"]
    assert session.abstract == "als a < b en c > d"


def test_inline_xml_markup_is_read_as_text():
    told = xml_event(
        "Samen <b>groen</b> doen", more="<abstract><p>Kom je <i>ook</i> mee?</p><p>Graag.</p></abstract>"
    )
    [session] = Brought(xml(told), "s.xml").plan.sessions.values()

    assert (session.title, session.summary) == ("Samen groen doen", "Kom je ook mee?\nGraag.")


@pytest.mark.parametrize("said", ["canceled", "Cancelled", "CANCELLED"])
def test_cancelled_event_is_cancelled(said):
    for content, name in (
        (xml(xml_event(more=f"<status>{said}</status>")), "s.xml"),
        (v1(event(state=said)), "s.json"),
    ):
        [session] = Brought(content, name).plan.sessions.values()

        assert session.status.value == "cancelled"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (xml(xml_event(), conference="<time_zone_name>CET/Foo</time_zone_name>"), "tijdzone"),
        (xml(xml_event(more="<abstract>Wonen & zorg</abstract>")), "los &-teken"),
    ],
)  # fmt: skip
def test_unsupported_schedule_content_is_reported(content, what):
    assert what in Brought(content, "s.xml").repairs


@pytest.mark.parametrize("persons", [{"1": {"name": "Ada"}}, "Ada", [{"full_public_name": "Ada"}], ["Ada"]])
def test_people_in_other_notations_are_read(persons):
    assert Brought(v1(event(persons=persons)), "s.json").people == {"Samen groen": ["Ada"]}


# --- people ---


def test_person_number_shared_by_several_names_is_ignored():
    first = xml_event("Een", persons=person(0, "Ada Voorbeeld"), guid=GUIDS[1])
    second = xml_event("Twee", persons=person(0, "Bea Voorbeeld") + person(0, "Cor Voorbeeld"), guid=GUIDS[2])
    third = xml_event("Drie", persons=person(7, "Dot Voorbeeld"), guid=GUIDS[3])
    fourth = xml_event("Vier", persons=person(7, "Eef Voorbeeld"), guid=GUIDS[4])
    content = xml(first, second, third, fourth)

    brought = Brought(content, "s.xml")

    assert brought.people == {
        "Een": ["Ada Voorbeeld"], "Twee": ["Bea Voorbeeld", "Cor Voorbeeld"], "Drie": ["Dot Voorbeeld"], "Vier": ["Eef Voorbeeld"],
    }  # fmt: skip
    told = [(each.what, each.was) for each in brought.document.findings.repairs if "mens" in each.what]
    assert told == [
        ("nummer 0 van meer dan één mens", "Ada Voorbeeld, Bea Voorbeeld, Cor Voorbeeld"),
        ("nummer 7 van meer dan één mens", "Dot Voorbeeld, Eef Voorbeeld"),
    ]
    assert Brought(content, "s.xml", over=brought.plan).outcome.changes == []


def test_reused_person_number_does_not_merge_people():
    before = Brought(xml(xml_event(persons=person(5, "Ada Voorbeeld"))), "s.xml")
    after = Brought(xml(xml_event(persons=person(5, "Bea Voorbeeld"))), "s.xml", over=before.plan)

    assert after.people == {"Samen groen": ["Bea Voorbeeld"]}
    assert len(after.plan.things[next(kind for kind in after.plan.things if kind.value == "speaker")]) == 2


def test_person_with_a_changed_number_is_the_same():
    before = Brought(xml(xml_event(persons=person(5, "Ada Voorbeeld"))), "s.xml")
    after = Brought(xml(xml_event(persons=person(9, "ADA  Voorbeeld"))), "s.xml", over=before.plan)

    assert [each for each in after.outcome.sessions if each.names - {"exchange"}] == []


def test_two_people_with_one_name_stay_separate():
    told = [xml_event(title, persons=person(number, "Jan de Vries"), guid=guid)
            for title, number, guid in (("Een", 3, GUIDS[1]), ("Twee", 8, GUIDS[2]))]  # fmt: skip
    brought = Brought(xml(*told), "s.xml")

    one, two = (each.speakers for each in brought.plan.sessions.values())
    assert one != two
    assert Brought(xml(*told), "s.xml", over=brought.plan).outcome.changes == []


def test_person_guid_used_for_two_names_merges_nobody():
    shared = "0f5a6d5e-0000-4000-8000-0000000000aa"
    one = event(title="Een", persons=[{"guid": shared, "name": "Ada"}])
    two = event(title="Twee", guid=GUIDS[2], id=2, persons=[{"guid": shared, "name": "Bea"}])

    assert Brought(v1(one, two), "s.json").people == {"Een": ["Ada"], "Twee": ["Bea"]}


def test_person_guid_survives_a_rename():
    def named(name):
        return v1(event(persons=[{"guid": "0f5a6d5e-0000-4000-8000-0000000000aa", "name": name}]))

    before = Brought(named("Ada Voorbeeld"), "s.json")
    after = Brought(named("Ada de Boer"), "s.json", over=before.plan)

    assert after.people == {"Samen groen": ["Ada de Boer"]}
    assert [each.speakers for each in after.plan.sessions.values()] == [
        each.speakers for each in before.plan.sessions.values()
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD", "upper"])
def test_names_match_ignoring_case_and_accents(form):
    name = "Zoë Coördinatie"
    other = name.upper() if form == "upper" else unicodedata.normalize(form, name)
    told = [
        xml_event("Een", persons=person(None, name), guid=GUIDS[1]),
        xml_event("Twee", persons=person(None, other), guid=GUIDS[2]),
    ]

    one, two = (each.speakers for each in Brought(xml(*told), "s.xml").plan.sessions.values())
    assert one == two


# --- the same session, a version later ---


def twice(*days, **values):
    return [
        xml_event("Solderen", when=f"2027-02-0{day}T14:00:00+01:00", start="14:00", slug="sold", **values)
        for day in days
    ] + [xml_event("Slot", when="2027-02-07T17:00:00+01:00", start="17:00", guid=GUIDS[9], number=9)]


@pytest.mark.parametrize(
    "values", [{}, {"guid": None}, {"guid": None, "number": None}], ids=["guid", "number", "address"]
)
@pytest.mark.parametrize(("left", "gone"), [((7,), "06-02"), ((6,), "07-02")])
def test_of_two_sessions_with_one_title_the_removed_one_is_identified(values, left, gone):
    before = Brought(xml(*twice(6, 7, **values)), "s.xml")
    after = Brought(xml(*twice(*left, **values)), "s.xml", over=before.plan, call_off=True)

    assert [(title, when[:5]) for title, when in after.gone] == [("Solderen", gone)]
    assert [each.names for each in after.outcome.sessions if each.names - {"exchange"}] == [{"status"}]
    assert Brought(written(after.plan, "v2.json"), "s.json", over=after.plan).outcome.changes == []
    again = Brought(xml(*twice(6, 7, **values)), "s.xml", over=after.plan)
    assert again.plan.sessions.keys() == before.plan.sessions.keys()


def test_two_sessions_with_one_title_match_in_any_order():
    before = Brought(xml(*twice(6, 7)), "s.xml")

    assert [each for each in Brought(xml(*twice(7, 6)), "s.xml", over=before.plan).outcome.sessions
            if each.names - {"exchange"}] == []  # fmt: skip


@pytest.mark.parametrize("acronym", ["PROEF", "Proef ", "pröef", "proef2", None])
def test_removed_sessions_are_detected_under_another_acronym(acronym):
    told = [
        xml_event(title, guid=guid, number=number)
        for number, (title, guid) in enumerate(zip("ABC", GUIDS, strict=False), 1)
    ]
    before = Brought(xml(*told), "s.xml")
    after = Brought(xml(told[0], told[2], acronym=acronym), "s.xml", over=before.plan)

    assert [title for title, _when in after.gone] == ["B"]


@pytest.mark.parametrize(
    "later",
    [
        {"guid": GUIDS[7]}, {"guid": None}, {"guid": GUIDS[7], "when": "2027-01-28T15:00:00+01:00", "start": "15:00"},
        {"guid": GUIDS[7], "number": 77}, {"guid": None, "number": None},
    ],
    ids=["another", "none", "another-and-later", "all-new-numbers", "no-numbers"],
)  # fmt: skip
def test_session_with_a_regenerated_guid_is_matched(later):
    before = Brought(xml(xml_event("Een"), xml_event("Twee", guid=GUIDS[2], number=2)), "s.xml")
    other = xml_event("Twee", guid=GUIDS[8], number=2)
    after = Brought(xml(xml_event("Een", **later), other), "s.xml", over=before.plan)

    assert (after.gone, len(after.plan.sessions)) == ([], 2)


def test_another_title_with_another_guid_is_a_new_session():
    before = Brought(xml(xml_event("Een")), "s.xml")
    after = Brought(xml(xml_event("Iets anders", guid=GUIDS[7])), "s.xml", over=before.plan)

    assert [title for title, _when in after.gone] == ["Een"]


def test_contradicting_end_and_duration_are_reported():
    brought = Brought(v1(event(end="2027-01-28T14:00:00+01:00")), "s.json")

    assert (brought.times, brought.repairs) == (
        ["Samen groen: 28-01 13:00 - 14:00"],
        ["duur en einde verschillen"],
    )


def test_import_cancels_nothing_by_default():
    before = Brought(xml(*twice(6, 7)), "s.xml")
    after = Brought(xml(*twice(7)), "s.xml", over=before.plan)

    assert len(after.gone) == 1
    assert {each.status.value for each in after.plan.sessions.values()} == {"scheduled"}
    only = Brought(xml(*twice(7)), "s.xml", over=before.plan, call_off=frozenset(after.outcome.gone))
    assert sorted(each.status.value for each in only.plan.sessions.values()) == [
        "cancelled",
        "scheduled",
        "scheduled",
    ]


# --- what is improbable ---


def test_event_listed_under_another_day_is_marked():
    for day, is_marked in (("2027-01-28", False), ("2027-01-27", False), ("2027-02-28", True)):
        brought = Brought(xml(xml_event(), day=f'date="{day}"'), "s.xml")
        [found] = doubts_of(brought.document.sessions, brought.outcome.laid, brought.plan)
        assert (Doubt.OTHER_DAY in found) is is_marked


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("Lang;28-01-2027;13:00;20:00", Doubt.LONG), ("Kort;28-01-2027;13:00;13:02", Doubt.SHORT),
        ("Nacht;28-01-2027;3:00;4:00", Doubt.NIGHT), ("Ver;28-01-2028;13:00;14:00", Doubt.FAR),
        ("Buiten;30-01-2027;13:00;14:00", Doubt.OUTSIDE), ("Open;28-01-2027;13:00;", Doubt.GUESSED),
        ("Andersom;28-01-2027;14:00;13:45", Doubt.LONG),
    ],
)  # fmt: skip
def test_implausible_values_are_marked_and_others_are_not(row, doubt):
    good = [f"Goed {number};28-01-2027;{number + 12}:00;{number + 12}:45" for number in range(3)]
    brought = Brought(table("Titel;Datum;Begin;Einde", *good, row))

    *rest, found = doubts_of(brought.document.sessions, brought.outcome.laid, brought.plan)
    assert doubt in found
    assert rest == [[], [], []]
