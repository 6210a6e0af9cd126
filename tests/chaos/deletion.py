"""Erasure under load: thousands of inactive accounts are erased while people read and ask.

Part of `make chaos`. The figures are ratios to an idle period of the same run. `DVB_ACCOUNTS` says how many
(2,000).
"""

import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, insert, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.lifecycle import account_retention, erasure
from dagvandebuurt.people.models import ParticipantRole, Person
from tests.chaos.edge import LEAST_QUIET, a_house, measured, p95
from tests.visitors import visitors

ACCOUNTS = int(os.environ.get("DVB_ACCOUNTS", "2000"))
MOST_TIMES = 5.0  # p95 during erasure, beside idle: SQLite has one writer, and each batch takes its turn
LONGEST = 2.0  # longest wait, in seconds


def quiet_accounts(count: int) -> None:
    """Accounts inactive for a year, warned a month ago. Needs an app context."""
    now = datetime.now(UTC)
    rows = [
        {
            "id": uuid4(), "name": f"Stille bewoner {number}", "email": f"stil{number}@buurt.example",
            "email_key": f"stil{number}@buurt.example",
            "participant_role": ParticipantRole.RESIDENT, "created_at": now - timedelta(days=400),
            "email_confirmed_at": now - timedelta(days=400), "warned_at": now - timedelta(days=30),
        }
        for number in range(count)
    ]  # fmt: skip
    with transaction():
        for start in range(0, count, 500):
            db.session.execute(insert(Person), rows[start : start + 500])


def delete_while_people_read(count: int = ACCOUNTS, seconds: float = 10) -> tuple[bool, str]:
    """(Whether the bounds hold, what was measured.)"""
    with (
        tempfile.TemporaryDirectory(prefix="dvb-storm-") as folder,
        a_house(Path(folder)) as (house, app, room),
    ):
        [reader] = visitors(app, 1)
        with app.app_context():
            quiet_accounts(count)
        quiet = measured(house, reader, room, seconds)
        took: list[float] = []

        def delete() -> None:
            began = time.monotonic()
            with app.app_context():
                now = datetime.now(UTC)
                while erasure.erase_in_batches(lambda: account_retention.to_delete(now=now)):
                    pass
            took.append(time.monotonic() - began)

        deleting = threading.Thread(target=delete)
        deleting.start()
        loud: tuple[list[float], list[float]] = ([], [])
        while deleting.is_alive():
            for waits, more in zip(loud, measured(house, reader, room, 1), strict=True):
                waits.extend(more)
        deleting.join()
        with app.app_context():
            left = db.session.scalar(
                select(func.count()).select_from(Person).where(Person.email.like("stil%@buurt.example"))
            )
    holds, lines = left == 0, []
    for name, before, during in zip(("/healthz", "acknowledgement"), quiet, loud, strict=True):
        times = p95(during) / max(p95(before), LEAST_QUIET)
        holds = holds and times <= MOST_TIMES and max(during) <= LONGEST
        lines.append(
            f"{name} p95 {p95(before) * 1000:.1f} ms quiet, {p95(during) * 1000:.1f} ms meanwhile"
            f" ({times:.1f} x), longest {max(during) * 1000:.0f} ms"
        )
    return holds, f"{count} accounts in {took[0]:.0f} s, {left} left; " + "; ".join(lines)


def main() -> int:
    holds, said = delete_while_people_read()
    print(f"deletion: {'holds' if holds else 'BROKEN'}: {said}", flush=True)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
