"""Tables of the job runner: its lease, and the last run of each job."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base


class JobLease(Base):
    """Single row for leader election.

    `token` is the fencing token, which rises with every owner; `beat` rises with every renewal. Timestamps
    are never compared between clocks: a stand-by watches whether `beat` still changes, by its own monotonic
    clock.
    """

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    owner: Mapped[str | None] = mapped_column(String(64))
    token: Mapped[int] = mapped_column(default=0)
    beat: Mapped[int] = mapped_column(default=0)


class JobRun(Base):
    """Last run of one job. `failures` counts its failed items, ever; `wanted` is a wake-up from a process
    that does not run the jobs itself."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ran_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[bool] = mapped_column(default=False)
