"""Nightly job that compares the search index with the truth and repairs it."""

import logging

from flask import Flask

from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import job

logger = logging.getLogger(__name__)


@job("reindex", lane="slow", hour="4", minute="10")
def reindex(app: Flask) -> dict[str, int]:
    """Repair the index; return the number of wrong entries per kind. Idempotent."""
    with app.app_context():
        with transaction():
            mended = index.rebuild()
        if any(mended.values()):
            logger.warning("the search was mended: %s", mended)
    return mended
