"""Phone numbers as people type them, to the one notation that a gateway takes (E.164)."""

import re
from typing import Any

from dagvandebuurt.sms.errors import NoMobileNumber, NumberCosts, NumberNotDutch

HERE, CODE = "NL", 31
LONGEST = 40


def mobile(typed: str) -> str:
    """Return the number as +31612345678. Raises NoMobileNumber, NumberNotDutch and NumberCosts.

    Read by the tables of libphonenumber, loaded when the first number is read: no page needs them.
    """
    import phonenumbers

    if len(typed) > LONGEST or re.search(r"[A-Za-z]", typed):
        raise NoMobileNumber
    try:
        found = phonenumbers.parse(typed.replace("(0)", ""), HERE)
    except phonenumbers.NumberParseException:
        raise NoMobileNumber from None
    if found.country_code != CODE:
        raise NumberNotDutch
    kind: Any = phonenumbers.number_type(found)
    kinds = phonenumbers.PhoneNumberType
    if kind in (kinds.PREMIUM_RATE, kinds.SHARED_COST):
        raise NumberCosts
    if found.extension or kind != kinds.MOBILE or not phonenumbers.is_valid_number(found):
        raise NoMobileNumber
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def shown(number: str) -> str:
    """Return the number as its owner knows it, without the middle: 06 •• •• •• 78."""
    return f"06 •• •• •• {number[-2:]}"
