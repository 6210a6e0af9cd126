"""Model base and column types. Plain SQLAlchemy: models import no Flask."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Enum, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry


class UtcDateTime(TypeDecorator[datetime]):
    """Timestamp column: aware datetimes in, UTC datetimes out, on every database.

    Raises ValueError for a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores the values of enum `kind` as readable text.

    Without a CHECK constraint: on SQLite a new value would mean rewriting the table.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda enum: [member.value for member in enum],
        validate_strings=True,
    )


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: JSON(), list[str]: JSON()},
    )


class Entity(Base):
    """Base of rows with a random id, which exists before the row is stored.

    It reveals nothing about when or by whom a row was made.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", uuid4())
        super().__init__(**values)


def owner(kind: str) -> dict[str, str]:
    """Mark a foreign key to the person whose row this is, although the row stays when they are erased: their
    texts and actions are part of their data export."""
    return {"personal": kind, "owner": "yes"}


def personal(kind: str, *, of_another: bool = False) -> dict[str, str]:
    """Mark a column as personal data: `mapped_column(info=personal("account"))`.

    `kind` is a line of the retention table, which says how long it is kept (AVG article 5, 1e). `of_another`
    marks data about somebody other than the row's owner, such as who decided on their report.
    """
    return {"personal": kind, "another": "yes"} if of_another else {"personal": kind}
