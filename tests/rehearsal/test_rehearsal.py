"""The rehearsal: a copy without visitors, a clock that runs fast, mail for the crew alone, thrown away whole."""

import os
import re
import signal
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dagvandebuurt.app import create_app
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.hosting.models import PartKind, RunOfShow, ShowPart
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.transports import OnlyTo, transport_of
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.people.models import LoginSession, Person, RoleGrant
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Speaker
from dagvandebuurt.programme.photos.models import SpeakerPhoto
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from dagvandebuurt.readiness.models import ChecklistItem
from dagvandebuurt.registration.models import AnswerKind, CustomQuestion
from dagvandebuurt.rehearsal import copying, process
from dagvandebuurt.rehearsal.crowd import Crowd
from tests.conftest import test_settings as settings_of
from tests.houses import house, make_tables
from tests.served import TEST_KEY, free_port


@pytest.fixture
def edition(make, session):
    with make.context():
        found = db.session.get_one(Edition, session.edition_id)
        db.session.expunge(found)
    return found


@pytest.fixture
def filled(app, make, session):
    """A day with a visitor, a question, a prepared poll and a speaker, and its crew."""
    noor = make.person("Noor Bakker", neighbourhood="Sterrenhof")
    make.person("Roos", roles=["organiser"], password_hash="geheim")
    make.person("Jolien", roles=[("moderator", session.id)])
    make.question(session, noor, text="Van een echte bezoeker")
    make.store(Partner(position=1, name="Wijkfonds", added_at=clock.now()))
    make.store(Speaker(code="noor", name="Noor", function="", bio="", person_id=noor.id))
    options = [PollOption(position=place, label=label, ballots=3) for place, label in enumerate("AB")]
    poll = {"kind": PollKind.SINGLE_CHOICE, "status": PollStatus.READY}
    make.store(Poll(session_id=session.id, title="Wat?", options=options, **poll))
    return session


def copied_of(app, edition):
    with app.app_context():
        return copying.read(db.session.get_one(Edition, edition.id))


@pytest.fixture
def copy(app, filled, edition, tmp_path):
    """The copy, in an app of its own."""
    copied = copied_of(app, edition)
    folder = tmp_path / "copy"
    folder.mkdir()
    settings = settings_of(folder)
    make_tables(settings)
    with house(settings) as made:
        with made.app_context(), transaction():
            copying.write(copied, now=copied.starts_at)
        yield made


def count(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def test_nothing_of_visitors_is_copied(copy, filled):
    with copy.app_context():
        names = set(db.session.scalars(select(Person.name)))
        assert "Noor Bakker" not in names
        assert {"Roos", "Jolien"} <= names
        assert (count(Question), count(LoginSession)) == (0, 0)
        assert set(db.session.scalars(select(Person.password_hash))) == {None}
        assert db.session.scalars(select(Speaker.person_id)).all() == [None]
        assert db.session.scalars(select(Partner.name)).all() == ["Wijkfonds"]
        assert db.session.scalars(select(PollOption.ballots)).all() == [0, 0]
        assert db.session.scalars(select(Poll.status)).all() == [PollStatus.READY]
        assert not db.session.execute(db.text("PRAGMA foreign_key_check")).all()


# What belongs to a day or a session, and stays out: it is of visitors or of stand holders, happens on the day,
# or is how it was made.
STAYS_OUT = {
    "access_need", "appeal", "backstage_line", "broadcast", "broadcast_room", "caption_line", "certificate", "chat_line",
    "breakout_round", "breakout_state", "breakout_wish", "checklist_tick", "counted_visit", "danger_alarm", "desk_choice", "edition_change", "entry_card", "filled_form", "follow_up",
    "hand", "heard", "inside", "label_set", "lesson", "mailing", "mailing_rules", "market_stand", "muted_handle", "photo_consent", "programme_draft",
    "programme_import", "programme_release", "question", "report", "role_share",
    "running_order", "session_choice", "sms_day", "sms_number", "sms_number_use", "speaker_photo", "stage_signal", "tech_check", "visit",
}  # fmt: skip


def test_all_that_belongs_to_a_day_is_copied_or_stays_out_on_purpose(app, make, filled, edition):
    """A new table is one of the two: whoever adds it decides."""
    of_a_day = {"edition", "programme_session", "speaker", "poll"}
    belongs = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name in of_a_day for key in table.foreign_keys)
    }
    copied = set(copied_of(app, edition).rows)

    assert (
        belongs - copied - {"registration", "ballot", "poll_answer", "poll_role_count", "lesson_quote"}
        == STAYS_OUT
    )
    assert copied.isdisjoint(STAYS_OUT)
    assert "stage_host_change" in copied  # of no day, and without it a session shows no video


