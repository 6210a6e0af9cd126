"""Numbers: given for one day, proved by a code, encrypted, stopped by STOP, and gone the day after."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.sms import jobs, privacy
from dagvandebuurt.sms.models import SmsNumber, SmsNumberUse, SmsStatus
from dagvandebuurt.sms.parts import fitting, parts_of, plain, septets
from dagvandebuurt.sms.phone_numbers import mobile
from dagvandebuurt.sms.sealing import number_of
from tests.sms.conftest import SECRET

MINE = "/mijn/sms"


def numbers(app):
    with app.app_context():
        return [(number_of(row), row.proven_at is not None) for row in db.session.scalars(select(SmsNumber))]


@pytest.mark.parametrize(
    "typed",
    ["0612345678", "06 12345678", "06-12 34 56 78", "+31 6 12345678", "0031612345678", "+31 (0)6 12345678", " 06.12.34.56.78 "],
)  # fmt: skip
def test_a_mobile_number_is_read_in_every_notation(typed):
    assert mobile(typed) == "+31612345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "sms.no_mobile_number"), ("bel mij", "sms.no_mobile_number"), ("0612", "sms.no_mobile_number"),
        ("0201234567", "sms.no_mobile_number"), ("06123456789012", "sms.no_mobile_number"), ("6" * 5000, "sms.no_mobile_number"),
        ("0900-1234", "sms.premium"), ("0906 1234567", "sms.premium"), ("+32 470 12 34 56", "sms.not_dutch"),
        ("+1 900 555 0100", "sms.not_dutch"), ("+88213300000", "sms.not_dutch"), ("112", "sms.no_mobile_number"),
    ],
)  # fmt: skip
def test_any_other_number_is_refused_with_the_reason(typed, code):
    with pytest.raises(RuleBroken) as refused:
        mobile(typed)
    assert refused.value.code == code


def test_a_number_is_given_proved_by_its_code_and_gets_no_second_question(
    app, make, edition, gateway, proven
):
    noor = make.browser(make.person("Noor"))
    assert "Krijg een sms" in noor.get("/mijn/instellingen/berichten").text

    proven(noor)

    assert numbers(app) == [("+31612345678", True)]
    [sent] = gateway.messages
    assert (sent["recipients"], sent["encoding"], sent["route"]) == (["31612345678"], "plain", "business")
    assert "06 •• •• •• 78" in noor.get(MINE).text
    assert "06 •• •• •• 78" in noor.get("/mijn/instellingen/berichten").text


def test_a_guest_without_an_address_can_too(app, make, edition, proven):
    proven(make.browser(make.guest("Sjaan")))

    assert numbers(app) == [("+31612345678", True)]


def test_what_was_typed_survives_a_refusal_that_says_why(app, make, edition, gateway):
    noor = make.browser(make.person("Noor"))

    answer = noor.post(MINE, data={"number": "020 1234567"})

    assert (answer.status_code, 'value="020 1234567"' in answer.text) == (422, True)
    assert "geen mobiel nummer" in answer.text
    assert numbers(app) == []


def test_without_a_gateway_nothing_is_shown_and_nothing_is_there(app, make, edition):
    noor = make.browser(make.person("Noor"))

    assert "sms" not in noor.get("/mijn/instellingen/berichten").text.lower()
    assert noor.get(MINE).status_code == 404
    assert noor.post(MINE, data={"number": "0612345678"}).status_code == 404
    assert jobs.send_sms(app) == 0


def test_once_the_day_is_over_no_number_is_asked(app, make, edition, gateway, wait):
    noor = make.browser(make.person("Noor"))
    assert noor.get(MINE).status_code == 200

    wait(days=3)

    assert noor.get(MINE).status_code == 404


def test_a_wrong_code_is_counted_and_the_sixth_works_no_more(app, make, edition, gateway, messages):
    noor = make.browser(make.person("Noor"))
    noor.post(MINE, data={"number": "0612345678"})
    code = re.search(r"\d{6}", messages()[0].text)[0]
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    answers = [noor.post(f"{MINE}/code", data={"code": wrong}) for _ in range(5)]
    last = noor.post(f"{MINE}/code", data={"code": code})

    assert [answer.status_code for answer in answers] == [422] * 5
    assert ("klopt niet" in answers[0].text, "werkt niet meer" in last.text) == (True, True)
    assert numbers(app) == [("+31612345678", False)]


def test_a_code_of_a_quarter_of_an_hour_ago_works_no_more(app, make, edition, gateway, messages, wait):
    noor = make.browser(make.person("Noor"))
    noor.post(MINE, data={"number": "0612345678"})
    code = re.search(r"\d{6}", messages()[0].text)[0]

    wait(minutes=16)

    assert "werkt niet meer" in noor.post(f"{MINE}/code", data={"code": code}).text


def test_one_number_gets_three_codes_a_day_whoever_asks(app, make, edition, gateway, messages, wait):
    """A troll cannot have somebody's phone ring all day: taking the number back and other accounts change nothing."""
    for name in "abc":
        browser = make.browser(make.guest(name))
        assert browser.post(MINE, data={"number": "0612345678"}).status_code == 303
        browser.post(f"{MINE}/weg")
    answer = make.browser(make.guest("d")).post(MINE, data={"number": "0612345678"})
    assert (answer.status_code, "drie codes" in answer.text) == (429, True)

    now = wait(hours=12)
    with app.app_context(), transaction():
        db.session.execute(update(Edition).values(ends_at=now + timedelta(hours=3)))

    assert make.browser(make.guest("e")).post(MINE, data={"number": "0612345678"}).status_code == 303


