"""Hint for a mistyped mail address: `gmial.com` is nearly always `gmail.com`. It never refuses an address.

No look-up anywhere: a short list of the domains that most people have, and how many typing mistakes away one is.
"""

# Also the ones that look mistyped beside a larger one: an address at ymail.com or live.com gets no hint.
DOMAINS = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "outlook.com", "outlook.nl", "live.com", "live.nl",
    "icloud.com", "me.com", "mac.com", "msn.com", "yahoo.com", "yahoo.nl", "ymail.com", "mail.com", "gmx.com", "gmx.net",
    "gmx.nl", "proton.me", "protonmail.com", "kpnmail.nl", "kpnplanet.nl", "planet.nl", "hetnet.nl", "home.nl",
    "ziggo.nl", "casema.nl", "chello.nl", "quicknet.nl", "upcmail.nl", "xs4all.nl", "caiway.nl", "zeelandnet.nl",
    "telfort.nl", "tele2.nl", "online.nl", "solcon.nl", "freedom.nl",
)  # fmt: skip
MISTAKES = 1  # in a short domain two make another word
LONG, MISTAKES_IN_LONG = 8, 2


def meant(address: str) -> str | None:
    """Return the address that was probably meant, or None when nothing looks mistyped."""
    name, at, domain = address.strip().rpartition("@")
    domain = domain.casefold().rstrip(".")
    if not (name and at and domain) or domain in DOMAINS:
        return None
    found = [(mistakes_between(domain, each), each) for each in DOMAINS]
    fewest, nearest = min(found, key=lambda each: each[0])
    return f"{name}@{nearest}" if fewest <= _allowed(nearest) else None


def _allowed(domain: str) -> int:
    return MISTAKES_IN_LONG if len(domain) > LONG else MISTAKES


def mistakes_between(typed: str, right: str) -> int:
    """Return how many letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    if abs(len(typed) - len(right)) > MISTAKES_IN_LONG:
        return MISTAKES_IN_LONG + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(typed, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == right[column - 2] and typed[row - 2] == other
            line.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, above = above, line
    return above[-1]
