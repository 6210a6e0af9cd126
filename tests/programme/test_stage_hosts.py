"""Video sites: which hosts may show video in session pages, changed by administrators on a page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.parts.stage.addresses import host_name, shown_host
from dagvandebuurt.programme.errors import HostsChanged, TooManyHosts
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage import host_rules
from dagvandebuurt.programme.stage.host_queries import allowed_hosts
from dagvandebuurt.programme.stage.models import Purpose, StageHostChange, StageSource

PAGE, OFF = "/organisatie/videosites", "/organisatie/videosites/weg"
HOST = "beeld.buurt.example"


@pytest.fixture
def admin(make, session):
    return make.browser(make.person("Aly", roles=["admin"]))


def frames(make, session, query="?beeld=1"):
    answer = make.browser().get(f"/sessies/{session.slug}/live{query}")
    return re.search("frame-src ([^;]+)", answer.headers["Content-Security-Policy"])[1]


def put(make, session, address):
    with make.context():
        db.session.get_one(ProgrammeSession, session.id).stage_url = address
        db.session.commit()


def changes(app):
    with app.app_context():
        rows = db.session.scalars(select(StageHostChange).order_by(StageHostChange.number))
        return [(each.number, each.host, each.is_allowed) for each in rows]


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("video.voorbeeld.nl", "video.voorbeeld.nl"),
        (" Video.Voorbeeld.NL. ", "video.voorbeeld.nl"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_written_as_browsers_write_it(typed, host):
    assert host_name(typed) == host
    assert host_name(shown_host(host)) == host


@pytest.mark.parametrize(
    "typed",
    [
        "", "*", "*.example", "*.voorbeeld.nl", "nl", "localhost", "127.0.0.1", "0x7f.1", "[::1]", "2130706433",
        "https://video.nl", "video.nl/pad", "video.nl:8443", "piet@video.nl", "video.nl;", "video.nl 'self'",
        "video.nl, https:", "video..nl", "-video.nl", "video.nl\nscript-src *", "ｖideo.nl", "straße.example",
        "video。nl", "a" * 64 + ".nl", ".".join(["abcdefgh"] * 32) + ".nl", "xn--.nl ", "https:", "data:", "'none'",
        "video_1.nl",
    ],
)  # fmt: skip
def test_no_trick_is_a_host(typed):
    assert host_name(typed) is None


def test_an_administrator_adds_a_host_and_pages_show_its_video_at_once(app, make, session, admin):
    put(make, session, f"https://{HOST}/zaal")
    assert frames(make, session) == "'none'"

    answer = admin.post(PAGE, data={"host": f" {HOST.upper()} "})

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert frames(make, session, "") == "'none'"  # still nothing before the click
    assert frames(make, session) == f"https://{HOST}"
    assert HOST in admin.get(PAGE).text
    assert changes(app) == [(1, HOST, True)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("*.buurt.example", "Een sterretje kan niet"),
        (f"https://{HOST}/zaal", f"Alleen de naam, zonder https:// en zonder wat erachter staat: {HOST}"),
        ("buurt", "Dit is geen naam van een site."),
        ("youtu.be", "komt van een andere naam: www.youtube-nocookie.com"),
        ("vimeo.com", "komt van een andere naam: player.vimeo.com"),
        ("player.vimeo.com", "Deze site staat al in de lijst."),
        ("  ", "Vul de naam van een site in."),
    ],
)
def test_what_is_refused_stays_typed_with_the_reason(app, admin, typed, said):
    answer = admin.post(PAGE, data={"host": typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed.strip()}"' in answer.text
    assert changes(app) == []


def test_the_site_itself_is_no_host_of_its_stage(app, admin):
    app.config["PUBLIC_URL"] = "https://dag.buurt.example"

    assert "Dit is deze site zelf." in admin.post(PAGE, data={"host": "dag.buurt.example"}).text


def test_a_lookalike_shows_what_it_is(app, admin):
    admin.post(PAGE, data={"host": "vіmeo.example"})  # a Cyrillic i

    assert changes(app) == [(1, "xn--vmeo-l9d.example", True)]
    shown = admin.get(PAGE).text
    assert '<h2 class="card__title">xn--vmeo-l9d.example</h2>' in shown
    assert "Lees je als: vіmeo.example." in shown


def test_a_host_in_use_goes_only_when_sessions_may_lose_their_picture(app, make, session, admin):
    put(make, session, "https://youtu.be/aqz-KE-bpKQ")

    asked = admin.post(OFF, data={"host": "www.youtube-nocookie.com"})

    assert asked.status_code == 409
    assert "Er komt nog beeld van deze site." in asked.text
    assert f">{session.title}</a>" in asked.text
    assert frames(make, session) == "https://www.youtube-nocookie.com"

    admin.post(OFF, data={"host": "www.youtube-nocookie.com", "anyway": "1"})

    assert frames(make, session) == "'none'"
    assert 'href="https://youtu.be/aqz-KE-bpKQ"' in make.browser().get(f"/sessies/{session.slug}/live").text
    assert changes(app) == [(1, "www.youtube-nocookie.com", False)]
    assert "www.youtube-nocookie.com weg" in admin.get(PAGE).text


def test_recordings_and_other_ways_count_as_use(make, session, admin):
    admin.post(PAGE, data={"host": HOST})
    with make.context():
        db.session.add(
            StageSource(session_id=session.id, purpose=Purpose.RECORDING, address=f"https://{HOST}/film.mp4")
        )
        db.session.commit()

    assert admin.post(OFF, data={"host": HOST}).status_code == 409


def test_a_host_that_nobody_uses_goes_at_once_and_can_come_back(app, admin):
    assert admin.post(OFF, data={"host": "player.vimeo.com"}).status_code == 303
    assert admin.post(OFF, data={"host": "player.vimeo.com", "op": "again-and-again"}).status_code == 404
    assert admin.post(PAGE, data={"host": "player.vimeo.com"}).status_code == 303

    with app.app_context():
        assert allowed_hosts(app.config) == app.config["STAGE_HOSTS"]
    assert changes(app) == [(1, "player.vimeo.com", False), (2, "player.vimeo.com", True)]


def test_what_the_server_names_stays(app, admin):
    app.config.update(STAGE_HOSTS=frozenset({"vast.buurt.example"}), STAGE_HOSTS_PINNED=True)

    page = admin.get(PAGE).text
    refused = admin.post(OFF, data={"host": "vast.buurt.example", "anyway": "1"})

    assert "Staat vast in de instellingen van de server." in page
    assert 'name="host" value="vast.buurt.example"' not in page
    assert refused.status_code == 422
    assert changes(app) == []


def test_a_host_named_by_the_server_later_stays_although_it_was_taken_off(app, admin):
    admin.post(OFF, data={"host": "player.vimeo.com"})
    app.config["STAGE_HOSTS_PINNED"] = True

    with app.app_context():
        assert "player.vimeo.com" in allowed_hosts(app.config)


def test_the_settings_say_which_hosts_stay(settings_of):
    assert not settings_of()["STAGE_HOSTS_PINNED"]
    assert settings_of(STAGE_HOSTS="")["STAGE_HOSTS_PINNED"]


@pytest.fixture
def settings_of():
    from config import settings
    from tests.conftest import TEST_KEY

    return lambda **environ: settings({"SECRET_KEY": TEST_KEY, **environ})


def test_history_cannot_be_changed_or_deleted(app, admin):
    admin.post(PAGE, data={"host": HOST})

    for statement in ("DELETE FROM stage_host_change", "UPDATE stage_host_change SET host = 'ander.example'"):
        with app.app_context(), pytest.raises(IntegrityError):
            db.session.execute(text(statement))


def test_pressed_twice_it_is_written_once(app, admin):
    for _again in range(2):
        assert admin.post(PAGE, data={"host": HOST, "op": "one-operation-only"}).status_code == 303

    assert changes(app) == [(1, HOST, True)]


def test_two_at_once_write_one_change(app, make, session, monkeypatch):
    """On PostgreSQL two can read the same newest number; the second is told to look again."""
    actor, now = make.identity("Aly", roles=["admin"]), clock.now()
    with make.context():
        monkeypatch.setattr(db.session(), "scalar", lambda *_, **_more: 0)
        host_rules.allow_host(actor, None, host="een.example", settings=app.config, now=now)
        with pytest.raises(HostsChanged):
            host_rules.allow_host(actor, None, host="twee.example", settings=app.config, now=now)
        db.session.rollback()


def test_there_is_an_end_to_the_list(app, make, session):
    actor, now = make.identity("Aly", roles=["admin"]), clock.now()
    with make.context():
        for number in range(host_rules.MOST_HOSTS - 2):
            host_rules.allow_host(actor, None, host=f"video{number}.example", settings=app.config, now=now)
        with pytest.raises(TooManyHosts):
            host_rules.allow_host(actor, None, host="een-te-veel.example", settings=app.config, now=now)
        db.session.rollback()


def test_only_administrators_change_the_list(app, make, session):
    organiser = make.person("Roos", roles=["organiser"])

    assert make.browser(organiser).get(PAGE).status_code == 403
    assert make.browser(organiser).post(PAGE, data={"host": HOST}).status_code == 403
    with make.context(), pytest.raises(NotAllowed):
        host_rules.allow_host(
            make.identity("Roos", roles=["organiser"]), None, host=HOST, settings=app.config, now=clock.now()
        )
    assert changes(app) == []


def test_sessions_of_another_day_are_named_with_it(make, session, admin):
    admin.post(PAGE, data={"host": HOST})
    later = make.session(
        "Volgend jaar",
        starts_at=session.starts_at + timedelta(days=365),
        ends_at=session.ends_at + timedelta(days=365),
    )
    put(make, later, f"https://{HOST}/straks")

    assert (
        f'href="/organisatie/sessies/{later.slug}/beeld" lang="nl">Volgend jaar</a>' in admin.get(PAGE).text
    )