def test_another_number_takes_the_place_of_the_first_and_has_to_be_proved_itself(app, make, edition, proven):
    noor = make.browser(make.person("Noor"))
    proven(noor)
    noor.post(f"{MINE}/weg")
    noor.post(MINE, data={"number": "0687654321"})

    assert numbers(app) == [("+31687654321", False)]


def test_above_the_most_of_a_day_it_says_so(app, make, edition, gateway):
    app.config["SMS_PER_DAY"] = 1
    make.browser(make.guest("a")).post(MINE, data={"number": "0612345678"})

    answer = make.browser(make.guest("b")).post(MINE, data={"number": "0687654321"})

    assert (answer.status_code, "Probeer het morgen weer" in answer.text) == (409, True)


def test_stop_ends_it_for_whoever_gave_the_number_and_start_lifts_that(app, make, edition, gateway, proven):
    noor = make.browser(make.person("Noor"))
    proven(noor)
    phone = make.browser()
    incoming = f"/sms/{SECRET}/binnen"

    assert phone.post(incoming, json={"originator": "31612345678", "body": "bedankt!"}).status_code == 204
    assert len(numbers(app)) == 1
    assert phone.get(f"{incoming}?ORIGINATOR=31612345678&BODY=Stop.").status_code == 204
    assert phone.get(f"{incoming}?ORIGINATOR=31612345678&BODY=Stop.").status_code == 204

    assert numbers(app) == []
    refused = noor.post(MINE, data={"number": "0612345678"})
    assert (refused.status_code, "kregen we STOP" in refused.text) == (409, True)
    phone.post(incoming, data={"originator": "+31612345678", "payload": "START"})
    assert noor.post(MINE, data={"number": "0612345678"}).status_code == 303


def test_only_who_knows_the_secret_is_heard(app, make, edition, gateway, proven):
    proven(make.browser(make.person("Noor")))

    for secret in ("x", "geheim", SECRET[:-1], SECRET.upper()):
        answer = make.browser().get(f"/sms/{secret}/binnen?originator=31612345678&body=STOP")
        assert answer.status_code == 404

    assert len(numbers(app)) == 1


def test_the_database_holds_no_number_and_says_not_whose(app, make, edition, proven):
    proven(make.browser(make.person("Noor")))

    with app.app_context():
        rows = [
            db.session.execute(select(table)).all() for table in (SmsNumber.__table__, SmsNumberUse.__table__)
        ]
    assert "612345678" not in repr(rows)
    assert rows[0][0].sealed.int != 31612345678


def test_two_rows_of_one_number_do_not_look_alike(app, make, edition, proven):
    for name in "ab":
        proven(make.browser(make.guest(name)))

    with app.app_context():
        first, second = db.session.scalars(select(SmsNumber)).all()
        assert first.sealed != second.sealed
        assert number_of(first) == number_of(second)


def test_the_day_after_numbers_messages_and_the_key_are_gone(app, make, edition, proven, messages, wait):
    proven(make.browser(make.person("Noor")))
    keys = app.config["KEY_FOLDER"]
    before = len(list(Path(keys).iterdir()))
    now = wait(days=3)
    with app.app_context(), transaction():
        db.session.execute(update(Edition).values(ends_at=now - timedelta(hours=23)))
        assert privacy.numbers_of_a_day_that_is_over.tidy(now - timedelta(days=1)) == 0
    assert len(numbers(app)) == 1

    now = wait(hours=2)
    with app.app_context(), transaction():
        assert privacy.numbers_of_a_day_that_is_over.tidy(now - timedelta(days=1)) == 1

    assert (numbers(app), messages()) == ([], [])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SmsNumberUse)) == 0
    assert len(list(Path(keys).iterdir())) == before - 1


def test_its_owner_takes_it_along_and_the_guests_moves_into_the_account(app, make, edition, proven):
    guest, noor = make.guest("Noor"), make.person("Noor")
    proven(make.browser(guest))
    with app.app_context():
        assert [row["number"] for row in my_data(guest.id)["sms_number"]] == ["+31612345678"]

    with app.app_context(), transaction():
        assert account_merging.merge(guest.id, noor.id, now=clock.now())

    with app.app_context():
        assert [row["number"] for row in my_data(noor.id)["sms_number"]] == ["+31612345678"]


def test_a_text_is_counted_in_the_characters_that_a_phone_counts():
    assert [parts_of("a" * 160), parts_of("a" * 161), parts_of("a" * 306), parts_of("a" * 307)] == [
        1,
        2,
        2,
        3,
    ]
    assert septets("€ [x]") == 8
    assert plain("‘Café’ – naïef… ş ☕") == "'Café' - naief... s ?"
    assert septets(fitting("é" * 200, 100)) == 100
    assert parts_of(plain("ë" * 160)) == 1


def test_a_status_that_is_stored_has_a_word_for_each():
    assert len(SmsStatus) == 7
