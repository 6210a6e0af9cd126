"""Subscriptions of the organiser's desk: its pages, for *Mijn werk* and the side navigation, and what other
processes must read again."""

from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import Permission, can
from dagvandebuurt.live.hooks import told_by_another_process
from dagvandebuurt.live.runtime import live
from dagvandebuurt.organisation.attention import attention_of_the_installation
from dagvandebuurt.organisation.mail_queries import refused_mail
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import needs_to_arrange
from dagvandebuurt.parts.branding.hooks import branding_saved
from dagvandebuurt.parts.branding.permissions import BrandingPermission
from dagvandebuurt.parts.branding.queries import cache
from dagvandebuurt.parts.partners.permissions import PartnerPermission
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.hooks import attention_items
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.registration.permissions import RegistrationPermission


def _page(order: int, endpoint: str, label: Any, needs: Permission, icon: str, **more: Any) -> WorkPage:
    return WorkPage(
        desk=_l("Organisatie"),
        endpoint=endpoint,
        label=label,
        order=order,
        icon=icon,
        works_here=lambda actor: can(actor, needs),
        **more,
    )


def desk() -> list[WorkPage]:
    return [
        _page(
            70, "organisation.index", _l("Vandaag"), OrganisationPermission.READ, "house",
            about=_l("Hoe de dag ervoor staat: programma, aanmeldingen, mensen en rollen."),
        ),
        _page(72, "programme.desk", _l("Programma maken"), ProgrammePermission.EDIT, "calendar"),
        _page(73, "organisation.questions", _l("Vragen bij het aanmelden"), RegistrationPermission.ASK, "help"),
        _page(
            74, "organisation.access", _l("Wat mensen nodig hebben"), RegistrationPermission.ARRANGE_ACCESS, "hand",
            waiting=needs_to_arrange,
        ),
        _page(75, "organisation.attendance_now", _l("Aanwezigheid"), OrganisationPermission.READ, "people"),
        _page(76, "organisation.downloads", _l("Bestanden"), OrganisationPermission.EXPORT, "download"),
        _page(76, "organisation.all_exports", _l("Meenemen"), OrganisationPermission.EXPORT, "download"),
        _page(76, "organisation.audit", _l("Wie deed wat"), OrganisationPermission.READ_AUDIT, "clock"),
        _page(76, "organisation.roles", _l("Rollen"), PeoplePermission.INVITE, "person"),
        _page(77, "organisation.look", _l("Naam en uiterlijk"), BrandingPermission.ARRANGE, "edit"),
        _page(77, "organisation.partners", _l("Partners"), PartnerPermission.ARRANGE, "house"),
        _page(77, "organisation.words", _l("Woorden en keuzes"), BrandingPermission.ARRANGE, "edit"),
        _page(
            78, "organisation.post", _l("Post"), OrganisationPermission.EXPORT, "mail",
            waiting=lambda _actor: len(refused_mail()),
        ),
        _page(78, "programme.stage_hosts", _l("Videosites"), ProgrammePermission.ALLOW_HOSTS, "play"),
        _page(79, "programme.places", _l("Plaatsen"), ProgrammePermission.EDIT, "pin"),
        _page(80, "organisation.day_places", _l("Plekken op de dag"), OrganisationPermission.ARRANGE, "people"),
    ]  # fmt: skip


BRANDING = "branding"  # a topic of wake-ups


def tell_other_processes() -> None:
    live().hints.give(BRANDING)


def read_branding_again(topic: str) -> None:
    if topic == BRANDING:
        cache().forget()


work_pages.subscribe(desk)
branding_saved.subscribe(tell_other_processes)
told_by_another_process.subscribe(read_branding_again)
attention_items.subscribe(attention_of_the_installation)
