"""JSON-LD of the Wijkwijzer in the vocabulary of schema.org. No senders, no personal addresses."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from dagvandebuurt.core.schema_org import Thing, public_url
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Organisation, Place, Theme
from dagvandebuurt.programme.public.json_ld import DefinedTerm, Location, Organization, organization, term
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_OFFERS,
    SHOWN_PLANS,
    SHOWN_QUESTIONS,
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

ActionStatus = Literal[
    "https://schema.org/PotentialActionStatus",
    "https://schema.org/ActiveActionStatus",
    "https://schema.org/CompletedActionStatus",
]
WAITS: ActionStatus = "https://schema.org/PotentialActionStatus"
GOES_ON: ActionStatus = "https://schema.org/ActiveActionStatus"
DONE: ActionStatus = "https://schema.org/CompletedActionStatus"
_GAPS = {GapStatus.ADOPTED: GOES_ON, GapStatus.IN_DESIGN: GOES_ON, GapStatus.FILLED: DONE}
CourseMode = Literal["onsite", "online", "blended"]
_MODES: dict[OfferMode, CourseMode] = {
    OfferMode.IN_PERSON: "onsite", OfferMode.ONLINE: "online", OfferMode.BLENDED: "blended",
}  # fmt: skip
COURSES = frozenset({OfferForm.COURSE, OfferForm.WORKSHOP, OfferForm.E_LEARNING})


class Body(Thing):
    """Organisation or group without a page here."""

    type_: Literal["Organization"] = Field(default="Organization", serialization_alias="@type")
    name: str


class Mention(Thing):
    """Reference to another thing of the Wijkwijzer by its `identifier`."""

    type_: Literal["CreativeWork"] = Field(default="CreativeWork", serialization_alias="@type")
    identifier: str
    name: str
    url: str


class Answer(Thing):
    type_: Literal["Answer"] = Field(default="Answer", serialization_alias="@type")
    text: str


class Question(Thing):
    """Learning question. `role` is in what role it was asked; `upvoteCount` is how many others want to learn
    it; `mentions` are its offers.
    """

    type_: Literal["Question"] = Field(default="Question", serialization_alias="@type")
    identifier: str
    name: str
    text: str | None = None
    role: ParticipantRole
    status: LearningQuestionStatus
    upvoteCount: int
    acceptedAnswer: Answer | None = None
    about: list[DefinedTerm]
    contentLocation: Location | None = None
    mentions: list[Mention]
    url: str
    dateCreated: datetime
    dateModified: datetime


class Audience(Thing):
    type_: Literal["Audience"] = Field(default="Audience", serialization_alias="@type")
    audienceType: str


class Price(Thing):
    """Price. `description` is in words."""

    type_: Literal["Offer"] = Field(default="Offer", serialization_alias="@type")
    description: str


class CourseInstance(Thing):
    """Course. `courseWorkload` is its duration, in words."""

    type_: Literal["CourseInstance"] = Field(default="CourseInstance", serialization_alias="@type")
    courseMode: CourseMode
    courseWorkload: str


class LearningResource(Thing):
    """Offer. `sameAs` is the provider's own page about it."""

    type_: Literal["Course", "CreativeWork"] = Field(serialization_alias="@type")
    identifier: str
    name: str
    description: str
    provider: Organization | Body | None = None
    learningResourceType: OfferForm
    audience: list[Audience]
    offers: Price
    hasCourseInstance: CourseInstance | None = None
    about: list[DefinedTerm]
    contentLocation: Location | None = None
    creativeWorkStatus: OfferStatus
    url: str
    sameAs: str | None = None
    datePublished: datetime | None = None
    dateModified: datetime


class Missing(Thing):
    """Gap. `agent` takes it on; `description` is the next step, `dueDate` its date; `object` are the
    questions, `result` the offers that fill it.
    """

    type_: Literal["Action"] = Field(default="Action", serialization_alias="@type")
    identifier: str
    name: str
    description: str | None = None
    kind: GapKind
    actionStatus: ActionStatus
    status: GapStatus
    agent: Organization | Body | None = None
    dueDate: date | None = None
    about: list[DefinedTerm]
    object: list[Mention]
    result: list[Mention]
    url: str
    startTime: datetime
    dateModified: datetime