def test_the_run_of_show_own_questions_and_checklist_are_there_and_no_photo(
    app, make, filled, edition, tmp_path
):
    with app.app_context():
        speaker = db.session.scalars(select(Speaker)).one()
    first = make.store(CustomQuestion(
        edition_id=edition.id, position=1, kind=AnswerKind.YES_NO, label="Eet je mee?", options=[], is_required=False, keep_days=9
    ))  # fmt: skip
    make.store(CustomQuestion(
        edition_id=edition.id, position=2, kind=AnswerKind.TEXT, label="Wat niet?", options=[], is_required=False, keep_days=9,
        shown_if_id=first.id, shown_if_value="ja",
    ))  # fmt: skip
    make.store(
        RunOfShow(session_id=filled.id, revision=3),
        ShowPart(
            session_id=filled.id,
            position=0,
            kind=PartKind.TALK,
            minutes=5,
            speaker_id=speaker.id,
            begun_at=clock.now(),
        ),
        ChecklistItem(
            edition_id=edition.id, role="host", due_days=0, sentence="Sleutel halen", added_at=clock.now()
        ),
        SpeakerPhoto(speaker_id=speaker.id, content=b"x", placed_at=clock.now()),
    )
    copied = copied_of(app, edition)
    folder = tmp_path / "copy"
    folder.mkdir()
    settings = settings_of(folder)
    make_tables(settings)
    with house(settings) as made, made.app_context():
        with transaction():
            copying.write(copied, now=copied.starts_at)
        part = db.session.scalars(select(ShowPart)).one()
        assert (part.minutes, part.speaker_id, part.begun_at) == (5, speaker.id, None)
        assert db.session.scalars(select(ChecklistItem.sentence)).all() == ["Sleutel halen"]
        assert count(CustomQuestion) == 2
        assert count(SpeakerPhoto) == 0
        assert not db.session.execute(db.text("PRAGMA foreign_key_check")).all()


def test_the_copy_is_open_with_the_crew_and_invented_people(copy, filled, edition):
    with copy.app_context():
        here = db.session.get_one(Edition, edition.id)
        assert here.is_open
        assert here.taken == copying.FIGURANTS
        mailboxes = db.session.scalars(select(Person.email).where(Person.name.contains("figurant"))).all()
        assert len(mailboxes) == copying.FIGURANTS
        assert all(each.endswith("@rehearsal.invalid") for each in mailboxes)
        assert db.session.get(ProgrammeSession, filled.id).title == filled.title
        assert {grant.role.value for grant in db.session.scalars(select(RoleGrant))} == {
            "organiser",
            "moderator",
        }
        with transaction(), speaking("en"):  # as an earlier page may have left it
            links = copying.crew_links("https://oefen.example", now=here.starts_at)
    assert [(name, roles) for name, roles, _ in links] == [("Jolien", "Moderator"), ("Roos", "Organisator")]
    assert all(link.startswith("https://oefen.example/link/") for *_, link in links)


def test_a_day_without_sessions_or_people_can_be_copied(app, make):
    alone = make.edition(title="Leeg")

    copied = copied_of(app, alone)

    assert copied.ends_at > copied.starts_at
    assert copied.rows["programme_session"] == []


def test_the_clock_runs_fast_and_the_real_one_stays(monkeypatch):
    began, starts = time.time() - 10, datetime(2027, 1, 28, 12, tzinfo=UTC)
    assert clock.pace() == 1
    monkeypatch.setattr(clock, "_fast", None)
    clock.run_fast(began=began, starts=starts.timestamp(), pace=60)

    assert timedelta(minutes=9) < clock.now() - starts < timedelta(hours=24)
    assert clock.pace() == 60


def test_a_page_hears_how_fast_the_clock_runs(app, make, monkeypatch):
    assert set(make.browser().get("/tijd").json) == {"now"}
    monkeypatch.setattr(clock, "_fast", clock._Fast(time.time(), 0.0, 12.0))

    assert make.browser().get("/tijd").json["pace"] == 12.0


class Box:
    """A transport that keeps what it was given."""

    is_open = False

    def __init__(self):
        self.sent = []

    def send(self, _sender, to, _message):
        self.sent.append(to)


def test_mail_goes_to_the_crew_alone_and_says_that_it_is_a_rehearsal(app):
    box = Box()
    only = OnlyTo(frozenset({"roos@buurt.example"}), box)
    for to in ("Roos@Buurt.example", "noor@buurt.example", "figurant1@rehearsal.invalid", ""):
        only.send("hallo@buurt.example", to, b"")
    assert box.sent == ["Roos@Buurt.example"]
    config = {**app.config, "SMTP_URL": "smtp://127.0.0.1:1", "MAIL_ONLY_TO": frozenset()}
    assert isinstance(transport_of(config), OnlyTo)
    assert not isinstance(transport_of({**config, "MAIL_ONLY_TO": None}), OnlyTo)
    with app.app_context():
        said = {"to": "roos@buurt.example", "to_name": "Roos", "language": "nl"}
        assert "Repetitie" not in write("trial", **said).subject
        app.config["REHEARSAL"] = "x"
        assert write("trial", **said).subject.startswith("[Repetitie] ")


@pytest.mark.parametrize("is_one", [True, False])
def test_every_page_of_a_rehearsal_says_so_and_none_of_the_site(app, make, filled, is_one):
    paths = ("/", "/programma", f"/sessies/{filled.slug}/live", f"/sessies/{filled.slug}/podium",
             "/inloggen", "/bestaat-niet", "/embed/programma")  # fmt: skip
    app.config["REHEARSAL"] = "x" if is_one else None
    browser = make.browser()

    assert [path for path in paths if ("Dit is een repetitie" in browser.get(path).text) != is_one] == []


