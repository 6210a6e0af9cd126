"""place.name_key: what a place is found by, with an index

Revision: e4b7a1c95d36, after c91e5d7a40b8
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "e4b7a1c95d36"
down_revision = "c91e5d7a40b8"
branch_labels = None
depends_on = None
additive = True

_NUMBERED = re.compile(r"^(?:wijk|buurt) \d+ (?=\S)")


def upgrade() -> None:
    kind = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    op.add_column("place", sa.Column("name_key", kind, server_default="", nullable=False))
    op.create_index("ix_place_name_key", "place", ["name_key"])
    place = sa.table("place", sa.column("id", sa.Uuid()), sa.column("name"), sa.column("name_key"))
    connection = op.get_bind()
    rows = [
        {"its_id": each.id, "its_key": _key(each.name)}
        for each in connection.execute(sa.select(place.c.id, place.c.name))
    ]
    if rows:
        change = place.update().where(place.c.id == sa.bindparam("its_id"))
        connection.execute(change.values(name_key=sa.bindparam("its_key")), rows)


def _key(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in bare if not unicodedata.combining(each))
    words = " ".join(re.split(r"[\W_]+", bare.replace("'", "").replace("\u2019", ""))).strip()
    return (_NUMBERED.sub("", words) or bare.strip())[:160]


def downgrade() -> None:
    op.drop_index("ix_place_name_key", "place")
    op.drop_column("place", "name_key")
