"""Impersonation by name: no name imitates the organisation, its staff, or somebody it vouches for."""

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.people import names
from dagvandebuurt.people.models import Person

HONEST = [
    "Sjaan", "O'Brien", "Ø", "李", "María José de la Cruz-van 't Hof", "Noor K.", "Мария", "Мария Ivanova", "Γιώργος",
    "\u845b\U000e0100\u57ce \u592a\u90ce", "山田 はなこ タロウ", "مريم", "Sjaan 🌻", "Mo (3 hoog)", "Modesta Moderne", "Jan-Willem 2",
    "A. B. C. van Dam", "Adminah", "Jolien", "👩‍👩‍👧 Familie Bos", "नूर", "Fred Actina",
]  # fmt: skip
PASSING = {
    "Jolien ✔": "Laat ✔ weg", "★ Sjaan": "Laat ★ weg", "Sjaan ☑️": "Laat ☑ weg",
    "Moderator": "lijkt op een naam van de organisatie", "M0derat0r": "lijkt op", "m o d e r a t o r": "lijkt op",
    "Jan (moderator)": "lijkt op", "Organisatie Dag van de Buurt": "lijkt op", "DagVanDeBuurt": "lijkt op",
    "Ｍｏｄｅｒａｔｏｒ": "lijkt op", "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐨𝐫": "lijkt op", "Rédactie": "lijkt op", "admin": "lijkt op",
    "Mоderator": "één soort letters", "Jоlien": "één soort letters", "Νoor": "één soort letters",
    "Jolien Verkaik": "Zo heet al iemand", "JOLIEN  VERKÁIK": "Zo heet al iemand", "De echte Jolien Verkaik": "Zo heet al iemand",
    "Het Grote Feest": "lijkt op", "Host\u200d mоd": "één soort letters",
}  # fmt: skip


@pytest.fixture
def staff(make):
    make.edition(title="Het Grote Feest")
    return make.identity("Jolien Verkaik", roles=["moderator"])


@pytest.mark.parametrize("name", HONEST)
def test_a_name_in_any_script_is_a_name(app, staff, name):
    with app.app_context():
        assert names.objection(name) is None


@pytest.mark.parametrize(("name", "sentence"), PASSING.items())
def test_names_that_impersonate_staff_are_refused(app, staff, name, sentence):
    with app.test_request_context():
        assert sentence in (names.objection(name) or "accepted")


def test_staff_may_use_their_own_name(app, staff):
    with app.app_context():
        assert names.objection("Jolien Verkaik", own_id=staff.id) is None


BAD = "Jolien Verkaik (moderator)"


@pytest.mark.parametrize("door", ["guest", "register", "my page", "for others", "invitation", "report"])
def test_impersonating_names_are_refused_on_every_form(app, make, staff, now, door, monkeypatch):
    noor = make.browser(make.person("Noor"))
    if door == "guest":
        answer = make.browser().post("/gast", data={"name": BAD})
    elif door == "register":
        answer = make.browser().post("/aanmelden", data={"name": BAD, "email": "a@buurt.example", "neighbourhood": "Sterrenhof"})  # fmt: skip
    elif door == "my page":
        answer = noor.post("/mijn/gegevens/verbeteren", data={"name": BAD, "participant_role": "resident", "domain": ""})  # fmt: skip
    elif door == "for others":
        answer = noor.post("/mijn/anderen", data={"names": f"Sjaan\n{BAD}", "agreed": "y"})
    elif door == "invitation":
        from dagvandebuurt.core.transaction import transaction
        from dagvandebuurt.people import roles as inviting
        from dagvandebuurt.people.identity import Identity

        boss = make.person("Baas", roles=["admin"])
        with app.app_context(), transaction():
            admin = Identity.of(db.session.get_one(Person, boss.id))
            _invited, token = inviting.invite(
                admin, "editor", email="n@buurt.example", scope_id=None, now=now
            )
        answer = make.browser().post(f"/uitnodiging/{token}", data={"name": BAD})
    else:
        from dagvandebuurt.lessons.models import LessonStatus
        from tests.lessons.writing import a_lesson

        lesson = a_lesson(make, now, LessonStatus.PUBLISHED)
        answer = make.browser().post(f"/melden/les/{lesson.id}", data={"name": BAD, "email": "a@buurt.example", "reason": "respect", "text": "Dit."})  # fmt: skip

    assert answer.status_code == 422
    assert "lijkt op een naam van de organisatie" in answer.text
    assert BAD in answer.text
    with app.app_context():
        assert db.session.scalar(select(Person.id).where(Person.name == BAD)) is None
