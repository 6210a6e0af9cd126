"""From an empty folder to an administrator who makes the first edition, from a terminal alone."""

import re
import stat
from urllib.parse import urlsplit

import pyotp
import pytest
from click.testing import CliRunner

from dagvandebuurt import cli
from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import AccessChange, Person
from dagvandebuurt.settings import known_settings, load_installed
from dagvandebuurt.setup import checks
from tests.programme.pages import send
from tests.servers import smtp_server

DESK = "/organisatie/programma/edities"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder, and no setting in the environment."""
    for name in known_settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DVB_ENV", raising=False)
    folder = tmp_path / "een lege map"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def letterbox():
    with smtp_server() as box:
        yield box


def run(*words, typed=""):
    return CliRunner().invoke(cli.main, list(words), input=typed)


def installed():
    app = create_app(load_installed({}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


def link_in(output):
    return urlsplit(re.search(r"http\S+/uitnodiging/\S+", output).group()).path


def prove(browser):
    """Set up a phone, as the page says."""
    page = browser.get("/mijn/beveiliging").get_data(as_text=True)
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page).group().replace(" ", "")
    assert browser.post("/mijn/beveiliging", data={"code": pyotp.TOTP(secret).now()}).status_code == 200


def close(app):
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_an_empty_folder_becomes_an_installation_with_an_administrator(empty):
    done = run("setup", "--no-input", "--admin", "anna@buurt.example")

    assert done.exit_code == 0, done.output
    assert stat.S_IMODE((empty / "dagvandebuurt.env").stat().st_mode) == 0o600
    app = installed()
    browser = app.test_client()
    path = link_in(done.output)
    assert "beheer" in browser.get(path).get_data(as_text=True).lower()
    arrived = browser.post(path, data={"name": "Anna Lindeman"})
    assert arrived.status_code == 303
    assert browser.get(DESK).status_code == 403  # not before there is a second factor
    prove(browser)
    assert browser.get(DESK).status_code == 200
    assert app.test_client().post(path, data={"name": "Een ander"}).status_code == 410  # it worked once
    with app.app_context():
        anna = db.session.query(Person).one()
        assert [grant.role.value for grant in anna.grants] == ["admin"]
        assert db.session.query(AccessChange).one().what == "+admin"
    close(app)


def test_what_is_typed_wrong_is_said_and_asked_again(empty):
    typed = "\n".join([
        "anna",  "anna@buurt.example",  # the administrator
        "dag.example/pad", "ftp://dag.example", "http://dag.example", "https://dag.example",
        "mysql://x/y", "",
        "mail.example", "",
        "hallo", "Dag van Ons <hallo@dag.example>",
        "",
    ])  # fmt: skip

    done = run("setup", typed=typed)

    assert done.exit_code == 0, done.output
    for said in (
        "no mail address",
        "without a path",
        "https://dag.example.org",
        "over http",
        "postgresql://",
        "smtps://",
    ):
        assert said in done.output, said
    settings = load_installed({})
    assert settings["PUBLIC_URL"] == "https://dag.example"
    assert settings["MAIL_FROM"] == "Dag van Ons <hallo@dag.example>"
    assert len(settings["SECRET_KEY"]) > 40


def test_an_installation_is_never_set_up_over(empty):
    assert run("setup", "--no-input").exit_code == 0
    before = (empty / "dagvandebuurt.env").read_bytes()

    again = run("setup", "--no-input")

    assert again.exit_code == 1
    assert "is set up" in again.output
    assert (empty / "dagvandebuurt.env").read_bytes() == before


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--database-url", "postgresql://nobody@127.0.0.1:1/none", "does not answer"),
        ("--public-url", "https://dag.example/pad", "without a path"),
        ("--mail-from", "hallo", "no mail address"),
        ("--data-folder", "/proc/none", "cannot be made"),
    ],
)
def test_a_wrong_answer_leaves_nothing_half_done(empty, option, value, said):
    done = run("setup", "--no-input", option, value)

    assert done.exit_code == 1
    assert said in done.output
    assert list(empty.iterdir()) == []


def test_a_database_of_a_newer_release_is_refused_in_words(empty):
    run("setup", "--no-input")
    app = installed()
    with app.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
        db.session.execute(db.text("UPDATE schema_floor SET revision = 'ffffffffffff'"))  # more than additive
        db.session.commit()
    close(app)

    done = run("check")

    assert done.exit_code == 1
    assert "newer release" in done.output


def test_keys_of_another_database_are_noticed(app, make, now):
    session = make.session(starts_at=now, ends_at=now.replace(year=2090))
    make.question(session)
    with app.app_context():
        assert [each.sentence for each in checks._keys() if "do not belong" in each.sentence]


def test_check_says_what_is_missing_and_what_is_in_order(empty):
    run("setup", "--no-input")

    done = run("check")

    assert done.exit_code == 0, done.output
    assert "no administrator yet" in done.output
    assert "SMTP_URL is not set" in done.output


def test_check_misses_the_sender_of_mail(empty, letterbox):
    run("setup", "--no-input", "--smtp-url", letterbox.url)

    done = run("check")

    assert done.exit_code == 1
    assert "PROBLEM" in done.output
    assert "MAIL_FROM is not set" in done.output


def test_a_test_mail_really_arrives_by_smtp(empty, letterbox):
    done = run("setup", "--no-input", "--smtp-url", letterbox.url, "--mail-from", "Dag <hallo@dag.example>",
               "--admin", "anna@buurt.example")  # fmt: skip

    assert done.exit_code == 0, done.output
    assert any("Test van dagvandebuurt" in each["Subject"] for each in letterbox.received)


def test_a_lost_phone_is_forgotten_and_written_down(empty):
    done = run("setup", "--no-input", "--admin", "anna@buurt.example")
    app = installed()
    app.test_client().post(link_in(done.output), data={"name": "Anna Lindeman"})
    close(app)

    helped = run("admin", "--lost-phone", "anna@buurt.example")
    nobody = run("admin", "--lost-phone", "niemand@buurt.example")

    assert "Anna Lindeman can set up a phone again" in helped.output
    assert nobody.exit_code == 1
    app = installed()
    with app.app_context():
        assert "second factor reset" in {each.what for each in db.session.query(AccessChange)}
    close(app)


def test_the_first_edition_is_reached_by_every_administrator_and_opened(empty):
    """No demo, no open edition: what one administrator made is there for the next, also after logging out."""
    done = run("setup", "--no-input", "--admin", "anna@buurt.example")
    app = installed()
    anna = app.test_client()
    anna.post(link_in(done.output), data={"name": "Anna Lindeman"})
    prove(anna)
    made = send(anna, anna.get(DESK), "edities", title="Wijkfeest Oost", day="2090-05-12")
    assert made.status_code == 303
    anna.post("/uitloggen", data={"zeker": "ja"})
    close(app)

    invited = run("admin", "bea@buurt.example")
    app = installed()
    bea = app.test_client()
    bea.post(link_in(invited.output), data={"name": "Bea Oosterling"})
    prove(bea)

    for path in (
        DESK,
        "/organisatie",
        "/organisatie/programma",
        "/organisatie/rollen",
        "/organisatie/vragen",
    ):
        assert bea.get(path).status_code == 200, path
    page = bea.get(DESK).get_data(as_text=True)
    assert "Wijkfeest Oost" in page
    assert app.test_client().get("/").status_code == 200  # an empty house has a front page
    status = bea.get(re.search(rf"{DESK}/[0-9a-f-]{{36}}(?=\")", page).group())
    asked = send(bea, status, "/openen")
    assert send(bea, asked, "/openen", zeker="ja").status_code == 303
    home = app.test_client().get("/").get_data(as_text=True)
    assert re.search(r"<h1[^>]*>Wijkfeest Oost</h1>", home)
    assert "12 mei" in home
    close(app)


def test_a_postgresql_that_holds_something_is_never_set_up_over(empty, postgres):
    new = run("setup", "--no-input", "--database-url", postgres)
    (empty / "dagvandebuurt.env").unlink()

    again = run("setup", "--no-input", "--database-url", postgres)

    assert new.exit_code == 0, new.output
    assert again.exit_code == 1
    assert "holds something already" in again.output
    assert not (empty / "dagvandebuurt.env").exists()


def test_a_migration_that_would_end_the_older_release_is_not_done_unasked(empty):
    run("setup", "--no-input")
    app = installed()
    with app.app_context():
        head = db.session.execute(db.text("SELECT version_num FROM alembic_version")).scalar()
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'afd17ce90061'"))
        db.session.commit()
    close(app)

    done = run("migrate", "--additive-only")

    assert done.exit_code == cli.NOT_ADDITIVE
    assert "stop the older release first" in done.output
    app = installed()
    with app.app_context():
        assert (
            db.session.execute(db.text("SELECT version_num FROM alembic_version")).scalar() == "afd17ce90061"
        )
        db.session.execute(db.text("UPDATE alembic_version SET version_num = :v"), {"v": head})
        db.session.commit()
    close(app)
    assert run("migrate", "--additive-only").exit_code == 0
