"""Subscriptions of this section: pending actions, the personal page, programme changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_login import current_user
from sqlalchemy import ScalarSelect

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.hooks import (
    LinkPagePart,
    LoginColumn,
    PageSection,
    PendingActionKind,
    PersonalPage,
    WorkPage,
    address_confirmed,
    link_page_parts,
    login_columns,
    pending_actions,
    personal_page_sections,
    reserved_names,
    unreachable,
    work_pages,
)
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import Domain, ParticipantRole, PendingAction, PersonalLink, Role
from dagvandebuurt.people.queries import joined
from dagvandebuurt.programme.calendar import links
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.hooks import (
    Change,
    PreparationStep,
    attention_items,
    counts_of_who_chose,
    preparation_steps,
    session_changed,
    session_page_views,
)
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession
from dagvandebuurt.programme.public.published import next_of
from dagvandebuurt.programme.queries import code_of, current_edition, live_now, session_by_id
from dagvandebuurt.registration import (
    account_merging,
    calendar_feeds,
    custom_questions,
    helper_messages,
    letters,
    pending_registrations,
    privacy,
    retention_holds,
    rules,
)
from dagvandebuurt.registration.attention import attention_of_registration
from dagvandebuurt.registration.entry_cards import number_of_others
from dagvandebuurt.registration.forms import NeedsTyped
from dagvandebuurt.registration.labels import NEEDS
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import (
    choice_of,
    choices_of,
    mailed_about,
    my_programme,
    open_offers,
    overlaps,
    place_in_line,
    registration_of,
    waiting_positions,
)


def their_choices(person_id: Any) -> ScalarSelect[Any] | None:
    """Return somebody's status per session, for the programme: read together with the login."""
    if person_id is None:
        return None
    rows: ScalarSelect[Any] = (
        joined(SessionChoice.session_id, SessionChoice.status)
        .where(SessionChoice.person_id == person_id, SessionChoice.status != PlaceStatus.CANCELLED)
        .scalar_subquery()
    )
    return rows


def confirm_their_place(link: PersonalLink, takes_over: bool, now: datetime) -> None:
    """Confirm the place on the day of the user of a mailed link, and apply its form.

    Not over what they entered before, unless they agreed. A login link that they asked for applies no form
    that somebody else filled in meanwhile.
    """
    person, is_first = link.person, not link.person.has_account
    form = pending_registrations.form_of_link(link)
    edition = db.session.get(Edition, form.edition_id) if form is not None else current_edition()
    if edition is None or (form is None and not is_first):
        return
    if form is not None:
        if is_first or takes_over:
            pending_registrations.apply_form(form, person, edition, now=now)
        rules.request_place(person.id, edition, now=now)
        db.session.delete(form)
    rules.confirm(person.id, edition, now=now)


def titles_of_the_day() -> list[str]:
    """Return the titles of the day as reserved names."""
    edition = current_edition()
    return [edition.title] if edition is not None else []


def what_was_filled_in(link: PersonalLink) -> dict[str, Any] | None:
    """Return the form for which this link was mailed."""
    form = pending_registrations.form_of_link(link)
    if form is None:
        return None
    typed = form.typed
    return {
        "typed": typed,
        "role": PARTICIPANT_ROLES[ParticipantRole(typed["participant_role"])],
        "domain": DOMAINS[Domain(typed["domain"])] if typed["domain"] else None,
        "is_first": not link.person.has_account,
        "is_new": pending_registrations.would_change(form, link.person),
    }


def choose_it(actor: Any, wish: PendingAction, now: datetime) -> str:
    """Run the pending action *Zet in mijn programma*."""
    session = session_by_id(actor, wish.target_id)
    choice = rules.choose(actor, session, now=now)
    if choice.status is PlaceStatus.WAITLISTED:
        return _("%(title)s is vol. Je staat op de wachtlijst.", title=session.title)
    return _("%(title)s staat in je programma.", title=session.title)


def fit_the_places(change: Change, now: datetime) -> None:
    """Apply new capacities after publishing.

    More places are offered to the waiting list at once; fewer than are taken stops the publishing: nobody
    loses a place silently.
    """
    if "capacity" in change.names and not change.is_new:
        rules.fit_capacity(change.session, now=now)


def my_day(actor: Any) -> dict[str, Any]:
    """Return the panel of today: where to go now, or else what is in progress, and the chosen sessions."""
    sessions, statuses = my_programme(actor), choices_of(actor)
    now, edition = clock.now(), current_edition()
    registration = registration_of(actor.id, edition) if edition is not None else None
    goes_to = next_of([s for s in sessions if statuses.get(s.id) is PlaceStatus.CONFIRMED], now)
    is_going = goes_to is not None and goes_to.phase_at(now) is not Phase.BEFORE
    return {
        "edition": edition,
        "is_over": edition is None or now >= edition.ends_at,
        "has_place": registration is not None and registration.status is PlaceStatus.CONFIRMED,
        "in_progress": live_now(edition, now) if edition is not None and not is_going else [],
        "over": [s for s in sessions if s.phase_at(now) in (Phase.ENDED, Phase.CANCELLED)],
        "sessions": sessions,
        "statuses": statuses,
        "goes_to": goes_to,
        "kept": open_offers(actor, now),
        "numbers": waiting_positions(actor),
        "clashes": overlaps(sessions),
        "open_now": [s for s in sessions if s.phase_at(now) in (Phase.LOBBY, Phase.LIVE)],
        "codes": {session.id: code_of(session) for session in sessions},
        "phases": {session.id: session.phase_at(now) for session in sessions},
    }


