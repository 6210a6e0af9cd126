"""Permission matrix: every route and every live event, tried by every role, against one table.

`permissions.txt` is written by people. A route or event without a line fails, and so does an answer that
differs from its line.
"""

import re
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from flask import Blueprint
from sqlalchemy import delete, select

from dagvandebuurt.agenda.models import Decision, FollowUpStatus
from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    SeatStatus,
)
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.chat.models import ChatLine, ChatRules
from dagvandebuurt.core import permissions
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.hands.models import Hand, HandRules
from dagvandebuurt.hands.queries import hand_up_of
from dagvandebuurt.hosting.models import PartKind, ShowPart
from dagvandebuurt.hosting.queries import order_of
from dagvandebuurt.hosting.show import show_of
from dagvandebuurt.labelling.queries import label_set
from dagvandebuurt.lessons.models import CommentStatus, Erratum, Lesson, LessonStatus
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.connections import Listener, RoomSubscription
from dagvandebuurt.live.items import state_of
from dagvandebuurt.live.models import Operation
from dagvandebuurt.live.runtime import live
from dagvandebuurt.moderation.models import Report, ReportStatus, TextDecision
from dagvandebuurt.people.identity import Identity, Stranger
from dagvandebuurt.people.models import Domain, LoginSession, ParticipantRole, Person, Role, RoleGrant
from dagvandebuurt.polls.models import Poll, PollAnswer, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import (
    Edition,
    Organisation,
    ProgrammeSession,
    SessionSpeaker,
    Speaker,
    SpeakerPart,
)
from dagvandebuurt.programme.photos.models import SpeakerPhoto
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.readiness.models import ChecklistItem
from dagvandebuurt.registration.models import EntryCard
from dagvandebuurt.rehearsal import process
from dagvandebuurt.wijkwijzer.models import InitiativeStatus
from dagvandebuurt.wijkwijzer.people.models import ContactCard, ContactRequest, Proposal
from tests.lessons.writing import a_comment, a_lesson, a_proposal

pytestmark = pytest.mark.slow

TABLE = Path(__file__).with_name("permissions.txt").read_text()
HERE, THERE = "here", "there"
CODE = "7K2MXQ4T90BD"  # of an unissued certificate, a speaker and an organisation
# The actors. Permissions follow from `roles`; the first four have none, and differ in authentication.
ROLES = {
    "str": (),  # anonymous
    "end": (),  # an ended login: the cookie is there, but is no longer valid
    "gue": (),  # a guest, with a name alone
    "unc": (),  # with an unconfirmed address
    "par": (),  # with a confirmed address
    "sup": ("supporter",),
    "hos": (("host", HERE),),
    "mod": (("moderator", HERE),),
    "els": (("moderator", THERE), ("host", THERE)),  # of another session
    "edi": ("editor",),
    "org": ("organiser",),
    "adm": ("admin",),
}
IN, LOGIN, REFUSED, NOT_THERE = "+", "?", "-", "."


