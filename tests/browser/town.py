"""A town that grows: lists of 0 to 200 of everything, with texts that are hard to lay out."""

from datetime import timedelta

from dagvandebuurt.agenda.models import FollowUpStatus
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
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
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.models import (
    Edition,
    ProgrammeSession,
    SessionSpeaker,
    Speaker,
    SpeakerPart,
    Theme,
)
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from tests.factories import START, Factory

ARABIC = "كيف نجعل حيّنا أنظف وأكثر أمانًا للجميع؟ نريد مقعدًا تحت الشجرة ومكانًا للأطفال. "
PLAIN = "Wie maakt het plein schoon na de markt, en wat spreken we daar samen over af? "


def text(number: int, limit: int = 500) -> str:
    """Return the text of the so-manieth thing: without a space, in Arabic, long, and then ordinary ones."""
    kinds = ("Buurtfeest" * 50, ARABIC * 8, PLAIN * 8)
    return (kinds[number] if number < len(kinds) else f"Ding {number}: {PLAIN}")[:limit].strip()


def name(number: int, limit: int = 100) -> str:
    """Return the name of the so-manieth, of a hundred characters where that is hard."""
    kinds = (
        "Wolkenfietser" * 8,
        "عبد الرحمن بن محمد الأنصاري المراكشي " * 3,
        "Wilhelmina Geertruida Antonia-Francisca van Oranjebuiten tot Nieuwersluisdijk Boterhuizen en Zwammerdam",
    )
    return (kinds[number] if number < len(kinds) else f"Noor Bakker {number}")[:limit].strip()


class _Batch(Factory):
    """A factory that stores into the transaction that is open."""

    def store(self, *things):
        db.session.add_all(things)
        db.session.flush()
        return things[0]


class Town:
    """What there is of everything, and the person who may open every page."""

    def __init__(self, house):
        self.make = _Batch(house.app)
        self.many = 0
        self.edition = None
        with transaction():
            self.person = self.make.person(
                name(2), roles=[role.value for role in Role if role is not Role.ORG_CONTACT]
            )
        self.ids: dict[str, list] = {}

    def _open_the_day(self) -> None:
        """Make an edition, without anything in it."""
        with transaction():
            make = self.make
            self.edition = make.edition(
                title=name(0), tagline=text(0, 160), intro=text(0), promise=text(1), contact_hours=text(0, 80)
            )
            self.rounds = [
                make.round(self.edition, label=name(0, 80), starts_at=START),
                make.round(self.edition, label=name(1, 80), starts_at=START + timedelta(hours=1)),
                make.round(self.edition, label="Ronde 3", starts_at=START + timedelta(hours=2)),
            ]

    def grow(self, many: int) -> None:
        """Let there be a day, and so many of everything."""
        if self.edition is None:
            self._open_the_day()
        with transaction():
            for number in range(self.many, many):
                self._add(number)
            edition = db.session.get_one(Edition, self.edition.id)
            edition.programme_version += 1
        self.many = max(many, self.many)

    def _keep(self, what: str, thing) -> None:
        self.ids.setdefault(what, []).append(thing)

    def _add(self, number: int) -> None:
        make = self.make
        theme = make.theme(name(number, 80))
        theme.summary = text(number)
        body = make.organisation(name(number), about=text(number))
        if number == 0:
            db.session.add(
                RoleGrant(person_id=self.person.id, role=Role.ORG_CONTACT, scope_id=body.id, granted_at=START)
            )
        speaker = make.store(
            Speaker(
                code=f"spreker-{number}",
                name=name(number),
                function=text(number, 120),
                bio=text(number),
                organisation_id=body.id,
            )
        )
        starts = self.rounds[0 if number < 8 else number % 3].starts_at
        session = make.session(
            text(number, 160), round=self.rounds[0 if number < 8 else number % 3], subtitle=text(number, 200),
            summary=text(number), abstract=text(number), starts_at=starts, ends_at=starts + timedelta(minutes=45),
        )  # fmt: skip
        if number != 3:  # one has nobody who speaks
            make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.SPEAKER))
            make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.HOST))
        db.session.get_one(ProgrammeSession, session.id).themes = [db.session.get_one(Theme, theme.id)]
        room = self.ids["session"][0] if self.ids.get("session") else session
        statuses = (QuestionStatus.VISIBLE, QuestionStatus.WAITING, QuestionStatus.ANSWERED)
        questions = [
            make.question(
                room, self.person, status=status, text=text(number), answer=text(number) if status is QuestionStatus.ANSWERED else None,
                appearance=Appearance.NAME, shown_name=name(number), shown_neighbourhood=name(number, 80),
                answered_by=name(number), asked_at=START,
            )
            for status in statuses
        ]  # fmt: skip
        lesson = make.store(
            Lesson(
                edition_id=self.edition.id, slug=f"les-{number}", title=text(number, 160), lead=text(number),
                in_short=[text(number), text(number + 1), text(number + 2)], author_id=speaker.id,
                status=LessonStatus.PUBLISHED, published_at=START, changed_at=START, corrections=[],
                publisher_id=body.id, themes=[db.session.get_one(Theme, theme.id)],
                sections=[LessonSection(position=0, anchor="begin", heading=text(number, 160), body=text(number))],
                quotes=[LessonQuote(position=0, text=text(number), speaker_id=speaker.id, agreed_at=START)],
                sources=[LessonSource(position=0, kind=SourceKind.SESSION, target_id=session.id)],
            )
        )  # fmt: skip
        read = self.ids["lesson"][0] if self.ids.get("lesson") else lesson
        make.store(
            Comment(
                lesson_id=read.id, author_id=self.person.id, text=text(number), badge=name(number, 80),
                status=CommentStatus.VISIBLE if number % 2 == 0 else CommentStatus.PENDING, rules_version=1,
                written_at=START,
            )
        )  # fmt: skip
        states = (FollowUpStatus.SENT, FollowUpStatus.PROPOSED, FollowUpStatus.ANSWERED)
        asked = self.ids["organisation"][0] if self.ids.get("organisation") else body
        points = [
            make.point(asked, self.person, status=status, title=text(number, 160), body=text(number))
            for status in states
        ]
        named = {
            "session": session, "speaker": speaker, "organisation": body, "lesson": lesson, "point": points[0],
            "proposed": points[1], "question": questions[0], "theme": theme,
            "learning": make.learning_question(self.person, themes=[theme], title=text(number, 160), detail=text(number)),
            "offer": make.learning_offer(
                self.person, themes=[theme], title=text(number, 160), summary=text(number), provider_name=name(number),
                cost=text(number, 80), duration=text(number, 80), url="https://cursus.example", contact=text(number, 160),
            ),
            "gap": make.gap(title=text(number, 160)),
            "initiative": make.initiative(
                self.person, themes=[theme], title=text(number, 160), summary=text(number), what=text(number),
                led_by_name=name(number), tip=text(number), costs=text(number),
            ),
            "partner": make.store(Partner(name=name(number), position=number, added_at=START)),
        }  # fmt: skip
        for what, thing in named.items():
            self._keep(what, thing)
        self._keep(
            "grant",
            make.store(
                RoleGrant(person_id=make.person(name(number)).id, role=Role.MODERATOR, granted_at=START)
            ),
        )
