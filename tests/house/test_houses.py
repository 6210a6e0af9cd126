"""Test isolation: no test sees data of another."""

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import OperationalError

from dagvandebuurt.core.models import Base
from tests.conftest import test_settings as settings_of
from tests.factories import Factory
from tests.houses import empty_tables, house, make_tables


def filled(url):
    """The tables that are not empty."""
    engine = create_engine(url)
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return {name for name, count in counts.items() if count}


def test_a_reused_test_database_is_empty_and_unconnected(postgres, tmp_path):
    settings = settings_of(tmp_path, DATABASE_URL=postgres)
    make_tables(settings)
    with house(settings) as app:
        make = Factory(app)
        make.question(make.session(), make.identity("Noor"))
        assert {"person", "question", "programme_session"} <= filled(postgres)
        left = create_engine(postgres)
        with left.connect() as connection:
            connection.exec_driver_sql("UPDATE person SET name = 'Sjaan'")  # and never says how it ends

            empty_tables(postgres)

            with pytest.raises(OperationalError):
                connection.exec_driver_sql("SELECT 1")
        left.dispose()
    assert filled(postgres) == set()
