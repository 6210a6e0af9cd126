"""Marks beside a shown name: set by the platform, and not forgeable in a name."""

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.qanda.items import card
from dagvandebuurt.qanda.labels import by_line
from dagvandebuurt.qanda.models import Appearance, Question


def asked_by(app, make, session, actor, appear):
    browser = make.browser(actor)
    browser.post(
        f"/sessies/{session.slug}/vragen",
        data={"text": "Wie snoeit de haag?", "kind": "question", "appear": appear.value,
              "op": "op-123456789", "id": "6d0bb1c4-93ce-4c1d-8d4e-3c1c7f2d6a11"},
    )  # fmt: skip
    with app.app_context():
        return card(db.session.scalars(select(Question)).one())["by"]


@pytest.mark.parametrize(
    ("who", "mark", "line"),
    [
        ("guest", "guest", "Fatma, zeg ik liever niet · gast"),
        ("resident", None, "Fatma, bewoner"),
        ("moderator", "moderator", "Fatma, bewoner · moderator van de dag"),
        ("elsewhere", None, "Fatma, bewoner"),
        ("organiser", "organiser", "Fatma, bewoner · organisatie van de dag"),
    ],
)
def test_guest_and_given_role_are_marked_beside_the_name(app, make, session, who, mark, line):
    actor = {
        "guest": lambda: make.guest("Fatma"),
        "resident": lambda: make.identity("Fatma"),
        "moderator": lambda: make.moderator("Fatma", session),
        "elsewhere": lambda: make.moderator("Fatma", make.session()),
        "organiser": lambda: make.identity("Fatma", roles=["organiser"]),
    }[who]()

    by = asked_by(app, make, session, actor, Appearance.NAME)

    assert by.get("mark") == mark
    with app.test_request_context():
        assert by_line(by).startswith("Fatma, ")
        assert by_line(by).endswith(
            line.rpartition(" · ")[2] if mark else by["role"] and line.rpartition(", ")[2]
        )


@pytest.mark.parametrize("appear", [Appearance.ROLE, Appearance.ANONYMOUS])
def test_question_without_a_name_has_no_mark(app, make, session, appear):
    assert "mark" not in asked_by(app, make, session, make.guest("Fatma"), appear)
