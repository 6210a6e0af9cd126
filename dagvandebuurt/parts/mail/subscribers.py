"""Subscriptions of mail: the personal data that is kept here."""

from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.parts.mail import privacy


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.old_mail],
        dissolve=[privacy.mail_goes],
    )


personal_data.subscribe(kept_of_people)
