"""A name or number left at a stand: without an account, read by who keeps that stand and by nobody else."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.sealed_text import open_text, seal_text
from dagvandebuurt.market.fields import phone_number
from dagvandebuurt.market.models import MarketContact
from dagvandebuurt.people import jobs
from tests.factories import START
from tests.market.conftest import holder

LEFT = {"name": "Fatma", "phone": "06 12 34 56 78", "email": "", "line": "Ik wil helpen koken."}


def leave(visitor, stand, **fields):
    return visitor.post(f"/markt/{stand.slug}/briefje", data=LEFT | fields)


def notes(keeper, stand):
    return keeper.get(f"/kraam/{stand.slug}/briefjes").text


def test_a_visitor_without_an_account_leaves_a_number_and_the_stand_reads_it(make, stand):
    gerda = holder(make, stand)

    answer = leave(make.browser(), stand)

    assert answer.status_code == 303
    assert "Fatma" in notes(gerda, stand)
    assert 'href="tel:0612345678"' in notes(gerda, stand)
    assert "1 briefje van een bezoeker" in gerda.get(f"/kraam/{stand.slug}").text


def test_holders_of_another_stand_organisers_and_admins_read_none(make, stand):
    leave(make.browser(), stand)
    other = make.stand(make.edition().id, "De muurkrant")
    others = [
        holder(make, other, "Bo"),
        make.browser(make.person("Ans", roles=["organiser"])),
        make.browser(make.person("Ada", roles=["admin"])),
        make.browser(),
    ]

    for each in others:
        assert each.get(f"/kraam/{stand.slug}/briefjes").status_code in (302, 303, 401, 403)
    assert "1 briefje van een bezoeker" in others[1].get("/organisatie/markt").text
    assert "Fatma" not in others[1].get("/organisatie/markt").text
    assert "Fatma" in notes(holder(make, stand), stand)


def test_the_database_holds_no_name_number_or_sentence(app, make, stand):
    leave(make.browser(), stand)

    with app.app_context():
        rows = db.session.execute(text("SELECT * FROM market_contact")).all()
        held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in rows[0])

    assert len(rows) == 1
    for word in ("Fatma", "0612345678", "12 34", "koken"):
        assert word.encode() not in held


def test_what_is_sealed_opens_for_its_own_row_and_stand_alone(app):
    room, thing = uuid4(), uuid4()
    with app.app_context():
        sealed = seal_text(room, thing, "Fatma")
        assert open_text(room, thing, sealed) == "Fatma"
        assert open_text(room, uuid4(), sealed) is None
        assert open_text(uuid4(), thing, sealed) is None
        assert open_text(room, thing, sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]) is None
        assert sealed != seal_text(room, thing, "Fatma")
        assert len(sealed) == len(seal_text(room, thing, "Muhammad-Ali van den Berg"))
        pseudonyms.destroy_key(room)
        assert open_text(room, thing, sealed) is None


def test_the_same_form_sent_twice_leaves_one_note(make, stand):
    visitor, gerda = make.browser(), holder(make, stand)

    first, second = (leave(visitor, stand, op="eenmaal-is-genoeg") for _ in "ab")

    assert first.location == second.location
    assert notes(gerda, stand).count("Fatma") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"phone": "", "email": ""}, "Een van de twee is genoeg"),
        ({"phone": "12"}, "Dit is geen telefoonnummer"),
        ({"email": "fatma"}, "Dit is geen e-mailadres"),
        ({"name": "a" * 101}, "Houd het bij 100 tekens"),
    ],
)
def test_what_cannot_be_reached_is_refused_and_stays_typed(make, stand, typed, words):
    answer = leave(make.browser(), stand, **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Ik wil helpen koken."' in answer.text
    assert "Er ligt nu geen briefje" in notes(holder(make, stand), stand)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("06-12345678", "0612345678"),
        ("+31 (0)6 12345678", "0612345678"),
        ("0031612345678", "0612345678"),
        ("020 123 45 67", "0201234567"),
        ("0800-2000", "08002000"),
        ("+32 2 555 12 34", "+3225551234"),
        ("112", None),
        ("0612", None),
        ("06123456789", None),
        ("bel mij", None),
        ("06\n12345678", None),
        ("٠٦١٢٣٤٥٦٧٨", None),
        ("+", None),
    ],
)
def test_numbers_are_read_as_people_write_them(written, read):
    assert phone_number(written) == read


def test_its_writer_finds_it_back_and_takes_it_away(make, stand):
    visitor, gerda = make.browser(), holder(make, stand)
    own = leave(visitor, stand).location

    assert "0612345678" in visitor.get(own).text
    assert visitor.get(own).headers["Referrer-Policy"] == "no-referrer"
    assert "Fatma" in notes(gerda, stand)
    visitor.post(f"{own}/weg")

    assert "Dit briefje is er niet meer" in visitor.get(own).text
    assert "Fatma" not in notes(gerda, stand)


def test_a_holder_who_is_done_leaves_nothing_behind_also_when_two_press(app, make, stand):
    own = leave(make.browser(), stand).location
    gerda, bo = holder(make, stand), holder(make, stand, "Bo")
    done = re.search(r'action="(/kraam/[^"]+/klaar)"', notes(gerda, stand)).group(1)

    assert [each.post(done).status_code for each in (gerda, bo)] == [303, 303]
    with app.app_context():
        assert db.session.scalar(select(MarketContact.id)) is None
    assert "Dit briefje is er niet meer" in make.browser().get(own).text


def test_a_holder_cannot_take_away_what_lies_at_another_stand(make, stand):
    leave(make.browser(), stand)
    gerda = holder(make, stand)
    other = make.stand(make.edition().id, "De muurkrant")
    done = re.search(r'action="/kraam/[^"]+(/briefjes/[^"]+/klaar)"', notes(gerda, stand)).group(1)

    holder(make, other, "Bo").post(f"/kraam/{other.slug}{done}")

    assert "Fatma" in notes(gerda, stand)


def test_a_stand_with_nobody_takes_notes_before_and_during_its_hours_and_not_after(make, stand, clock):
    clock(START - timedelta(days=1))
    assert leave(make.browser(), stand).status_code == 303
    clock(START + timedelta(hours=1))
    assert leave(make.browser(), stand, name="Bas").status_code == 303
    clock(START + timedelta(hours=3, minutes=2))  # somebody was still typing
    assert leave(make.browser(), stand, name="Net te laat").status_code == 303
    clock(START + timedelta(hours=5))

    answer = leave(make.browser(), stand, name="Te laat")

    assert (answer.status_code, "Deze kraam is nu dicht" in answer.text) == (409, True)
    assert 'value="Te laat"' in answer.text
    assert "Te laat" not in notes(holder(make, stand), stand)


def test_thirty_days_later_it_is_gone_with_the_key_of_the_stand(app, make, stand, clock):
    leave(make.browser(), stand)
    gerda = holder(make, stand)
    with app.app_context():
        assert pseudonyms.exists(stand.id)

    clock(START + timedelta(days=30))
    jobs.tidy(app)
    assert "Fatma" in notes(gerda, stand)
    clock(START + timedelta(days=31))
    jobs.tidy(app)

    assert "Fatma" not in notes(gerda, stand)
    with app.app_context():
        assert not pseudonyms.exists(stand.id)


def test_a_stand_that_is_full_refuses_and_keeps_what_was_typed(make, stand, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.market.rules.MOST_CONTACTS", 1)
    visitor = make.browser()

    first, second = leave(visitor, stand), leave(visitor, stand, name="Bas")

    assert (first.status_code, second.status_code) == (303, 409)
    assert 'value="Bas"' in second.text


def test_what_somebody_writes_is_text_and_no_markup(make, stand):
    leave(make.browser(), stand, name="<b>Fatma</b>", line="<script>alert(1)</script>")

    page = notes(holder(make, stand), stand)

    assert "<b>Fatma" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;Fatma" in page
