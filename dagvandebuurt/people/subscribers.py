"""Subscriptions of people: its section of the personal page."""

from typing import Any

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.people.hooks import PageSection, personal_page_sections
from dagvandebuurt.people.lifecycle import account_retention
from dagvandebuurt.people.lifecycle.retention_holds import owed_to


def what_is_open(actor: Any) -> dict[str, Any]:
    """Return what they still hear about; and for who has no address, how long it is kept: nobody can mail
    them."""
    now = clock.now()
    return {
        "owed": owed_to(actor.id),
        "until": None if actor.has_account else on_day(clock.local(now + account_retention.QUIET).date()),
    }


def my_sections() -> list[PageSection]:
    return [PageSection("people/_staying.html", 95, what_is_open)]


personal_page_sections.subscribe(my_sections)
