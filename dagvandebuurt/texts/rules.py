"""Commands on the texts of the site."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import HouseRules
from dagvandebuurt.people.queries import own_titles_ever
from dagvandebuurt.people.rules import follow_house_rules
from dagvandebuurt.texts.errors import TextWrittenMeanwhile
from dagvandebuurt.texts.models import SiteTextVersion
from dagvandebuurt.texts.permissions import TextPermission
from dagvandebuurt.texts.queries import newest
from dagvandebuurt.texts.site_pages import SitePage, standard_of

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@command(needs=TextPermission.WRITE)
def save_text(actor: Actor, page: SitePage, *, values: Mapping[str, str], seen: int, now: datetime) -> bool:
    """Publish this text of the page; False when it is the present one. Only what differs from the standard
    text is stored, so that the rest follows later releases.

    Raises TextWrittenMeanwhile when there is a newer version than `seen`.
    """
    content = {key: values[key] for key, text in standard_of(page).items() if values[key] != text}
    current = newest(page)
    if content == (current.content if current else {}):
        return False
    _add(actor, page, current, content=content, seen=seen, now=now)
    return True


def _add(
    actor: Actor,
    page: SitePage,
    current: SiteTextVersion | None,
    *,
    content: Mapping[str, str],
    seen: int,
    now: datetime,
    from_number: int | None = None,
) -> None:
    if seen != (current.number if current else 0):
        raise TextWrittenMeanwhile
    insert = _INSERT[db.engine.dialect.name](SiteTextVersion)
    made = db.session.scalar(
        insert.values(
            id=uuid4(),
            page=page.code,
            number=seen + 1,
            content=dict(content),
            from_number=from_number,
            made_at=now,
            made_by_id=actor.id,
        )
        .on_conflict_do_nothing(index_elements=["page", "number"])
        .returning(SiteTextVersion.id)
    )
    if made is None:  # two at the same instant
        raise TextWrittenMeanwhile


@command(needs=TextPermission.WRITE)
def put_back(
    actor: Actor, page: SitePage, version: SiteTextVersion | None, *, seen: int, now: datetime
) -> None:
    """Publish an older version again, as a new one; None is the standard text.

    Raises TextWrittenMeanwhile when there is a newer version than `seen`.
    """
    content = version.content if version else {}
    number = version.number if version else 0
    _add(actor, page, newest(page), content=content, seen=seen, now=now, from_number=number)


@command(needs=TextPermission.WRITE)
def publish_rules(actor: Actor, rules: HouseRules, *, seen: int, now: datetime) -> int:
    """Publish a new version of the house rules and return its number.

    Each rule of the organiser's own gets a code that stands for its title alone, for good: people who were told of
    it reads it as it was, whatever stands in its place later. Raises TextWrittenMeanwhile when there is a newer
    version than `seen`.
    """
    codes = {title: code for code, (title, _title_en) in own_titles_ever().items()}
    last = max((int(code.removeprefix("own_")) for code in codes.values()), default=0)
    for rule in rules.rules:
        if not rule.code.startswith("own_"):
            continue
        if rule.title not in codes:
            last += 1
            codes[rule.title] = f"own_{last}"
        rule.code = codes[rule.title]
    rules.made_at, rules.made_by_id = now, actor.id
    if not follow_house_rules(rules, seen=seen, now=now):
        raise TextWrittenMeanwhile
    return rules.version
