"""Nightly jobs: retention, erasure, and the merging of guests."""

import logging

from flask import Flask

from dagvandebuurt.core import clock, retention
from dagvandebuurt.core.personal_data import retention_table
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.jobs import beat, job
from dagvandebuurt.people import letters
from dagvandebuurt.people.lifecycle import account_merging, account_retention, erasure

logger = logging.getLogger(__name__)


@job("tidy", lane="slow", hour="3", minute="30")
def tidy(app: Flask) -> dict[str, int]:
    """Apply the retention rules; return how many of each kind expired. Idempotent.

    Each rule in a transaction of its own: a failing one is logged, and holds up no other.
    """
    went: dict[str, int] = {}
    with app.app_context():
        now = clock.now()
        for line in retention_table():
            if line.tidy is None:
                continue
            beat()
            try:
                before = retention.over(line, now)
                if line.in_pieces:
                    went[line.kind] = line.tidy(before)
                else:
                    with transaction():
                        went[line.kind] = line.tidy(before)
            except Exception:
                logger.exception("what is kept as %s could not be tidied", line.kind)
                app.extensions["jobs"].count_failure("tidy")
        went["forgotten again"] = erasure.erase_again()
        logger.info("tidied: %s", {kind: count for kind, count in went.items() if count})
        live().tell()
    return went | {"shells": delete_tombstones(app)}


@job("throw_shells_away", lane="slow", minute="7")
def delete_tombstones(app: Flask) -> int:
    """Delete the last row of people who were erased an hour ago."""
    with app.app_context():
        gone = erasure.delete_tombstones()
        erasure.checkpoint_log()
    return gone


@job("warn", lane="slow", hour="3", minute="5")
def warn(app: Flask) -> dict[str, int]:
    """Send the yearly question and the warning two weeks before an account is deleted; return how many of
    each. Idempotent."""
    with app.app_context():
        asked = erasure.each_in_batches(
            lambda: account_retention.to_ask(now=clock.now()), letters.ask_to_stay
        )
        warned = erasure.each_in_batches(
            lambda: account_retention.to_warn(now=clock.now()), letters.warn_of_the_end
        )
    return {"asked": asked, "warned": warned}


@job("forget_on", lane="slow", hour="3-5", minute="*")
def continue_erasure(app: Flask) -> int:
    """Continue the night's erasures: sixteen thousand accounts take many short runs, and mail is sent
    between them."""
    with app.app_context():
        gone = erasure.erase_in_batches(lambda: account_retention.to_delete(now=clock.now()))
        gone += erasure.delete_tombstones()
        if gone:
            live().tell()
    return gone


@job("sweep_merged", minute="*")
def sweep_merged(app: Flask) -> int:
    """Move what was still being written for a guest when they were merged into their account."""
    with app.app_context():
        with transaction():
            count = account_merging.sweep(now=clock.now())
        if count:
            live().tell()
    return count
