"""Template of the import table: headings, one example row, and the accepted values of each column."""

import io

import xlsxwriter

from dagvandebuurt.core.spreadsheets import csv_bytes
from dagvandebuurt.programme.exchange.columns import COLUMNS
from dagvandebuurt.programme.exchange.table_rows import EXPLANATION
from dagvandebuurt.programme.exchange.tables import example_row, headings


def template_csv() -> bytes:
    """Return the template as CSV. The example row has the number `voorbeeld` and is never read as a session."""
    return csv_bytes(headings(), [example_row()])


def template_xlsx() -> bytes:
    """Return the template as XLSX, with a second sheet that explains the columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    grey = book.add_format({"italic": True, "font_color": "#595959"})
    sheet = book.add_worksheet("Programma")
    for place, (heading, example) in enumerate(zip(headings(), example_row(), strict=True)):
        sheet.write_string(0, place, heading, bold)
        sheet.write_string(1, place, str(example), grey)
        sheet.set_column(place, place, max(len(heading), len(str(example)), 10) + 2)
    sheet.freeze_panes(1, 0)
    words = book.add_worksheet("Uitleg")
    for place, heading in enumerate(EXPLANATION):
        words.write_string(0, place, heading, bold)
        words.set_column(place, place, (18, 90, 50)[place])
    for row, column in enumerate(COLUMNS, start=1):
        for place, text in enumerate((column.heading, column.help, ", ".join(column.others))):
            words.write_string(row, place, text)
    book.close()
    return out.getvalue()
