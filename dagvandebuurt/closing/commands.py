"""Commands for after the day: `archive`."""

import os
import sys
from pathlib import Path
from uuid import UUID

import click
from flask import Flask

from dagvandebuurt.app import create_app
from dagvandebuurt.archive import building
from dagvandebuurt.archive.errors import ArchiveProblem
from dagvandebuurt.archive.queries import count_of_pages, public_editions
from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.file_modes import make_private, refuse_wrong_user
from dagvandebuurt.settings import load_installed

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


COMMANDS = (archive,)


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
