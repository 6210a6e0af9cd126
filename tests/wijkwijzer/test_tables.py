"""Table of offers: public export, import by the learning coordinator."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Place
from dagvandebuurt.wijkwijzer.models import LearningOffer, OfferForm, OfferStatus
from tests.programme.real_files import workbook

BRING = "/wijkwijzer/regie/aanbod/inlezen"
HEAD = "Titel;Organisatie;Wat je leert;Soort;Waar;Kosten;Duur"
NEW = "Leren luisteren;Buurtwerk;Je leert luisteren.;Workshop of masterclass;Online;gratis;een avond"


@pytest.fixture
def desk(make):
    return make.browser(make.person("Naima", roles=["learning_coordinator"]))


def table(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


def send(desk, path, name, content):
    """Post a form as a browser does."""
    head = f'--grens\r\nContent-Disposition: form-data; name="{name}"'
    body = head.encode() + content + b"\r\n--grens--\r\n"
    return desk.post(path, data=body, content_type="multipart/form-data; boundary=grens")


def show(desk, content):
    return send(desk, BRING, "file", b'; filename="aanbod.csv"\r\n\r\n' + content)


def text_in(page):
    """Return the text that the page carries on."""
    return html.unescape(re.search(r'name="text" value="([^"]*)"', page.text)[1])


def counts(page):
    return [int(each) for each in re.search(r"(\d+) nieuw, (\d+) veranderd, (\d+) hetzelfde, (\d+) fout", page.text).groups()]  # fmt: skip


def store(desk, page):
    return send(desk, f"{BRING}/opslaan", "text", b"\r\n\r\n" + text_in(page).encode())


def number_of_offers(make):
    with make.context():
        return db.session.scalar(select(func.count()).select_from(LearningOffer))


def test_export_has_public_offers_without_formulas(make):
    make.learning_offer(title="=CMD()", contact="iemand@voorbeeld.nl")
    make.learning_offer(title="Nog geheim", status=OfferStatus.SUBMITTED)
    answer = make.browser().get("/wijkwijzer/aanbod.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))

    assert [(row["Titel"], row["Soort"], row["Waar"]) for row in rows] == [("'=CMD()", "Cursus of training", "Online")]  # fmt: skip
    assert "iemand@" not in answer.text
    assert "/wijkwijzer/aanbod.csv" in make.browser().get("/wijkwijzer/aanbod").text


def test_reimporting_exported_offers_changes_nothing(make, desk):
    theme, place, body = (
        make.theme("Wonen"),
        make.store(Place(code="vliet", name="Vliet", kind="municipality")),
        make.organisation("Woonbond"),
    )
    make.learning_offer(
        title="=CMD()", summary="Eerst dit.\n\nDan 'dat'; en \"meer\".", themes=[theme], place_id=place.id,
        provider_id=body.id, provider_name="Woonbond", audience=["resident", "administrator"], domains=["police", "housing"], language_level="B1",
    )  # fmt: skip
    page = show(desk, make.browser().get("/wijkwijzer/aanbod.csv").data)

    assert counts(page) == [0, 0, 1, 0]
    assert "Alles stond er al zo." in page.text


@pytest.mark.parametrize(("encoding", "between"), [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", "\t")])
def test_import_of_offers_is_previewed_and_idempotent(make, desk, encoding, between):
    content = table(HEAD, NEW.replace("luisteren.", "één ding."), encoding=encoding).replace(
        b";", between.encode()
    )
    page = show(desk, content)

    assert counts(page) == [1, 0, 0, 0]
    assert number_of_offers(make) == 0
    assert store(desk, page).status_code == 303
    with make.context():
        offer = db.session.scalars(select(LearningOffer)).one()
        assert (offer.title, offer.summary, offer.form, offer.status) == (
            "Leren luisteren", "Je leert één ding.", OfferForm.WORKSHOP, OfferStatus.CHECKED,
        )  # fmt: skip
    assert counts(show(desk, content)) == [0, 0, 1, 0]
    store(desk, page)  # the button pressed twice
    assert number_of_offers(make) == 1
    assert "Leren luisteren" not in make.browser().get("/wijkwijzer/aanbod").text


def test_more_than_five_offers_import_at_once_with_unique_numbers(make, desk):
    page = show(
        desk, table(HEAD, *(NEW.replace("luisteren;", f"luisteren {each};", 1) for each in range(40)))
    )
    store(desk, page)

    assert counts(page) == [40, 0, 0, 0]
    assert number_of_offers(make) == 40


def test_import_changes_only_the_columns_given(make, desk):
    offer = make.learning_offer(title="Koken", contact="020 123", cost="gratis", url="https://voorbeeld.nl/a")
    page = show(
        desk, table("Nummer;Titel;Organisatie;Kosten", f"{offer.number};Samen koken;Buurtwerk;vijf euro")
    )

    assert counts(page) == [0, 1, 0, 0]
    assert "Titel, Kosten" in page.text
    store(desk, page)
    with make.context():
        now = db.session.get_one(LearningOffer, offer.id)
        assert (now.title, now.cost, now.contact, now.url) == ("Samen koken", "vijf euro", "020 123", "https://voorbeeld.nl/a")  # fmt: skip
        assert now.status is OfferStatus.PUBLISHED


def test_one_invalid_offer_rejects_the_import_and_is_named(make, desk):
    make.learning_offer(title="Gestopt", provider_name="Wij", status=OfferStatus.ARCHIVED)
    page = show(
        desk,
        table(
            HEAD + ";Nummer;Webadres", NEW, NEW, NEW.replace("Online", "Op de maan").replace("Leren", "Ooit"),
            "Leeg;Wij;;Bezoek;Online;x;y", "Ander;Wij;a;Bezoek;Online;x;y;999", "Web;Wij;a;Bezoek;Online;x;y;;javascript:x",
            "Gestopt;Wij;Anders;Bezoek;Online;x;y", "Kort",
        ),
    )  # fmt: skip

    assert counts(page) == [1, 0, 0, 7]
    assert page.text.index("Rij 9") < page.text.index("Rij 2<")  # what is wrong comes first
    for sentence in (
        "Rij 3", "hetzelfde aanbod als op rij 2", "Waar: Op de maan kennen we niet.", "Schrijf op wat je ervan leert.",
        "geen aanbod met dit nummer", "Een webadres begint met https://", "Dit aanbod is gestopt", "Rij 9",
    ):  # fmt: skip
        assert sentence in html.unescape(page.text), sentence
    assert 'name="text"' not in page.text
    answer = desk.post(f"{BRING}/opslaan", data={"text": f"{HEAD}\n{NEW}\n{NEW}"})
    assert answer.status_code == 422
    assert number_of_offers(make) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Dit bestand is leeg."),
        (b"\x00\xff\xfe" * 50, "missen de kolommen"),
        (b"PK\x03\x04" + b"\x00" * 90, "beschadigd of beveiligd"),
        (table("Naam;Prijs", "a;b"), "missen de kolommen"),
        (table(HEAD, '"open;b'), "Op regel 2"),
        (table(HEAD, *["a;b"] * 2_001), "meer dan 2000 regels"),
        (b"a" * 1_000_001, "groter dan 1 MB"),
    ],
)
def test_file_other_than_a_table_of_offers_is_refused(desk, content, sentence):
    answer = show(desk, content)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_file_of_a_megabyte_can_be_previewed_and_imported(make, desk):
    long = "Je leert één ding. " * 50
    lines = [f"Cursus {each};Wij;{long};Bezoek;Online;gratis;kort" for each in range(900)]
    page = show(desk, table(HEAD, *lines, encoding="cp1252"))

    assert counts(page) == [900, 0, 0, 0]
    assert store(desk, page).status_code == 303
    assert number_of_offers(make) == 900


REAL = {
    "sep= line": table("sep=;", HEAD, NEW),
    "bars": table(HEAD.replace(";", "|"), NEW.replace(";", "|")),
    "a title above": table("Leeraanbod 2027;;", "", HEAD, NEW),
    "headings explained": table(HEAD.replace("Titel", "Titel *").replace("Kosten", "Kosten (euro)"), NEW),
    "the headings twice": table(HEAD, NEW, HEAD),
    "every row in one cell": table(f'"{HEAD}"', f'"{NEW}"'),
    "a workbook": workbook(("Blad1", [HEAD.split(";"), NEW.split(";")])),
    "a workbook with a title and a sheet of remarks": workbook(
        ("Leesmij", [["Concept"]]),
        ("Aanbod", [["Leeraanbod"], [], HEAD.split(";"), NEW.split(";")], ["A1:G1"]),
    ),
}


@pytest.mark.parametrize("kind", REAL)
def test_real_tables_of_offers_are_parsed_as_intended(make, desk, kind):
    page = show(desk, REAL[kind])

    assert counts(page) == [1, 0, 0, 0]
    store(desk, page)
    with make.context():
        offer = db.session.scalars(select(LearningOffer)).one()
        assert (offer.title, offer.provider_name, offer.form) == (
            "Leren luisteren",
            "Buurtwerk",
            OfferForm.WORKSHOP,
        )


def test_invalid_row_is_named_by_its_spreadsheet_number(desk):
    wrong = NEW.replace("Online", "#N/B").replace("Leren", "Beter")
    page = show(
        desk,
        table(
            "sep=;",
            "Leeraanbod",
            "",
            HEAD,
            NEW.replace("Je leert", '"Je\nleert').replace("luisteren.;", 'luisteren.";'),
            wrong,
        ),
    )

    assert counts(page)[3] == 1
    assert "Rij 5" in page.text
    assert "Waar: #N/B is een fout in je bestand." in html.unescape(page.text)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Excel-werkmap (.xlsx)"),
        (b"%PDF-1.7", "een PDF"),
        (b"<html><p>x", "een webpagina"),
    ],
)
def test_unsupported_file_type_is_refused_with_advice(desk, content, words):
    answer = show(desk, content)

    assert (answer.status_code, words in answer.text) == (422, True)