def my_calendar(actor: Any) -> dict[str, Any]:
    """Return the panel of calendar subscriptions."""
    wishes = calendar_feeds.settings_of(actor.id)
    path = calendar_feeds.address_of(wishes) if wishes is not None else None
    return {
        "wishes": wishes,
        "links": links,
        "path": path,
        "address": f"{current_app.config['PUBLIC_URL']}{path}",
        "is_invited": calendar_feeds.wants_invitations(actor.id),
    }


def my_answers(actor: Any) -> dict[str, Any] | None:
    """Return the panel of registration answers, and of the access log."""
    edition = current_edition()
    if edition is None or registration_of(actor.id, edition) is None:
        return None
    need = custom_questions.need_of(actor.id, edition)
    return {
        "asked": custom_questions.as_fields(custom_questions.questions_of(edition)),
        "answers": custom_questions.Answers(typed=custom_questions.answers_of(actor.id)),
        "need": need,
        "needs": NeedsTyped.of(need),
        "need_words": offered("need", NEEDS, need.needs if need else []),
    }


def my_others(actor: Any) -> dict[str, Any] | None:
    edition = current_edition()
    if edition is None or not can(actor, RegistrationPermission.REGISTER_OTHERS):
        return None
    return {"count": number_of_others(actor, edition)}


def my_registration(actor: Any) -> dict[str, Any] | None:
    edition = current_edition()
    if edition is None:
        return None
    registration = registration_of(actor.id, edition)
    waits = registration is not None and registration.status is PlaceStatus.WAITLISTED
    return {
        "registration": registration,
        "number": place_in_line(registration) if registration is not None and waits else None,
        "may_still_come": clock.now() < edition.registration_closes_at,
    }


def my_place(actor: Any) -> dict[str, Any] | None:
    """Return how somebody stands who has no certain place on the day: that is to be read today."""
    found = my_registration(actor)
    if found is None or not actor.has_account:
        return None
    registration = found["registration"]
    is_certain = registration is not None and registration.status is PlaceStatus.CONFIRMED
    return None if is_certain else found


def my_sections() -> list[PageSection]:
    return [
        PageSection("registration/_my_place.html", 5, my_place),
        PageSection("registration/_my_programme.html", 10, my_day),
        PageSection("registration/_my_others.html", 60, my_others),
        PageSection("registration/_my_answers.html", 20, my_answers, PersonalPage.ABOUT),
        PageSection("registration/_my_registration.html", 10, my_registration, PersonalPage.REGISTRATION),
        PageSection("registration/_my_calendar.html", 20, my_calendar, PersonalPage.MAIL),
    ]


def actions_after_login() -> list[PendingActionKind]:
    return [
        PendingActionKind("choose", _l("Een sessie in je programma zetten"), choose_it),
    ]


def parts_of_the_link_page() -> list[LinkPagePart]:
    return [LinkPagePart("registration/_filled.html", what_was_filled_in)]


def read_along() -> list[LoginColumn]:
    return [LoginColumn("choices", ["programme.index"], their_choices)]


def own_choice(session: ProgrammeSession) -> Mapping[str, object]:
    """Show the place of the reader in a session."""
    return {"registration": choice_of(current_user, session.id)}


def desks() -> list[WorkPage]:
    """Return the page of supporters. Others who register a neighbour find it on their own day."""
    return [
        WorkPage(
            desk=_l("Mensen helpen"),
            endpoint="registration.others",
            label=_l("Mensen helpen"),
            order=55,
            icon="people",
            about=_l("Meld mensen aan die geen e-mail hebben, en geef ze een kaart."),
            works_here=lambda actor: actor.holds(Role.SUPPORTER),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[
            privacy.forms_nobody_confirmed,
            privacy.days_long_ago,
            privacy.answers_whose_days_are_over,
            privacy.needs_of_long_ago,
        ],
        dissolve=[privacy.places_go],
        erase=[privacy.give_places_back],
        export_instead={
            "registration_answer": privacy.answers_with_their_questions,
            "session_choice": privacy.sessions_by_name,
        },
        merge=[account_merging.places_are_the_accounts, account_merging.their_own_calendar],
        held=[account_merging.chosen_sessions],
        asks_before_merging=[account_merging.has_a_card],
        owed=[retention_holds.who_comes],
        reasons_to_stay=[privacy.comes_to_a_day],
    )


def steps_of_registration(edition: Edition) -> list[PreparationStep]:
    """Return whether people can register before the day."""
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    is_done = opens < closes and opens < edition.ends_at and closes > clock.now()
    says = _l(
        "Aanmelden kan van %(first)s tot %(last)s.",
        first=on_day(clock.local(opens).date()), last=on_day(clock.local(closes).date()),
    )  # fmt: skip
    where = path_for("programme.edit_thing", kind=RecordKind.EDITION, thing_id=edition.id)
    title = _l("Kies wanneer mensen zich kunnen aanmelden")
    return [PreparationStep(60, "registration", title, says, is_done, where)]


personal_page_sections.subscribe(my_sections)
preparation_steps.subscribe(steps_of_registration)
pending_actions.subscribe(actions_after_login)
link_page_parts.subscribe(parts_of_the_link_page)
login_columns.subscribe(read_along)
reserved_names.subscribe(titles_of_the_day)
address_confirmed.subscribe(confirm_their_place)
unreachable.subscribe(helper_messages.tell_the_helper)
session_changed.subscribe(letters.mail_change, fit_the_places)
counts_of_who_chose.subscribe(mailed_about)
session_page_views.subscribe(own_choice)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
attention_items.subscribe(attention_of_registration)
