"""Vandaag: how the day stands, what asks for the organiser, and figures that match what is stored."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from dagvandebuurt.agenda.models import FollowUpStatus, Heard
from dagvandebuurt.attendance.models import Inside, Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation.attention import what_asks
from dagvandebuurt.organisation.day_plan import Counted, Fill, plans_of
from dagvandebuurt.organisation.today import registration_figures, who_came
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Domain, ParticipantRole, Person, Role, RoleGrant
from dagvandebuurt.people.rules import take_role
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.hooks import Urgency
from dagvandebuurt.programme.models import DraftEntry, Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.registration.models import AccessNeed, PlaceStatus, Registration, SessionChoice

HOUR = timedelta(hours=1)


@pytest.fixture
def edition(make, now):
    return make.edition(starts_at=now - HOUR, ends_at=now + 4 * HOUR)


@pytest.fixture
def round_(make, edition):
    return make.round(edition, starts_at=edition.starts_at, label="Ronde 1")


@pytest.fixture
def roos(make):
    return make.person("Roos", roles=["organiser"])


@pytest.fixture
def read(make, roos):
    browser = make.browser(roos)
    return lambda path="/organisatie": html.unescape(browser.get(path).text)


@pytest.fixture
def live(make, now, round_):
    return lambda title, **more: make.session(
        title, round=round_, **({"starts_at": now - HOUR / 4, "ends_at": now + HOUR / 2} | more)
    )


def heading(page):
    return re.search(r"<h1>([^<]*)</h1>", page).group(1)


def register(make, edition, *, at, status=PlaceStatus.CONFIRMED, **person):
    who = make.person(**person)
    make.store(Registration(edition_id=edition.id, person_id=who.id, status=status, registered_at=at))
    return who


def mail(number, now, **values):
    return Mail(
        dedupe_key=f"m{number}", kind="note", mailbox=f"box{number}", to=f"m{number}@buurt.example", to_name="",
        subject="", text="", html="", headers={}, made_at=now - HOUR, due_at=now - HOUR, **values,
    )  # fmt: skip


# --- how it stands ---


@pytest.mark.parametrize(
    ("status", "hours", "says"),
    [
        (EditionStatus.DRAFT, 400, "Deze dag is nog een concept."),
        (EditionStatus.CLOSED, 0, "Deze dag is dicht."),
        (EditionStatus.OPEN, 12 * 24, "Nog 12 dagen tot de dag."),
        (EditionStatus.OPEN, 24, "Morgen is de dag."),
        (EditionStatus.OPEN, 2, "Vandaag is de dag. Om 15.15 uur begint het."),
        (EditionStatus.OPEN, 0, "Ronde 1 is bezig. Twee zalen zijn open."),
        (EditionStatus.OPEN, -1.5, "Nu is er niets bezig. Ronde 2 begint om 14.15 uur."),
        (EditionStatus.OPEN, -24, "De dag is voorbij."),
    ],
)
def test_one_sentence_says_how_it_stands(make, now, read, status, hours, says):
    begins = now + hours * HOUR
    edition = make.edition(status=status, starts_at=begins, ends_at=begins + 4 * HOUR)
    first = make.round(edition, starts_at=begins, ends_at=begins + HOUR, label="Ronde 1")
    second = make.round(edition, starts_at=begins + 2.5 * HOUR, ends_at=begins + 3.5 * HOUR, label="Ronde 2")
    for title in ("Een", "Twee"):
        make.session(title, round=first, starts_at=begins, ends_at=begins + HOUR)
    make.session("Drie", round=second, starts_at=second.starts_at, ends_at=second.ends_at)

    assert heading(read()) == says


def test_a_day_with_nothing_in_it_leads_to_begin_hier(make, read):
    make.edition(status=EditionStatus.DRAFT)

    shown = read()

    assert "Hier staan straks de cijfers van je dag" in shown
    assert shown.count('href="/organisatie/begin"') == 3  # in the navigation, on the page, and what asks
    assert "plan__drawing" not in shown


# --- what asks ---


def asking(app, person, edition, now):
    with app.test_request_context("/"):
        actor = Identity.of(db.session.get(Person, person.id))
        return {item.code: item for item in what_asks(actor, db.session.get(Edition, edition.id), now)}


@pytest.fixture
def restless(make, now, edition, round_, live):
    """An edition in which everything that can ask for an organiser asks."""
    here = live("Wie belt wie?", capacity=1)
    over = make.session("Opening", round=round_, starts_at=now - HOUR, ends_at=now - HOUR / 2)
    make.person("Mo", roles=[("moderator", over.id)])
    make.question(here, asked_at=now - timedelta(minutes=7))
    make.report(here)
    for name, status in (("Noor", PlaceStatus.CONFIRMED), ("Bo", PlaceStatus.WAITLISTED)):
        who = register(make, edition, at=now - HOUR, name=name, status=status)
        make.store(SessionChoice(session_id=here.id, person_id=who.id, status=status, chosen_at=now))
    make.store(AccessNeed(edition_id=edition.id, person_id=who.id, needs=["sign_language"], agreed_at=now))
    make.point(status=FollowUpStatus.SENT, due_on=(now - timedelta(days=3)).date())
    make.store(
        mail(1, now, status=MailStatus.WAITING, last_error="refused"),
        mail(2, now, status=MailStatus.REFUSED),
        mail(3, now, status=MailStatus.SENT, bounced_at=now - HOUR),
        DraftEntry(
            edition_id=edition.id, kind="session", thing_id=here.id, is_new=False, values={}, changed_at=now
        ),
    )
    return here, over


ALL = {
    "questions wait", "late", "access needs", "mail stays", "without a moderator", "reports wait", "day is full",
    "session is full", "without a contact", "not rounded off", "mail came back", "mail refused", "not published",
}  # fmt: skip


def test_everything_that_asks_is_a_line_that_leads_to_its_place(
    app, make, now, edition, restless, roos, read
):
    found = asking(app, roos, edition, now)

    assert set(found) == ALL
    shown, browser = read(), make.browser(roos)
    for item in found.values():
        assert item.title in shown
        assert item.says in shown
        if not item.is_post:
            assert browser.get(item.path).status_code == 200, item.path
    assert found["late"].title.endswith("is 3 dagen te laat.")
    assert found["questions wait"].says == "De oudste wacht 7 minuten."
    assert [item.urgency for item in found.values()] == sorted(item.urgency for item in found.values())
    assert (
        f'action="{found["mail stays"].path}"' not in shown
    )  # without a mail server there is nothing to press


def test_what_is_settled_asks_no_more(app, make, now, edition, restless, roos):
    here, over = restless
    with app.app_context(), transaction():
        for kind, values in (
            (Question, {"status": QuestionStatus.HIDDEN, "hidden_reason": "respect"}),
            (AccessNeed, {"arranged_at": now, "arranged_note": "Een tolk."}),
            (Registration, {"status": PlaceStatus.CONFIRMED}),
            (SessionChoice, {"status": PlaceStatus.CONFIRMED}),
            (Mail, {"status": MailStatus.SENT, "bounced_at": None}),
        ):
            db.session.execute(db.update(kind).values(**values))
        db.session.execute(db.delete(DraftEntry))
        db.session.execute(db.text("UPDATE report SET status = 'upheld', is_upheld = true"))
        db.session.execute(db.text("UPDATE follow_up SET status = 'confirmed'"))
        db.session.add(
            Heard(
                session_id=over.id, text="Goed.", version=1, edited_by="Mo", edited_at=now, published_at=now
            )
        )
        mo = db.session.scalar(db.select(Person).where(Person.name == "Mo"))
        db.session.add(RoleGrant(person=mo, role=Role.MODERATOR, scope_id=here.id, granted_at=now))

    assert asking(app, roos, edition, now) == {}


def test_who_may_do_it_does_it_at_once_and_others_are_led_to_who_can(app, make, now, edition, restless, roos):
    here, _over = restless
    admin = make.person("Bas", roles=["admin"])

    for code in ("without a moderator", "questions wait"):
        theirs, hers = asking(app, admin, edition, now)[code], asking(app, roos, edition, now)[code]
        assert (theirs.is_post, theirs.path) == (True, f"/organisatie/sessies/{here.slug}/inval")
        assert not hers.is_post

    browser = make.browser(admin)
    assert browser.post(theirs.path).status_code == 303
    found = asking(app, admin, edition, now)
    assert "without a moderator" not in found
    assert found["questions wait"].path == f"/sessies/{here.slug}/regie"


def test_another_edition_asks_nothing_here(app, make, now, restless, roos):
    next_year = make.edition(starts_at=now + timedelta(days=360), ends_at=now + timedelta(days=361))

    assert set(asking(app, roos, next_year, now)) == {
        "late", "without a contact", "mail stays", "mail came back", "mail refused", "to prepare",
    }  # fmt: skip


def test_many_of_one_kind_are_one_line(app, make, now, edition, round_, roos):
    later = {"starts_at": now + 3 * HOUR, "ends_at": now + 4 * HOUR}
    sessions = [make.session(f"Sessie {n}", round=round_, **later) for n in range(9)]
    make.person("Mo", roles=[("moderator", sessions[0].id)])

    found = asking(app, roos, edition, now)

    assert found["without a moderator"].title == "8 sessies hebben geen moderator."
    assert found["without a moderator"].urgency is Urgency.SOON
    make.person("Overal", roles=["moderator"])
    assert "without a moderator" not in asking(app, roos, edition, now)


def test_a_session_that_loses_its_last_moderator_while_people_are_in_asks_at_once(
    app, make, now, edition, round_, live, roos
):
    here = live("Wie belt wie?")
    make.session("Later", round=round_, starts_at=now + 3 * HOUR, ends_at=now + 4 * HOUR)
    mo = make.person("Mo", roles=[("moderator", here.id)])
    before = {item.session_id for item in asking(app, roos, edition, now).values()}
    with app.app_context(), transaction():
        take_role(db.session.get_one(Person, mo.id), Role.MODERATOR, scope_id=here.id)

    asked = make.do(
        events.ASK, make.guest("Noor"), here, id=str(uuid4()), text="Leest iemand dit?", appear="role"
    )
    found = asking(app, roos, edition, now)["without a moderator"]

    assert here.id not in before
    assert asked["ok"]  # what is asked meanwhile is kept, and waits
    assert (found.session_id, found.urgency) == (here.id, Urgency.NOW)
    assert (found.title, found.says) == (
        "Wie belt wie? heeft geen moderator.",
        "Niemand leest daar de vragen.",
    )


# --- figures ---


def test_registrations_grow_by_the_day_of_the_reader(app, make, edition, now):
    late_evening = datetime(2027, 1, 26, 22, 59, tzinfo=UTC)  # 23.59 in Amsterdam
    for at in (late_evening, late_evening + timedelta(minutes=1), now - HOUR):
        register(make, edition, at=at)
    register(make, edition, at=now, status=PlaceStatus.CANCELLED)

    with app.app_context():
        found = registration_figures(db.session.get(Edition, edition.id), now)

    assert found.growth == [(date(2027, 1, 26), 1), (date(2027, 1, 27), 2), (date(2027, 1, 28), 3)]
    assert (found.confirmed, found.today) == (3, 1)
    assert found.line == "0.0,26.0 50.0,14.0 100.0,2.0"


def test_a_long_time_of_registering_is_a_line_of_at_most_thirty_points(app, make, edition, now):
    for days in (400, 399, 200, 1, 0):
        register(make, edition, at=now - timedelta(days=days))

    with app.app_context():
        growth = registration_figures(db.session.get(Edition, edition.id), now).growth

    assert len(growth) <= 30
    assert [growth[-2], growth[-1]] == [(date(2027, 1, 27), 4), (date(2027, 1, 28), 5)]
    assert [number for _day, number in growth] == sorted(number for _day, number in growth)


def test_the_figures_match_what_is_stored(make, now, edition, live, read):
    here, there = live("Hier"), live("Daar")
    make.question(here, status=QuestionStatus.ANSWERED)
    make.question(here, status=QuestionStatus.FORWARDED)
    make.question(there, status=QuestionStatus.VISIBLE)
    make.question(there, status=QuestionStatus.OPEN_AFTER)
    make.question(there)
    make.store(*(Inside(session_id=here.id, visitor_key=f"w{n}", seen_at=now) for n in range(3)))
    make.store(Inside(session_id=here.id, visitor_key="weg", seen_at=now - timedelta(minutes=2)))

    shown = read()

    figures = re.findall(r'class="figure__number">(\d+)<', shown)
    assert figures == ["0", "3", "4"]
    assert re.findall(r'bars__number">(\d+) ', shown) == ["1", "1", "2"]
    assert "1 vraag wacht nog op een moderator." in shown
    assert 'aria-label="Hier, 13.00 tot 13.45 uur, 3 binnen"' in re.sub(r"\s+", " ", shown)


def test_who_registered_and_who_came_by_role_without_small_groups(app, make, edition, live, now):
    here = live("Hier")
    for number in range(12):
        who = register(make, edition, at=now, name=f"Buur {number}", domain=Domain.RESIDENTS)
        if number < 11:
            make.store(Visit(session_id=here.id, person_id=who.id, first_seen_at=now, last_seen_at=now))
    for number in range(10):
        who = register(make, edition, at=now, name=f"Werker {number}", role=ParticipantRole.SOCIAL_WORKER)
        if number < 9:
            make.store(Visit(session_id=here.id, person_id=who.id, first_seen_at=now, last_seen_at=now))
    register(make, edition, at=now, name="Ben", role=ParticipantRole.ADMINISTRATOR)

    with app.app_context():
        roles, domains = who_came(db.session.get(Edition, edition.id), [here])

    assert [(each.of, each.registered, each.came) for each in roles.large] == [
        (ParticipantRole.RESIDENT, 12, 11), (ParticipantRole.SOCIAL_WORKER, 10, None),
    ]  # fmt: skip
    assert roles.small == [ParticipantRole.ADMINISTRATOR]
    assert [(each.of, each.registered, each.came) for each in domains.large] == [(Domain.RESIDENTS, 12, 11)]


def test_the_number_of_queries_does_not_grow(app, make, now, edition, live, round_, roos, read):
    def queries():
        asked = []
        with app.app_context():
            engine = db.engine
        note = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        try:
            read()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    def fill(number):
        here = live(f"Sessie {number}", capacity=1)
        over = make.session(f"Voorbij {number}", round=round_, starts_at=now - HOUR, ends_at=now - HOUR / 2)
        make.question(here, asked_at=now - HOUR)
        make.question(over, status=QuestionStatus.VISIBLE)
        make.report(here)
        make.point(status=FollowUpStatus.SENT, due_on=(now - timedelta(days=3)).date())
        who = register(make, edition, at=now - timedelta(days=number))
        make.store(
            SessionChoice(session_id=here.id, person_id=who.id, status=PlaceStatus.WAITLISTED, chosen_at=now),
            Visit(session_id=here.id, person_id=who.id, first_seen_at=now, last_seen_at=now),
            AccessNeed(edition_id=edition.id, person_id=who.id, needs=["other"], agreed_at=now),
        )
        return here

    make.person("Mo", roles=[("moderator", fill(0).id)])
    for number in range(1, 4):
        fill(number)
    read()  # reads what is kept for a while
    few = queries()
    for number in range(4, 24):
        fill(number)

    assert queries() == few


# --- the plan ---


def counted(title, begins, minutes, *, now, capacity=None, status=SessionStatus.SCHEDULED, **numbers):
    session = ProgrammeSession(
        title=title, slug=title, starts_at=begins, ends_at=begins + timedelta(minutes=minutes),
        capacity=capacity, status=status,
    )  # fmt: skip
    zero = {"chosen": 0, "waiting": 0, "present": 0, "visitors": 0}
    return Counted(session, session.phase_at(now), **(zero | numbers))


def test_the_plan_puts_sessions_side_by_side_and_shows_where_now_is(now):
    begins = now - timedelta(minutes=15)  # 13.00
    early = counted("Opening", begins - HOUR, 30, now=now, visitors=8)
    long = counted("Markt", begins, 120, now=now, present=5)
    here = counted("Hier", begins, 60, now=now, present=10, capacity=20)
    full = counted("Vol", begins + HOUR, 60, now=now, chosen=30, capacity=30)
    asks = counted("Vraagt", begins + HOUR, 60, now=now, asks=True)
    off = counted("Af", begins + HOUR, 60, now=now, status=SessionStatus.CANCELLED)

    [plan] = plans_of([early, long, here, full, asks, off], now)

    slots = {slot.counted.session.title: slot for slot in plan.slots}
    assert [(slots[t].left, slots[t].width) for t in ("Opening", "Markt", "Hier")] == [
        (0, 16.67), (33.33, 66.67), (33.33, 33.34),
    ]  # fmt: skip
    assert plan.now_left == 41.67
    assert {slots[t].lane for t in ("Opening", "Markt")} == {0}
    assert len({(slots[t].lane) for t in ("Vol", "Vraagt", "Af")}) == 3
    assert plan.lanes == 4
    assert [slots[t].counted.fill for t in slots] == [
        Fill.OVER, Fill.LIVE, Fill.LIVE, Fill.CANCELLED, Fill.FULL, Fill.ASKS,
    ]  # fmt: skip
    assert [slots[t].share for t in ("Opening", "Markt", "Hier", "Vol")] == [
        round(8 / 30, 3),
        round(5 / 30, 3),
        0.5,
        1,
    ]


def test_each_day_has_its_own_plan_and_a_long_one_few_lines(now):
    plans = plans_of(
        [counted("Een", now, 60, now=now), counted("Twee", now + timedelta(days=1), 720, now=now)], now
    )

    assert [plan.now_left is None for plan in plans] == [False, True]
    assert all(len(plan.ticks) <= 10 for plan in plans)
