"""Detection of demo data, so that a real service never serves its invented people.

Here and not in `demo`, which the server does not import.
"""

from uuid import UUID

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.people.models import Person

# Of people in the content file of the demo: `u-beheer`, and those behind the three large buttons of its login page.
DEMO_ADMIN_ID = UUID("4dd2dcd9-1114-5d0b-ad19-482b5bb9fd77")
DEMO_DOORS = {
    "resident": UUID("a8e16198-7bae-5395-befd-05ec3da575a8"),  # u-deelnemer3
    "host": UUID("99b0b70f-a906-568b-a4d0-247db7e9b342"),  # u-gastheer
    "organiser": UUID("f41f0e85-3acd-503b-b940-014bc4a1626f"),  # u-organisator
}


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
