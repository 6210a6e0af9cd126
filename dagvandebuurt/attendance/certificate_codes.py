"""Certificate codes: how they are made, written and parsed."""

# Crockford's base 32: no I, L, O or U, against errors in reading and typing.
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 12  # 60 bits: not guessable
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_as_typed(typed: str | None) -> str | None:
    """Parse a code in any notation; None if it cannot be one."""
    signs = "".join(sign for sign in (typed or "").upper() if sign not in " -.\u00a0").translate(_MEANT)
    return signs if len(signs) == CODE_LETTERS and set(signs) <= set(CODE_SIGNS) else None


def in_groups(code: str) -> str:
    """Format a code for people: `7K2M-XQ4T-90BD`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
