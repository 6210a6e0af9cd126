"""Files that organisers take along, as a spreadsheet reads them."""

import csv
import io
from uuid import uuid4

from openpyxl import load_workbook


def with_names(browser, path, **data):
    """Ask for a list with names and say why; return the response."""
    return browser.post(path, data={"names": "y", "reason": "Naamkaartjes", "op": uuid4().hex, **data})


def as_csv(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_xlsx(answer):
    return [list(row) for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)]
