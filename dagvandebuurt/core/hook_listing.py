"""Listings of the declared hooks: for a terminal, and as the page `docs/hooks.md`."""

import re
from itertools import groupby

from dagvandebuurt.core.hooks import Hook, declared

HEAD = """# Hooks

How a section lets the sections above it take part in what it does. Written by `dagvandebuurt hooks --markdown` from
the declarations; a test holds it. `core/hooks.py` says how a hook is declared, subscribed to and called.
"""


def as_text() -> str:
    """Say of each hook who hears it, a line each."""
    return "\n".join(
        line
        for each in declared()
        for line in (
            f"{each.section}.{each.name} ({each.runs})",
            *(f"    {who}" for who in subscribers(each)),
        )
    )


def as_markdown() -> str:
    """Write the page: name, signature, moment, meaning and subscribers of each hook."""
    parts = [HEAD]
    for section, hooks in groupby(declared(), key=lambda each: each.section):
        parts.append(f"## {section}\n")
        parts += [_described(each) for each in hooks]
    return "\n".join(parts)


def subscribers(each: Hook[..., object]) -> list[str]:
    """Name who hears a hook, in the order in which they are called."""
    return [f"{_module(who)}.{who.__name__}" for who in each.subscribers]


def _described(each: Hook[..., object]) -> str:
    heard = ", ".join(f"`{who}`" for who in subscribers(each)) or "nobody"
    number = "" if each.many else ", one subscriber"
    return (
        f"### {each.name}\n\n`{each.name}{_signature(each)}`, {each.runs}{number}\n\n"
        f"{' '.join(each.doc.split())}\n\nHeard by: {heard}\n"
    )


def _signature(each: Hook[..., object]) -> str:
    """Write the signature with the bare names of types."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(each.signature))


def _module(who: object) -> str:
    return str(getattr(who, "__module__", "")).removeprefix("dagvandebuurt.")
