"""Commands for backups: `backup`, `restore`, `drill`, `move`, `move-files`, `remove-kept`,
`set-aside-mail`, `new-keys`."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dagvandebuurt.app import create_app
from dagvandebuurt.backups import BackupProblem, backing_up, drilling, file, kept, moving, restoring
from dagvandebuurt.backups.rows import count
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.file_modes import make_private, refuse_wrong_user
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts import keys as key_folder
from dagvandebuurt.parts.files import store_of
from dagvandebuurt.parts.mail import set_aside
from dagvandebuurt.settings import known_settings, load, load_installed
from dagvandebuurt.setup import env_file

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("where", type=PATH)
@click.option("--keys-to", type=PATH, help="Folder for the keys, on another disk or machine.")
@click.option("--keep", type=click.IntRange(min=1), help="Delete all but so many of the folder's backups.")
def backup(where: Path, keys_to: Path | None, keep: int | None) -> None:
    """Copy database, files and keys into the folder WHERE, while people write."""
    with _sentences():
        if keep is not None and where.suffix == ".zip":
            raise BackupProblem("--keep is for a folder of backups.")
        settings = _settings()
        made = backing_up.back_up(
            settings, where, keys_to=keys_to, environment=_environment(), now=clock.now()
        )
        click.echo(f"{made.path}: {made.rows} rows of {made.tables} tables, {made.files} files.")
        click.echo(f"{made.keys}: the keys. Keep them in another place than the backup.")
        if not made.is_noted:
            click.echo("The backup is good, but DATA_FOLDER cannot be written: the site does not know of it.")
        if keep is not None:
            for path in backing_up.prune(where, keys_to, keep):
                click.echo(f"{path} was deleted: {keep} newer are kept.")


@click.command()
@click.argument("backup", type=PATH)
@click.option(
    "--keys", "keys_file", type=PATH, help="The .keys.zip, or its folder, when it is not beside the backup."
)
@click.option("--without-keys", is_flag=True, help="The keys are lost for good.")
@click.option("--replace", is_flag=True, help="Put it in the place of what is there, which is kept aside.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(backup: Path, keys_file: Path | None, without_keys: bool, replace: bool, yes: bool) -> None:
    """Put a backup back: a file, or the newest of a folder. Stop the server first."""

    def may_replace(rows: int) -> bool:
        return replace and (
            yes or click.confirm(f"There are {rows} rows. Put the backup in their place?", default=False)
        )

    with _sentences(), file.Backup(backing_up.newest_of(backup)) as opened:
        click.echo(f"{opened.path}, made {opened.manifest.made_at[:16]} by {opened.manifest.release}")
        with _progress(opened.manifest.rows) as seen:
            done = restoring.restore(
                _settings(),
                opened,
                keys_file=keys_file,
                without_keys=without_keys,
                may_replace=may_replace,
                now=clock.now(),
                seen=seen,
            )
        click.echo(f"{done.rows} rows of {done.tables} tables and {done.files} files were put back.")
        click.echo(f"{done.forgotten_again} people who deleted their account since were deleted again.")
        for aside in done.kept:
            click.echo(
                f"What was there is kept: {aside}. It holds personal data: delete it within 14 days, with"
                " dagvandebuurt remove-kept."
            )
        if done.mails_set_aside:
            click.echo(
                f"{done.mails_set_aside} mails that the backup still had to send were set aside, for they may have"
                " gone since. Look at them: dagvandebuurt set-aside-mail. Organisers decide at Post, too."
            )
        click.echo("Start the server now.")


@click.command()
@click.argument("backup", type=PATH)
@click.option(
    "--keys", "keys_file", type=PATH, help="The .keys.zip, or its folder, when it is not beside the backup."
)
@click.option("--most-hours", type=float, help="Refuse a backup that is older.")
def drill(backup: Path, keys_file: Path | None, most_hours: float | None) -> None:
    """Restore the newest backup beside the real database, look whether it works, and throw it away."""
    with _sentences(), file.Backup(backing_up.newest_of(backup)) as opened:
        found = drilling.drill(
            _settings(), opened, keys_file=keys_file, most_hours=most_hours, now=clock.now()
        )
        click.echo(
            f"{opened.path}: {found.hours_old:.1f} hours old, {found.restored.rows} rows of"
            f" {found.restored.tables} tables put back with 0 different, {found.restored.files} files,"
            f" keys that belong to it, {found.restored.forgotten_again} people deleted again,"
            f" {found.administrators} administrators. It can be restored."
        )


@click.command()
@click.option("--to", "url", required=True, help="postgresql://user:password@host/name or sqlite:////path")
def move(url: str) -> None:
    """Move everything to another, empty database, and check every row. Stop the server first."""
    with _sentences():
        settings = _settings()
        there = load({**env_file.with_file(os.environ, known_settings()), "DATABASE_URL": url})
        with backing_up.source(settings) as connection:
            rows = count(connection)
        with _progress(rows) as seen:
            done = moving.move(settings, there, now=clock.now(), seen=seen)
        click.echo(f"{done.rows} rows of {done.tables} tables were moved, {done.different} are different.")
        click.echo(_point_settings_at("DATABASE_URL", url))


@click.command(name="move-files")
@click.option("--to", "url", required=True, help="s3://key:secret@host/bucket?region=name or file:///path")
def move_files(url: str) -> None:
    """Copy the uploaded pictures to another store, and read each back. Stop the server first."""
    with _sentences():
        settings = _settings()
        there = load({**env_file.with_file(os.environ, known_settings()), "FILES_URL": url})
        if settings["FILES_URL"] == url:
            raise BackupProblem("the pictures are there already.")
        if said := store_of(there).problem(writes=True):
            raise BackupProblem(said)
        with _progress(sum(1 for _name in store_of(settings).names())) as seen:
            count = moving.move_files(settings, there, seen=seen)
        click.echo(f"{count} files were copied, and are there as they are here.")
        click.echo(_point_settings_at("FILES_URL", url))


@click.command(name="remove-kept")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_kept(yes: bool) -> None:
    """Delete what `restore --replace` set aside, with everybody in it, when all is well."""
    with _sentences():
        settings = _settings()
        there = kept.found(settings)
        if not there:
            click.echo("Nothing was set aside.")
            return
        for each in there:
            click.echo(each)
        if not yes:
            click.confirm("Delete all of this? It cannot be undone.", abort=True)
        with restoring.in_words(Path(settings["DATA_FOLDER"])):
            count = len(kept.remove(settings))
        click.echo(f"{count} deleted.")


@click.command(name="set-aside-mail")
@click.option("--send", is_flag=True, help="Let all of it go.")
@click.option("--drop", is_flag=True, help="Throw all of it away.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def set_aside_mail(send: bool, drop: bool, yes: bool) -> None:
    """Show the mail that a restored backup still had to send, and let it go or throw it away."""
    if send and drop:
        raise click.UsageError("--send or --drop, not both.")
    app = create_app(_settings())
    with app.app_context():
        found = set_aside.kinds()
        db.session.rollback()
        if not found:
            click.echo("No mail was set aside.")
            return
        for kind in found:
            click.echo(
                f"{kind.count:6} {kind.code}, made {kind.first:%Y-%m-%d %H:%M} to {kind.last:%Y-%m-%d %H:%M} UTC"
            )
        if not send and not drop:
            click.echo(
                "It may have gone between the backup and the restore. Let it go: --send. Throw it away: --drop"
            )
            return
        if not yes:
            click.confirm("Send all of this?" if send else "Throw all of this away?", abort=True)
        with transaction():
            count = set_aside.release(now=clock.now()) if send else set_aside.throw_away()
        click.echo(f"{count} mails will go." if send else f"{count} mails were thrown away.")


@click.command(name="new-keys")
@click.option("--yes", is_flag=True, help="Do not ask.")
def new_keys(yes: bool) -> None:
    """Go on without the keys that belonged to this database: they are lost for good."""
    with _sentences():
        app = create_app(_settings())
        with app.app_context():
            if key_folder.belong():
                click.echo("The keys belong to this database. Nothing was changed.")
                return
            if not yes:
                click.confirm(
                    "Nobody's phone code will be right any more (dagvandebuurt admin --lost-phone helps each), and"
                    " nobody finds the anonymous questions of before again. Are the keys lost for good?",
                    abort=True,
                )
            key_folder.forget_fingerprint()
            key_folder.remember()
        click.echo("The database goes on with the keys that are in the folder now.")


COMMANDS = (backup, restore, drill, move, move_files, remove_kept, set_aside_mail, new_keys)


def _settings() -> dict[str, Any]:
    settings = load_installed(os.environ)
    refuse_wrong_user(settings)
    make_private(settings)
    return settings


def _environment() -> Path | None:
    try:
        return env_file.find(os.environ)
    except env_file.BadEnvironmentFile:
        return None


def _point_settings_at(setting: str, url: str) -> str:
    """Change a setting in the environment file, or say that it must be."""
    path = _environment()
    by_hand = f"Now set {setting} to that address, and start the server."
    if path is None or setting in os.environ:
        return by_hand
    try:
        env_file.change(path, setting, url)
    except (OSError, env_file.BadEnvironmentFile) as failure:
        return f"{path} could not be changed: {failure}. {by_hand}"
    return f"{setting} in {path} names it now. Start the server; keep what was before until all is well."


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except BackupProblem as problem:
        raise click.ClickException(str(problem)) from problem


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=rows, file=sys.stderr, update_min_steps=500) as bar:
        yield bar.update
