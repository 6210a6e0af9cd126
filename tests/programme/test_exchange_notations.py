"""Parsers of dates, times and durations: round trips in every Dutch notation."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagvandebuurt.programme.exchange.durations import length
from dagvandebuurt.programme.exchange.notations import clock_range, clock_time, day, day_and_rest
from dagvandebuurt.programme.exchange.parse import day_in_words

NEAR = date(2027, 1, 20)
_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_SHORT = ["ma", "di", "wo", "do", "vr", "za", "zo"]
_EXCEL = date(1899, 12, 30)

DATES = {
    "28-1-2027": lambda d: f"{d.day}-{d.month}-{d.year}",
    "28-01-2027": lambda d: f"{d:%d-%m-%Y}",
    "28/01/2027": lambda d: f"{d:%d/%m/%Y}",
    "28.01.2027": lambda d: f"{d:%d.%m.%Y}",
    "28-01-27": lambda d: f"{d:%d-%m-%y}",
    "2027-01-28": lambda d: d.isoformat(),
    "2027/01/28": lambda d: f"{d:%Y/%m/%d}",
    "28-01-2027 00:00": lambda d: f"{d:%d-%m-%Y} 00:00",
    "2027-01-28T13:00:00+01:00": lambda d: f"{d.isoformat()}T13:00:00+01:00",
    "28-jan-27": lambda d: f"{d.day}-{_MONTHS[d.month - 1]}-{d:%y}",
    "do. 28 jan. 2027": lambda d: f"{_SHORT[d.weekday()]}. {d.day} {_MONTHS[d.month - 1]}. {d.year}",
    "do 28 jan '27": lambda d: f"{_SHORT[d.weekday()]} {d.day} {_MONTHS[d.month - 1]} '{d:%y}",
    "donderdag, 28 januari 2027": lambda d: f"{day_in_words(d).replace(' ', ', ', 1)} {d.year}",
    "Donderdag 28-01-2027": lambda d: f"{day_in_words(d).split()[0].title()} {d:%d-%m-%Y}",
    "28‑01‑2027 with other dashes and spaces": lambda d: f"\u00a0{d.day}\u2011{d.month}\u2013{d.year}\u202f",
    "a number": lambda d: str((d - _EXCEL).days),
}
TIMES = {
    "9:05": lambda t: f"{t.hour}:{t:%M}", "09.05": lambda t: f"{t:%H.%M}", "9u05": lambda t: f"{t.hour}u{t:%M}",
    "9:05 uur": lambda t: f"{t.hour}:{t:%M} uur", "9.05u": lambda t: f"{t.hour}.{t:%M}u", "09:05:00": lambda t: f"{t:%H:%M:00}",
    "9h05": lambda t: f"{t.hour}h{t:%M}", "0905": lambda t: f"{t:%H%M}", "om 9.05 uur": lambda t: f"om {t.hour}.{t:%M} uur",
    "9:05 AM": lambda t: f"{t:%I:%M %p}", "a fraction": lambda t: f"{(t.hour * 60 + t.minute) / 1440:.10f}",
    "a fraction with a comma": lambda t: f"{(t.hour * 60 + t.minute) / 1440:.12f}".replace(".", ","),
}  # fmt: skip
LENGTHS = {
    "45": str, "45 min": lambda m: f"{m} min", "45 minuten": lambda m: f"{m} minuten", "45'": lambda m: f"{m}'",
    "0:45": lambda m: f"{m // 60}:{m % 60:02}", "00:45:00": lambda m: f"{m // 60:02}:{m % 60:02}:00",
    "0u45": lambda m: f"{m // 60}u{m % 60:02}", "PT45M": lambda m: f"PT{m}M", "PT0H45M": lambda m: f"PT{m // 60}H{m % 60}M",
    "0 uur en 45 minuten": lambda m: f"{m // 60} uur en {m % 60} minuten", "1 h 30 min": lambda m: f"{m // 60} h {m % 60} min",
    "45.0": lambda m: f"{m}.0", "a fraction of a day": lambda m: f"{m / 1440:.12f}",
}  # fmt: skip


@settings(max_examples=60)
@given(moment=st.dates(date(2000, 1, 1), date(2068, 12, 31)))
@pytest.mark.parametrize("way", DATES)
def test_dates_round_trip_in_every_notation(way, moment):
    assert day(DATES[way](moment), NEAR).date == moment


@settings(max_examples=60)
@given(moment=st.times().map(lambda t: t.replace(second=0, microsecond=0)))
@pytest.mark.parametrize("way", TIMES)
def test_times_round_trip_in_every_notation(way, moment):
    assert clock_time(TIMES[way](moment)) == (moment, None)


@settings(max_examples=60)
@given(minutes=st.integers(5, 23 * 60 + 59))
@pytest.mark.parametrize("way", LENGTHS)
def test_durations_round_trip_in_every_notation(way, minutes):
    assert length(LENGTHS[way](minutes)) == timedelta(minutes=minutes)


@settings(max_examples=200)
@given(text=st.text(max_size=90) | st.from_regex(r"[0-9:.,\- uh'/]{1,20}", fullmatch=True))
def test_fuzzed_text_gives_a_value_or_none(text):
    for read in (lambda text: day(text, NEAR), clock_time, clock_range, length, day_and_rest):
        read(text)


@pytest.mark.parametrize(
    ("said", "is_meant"),
    [
        ("half elf", "10:30"), ("kwart over tien", "10:15"), ("kwart voor elf", "10:45"), ("tien over half elf", "10:40"),
        ("half drie", "14:30"), ("3 uur 's middags", "15:00"), ("half acht 's avonds", "19:30"), ("9u", "09:00"),
        ("13 uur", "13:00"), ("1 pm", "13:00"), ("12:00 a.m.", "00:00"), ("middernacht", "00:00"), ("10,30", "10:30"),
        ("2027-01-28 13:00:00", "13:00"), ("10 uur 30", "10:30"), ("v.a. 10:00", "10:00"),
    ],
)  # fmt: skip
def test_spoken_times_are_parsed(said, is_meant):
    assert clock_time(said) == (time.fromisoformat(is_meant), None)


@pytest.mark.parametrize(
    "said", ["10.5", "10.3", "25:00", "13:60", "ooit", "", "24:00", "13:00 PM", "n.t.b.", "?"]
)
def test_ambiguous_or_invalid_times_are_refused(said):
    assert clock_time(said) is None


@pytest.mark.parametrize(
    "said", ["1/28/2027", "31-02-2027", "maart 2027", "2027", "ooit", "28 januari en 29 januari"]
)
def test_ambiguous_or_invalid_dates_are_refused(said):
    assert day(said, NEAR) is None


def test_date_without_year_is_the_nearest_and_wrong_weekday_is_reported():
    assert day("do 28 jan", NEAR).date == date(2027, 1, 28)
    assert not day("do 28 jan", NEAR).has_year
    assert day("28 december", NEAR).date == date(2026, 12, 28)
    assert day("28 jan") is None  # near what?
    assert day("vrijdag 28 januari 2027").wrong_weekday
    assert not day("donderdag 28 januari 2027").wrong_weekday


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("anderhalf uur", 90), ("drie kwartier", 45), ("een half uur", 30), ("1½ uur", 90), ("1,5 uur", 90), ("uur", 60),
        ("5 kwartier", 75), ("kwartier", 15), ("1 uur en een kwartier", 75), ("ca. 45 min", 45), ("0,75", 45), ("1.5", 90),
        ("45:00", 45), ("0:90", 90), ("twee uur", 120), ("90 minutes", 90),
    ],
)  # fmt: skip
def test_spoken_durations_are_parsed(said, minutes):
    assert length(said) == timedelta(minutes=minutes)


@pytest.mark.parametrize("said", ["", "0", "0:00", "-0:30", "1:75", "lang", "45 appels", "2 weken", None])
def test_invalid_durations_are_refused(said):
    assert length(said) is None


def test_spreadsheet_cells_are_read_as_shown():
    assert length(time(0, 45)) == timedelta(minutes=45)
    assert length(datetime(1899, 12, 31, 1, 30)) == timedelta(hours=25, minutes=30)
    assert length(datetime(1904, 1, 2)) == timedelta(days=1)
    assert length("2", unit="hour") == timedelta(hours=2)
    assert length("1:02:30") == timedelta(hours=1, minutes=3)
    assert length("1:02:30", in_schedule=True) == timedelta(days=1, hours=2, minutes=30)
    assert length("00:45:00", in_schedule=True) == timedelta(minutes=45)


@pytest.mark.parametrize(
    ("said", "begin", "end"),
    [
        ("13:00 - 13:45", "13:00", "13:45"), ("13.00–13.45 uur", "13:00", "13:45"), ("10u-11u", "10:00", "11:00"),
        ("van 10.00 tot 10.45 uur", "10:00", "10:45"), ("half elf - half twaalf", "10:30", "11:30"),
        ("1:00 PM - 2:00 PM", "13:00", "14:00"), ("20:00 t/m 22:00", "20:00", "22:00"), ("20:00-24:00", "20:00", "00:00"),
    ],
)  # fmt: skip
def test_time_range_in_one_cell_is_begin_and_end(said, begin, end):
    found = clock_range(said)

    assert clock_time(found[0])[0] == time.fromisoformat(begin)
    assert clock_time(found[1], is_end=True)[0] == time.fromisoformat(end)


@pytest.mark.parametrize("said", ["28-01-2027", "13:00", "10:00-", "01-2027", "Zaal 1 - Zaal 2"])
def test_invalid_range_is_none(said):
    assert clock_range(said) is None


@pytest.mark.parametrize(
    ("said", "rest"),
    [("28-01-2027 13:00", "13:00"), ("do 28 januari 2027, 13.00 - 13.45 uur", "13.00 - 13.45 uur"), ("28 jan om 9u", "9u")],
)  # fmt: skip
def test_date_with_time_is_split(said, rest):
    found, behind = day_and_rest(said, NEAR)

    assert (found.date, behind) == (date(2027, 1, 28), rest)
