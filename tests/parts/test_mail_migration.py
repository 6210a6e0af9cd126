"""Migration of old mail: sent mail loses its bearer links, queued mail keeps them."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from tests.conftest import test_settings as settings_of

BEFORE = "5d8b2f9ea4c7"
TOKEN = "x9-Q_" * 8
COLUMNS = 'id, dedupe_key, kind, mailbox, "to", to_name, subject, text, html, headers, status, made_at, due_at, tries'


@pytest.fixture
def old(tmp_path):
    """A database of the release before, with a mail in each state."""
    app = create_app(settings_of(tmp_path))
    with app.app_context():
        upgrade(revision=BEFORE)
        body = f"Dag, https://dagvandebuurt.example/link/{TOKEN} en /uitnodiging/{TOKEN}. Tot ziens."
        with transaction():
            for number, status in enumerate(("sent", "refused", "waiting")):
                db.session.execute(
                    text(
                        f"INSERT INTO mail ({COLUMNS}) VALUES (:id, :status, 'login', '', 'a@b.example', '', 'Dag', :body,"
                        " :body, '{\"List-Unsubscribe\": \"x\"}', :status, '2027-01-28', '2027-01-28', 0)"
                    ),
                    {"id": f"{number:032x}", "status": status, "body": body},
                )
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_migration_redacts_links_of_sent_mail(old):
    upgrade()

    rows = {
        row.status: row
        for row in db.session.execute(text("SELECT status, text, html, headers, struck, priority FROM mail"))
    }
    for gone in ("sent", "refused"):
        assert TOKEN not in rows[gone].text + rows[gone].html + rows[gone].headers
        assert "https://dagvandebuurt.example/link/… en /uitnodiging/… Tot ziens." in rows[gone].text
        assert rows[gone].struck
    assert rows["waiting"].text.count(TOKEN) == 2
    assert {row.priority for row in rows.values()} == {0}
    db.session.rollback()
    downgrade(revision=BEFORE)
    assert db.session.execute(text("SELECT count(*) FROM mail")).scalar() == 3
