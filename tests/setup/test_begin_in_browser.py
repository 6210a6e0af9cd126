"""From an empty database to a public day, in a browser: the printed code, the list, a second organiser."""

import re
from datetime import timedelta

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from dagvandebuurt import cli
from dagvandebuurt.app import create_app
from dagvandebuurt.core import backup_mark, clock
from dagvandebuurt.core.db import db
from dagvandebuurt.extensions import limiter
from dagvandebuurt.onboarding.announcing import announcement
from dagvandebuurt.onboarding.models import SetupCode
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.models import AccessChange, Person, RoleGrant
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.settings import known_settings, load_installed
from tests.conftest import test_settings as settings_of
from tests.live.test_races import at_once
from tests.programme.pages import decide, form_on, send

LIST = "/organisatie/begin"
ANNA = {"name": "Anna Lindeman", "email": "anna@buurt.example"}
DAY = {"title": "Buurtdag Rivierenwijk", "day": "2090-05-13", "starts": "13:00", "ends": "17:00"}


def code_of(app):
    told = announcement(app)
    assert told is not None
    return told.splitlines()[-1]


def begun(browser, code, **typed):
    return send(browser, browser.get("/begin"), "/begin", code=code, **{**ANNA, **DAY, **typed})


def prove(browser, page):
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text).group().replace(" ", "")
    return browser.post(page.request.full_path, data={"code": pyotp.TOTP(secret).now()})


def people(app):
    with app.app_context():
        return db.session.scalar(select(func.count(RoleGrant.id)).where(RoleGrant.role == "admin"))


def missing(page):
    lines = re.findall(r"<li>(?:<a\s[^>]*>)?<strong>(.*?)</strong>(.*?)</li>", page.text, re.S)
    assert lines
    return {title for title, rest in lines if "Nog doen" in rest}


def test_an_empty_database_becomes_a_public_day_with_two_organisers(app, make):
    """The whole walk: the code, the phone, the list that empties, the second organiser, and the opening."""
    anna = make.browser()
    arrived = begun(anna, code_of(app).lower().replace("-", " "))
    assert (arrived.status_code, arrived.headers["Location"]) == (303, LIST)

    first = anna.get(LIST)  # not before there is a second factor, and the page says what to do
    assert first.status_code == 403
    assert "Eerst een code van je telefoon" in first.text
    assert "Dat mag je hier niet doen" not in first.text
    security = re.search(r'href="(/mijn/beveiliging\?verder=[^"]+)"', first.text).group(1)
    proven = prove(anna, anna.get(security))
    assert f'href="{LIST}"' in proven.text  # and leads back
    here = anna.get(LIST)
    assert "Buurtdag Rivierenwijk" in here.text
    assert {"Vertel waar de dag over gaat", "Maak sessies en publiceer ze", "Open de dag voor bezoekers"} <= (
        missing(here)
    )
    assert "Kies naam en dag" not in missing(here)
    assert "begin" in anna.get("/organisatie").text

    with app.app_context():
        edition = db.session.scalars(select(Edition)).one()
        db.session.expunge_all()
    about = f"/organisatie/programma/dag/{edition.id}"
    send(anna, anna.get(about), intro="Kom kijken.", contact_email="hallo@buurt.example")
    assert "Vertel waar de dag over gaat" in missing(anna.get(LIST))  # drafted is not published
    part = "/organisatie/programma/ronden/nieuw"
    send(anna, anna.get(part), label="Middag", code="m", day="2090-05-13", starts="13:00", ends="17:00")
    send(anna, anna.get("/organisatie/programma/sessies/nieuw"), title="Samen groen")
    published = send(anna, anna.get("/organisatie/programma/publiceren"), "publiceren", note="Dit is het.")
    assert published.status_code == 303
    left = missing(anna.get(LIST))
    assert left.isdisjoint({"Vertel waar de dag over gaat", "Zeg hoe mensen je bereiken"})
    assert left.isdisjoint({"Maak de ronden van de dag", "Maak sessies en publiceer ze"})

    bea = make.browser(make.person("Bea", roles=["organiser"]))  # before the public sees anything
    assert bea.get(LIST).status_code == 200
    assert "Vraag een tweede organisator" not in missing(bea.get(LIST))
    assert "Samen groen" in bea.get("/organisatie/programma").text
    visitor = make.browser()
    assert "Samen groen" not in visitor.get("/programma").text

    asked = send(bea, bea.get(f"/organisatie/programma/edities/{edition.id}"), "/openen")
    assert "Zeg wie voor de gegevens verantwoordelijk is" in asked.text  # said before opening
    assert "Open de dag voor bezoekers" not in asked.text  # that is what is done here
    assert "Zeg wie voor de gegevens verantwoordelijk is" in missing(bea.get(LIST))
    written = send(
        bea, bea.get("/organisatie/teksten/privacy"), "teksten/privacy", controller="Stichting Rivier"
    )
    assert written.status_code in (200, 303)
    assert decide(bea, edition, "openen").status_code == 303
    assert "Samen groen" in visitor.get("/programma").text
    assert missing(bea.get(LIST)).isdisjoint(
        {"Zeg wie voor de gegevens verantwoordelijk is", "Open de dag voor bezoekers"}
    )


