"""Loader of the content file, section by section; reports sections that no loader handles."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from rich.console import Console
from rich.progress import track

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.demo.agenda import load_agenda
from dagvandebuurt.demo.content import Content, Row, id_of
from dagvandebuurt.demo.crowd import fill_the_street, supporters
from dagvandebuurt.demo.halls import open_the_halls, tell_what_changed
from dagvandebuurt.demo.wijkwijzer import load_wijkwijzer
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Lesson,
    LessonQuote,
    LessonSection,
    LessonSource,
    LessonStatus,
    SourceKind,
)
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.people.models import (
    Bookmark,
    Domain,
    HouseRule,
    HouseRules,
    ParticipantRole,
    Person,
    Role,
    RoleGrant,
)
from dagvandebuurt.people.queries import email_key
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import (
    Edition,
    Involvement,
    Organisation,
    Place,
    ProgrammeSession,
    Round,
    SessionKind,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Theme,
)
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus, Via
from dagvandebuurt.registration.models import PlaceStatus, Registration

# Section of the file → prefix of its ids, for references from elsewhere.
KINDS = {
    "les": "lesson", "i": "initiative", "lq": "learning_question", "s": "session", "f": "follow_up",
}  # fmt: skip


def load(content: Content, now: datetime) -> list[str]:
    """Load what is missing; return the sections without a loader.

    Runs in one transaction: the demo is loaded completely or not at all.
    """
    loader = _Loader(content, now)
    steps: list[tuple[str, Callable[[], None]]] = [
        ("themes", loader.themes),
        ("places", loader.places),
        ("organisations", loader.organisations),
        ("accounts", loader.accounts),
        ("people", loader.speakers),
        ("event", loader.edition),
        ("rounds", loader.rounds),
        ("sessions", loader.sessions),
        ("venues", lambda: open_the_halls(content)),
        ("versions", lambda: tell_what_changed(content, now)),
        ("house_rules", loader.house_rules),
        ("crowd", loader.crowd),
        ("live_questions", loader.questions),
        ("polls", loader.polls),
        ("follow_ups", lambda: load_agenda(content, now)),
        ("lessons", loader.lessons),
        ("comments", loader.comments),
        ("wijkwijzer", lambda: load_wijkwijzer(content, now)),
        ("bookmarks", loader.bookmarks),
    ]
    console = Console(stderr=True)
    for _name, step in track(steps, description="Loading the demo congress", console=console, transient=True):
        step()
        db.session.flush()
    for line in loader.left_out:
        console.print(f"  not loaded yet: {line}", highlight=False)
    return loader.left_out


class _Loader:
    def __init__(self, content: Content, now: datetime) -> None:
        self._content, self._now = content, now
        self.left_out: list[str] = []

    def _add(self, kind: type[Base], name: str, /, **values: Any) -> bool:
        """Store it under the id of its name, unless it exists. Returns True when it was new."""
        if db.session.get(kind, id_of(name)) is not None:
            return False
        db.session.add(kind(id=id_of(name), **values))
        return True

    def _leave_out(self, what: str) -> None:
        self.left_out.append(what)

    def themes(self) -> None:
        for position, row in enumerate(self._content["themes"]):
            self._add(Theme, row["code"], position=position, **row)

    def places(self) -> None:
        for row in self._content["places"]:
            values = {key: row[key] for key in ("code", "name", "kind")}
            self._add(Place, row["code"], parent_id=_reference(row.get("parent")), **values)

    def organisations(self) -> None:
        for row in self._content["organisations"]:
            self._add(
                Organisation,
                row["id"],
                code=row["id"],
                name=row["name"],
                kind=row["type"],
                domain=Domain(row["domain"]),
                place_id=_reference(row["place"]),
                answers_follow_ups=row["answers_follow_ups"],
                response_days=row["response_days"],
            )

    def accounts(self) -> None:
        for row in self._content["accounts"]:
            is_new = self._add(
                Person,
                row["id"],
                name=row["name"],
                email=row["email"],
                email_key=email_key(row["email"]),
                email_confirmed_at=self._now,
                participant_role=ParticipantRole(row["participant_role"]),
                neighbourhood="Sterrenhof" if row["participant_role"] == "resident" else None,
                house_rules_version=1,
                privacy_accepted_at=self._now,
                created_at=self._now,
            )
            # Hosts run their own sessions only; that right comes with the session.
            if is_new and row["role"] not in ("participant", "host"):
                grant = RoleGrant(
                    id=id_of(f"{row['id']} {row['role']}"),
                    person_id=id_of(row["id"]),
                    role=Role(row["role"]),
                    scope_id=_reference(row.get("org")) if row["role"] == "org_contact" else None,
                    granted_at=self._now,
                )
                db.session.add(grant)

    def speakers(self) -> None:
        accounts = {row["speaker"]: row["id"] for row in self._content["accounts"] if "speaker" in row}
        for row in self._content["people"]:
            self._add(
                Speaker,
                row["id"],
                code=row["id"],
                name=row["name"],
                function=row["function"],
                bio=row["bio"],
                organisation_id=_reference(row["org"]),
                person_id=_reference(accounts.get(row["id"])),
            )

    def edition(self) -> None:
        row = self._content["event"]
        contact = row["contact"]
        is_new = self._add(
            Edition,
            "edition",
            slug=row["slug"],
            title=row["title"],
            year=row["edition"],
            tagline=row["tagline"],
            intro=row["intro"],
            promise=row["promise"],
            starts_at=datetime.fromisoformat(row["starts_at"]),
            ends_at=datetime.fromisoformat(row["ends_at"]),
            registration_opens_at=datetime.fromisoformat(row["registration_opens_at"]),
            registration_closes_at=datetime.fromisoformat(row["registration_closes_at"]),
            expected_participants=row["expected_participants"],
            contact_email=contact["email"],
            contact_phone=contact["phone"],
            contact_hours=contact["hours"],
        )
        if not is_new:
            return
        for account in self._content["accounts"]:
            db.session.add(
                Registration(
                    id=id_of(f"{account['id']} registration"),
                    edition_id=id_of("edition"),
                    person_id=id_of(account["id"]),
                    status=PlaceStatus.CONFIRMED,
                    registered_at=self._now,
                    confirmed_at=self._now,
                )
            )

    def crowd(self) -> None:
        accounts = [id_of(account["id"]) for account in self._content["accounts"]]
        fill_the_street(id_of("edition"), self._content.moment("13:00"), self._now, stayed=accounts)

    def rounds(self) -> None:
        for row in self._content["rounds"]:
            self._add(
                Round,
                f"round {row['code']}",
                edition_id=id_of("edition"),
                code=row["code"],
                label=row["label"],
                starts_at=self._content.moment(row["starts_at"]),
                ends_at=self._content.moment(row["ends_at"]),
            )

    def sessions(self) -> None:
        for row in self._content["sessions"]:
            if not self._add(
                ProgrammeSession,
                row["id"],
                edition_id=id_of("edition"),
                round_id=id_of(f"round {row['round']}"),
                slug=row["slug"],
                title=row["title"],
                summary=row["summary"],
                abstract=row["abstract"],
                kind=SessionKind(row["type"]),
                involvement=Involvement(row["involvement"]),
                status=SessionStatus.SCHEDULED,
                starts_at=self._content.moment(row["starts_at"]),
                ends_at=self._content.moment(row["ends_at"]),
                capacity=row["capacity"],
                language_level=row["language_level"],
                domains=row["domains"],
                access=row["access"],
                ask_ahead=row["ask_ahead"],
                changed_at=self._now,
            ):
                continue
            db.session.add(LiveRoom(id=id_of(row["id"])))
            db.session.flush()
            session = db.session.get_one(ProgrammeSession, id_of(row["id"]))
            session.themes = [db.session.get_one(Theme, id_of(code)) for code in row["themes"]]
            people = [(code, SpeakerPart.SPEAKER) for code in row["speakers"]]
            people += [(row["host"], SpeakerPart.HOST)] if row["host"] else []
            for position, (code, part) in enumerate(people):
                db.session.add(
                    SessionSpeaker(
                        session_id=session.id, speaker_id=id_of(code), part=part, position=position
                    )
                )
            self._host_may_run(row)

    def _host_may_run(self, row: Row) -> None:
        for account in self._content["accounts"]:
            if row["host"] and account.get("speaker") == row["host"]:
                db.session.add(
                    RoleGrant(
                        id=id_of(f"{account['id']} hosts {row['id']}"),
                        person_id=id_of(account["id"]),
                        role=Role.HOST,
                        scope_id=id_of(row["id"]),
                        granted_at=self._now,
                    )
                )

    def house_rules(self) -> None:
        row = self._content["house_rules"]
        start = datetime.combine(row["effective_from"], time(), AMSTERDAM)
        if self._add(
            HouseRules,
            "house rules",
            version=row["version"],
            effective_from=min(start, self._now),
            title=row["title"],
            intro=row["intro"],
            what_happens=row["what_happens"],
        ):
            db.session.flush()
            for position, rule in enumerate(row["rules"]):
                self._add(
                    HouseRule,
                    f"rule {rule['code']}",
                    house_rules_id=id_of("house rules"),
                    position=position,
                    **rule,
                )

    def questions(self) -> None:
        content = self._content
        names = {row["id"]: row["name"] for row in content["people"]}
        for row in content["live_questions"]:
            status = _status(row["status"])
            asked_at = content.moment("14:02")
            is_new = self._add(
                Question,
                row["id"],
                session_id=id_of(row["session"]),
                revision=0,
                text=row["text"],
                appearance=Appearance.ANONYMOUS if row["anonymous"] else Appearance.ROLE,
                asker_role=ParticipantRole.UNDISCLOSED
                if row["anonymous"]
                else ParticipantRole(row["author_role"]),
                shown_neighbourhood=None if row["anonymous"] else "De Klinkers",
                via=Via.BESIDE if row["author_kind"] == "assisted" else None,
                consent_at=asked_at if row["author_kind"] == "assisted" else None,
                status=status,
                was_public=status not in (QuestionStatus.WAITING, QuestionStatus.HIDDEN),
                support_count=row["votes"],
                asked_at=asked_at,
                answered_at=asked_at if status is QuestionStatus.ANSWERED else None,
                answer=row.get("answer"),
                answered_by=names.get(row.get("answered_by", "")),
                hidden_reason=row.get("hidden_reason"),
                merged_into_id=_reference(row.get("merged_into")),
            )
            if is_new:
                db.session.flush()
                db.session.add_all(supporters(id_of(row["session"]), id_of(row["id"]), row["votes"]))

    def polls(self) -> None:
        for row in self._content["polls"]:
            scale = row.get("scale")
            shown = row["status"] == "results_shown"
            is_new = self._add(
                Poll,
                row["id"],
                session_id=id_of(row["session"]),
                title=row["title"],
                kind=PollKind(row["kind"]),
                status=PollStatus.CLOSED if shown else PollStatus(row["status"]),
                results_shown=shown,
                tallied_at=self._content.moment("14:02") if shown or row["status"] == "closed" else None,
                max_choices=row.get("max_choices", 1),
                low_label=scale["min_label"] if scale else None,
                high_label=scale["max_label"] if scale else None,
            )
            options = row["options"]
            if scale:
                options = [{"label": str(step), "votes": 0} for step in range(scale["min"], scale["max"] + 1)]
            for position, option in enumerate(options if is_new else ()):
                self._add(
                    PollOption,
                    f"{row['id']} option {position}",
                    poll_id=id_of(row["id"]),
                    position=position,
                    label=option["label"],
                    ballots=option["votes"],
                )

    def lessons(self) -> None:
        for number, row in enumerate(self._content["lessons"]):
            published = row["status"] == "published"
            moment = self._content.afterwards(2 + number)
            if not self._add(
                Lesson,
                row["id"],
                edition_id=id_of("edition"),
                slug=row["slug"],
                title=row["title"],
                lead=row["lead"],
                in_short=row["in_short"],
                author_id=id_of(row["author"]),
                status=LessonStatus(row["status"]),
                photo=f"img/lessons/{row['slug']}.svg",
                photo_alt=row["photo"]["alt"],
                photo_credit=row["photo"]["credit"],
                photo_licence="Eigen werk",
                publisher_id=id_of("org-netwerk"),
                published_at=moment if published else None,
                changed_at=moment,
            ):
                continue
            db.session.flush()
            lesson = db.session.get_one(Lesson, id_of(row["id"]))
            lesson.themes = [db.session.get_one(Theme, id_of(code)) for code in row["themes"]]
            lesson.sections = [
                LessonSection(position=i, anchor=slug_of(section["heading"]), **section)
                for i, section in enumerate(row["sections"])
            ]
            lesson.quotes = [
                LessonQuote(
                    position=i, text=quote["text"], speaker_id=id_of(quote["person"]), agreed_at=moment
                )
                for i, quote in enumerate(row["quotes"])
            ]
            sources = [(kind, name) for kind, names in row["sources"].items() for name in names]
            lesson.sources = [
                LessonSource(position=i, kind=SourceKind(kind.removesuffix("s")), target_id=id_of(name))
                for i, (kind, name) in enumerate(sources)
            ]

    def comments(self) -> None:
        for row in self._content["comments"]:
            if _kind_of(row["target"]) != "lesson":
                self._leave_out(f"comment {row['id']} on {row['target']}")
                continue
            self._add(
                Comment,
                row["id"],
                lesson_id=id_of(row["target"]),
                parent_id=_reference(row["parent"]),
                author_id=id_of(row["author"]),
                badge=row.get("badge"),
                text=row["text"],
                status=CommentStatus(row["status"]),
                hidden_reason=row.get("hidden_reason"),
                written_at=self._content.afterwards(row["day"]),
            )

    def bookmarks(self) -> None:
        for row in self._content["bookmarks"]:
            self._add(
                Bookmark,
                f"{row['account']} saved {row['target']}",
                person_id=id_of(row["account"]),
                kind=_kind_of(row["target"]),
                target_id=id_of(row["target"]),
                note=row["note"],
                saved_at=self._now,
            )


def _reference(name: str | None) -> Any:
    return id_of(name) if name else None


def _kind_of(name: str) -> str:
    return KINDS[name.rstrip("0123456789")]


def _status(word: str) -> QuestionStatus:
    """Return the status in the demo: the file has final ones, but the sessions are still live."""
    if word in ("forwarded", "open_after"):
        return QuestionStatus.VISIBLE
    return QuestionStatus.WAITING if word == "pending" else QuestionStatus(word)
