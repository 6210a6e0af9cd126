"""Pending actions behind a mailed link: nothing runs in somebody else's name."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, LessonStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.models import Bookmark, PendingAction, Person
from dagvandebuurt.registration.models import SessionChoice
from tests.lessons.writing import a_lesson

WORDS = "Ik neem ontslag: deze organisatie luistert niet."


@pytest.fixture
def lesson(make, now, session):
    return a_lesson(make, now, LessonStatus.PUBLISHED, session=session)


@pytest.fixture
def session(make, now):
    edition = make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )
    return make.session(
        round=make.round(edition), starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )


def last_link(app, to):
    with app.app_context():
        mail = db.session.scalars(
            select(Mail).where(Mail.to == to).order_by(Mail.made_at.desc(), Mail.id)
        ).first()
        return re.search(r"/link/\S+", mail.text).group()


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def wants_everything(browser, lesson, session):
    """A comment, a bookmark and a session choice, before this browser is logged in."""
    browser.post(f"/lessen/{lesson.slug}/reacties", data={"text": WORDS, "spelregels": "y"})
    browser.post(f"/bewaren/{lesson.id}")
    browser.post(f"/sessies/{session.slug}/kiezen")


def done(app):
    return [count(app, model) for model in (Comment, Bookmark, SessionChoice)]


def test_pending_actions_of_a_stranger_do_not_run_for_the_link_owner(app, make, lesson, session):
    ellen = make.person("Ellen", house_rules_version=None)
    stranger, phone = make.browser(), make.browser()
    wants_everything(stranger, lesson, session)
    stranger.post("/inloggen", data={"email": ellen.email})
    path = last_link(app, ellen.email)

    page = phone.get(path).get_data(as_text=True)
    arrived = phone.post(path)

    assert WORDS in page  # they can read what is pending
    assert page.count('name="wens"') == 3
    assert "checked" not in page
    assert arrived.headers["Location"] == "/mijn"
    assert done(app) == [0, 0, 0]


def test_pending_actions_run_in_the_browser_that_made_them(app, make, lesson, session):
    ellen = make.person("Ellen")
    browser = make.browser()
    wants_everything(browser, lesson, session)
    browser.post("/inloggen", data={"email": ellen.email})

    assert 'name="wens"' not in browser.get(last_link(app, ellen.email)).get_data(as_text=True)
    browser.post(last_link(app, ellen.email))

    assert done(app) == [1, 1, 1]


@pytest.mark.parametrize("minutes", [29, 31])
def test_old_pending_actions_need_confirmation_on_a_shared_computer(
    app, make, lesson, session, now, monkeypatch, minutes
):
    ellen = make.person("Ellen")
    library = make.browser()
    wants_everything(library, lesson, session)
    later = now + timedelta(minutes=minutes)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)
    library.post("/inloggen", data={"email": ellen.email})

    page = library.get(last_link(app, ellen.email)).get_data(as_text=True)
    library.post(last_link(app, ellen.email))

    is_old = minutes > 30
    assert (WORDS in page) is is_old
    assert done(app) == ([0, 0, 0] if is_old else [1, 1, 1])


def test_in_another_browser_only_ticked_actions_run(app, make, lesson, session):
    ellen = make.person("Ellen")
    computer, phone = make.browser(), make.browser()
    wants_everything(computer, lesson, session)
    computer.post("/inloggen", data={"email": ellen.email})
    with app.app_context():
        comment = db.session.scalars(select(PendingAction.id).where(PendingAction.kind == "comment")).one()
        strange = db.session.scalars(select(PendingAction.id).where(PendingAction.kind == "save")).one()

    phone.post(last_link(app, ellen.email), data={"wens": [str(comment), "geen id"]})

    assert done(app) == [1, 0, 0]
    assert strange is not None


def test_a_ticked_action_of_another_bundle_does_not_run(app, make, lesson, session):
    """IDOR: the id of an action that this link does not name."""
    ellen = make.person("Ellen")
    stranger = make.browser()
    wants_everything(stranger, lesson, session)
    with app.app_context():
        wish = db.session.scalars(select(PendingAction.id).where(PendingAction.kind == "comment")).one()
    make.browser().post("/inloggen", data={"email": ellen.email})

    make.browser().post(last_link(app, ellen.email), data={"wens": str(wish)})

    assert done(app) == [0, 0, 0]


@pytest.mark.parametrize("way", ["confirmation", "second factor"])
def test_no_other_login_runs_the_actions(app, make, lesson, session, monkeypatch, way):
    stranger, phone = make.browser(), make.browser()
    wants_everything(stranger, lesson, session)
    if way == "confirmation":
        stranger.post(
            "/aanmelden",
            data={"name": "Ellen", "email": "e@buurt.example", "participant_role": "resident",
                  "domain": "", "neighbourhood": "", "house_rules": "y", "privacy": "y"},
        )  # fmt: skip
        phone.post(last_link(app, "e@buurt.example"))
    else:
        sven = make.person("Sven")
        monkeypatch.setattr("dagvandebuurt.people.access.login_flow.has_second_factor", lambda _id: True)
        monkeypatch.setattr(second_factor, "use_totp_code", lambda *_args, **_now: True)
        stranger.post("/inloggen", data={"email": sven.email})
        assert phone.post(last_link(app, sven.email)).headers["Location"] == "/inloggen/tweede-stap"
        phone.post("/inloggen/tweede-stap", data={"code": "123456"})

    assert phone.get("/mijn").status_code == 200
    assert done(app) == [0, 0, 0]


def test_the_mail_and_the_button_page_say_whose_account_a_link_opens(app, make):
    noor = make.person("Noor van Dijk", email="noor.vandijk@buurt.example")
    make.browser().post("/inloggen", data={"email": noor.email})
    path = last_link(app, noor.email)

    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
    page = make.browser().get(path).get_data(as_text=True)

    for said in (mail.text, mail.html, page):
        assert "Noor van Dijk" in said
        assert "n…k@buurt.example" in said
        assert "noor.vandijk@buurt.example" not in said
    assert 'href="/gast"' in page
    assert make.browser().get("/gast").status_code == 200


def test_a_logged_in_user_is_warned_before_a_link_switches_accounts(app, make):
    noor, ali = make.person("Noor"), make.person("Ali")
    make.browser().post("/inloggen", data={"email": noor.email})

    page = make.browser(ali).get(last_link(app, noor.email)).get_data(as_text=True)
    own = make.browser(noor).get(last_link(app, noor.email)).get_data(as_text=True)

    assert "Je bent nu binnen als Ali" in page
    assert "Je bent nu binnen als" not in own


def test_an_invalid_link_says_so_without_a_button_or_name(app, make):
    noor = make.person("Noor")
    make.browser().post("/inloggen", data={"email": noor.email})
    path = last_link(app, noor.email)
    make.browser().post(path)

    answer = make.browser().get(path)

    assert answer.status_code == 410
    assert "Noor" not in answer.get_data(as_text=True)


def test_a_card_shows_its_holder_before_login(app, make, now):
    from dagvandebuurt.core.transaction import transaction
    from dagvandebuurt.people.identity import Identity
    from dagvandebuurt.people.models import ParticipantRole
    from dagvandebuurt.programme.models import Edition
    from dagvandebuurt.registration import entry_cards

    edition, helper = make.edition(), make.person("Mila")
    with app.app_context(), transaction():
        who = Identity.of(db.session.get_one(Person, helper.id))
        card = entry_cards.register_other(
            who, db.session.get_one(Edition, edition.id), name="Olena",
            participant_role=ParticipantRole.RESIDENT, neighbourhood=None, now=now,
        )  # fmt: skip
        link = entry_cards.link_of(card)

    page = make.browser(helper).get(f"/kom/{link}").get_data(as_text=True)

    assert "Olena" in page
    assert make.browser().get("/kom/verzonnen").status_code == 404