class Knocking:
    """An app with one of everything, and a person of each role."""

    def __init__(self, make, here, there):
        self.make, self.here, self.there = make, here, there
        self.held = None
        self.places = count(1000, 1000)  # for captions: typed text comes in between
        self.lesson = make.store(
            Lesson(
                edition_id=here.edition_id, slug="les", title="Een les", lead="Kort.", in_short=["Eén."],
                status=LessonStatus.PUBLISHED, published_at=here.starts_at, changed_at=here.starts_at,
            )
        )  # fmt: skip
        organisation = make.store(
            Organisation(
                code=CODE,
                name="Wij",
                kind="",
                domain="residents",
                answers_follow_ups=False,
                response_days=28,
            )
        )
        speaker = Speaker(code=CODE, name="Iemand", function="", bio="", organisation_id=organisation.id)
        make.store(speaker, SessionSpeaker(session_id=here.id, speaker=speaker, part=SpeakerPart.SPEAKER))
        other = make.store(Speaker(code="met-foto", name="Iemand", function="", bio=""))
        self.photo = make.store(
            SpeakerPhoto(speaker_id=other.id, content=b"x", alt="", placed_at=here.starts_at)
        )
        self.people = {who: self._person(who, roles) for who, roles in ROLES.items() if who != "str"}

    def _person(self, who, roles):
        scopes = {HERE: self.here.id, THERE: self.there.id}
        given = [role if isinstance(role, str) else (role[0], scopes[role[1]]) for role in roles]
        person = self.make.person(
            f"Iemand {who}", email=None if who == "gue" else f"{who}@buurt.example", roles=given
        )
        if who == "unc":
            with self.make.context():
                db.session.get_one(Person, person.id).email_confirmed_at = None
                db.session.commit()
        return person

    def identity(self, who):
        if who in ("str", "end"):
            return Stranger()
        with self.make.context():
            return Identity.of(db.session.get_one(Person, self.people[who].id))

    def browser(self, who):
        if who == "str":
            return self.make.browser()
        browser = self.make.browser(self.people[who])
        if who == "end":
            with self.make.context():
                for login in db.session.query(LoginSession).filter_by(person_id=self.people[who].id):
                    login.ended_at = login.began_at
                db.session.commit()
        return browser

    def alarm(self, who):
        asked = self.question(who, QuestionStatus.HIDDEN)
        return str(self.make.alarm(self.here, SimpleNamespace(id=UUID(asked))).id)

    def question(self, who="str", status=QuestionStatus.VISIBLE):
        """A new one for each attempt, so that what one role did does not affect the next."""
        actor = self.identity(who)
        named = {"appearance": Appearance.NAME, "shown_name": "Wie"}
        asker = actor if actor.is_known else None
        return str(self.make.question(self.here, asker, status=status, **named).id)

    def has_the_turn(self):
        """The expected state for the form of the next turn."""
        with self.make.context():
            live_now = db.session.scalar(select(Question.id).where(Question.status == QuestionStatus.LIVE))
        return {"instead_of": str(live_now)} if live_now else {}

    def order(self):
        """The expected revision for the next change of the order of what comes next."""
        with self.make.context():
            return {"earlier": True, "seen": order_of(self.here.id).revision}

    def part(self):
        """Return a part of the run of show, under the revision that is expected next."""
        with self.make.context():
            part = ShowPart(session_id=self.here.id, position=0, kind=PartKind.FILM, minutes=5)
            seen = show_of(self.here.id).revision
            return {"part": str(self.make.store(part).id), "seen": seen}

    def label(self):
        """Return a label that this session chose, and the revision of its labels."""
        label = str(uuid4())
        with self.make.context():
            chosen = label_set(self.here.id)
            chosen.labels = [{"id": label, "name": "verkeer"}]
            db.session.add(chosen)
            db.session.commit()
            return label, chosen.revision

    def hand(self, who="str", **values):
        """Return a hand that is up: of who knocks, where they may have one."""
        person = self.identity(who).id or self.make.person("Wie stak op").id
        with self.make.context():
            up = hand_up_of(self.here.id, person)
            if up is not None:
                return str(up.id)
            if db.session.get(HandRules, self.here.id) is None:
                rules = {"revision": 1, "settings_revision": 1, "is_open": True, "way": "Bel 112"}
                self.make.store(HandRules(session_id=self.here.id, **rules))
        hand = Hand(
            session_id=self.here.id, person_id=person, name="Wie", role=ParticipantRole.RESIDENT,
            raised_at=self.here.starts_at, **values,
        )  # fmt: skip
        return str(self.make.store(hand).id)

    def line(self, **values):
        """Return a line that somebody wrote in the hall chat just now."""
        with self.make.context():
            if db.session.get(ChatRules, self.here.id) is None:
                self.make.store(ChatRules(session_id=self.here.id, revision=1, is_open=True))
        line = ChatLine(
            session_id=self.here.id, revision=1, person_id=self.make.person("Wie schreef").id, name="Wie",
            role=ParticipantRole.RESIDENT, text="Hoi", said_at=self.here.starts_at, **values,
        )  # fmt: skip
        return str(self.make.store(line).id)

    def end(self):
        """Return the end of this session as it is now."""
        with self.make.context():
            return {"seen": db.session.get(ProgrammeSession, self.here.id).ends_at.isoformat()}

    def poll(self, status):
        options = [PollOption(position=place, label=label) for place, label in enumerate("AB")]
        poll = Poll(
            session_id=self.here.id, title="Wat?", kind=PollKind.SINGLE_CHOICE, status=status, options=options
        )
        return str(self.make.store(poll).id)

    def written_poll(self):
        """Return an open poll in which somebody wrote an answer."""
        poll = self.make.store(
            Poll(session_id=self.here.id, title="Wat?", kind=PollKind.OPEN_TEXT, status=PollStatus.OPEN)
        )
        self.make.store(
            PollAnswer(poll_id=poll.id, number=0, key="a", text="Licht", group_number=0, ballots=1)
        )
        return str(poll.id)

    def caption(self):
        line = CaptionLine(
            session_id=self.here.id, position=next(self.places), text="Hoi", at=self.here.starts_at
        )
        return str(self.make.store(line).id)

    def recording(self):
        return str(
            self.make.store(
                StageSource(
                    session_id=self.here.id, purpose=Purpose.RECORDING, address="https://elders.example/opname",
                    captions_from=CaptionsFrom.FILE, captions="WEBVTT\n\n00:01.000 --> 00:02.000\nHoi\n",
                )
            ).id
        )  # fmt: skip

    def report(self, who, *, is_dismissed=False):
        actor = self.identity(who)
        status = ReportStatus.DISMISSED if is_dismissed else ReportStatus.RECEIVED
        return str(self.make.report(self.here, actor if actor.is_known else None, status=status).id)

    def point(self, who, path):
        """An action point in the state in which this action is possible, raised by the actor."""
        end = path.rpartition("/")[2]
        actor = self.identity(who)
        status = {
            "toevoegen": FollowUpStatus.SENT, "volgen": FollowUpStatus.SENT, "meedoen": FollowUpStatus.SENT,
            "doorsturen": FollowUpStatus.ANSWERED, "bevestigen": FollowUpStatus.DONE,
            "heropenen": FollowUpStatus.DONE, "intrekken": FollowUpStatus.PROPOSED, "<int:number>": FollowUpStatus.SENT,
        }.get(end, FollowUpStatus.CURATED)  # fmt: skip
        checked = {"checked_by_id": self.people["par"].id, "checked_at": self.here.starts_at}
        decision = Decision.ELSEWHERE if end == "doorsturen" else None
        raiser = actor if actor.is_known else None
        return str(self.make.point(None, raiser, status=status, decision=decision, **checked).number)

    def card(self, who):
        """Of a person whom this one registered."""
        helper = self.identity(who).id
        if helper is None:
            return str(uuid4())
        prints = {"link_print": uuid4().hex, "number_print": uuid4().hex}
        return str(
            self.make.store(
                EntryCard(
                    edition_id=self.here.edition_id, person_id=self.make.guest("Sjaan").id, helper_id=helper,
                    serial=1, agreed_at=self.here.starts_at, **prints,
                )
            ).id
        )  # fmt: skip

    def certificate(self, who):
        """Of the actor."""
        owner = self.identity(who).id
        if owner is None:
            return str(uuid4())
        says = {
            "name": "Iemand",
            "edition": "Dag",
            "starts_at": self.here.starts_at.isoformat(),
            "minutes": 9,
            "sessions": [],
        }
        return str(
            self.make.store(
                Certificate(
                    code=uuid4().hex[:12], person_id=owner, edition_id=self.here.edition_id,
                    made_at=self.here.starts_at, says=says,
                )
            ).id
        )  # fmt: skip

    # --- routes ---

    def knock(self, who, method, path):
        """How `who` is received: a sign of the table, or the status when it is none of them."""
        fields, values = self._fields(who, path)
        address = path
        for name, value in values.items():
            address = re.sub(rf"<(uuid|any\([^)]*\)):{name}>", value, address)
            address = address.replace(f"<kind:{name}>", value)
            address = address.replace(f"<path:{name}>", value).replace(f"<int:{name}>", value)
            address = address.replace(f"<{name}>", value)
        assert "<" not in address, address
        sent = {"json": fields} if path.endswith("/op") else {"data": {"op": uuid4().hex, **fields}}
        browser = self.browser(who)
        answer = browser.open(address, method=method, **(sent if method == "POST" else {}))
        answer.close()
        if path.endswith("/inval"):
            self._gives_back()
        if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/inloggen"):
            return LOGIN
        if answer.status_code < 400:
            return REFUSED if self._was_told_no(browser) else IN
        return {403: REFUSED, 404: NOT_THERE}.get(answer.status_code, str(answer.status_code))

    def _gives_back(self):
        """Who stepped in for a moderator is one no longer: the next line asks as who they are."""
        with self.make.context():
            db.session.execute(
                delete(RoleGrant).where(
                    RoleGrant.person_id == self.people["adm"].id, RoleGrant.role == Role.MODERATOR
                )
            )
            db.session.commit()

    def _round(self, who, *, helps=False):
        """A round at tables in which they sit alone at the first, wrote a line and ask for help; its id and
        theirs. `helps`: they came to that table themselves.
        """
        other = self.make.guest("Iemand")
        person_id = self.people[who].id if who in self.people else other.id
        with self.make.context():
            db.session.execute(delete(BreakoutRound).where(BreakoutRound.session_id == self.here.id))
            now = self.here.starts_at
            made = BreakoutRound(
                session_id=self.here.id, number=1, revision=1, card="Wat helpt?", started_at=now,
                ends_at=self.here.ends_at,
            )  # fmt: skip
            first, second = (
                BreakoutGroup(round_id=made.id, number=number, revision=1, called_at=now) for number in (1, 2)
            )
            first.helper_id = person_id if helps else None
            line = BreakoutLine(group_id=first.id, author_id=person_id, position=1, text="Een bankje")
            for rows in (
                [made],
                [first, second, BreakoutState(session_id=self.here.id, round_id=made.id, revision=1)],
                [line],
                [
                    BreakoutSeat(
                        round_id=made.id,
                        person_id=each,
                        group_id=group.id,
                        revision=1,
                        status=SeatStatus.HERE,
                    )
                    for each, group in {person_id: first, other.id: second}.items()
                ],
            ):
                for row in rows:
                    db.session.merge(row)
                db.session.flush()
            db.session.commit()
        return str(line.id), str(person_id)

    @staticmethod
    def _was_told_no(browser):
        """A refused form redirects to its page, which says so."""
        with browser.session_transaction() as cookie:
            told = [str(text) for kind, text in cookie.get("_flashes", ()) if kind == "watch"]
        assert told in ([], [str(NotAllowed.message)]), told
        return told != []

    def _fields(self, who, path):
        """The fields of the form behind `path`, and the parameters of its address."""
        end = path.rpartition("/")[2]
        values = {
            "slug": self.lesson.slug if path.startswith("/lessen") else self.here.slug,
            "target_id": str(self.lesson.id), "person_id": str(self.people["par"].id), "mail_id": str(uuid4()),
            "token": "verzonnen", "secret": "verzonnen", "asked_id": str(uuid4()), "import_id": str(uuid4()), "need_id": str(uuid4()), "broadcast_id": str(uuid4()), "mailing_id": str(uuid4()), "call_id": str(uuid4()), "partner_id": str(uuid4()), "what": "vragen", "grant_id": str(uuid4()), "change_id": str(uuid4()), "invitation_id": str(uuid4()), "form": "csv", "code": CODE, "release": "x", "listed": "sessions", "key": self.here.slug, "filename": "css/base.css",
            "kind": "ronden", "thing_id": str(uuid4()), "edition_id": str(uuid4()), "place_id": str(uuid4()),
            "photo_id": str(self.photo.id),
        }  # fmt: skip
        values |= {
            "name": "x.webp",
            "number": "2",
            "year": "1999",
            "version": "2",
            "fingerprint": "x",
            "accent": "x",
            "second": "x",
        }
        if path.startswith("/organisatie/repetitie"):
            self._rehearses(path.endswith("/begin"))
        if path.startswith("/proeven"):
            with self.make.context():
                speaker_id = db.session.scalar(select(Speaker.id).where(Speaker.code == CODE))
            values |= {"session_id": str(self.here.id), "speaker_id": str(speaker_id)}
        if path.startswith("/mijn/lijst"):
            values |= self._listed()
        if path.startswith("/organisatie/teksten"):
            values["code"] = "help"
        if path.startswith("/hulp"):
            values["code"] = "meedoen"
        if path.startswith(("/lessen/regie/", "/lessen/<slug>/", "/melden", "/moderatie", "/bezwaar")):
            values |= self._text(who, path)
        if path.startswith("/telefoon"):
            return {"reason": "other"}, values
        if end == "telefoon-kwijt":
            return {"email": self.make.person().email}, values
        if path == "/organisatie/post/opzij/weg":
            return {"sure": "1"}, values
        if "/markt" in path or path.startswith("/kraam"):
            values |= {"slug": self._stand(), "contact_id": str(uuid4()), "wait_id": str(uuid4())}
            values |= {"picture_id": str(uuid4()), "paper_id": str(uuid4())}
        if end == "wil-ik-ook":
            return {"place": ""}, values
        if path.startswith("/wijkwijzer"):
            return self._learning(who, path, end, values)
        if end == "gaat-niet-door":  # one that is not needed elsewhere
            values["slug"] = self.make.session().slug
        status = QuestionStatus.WAITING if end in ("tonen", "intrekken", "kijken") else QuestionStatus.VISIBLE
        if "/gespreksleider/volgorde" in path:
            status = QuestionStatus.SHORTLISTED
        if "<uuid:question_id>" in path:
            values["question_id"] = self.question(who if end == "intrekken" else "str", status)
        if "<uuid:poll_id>" in path:
            states = dict.fromkeys(("klaar", "weg", "<uuid:poll_id>"), PollStatus.DRAFT)
            states |= {"open": PollStatus.READY, "uitslag": PollStatus.CLOSED}
            is_written = end == "antwoorden"
            status_now = states.get(end, PollStatus.OPEN)
            values["poll_id"] = self.written_poll() if is_written else self.poll(status_now)
        if "<uuid:hand_id>" in path:
            values["hand_id"] = self.hand(who if end == "omlaag" else "str")
        if "/tafel" in path:
            helps = "/eruit/" in path or path.endswith("/regie/tafels/<int:number>")
            line_id, person_id = self._round(who, helps=helps)
            values |= {"line_id": line_id, "person_id": person_id, "number": "1"}
        elif "/zaalgesprek" in path:
            values["line_id"] = self.line()
        elif "<uuid:line_id>" in path:
            values["line_id"] = self.caption()
        if "<uuid:source_id>" in path:
            values["source_id"] = self.recording()
        if "<uuid:login_id>" in path:
            values["login_id"] = str(uuid4())  # not a browser of theirs: nothing happens
        if "<uuid:card_id>" in path:
            values["card_id"] = self.card(who)
        if "<uuid:certificate_id>" in path:
            values["certificate_id"] = self.certificate(who)
        if "<uuid:report_id>" in path and "report_id" not in values:
            values["report_id"] = self.report(who, is_dismissed=end == "bezwaar")
        if path.startswith("/agenda/") and "<int:number>" in path:
            values["number"] = self.point(who, path)
        if "<uuid:alarm_id>" in path:
            values["alarm_id"] = self.alarm("str")
        if "<uuid:appeal_id>" in path:
            values["appeal_id"] = str(self.make.appeal(self.here).id)
        return self._typed(end, path, values), values

    def _rehearses(self, runs):
        """A rehearsal runs already, so that asking for one begins no process."""
        held, self.held = self.held, None
        if held is not None:
            held.close()
        if runs:
            self.held = process.hold(self.make.app.config["DATA_FOLDER"])

    def _stand(self):
        """A stand at the market, open as long as the session is."""
        return self.make.stand(self.here.edition_id).slug

    def _listed(self):
        """An item of a checklist, and one that was added to it."""
        with self.make.context():
            edition = db.session.get_one(Edition, self.here.edition_id)
            added = ChecklistItem(
                edition_id=edition.id,
                role=Role.HOST,
                due_days=0,
                sentence="Water.",
                added_at=edition.starts_at,
            )
            slug = edition.slug
            return {"slug": slug, "code": "organiser-divide", "item_id": str(self.make.store(added).id)}

    def _learning(self, who, path, end, values):
        """An item of the Wijkwijzer, of the actor where only its sender may."""
        actor = self.identity(who)
        sender = actor if actor.is_known else None
        state = InitiativeStatus.DRAFT if end == "veranderen" else InitiativeStatus.PUBLISHED
        its = self.make.initiative(
            sender if end in ("klopt", "stopt", "veranderen", "antwoord") else None, status=state
        )
        values |= {"slug": its.slug, "deed": "tonen"}
        if "/aanbod/" in path:
            own = sender if end in ("klopt", "stopt") else None
            values["number"] = str(self.make.learning_offer(own).number)
        elif "nog-te-organiseren" in path:
            values["number"] = str(self.make.gap().number)
        else:
            values["number"] = str(self.make.learning_question().number)
        if "<uuid:question_id>" in path:
            values["question_id"] = self.question()
        if "<uuid:proposal_id>" in path:
            other, me = self.make.identity().id, sender.id if sender else self.make.identity().id
            made = Proposal(
                one_id=me,
                other_id=other,
                theme_id=self.make.theme().id,
                room="tafel",
                made_at=self.here.starts_at,
            )
            values["proposal_id"] = str(self.make.store(made).id)
        typed = {
            "title": f"Iets nieuws {uuid4()}", "summary": "Dit.", "what": "Wij.", "led_by": "", "led_by_name": "Wij",
            "provider": "", "provider_name": "Wij", "form": "course", "mode": "online", "cost": "gratis",
            "duration": "kort", "language_level": "", "for_gap": "", "place": "", "toch": "1", "on": "1",
            "message": "Hallo.", "text": "Ja.", "rhythm": "weekly", "line": "Ik werk.", "agrees": "1",
            "kind": "learning_question",
        }  # fmt: skip
        if end == "antwoord" and sender:
            sent = ContactRequest(
                initiative_id=its.id, from_id=self.people["par"].id, text="?", sent_at=self.here.starts_at
            )
            typed["request"] = str(self.make.store(sent).id)
        if end in ("volgen", "ontmoeten", "voorstel"):
            theme = self.make.theme()
            typed |= {"kind": "theme", "id": str(theme.id), "theme": str(theme.id)}
        if end == "voorstel" and sender and actor.has_account:
            other = self.make.identity(domain=Domain.POLICE)
            for each in (sender.id, other.id):
                self._card(each, theme)
        return typed, values

    def _card(self, person_id, theme):
        with self.make.context():
            db.session.merge(
                ContactCard(person_id=person_id, line="Ik.", theme_id=theme.id, since=self.here.starts_at)
            )
            db.session.commit()

    def _text(self, who, path):
        """A lesson, a comment or a report of one, in the state in which the request could succeed."""
        writer = self.people[who] if who != "str" else self.people["par"]
        end = path.rpartition("/")[2]
        is_open = path.startswith("/lessen/<slug>/") or path.startswith(("/melden", "/moderatie"))
        status = LessonStatus.PUBLISHED if is_open else LessonStatus.DRAFT
        lesson = a_lesson(self.make, self.here.starts_at, status, session=self.here)
        a_proposal(self.make, lesson, self.here.starts_at, writer)
        hidden = path.startswith("/bezwaar")
        state = (
            CommentStatus.HIDDEN
            if hidden
            else CommentStatus.PENDING
            if end == "tonen"
            else CommentStatus.VISIBLE
        )
        comment = a_comment(self.make, lesson, writer, state)
        if hidden:
            about = {"kind": "comment", "comment_id": comment.id, "at": self.here.starts_at}
            self.make.store(
                TextDecision(**about, is_hiding=True, reason="respect", moderator_name="Een ander")
            )
        report = Report(kind="lesson", lesson_id=lesson.id, reason="respect", sent_at=self.here.starts_at)
        erratum = Erratum(lesson_id=lesson.id, text="Een fout.", sent_at=self.here.starts_at)
        return {
            "slug": lesson.slug, "kind": "reactie", "subject_id": str(comment.id), "comment_id": str(comment.id),
            "report_id": str(self.make.store(report).id), "erratum_id": str(self.make.store(erratum).id),
        }  # fmt: skip

    def _typed(self, end, path, values):
        typed = {
            "vragen": {"id": str(uuid4()), "text": "Wie?", "kind": "question", "appear": "role"},
            "steun": {"on": "1"}, "klaarzetten": {"on": "1"}, "verbergen": {"reason": "respect"},
            "antwoord": {"text": "Ja."}, "tekst": {"text": "Wie knipt de haag?", "seen": "0"}, "bewijs": {"code": "7K2M-XQ4T-90BD"},
            "aan-de-beurt": self.has_the_turn() if end == "aan-de-beurt" else {},
            "doorgeven": {"to": str(self.there.id)}, "vragenregels": {"is_open": "yes", "seen": str(10**12)},
            "achter-de-schermen": {"text": "Hoi"}, "zeg": {"text": "Hoi"}, "sein": {"kind": "louder"}, "stem": {"choice": "0"}, "reactie": {"kind": "heart"},
            "melden": {"reason": "respect"}, "laten-staan": {"note": "Mag."}, "bezwaar": {"text": "Toch."},
            "uitslag": {"on": "1"}, "reacties": {"text": "Mooi."}, "gast": {"name": "Gast"},
            "taal": {"taal": "nl"}, "naam": {"name": "Sjaan"},
            "stilzetten": {"email": "niemand@buurt.example", "reason": "Zomaar"}, "gaat-niet-door": {"note": "Ziek."}, "plekken": {"capacity": ""},
            "tijd": {"day": "2027-01-28", "starts": "13:00", "ends": "14:00"}, "wachtwoord": {"password": "een lang wachtwoord"},
        }.get(end, {})  # fmt: skip
        if "/ondertitels" in path or "<uuid:source_id>" in path:
            typed = {"text": "Hoi", "captions_from": "nowhere"}
        typed |= {
            "/lessen/regie": {"title": "Een nieuwe les"},
            "/lessen/regie/<slug>": {"title": "Anders", "revision": "2", "what": "De titel."},
            "/lessen/regie/<slug>/foto": {"doe": "weg", "revision": "2"},
            "/lessen/regie/<slug>/stap": {"deed": "submit"},
            "/lessen/regie/<slug>/moment": {"day": "2027-02-01", "time": "10:00"},
            "/lessen/regie/fouten/<uuid:erratum_id>": {"answer": "Verbeterd."},
            "/lessen/<slug>/fout": {"text": "Er staat een d te veel."},
            "/lessen/<slug>/reacties/<uuid:comment_id>": {"text": "Anders."},
            "/melden/<any(reactie, les):kind>/<uuid:subject_id>": {"reason": "respect", "good_faith": "y"},
            "/bezwaar/<any(reactie, les):kind>/<uuid:subject_id>": {"text": "Toch."},
            "/mijn/lijst/<slug>/eigen": {"sentence": "Koffie.", "role": "host", "due_on": "2027-01-20"},
            "/mijn/lijst/<slug>/vink/<code>": {"klaar": "ja"},
            "/gevaar/<uuid:alarm_id>/bericht": {"sentence": "read"},
            "/organisatie/gevaar/nummers": {"seen": "0"},
        }.get(path, {})
        if "/draaiboek" in path:
            known = self.part()
            values["part_id"] = known["part"]
            typed = {"seen": str(known["seen"]), "earlier": "1"}
            if end == "draaiboek":
                typed = {**typed, "part": str(uuid4()), "kind": "film", "minutes": "5"}
        if path.endswith("/hand"):
            self.hand()
            typed = {"id": str(uuid4()), "about": "De bank"}
        if path.endswith("/regie/labels/vragen"):
            chosen = f"{self.question('str', QuestionStatus.WAITING)}:0"
            typed = {"vraag": chosen, "label": f"{self.label()[0]}:1"}
        elif path.endswith("/regie/labels"):
            typed = {"seen": str(self.label()[1]), "naam": "verkeer", "nummer": str(uuid4())}
        if path.endswith("/label"):
            typed = {"label": f"{self.label()[0]}:1", "seen": "0"}
        if path.endswith("/zaalgesprek"):
            typed = {"id": str(uuid4()), "text": "Hoi"}
        if path.endswith("/regie/zaalgesprek"):
            typed = {"is_open": "yes"}
        if path.endswith("/regie/zaalgesprek/<uuid:line_id>"):
            typed = {"deed": "hide", "reason": "respect"}
        if path.endswith("/zaalgesprek/<uuid:line_id>/melden"):
            typed = {"reason": "respect"}
        if path.endswith("/regie/handen"):
            typed = {"is_open": "yes", "way": "Bel 112"}
        if path.endswith("/regie/handen/<uuid:hand_id>"):
            typed = {"deed": "put_down"}
        if path.endswith("/gespreksleider/eindtijd"):
            typed = {"minutes": "5", **self.end()}
        if path.endswith("/gespreksleider/beurt"):
            typed = {"question": self.question("str", QuestionStatus.SHORTLISTED), **self.has_the_turn()}
        if "/gespreksleider/volgorde" in path:
            typed = {"earlier": "1", "seen": self.order()["seen"]}
        if path.endswith("<uuid:question_id>/stilzetten"):
            typed = {"reason": "respect"}
        if end == "antwoorden":
            typed = {"answer": "0", "on": "1", "seen": str(10**12)}
        if path.endswith("/regie/peilingen"):
            typed = {"poll": str(uuid4()), "title": "Wat?", "kind": "single_choice", "options": "Een\nTwee"}
        if path.startswith("/agenda") or end == "agendapunt":
            typed = {
                "title": "Een bank", "body": "Om te zitten.", "origin": "direct", "note": "Daarom.",
                "reason": "personal_data", "organisation": "", "place": "", "theme": "", "on": "1",
            }  # fmt: skip
            if end == "doorsturen":
                typed["organisation"] = str(self.make.organisation("Politie").id)
            if end == "samenvoegen":
                typed["into"] = str(self.make.point().number)
        elif end == "samenvoegen":
            typed = {"into": self.question()}
        if "<uuid:appeal_id>" in path:
            typed = {"grant": "", "note": "Het blijft zo."}
        if end == "op":
            message = {"op": uuid4().hex, "question": self.question(), "on": True}
            typed = {"event": "question:support", "message": message}
        return typed

    # --- live events ---

    def send(self, who, name):
        """The same for an event, by a person in the room."""
        core, actor = live(), self.identity(who)
        runs = who in ("hos", "mod")
        listener = Listener(uuid4().hex, actor)
        listener.rooms[self.here.id] = RoomSubscription(Audience.DESK if runs else Audience.HALL, None)
        message = {"session": str(self.here.id), **self._message(who, name)}
        if name == "connection:echo":  # of no room
            message = {"number": 1}
        if dispatch.EVENTS[name].verb is not None:
            message["op"] = uuid4().hex
        answer = dispatch.answer(core, replace(listener), name, (message,))
        if answer["ok"]:
            return IN
        code = answer["error"]["code"]
        return {"house.login_needed": LOGIN, "house.not_allowed": REFUSED}.get(code, code)

    def _message(self, who, name):
        kind, _, deed = name.partition(":")
        if name == "question:ask":
            return {"id": str(uuid4()), "text": "Wie?"}
        if kind == "show":
            more = {"write": {"kind": "film", "minutes": 5}, "move": {"earlier": True}}.get(deed, {})
            return {**self.part(), **more}
        if name == "session:end":
            return {"minutes": 5, **self.end()}
        if name == "hand:raise":
            self.hand()
            return {"id": str(uuid4())}
        if kind == "hand" and deed != "arrange":
            more = {"call": {"deed": "put_down"}}.get(deed, {})
            return {"hand": self.hand(who if deed == "lower" else "str"), **more}
        if name == "chat:say":
            self.line()
            return {"id": str(uuid4()), "text": "Hoi"}
        if name == "chat:arrange":
            return {"is_open": True}
        if kind == "chat":
            hiding = {"hidden_at": self.here.starts_at, "hidden_reason": "respect"}
            line = self.line(**hiding if deed == "show" else {})
            more = {"hide": {"reason": "respect"}, "mute": {"reason": "respect"}, "show": {"seen": 1}}
            return {"line": line, **more.get(deed, {})}
        if name == "report:line":
            return {"line": self.line(), "reason": "respect"}
        if name == "hosting:place":
            return {"question": self.question("str", QuestionStatus.SHORTLISTED), **self.order()}
        if name == "labels:arrange":
            return {"labels": [{"id": str(uuid4()), "name": "verkeer"}], "seen": self.label()[1]}
        if name == "labels:put":
            waiting = self.question("str", QuestionStatus.WAITING)
            return {"label": self.label()[0], "on": True, "questions": [{"question": waiting, "seen": 0}]}
        if name == "question:several":
            waiting = self.question("str", QuestionStatus.WAITING)
            return {"deed": "show", "questions": [{"question": waiting, "seen": 0}]}
        if kind == "question":
            status = (
                QuestionStatus.WAITING
                if deed in ("show", "withdraw", "mend", "claim")
                else QuestionStatus.VISIBLE
            )
            status = QuestionStatus.MERGED if deed == "unmerge" else status
            more = {
                "support": {"on": True}, "shortlist": {"on": True}, "hide": {"reason": "respect"}, "mute": {"reason": "respect"},
                "answer": {"text": "Ja."}, "move": {"to": str(self.there.id)}, "unmerge": {"seen": 0},
                "mend": {"text": "Wie knipt de haag?", "seen": 0},
            }.get(deed, {})  # fmt: skip
            if deed == "live":  # and its sender saw what has the turn now
                more = self.has_the_turn()
            if deed == "merge":
                more = {"into": self.question()}
            return {"question": self.question(who if deed == "withdraw" else "str", status), **more}
        if name == "report:send":
            return {"question": self.question(), "reason": "respect"}
        if kind == "report":
            more = {"dismiss": {"note": "Mag."}, "appeal": {"text": "Toch."}}.get(deed, {})
            return {"report": self.report(who, is_dismissed=deed == "appeal"), **more}
        if kind == "danger":
            return {
                "alarm": self.alarm(who if deed == "read" else "str"),
                **({"sentence": "read"} if deed == "tell" else {}),
            }
        if name == "appeal:decide":
            return {"appeal": str(self.make.appeal(self.here).id), "grant": False, "note": "Het blijft zo."}
        if name == "caption:correct":
            return {"line": self.caption(), "text": "Hoi"}
        if name == "poll:write":
            return {"poll": str(uuid4()), "title": "Wat?", "kind": "single_choice", "options": ["A", "B"]}
        if name == "poll:show":
            return {"poll": self.written_poll(), "answers": [0], "on": True, "seen": 10**12}
        if kind == "poll":
            states = {
                "ready": PollStatus.DRAFT,
                "open": PollStatus.READY,
                "remove": PollStatus.DRAFT,
                "results": PollStatus.CLOSED,
            }
            more = {"results": {"on": True}, "ballot": {"choices": [0]}}.get(deed, {})
            return {"poll": self.poll(states.get(deed, PollStatus.OPEN)), **more}
        return {
            "session:sync": {"since": 0}, "asking:arrange": {"is_open": True, "seen": 10**12},
            "hand:arrange": {"is_open": True, "way": "Bel 112"},
            "hosting:signal": {"kind": "louder"},
            "caption:add": {"text": "Hoi"}, "backstage:say": {"text": "Hoi"}, "reaction:send": {"kind": "heart"},
        }.get(name, {})  # fmt: skip


