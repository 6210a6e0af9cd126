"""Set up an installation in one go: environment file, database, checks, test mail, first administrator."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.app import create_app
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import close_reserved, db
from dagvandebuurt.core.file_modes import make_private
from dagvandebuurt.onboarding.announcing import announcement
from dagvandebuurt.settings import known_settings, load
from dagvandebuurt.setup import administrators, checks, env_file
from dagvandebuurt.setup.migrating import migrate
from dagvandebuurt.setup.wizard import address, ask


def set_up(
    path: Path,
    given: Mapping[str, str | None],
    email: str | None,
    *,
    interactive: bool,
    in_browser: bool = False,
) -> None:
    """Ask, check, write and migrate. Nothing is written before the database answers; an existing file is
    never overwritten. With `in_browser` the first administrator comes by a code instead of a mail address.
    Raises click.ClickException with what to do."""
    if path.exists():
        raise click.ClickException(
            f"{path} exists: this installation is set up. Change it by hand and run: dagvandebuurt check"
        )
    if interactive and email is None and not in_browser:
        email = click.prompt("Mail address of the first administrator", value_proc=address)
    email = address(email) if email else None
    values = ask(given, interactive=interactive)
    environ = {name: value for name, value in os.environ.items() if name not in known_settings()} | values
    app = create_app(load(environ))
    _refuse_used_or_absent_database(app)
    try:
        env_file.write(path, values, known_settings())
    except FileExistsError:
        raise click.ClickException(f"{path} was made meanwhile: another set-up was faster.") from None
    except (OSError, env_file.BadEnvironmentFile) as failure:
        raise click.ClickException(f"{path} could not be written: {failure}") from failure
    click.echo(f"Settings are in {path}, readable by this user alone.")
    make_private(app.config)
    _make_database(app, path)
    click.echo("The database is ready.")
    with app.app_context():
        _say_what_is_wrong()
        if email:
            _test_mail(email, interactive=interactive)
            invited = administrators.invite_administrator(email, now=clock.now())
            click.echo(f"\nYour link to become administrator (works once, 14 days):\n{invited.link}")
        if in_browser:
            click.echo(f"\n{announcement(app)}")
        db.session.remove()
        db.engine.dispose()
        close_reserved(app)
    is_found = path.name in env_file.DEFAULTS and path.parent == Path()
    where = "" if is_found else f"DVB_ENV={shlex.quote(str(path))} "
    click.echo(f"\nStart it with: {where}dagvandebuurt serve")


def _make_database(app: Flask, path: Path) -> None:
    """Migrate an empty database. When that fails take away what this set-up made, so that it can be run again:
    the environment file, and where it is SQLite the database."""
    try:
        migrate(app)
    except (SQLAlchemyError, OSError) as failure:
        with app.app_context():
            db.session.remove()
            url = db.engine.url
            db.engine.dispose()
            close_reserved(app)
        path.unlink(missing_ok=True)
        if url.get_backend_name() == "sqlite":
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{url.database}{ending}").unlink(missing_ok=True)
        reason = str(getattr(failure, "orig", failure)).splitlines()[0]
        raise click.ClickException(
            f"the database could not be made: {reason}. Nothing was kept. Mend it and run this again."
        ) from failure


def _refuse_used_or_absent_database(app: Flask) -> None:
    """Ask the database before anything is written. A SQLite file that is not there yet is made later."""
    folder = Path(app.config["DATA_FOLDER"])
    with app.app_context():
        if db.engine.dialect.name == "sqlite" and not Path(str(db.engine.url.database)).exists():
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as failure:
                raise click.ClickException(
                    f"DATA_FOLDER {folder} cannot be made: {failure.strerror}."
                ) from failure
            return
        found = [each.sentence for each in checks.database() if not each.is_expected]
        is_used = not found and checks.has_tables()
        where = db.engine.url.render_as_string(hide_password=True)
        db.session.remove()
        db.engine.dispose()
    if found:
        raise click.ClickException(found[0])
    if is_used:
        raise click.ClickException(f"the database {where} holds something already. Give an empty one.")


def _say_what_is_wrong() -> None:
    for each in checks.findings():
        if not each.is_expected:
            click.echo(f"{'PROBLEM' if each.is_problem else 'warning'}: {each.sentence}")


def _test_mail(email: str, *, interactive: bool) -> None:
    wrong = checks.send_test_mail(email)
    if wrong is not None:
        click.echo(f"warning: {wrong.sentence}")
    elif interactive and not click.confirm(f"A test mail went to {email}. Did it arrive?", default=True):
        click.echo(
            "Look in the spam folder and at SPF and DKIM of the sender's domain. Everything else works."
        )
