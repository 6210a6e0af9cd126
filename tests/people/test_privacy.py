"""Data export and erasure: all personal data is in the export, none of it remains after erasure."""

import itertools
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Integer, Numeric, String, Uuid, insert, select

from dagvandebuurt.attendance.models import Certificate, Visit
from dagvandebuurt.breakouts.models import BreakoutLine, BreakoutWish
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.personal_data import retention_table
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.hands.models import Hand, HandStatus
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus
from dagvandebuurt.live.models import Operation
from dagvandebuurt.mailings.models import MailingRecipient, MailingStatus
from dagvandebuurt.market.models import MarketContact, MarketPresence, MarketWait
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people import jobs
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.lifecycle import account_merging, erasure
from dagvandebuurt.people.lifecycle.data_export import NOT_TOLD, my_data, owned
from dagvandebuurt.people.models import (
    Invitation,
    LinkPurpose,
    LoginSession,
    ParticipantRole,
    PendingAction,
    Person,
    PersonalLink,
)
from dagvandebuurt.phone_desk.models import PhoneLook
from dagvandebuurt.polls.models import Poll, PollAnswer
from dagvandebuurt.programme.models import ProgrammeSession, Speaker
from dagvandebuurt.programme.photos.models import SpeakerPhoto
from dagvandebuurt.qanda import events, notices
from dagvandebuurt.qanda.models import (
    Appearance,
    BackstageLine,
    Question,
    QuestionNotice,
    QuestionStatus,
    Support,
)
from dagvandebuurt.readiness.models import TechCheck
from dagvandebuurt.registration import rules as registration_rules
from dagvandebuurt.registration.models import (
    AccessNeed,
    CustomQuestion,
    FilledForm,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)
from dagvandebuurt.safety.models import AlarmStep
from dagvandebuurt.sms.models import SmsNumber
from dagvandebuurt.wijkwijzer.people.models import ContactRequest, ContactStatus

NUMBERS = itertools.count(1)  # for what is counted once


class Canaries:
    """Person with a unique word in every personal column of every table of theirs, found by reflection on
    the models: new columns are included."""

    def __init__(self, app, make, session, bird):
        self.app, self.make, self.session, self.bird = app, make, session, bird
        self.person = make.person(
            f"{bird} naam", email=f"{bird}@buurt.example", neighbourhood=f"{bird} buurt"
        )
        self.proofs = set()  # useless to their owner: not in the file
        self.words = {f"{bird} naam", f"{bird}@buurt.example", f"{bird} buurt"}
        with app.app_context(), transaction():
            for table, columns in owned():
                if table.name not in ("login_session", "personal_link"):
                    db.session.execute(insert(table).values(self._row(table, columns)))
            mail = self._row(Mail.__table__, [])
            self.words.discard(mail["to"])
            db.session.execute(insert(Mail).values(mail | {"to": self.person.email}))
        with app.app_context():
            me = Identity.of(db.session.get(Person, self.person.id))
            anonymous = make.question(
                session,
                me,
                text=f"{bird} anoniem",
                appearance=Appearance.ANONYMOUS,
                asker_role=me.participant_role,
            )
            self.anonymous_id = anonymous.id
            asked = make.question(session, make.guest(), text="Van een ander?", status=QuestionStatus.VISIBLE)
            self.supported_id = asked.id
            make.do(events.SUPPORT, me, session, question=str(asked.id), on=True)
        self.words.add(f"{bird} anoniem")

    def _row(self, table, owners):
        return {
            column.name: self._value(table, column, column in owners)
            for column in table.columns
            if not (
                column.nullable and column.name.startswith(("parent", "merged", "moved", "key_room", "scope"))
            )
        }

    def _value(self, table, column, is_owner):
        if is_owner:
            return self.person.id
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            if target.table is Person.__table__:
                return None if column.nullable else self.person.id
            free = select(target).order_by(target).limit(1)
            if column.primary_key and len(table.primary_key) == 1:  # one of each: one that has none yet
                free = free.where(target.not_in(select(column)))
            found = db.session.scalar(free)
            if found is None and not column.nullable:
                raise AssertionError(f"{table.name}.{column.name} points at nothing: make one first")
            return found
        if (
            "personal" in column.info
            and "another" not in column.info
            and isinstance(column.type, String)
            and not isinstance(column.type, Enum)
        ):
            word = f"{self.bird} {table.name[:9]} {column.name}"[: column.type.length]
            self.words.add(word)
            if column.name in NOT_TOLD or column.name.endswith("_key"):
                self.proofs.add(word)
            return word
        kinds = (
            (String, lambda: uuid4().hex[: column.type.length or 30]), (Uuid, uuid4), (DateTime, lambda: self.session.starts_at), (Date, lambda: self.session.starts_at.date()),
            (Boolean, lambda: False), (JSON, list), (Integer, lambda: next(NUMBERS) if column.unique or column.name == "position" else 1), (Numeric, lambda: 1),
        )  # fmt: skip
        kind = (
            column.type.impl
            if hasattr(column.type, "impl") and not isinstance(column.type, Enum)
            else column.type
        )
        if isinstance(column.type, Enum):
            return column.type.enum_class(column.type.enums[0])
        return next(make() for cls, make in kinds if isinstance(kind, cls))


