"""Fixtures of branding: an event with another name."""

import pytest

from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.branding import queries, rules
from dagvandebuurt.parts.branding.queries import Look

NAME, SHORT = "Buurtfeest Rivierenwijk", "Rivierenfeest"


@pytest.fixture
def call_it(app, make, now):
    """Save a branding, as an organiser would."""
    organiser = make.identity("Roos", roles=["organiser"])

    def save(**values):
        with make.context(), transaction():
            before = queries.newest()
            look = Look(**{"name": NAME, "short_name": SHORT} | values)
            rules.save(organiser, before, look=look, seen=before.number if before else 0, now=now)

    return save
