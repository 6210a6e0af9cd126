"""Development tools: `python -m tools.dev serve|shell|db`, behind `make dev`, `make shell` and `make db`.

Settings come from the environment, as for the server. Without a SECRET_KEY it is the demo's database.
"""

import code
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WATCHED = ("dagvandebuurt", "templates", "static", "migrations", "config.py")
SUFFIXES = {".py", ".html", ".txt", ".typ", ".po", ".css", ".js", ".yaml", ".xml"}
LOOK_SECONDS = 0.5


def serve() -> None:
    """Serve the demo, and start again whenever a source file changes."""
    before, migrated = files(), 0.0
    while True:
        changed_migration = newest(before, "migrations")
        if changed_migration > migrated:
            subprocess.run(
                [sys.executable, "-m", "dagvandebuurt.cli", "demo", "--no-serve"], cwd=ROOT, check=False
            )
            migrated = changed_migration
        # A session of its own: Ctrl-C reaches this process, which then stops the server.
        server = subprocess.Popen(
            [sys.executable, "-m", "dagvandebuurt.serve"], cwd=ROOT, start_new_session=True
        )
        try:
            while (now := files()) == before:
                time.sleep(LOOK_SECONDS)
            time.sleep(LOOK_SECONDS)  # an editor that saves several files is done by now
            changed = sorted({path for path, _ in set(now.items()) ^ set(before.items())})
            print("changed:", ", ".join(str(path.relative_to(ROOT)) for path in changed[:5]), flush=True)
            before = files()
        except KeyboardInterrupt:
            return
        finally:
            stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server at once: SIGINT does not wait for open connections."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def files() -> dict[Path, float]:
    """Return the source files with the moment each was changed last."""
    found = {}
    for name in WATCHED:
        top = ROOT / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.suffix in SUFFIXES and "vendor" not in path.parts:
                try:
                    found[path] = path.stat().st_mtime
                except FileNotFoundError:  # an editor's temporary file
                    continue
    return found


def newest(known: dict[Path, float], folder: str) -> float:
    """Return when the youngest file of `folder` was changed."""
    return max((moment for path, moment in known.items() if ROOT / folder in path.parents), default=0.0)


def shell() -> None:
    """Open a Python shell with an app context, `db`, `select` and every mapped class."""
    from sqlalchemy import select

    from dagvandebuurt.app import create_app
    from dagvandebuurt.core import clock
    from dagvandebuurt.core.db import db
    from dagvandebuurt.core.models import Base
    from dagvandebuurt.core.transaction import transaction

    app = create_app(chosen())
    names: dict[str, Any] = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    names |= {"app": app, "db": db, "select": select, "clock": clock, "transaction": transaction}
    with app.app_context():
        banner = (
            f"{app.config['SQLALCHEMY_DATABASE_URI']}\nall models, and: app, db, select, clock, transaction"
        )
        code.interact(banner=banner, local=names, exitmsg="")


def database() -> None:
    """Replace this process by the client of the configured database: sqlite3 or psql."""
    url = str(chosen()["SQLALCHEMY_DATABASE_URI"])
    if url.startswith("postgresql"):
        client = ["psql", url.replace("postgresql+psycopg://", "postgresql://", 1)]
    else:
        client = ["sqlite3", "-header", url.removeprefix("sqlite:///")]
        if shutil.which("sqlite3") is None and sys.version_info >= (3, 12):
            client = [sys.executable, "-m", "sqlite3", client[-1]]
    if shutil.which(client[0]) is None:
        raise SystemExit(f"{client[0]} is not installed. On Debian or Ubuntu, type: apt-get install "
                         f"{'postgresql-client' if client[0] == 'psql' else 'sqlite3'}")  # fmt: skip
    os.execvp(client[0], client)


def chosen() -> dict[str, Any]:
    """Read the settings as the server does."""
    from dagvandebuurt.settings import load

    return load(os.environ)


def main() -> None:
    """Run the tool that the command line names."""
    os.chdir(ROOT)
    if not os.environ.get("SECRET_KEY"):
        os.environ["DVB_DEMO"] = "1"
    {"serve": serve, "shell": shell, "db": database}[sys.argv[1]]()


if __name__ == "__main__":
    main()
