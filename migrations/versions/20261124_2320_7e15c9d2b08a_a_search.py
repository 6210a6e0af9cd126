"""one search over everything that is public

Revision: 7e15c9d2b08a, after 6f2e8ba5d4c1
"""

import sqlalchemy as sa
from alembic import op

revision = "7e15c9d2b08a"
down_revision = "6f2e8ba5d4c1"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("print", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("organisations", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link", sa.JSON(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_search_entry_kind_thing_id")),
    )
    op.create_table(
        "search_vocabulary",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_vocabulary")),
    )
    op.create_table(
        "search_near",
        sa.Column("piece", sa.String(length=8), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["word"], ["search_vocabulary.word"], name=op.f("fk_search_near_word"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("piece", "word", name=op.f("pk_search_near")),
    )
    op.create_index(op.f("ix_search_near_word"), "search_near", ["word"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "title, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        )
    else:
        op.execute(
            "CREATE TABLE search_words (rowid integer PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
            " found tsvector NOT NULL GENERATED ALWAYS AS (setweight(to_tsvector('dutch', title), 'A')"
            " || setweight(to_tsvector('dutch', body), 'D')) STORED)"
        )
        op.execute("CREATE INDEX ix_search_words_found ON search_words USING gin (found)")


def downgrade() -> None:
    op.execute("DROP TABLE search_words")
    op.drop_table("search_near")
    op.drop_table("search_vocabulary")
    op.drop_table("search_entry")
