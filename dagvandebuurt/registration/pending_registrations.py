"""Pending registrations that wait for a confirmed address (protection against sign-up squatting).

Opening a mail accepts the form it belongs to. A form for an address that was confirmed already is an offer:
its owner sees it behind the link, and it is applied only if they agree.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Domain, ParticipantRole, Person, PersonalLink
from dagvandebuurt.people.rules import rights_changed
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration import custom_questions
from dagvandebuurt.registration.models import FilledForm, Need


def keep(
    person: Person, edition: Edition, typed: Mapping[str, Any], *, link_id: UUID | None, now: datetime
) -> None:
    """Store a form for the link that was mailed for it.

    Without a link (`people.access.link_throttle`) it is stored all the same: the next link applies the
    newest; an identical form is stored once.
    """
    content = content_of(typed)
    if link_id is None:
        again = select(FilledForm).where(FilledForm.person_id == person.id, FilledForm.content == content)
        earlier = db.session.scalar(again.order_by(FilledForm.made_at.desc()).limit(1))
        if earlier is not None:
            earlier.made_at = now
            return
    db.session.add(
        FilledForm(
            edition_id=edition.id, person_id=person.id, link_id=link_id, content=content, typed=dict(typed),
            made_at=now,
        )
    )  # fmt: skip


def form_of_link(link: PersonalLink) -> FilledForm | None:
    """Return the form that a link was mailed for. Before the address is confirmed, a login link stands for
    the newest one."""
    own = select(FilledForm).where(FilledForm.link_id == link.id)
    form = db.session.scalar(own.order_by(FilledForm.made_at.desc()).limit(1))
    if form is None and not link.person.has_account:
        newest = select(FilledForm).where(FilledForm.person_id == link.person_id)
        form = db.session.scalar(newest.order_by(FilledForm.made_at.desc(), FilledForm.id).limit(1))
    return form


def would_change(form: FilledForm, person: Person) -> bool:
    """Return whether applying it would change anything."""
    typed = form.typed
    told = (person.name, person.participant_role.value, person.domain and person.domain.value)
    return (
        told != (typed["name"], typed["participant_role"], typed["domain"])
        or (person.neighbourhood or None) != typed["neighbourhood"]
        or bool(typed["needs"])
        or any(
            custom_questions.answers_of(person.id).get(UUID(q), []) != a for q, a in typed["answers"].items()
        )
    )


def apply_form(form: FilledForm, person: Person, edition: Edition, *, now: datetime) -> None:
    """Apply this form: its mail was opened by the owner of the address."""
    typed = form.typed
    person.name, person.language = typed["name"], typed["language"]
    person.participant_role = ParticipantRole(typed["participant_role"])
    person.domain = Domain(typed["domain"]) if typed["domain"] else None
    person.neighbourhood = typed["neighbourhood"]
    person.house_rules_version = typed["house_rules_version"]
    person.privacy_accepted_at = person.privacy_accepted_at or now
    answers = custom_questions.Answers(
        typed={UUID(question): given for question, given in typed["answers"].items()}
    )
    custom_questions.store(person.id, custom_questions.questions_of(edition), answers)
    if typed["needs"] or not person.has_account:  # what the confirmed owner entered stays
        custom_questions.store_needs(
            person.id, edition, needs=[Need(need) for need in typed["needs"]],
            note=typed["note"], phone=typed["phone"], now=now,
        )  # fmt: skip
    rights_changed(person.id)  # open pages use their name


def content_of(typed: Mapping[str, Any]) -> str:
    """Return a keyed hash that recognises the same form."""
    whole = json.dumps(typed, sort_keys=True).encode()
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), whole, "sha256").hex()
