"""Mailings: one text by mail to whom the organisers choose, each person once, whatever happens in between."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.mailings import jobs, privacy, rules
from dagvandebuurt.mailings.fields import filled, mistake_in
from dagvandebuurt.mailings.filters import Audience, Presence, Who, gets_it
from dagvandebuurt.mailings.models import Mailing, MailingChange, MailingRecipient, MailingStatus
from dagvandebuurt.mailings.queries import Outcome, outcomes
from dagvandebuurt.parts.mail import rules as outbox
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import MutedMail, ParticipantRole, Person
from dagvandebuurt.programme.models import Edition, Round
from dagvandebuurt.registration.models import (
    AnswerKind,
    CustomQuestion,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)
from tests.factories import START

DESK = "/organisatie/berichten"
TEXT = {"subject": "De ingang is verhuisd", "text": "Kom naar de Kerkstraat. Tot zo!", "who": "everybody"}


@pytest.fixture
def edition(make, session):
    with make.context():
        return db.session.get(Edition, db.session.get(Round, session.round_id).edition_id)


@pytest.fixture
def comes(make, edition):
    """Return a function that makes somebody with a place on the day."""

    def make_one(name, status=PlaceStatus.CONFIRMED, **values):
        person = make.person(name, **values)
        make.store(
            Registration(edition_id=edition.id, person_id=person.id, status=status, registered_at=START)
        )
        return person

    return make_one


@pytest.fixture
def roos(make, session):
    return make.person("Roos", roles=["organiser"])


@pytest.fixture
def desk(make, roos):
    return make.browser(roos)


def written(desk, **more):
    answer = desk.post(DESK, data=TEXT | more)
    assert answer.status_code == 303, answer.text
    return answer.location


def seen_on(page):
    return re.search(r'name="seen" value="(\d+)"', page.text)[1]


def sent(desk, path, **more):
    return desk.post(f"{path}/verstuur", data={"seen": seen_on(desk.get(path)), "when": "now"} | more)


def mails(app, kind="mailing"):
    with app.app_context():
        return db.session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.to)).all()


def the_mailing(app):
    with app.app_context():
        return db.session.scalars(select(Mailing)).one()


def deliver(app, most=10_000):
    """Send what waits in the outbox, as a sender does."""
    with app.app_context():
        for _ in range(most):
            with transaction():
                claimed = outbox.claim(now=clock.now())
            if claimed is None:
                return
            with transaction():
                outbox.mark_sent(claimed, now=clock.now())


def test_everybody_with_a_place_gets_it_once_in_their_language(app, make, comes, desk):
    noor = comes("Noor")
    sam = comes("Sam", language="en")
    comes("Niet zeker", status=PlaceStatus.CANCELLED)
    path = written(
        desk,
        text="Dag {naam}, kom naar {evenement}.",
        subject_en="The entrance moved",
        text_en="Come, {name}.",
    )

    assert "2 mensen krijgen dit bericht." in desk.get(path).text
    assert sent(desk, path).status_code == 303
    for _ in "ab":
        jobs.send_mailings(app)

    by_address = {mail.to: mail for mail in mails(app)}
    assert set(by_address) == {noor.email, sam.email}
    assert "Dag Noor, kom naar" in by_address[noor.email].text
    assert by_address[sam.email].subject == "The entrance moved"
    assert "Come, Sam." in by_address[sam.email].text
    for mail in by_address.values():
        assert mail.priority == Priority.NEWS
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_english_it_says_so(app, comes, desk):
    comes("Sam", language="en")
    path = written(desk)

    assert "Er is geen Engelse tekst." in desk.get(path).text
    sent(desk, path)
    jobs.send_mailings(app)

    (mail,) = mails(app)
    assert "This message is only available in Dutch." in mail.text
    assert "Kom naar de Kerkstraat." in mail.text


def test_never_to_who_switched_it_off_also_meanwhile(app, make, comes, desk):
    noor, sam = comes("Noor"), comes("Sam")
    make.store(MutedMail(person_id=noor.id, subject="news"))
    path = written(desk)
    sent(desk, path)
    with app.app_context(), transaction():
        rules.start(db.session.scalars(select(Mailing)).one(), now=clock.now())
    make.store(MutedMail(person_id=sam.id, subject="news"))

    jobs.send_mailings(app)

    assert mails(app) == []
    with app.app_context():
        found = outcomes(db.session.scalars(select(Mailing)).one())
    assert (found[Outcome.LEFT_OUT], sum(found.values())) == (1, 1)


def test_the_link_in_the_mail_switches_it_off(app, make, comes, desk):
    noor = comes("Noor")
    sent(desk, written(desk))
    jobs.send_mailings(app)
    (mail,) = mails(app)
    off = re.search(r"/post/uit/\S+", mail.text)[0]

    answer = make.browser().post(off, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code in (200, 303)
    with app.app_context():
        assert db.session.get(MutedMail, (noor.id, "news")) is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Dag {naem}.", "Het veld {naem} kennen we niet."),
        ("Dag {naam.", "Er staat een losse { of }."),
        ("Dag naam}.", "Er staat een losse { of }."),
    ],
)
def test_an_unknown_or_broken_field_is_refused_and_the_text_stays(app, desk, text, says):
    answer = desk.post(DESK, data=TEXT | {"text": text})

    assert answer.status_code == 422
    assert says in answer.text
    assert f">\r\n{text}</textarea>" in answer.text or f">{text}</textarea>" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mailing)) == 0


def test_a_name_with_braces_stays_a_name():
    assert mistake_in("Dag { NAAM }") is None
    assert filled("{naam} en {Name}", {"naam": "{datum}"}) == "{datum} en {datum}"


def person_ids(app, edition, audience):
    with app.app_context():
        return set(db.session.scalars(select(Person.name).where(gets_it(edition.id, audience))))


def test_filters_narrow_each_other(app, make, edition, session, comes):
    noor = comes("Noor", neighbourhood="De Wierde", role=ParticipantRole.RESIDENT)
    sam = comes("Sam", language="en", role=ParticipantRole.RESEARCHER)
    kees = comes("Kees", neighbourhood="Oost")
    make.store(
        SessionChoice(
            session_id=session.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, chosen_at=START
        ),
        SessionChoice(
            session_id=session.id, person_id=sam.id, status=PlaceStatus.WAITLISTED, chosen_at=START
        ),
    )
    question = make.store(
        CustomQuestion(
            edition_id=edition.id, position=1, kind=AnswerKind.CHOICES, label="Wat eet je?",
            options=["Soep", "Brood é"], is_required=False, keep_days=1,
        )
    )  # fmt: skip
    make.store(RegistrationAnswer(person_id=kees.id, question_id=question.id, chosen=["Soep", "Brood é"]))
    here = (str(session.id),)

    def found(**filters):
        return person_ids(app, edition, Audience(**filters))

    assert found() == {"Noor", "Sam", "Kees"}
    assert found(who=Who.CHOSE, sessions=here) == {"Noor"}
    assert found(who=Who.WAITS, sessions=here) == {"Sam"}
    assert found(who=Who.NONE_CHOSEN) == {"Kees"}
    assert found(language="en") == {"Sam"}
    assert found(language="nl", roles=("resident",)) == {"Noor", "Kees"}
    assert found(place="wierde") == {"Noor"}
    assert found(question=str(question.id), answer="Brood é") == {"Kees"}
    assert found(question=str(question.id), answer="Brood") == set()
    assert found(question=str(question.id), answer="Brood é", place="wierde") == set()


def test_who_was_there_and_who_was_not(app, make, edition, session, comes):
    from dagvandebuurt.attendance.models import Unlisted, Visit

    noor, _sam, kees = comes("Noor"), comes("Sam"), comes("Kees")
    there, absent = Audience(presence=Presence.THERE), Audience(presence=Presence.ABSENT)
    assert person_ids(app, edition, absent) == set()  # nothing is known, or no longer

    make.store(
        Visit(session_id=session.id, person_id=noor.id, first_seen_at=START, last_seen_at=START),
        Unlisted(person_id=kees.id, chosen_at=START),
    )

    assert person_ids(app, edition, there) == {"Noor"}
    assert person_ids(app, edition, absent) == {"Sam"}


def test_another_edition_is_another_audience(app, make, comes):
    comes("Noor")
    other = make.edition(year=2028)

    assert person_ids(app, other, Audience()) == set()


def test_above_the_number_another_organiser_has_to_agree(app, make, comes, roos, desk):
    comes("Noor")
    admin = make.browser(make.person("Ada", roles=["admin"]))
    admin.post(f"{DESK}/regels", data={"second_pair_above": "0"})
    assert desk.post(f"{DESK}/regels", data={"second_pair_above": "9"}).status_code == 403
    path = written(desk)
    sent(desk, path)
    jobs.send_mailings(app)
    assert mails(app) == []

    page = desk.get(path)
    assert "Een ander moet akkoord geven" in page.text
    desk.post(f"{path}/akkoord", data={"seen": str(the_mailing(app).revision)})
    with app.app_context():
        mailing = db.session.scalars(select(Mailing)).one()
        me = Identity.of(db.session.get(Person, roos.id))
        with pytest.raises(NotAllowed):
            rules.approve(me, mailing, seen=mailing.revision, now=clock.now())
    assert the_mailing(app).status is MailingStatus.AWAITING

    admin.post(f"{path}/akkoord", data={"seen": seen_on(admin.get(path))})
    jobs.send_mailings(app)
    assert len(mails(app)) == 1


def test_it_waits_after_all_where_they_become_too_many(app, make, comes, desk):
    comes("Noor")
    admin = make.browser(make.person("Ada", roles=["admin"]))
    admin.post(f"{DESK}/regels", data={"second_pair_above": "1"})
    sent(desk, written(desk))
    comes("Sam")

    jobs.send_mailings(app)

    assert mails(app) == []
    assert the_mailing(app).status is MailingStatus.AWAITING


def test_what_was_not_seen_is_not_sent(app, make, comes, desk):
    comes("Noor")
    path = written(desk)
    old = seen_on(desk.get(path))
    desk.post(f"{path}/schrijf", data=TEXT | {"text": "Iets anders.", "seen": old})

    answer = sent(desk, path, seen=old)

    assert answer.status_code == 409
    assert "intussen veranderd" in answer.text
    jobs.send_mailings(app)
    assert mails(app) == []


def test_nobody_and_the_past_are_refused(app, comes, desk):
    path = written(desk)
    assert "Niemand krijgt dit bericht." in sent(desk, path).text
    comes("Noor")
    answer = sent(desk, path, when="later", day="2001-01-01", hour="10:00")
    assert (answer.status_code, "al voorbij" in answer.text) == (422, True)
    assert "Kies een dag en een tijd." in sent(desk, path, when="later").text


def test_it_goes_when_it_was_planned_for(app, comes, desk, monkeypatch):
    comes("Noor")
    later = clock.now() + timedelta(days=2)
    path = written(desk)
    here = clock.local(later)
    sent(desk, path, when="later", day=f"{here:%Y-%m-%d}", hour=f"{here:%H:%M}")
    jobs.send_mailings(app)
    assert mails(app) == []

    monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=1))
    jobs.send_mailings(app)
    assert len(mails(app)) == 1


def test_a_double_press_sends_one(app, comes, desk):
    comes("Noor")
    path = written(desk)
    body = {"seen": seen_on(desk.get(path)), "when": "now", "op": "an-operation-id"}
    first, second = (desk.post(f"{path}/verstuur", data=body) for _ in "ab")
    jobs.send_mailings(app)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(mails(app)) == 1
    with app.app_context():
        actions = db.session.scalars(select(MailingChange.action)).all()
    assert sorted(actions) == ["plan", "save", "start"]


@pytest.fixture
def many(app, make, edition):
    """Return a function that makes that many people with a place on the day, in a few statements."""

    def make_many(number):
        ids = [make.next() for _ in range(number)]
        from uuid import uuid4

        people = [
            {
                "id": uuid4(), "name": f"Mens {each}", "email": f"mens{each}@buurt.example",
                "email_key": f"mens{each}@buurt.example", "email_confirmed_at": START, "created_at": START,
                "participant_role": ParticipantRole.RESIDENT, "language": "nl",
            }
            for each in ids
        ]  # fmt: skip
        with app.app_context(), transaction():
            db.session.execute(insert(Person), people)
            db.session.execute(
                insert(Registration),
                [
                    {
                        "id": uuid4(), "edition_id": edition.id, "person_id": each["id"],
                        "status": PlaceStatus.CONFIRMED, "registered_at": START,
                    }
                    for each in people
                ],
            )  # fmt: skip
        return {each["email"] for each in people}

    return make_many


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("dies_at", ["the letters", "the marks", "the commit", "the next piece"])
def test_killed_in_the_middle_nobody_gets_two_and_nobody_is_missed(app, many, desk, monkeypatch, dies_at):
    everybody = many(50)
    with app.app_context(), transaction():
        from dagvandebuurt.mailings.models import MailingRules

        db.session.add(
            MailingRules(
                edition_id=db.session.scalars(select(Edition.id)).one(), second_pair_above=1000,
                changed_at=clock.now(),
            )
        )  # fmt: skip
    monkeypatch.setattr(jobs, "A_PIECE", 20)
    sent(desk, written(desk))
    pieces = []

    def kill(*_args):
        pieces.append(1)
        if len(pieces) == 2:
            raise Killed

    with monkeypatch.context() as patched:
        if dies_at == "the letters":
            real = jobs.post_many
            patched.setattr(jobs, "post_many", lambda *a, **k: (real(*a, **k), kill()))
        elif dies_at == "the marks":
            real_marks = jobs.without_dead
            patched.setattr(jobs, "without_dead", lambda found: (kill(), real_marks(found))[1])
        elif dies_at == "the next piece":
            real_next = rules.next_recipients
            patched.setattr(rules, "next_recipients", lambda *a: (kill(), real_next(*a))[1])
        else:
            with app.app_context():
                event.listen(db.session, "before_commit", kill)
        try:
            with pytest.raises(Killed):
                jobs.send_mailings(app)
        finally:
            with app.app_context():
                if dies_at == "the commit":
                    event.remove(db.session, "before_commit", kill)
                db.session.rollback()
                db.session.remove()

    deliver(app)
    for _ in "abc":
        jobs.send_mailings(app)
        deliver(app)

    there = [mail.to for mail in mails(app)]
    assert len(there) == len(set(there))
    assert set(there) == everybody
    assert the_mailing(app).status is MailingStatus.DONE


def test_two_processes_at_once_send_it_once(app, many, desk, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    everybody = many(60)
    monkeypatch.setattr(jobs, "A_PIECE", 10)
    sent(desk, written(desk))
    with ThreadPoolExecutor(3) as pool:
        for running in [pool.submit(jobs.send_mailings, app) for _ in range(3)]:
            running.result()
    jobs.send_mailings(app)

    assert sorted(mail.to for mail in mails(app)) == sorted(everybody)


def test_stopped_in_the_middle_and_resumed(app, many, desk, monkeypatch):
    everybody = many(30)
    monkeypatch.setattr(jobs, "AT_ONCE", 12)
    path = written(desk)
    sent(desk, path)
    jobs.send_mailings(app)
    assert len(mails(app)) == 12
    deliver(app, most=5)
    with app.app_context(), transaction():
        held = outbox.claim(now=clock.now())

    answer = desk.post(f"{path}/stop", follow_redirects=True)

    assert "Gestopt. 24 mensen krijgen het niet." in answer.text
    jobs.send_mailings(app)
    assert len(mails(app)) == 6  # five that left, and the one that a sender holds
    with app.app_context(), transaction():
        outbox.mark_sent(held, now=clock.now())

    desk.post(f"{path}/verder")
    for _ in range(4):
        jobs.send_mailings(app)
        deliver(app)
    assert sorted(mail.to for mail in mails(app)) == sorted(everybody)
    page = desk.get(f"{path}/wie?wat=sent").text
    assert page.count("@buurt.example") == 30


def test_login_mail_goes_before_it(app, many, desk, make):
    from dagvandebuurt.parts.mail.compose import Letter

    many(5)
    sent(desk, written(desk))
    jobs.send_mailings(app)
    with app.app_context(), transaction():
        outbox.post(Letter("login", "noor@buurt.example", "", "s", "t", "h"), dedupe_key="x", now=clock.now())
    with app.app_context(), transaction():
        claimed = outbox.claim(now=clock.now())
        assert db.session.get(Mail, claimed.mail_id).kind == "login"


def test_who_got_it_and_what_came_back(app, comes, desk):
    noor, sam, kees = comes("Noor"), comes("Sam"), comes("Kees")
    path = written(desk)
    sent(desk, path)
    jobs.send_mailings(app)
    deliver(app)
    with app.app_context(), transaction():
        db.session.execute(
            update(Mail).where(Mail.to == sam.email).values(bounced_at=clock.now(), bounce_status="5.1.1")
        )
        db.session.execute(
            update(Mail)
            .where(Mail.to == kees.email)
            .values(status=MailStatus.REFUSED, last_error="RefusedForEver")
        )
    jobs.send_mailings(app)

    page = desk.get(path).text
    back = desk.get(f"{path}/wie?wat=bounced").text

    assert "kwam terug" in page
    assert sam.email in back
    assert noor.email not in back
    assert "Dit adres bestaat niet." in back
    assert kees.email in desk.get(f"{path}/wie?wat=refused").text
    assert desk.get(f"{path}/wie?wat=onzin&pagina=99").status_code == 200


def test_a_month_later_the_numbers_are_kept_and_the_names_are_not(app, comes, desk, monkeypatch):
    comes("Noor")
    path = written(desk)
    sent(desk, path)
    jobs.send_mailings(app)
    deliver(app)
    with app.app_context(), transaction():
        privacy.old_recipients.tidy(clock.now() + timedelta(days=1))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MailingRecipient)) == 0

    page = desk.get(path).text
    assert "Wie het waren, is gewist" in page
    assert "1 van 1" in page


def test_a_restored_backup_sends_nothing_by_itself(app, many, desk):
    many(3)
    path = written(desk)
    sent(desk, path)
    with app.app_context(), transaction():
        assert rules.stop_after_restore(now=clock.now()) == 1

    jobs.send_mailings(app)

    assert mails(app) == []
    assert the_mailing(app).status is MailingStatus.STOPPED
    assert "Ga verder met versturen" in desk.get(path).text


def test_a_trial_goes_to_oneself_alone(app, comes, roos, desk):
    comes("Noor")
    path = written(desk, text="Dag {naam}!")
    answer = desk.post(f"{path}/proef", follow_redirects=True)

    (mail,) = mails(app, "mailing_trial")
    assert (mail.to, "Dag Roos!" in mail.text) == (roos.email, True)
    assert roos.email in answer.text
    assert mails(app) == []


def test_how_one_person_reads_it(comes, desk):
    comes("Noor")
    comes("Pim", status=PlaceStatus.CANCELLED)
    path = written(desk, text="Dag {naam}, je koos: {sessies}.")

    assert "Dag Noor, je koos: nog geen sessie." in desk.get(f"{path}?voor=noor").text
    assert "Pim hoort niet bij deze groep" in desk.get(f"{path}?voor=Pim").text
    assert "We vonden niemand" in desk.get(f"{path}?voor=zzz").text


def test_the_preview_counts_and_gives_hints(comes, desk):
    comes("Noor")
    answer = desk.post(f"{DESK}/voorbeeld", data=TEXT | {"text": "Indien u participeert, kom."})

    assert "1 mens krijgt dit bericht." in answer.text
    assert "Zeg liever: als" in answer.text
    first = desk.post(DESK, data=TEXT | {"text": "Indien u participeert, kom.", "bekijk": "1"})
    assert (first.status_code, "Zeg liever: als" in first.text) == (200, True)


def test_without_a_mail_server_it_says_so(app, desk, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", None)
    monkeypatch.setitem(app.config, "DEMO", False)

    assert "Er is geen mailserver ingesteld" in desk.get(DESK).text


def test_writing_everybody_down_is_one_statement(app, many, desk):
    many(40)
    path = written(desk)
    sent(desk, path)
    statements = []
    with app.app_context():
        mailing = db.session.scalars(select(Mailing)).one()
        with transaction():
            event.listen(
                db.engine, "before_cursor_execute", lambda _c, _cu, sql, *_more: statements.append(sql)
            )
            rules.add_recipients(mailing, Audience())
            rules.add_recipients(mailing, Audience())
        assert db.session.scalar(select(func.count()).select_from(MailingRecipient)) == 40
    inserted = [sql for sql in statements if sql.startswith("INSERT INTO mailing_recipient")]
    assert len(inserted) == 2
    assert all("SELECT" in sql for sql in inserted)
