"""Realistic tables of Excel, LibreOffice and Google Sheets: parsed as intended, or an error with row, session
and a correct example.
"""

from datetime import date, time, timedelta

import pytest

from dagvandebuurt.programme.errors import AnotherKindOfFile, CannotBeRead
from tests.programme.real_files import DAY, Brought, at, ods, packed, table, workbook

HEAD = ("Titel", "Datum", "Begin", "Einde", "Zaal", "Sprekers")
WELCOME = ("Welkom", "28-01-2027", "13:00", "13:45", "Zaal 1", "Ada Voorbeeld")
READ = "Welkom: 28-01 13:00 - 13:45"
CELLS = ("Welkom", DAY, time(13), time(13, 45), "Zaal 1", "Ada Voorbeeld")


def hidden_rows(book):
    book.active.row_dimensions[3].hidden = True


def since_1904(book):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904


def hidden_sheet(book):
    book["Oud"].sheet_state = "hidden"


WELL_READ = {
    # what stands above, between and under the rows
    "sep= line": table("sep=;", HEAD, WELCOME),
    "sep= with a tab": table("sep=\t", HEAD, WELCOME, between="\t"),
    "sep= with a pipe, quoted": table('"sep=|"', HEAD, WELCOME, between="|"),
    "pipes": table(HEAD, WELCOME, between="|"),
    "a title with commas above": table("Programma, voorlopig, versie 3;;", "", HEAD, WELCOME),
    "a total under it": table(HEAD, WELCOME, "Totaal;1 sessie;;;;"),
    "the headings again on page two": table(HEAD, WELCOME, HEAD),
    "a day between the rows": table("Titel;Tijd;Zaal;Sprekers", "Donderdag 28 januari 2027;;;", "Welkom;13:00-13:45;Zaal 1;Ada Voorbeeld"),
    "a day above the headings": table("Dag 1: donderdag 28 januari 2027;;;", "Titel;Tijd;Zaal;Sprekers", "Welkom;13:00-13:45;Zaal 1;Ada Voorbeeld"),
    "every row quoted as one cell": table(f'"{";".join(HEAD)}"', f'"{";".join(WELCOME)}"'),
    "comma in one quoted cell": table(f'"{",".join(HEAD)}"', f'"{",".join(WELCOME)}"'),
    "a hundred empty columns": table(";".join(HEAD) + ";" * 300, ";".join(WELCOME) + ";" * 300),
    "old Macintosh line ends": table(HEAD, WELCOME, end="\r"),
    "UTF-16 with tabs, as Excel's Unicode text": table(HEAD, WELCOME, between="\t", encoding="utf-16"),
    # headings
    "headings explained": table("Titel *;Datum (dd-mm-jjjj);Begin\u00a0;Einde:;Zaal [naam];SPREKERS", WELCOME),
    "English headings": table("Session title,Date,Start time,End time,Room,Speakers", WELCOME, between=","),
    "a heading with a line break": table('"Titel";"Datum";"Begin\n(uu:mm)";Einde;Zaal;Sprekers', WELCOME),
    "a heading twice": table((*HEAD, "Titel"), (*WELCOME, "Iets anders")),
    # cells
    "date and time in one cell": table("Titel;Datum en tijd;Einde;Zaal;Sprekers", "Welkom;28-01-2027 13:00;13:45;Zaal 1;Ada Voorbeeld"),
    "begin and end as moments": table("Titel;Begin;Einde;Zaal;Sprekers", "Welkom;2027-01-28 13:00:00;2027-01-28 13:45:00;Zaal 1;Ada Voorbeeld"),
    "a day without a year": table(HEAD, ("Welkom", "do 28 jan", *WELCOME[2:])),
    "spaces that do not break": table(HEAD, tuple(f"\u00a0{cell}\u202f" for cell in WELCOME)),
    "an apostrophe that makes it text": table(HEAD, ("Welkom", "'28-01-2027", "'13:00", "13:45", "Zaal 1", "Ada Voorbeeld")),
    "numbers that lost their format": table(HEAD, ("Welkom", "46415", "0,541666666666667", "0,572916666666667", *WELCOME[4:])),
    "a length in words": table("Titel;Datum;Begin;Duur;Zaal;Sprekers", "Welkom;28-01-2027;13u;drie kwartier;Zaal 1;Ada Voorbeeld"),
    "a length in hours": table("Titel;Datum;Begin;Duur (uren);Zaal;Sprekers", "Welkom;28-01-2027;13u;0,75;Zaal 1;Ada Voorbeeld"),
    "a length of h:mm:ss": table("Titel;Datum;Begin;Duur;Zaal;Sprekers", "Welkom;28-1-2027;13:00;00:45:00;Zaal 1;Ada Voorbeeld"),
    "a length of mm:ss": table("Titel;Datum;Begin;Duur;Zaal;Sprekers", "Welkom;28-1-2027;13:00;45:00;Zaal 1;Ada Voorbeeld"),
    # workbooks
    "a title above": workbook(("Blad1", [["Programma Dag van de Buurt"], [], HEAD, CELLS], ["A1:F1"])),
    "a length as a time": workbook(("B", [("Titel", "Datum", "Begin", "Duur", "Zaal", "Sprekers"), ("Welkom", DAY, time(13), time(0, 45), *CELLS[4:])])),
    "moments in every cell": workbook(("B", [HEAD, ("Welkom", at(0), at(13), at(13, 45), *CELLS[4:])])),
    "days since 1904": workbook(("B", [HEAD, CELLS]), save=since_1904),
    "a day of its own above": workbook(("B", [["Titel", "Tijd", "Zaal", "Sprekers"], [DAY], ["Welkom", "13.00 - 13.45", *CELLS[4:]]], ["A2:D2"])),
    "a sheet of remarks first": workbook(("Leesmij", [["Let op", "Concept"]]), ("Programma", [HEAD, CELLS])),
    "a hidden sheet": workbook(("Programma", [HEAD, CELLS]), ("Oud", [HEAD, ("Oud", *CELLS[1:])]), save=hidden_sheet),
    "a sheet that was copied": workbook(("Programma", [HEAD, CELLS]), ("Programma (2)", [HEAD, CELLS])),
    "a CSV pasted in one column": workbook(("B", [[";".join(HEAD)], [";".join(WELCOME)]])),
    "LibreOffice": ods(("Blad1", [HEAD, CELLS])),
    "LibreOffice, with a title, empty rows and columns": ods(("Blad1", [
        ["Programma"], '<table:table-row table:number-rows-repeated="40"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>',
        HEAD, [*CELLS, '<table:table-cell table:number-columns-repeated="1018"/>'],
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'])),
    "a formula that was worked out as text": table(HEAD, ("'=\"Wel\"&\"kom\"", *WELCOME[1:])).replace(b"'=\"Wel\"&\"kom\"", b"Welkom"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WELL_READ)
def test_real_tables_are_parsed_as_intended(kind):
    brought = Brought(
        WELL_READ[kind], "programma.xlsx" if WELL_READ[kind].startswith(b"PK") else "programma.csv"
    )

    assert brought.errors == []
    assert brought.times == [READ]
    assert brought.sessions[0][3:] == ("Zaal 1", ["Ada Voorbeeld"])


DATES = [
    "28-01-27", "28-jan-27", "28-jan-2027", "do. 28 jan. 2027", "donderdag, 28 januari 2027", "Donderdag 28-01-2027",
    "2027/01/28", "28-01-2027 00:00", "28/1/2027", "Thursday 28 January 2027", "28 jan", "28.01.2027",
]  # fmt: skip


@pytest.mark.parametrize("said", DATES)
def test_date_notations_in_tables_are_parsed(said):
    assert Brought(table(HEAD, ("Welkom", said, *WELCOME[2:]))).times == [READ]


@pytest.mark.parametrize(
    "said", ["13u", "13 uur", "13.00u", "1:00 PM", "13:00 - 13:45", "13", "één uur 's middags"]
)
def test_time_notations_in_tables_are_parsed(said):
    brought = Brought(table("Titel;Datum;Begin;Duur", ("Welkom", "28-1-2027", said, "45 min")))

    assert brought.times == [READ]


def test_a_merged_cell_counts_for_all_its_rows():
    rows = [HEAD, ("Welkom", DAY, time(9), time(9, 30), "Zaal 1", "Ada Voorbeeld"), ("Groen", None, time(10), time(10, 45), "Zaal 1", "Bea"),
            ("Eten", None, None, None, "Zaal 2", "Cor"), ("Slot", None, time(16), time(16, 30), "Zaal 1", "Ada Voorbeeld")]  # fmt: skip

    brought = Brought(workbook(("B", rows, ["B2:B5", "C3:C4", "D3:D4"])))

    assert brought.errors == []
    assert brought.times == [
        "Welkom: 28-01 09:00 - 09:30", "Eten: 28-01 10:00 - 10:45", "Groen: 28-01 10:00 - 10:45", "Slot: 28-01 16:00 - 16:30",
    ]  # fmt: skip


def test_a_merged_cell_of_libreoffice_counts_for_all_its_rows():
    spans = '<table:table-cell office:value-type="date" office:date-value="2027-01-28" table:number-rows-spanned="2"><text:p>28-01-27</text:p></table:table-cell>'
    rows = [
        HEAD,
        ["Welkom", spans, *CELLS[2:]],
        ["Groen", "<table:covered-table-cell/>", time(14), time(15), "Zaal 1", "Bea"],
    ]

    assert Brought(ods(("B", rows)), "p.ods").times == [READ, "Groen: 28-01 14:00 - 15:00"]


@pytest.mark.parametrize("said", ["afgelast", "Geannuleerd", "vervalt", "gaat niet door"])
def test_cancellation_is_recognised_in_every_wording(said):
    [session] = Brought(table((*HEAD, "Status"), (*WELCOME, said))).plan.sessions.values()

    assert session.status.value == "cancelled"


@pytest.mark.parametrize(
    ("said", "languages"),
    [
        ("Nederlands", ["nl"]),
        ("Nederlands en Engels", ["nl", "en"]),
        ("NL/TR", ["nl", "tr"]),
        ("Oekraïens", ["uk"]),
    ],
)
def test_languages_are_recognised_by_name(said, languages):
    [session] = Brought(table((*HEAD, "Taal"), (*WELCOME, said))).plan.sessions.values()

    assert session.languages == languages


@pytest.mark.parametrize("said", ["40", "40,0", "40 personen"])
def test_capacity_is_parsed_with_a_unit(said):
    [session] = Brought(table((*HEAD, "Plekken"), (*WELCOME, said))).plan.sessions.values()

    assert session.capacity == 40


def test_session_in_merged_rows_is_one_session():
    rows = [HEAD, CELLS, (None,) * 6, ("Slot", DAY, time(16), time(17), "Zaal 1", "")]
    merged = [f"{column}2:{column}3" for column in "ABCDEF"]

    assert len(Brought(workbook(("B", rows, merged))).sessions) == 2


def test_one_sheet_per_day_is_read_and_reported():
    friday = ("Slot", date(2027, 1, 29), time(16), time(17), "Zaal 1", "")
    brought = Brought(workbook(("Donderdag", [HEAD, CELLS]), ("Vrijdag", [HEAD, friday])))

    assert brought.times == [READ, "Slot: 29-01 16:00 - 17:00"]
    assert "meer dan één blad" in brought.repairs


def test_hidden_rows_are_read_and_reported():
    brought = Brought(workbook(("B", [HEAD, CELLS, ("Verstopt", *CELLS[1:])]), save=hidden_rows))

    assert len(brought.sessions) == 2
    assert "verborgen rij" in brought.repairs


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (table("Titel;Datum;Begin;Beschrijving", 'Eerste;28-1-2027;13:00;"een\ntwee\ndrie"', "Tweede;;14:00;"),
         (3, "Tweede", "Datum is niet te lezen", "28-01-2027")),
        (table("sep=;", HEAD, "", ("Laat", "28-1-2027", "25:00", "", "", "")), (3, "Laat", "Begin is niet te lezen", "13:45")),
        (table("Programma", "", "", HEAD, ("Raar", "1/28/2027", "13:00", "", "", "")),
         (5, "Raar", "Datum is niet te lezen", "28-01-2027")),
        (table(HEAD, ("Twee tijden", "28-1-2027", "10.5", "", "", "")), (2, "Twee tijden", "Begin is niet te lezen", "13:45")),
        (table(HEAD, ("Fout", "#N/B", "13:00", "", "", "")), (2, "Fout", "foutwaarde in Datum", "28-01-2027")),
        (workbook(("B", [HEAD, CELLS, (None, DAY, time(9), None, "Zaal 1", "")])), (3, "", "rij zonder titel", "Wie ruimt wat op?")),
    ],
)  # fmt: skip
def test_error_names_visible_row_session_and_correct_example(content, error):
    assert error in Brought(content).errors


def test_formula_without_cached_value_is_reported():
    [error, *_] = Brought(workbook(("B", [HEAD, ("Welkom", DAY, "=13/24", *CELLS[3:])]))).errors

    assert "formule zonder uitkomst in Begin" in error[2]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("vrijdag 28 januari 2027", "dag van de week klopt niet"), ("28 jan", "datum zonder jaar"), ("46415", "datum als getal"),
    ],
)  # fmt: skip
def test_reading_of_an_unusual_date_is_reported(said, what):
    assert what in Brought(table(HEAD, ("Welkom", said, *WELCOME[2:]))).repairs


