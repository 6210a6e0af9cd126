"""Command for a rehearsal: `rehearse`. It copies, serves, and throws away when it ends."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NoReturn

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.app import create_app
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import close_reserved, db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.files import Folder, store_of
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import edition_chosen_by
from dagvandebuurt.rehearsal import copying, process
from dagvandebuurt.rehearsal.process import Rehearsal
from dagvandebuurt.settings import known_settings, load
from dagvandebuurt.setup import env_file
from dagvandebuurt.setup.migrating import migrate

STARTS_WITHIN = 90.0  # seconds for the server to answer
SERVER_STARTS = 3.0  # about as long as it takes: the day begins when it answers
# What a rehearsal shares with the site is given to it by name; all else it has for itself.
SHARED = ("SMTP_URL", "SMTP_CONNECTIONS", "MAIL_FROM", "STAGE_HOSTS", "HOST", "TRUSTED_PROXIES", "LOG_FORMAT",
          "LOG_LEVEL", "LIVE_WIRE", "MEETING_TABLES")  # fmt: skip


@click.command()
@click.option("--edition", "slug", help="The slug of the edition (default: the one that visitors see).")
@click.option(
    "--minutes", type=click.FloatRange(min=1, max=600), default=20.0, help="How long the day takes."
)
@click.option("--url", help="The address of the rehearsal (default: REHEARSAL_URL).")
@click.option("--stop", is_flag=True, help="Throw away the rehearsal that runs.")
def rehearse(slug: str | None, minutes: float, url: str | None, stop: bool) -> None:
    """Rehearse a day: a copy with invented people and a fast clock, on an address of its own."""
    environ = _environ()
    settings = load(environ)
    data = Path(settings["DATA_FOLDER"])
    if settings["REHEARSAL"]:
        raise click.ClickException("this is a rehearsal already")
    if stop:
        try:
            process.throw_away(data)
        except process.Elsewhere:
            raise click.ClickException("the rehearsal runs on another machine: stop it there") from None
        return
    url = url or process.address(settings)
    if url is None:
        raise click.ClickException("say where the rehearsal is served: REHEARSAL_URL=https://…, or --url")
    try:
        held = process.hold(data)
    except process.AlreadyRuns:
        raise click.ClickException(
            "a rehearsal runs already. Stop it: dagvandebuurt rehearse --stop"
        ) from None
    signal.signal(signal.SIGTERM, _end)
    with held:
        try:
            _rehearse(environ, settings, slug, minutes, url.rstrip("/"), held)
        except SQLAlchemyError as failure:
            raise click.ClickException(f"the copy was not made: {type(failure).__name__}") from failure
        except OSError as failure:
            raise click.ClickException(f"the copy was not made: {failure.strerror or failure}") from failure
        finally:
            shutil.rmtree(process.home(data), ignore_errors=True)


COMMANDS = (rehearse,)


def _end(_sign: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _environ() -> dict[str, str]:
    """Return the settings of this installation, as the environment that the server has."""
    if os.environ.get("DVB_DEMO") == "1":
        return dict(os.environ)
    try:
        return dict(env_file.with_file(os.environ, known_settings()))
    except env_file.BadEnvironmentFile as bad:
        raise SystemExit(str(bad)) from bad


def _rehearse(
    environ: Mapping[str, str],
    settings: dict[str, Any],
    slug: str | None,
    minutes: float,
    url: str,
    held: IO[Any],
) -> None:
    copied = _copy(settings, slug)
    data = Path(settings["DATA_FOLDER"])
    folder = process.home(data)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    _copy_files(settings, folder / "files")
    theirs = _of_the_rehearsal(environ, settings, folder, url)
    made = create_app(load(theirs))
    migrate(made)
    with made.app_context():
        with transaction():
            copying.write(copied, now=copied.starts_at)
        with transaction():
            crew = copying.crew_links(url, now=copied.starts_at)
        db.session.remove()
        db.engine.dispose()
    close_reserved(made)
    starts, ends = copied.starts_at.timestamp(), copied.ends_at.timestamp()
    rehearsal = Rehearsal(
        title=copied.title, url=url, host=socket.gethostname(), pid=os.getpid(),
        began=time.time() + SERVER_STARTS, starts=starts, ends=ends, pace=(ends - starts) / (minutes * 60),
        crew=crew, mailboxes=sorted(_folded(row["email"]) for row in copied.rows["person"] if row["email"]),
    )  # fmt: skip
    process.write(data, rehearsal)
    _serve(data, rehearsal, theirs, held)


def _copy_files(settings: Mapping[str, Any], folder: Path) -> None:
    """Copy the pictures. Without them a rehearsal goes on: where the store is away, the pages say so."""
    here, there = store_of(settings), Folder(folder)
    try:
        for name in here.names():
            if (content := here.get(name)) is not None:
                there.put(name, content)
    except StoreAway as away:
        click.echo(f"The rehearsal has no pictures: {away.reason}", err=True)


def _folded(address: str) -> str:
    return address.strip().lower()


def _copy(settings: dict[str, Any], slug: str | None) -> copying.Copied:
    site = create_app(settings)
    with site.app_context():
        edition = (
            db.session.scalar(select(Edition).where(Edition.slug == slug))
            if slug
            else edition_chosen_by(None)
        )
        if edition is None:
            raise click.ClickException("there is no such edition" if slug else "there is no edition yet")
        copied = copying.read(edition)
        db.session.remove()
        db.engine.dispose()
    close_reserved(site)
    return copied


def _of_the_rehearsal(
    environ: Mapping[str, str], settings: Mapping[str, Any], folder: Path, url: str
) -> dict[str, str]:
    """Return the environment of its server: nothing of the site but what it is given here."""
    known = set(known_settings())
    kept = {name: value for name, value in environ.items() if name not in known and name != "DVB_ENV"}
    shared = {name: environ[name] for name in SHARED if name in environ}
    return {
        **kept,
        **shared,
        "DVB_REHEARSAL": str(folder / process.STATE),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_FOLDER": str(folder),
        "PUBLIC_URL": url,
        "PORT": str(settings["REHEARSAL_PORT"]),
        "WORKERS": "1",
    }


def _serve(data: Path, rehearsal: Rehearsal, environ: Mapping[str, str], held: IO[Any]) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "dagvandebuurt.serve"], env=dict(environ), pass_fds=[held.fileno()]
    )
    try:
        _wait_for(server, environ)
        process.write(data, process.began_now(rehearsal, server=server.pid))
        day = clock.local(clock.at(rehearsal.starts))
        click.echo(f"The rehearsal of {rehearsal.title} is at {rehearsal.url}. It is {day:%H.%M} there.")
        for name, roles, link in rehearsal.crew:
            click.echo(f"  {name} ({roles})\n    {link}")
        click.echo("Stop it with Ctrl+C, or: dagvandebuurt rehearse --stop")
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        try:
            server.wait(process.GOODBYE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], environ: Mapping[str, str]) -> None:
    """Wait until the server answers. Raises ClickException when it ended: its port may be taken."""
    host = environ.get("HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - asked, not bound
    asked = f"http://{host}:{environ['PORT']}/healthz"
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise click.ClickException(
                f"the rehearsal did not start. Is port {environ['PORT']} in use? Choose another: REHEARSAL_PORT"
            )
        try:
            urllib.request.urlopen(asked, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(process.LOOK_SECONDS)
        else:
            return
    raise click.ClickException("the rehearsal does not answer")
