"""programmes that are drafted and published as versions, places, and what exchange files say

Revision: a1c6f0e83b57, after 5d0b7e94a1f8
"""

import sqlalchemy as sa
from alembic import op

revision = "a1c6f0e83b57"
down_revision = "5d0b7e94a1f8"
branch_labels = None
depends_on = None
additive = False

EXCHANGED = ("edition", "theme", "speaker", "programme_session")


def _exchange() -> sa.Column:
    return sa.Column("exchange", sa.JSON(), nullable=False, server_default="{}")


def _reference(table: str, column: str, target: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "venue",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind", sa.Enum("online", "location", name="venuekind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("address", sa.String(length=200)),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
        _exchange(),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("venue", "edition_id", "edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_venue_edition_id_name")),
    )
    op.create_table(
        "programme_draft",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid()),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("programme_draft", "edition_id", "edition", "CASCADE"),
        _reference("programme_draft", "changed_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_draft")),
        sa.UniqueConstraint(
            "edition_id", "kind", "thing_id", name=op.f("uq_programme_draft_edition_id_kind_thing_id")
        ),
    )
    op.create_table(
        "programme_release",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Uuid()),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("programme_release", "edition_id", "edition", "CASCADE"),
        _reference("programme_release", "published_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_release")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_programme_release_edition_id_number")),
    )
    for table in EXCHANGED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(_exchange())
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("about", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("website", sa.String(length=300)))
    with op.batch_alter_table("programme_session") as batch:
        batch.add_column(sa.Column("subtitle", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("kind_label", sa.String(length=80)))
        batch.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default='["nl"]'))
        batch.add_column(sa.Column("interpreters", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("venue_id", sa.Uuid()))
        batch.create_foreign_key(op.f("fk_programme_session_venue_id"), "venue", ["venue_id"], ["id"])
        batch.create_index(op.f("ix_programme_session_venue_id"), ["venue_id"])
        batch.alter_column("summary", type_=sa.Text(), existing_type=sa.String(length=300), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("programme_session") as batch:
        batch.alter_column("summary", type_=sa.String(length=300), existing_type=sa.Text(), existing_nullable=False)
        batch.drop_index(op.f("ix_programme_session_venue_id"))
        batch.drop_constraint(op.f("fk_programme_session_venue_id"), type_="foreignkey")
        for column in ("venue_id", "interpreters", "languages", "kind_label", "subtitle"):
            batch.drop_column(column)
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("website")
        batch.drop_column("about")
    for table in EXCHANGED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("exchange")
    for name in ("programme_release", "programme_draft", "venue"):
        op.drop_table(name)