def bytes_of(app, folder):
    """Everything that is stored, raw: the files of SQLite, or every row of PostgreSQL."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.session.remove()
            return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
        rows = [
            str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))
        ]
        return "\n".join(rows).encode()


def found_in(words, data):
    return {word for word in words if word.encode() in data}


@pytest.fixture
def lesson(make, session):
    return make.store(
        Lesson(
            edition_id=session.edition_id, slug="les", title="Een les", lead="Kort.", in_short=["Eén."],
            status=LessonStatus.PUBLISHED, published_at=session.starts_at, changed_at=session.starts_at,
        )
    )  # fmt: skip


@pytest.fixture
def noor(app, make, session, lesson):
    make.question(session, make.guest(), status=QuestionStatus.VISIBLE)
    make.theme()
    make.alarm(session)
    make.group(session)
    make.mailing(session)
    make.stand(session.edition_id)
    make.store(
        CustomQuestion(
            edition_id=session.edition_id, position=1, kind="text", label="Wat?", options=[],
            is_required=False, keep_days=0,
        )
    )  # fmt: skip
    return Canaries(app, make, session, "kanarie")


def delete_me(make, person):
    return make.browser(person).post("/mijn/gegevens/wissen", data={"zeker": "ja"})


# --- I1: my data ---


def test_i1_the_data_export_is_complete_and_holds_nothing_of_others(app, make, session, noor):
    other = Canaries(app, make, session, "mus")

    answer = make.browser(noor.person).get("/mijn/gegevens.json")

    said = json.dumps(answer.json, ensure_ascii=False)
    assert {word for word in noor.words - noor.proofs if word not in said} == set()
    assert {word for word in other.words if word in said} == set()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_i1_a_table_missing_from_the_export_is_caught(app, make, session, noor, monkeypatch):
    from dagvandebuurt.people.lifecycle import data_export

    kept = list(data_export.owned())
    monkeypatch.setattr(data_export, "owned", lambda: [each for each in kept if each[0].name != "bookmark"])

    said = json.dumps(make.browser(noor.person).get("/mijn/gegevens.json").json)

    assert {word for word in noor.words - noor.proofs if word not in said} == {"kanarie bookmark note"}


def test_the_page_reads_like_a_page(make, noor):
    page = make.browser(noor.person).get("/mijn/gegevens").text

    for words in ("Wie je bent", "kanarie naam", "kanarie anoniem", "Wat je steunde", "Van een ander?"):
        assert words in page
    assert "password" not in page


# --- a guest becomes an account ---


def columns_naming(app, person_id):
    """`table.column` of each foreign key that leads to a person."""
    with app.app_context():
        return {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if any(key.column.table is Person.__table__ for key in column.foreign_keys)
            and (table.name, column.name) not in account_merging.STAYS | account_merging.FIXED
            and db.session.execute(select(table).where(column == person_id).limit(1)).first()
        }


def test_of_a_guest_who_becomes_an_account_every_row_is_moved(app, make, session, noor):
    """Found by reflection on the models: new tables are included."""
    into = make.person("Merel")
    with app.app_context(), transaction():
        person = db.session.get_one(Person, noor.person.id)
        person.email = person.email_key = person.email_confirmed_at = None
        person.grants.clear()
    before = columns_naming(app, noor.person.id)
    assert len(before) > 15

    with app.app_context(), transaction():
        assert account_merging.merge(noor.person.id, into.id, now=session.starts_at)

    assert columns_naming(app, noor.person.id) == set()
    # People on no list are only counted.
    assert before - {"visit.person_id"} <= columns_naming(app, into.id)
    said = json.dumps(make.browser(into).get("/mijn/gegevens.json").json, ensure_ascii=False)
    assert "kanarie anoniem" in said


def test_deleting_the_account_deletes_what_its_guest_wrote_too(app, make, session, noor, tmp_path):
    into = make.person("Merel")
    with app.app_context(), transaction():
        person = db.session.get_one(Person, noor.person.id)
        person.email = person.email_key = person.email_confirmed_at = None
        person.grants.clear()
    with app.app_context(), transaction():
        account_merging.merge(noor.person.id, into.id, now=session.starts_at)
    word = "kanarie follow_up note"
    assert found_in({word}, bytes_of(app, tmp_path)) == {word}

    delete_me(make, into)

    # The mail of this canary went to another address: a guest has none.
    words = {each for each in noor.words if "@" not in each and "kanarie mail" not in each}
    assert found_in(words, bytes_of(app, tmp_path)) == set()


# --- I2: delete me ---


def test_i2_after_erasure_no_text_of_theirs_is_stored_anywhere(app, make, tmp_path, noor, monkeypatch, now):
    # A public question stays, without its asker; its text is the only one that may.
    public = make.question(
        noor.session, make.identity("x", email=None), text="Iedereen las dit", status=QuestionStatus.VISIBLE,
        shown_name="kanarie getoond", appearance=Appearance.NAME,
    )  # fmt: skip
    with app.app_context(), transaction():
        db.session.get(Question, public.id).asker_id = noor.person.id
    words = noor.words | {"kanarie getoond"}
    assert found_in(words, bytes_of(app, tmp_path)) == words  # the search finds what is there

    answer = delete_me(make, noor.person)

    assert "Je gegevens zijn gewist" in answer.text
    assert found_in(words, bytes_of(app, tmp_path)) == set()
    with app.app_context():
        stays = db.session.get(Question, public.id)
        assert (stays.text, stays.asker_id, stays.shown_name) == ("Iedereen las dit", None, None)
        supported = db.session.get(Question, noor.supported_id)
        assert supported.support_count == 1
        assert db.session.scalar(select(Support.supporter_key).where(Support.question_id == supported.id))
        assert my_data(noor.person.id).keys() <= {"person", "login_session"}

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=2))
    assert jobs.delete_tombstones(app) == 1
    with app.app_context():
        assert db.session.get(Person, noor.person.id) is None


def test_i2_a_section_that_does_not_erase_is_caught(app, make, tmp_path, noor, monkeypatch):
    monkeypatch.setattr(erasure, "personal_data", list)

    delete_me(make, noor.person)

    assert found_in(noor.words, bytes_of(app, tmp_path)) != set()


def test_without_the_tick_nothing_is_deleted(app, make, noor):
    answer = make.browser(noor.person).post("/mijn/gegevens/wissen")

    assert (answer.status_code, "Er is niets gewist" in answer.text) == (422, True)
    with app.app_context():
        assert db.session.get(Person, noor.person.id).name == "kanarie naam"


def test_erasure_logs_out_all_browsers_and_frees_the_address(app, make, noor):
    elsewhere = make.browser(noor.person)
    assert elsewhere.get("/mijn").status_code == 200

    delete_me(make, noor.person)

    assert elsewhere.get("/mijn").status_code != 200
    known = make.browser().post("/inloggen", data={"email": noor.person.email})
    with app.app_context():
        assert (known.status_code, db.session.scalar(select(Mail.id))) == (200, None)


def test_the_place_of_an_erased_person_goes_to_the_waiting_list(app, make, now):
    start = now + timedelta(days=1)
    hall = make.session(starts_at=start, ends_at=start + timedelta(hours=1), capacity=1)
    first, second = make.identity("Een"), make.identity("Twee")
    for person in (first, second):
        with app.app_context(), transaction():
            registration_rules.choose(person, db.session.get(ProgrammeSession, hall.id), now=now)

    delete_me(make, first)

    with app.app_context():
        left = db.session.scalars(select(SessionChoice)).all()
        assert [(each.person_id, each.status) for each in left] == [(second.id, PlaceStatus.OFFERED)]


def test_erased_comments_remain_as_placeholders_only_under_replies(app, make, lesson, session):
    noor, other = make.person("Noor"), make.person("Ander")
    values = {"lesson_id": lesson.id, "status": CommentStatus.VISIBLE, "written_at": session.starts_at}
    alone = make.store(Comment(author_id=noor.id, text="Alleen", **values))
    above = make.store(Comment(author_id=noor.id, text="Boven", **values))
    make.store(Comment(author_id=other.id, text="Eronder", parent_id=above.id, **values))

    delete_me(make, noor)

    with app.app_context():
        assert db.session.get(Comment, alone.id) is None
        trace = db.session.get(Comment, above.id)
        assert (trace.text, trace.author_id, trace.status) == ("", None, CommentStatus.DELETED)


def test_people_are_erased_again_after_a_restore(request, app, make, tmp_path, noor):
    if request.config.getoption("--on-postgres"):
        pytest.skip("copies the file of SQLite back")
    with app.app_context():
        erasure.checkpoint_log()
        db.session.remove()
        db.engine.dispose()
    backup = tmp_path.parent / f"{tmp_path.name}-backup.db"
    shutil.copy(tmp_path / "dagvandebuurt.db", backup)
    delete_me(make, noor.person)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for path in tmp_path.glob("dagvandebuurt.db*"):
        path.unlink()
    shutil.move(backup, tmp_path / "dagvandebuurt.db")
    assert found_in({"kanarie naam"}, bytes_of(app, tmp_path))  # it is back

    assert jobs.tidy(app)["forgotten again"] == 1

    assert found_in(noor.words, bytes_of(app, tmp_path)) == set()


def test_d13_erasure_during_concurrent_writes_leaves_no_data(app, make, session, now, monkeypatch):
    for _ in range(5):
        noor = make.identity("Noor")
        question = make.question(session, make.guest(), status=QuestionStatus.VISIBLE)

        def support(noor=noor, question=question):
            make.do(events.SUPPORT, noor, session, question=str(question.id), on=True)

        def ask(noor=noor):
            make.do(
                events.ASK, noor, session, id=str(uuid4()), text="Nog iets", kind="question", appear="name"
            )

        def choose(noor=noor):
            with app.app_context(), transaction():
                registration_rules.choose(noor, db.session.get(ProgrammeSession, session.id), now=now)

        def go(noor=noor):
            delete_me(make, noor)

        def quietly(deed):
            try:
                deed()
            except RuleBroken:
                return

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(quietly, (support, ask, go, choose)))
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=2))
        jobs.delete_tombstones(app)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now)

        with app.app_context():
            assert db.session.get(Person, noor.id) is None
            assert my_data(noor.id) == {"person": []}
            assert db.session.scalar(select(Question.id).where(Question.shown_name == "Noor")) is None
            chosen = db.session.scalars(
                select(SessionChoice).where(SessionChoice.status == PlaceStatus.CONFIRMED)
            )
            assert db.session.get(ProgrammeSession, session.id).taken == len(chosen.all())


# --- I9: retention rules ---


def things_of(kind, app, make, session, lesson):
    """One thing of each kind that counts from `session.ends_at` or from now, and whether it is still there."""
    end = session.ends_at
    # A person with a role stays: so it is not the account that is erased.
    noor = make.person("Noor", roles=[] if kind == "account" else ["host"])
    if kind == "unconfirmed":
        made = make.store(
            Person(name="Wie", email="w@buurt.example", email_key="w@buurt.example", created_at=end)
        )
        return lambda: db.session.get(Person, made.id).forgotten_at is None
    if kind == "account":
        make.store(LoginSession(person_id=noor.id, began_at=end, seen_at=end))
        return lambda: db.session.get(Person, noor.id).forgotten_at is None
    if kind == "registration":
        make.store(
            Registration(
                edition_id=session.edition_id, person_id=noor.id, status="confirmed", registered_at=end
            )
        )
        return lambda: db.session.scalar(select(Registration.id)) is not None
    if kind == "attendance":
        make.store(Visit(session_id=session.id, person_id=noor.id, first_seen_at=end, last_seen_at=end))
        return lambda: db.session.scalar(select(Visit.id)) is not None
    if kind == "question":
        with app.app_context():
            me = Identity.of(db.session.get(Person, noor.id))
            asked = make.question(
                session, me, status=QuestionStatus.ANSWERED, shown_name="Noor", appearance=Appearance.NAME
            )
        with app.app_context(), transaction():
            db.session.get(Question, asked.id).answered_at = end
        return lambda: db.session.get(Question, asked.id).asker_id is not None
    if kind == "notice":
        asked = make.question(session, noor, appearance=Appearance.ANONYMOUS)
        with app.app_context(), transaction():
            notices.add(asked.id, noor.id)
        return lambda: db.session.get(QuestionNotice, asked.id) is not None
    if kind == "room_key":
        with app.app_context():
            pseudonyms.room_key(session.id)
        return lambda: pseudonyms.exists(session.id)
    if kind == "mailing":
        mailing = make.mailing(session, status=MailingStatus.DONE, started_at=end)
        make.store(MailingRecipient(mailing_id=mailing.id, person_id=noor.id, mail_key="x", status="queued"))
        return lambda: db.session.scalar(select(MailingRecipient.person_id)) is not None
    if kind == "poll_answer":
        poll = make.store(
            Poll(session_id=session.id, title="Wat?", kind="open_text", status="closed", tallied_at=end)
        )
        make.store(PollAnswer(poll_id=poll.id, number=1, key="a", text="Dat.", group_number=1, ballots=1))
        return lambda: db.session.scalar(select(PollAnswer.number)) is not None
    if kind == "answer":
        asked = make.store(
            CustomQuestion(
                edition_id=session.edition_id, position=1, kind="text", label="Wat?", options=[],
                is_required=False, keep_days=0,
            )
        )  # fmt: skip
        make.store(RegistrationAnswer(person_id=noor.id, question_id=asked.id, text="Dat.", chosen=[]))
        return lambda: db.session.scalar(select(RegistrationAnswer.question_id)) is not None
    made = {
        "phone_look": lambda: PhoneLook(
            person_id=noor.id, by_name="Ineke", deed="opened", reason="login", at=end
        ),
        "access": lambda: AccessNeed(
            edition_id=session.edition_id, person_id=noor.id, needs=["captions"], agreed_at=end
        ),
        "invitation": lambda: Invitation(
            token_hash="x", email="x@buurt.example", role="host", made_at=end, expires_at=end
        ),
        "filled_form": lambda: FilledForm(
            edition_id=session.edition_id, person_id=noor.id, content="x", typed={}, made_at=end
        ),
        "login": lambda: LoginSession(person_id=noor.id, began_at=end, seen_at=end),
        "link": lambda: PersonalLink(
            person_id=noor.id, token_hash="x", purpose=LinkPurpose.LOGIN, made_at=end, expires_at=end
        ),
        "wish": lambda: PendingAction(bundle=uuid4(), kind="x", target_id=uuid4(), text="x", back_to="/", made_at=end),
        "mail": lambda: Mail(
            dedupe_key="x", kind="x", to="x@buurt.example", to_name="", subject="", text="", html="", headers={},
            status=MailStatus.SENT, made_at=end, due_at=end,
        ),
        "operation": lambda: Operation(op_id="x" * 8, actor_key="x", request="x", result="{}", at=end),
        "certificate": lambda: Certificate(
            code="x", person_id=noor.id, edition_id=session.edition_id, made_at=end, says={"name": "Noor"}
        ),
        "chat": lambda: ChatLine(
            session_id=session.id, revision=1, person_id=noor.id, name="Noor", role=ParticipantRole.RESIDENT,
            text="x", said_at=end,
        ),
        "hand": lambda: Hand(
            session_id=session.id, person_id=noor.id, name="Noor", role=ParticipantRole.RESIDENT, raised_at=end,
            status=HandStatus.SPOKEN,
        ),
        "breakout": lambda: BreakoutWish(session_id=session.id, person_id=noor.id, joins=True),
        "sms": lambda: SmsNumber(
            person_id=noor.id, edition_id=session.edition_id, sealed=uuid4(), number_print="x", given_at=end
        ),
        "market_presence": lambda: MarketPresence(
            stand_id=make.stand(session.edition_id).id, person_id=noor.id, until=end
        ),
        "market_contact": lambda: MarketContact(
            stand_id=make.stand(session.edition_id).id, token_hash="x", sealed=b"x", left_at=end
        ),
        "market_wait": lambda: MarketWait(
            stand_id=make.stand(session.edition_id).id, visitor_key="x", sealed=b"x", joined_at=end, changed_at=end
        ),
        "breakout_note": lambda: BreakoutLine(group_id=make.group(session).id, position=1, text="Een bankje"),
        "captions": lambda: CaptionLine(session_id=session.id, position=0, text="x", at=end),
        "contact": lambda: ContactRequest(
            initiative_id=make.initiative().id, from_id=noor.id, text="x", reply="x", status=ContactStatus.ANSWERED,
            sent_at=end, answered_at=end,
        ),
        "tech_check": lambda: TechCheck(
            edition_id=session.edition_id, outcome="needs_help", note="Bel me.", at=end,
            speaker_id=make.store(Speaker(code="x", name="Wie", function="", bio="")).id,
        ),
        "photo": lambda: SpeakerPhoto(
            speaker_id=make.store(Speaker(code="y", name="Wie", function="", bio="")).id, content=b"x", placed_at=end
        ),
        "alarm": lambda: AlarmStep(
            alarm_id=make.alarm(session).id, action="raise", person_id=noor.id, person_name="Noor", at=end
        ),
        "moderation": lambda: BackstageLine(
            session_id=session.id, revision=1, author_id=noor.id, author_name="Noor", text="x", at=end
        ),
    }[kind]()  # fmt: skip
    if kind == "alarm":  # that there was one stays, without its people
        step = make.store(made)
        return lambda: bool(db.session.get_one(AlarmStep, step.id, populate_existing=True).person_name)
    model = type(make.store(made))
    return lambda: db.session.scalar(select(*model.__table__.primary_key.columns).limit(1)) is not None


KINDS = (
    "unconfirmed", "filled_form", "account", "invitation", "login", "link", "wish", "registration", "answer", "access", "attendance", "certificate", "mail", "operation",
    "question", "notice", "room_key", "moderation", "captions", "contact", "tech_check", "photo", "hand", "chat", "alarm", "breakout", "breakout_note", "mailing", "sms", "market_presence", "market_contact", "market_wait", "phone_look", "poll_answer",
)  # fmt: skip


def test_i9_every_timed_retention_rule_is_tested_here(app):
    assert {line.kind for line in retention_table() if line.tidy} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_i9_data_is_kept_exactly_as_long_as_the_retention_rule_says(
    kind, app, make, session, lesson, monkeypatch
):
    is_there = things_of(kind, app, make, session, lesson)
    days = next(line.days for line in retention_table() if line.kind == kind)

    def after(days):
        moment = session.ends_at + timedelta(days=days)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        went = jobs.tidy(app)
        with app.app_context():
            return went[kind], is_there()

    if kind == "account":  # two weeks before the end they are warned
        monkeypatch.setattr(
            "dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=days - 13)
        )
        assert jobs.warn(app)["warned"] == 1
    assert after(days - 1) == (0, True)
    assert after(days + 1) == (1, False)
    assert after(days + 1)[0] == 0  # idempotent


def test_attendance_counts_survive_the_erasure_of_attendees(app, make, session, monkeypatch):
    for name in ("Een", "Twee"):
        person = make.person(name)
        make.store(
            Visit(
                session_id=session.id, person_id=person.id,
                first_seen_at=session.starts_at, last_seen_at=session.ends_at,
            )
        )  # fmt: skip
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=31))

    jobs.tidy(app)

    with app.app_context():
        assert db.session.get(ProgrammeSession, session.id).visitors == 2


def test_i4_destroying_a_rooms_key_makes_askers_unidentifiable(app, make, session, noor, monkeypatch):
    with app.app_context():
        assert any(row["text"] == "kanarie anoniem" for row in my_data(noor.person.id)["question"])
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=15))

    jobs.tidy(app)

    with app.app_context():
        assert not any(
            row["text"] == "kanarie anoniem" for row in my_data(noor.person.id).get("question", ())
        )
        key = db.session.get(Question, noor.anonymous_id).author_key
        assert key != pseudonyms.pseudonym(session.id, "author", noor.person.id)


def test_the_privacy_page_shows_the_same_table(app, make, session):
    page = make.browser().get("/privacy").text

    for line in retention_table():
        assert str(line.what) in page
        assert str(line.until).split(".")[0] in page


def test_i6_logs_hold_no_addresses_tokens_or_texts(app, make, noor, caplog):
    with caplog.at_level("DEBUG"):
        make.browser().post("/inloggen", data={"email": noor.person.email})
        with app.app_context():
            token = (
                db.session.scalar(select(Mail.text).where(Mail.kind == "login")).split("/link/")[1].split()[0]
            )
        make.browser().post(f"/link/{token}")
        delete_me(make, noor.person)
        jobs.tidy(app)

    logged = caplog.text
    assert "tidied" in logged  # it was listening
    assert found_in(noor.words | {token}, logged.encode()) == set()
