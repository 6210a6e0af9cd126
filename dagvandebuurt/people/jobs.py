"""What the night does: what was kept long enough goes."""

import logging

from flask import Flask

from dagvandebuurt.core import clock, retention
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.jobs import beat, job
from dagvandebuurt.people import forgetting, merging

logger = logging.getLogger(__name__)


@job("tidy", lane="slow", hour="3", minute="30")
def tidy(app: Flask) -> dict[str, int]:
    """Do what the retention table says. How many of each kind went; running it twice finds nothing more.

    Each line in a transaction of its own: one that fails is logged, and holds up no other.
    """
    went: dict[str, int] = {}
    with app.app_context():
        now = clock.now()
        for line in retention.table():
            if line.tidy is None:
                continue
            beat()
            try:
                with transaction():
                    went[line.kind] = line.tidy(retention.over(line, now))
            except Exception:
                logger.exception("what is kept as %s could not be tidied", line.kind)
                app.extensions["jobs"].count_failure("tidy")
        with transaction():
            went["forgotten again"] = forgetting.forget_again(now=now)
        logger.info("tidied: %s", {kind: count for kind, count in went.items() if count})
        live().tell()
    return went | {"shells": throw_shells_away(app)}


@job("throw_shells_away", lane="slow", minute="7")
def throw_shells_away(app: Flask) -> int:
    """Remove the last row of who was deleted an hour ago."""
    with app.app_context():
        with transaction():
            gone = forgetting.throw_shells_away(now=clock.now())
        forgetting.empty_the_log()
    return gone


@job("sweep_merged", minute="*")
def sweep_merged(app: Flask) -> int:
    """Move what was still under way for a guest when they became one with their account."""
    with app.app_context():
        with transaction():
            count = merging.sweep(now=clock.now())
        if count:
            live().tell()
    return count
