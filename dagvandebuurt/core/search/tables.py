"""Search tables: public documents, their words, and the vocabulary for spelling correction.

`search_words` has the type of each database (`dialects`) but the same columns, so that it is written alike.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Engine, ForeignKey, Integer, String, Table, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base
from dagvandebuurt.core.search import dialects


class SearchEntry(Base):
    """Indexed document, with what a result shows and its facet values.

    `themes`, `places` and `organisations` hold names, one per line. `print` is a fingerprint that tells
    whether the document changed since it was indexed.
    """

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "thing_id"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID]
    print: Mapped[str] = mapped_column(String(32))
    year: Mapped[int | None]
    themes: Mapped[str] = mapped_column(Text)
    places: Mapped[str] = mapped_column(Text)
    organisations: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    link: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class SearchVocabulary(Base):
    """Word of the public texts with its document count, for spelling correction."""

    __tablename__ = "search_vocabulary"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    entries: Mapped[int]


class SearchNear(Base):
    """Deletion variant of a vocabulary word, by which it is found with one letter wrong."""

    __tablename__ = "search_near"

    piece: Mapped[str] = mapped_column(String(8), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(40), ForeignKey("search_vocabulary.word", ondelete="CASCADE"), primary_key=True, index=True
    )


ENTRY = cast(Table, SearchEntry.__table__)
VOCABULARY = cast(Table, SearchVocabulary.__table__)
NEAR = cast(Table, SearchNear.__table__)


@event.listens_for(ENTRY, "after_create")
def _make_words(_table: Table, connection: Any, **_more: Any) -> None:
    for statement in dialects.of(connection.dialect.name).make:
        connection.exec_driver_sql(statement)


@event.listens_for(ENTRY, "before_drop")
def _drop_words(_table: Table, connection: Any, **_more: Any) -> None:
    connection.exec_driver_sql("DROP TABLE IF EXISTS search_words")


def dialect_of(engine: Engine) -> dialects.FullText:
    return dialects.of(engine.dialect.name)