def test_end_that_contradicts_the_duration_is_reported():
    brought = Brought(table("Titel;Datum;Begin;Einde;Duur", "Welkom;28-1-2027;13:00;13:45;60"))

    assert (brought.times, brought.repairs) == ([READ], ["duur en einde verschillen"])


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman", "utf-16", "utf-8"])
def test_legacy_encodings_are_decoded(encoding):
    content = table(
        HEAD, ("Één café vóór de buurt", *WELCOME[1:4], "Zaal René", "Zoë Coördinatie"), encoding=encoding
    )

    [session] = Brought(content).sessions

    assert (session[0], session[3], session[4]) == (
        "Één café vóór de buurt",
        "Zaal René",
        ["Zoë Coördinatie"],
    )


def test_mojibake_is_repaired_and_reported():
    twice = table(HEAD, ("Één café", *WELCOME[1:]), encoding="utf-8").decode("cp1252").encode()
    brought = Brought(twice)

    assert brought.sessions[0][0] == "Één café"
    assert brought.repairs == ["lettertekens"]


# --- the same session ---

REPEAT = [("Solderen", "6-2-2027", "16:00", "17:00", "Zaal 1", ""), ("Solderen", "7-2-2027", "14:00", "15:00", "Zaal 1", ""),
          ("Slot", "7-2-2027", "17:00", "18:00", "Zaal 1", "")]  # fmt: skip


