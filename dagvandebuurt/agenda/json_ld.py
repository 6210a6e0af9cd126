"""JSON-LD of action points in the vocabulary of schema.org: an action that an organisation is asked to do."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from dagvandebuurt.agenda.models import Decision, FollowUp, FollowUpStatus
from dagvandebuurt.core.schema_org import Thing, public_url
from dagvandebuurt.programme.public.json_ld import DefinedTerm, Organization, organization, term

ActionStatus = Literal[
    "https://schema.org/PotentialActionStatus",
    "https://schema.org/ActiveActionStatus",
    "https://schema.org/CompletedActionStatus",
]
WAITS: ActionStatus = "https://schema.org/PotentialActionStatus"
GOES_ON: ActionStatus = "https://schema.org/ActiveActionStatus"
DONE: ActionStatus = "https://schema.org/CompletedActionStatus"
_DONE = (FollowUpStatus.DONE, FollowUpStatus.CONFIRMED)
_WAITS = (FollowUpStatus.SENT, FollowUpStatus.ACKNOWLEDGED)


class Action(Thing):
    """Action point. `agent` is asked, since `startTime`; `dueDate` is when it answers or is done; `text` is
    its latest answer.
    """

    type_: Literal["Action"] = Field(default="Action", serialization_alias="@type")
    identifier: str
    name: str
    description: str
    actionStatus: ActionStatus
    status: FollowUpStatus
    decision: Decision | None = None
    agent: Organization | None = None
    participant: list[Organization]
    about: list[DefinedTerm]
    areaServed: str | None = None
    startTime: datetime | None = None
    dueDate: date | None = None
    text: str | None = None
    url: str
    dateModified: datetime


def action(point: FollowUp) -> Action:
    return Action(
        identifier=str(point.number),
        name=point.title,
        description=point.body,
        actionStatus=DONE if point.status in _DONE else WAITS if point.status in _WAITS else GOES_ON,
        status=point.status,
        decision=point.decision,
        agent=organization(point.organisation) if point.organisation is not None else None,
        participant=[organization(each) for each in point.partners],
        about=[term(point.theme)] if point.theme is not None else [],
        areaServed=point.place.name if point.place is not None else None,
        startTime=point.sent_at,
        dueDate=point.due_on,
        text=point.answers[-1].text if point.answers else None,
        url=public_url("agenda.show", number=point.number),
        dateModified=point.changed_at,
    )
