"""cards with which people without e-mail come in

Revision: 8c42e6d0f915, after 06d1c9be2f47
"""

import sqlalchemy as sa
from alembic import op

revision = "8c42e6d0f915"
down_revision = "06d1c9be2f47"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "entry_card",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid()),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("link_print", sa.String(length=32), nullable=False),
        sa.Column("number_print", sa.String(length=32), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_entry_card_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_entry_card_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["person.id"], name=op.f("fk_entry_card_helper_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_card")),
        sa.UniqueConstraint("person_id", name=op.f("uq_entry_card_person_id")),
        sa.UniqueConstraint("link_print", name=op.f("uq_entry_card_link_print")),
        sa.UniqueConstraint("number_print", name=op.f("uq_entry_card_number_print")),
    )
    op.create_index(op.f("ix_entry_card_helper_id"), "entry_card", ["helper_id"])


def downgrade() -> None:
    op.drop_table("entry_card")