def test_the_crowd_asks_supports_and_votes_by_the_write_path(copy, filled):
    with copy.app_context():
        with transaction():
            poll = db.session.scalars(select(Poll)).one()
            poll.status, poll.opened_at = PollStatus.OPEN, clock.now()
        crowd = Crowd(copy)
        for _ in range(200):
            crowd.turn()
            with transaction():
                waiting = Question.status == QuestionStatus.WAITING
                db.session.execute(db.update(Question).where(waiting).values(status=QuestionStatus.VISIBLE))
            if count(Question) and count(Support) and sum(db.session.scalars(select(PollOption.ballots))):
                break
        assert count(Question) > 0
        assert count(Support) > 0
        asked = db.session.scalars(select(Question)).first()
        assert "(oefenvraag)" in asked.text
        assert "figurant" in db.session.get_one(Person, asked.asker_id).name
        assert db.session.execute(db.text("SELECT count(*) FROM operation")).scalar() > 0
        live().stop()


def test_one_rehearsal_at_a_time(tmp_path):
    assert not process.is_running(tmp_path)
    with process.hold(tmp_path):
        assert process.is_running(tmp_path)
        with pytest.raises(process.AlreadyRuns):
            process.hold(tmp_path)
    assert not process.is_running(tmp_path)
    process.throw_away(tmp_path)  # harmless


def test_without_an_address_the_page_says_what_to_set(app, make, filled):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    app.config["PUBLIC_URL"] = "https://dag.example"

    assert "REHEARSAL_URL" in roos.get("/organisatie/repetitie").text
    assert roos.post("/organisatie/repetitie/begin", data={"op": uuid4().hex}).status_code == 404
    app.config["REHEARSAL_URL"] = "https://oefen.example"
    assert "Begin de repetitie" in roos.get("/organisatie/repetitie").text


def test_in_a_rehearsal_no_other_is_begun(app, make, filled):
    app.config["REHEARSAL"] = "x"
    roos = make.browser(make.person("Roos", roles=["organiser"]))

    assert "Je bent in de repetitie" in roos.get("/organisatie/repetitie").text
    for deed in ("begin", "weg"):
        assert roos.post(f"/organisatie/repetitie/{deed}", data={"op": uuid4().hex}).status_code == 404


def test_its_settings_are_its_own(tmp_path):
    """The server of a rehearsal signs with its own key, and its cookie is another than that of the site."""
    given = {"DVB_REHEARSAL": str(tmp_path / "rehearsal.json")}
    rehearses, site = settings_of(tmp_path, **given), settings_of(tmp_path)

    assert rehearses["SESSION_COOKIE_NAME"] != site["SESSION_COOKIE_NAME"]
    app = create_app(rehearses)
    assert app.config["MAIL_ONLY_TO"] == frozenset()  # nobody, while it is not known who the crew is


@pytest.fixture
def beside(app, monkeypatch, tmp_path):
    """The environment in which a press of the button starts a process beside this app."""
    port = free_port()
    app.config.update(PUBLIC_URL="http://127.0.0.1:5000", REHEARSAL_PORT=port)
    for name, value in {
        "SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(tmp_path), "REHEARSAL_PORT": str(port),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    yield f"http://127.0.0.1:{port}"
    process.throw_away(tmp_path)


def until(true, seconds=90):
    """Wait for a condition, with a long bound."""
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


@pytest.mark.slow
def test_one_press_begins_it_and_one_throws_it_away(app, make, filled, edition, beside, tmp_path):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    with app.app_context():
        before = (count(Person), count(Question))
    answer = roos.post("/organisatie/repetitie/begin", data={"op": uuid4().hex})
    assert answer.status_code == 303
    assert until(lambda: "De repetitie loopt" in roos.get("/organisatie/repetitie").text)
    page = roos.get("/organisatie/repetitie").text
    link = re.search(rf'Jolien.*?value="({beside}/link/[\w-]+)"', page, re.S)[1]

    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = visitor.open(link).read().decode()
    fields = dict(re.findall(r'name="(csrf_token|op)" value="([^"]*)"', form))
    visitor.open(link, urlencode(fields).encode())
    desk = visitor.open(f"{beside}/sessies/{filled.slug}/regie").read().decode()
    assert "Dit is een repetitie" in desk
    assert filled.title in desk
    again = roos.post("/organisatie/repetitie/begin", data={"op": uuid4().hex}, follow_redirects=True)
    assert "Er loopt al een repetitie." in again.text

    os.kill(process.read(tmp_path).pid, signal.SIGKILL)  # its server lives on
    assert process.is_running(tmp_path)
    gone = roos.post("/organisatie/repetitie/weg", data={"op": uuid4().hex}, follow_redirects=True)
    assert "De repetitie is weg" in gone.text
    assert not process.home(tmp_path).exists()
    with pytest.raises(urllib.error.URLError):
        visitor.open(beside, timeout=2)
    with app.app_context():
        assert (count(Person), count(Question)) == before
