"""JSON-LD of the programme in the vocabulary of schema.org."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from dagvandebuurt.core.schema_org import Thing, public_url
from dagvandebuurt.programme import models
from dagvandebuurt.programme.labels import kind_in_words
from dagvandebuurt.programme.models import (
    Edition,
    ProgrammeRelease,
    ProgrammeSession,
    SessionStatus,
    VenueKind,
)

EventStatus = Literal["https://schema.org/EventScheduled", "https://schema.org/EventCancelled"]
AttendanceMode = Literal[
    "https://schema.org/OnlineEventAttendanceMode", "https://schema.org/OfflineEventAttendanceMode"
]
ON: EventStatus = "https://schema.org/EventScheduled"
OFF: EventStatus = "https://schema.org/EventCancelled"
ONLINE: AttendanceMode = "https://schema.org/OnlineEventAttendanceMode"
IN_A_BUILDING: AttendanceMode = "https://schema.org/OfflineEventAttendanceMode"


class Organization(Thing):
    type_: Literal["Organization"] = Field(default="Organization", serialization_alias="@type")
    identifier: str
    name: str
    description: str | None = None
    url: str | None = None
    areaServed: str | None = None


class Person(Thing):
    """Speaker, as they want to be introduced."""

    type_: Literal["Person"] = Field(default="Person", serialization_alias="@type")
    identifier: str
    name: str
    jobTitle: str
    description: str
    affiliation: Organization | None = None


class DefinedTerm(Thing):
    """Theme."""

    type_: Literal["DefinedTerm"] = Field(default="DefinedTerm", serialization_alias="@type")
    termCode: str
    name: str
    description: str


class Location(Thing):
    type_: Literal["VirtualLocation", "Place"] = Field(serialization_alias="@type")
    name: str | None = None
    address: str | None = None
    url: str | None = None


class EditionEvent(Thing):
    """Edition. `version` rises whenever its programme changes."""

    type_: Literal["Event"] = Field(default="Event", serialization_alias="@type")
    identifier: str
    name: str
    description: str
    startDate: datetime
    endDate: datetime
    url: str
    version: int


class PartOf(Thing):
    type_: Literal["Event"] = Field(default="Event", serialization_alias="@type")
    identifier: str
    name: str


class SessionEvent(Thing):
    """Session. `description` is short, `text` is the whole text; `contributor` is the moderator."""

    type_: Literal["Event"] = Field(default="Event", serialization_alias="@type")
    identifier: str
    name: str
    description: str
    text: str
    additionalType: str
    startDate: datetime
    endDate: datetime
    eventStatus: EventStatus
    eventAttendanceMode: AttendanceMode
    location: Location
    url: str
    superEvent: PartOf
    performer: list[Person]
    contributor: list[Person]
    about: list[DefinedTerm]
    inLanguage: list[str]
    maximumAttendeeCapacity: int | None = None
    isAccessibleForFree: bool = True
    dateModified: datetime


class Release(Thing):
    """Published version of the programme, and its notes."""

    type_: Literal["CreativeWork"] = Field(default="CreativeWork", serialization_alias="@type")
    version: int
    about: str
    text: str
    datePublished: datetime


def organization(body: models.Organisation) -> Organization:
    return Organization(
        identifier=body.code,
        name=body.name,
        description=body.about or None,
        url=body.website or None,
        areaServed=body.place.name if body.place is not None else None,
    )


def person(speaker: models.Speaker) -> Person:
    return Person(
        identifier=speaker.code,
        name=speaker.name,
        jobTitle=speaker.function,
        description=speaker.bio,
        affiliation=organization(speaker.organisation) if speaker.organisation is not None else None,
    )


def term(theme: models.Theme) -> DefinedTerm:
    return DefinedTerm(termCode=theme.code, name=theme.label, description=theme.summary)


def edition_event(edition: Edition) -> EditionEvent:
    return EditionEvent(
        identifier=edition.slug,
        name=edition.title,
        description=edition.intro,
        startDate=edition.starts_at,
        endDate=edition.ends_at,
        url=public_url("programme.index"),
        version=edition.programme_version,
    )


def session_event(session: ProgrammeSession) -> SessionEvent:
    return SessionEvent(
        identifier=session.slug,
        name=session.title,
        description=session.summary,
        text=session.abstract,
        additionalType=str(kind_in_words(session)),
        startDate=session.starts_at,
        endDate=session.ends_at,
        eventStatus=OFF if session.status is SessionStatus.CANCELLED else ON,
        eventAttendanceMode=IN_A_BUILDING if _is_building(session) else ONLINE,
        location=_location(session),
        url=public_url("programme.show", slug=session.slug),
        superEvent=PartOf(identifier=session.edition.slug, name=session.edition.title),
        performer=[person(each) for each in session.speakers],
        contributor=[person(each) for each in session.hosts],
        about=[term(each) for each in session.themes],
        inLanguage=session.languages,
        maximumAttendeeCapacity=session.capacity,
        dateModified=session.changed_at,
    )


def release(published: ProgrammeRelease, edition: Edition) -> Release:
    return Release(
        version=published.number,
        about=edition.slug,
        text=published.note,
        datePublished=published.published_at,
    )


def _is_building(session: ProgrammeSession) -> bool:
    return session.venue is not None and session.venue.kind is VenueKind.LOCATION


def _location(session: ProgrammeSession) -> Location:
    venue = session.venue
    if venue is not None and _is_building(session):
        return Location(type_="Place", name=venue.name, address=venue.address)
    return Location(
        type_="VirtualLocation",
        name=venue.name if venue is not None else None,
        url=public_url("programme.show", slug=session.slug),
    )
