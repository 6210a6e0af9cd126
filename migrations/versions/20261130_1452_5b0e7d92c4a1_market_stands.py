"""market: stands, their pictures and papers, and who is there

Revision: 5b0e7d92c4a1, after d2f6a84c1b97
"""

import sqlalchemy as sa
from alembic import op

revision = "5b0e7d92c4a1"
down_revision = "d2f6a84c1b97"
branch_labels = None
depends_on = None
additive = True

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "market_stand",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=90), nullable=False),
        sa.Column("title", sa.String(length=1920), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("initiative_id", sa.Uuid(), nullable=True),
        sa.Column("film_url", sa.String(length=300), nullable=False),
        sa.Column("film_said", sa.Text(), nullable=False),
        sa.Column("talk_url", sa.String(length=300), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_market_stand_closes_after_opening")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_market_stand_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_market_stand_initiative_id_initiative"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_stand")),
        sa.UniqueConstraint("slug", name=op.f("uq_market_stand_slug")),
    )
    op.create_index(op.f("ix_market_stand_edition_id"), "market_stand", ["edition_id"])
    op.create_index(op.f("ix_market_stand_initiative_id"), "market_stand", ["initiative_id"])
    for name, columns in (
        (
            "market_picture",
            [
                sa.Column("name", sa.String(length=32), nullable=False),
                sa.Column("width", sa.Integer(), nullable=False),
                sa.Column("height", sa.Integer(), nullable=False),
                sa.Column("alt", sa.String(length=4800), nullable=False),
            ],
        ),
        (
            "market_paper",
            [
                sa.Column("title", sa.String(length=1920), nullable=False),
                sa.Column("url", sa.String(length=300), nullable=False),
            ],
        ),
    ):
        op.create_table(
            name,
            sa.Column("stand_id", sa.Uuid(), nullable=False),
            *columns,
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.ForeignKeyConstraint(
                ["stand_id"],
                ["market_stand.id"],
                name=op.f(f"fk_{name}_stand_id_market_stand"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_stand_id"), name, ["stand_id"])
    op.create_table(
        "market_presence",
        sa.Column("stand_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_market_presence_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"],
            ["market_stand.id"],
            name=op.f("fk_market_presence_stand_id_market_stand"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("stand_id", "person_id", name=op.f("pk_market_presence")),
    )
    op.create_index(op.f("ix_market_presence_person_id"), "market_presence", ["person_id"])


def downgrade() -> None:
    for name in ("market_presence", "market_paper", "market_picture", "market_stand"):
        op.drop_table(name)