@pytest.mark.parametrize("left_out", [0, 1])
def test_of_a_session_held_twice_the_removed_one_is_identified(left_out):
    before = Brought(table(HEAD, *REPEAT))
    left = [row for place, row in enumerate(REPEAT) if place != left_out]
    after = Brought(table(HEAD, *left), over=before.plan)

    assert [title for title, _when in after.gone] == ["Solderen"]
    assert after.gone[0][1].startswith(["06-02", "07-02"][left_out])
    assert after.outcome.changes == []


def test_row_numbers_are_not_used_as_session_ids():
    rows = [("Nr", *HEAD), ("1", *WELCOME), ("2", "Slot", "28-01-2027", "16:00", "17:00", "Zaal 1", "")]
    before = Brought(table(*rows))
    more = [
        rows[0],
        ("1", "Vroeg", "28-01-2027", "9:00", "10:00", "Zaal 2", ""),
        ("2", *rows[1][1:]),
        ("3", *rows[2][1:]),
    ]
    after = Brought(table(*more), over=before.plan)

    assert [(each.is_new, each.names) for each in after.outcome.sessions if not each.is_new] == []
    assert len(after.sessions) == 3
    assert Brought(table(*more), over=after.plan).outcome.changes == []


# --- another kind of file ---

PASSWORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "p.xls", "Opslaan als, en dan Excel-werkmap (.xlsx)"),
        (PASSWORD, "p.xlsx", "Bewaar het zonder wachtwoord"),
        (packed(**{"mimetype": "x", "content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"}), "p.odt", "tekst uit LibreOffice"),
        (ods().replace(b"office:body", b"office:niet"), "p.ods", "beschadigd"),
        (packed(**{"xl/workbook.bin": "x"}), "p.xlsb", "Excel-werkmap (.xlsx)"),
        (packed(**{"Index/Document.iwa": "x"}), "p.numbers", "Excel-werkmap (.xlsx)"),
        (packed(**{"programma.csv": "Titel;Datum;Begin"}), "programma.csv", "Pak hem uit"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         "p.xls", "Excel-werkmap (.xlsx)"),
        (b'{"url":"https://docs.example/x","doc_id":"abc","email":"x"}', "p.gsheet", "Downloaden"),
        (b"<table><tr><td>Titel</td></tr></table>", "p.xls", "webpagina"),
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", "p.csv", "agendabestand"),
        (b"\xef\xbb\xbf", "p.csv", "leeg"),
        (b"Datum;Begin;Einde\n28-1-2027;13:00;14:00", "p.csv", "mist de kolom Titel."),
        (b"Titel;Begin;Einde\nWelkom;13:00;14:00", "p.csv", "mist de kolom Datum."),
        (b"Titel;Datum;Zaal\nWelkom;28-1-2027;Linde", "p.csv", "mist de kolom Begin."),
    ],
)  # fmt: skip
def test_unsupported_file_type_is_refused_with_advice(content, name, words):
    with pytest.raises((AnotherKindOfFile, CannotBeRead)) as refused:
        Brought(content, name)

    sentence = str(refused.value.message)
    assert words in sentence
    assert 3 <= len(sentence.split()) <= 24


