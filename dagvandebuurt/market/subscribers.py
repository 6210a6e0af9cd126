"""What the market does at the hooks of other sections: work pages, the page of a market round, personal data."""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.market import privacy
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import has_market
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.programme.hooks import room_page_views, session_page_views
from dagvandebuurt.programme.models import ProgrammeSession, SessionKind


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="market.desk",
            label=_l("Buurtmarkt"),
            order=77,
            icon="house",
            works_here=lambda actor: can(actor, MarketPermission.ARRANGE),
        ),
        WorkPage(
            desk=_l("Mijn kraam"),
            endpoint="market.kept",
            label=_l("Mijn kraam"),
            order=65,
            icon="house",
            about=_l("De kraam die je houdt op de buurtmarkt: wie er langskomt en wat erin staat."),
            works_here=lambda actor: can(actor, MarketPermission.KEEP),
        ),
    ]


def way_to_market(session: ProgrammeSession) -> Mapping[str, Any]:
    """Lead from a market in the programme to the stands, where there are any."""
    return {"market": session.kind is SessionKind.MARKET and has_market(session.edition_id)}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[
            privacy.who_stood_there_is_forgotten,
            privacy.contacts_of_long_ago,
            privacy.waits_of_long_ago,
        ],
        dissolve=[privacy.nobody_stands_there, privacy.nobody_waits, privacy.nobody_left_anything],
    )


work_pages.subscribe(desks)
session_page_views.subscribe(way_to_market)
room_page_views.subscribe(way_to_market)
personal_data.subscribe(kept_of_people)
