"""keep Dutch stems in the search index, on both databases

The index is filled by `dagvandebuurt migrate` (or `reindex`) afterwards.

Revision: b3f08c6e51a7, after d4b7e1a95c36
"""

from alembic import op

revision = "b3f08c6e51a7"
down_revision = "d4b7e1a95c36"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    op.execute("DROP TABLE search_words")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(title, body, title_stems, body_stems,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        )
    else:
        op.execute(
            "CREATE TABLE search_words (rowid integer PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
            " title_stems text NOT NULL, body_stems text NOT NULL,"
            " found tsvector NOT NULL GENERATED ALWAYS AS ("
            "setweight(to_tsvector('simple', title || ' ' || title_stems), 'A')"
            " || setweight(to_tsvector('simple', body || ' ' || body_stems), 'D')) STORED)"
        )
        op.execute("CREATE INDEX ix_search_words_found ON search_words USING gin (found)")


def downgrade() -> None:
    op.execute("DROP TABLE search_words")
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
