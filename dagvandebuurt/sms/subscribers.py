"""What SMS does at the hooks of other sections."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.parts.mail.hooks import ShownSms, sms_of_the_demo
from dagvandebuurt.people.hooks import PageSection, PersonalPage, personal_page_sections
from dagvandebuurt.sms import account_merging, privacy
from dagvandebuurt.sms.availability import edition_to_text
from dagvandebuurt.sms.models import SmsNumber
from dagvandebuurt.sms.phone_numbers import shown
from dagvandebuurt.sms.queries import newest, number_of_person
from dagvandebuurt.sms.sealing import number_of

NEWEST = 100


def my_number(actor: Any) -> Mapping[str, Any] | None:
    """Return the panel of one's number; None where this site sends no SMS."""
    edition = edition_to_text()
    if edition is None:
        return None
    row = number_of_person(actor.id, edition)
    number = number_of(row) if row is not None else None
    return {"row": row, "shown": shown(number) if number else ""}


def my_sections() -> list[PageSection]:
    return [PageSection("sms/_my_number.html", 10, my_number, PersonalPage.MAIL)]


def messages_of_the_demo() -> Sequence[ShownSms]:
    """Return the newest messages, for the mailbox of the demo."""
    found = []
    for message in newest(NEWEST):
        row = db.session.get(SmsNumber, message.number_id)
        number = number_of(row) if row is not None else None
        found.append(ShownSms(number or "", message.text, message.parts, message.made_at))
    return found


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.numbers_of_a_day_that_is_over],
        dissolve=[privacy.numbers_go],
        export={"sms_message": privacy.my_messages},
        export_instead={"sms_number": privacy.my_numbers},
        merge=[account_merging.the_proven_number_stays],
    )


personal_page_sections.subscribe(my_sections)
sms_of_the_demo.subscribe(messages_of_the_demo)
personal_data.subscribe(kept_of_people)
