"""Database faults for a while: writers retry, and a reader only reads pages."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.chaos.rounds import Round, Scene, scene
from tests.chaos.storms import Storm, bystander

Fault = Callable[[Scene, float], None]


@dataclass(frozen=True)
class Faulty:
    """Result of a fault, for writers and for a reader."""

    round: Round
    pages: Storm

    @property
    def verdict(self):
        return self.round.verdict

    def __str__(self) -> str:
        return (
            f"{self.round}; a bystander's {len(self.pages.pages)} pages: slowest "
            f"{self.pages.slowest_page:.1f} s, {self.pages.pages_refused} refused"
        )


def fault_round(folder: Path, fault: Fault, *, seconds: float, people: int = 20, **environ: str) -> Faulty:
    """Inject `fault` for `seconds`. Afterwards all clients must be consistent within 5 s."""
    with scene(folder, people=people, **environ) as played:
        for bot in played.bots:
            bot.hop = 0
        played.until_acknowledged(2 * people)
        pages = Storm()
        with bystander(played.houses[0], pages):
            fault(played, seconds)
        played.until_acknowledged(people)
        return Faulty(played.end(), pages)


def sqlite_locked(played: Scene, seconds: float) -> None:
    """Another process holds the write lock: a database browser with an open edit."""
    with closing(sqlite3.connect(played.houses[0].folder / "dagvandebuurt.db", timeout=10)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("COMMIT")


def _postgres(played: Scene) -> "psycopg.Connection[tuple[object, ...]]":
    url = played.houses[0].environ["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    return psycopg.connect(url, autocommit=True)


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def backends_terminated(played: Scene, seconds: float) -> None:
    """Every connection is terminated, four times a second."""
    with _postgres(played) as other:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            other.execute(CUT)
            time.sleep(0.25)


def row_locked(played: Scene, seconds: float) -> None:
    """A psql session holds the room's row in an open transaction."""
    with _postgres(played) as other, other.transaction():
        other.execute("SELECT * FROM live_room WHERE id = %s FOR UPDATE", (played.room,))
        time.sleep(seconds)


def read_only(played: Scene, seconds: float) -> None:
    """The primary is read-only for a while."""
    with _postgres(played) as other:
        name = other.info.dbname
        other.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        other.execute(CUT)
        time.sleep(seconds)
        other.execute("SET default_transaction_read_only = off")
        other.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        other.execute(CUT)
