"""Loader of the market: stands of good examples, open all day."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.demo.rows import add
from dagvandebuurt.market.models import MarketPaper, MarketPresence, MarketStand
from dagvandebuurt.parts.stage import demo_film
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.wijkwijzer.models import Initiative


def load_stands(content: Content, now: datetime) -> None:
    """Load what is missing."""
    edition = db.session.get_one(Edition, id_of("edition"))
    for row in content["stands"]:
        is_new = add(
            MarketStand,
            row["id"],
            edition_id=edition.id,
            slug=row["slug"],
            title=db.session.get_one(Initiative, id_of(row["initiative"])).title,
            about=row["about"],
            initiative_id=id_of(row["initiative"]),
            film_url=demo_film.ADDRESS if row.get("film") else "",
            film_said=row.get("film_said", ""),
            opens_at=edition.starts_at,
            closes_at=edition.ends_at,
            made_at=now,
            changed_at=now,
        )
        if not is_new:
            continue
        db.session.flush()
        for position, paper in enumerate(row["papers"], start=1):
            add(MarketPaper, f"{row['id']} {position}", stand_id=id_of(row["id"]), position=position, **paper)
        for account in row.get("there", []):
            db.session.add(
                MarketPresence(stand_id=id_of(row["id"]), person_id=id_of(account), until=edition.ends_at)
            )
