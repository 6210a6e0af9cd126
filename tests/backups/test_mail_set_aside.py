"""Mail that a restored backup still had to send goes to nobody by itself, and is lost by nobody's doing."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dagvandebuurt import cli
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import rules, sender, set_aside
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.mailer import Letter
from tests.backups.conftest import back_up, opened, restore
from tests.conftest import TEST_KEY
from tests.servers import smtp_server


def post(name, **due):
    letter = Letter("news", f"{name}@buurt.example", name, "Dag", "Dag", "<p>Dag</p>")
    rules.post(letter, dedupe_key=name, now=clock.now(), due_at=clock.now() + timedelta(**due))


def mails(app):
    with app.app_context():
        return {mail.dedupe_key: mail.status for mail in db.session.scalars(select(Mail))}


@pytest.fixture
def restored(here, elsewhere, migrated_before):
    """The settings of a machine with a backup in which three mails waited: due, tried in vain, and planned."""
    with opened(here) as (app, _), app.app_context(), transaction():
        post("due")
        post("tried", minutes=5)
        post("planned", days=2)
        db.session.execute(db.update(Mail).where(Mail.dedupe_key == "tried").values(last_error="Unreachable"))
    path = back_up(here)
    done = restore(elsewhere, path)
    assert done.mails_set_aside == 2
    return elsewhere


def test_what_may_have_gone_stays_until_it_is_released_and_goes_once(restored):
    aside = MailStatus.SET_ASIDE
    with smtp_server() as box, opened(restored | {"SMTP_URL": box.url}) as (app, _):
        assert mails(app) == {"due": aside, "tried": aside, "planned": MailStatus.WAITING}
        sender.send_due(app)
        assert box.recipients == []

        with app.app_context(), transaction():
            rules.send_now(now=clock.now())
            assert (set_aside.release(now=clock.now()), set_aside.release(now=clock.now())) == (2, 0)
        sender.send_due(app)
        sender.send_due(app)

        assert sorted(box.recipients) == [["due@buurt.example"], ["tried@buurt.example"]]
        assert mails(app)["planned"] is MailStatus.WAITING


def test_an_organiser_reads_for_whom_it_is_and_chooses(restored):
    with opened(restored) as (app, make):
        roos = make.browser(make.person("Roos", roles=["organiser"]))
        page = roos.get("/organisatie/post").text
        assert "2 mails liggen opzij" in page
        assert "tried@buurt.example" in page
        assert "2 mails liggen opzij." in roos.get("/organisatie").text

        unsure = roos.post("/organisatie/post/opzij/weg", follow_redirects=True).text
        assert "Er is niets weggegooid." in unsure
        assert "2 mails liggen opzij" in unsure
        assert roos.post("/organisatie/post/opzij/weg", data={"sure": "1"}).status_code == 303
        again = roos.post("/organisatie/post/opzij/verstuur", follow_redirects=True).text

        assert "Er ligt geen mail meer opzij." in again
        assert "Verstuur wat opzij ligt" not in again
        assert mails(app) == {"planned": MailStatus.WAITING}


def test_the_command_names_nobody_and_does_as_it_is_told(restored, bare, monkeypatch):
    monkeypatch.setenv("DVB_ENV", "")
    monkeypatch.setenv("SECRET_KEY", TEST_KEY)
    monkeypatch.setenv("DATA_FOLDER", str(restored["DATA_FOLDER"]))

    def run(*words, typed=""):
        return CliRunner().invoke(cli.main, ["set-aside-mail", *words], input=typed)

    assert "2 news" in run().output
    assert "@" not in run().output
    assert run("--send", "--drop").exit_code == 2
    assert run("--drop", typed="n\n").exit_code == 1
    assert "2 mails will go." in run("--send", "--yes").output
    assert "No mail was set aside." in run("--drop", "--yes").output