def test_csv_with_xlsx_extension_is_read():
    assert Brought(table(HEAD, WELCOME), "programma.xlsx").times == [READ]


def test_durations_past_a_day_are_read_as_shown():
    rows = [("Titel", "Datum", "Begin", "Duur"), ("Expositie", DAY, time(9), timedelta(hours=30))]
    [session] = Brought(workbook(("B", rows))).plan.sessions.values()

    assert session.ends_at - session.starts_at == timedelta(hours=30)


def test_names_separated_by_commas_are_reported():
    brought = Brought(table(HEAD, (*WELCOME[:5], "Ada Voorbeeld, Bea Voorbeeld")))

    assert brought.sessions[0][4] == ["Ada Voorbeeld, Bea Voorbeeld"]
    assert brought.repairs == ["misschien meer dan één naam"]


def test_hundreds_of_sessions_with_one_title_are_matched():
    rows = [("Pauze", f"{day}-1-2027", f"{hour}:{minute:02}", "", f"Zaal {minute}", "") for day in range(1, 11)
            for hour in range(8, 18) for minute in range(0, 60, 15)]  # fmt: skip
    before = Brought(table(HEAD, *rows))
    after = Brought(table(HEAD, *rows[:-1]), over=before.plan)

    assert len(before.plan.sessions) == 400
    assert (after.outcome.changes, len(after.gone)) == ([], 1)
