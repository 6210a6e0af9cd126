"""Reading the titles of house rules: the reasons for hiding, the standard ones and the organiser's own."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import select

from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.people.errors import RuleGone
from dagvandebuurt.people.models import HouseRule, HouseRules
from dagvandebuurt.people.standard_house_rules import STANDARD, StandardRule

OWN = re.compile(r"own_([0-9]{1,6})")  # the code of a rule of the organiser's own
Titles = Mapping[str, tuple[str, str]]


def _titles_in_force() -> Titles:
    """Return the title of each rule in force, in Dutch and English, by code; read once for each request."""
    if has_request_context() and "house_rule_titles" in g:
        return g.house_rule_titles  # type: ignore[no-any-return]
    rows = db.session.execute(
        select(HouseRule.code, HouseRule.title, HouseRule.title_en)
        .where(
            HouseRule.house_rules_id
            == select(HouseRules.id)
            .where(HouseRules.effective_from <= clock.now())
            .order_by(HouseRules.version.desc())
            .limit(1)
            .scalar_subquery()
        )
        .order_by(HouseRule.position)
    ).all()
    found = {code: (title, title_en) for code, title, title_en in rows}
    if has_request_context():
        g.house_rule_titles = found
    return found


def own_titles_ever() -> Titles:
    """Return the title of each rule of the organiser's own that there ever was, as its newest version has
    it, by code.
    """
    if has_request_context() and "own_rule_titles" in g:
        return g.own_rule_titles  # type: ignore[no-any-return]
    rows = db.session.execute(
        select(HouseRule.code, HouseRule.title, HouseRule.title_en)
        .join(HouseRules, HouseRules.id == HouseRule.house_rules_id)
        .where(HouseRule.code.startswith("own_", autoescape=True))
        .order_by(HouseRules.version, HouseRule.position)
    ).all()
    found = {code: (title, title_en) for code, title, title_en in rows}
    if has_request_context():
        g.own_rule_titles = found
    return found


def is_own_in_force(code: str, now: datetime) -> bool:
    """Return whether this code is that of a rule of the organiser's own that holds now."""
    newest = select(HouseRules.id).where(HouseRules.effective_from <= now)
    newest = newest.order_by(HouseRules.version.desc()).limit(1)
    found = select(HouseRule.id).where(
        HouseRule.house_rules_id == newest.scalar_subquery(), HouseRule.code == code
    )
    return OWN.fullmatch(code) is not None and db.session.scalar(found) is not None


def require_reason(code: str, now: datetime) -> None:
    """Raise RuleGone for a rule of the organiser's own that does not hold now."""
    if OWN.fullmatch(code) and not is_own_in_force(code, now):
        raise RuleGone


def _spoken(titles: tuple[str, str]) -> str:
    title, title_en = titles
    return (title_en if i18n.language() == "en" and title_en else title) or ""


class RuleTitle:
    """The title of a house rule as it is published now, in the reader's language, looked up when shown. A rule
    that was removed has the title that it had last: old decisions go on naming it.
    """

    def __init__(self, code: str, standard: Any = "") -> None:
        self._code, self._standard = code, standard

    def __str__(self) -> str:
        in_force = _titles_in_force().get(self._code)
        if in_force is None and not self._standard:
            in_force = own_titles_ever().get(self._code)
        return _spoken(in_force or ("", "")) or str(self._standard)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._code)


def _standard_title(rule: StandardRule) -> RuleTitle:
    return RuleTitle(rule.code, rule.title)


# The words for each standard reason that a moderator gives: the title of the rule that was broken.
RULE_TITLES: dict[str, Any] = {rule.code: _standard_title(rule) for rule in STANDARD}


class ReasonWords(Mapping[str, Any]):
    """Words for the reasons to hide something, by code. Its entries are the reasons that can be chosen now:
    `standard`, and the organiser's own rules in force. One that was removed is found, but no entry.
    """

    def __init__(self, standard: Mapping[str, Any], last: Mapping[str, Any] | None = None) -> None:
        self._standard, self._last = dict(standard), dict(last or {})

    def __getitem__(self, code: str) -> Any:
        if code in self._standard:
            return self._standard[code]
        if code in self._last:
            return self._last[code]
        if not isinstance(code, str) or not OWN.fullmatch(code):
            raise KeyError(code)
        return RuleTitle(code)

    def __iter__(self) -> Iterator[str]:
        yield from self._standard
        yield from (code for code in _titles_in_force() if OWN.fullmatch(code))
        yield from self._last

    def __len__(self) -> int:
        return len(list(iter(self)))
