"""The demo congress of a test: loaded once for each file of tests, and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from dagvandebuurt import demo
from dagvandebuurt.demo.content import Content
from tests.conftest import test_settings
from tests.houses import house


@pytest.fixture(scope="module")
def loaded(tables, tmp_path_factory) -> Path:
    """A folder with the database and the keys of a demo that was just loaded."""
    folder = tmp_path_factory.mktemp("congress")
    shutil.copy(tables, folder)
    with house(test_settings(folder, DVB_DEMO="1")) as app, app.app_context():
        demo.open_the_day()
    return folder


@pytest.fixture
def congress(request, app, tmp_path) -> Flask:
    """An app that has it loaded. No context is open."""
    if request.config.getoption("--on-postgres"):
        with app.app_context():
            demo.open_the_day()
    else:
        shutil.copytree(request.getfixturevalue("loaded"), tmp_path, dirs_exist_ok=True)
    return app


@pytest.fixture
def opened(congress) -> Iterator[Content]:
    """The content file, in the context of an app that has it loaded."""
    with congress.app_context():
        yield Content.read()
