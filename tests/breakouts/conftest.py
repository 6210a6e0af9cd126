"""Fixtures of the tables: the address of a session, and the desk of its moderator."""

import pytest


@pytest.fixture
def room(session):
    return f"/sessies/{session.slug}"


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def desk(make, jolien):
    return make.browser(jolien)