@pytest.fixture
def knocking(app, make, session, monkeypatch):
    for step in ("enter_room", "leave_room"):  # of an unknown socket
        monkeypatch.setattr(app.extensions["live"].server, step, lambda *_, **__: None)
    elsewhere = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    return Knocking(make, session, elsewhere)


def routes_of(app):
    return sorted(
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def lines(part):
    """One part of the table, without comments and padding."""
    found = TABLE.split(f"# {part}")[1].split("\n# ")[0].splitlines()[1:]
    return [" ".join(line.split()) for line in found if line.strip()]


def check_routes(app, knocking, only=""):
    """Every route answers every role as the table says."""
    received = [
        " ".join([method, path.replace(", ", ","), *(knocking.knock(who, method, path) for who in ROLES)])
        for path, method in routes_of(app)
        if path.endswith(only)
    ]
    assert received == [line for line in lines("Routes") if line.split()[1].endswith(only)]


def check_events(knocking, only=""):
    received = [
        " ".join([name, *(knocking.send(who, name) for who in ROLES)])
        for name in sorted(dispatch.EVENTS)
        if name.startswith(only)
    ]
    assert received == [line for line in lines("Live events") if line.startswith(only)]


def test_c1_every_route_matches_the_permission_matrix(app, knocking):
    check_routes(app, knocking)


def test_c1_a_route_without_a_line_is_caught(app, knocking):
    """A twin: somebody adds a route without a line."""
    check_routes(app, knocking, only="/tonen")
    new = Blueprint("new", __name__)
    new.get("/achterdeur/tonen")(permissions.allows(next(iter(permissions._who_may)))(lambda: "hallo"))
    app._got_first_request = False
    app.register_blueprint(new)

    with pytest.raises(AssertionError, match="achterdeur"):
        check_routes(app, knocking, only="/tonen")


@pytest.mark.parametrize("only", ["/tonen", "/regie/peilingen", "/organisatie", "/mijn"])
def test_c1_a_route_without_a_permission_check_is_caught(app, knocking, monkeypatch, only):
    """A twin: the same requests with every permission check returning True."""
    check_routes(app, knocking, only)
    monkeypatch.setattr(permissions, "can", lambda *_: True)

    with pytest.raises(AssertionError):
        check_routes(app, knocking, only)


@pytest.mark.parametrize("who", ["str", "adm"])
def test_c1_a_way_of_asking_that_a_route_does_not_know_is_refused(app, knocking, who):
    browser = knocking.browser(who)
    for path in {path for path, _ in routes_of(app)}:
        known = {method for other, method in routes_of(app) if other == path}
        address = re.sub(r"<any\((\w+)[^>]*>", r"\1", path.replace("<kind:kind>", "ronden"))
        address = re.sub("<uuid:[a-z_]+>", str(uuid4()), address)
        address = re.sub("<int:[a-z_]+>", "7", address)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            answer = browser.open(address.replace("<", "").replace(">", ""), method=method)
            answer.close()
            assert answer.status_code == 405, (method, path)


def test_c2_every_live_event_matches_the_permission_matrix(knocking, inside):
    check_events(knocking)


@pytest.mark.parametrize("who", ["str", "end"])
def test_c2_anonymous_senders_write_nothing(knocking, inside, who):
    names = [name for name, event in dispatch.EVENTS.items() if event.verb is not None]
    before = state_of(knocking.here.id)

    assert {knocking.send(who, name) for name in names} == {LOGIN}
    assert db.session.query(Operation).count() == 0
    assert state_of(knocking.here.id) == before


@pytest.mark.parametrize("only", ["question:show", "poll:open", "backstage"])
def test_c2_an_event_without_a_permission_check_is_caught(knocking, inside, monkeypatch, only):
    check_events(knocking, only)
    monkeypatch.setattr(permissions, "can", lambda *_: True)

    with pytest.raises(AssertionError):
        check_events(knocking, only)
