"""Factories. Each call stores one object and returns it, loaded and detached."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask import has_app_context

from dagvandebuurt.agenda.models import PUBLIC as PUBLIC_POINTS
from dagvandebuurt.agenda.models import Decision, FollowUp, FollowUpStatus
from dagvandebuurt.breakouts.models import BreakoutGroup, BreakoutRound
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.live.runtime import live
from dagvandebuurt.mailings.models import Mailing
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.moderation.models import Appeal, Report, ReportStatus
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Domain, LoginSession, ParticipantRole, Person, RoleGrant
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import (
    Edition,
    Involvement,
    Organisation,
    ProgrammeSession,
    Round,
    SessionKind,
    Theme,
)
from dagvandebuurt.qanda.authors import seal
from dagvandebuurt.qanda.models import Appearance, Question, QuestionKind, QuestionStatus
from dagvandebuurt.safety.models import AlarmStatus, DangerAlarm
from dagvandebuurt.wijkwijzer.models import (
    Gap,
    GapKind,
    GapStatus,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    OfferForm,
    OfferMode,
    OfferStatus,
)

START = datetime(2027, 1, 28, 12, 0, tzinfo=UTC)


class Factory:
    def __init__(self, app):
        self.app = app
        self._count = 0

    def next(self):
        self._count += 1
        return self._count

    def context(self):
        return nullcontext() if has_app_context() else self.app.app_context()

    def store(self, *things):
        """Store objects in one transaction; return the first."""
        with self.context():
            with transaction():
                db.session.add_all(things)
            for thing in things:
                db.session.refresh(thing)
            if not has_app_context():
                db.session.expunge_all()
        return things[0]

    def person(self, name="Noor Bakker", *, email=True, roles=(), role=ParticipantRole.RESIDENT, **values):
        """A person with a confirmed address, or a guest with `email=None`."""
        if email is True:
            email = f"person{self.next()}@buurt.example"
        if email is not None:
            values.setdefault("house_rules_version", 1)  # the standard rules
        person = Person(
            name=name,
            email=email,
            email_key=email.casefold() if email else None,
            email_confirmed_at=START if email else None,
            participant_role=role,
            created_at=START - timedelta(days=self.next()),
            **values,
        )
        grants = [
            RoleGrant(person=person, role=each, scope_id=scope, granted_at=START)
            for each, scope in ((r if isinstance(r, tuple) else (r, None)) for r in roles)
        ]
        return self.store(person, *grants)

    def identity(self, *args, **values):
        """The same, as an actor."""
        with self.context():
            person = self.person(*args, **values)
            return Identity.of(db.session.get(Person, person.id))

    def guest(self, name="Gast"):
        return self.identity(name, email=None)

    def moderator(self, name="Jolien", session=None):
        return self.identity(name, roles=[("moderator", session.id if session else None)])

    def edition(self, **values):
        values = {
            "slug": f"editie-{self.next()}",
            "status": EditionStatus.OPEN,
            "title": "Dag van de Buurt",
            "year": 2027,
            "tagline": "Wie er woont, weet wat er speelt",
            "intro": "Een middag.",
            "promise": "Elke vraag krijgt een antwoord.",
            "starts_at": START,
            "ends_at": START + timedelta(hours=4),
            "registration_opens_at": START - timedelta(days=60),
            "registration_closes_at": START + timedelta(hours=3),
            "expected_participants": 1600,
            "contact_email": "hallo@dagvandebuurt.example",
            "contact_phone": "000 - 000 00 00",
            "contact_hours": "ma t/m do",
        } | values
        return self.store(Edition(**values))

    def round(self, edition=None, **values):
        edition = edition or self.edition()
        values = {"code": f"ronde-{self.next()}", "label": "Ronde 1", "starts_at": START} | values
        values.setdefault("ends_at", values["starts_at"] + timedelta(hours=1))
        return self.store(Round(edition_id=edition.id, **values))

    def session(self, title="Samen groen", *, round=None, **values):
        """A session and its live room."""
        round = round or self.round()
        values = {
            "slug": f"sessie-{self.next()}",
            "title": title,
            "summary": "Over het groen in de straat.",
            "abstract": "We praten over het groen in de straat.",
            "kind": SessionKind.WORKSHOP,
            "involvement": Involvement.CONSULT,
            "starts_at": START,
            "ends_at": START + timedelta(hours=1),
            "capacity": None,
            "language_level": "B1",
            "domains": [],
            "access": [],
            "changed_at": START,
        } | values
        identity = values.pop("id", uuid4())
        session = ProgrammeSession(id=identity, edition_id=round.edition_id, round_id=round.id, **values)
        return self.store(session, LiveRoom(id=identity))

    def question(
        self, session, asker=None, *, status=QuestionStatus.WAITING, text="Wie snoeit de haag?", **values
    ):
        """A question as if it had been asked."""
        with self.context():
            asker = asker or self.identity()
            values = {
                "kind": QuestionKind.QUESTION,
                "revision": 0,
                "appearance": Appearance.ROLE,
                "asker_role": asker.participant_role,
                "asked_at": session.starts_at,
                "was_public": status
                not in (QuestionStatus.WAITING, QuestionStatus.HIDDEN, QuestionStatus.WITHDRAWN),
            } | values
            if status is QuestionStatus.HIDDEN:
                values.setdefault("hidden_reason", "respect")
            if status is QuestionStatus.ANSWERED:
                values.setdefault("answered_at", session.starts_at)
                values.setdefault("answer", "De gemeente, in maart.")
            if status in (QuestionStatus.MERGED, QuestionStatus.MOVED):
                column = "merged_into_id" if status is QuestionStatus.MERGED else "moved_to_id"
                if column not in values:
                    values[column] = self.question(session, status=QuestionStatus.VISIBLE).id
            anonymous = values["appearance"] is Appearance.ANONYMOUS
            if anonymous:
                values["asker_role"] = ParticipantRole.UNDISCLOSED
            identity = values.pop("id", None) or uuid4()
            return self.store(
                Question(
                    id=identity,
                    session_id=session.id,
                    author_key=seal(identity, session.id, asker.id) if anonymous else None,
                    asker_id=None if anonymous else asker.id,
                    text=text,
                    status=status,
                    **values,
                )
            )

    def report(self, session, reporter=None, *, question=None, status=ReportStatus.RECEIVED, **values):
        """A report, as if it had been sent."""
        with self.context():
            reporter = reporter or self.identity()
            question = question or self.question(session, status=QuestionStatus.VISIBLE)
            if status not in (ReportStatus.RECEIVED, ReportStatus.UNDER_REVIEW):
                values = {"is_upheld": status is ReportStatus.UPHELD, "decision": "Daarom."} | values
                values |= {"decided_at": session.starts_at, "decided_by": "Een ander"}
            return self.store(
                Report(
                    session_id=session.id,
                    revision=0,
                    question_id=question.id,
                    reporter_id=reporter.id,
                    reason="respect",
                    status=status,
                    sent_at=session.starts_at,
                    **values,
                )
            )

    def appeal(self, session, report=None, **values):
        """An appeal against the dismissal of a report, not decided yet."""
        with self.context():
            report = report or self.report(session, status=ReportStatus.APPEALED)
            return self.store(
                Appeal(
                    session_id=session.id,
                    revision=0,
                    question_id=report.question_id,
                    report_id=report.id,
                    text="Kijk nog eens.",
                    against="Een ander",
                    sent_at=session.starts_at,
                    **values,
                )
            )

    def alarm(self, session, question=None):
        """An alarm about somebody in danger, which nobody took yet."""
        with self.context():
            question = question or self.question(
                session, status=QuestionStatus.HIDDEN, hidden_reason="urgent"
            )
            return self.store(
                DangerAlarm(
                    question_id=question.id, session_id=session.id, revision=0,
                    status=AlarmStatus.RAISED, raised_at=session.starts_at,
                )
            )  # fmt: skip

    def group(self, session, number=1):
        """A table in a new round of the session."""
        with self.context():
            made = self.store(
                BreakoutRound(
                    session_id=session.id, number=self.next(), revision=0, card="Wat helpt?",
                    started_at=session.starts_at, ends_at=session.ends_at,
                )
            )  # fmt: skip
            return self.store(BreakoutGroup(round_id=made.id, number=number, revision=0))

    def mailing(self, session, **values):
        """A mailing of the edition of this session, as a draft."""
        return self.store(
            Mailing(
                **{
                    "edition_id": session.edition_id, "subject": "De ingang", "text": "Kom.", "audience": {},
                    "made_at": START, "figures": {},
                } | values,
            )
        )  # fmt: skip

    def stand(self, edition_id, title="De soepbus", **values):
        """A stand at the market, open for three hours."""
        hours = {"opens_at": START, "closes_at": START + timedelta(hours=3)}
        made = {"slug": f"kraam-{self.next()}", "made_at": START, "changed_at": START}
        return self.store(MarketStand(edition_id=edition_id, title=title, **made | hours | values))

    def organisation(self, name="Gemeente Meerwolde", **values):
        """An organisation that agreed to answer within four weeks."""
        values = {
            "code": f"org-{self.next()}", "kind": "municipality", "domain": Domain.MUNICIPALITY,
            "answers_follow_ups": True, "response_days": 28,
        } | values  # fmt: skip
        return self.store(Organisation(name=name, **values))

    def point(self, organisation=None, raised_by=None, *, status=FollowUpStatus.PROPOSED, **values):
        """An action point in this state, with the answer that the state requires."""
        with self.context():
            values = {
                "number": self.next(), "title": "Een bankje op de dijk", "body": "Niemand kan er zitten.",
                "proposed_at": START, "changed_at": START,
            } | values  # fmt: skip
            organisation = organisation or self.organisation(f"Organisatie {self.next()}")
            if status is FollowUpStatus.MERGED and "merged_into_id" not in values:
                values["merged_into_id"] = self.point(organisation).id
            if status is FollowUpStatus.DECLINED:
                values.setdefault("decline_reason", "personal_data")
            if status in PUBLIC_POINTS:
                values.setdefault("sent_at", START)
                values.setdefault("due_on", (START + timedelta(days=organisation.response_days)).date())
                values.setdefault("checked_at", START)
            if status is FollowUpStatus.ANSWERED:
                values.setdefault("decision", Decision.WILL_DO)
                values.setdefault("answered_at", START)
            point = FollowUp(
                status=status,
                organisation_id=organisation.id,
                raised_by_id=raised_by and raised_by.id,
                **values,
            )
            return self.store(point)

    def theme(self, label="Samen leven", **values):
        return self.store(
            Theme(code=f"thema-{self.next()}", label=label, summary="Samen.", position=self.next(), **values)
        )

    def gap(self, **values):
        """A gap in the offers; claimed by somebody where its state requires that."""
        status = values.get("status", GapStatus.IDENTIFIED)
        if status in (GapStatus.ADOPTED, GapStatus.IN_DESIGN):
            values = {"owner_name": "Buurtwerk", "next_step": "Ontwerpen", "due_on": START.date()} | values
        if status is GapStatus.PARKED:
            values.setdefault("park_note", "Geen geld.")
        values = {
            "number": self.next(), "title": "Leren rekenen", "kind": GapKind.NO_OFFER, "status": status,
            "identified_at": START, "changed_at": START,
        } | values  # fmt: skip
        return self.store(Gap(**values))

    def learning_question(
        self, asker=None, *, status=LearningQuestionStatus.VISIBLE, themes=(), offers=(), **values
    ):
        """A learning question, with what its state requires."""
        with self.context():
            if status is LearningQuestionStatus.CLUSTERED and "merged_into_id" not in values:
                values["merged_into_id"] = self.learning_question().id
            if status is LearningQuestionStatus.GAP and "gap_id" not in values:
                values["gap_id"] = self.gap().id
            if status is LearningQuestionStatus.ANSWERED:
                values.setdefault("answer", "Zo.")
            if status is LearningQuestionStatus.DECLINED:
                values.setdefault("decline_note", "Over iemand.")
            values = {
                "number": self.next(), "title": "Hoe leid ik een groep?", "detail": "Ik weet het niet.",
                "asked_by_role": ParticipantRole.RESIDENT, "asked_at": START, "changed_at": START, "me_too": 0,
            } | values  # fmt: skip
            question = LearningQuestion(asker_id=asker and asker.id, status=status, **values)
            return self._linked(question, themes=(Theme, themes), offers=(LearningOffer, offers))

    def learning_offer(self, sender=None, *, status=OfferStatus.PUBLISHED, themes=(), **values):
        """A learning offer, confirmed and reviewed as its state says."""
        if status not in (OfferStatus.SUBMITTED, OfferStatus.DECLINED):
            values.setdefault("checked_on", START.date())
        if status in (OfferStatus.CHECK_DUE, OfferStatus.EXPIRED):
            values.setdefault("asked_at", START)
        values = {
            "number": self.next(), "title": "Cursus groepen leiden", "summary": "Je leert het.",
            "provider_name": "Buurtwerk", "form": OfferForm.COURSE, "mode": OfferMode.ONLINE, "cost": "gratis",
            "duration": "een avond", "submitted_at": START, "changed_at": START,
        } | values  # fmt: skip
        offer = LearningOffer(submitted_by_id=sender and sender.id, status=status, **values)
        return self._linked(offer, themes=(Theme, themes))

    def initiative(self, sender=None, *, status=InitiativeStatus.PUBLISHED, themes=(), **values):
        if status in (InitiativeStatus.PUBLISHED, InitiativeStatus.CHECK_DUE):
            values.setdefault("checked_on", START.date())
            values.setdefault("published_at", START)
        values = {
            "slug": f"voorbeeld-{self.next()}", "title": "De soepbus", "summary": "Soep op dinsdag.",
            "what": "Wij koken.", "need_it_met": "", "costs": "", "what_went_wrong": "", "tip": "",
            "led_by_name": "De buurt", "changed_at": START,
        } | values  # fmt: skip
        initiative = Initiative(submitted_by_id=sender and sender.id, status=status, **values)
        return self._linked(initiative, themes=(Theme, themes))

    def _linked(self, thing, **links):
        with self.context():
            for name, (kind, things) in links.items():
                setattr(thing, name, [db.session.get_one(kind, each.id) for each in things])
            return self.store(thing)

    def do(self, verb, actor, session, **fields):
        """Send one live write through the write path; return its acknowledgement."""
        message = {"session": str(session.id), "op": uuid4().hex, **fields}
        with self.context():
            return live().do(verb, actor, verb.act.from_message(message))

    def browser(self, person=None):
        """A test client; of `person` (a Person or Identity) when given."""
        client = self.app.test_client()
        if person is not None:
            login = self.store(
                LoginSession(person_id=person.id, began_at=START, seen_at=START, proven_at=START)
            )
            with client.session_transaction() as cookie:
                cookie["_user_id"] = str(login.id)
                cookie["_fresh"] = True
        return client
