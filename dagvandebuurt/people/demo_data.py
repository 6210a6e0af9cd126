"""Detection of demo data, so that a real service never serves its invented people.

Here and not in `demo`, which the server does not import.
"""

from uuid import UUID

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.people.models import Person

DEMO_ADMIN_ID = UUID("4dd2dcd9-1114-5d0b-ad19-482b5bb9fd77")  # of `u-beheer` in the content file of the demo


def holds_the_demo(database_url: str) -> bool:
    """Tell whether the demo filled a database: its administrator exists. False when it cannot be read (yet)."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            found = connection.execute(select(Person.id).where(Person.id == DEMO_ADMIN_ID)).first()
            return found is not None
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
