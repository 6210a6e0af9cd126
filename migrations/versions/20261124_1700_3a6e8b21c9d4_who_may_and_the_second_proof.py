"""invitations, the second proof, accounts that were stopped

Revision: 3a6e8b21c9d4, after e91d4c7f2a36
"""

import sqlalchemy as sa
from alembic import op

revision = "3a6e8b21c9d4"
down_revision = "e91d4c7f2a36"
branch_labels = None
depends_on = None
additive = True

ROLES = (
    "supporter", "host", "moderator", "editor", "publisher", "org_contact", "learning_coordinator",
    "organiser", "admin",
)


def _person(table: str, column: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_person")
    return sa.ForeignKeyConstraint([column], ["person.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("suspended_reason", sa.String(length=300)))
    with op.batch_alter_table("login_session") as table:
        table.add_column(sa.Column("proven_at", sa.DateTime(timezone=True)))
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _person("second_factor", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person("recovery_code", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recovery_code_token_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="role", native_enum=False, length=32), nullable=False),
        sa.Column("scope_id", sa.Uuid()),
        sa.Column("invited_by_id", sa.Uuid()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person("invitation", "invited_by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "access_change",
        sa.Column("person_id", sa.Uuid()),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("scope_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person("access_change", "person_id", "SET NULL"),
        _person("access_change", "by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_change")),
    )
    op.create_index(op.f("ix_access_change_person_id"), "access_change", ["person_id"])
    op.create_index(op.f("ix_access_change_at"), "access_change", ["at"])


def downgrade() -> None:
    for name in ("access_change", "invitation", "recovery_code", "second_factor"):
        op.drop_table(name)
    with op.batch_alter_table("login_session") as table:
        table.drop_column("proven_at")
    with op.batch_alter_table("person") as table:
        table.drop_column("suspended_reason")
        table.drop_column("suspended_at")
