"""Subscriptions of the live core: a form that is posted twice is claimed at the beginning of its transaction."""

from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.transaction import transaction_began
from dagvandebuurt.live import idempotency, privacy


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.old_operations],
        dissolve=[privacy.operations_go],
    )


transaction_began.subscribe(idempotency.claim)
personal_data.subscribe(kept_of_people)