class Example(Thing):
    """Initiative. `abstract` is short, `text` is the whole text; `foundingDate` is a year."""

    type_: Literal["Project"] = Field(default="Project", serialization_alias="@type")
    identifier: str
    name: str
    abstract: str
    text: str
    status: InitiativeStatus
    founder: Organization | Body | None = None
    member: list[Organization]
    foundingDate: str | None = None
    about: list[DefinedTerm]
    location: Location | None = None
    url: str
    datePublished: datetime | None = None
    dateModified: datetime


def question(asked: LearningQuestion) -> Question:
    return Question(
        identifier=str(asked.number),
        name=asked.title,
        text=asked.detail or None,
        role=asked.asked_by_role,
        status=asked.status,
        upvoteCount=asked.me_too,
        acceptedAnswer=Answer(text=asked.answer) if asked.answer else None,
        about=_terms(asked.themes),
        contentLocation=_where(asked.place),
        mentions=_offers(asked.offers),
        url=public_url("wijkwijzer.question", number=asked.number),
        dateCreated=asked.asked_at,
        dateModified=asked.changed_at,
    )


def resource(offer: LearningOffer) -> LearningResource:
    is_course = offer.form in COURSES
    instance = CourseInstance(courseMode=_MODES[offer.mode], courseWorkload=offer.duration)
    return LearningResource(
        type_="Course" if is_course else "CreativeWork",
        identifier=str(offer.number),
        name=offer.title,
        description=offer.summary,
        provider=_body(offer.provider, offer.provider_name),
        learningResourceType=offer.form,
        audience=[Audience(audienceType=each) for each in offer.audience],
        offers=Price(description=offer.cost),
        hasCourseInstance=instance if is_course else None,
        about=_terms(offer.themes),
        contentLocation=_where(offer.place),
        creativeWorkStatus=offer.status,
        url=public_url("wijkwijzer.offer", number=offer.number),
        sameAs=offer.url or None,
        datePublished=offer.published_at,
        dateModified=offer.changed_at,
    )


def missing(gap: Gap) -> Missing:
    shown = [asked for asked in gap.questions if asked.status in SHOWN_QUESTIONS]
    has_plan = gap.status in SHOWN_PLANS
    return Missing(
        identifier=str(gap.number),
        name=gap.title,
        description=gap.next_step if has_plan else None,
        kind=gap.kind,
        actionStatus=_GAPS.get(gap.status, WAITS),
        status=gap.status,
        agent=_body(gap.owner, gap.owner_name) if has_plan else None,
        dueDate=gap.due_on if has_plan else None,
        about=_terms(dict.fromkeys(theme for asked in shown for theme in asked.themes)),
        object=[
            Mention(identifier=str(each.number), name=each.title, url=public_url("wijkwijzer.question", number=each.number))
            for each in shown
        ],
        result=_offers(gap.filled_by),
        url=public_url("wijkwijzer.gap", number=gap.number),
        startTime=gap.identified_at,
        dateModified=gap.changed_at,
    )  # fmt: skip


def example(initiative: Initiative) -> Example:
    told = (
        initiative.what,
        initiative.need_it_met,
        initiative.costs,
        initiative.what_went_wrong,
        initiative.tip,
    )
    return Example(
        identifier=initiative.slug,
        name=initiative.title,
        abstract=initiative.summary,
        text="\n\n".join(filter(None, told)),
        status=initiative.status,
        founder=_body(initiative.led_by, initiative.led_by_name),
        member=[organization(each) for each in initiative.partners],
        foundingDate=str(initiative.started) if initiative.started else None,
        about=_terms(initiative.themes),
        location=_where(initiative.place),
        url=public_url("wijkwijzer.initiative", slug=initiative.slug),
        datePublished=initiative.published_at,
        dateModified=initiative.changed_at,
    )


def _body(known: Organisation | None, name: str | None) -> Organization | Body | None:
    if known is not None:
        return organization(known)
    return Body(name=name) if name else None


def _terms(themes: Iterable[Theme]) -> list[DefinedTerm]:
    return [term(each) for each in themes]


def _where(place: Place | None) -> Location | None:
    return Location(type_="Place", name=place.name) if place is not None else None


def _offers(offers: Iterable[LearningOffer]) -> list[Mention]:
    return [
        Mention(identifier=str(each.number), name=each.title, url=public_url("wijkwijzer.offer", number=each.number))
        for each in offers
        if each.status in SHOWN_OFFERS
    ]  # fmt: skip