def test_the_page_is_gone_with_the_first_administrator(app, make):
    code, another = code_of(app), code_of(app)
    begun(make.browser(), code)

    assert make.browser().get("/begin").status_code == 404
    answer = make.browser().post("/begin", data={"code": another, **ANNA, **DAY})
    assert answer.status_code == 404
    assert announcement(app) is None
    assert people(app) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(SetupCode.id))) == 0
        assert db.session.query(AccessChange).one().what == "+admin"


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKLM", "a" * 41, "' OR 1=1 --", "éé🔥"])
def test_a_wrong_code_makes_nobody_and_keeps_what_was_typed(app, make, code):
    code_of(app)

    answer = begun(make.browser(), code)

    assert answer.status_code == 422
    assert 'value="Anna Lindeman"' in answer.text
    assert 'value="Buurtdag Rivierenwijk"' in answer.text
    assert people(app) == 0
    with app.app_context():
        assert db.session.query(Person).count() == db.session.query(Edition).count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("email", "anna", "geen e-mailadres"),
        ("name", "", "Vul een naam in"),
        ("title", "", "Geef het een naam"),
        ("day", "gisteren", "Vul een dag in"),
        ("ends", "12:00", "Het einde moet na het begin liggen"),
    ],
)
def test_a_wrong_answer_is_said_and_the_code_stays_good(app, make, field, typed, said):
    code, browser = code_of(app), make.browser()

    answer = begun(browser, code, **{field: typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert begun(browser, code).status_code == 303


def test_a_code_expires(app, make, now, monkeypatch):
    code = code_of(app)
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)

    answer = begun(make.browser(), code)

    assert (answer.status_code, people(app)) == (422, 0)
    assert "verlopen" in answer.text


def test_guessing_a_code_is_slowed_down(tmp_path):
    app = create_app(settings_of(tmp_path) | {"RATELIMIT_ENABLED": True})
    with app.app_context():
        db.create_all()
        limiter.reset()
        browser, typed = app.test_client(), {"code": "ABCD-EFGH-JKLM", **ANNA, **DAY}
        statuses = [browser.post("/begin", data=typed).status_code for _ in range(12)]
        limiter.reset()
        db.session.remove()
        db.drop_all()

    assert statuses[0] == 422
    assert 429 in statuses[10:]


def test_pressed_twice_it_is_one_administrator_and_one_day(app, make):
    browser = make.browser()
    action, fields = form_on(browser.get("/begin"), "/begin")
    for name, value in {"code": code_of(app), **ANNA, **DAY}.items():
        fields[name] = value

    answers = [browser.post(action, data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] in ([303, 303], [303, 404])
    with app.app_context():
        assert db.session.query(Edition).count() == 1
    assert people(app) == 1


def test_of_two_who_begin_at_once_one_is_the_administrator(app, make):
    codes = [code_of(app), code_of(app)]
    forms = []
    for code, name in zip(codes, ("anna", "bea"), strict=True):
        browser = make.browser()
        action, fields = form_on(browser.get("/begin"), "/begin")
        for key, value in {"code": code, **DAY, "name": name.title(), "email": f"{name}@x.example"}.items():
            fields[key] = value
        forms.append((browser, action, fields))

    answers = at_once(*[lambda b=b, a=a, f=f: b.post(a, data=f).status_code for b, a, f in forms])

    assert sorted(answers) == [303, 404]
    assert people(app) == 1


def test_an_installation_with_a_day_asks_only_who(app, make, session):
    page = make.browser().get("/begin")

    assert page.status_code == 200
    assert 'name="title"' not in page.text


def test_an_organiser_without_a_day_is_led_to_the_list(make):
    roos = make.browser(make.person("Roos", roles=["organiser"]))

    assert roos.get("/organisatie").headers["Location"] == LIST
    assert "Maak een dag" in roos.get(LIST).text


def test_mail_works_once_the_server_took_a_test_mail(app, make, session, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    assert "Laat mail werken" in missing(roos.get(LIST))

    for _ in range(2):
        assert send(roos, roos.get(LIST), "testmail").status_code == 303

    assert "wacht nog" in roos.get(LIST).text
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "trial")).one()  # once a minute
        mail.status = MailStatus.REFUSED
        db.session.commit()
    assert "weigerde je testmail" in roos.get(LIST).text
    with app.app_context():
        db.session.scalars(select(Mail)).one().status = MailStatus.SENT
        db.session.commit()
    assert "Laat mail werken" not in missing(roos.get(LIST))


def test_the_list_knows_whether_a_backup_is_made_every_night(app, make, session, now, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_FOLDER", str(tmp_path))
    organiser = make.browser(make.person("Bea", roles=["organiser"]))
    step = "Laat elke nacht een back-up maken"

    assert step in missing(organiser.get(LIST))
    backup_mark.write(tmp_path, now - timedelta(hours=9))
    page = organiser.get(LIST)
    assert step in page.text
    assert step not in missing(page)
    backup_mark.write(tmp_path, now - timedelta(days=3))
    assert step in missing(organiser.get(LIST))
    assert "The last backup is of" in organiser.get("/readyz").text
    (tmp_path / backup_mark.NAME).write_text("gisteren")
    assert "Er is nog geen back-up" in organiser.get(LIST).text
    assert "The last backup" not in organiser.get("/readyz").text


@pytest.mark.parametrize("roles", [[], ["moderator"], ["editor"]])
def test_the_list_is_the_organisers(make, session, roles):
    browser = make.browser(make.person("Iemand", roles=roles))

    assert browser.get(LIST).status_code == 403
    assert browser.post(f"{LIST}/testmail").status_code == 403


def test_the_terminal_prints_a_code_that_begins(tmp_path, monkeypatch):
    for name in [*known_settings(), "DVB_ENV"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DVB_ENV", "")  # put back afterwards
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(cli.main, ["setup", "--no-input", "--browser"])
    again = CliRunner().invoke(cli.main, ["setup", "--browser"])

    assert done.exit_code == again.exit_code == 0, done.output + again.output
    assert "http://127.0.0.1:5000/begin" in done.output
    codes = [re.search(r"^\w{4}-\w{4}-\w{4}$", each.output, re.M).group() for each in (done, again)]
    app = create_app(load_installed({}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    assert (
        begun(app.test_client(), codes[0]).status_code == 303
    )  # the first is good although there is another
    late = CliRunner().invoke(cli.main, ["setup", "--browser"])
    assert late.exit_code == 1
    assert "administrator already" in late.output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
