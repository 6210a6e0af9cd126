"""Subscriptions of people: its section of the personal page."""

from typing import Any

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.parts.mail.hooks import link_is_made_anew, link_leaves
from dagvandebuurt.people import privacy
from dagvandebuurt.people.access.link_terms import make_anew, start_term
from dagvandebuurt.people.hooks import PageSection, PersonalPage, personal_page_sections
from dagvandebuurt.people.lifecycle import account_retention
from dagvandebuurt.people.lifecycle.retention_holds import owed_to


def what_is_open(actor: Any) -> dict[str, Any]:
    """Return what they still hear about; and for people without an address, how long it is kept: nobody can mail
    them."""
    now = clock.now()
    return {
        "owed": owed_to(actor.id),
        "until": None if actor.has_account else on_day(clock.local(now + account_retention.QUIET).date()),
    }


def my_sections() -> list[PageSection]:
    return [PageSection("people/_staying.html", 95, what_is_open, PersonalPage.DATA)]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[
            privacy.never_confirmed,
            privacy.not_seen_for_long,
            privacy.old_invitations,
            privacy.old_logins,
            privacy.old_links,
            privacy.old_wishes,
        ],
        export={"mail": privacy.mail_to},
        dissolve=[privacy.what_belongs_to_no_account_goes],
    )


personal_page_sections.subscribe(my_sections)
personal_data.subscribe(kept_of_people)
link_leaves.subscribe(start_term)
link_is_made_anew.subscribe(make_anew)
