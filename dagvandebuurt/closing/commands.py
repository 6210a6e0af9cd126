"""Commands for after the day: `archive` and `dissolve`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import click
from flask import Flask

from dagvandebuurt.app import create_app
from dagvandebuurt.archive import building
from dagvandebuurt.archive.errors import ArchiveProblem
from dagvandebuurt.archive.queries import count_of_pages, public_editions
from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.closing import dissolving
from dagvandebuurt.closing.dissolving import CannotEnd
from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.file_modes import make_private, refuse_wrong_user
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.settings import load_installed
from dagvandebuurt.setup import env_file

PATH = click.Path(path_type=Path)


@click.command()
@click.option("--edition", "which", help="Its year, or its name in addresses. Default: the newest.")
@click.argument("target", type=PATH)
def archive(which: str | None, target: Path) -> None:
    """Write an edition as a static site into the empty folder TARGET, or into a file when it ends in .zip.

    It holds what every visitor can read, and names no participant. It opens from a folder and on any host.
    """
    app = _app()
    try:
        with app.app_context():
            edition_id, pages = _edition(which)
        with click.progressbar(length=pages, file=sys.stderr) as bar:
            made = building.build(app, edition_id, target, now=clock.now(), seen=bar.update)
    except ArchiveProblem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{made.path}: {made.pages} pages, {made.files} files, {made.size // 1_000_000 + 1} MB.")
    click.echo("Somebody deletes their account later? What they wrote is in here: then make it again.")


@click.command()
@click.option("--announce", "day", metavar="YEAR-MONTH-DAY", help="Tell everybody that it ends on this day.")
@click.option("--call-off", is_flag=True, help="Take the announcement back, and tell everybody.")
@click.option("--backup", type=PATH, help="Carry it out, after a backup into this folder.")
def dissolve(day: str | None, call_off: bool, backup: Path | None) -> None:
    """End the organisation: what visitors read stays, and no person.

    First --announce, which mails everybody. When that day has come, stop the server and run it with --backup.
    Each asks for the name of the event.
    """
    if sum((day is not None, call_off, backup is not None)) != 1:
        raise click.UsageError("Give one of --announce, --call-off and --backup.")
    on = _day(day) if day is not None else None
    app = _app()
    with app.app_context(), _sentences():
        now = clock.now()
        if call_off:
            _ask_for_the_name("This takes the end back, and mails everybody.")
            click.echo(f"{dissolving.call_off(now=now)} people are told that it goes on.")
        elif on is not None:
            _ask_for_the_name(
                f"This mails everybody that {brand.name} stops on {on}, and says so on every page."
            )
            click.echo(
                f"{dissolving.announce(on, now=now)} people are told. Keep the server running: it sends."
            )
        elif backup is not None:
            dissolving.require_due(now=now)
            _ask_for_the_name("This erases every account and all that belongs to it. It cannot be undone.")
            done = dissolving.carry_out(app, backup, environment=_environment(), now=now, say=click.echo)
            click.echo(f"{done.people} accounts are gone, and nothing personal is left in the database.")
            click.echo("What was published can still be read: start the server, or make an archive.")


COMMANDS = (archive, dissolve)


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except (CannotEnd, BackupProblem) as problem:
        raise click.ClickException(str(problem)) from problem


def _ask_for_the_name(what: str) -> None:
    click.echo(what)
    if click.prompt("Type the name of the event").strip().casefold() != brand.name.casefold():
        raise click.ClickException(f"that is not its name, {brand.name}. Nothing was done.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text} is no day. Write it as 2028-01-31.", param_hint="--announce"
        ) from None


def _environment() -> Path | None:
    try:
        return env_file.find(os.environ)
    except env_file.BadEnvironmentFile:
        return None


def _app() -> Flask:
    settings = load_installed(os.environ)
    refuse_wrong_user(settings)
    make_private(settings)
    return create_app(settings)


def _edition(which: str | None) -> tuple[UUID, int]:
    """Return the edition that is meant, and how many pages it has. Raises ArchiveProblem."""
    found = public_editions()
    meant = [each for each in found if which in (None, each.slug, str(each.year))]
    if not found:
        raise ArchiveProblem("there is no edition that visitors can read. Open one first.")
    if not meant:
        known = ", ".join(each.slug for each in found)
        raise ArchiveProblem(f"there is no public edition {which}. There are: {known}")
    if which is not None and len(meant) > 1:
        known = ", ".join(each.slug for each in meant)
        raise ArchiveProblem(f"{which} had more than one edition. Say which: {known}")
    return meant[0].id, count_of_pages(meant[0].id) * len(i18n.offered())
