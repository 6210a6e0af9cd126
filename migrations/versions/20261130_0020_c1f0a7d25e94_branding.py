"""create branding: what the event is called and looks like

Only adds a table: the release before goes on working beside it.

Revision: c1f0a7d25e94, after 7c1e5a90d3b8
"""

import sqlalchemy as sa
from alembic import op

revision = "c1f0a7d25e94"
down_revision = "7c1e5a90d3b8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "branding",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("tagline", sa.String(length=160), nullable=False),
        sa.Column("tagline_en", sa.String(length=160), nullable=False),
        sa.Column("contact_email", sa.String(length=200), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("second", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.String(length=32), nullable=False),
        sa.Column("logo_width", sa.Integer(), nullable=False),
        sa.Column("logo_height", sa.Integer(), nullable=False),
        sa.Column("logo_alt", sa.String(length=200), nullable=False),
        sa.Column("logo_has_name", sa.Boolean(), nullable=False),
        sa.Column("share_picture", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_branding_saved_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branding")),
        sa.UniqueConstraint("number", name=op.f("uq_branding_number")),
    )


def downgrade() -> None:
    op.drop_table("branding")
