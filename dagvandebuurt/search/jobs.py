"""What the night does: the index is compared with what is true, and mended."""

import logging

from flask import Flask

from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import job

logger = logging.getLogger(__name__)


@job("reindex", lane="slow", hour="4", minute="10")
def reindex(app: Flask) -> dict[str, int]:
    """Kind → how many entries were not as they should be. Running it twice finds nothing more."""
    with app.app_context():
        with transaction():
            mended = index.rebuild()
        if any(mended.values()):
            logger.warning("the search was mended: %s", mended)
    return mended
