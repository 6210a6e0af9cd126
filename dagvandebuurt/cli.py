"""Command-line interface."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import select

from dagvandebuurt.app import create_app
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.file_modes import close_to_others
from dagvandebuurt.core.migration_lock import alone
from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.restore_detection import Mark, begin_anew
from dagvandebuurt.people import jobs
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.rules import give_role, take_role
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.search import jobs as search_jobs
from dagvandebuurt.settings import load


def _settings() -> dict[str, Any]:
    settings = load(os.environ)
    close_to_others(settings)
    return settings


def _app() -> Flask:
    return create_app(_settings())


@click.group(cls=FlaskGroup, create_app=_app, add_default_commands=False)
def main() -> None:
    """Run dagvandebuurt: serve, migrate, show the demo."""


def _migrate(app: Flask) -> None:
    from flask_migrate import upgrade

    folder = Path(app.config["DATA_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with app.app_context(), alone(db.engine, folder):
        upgrade()
        with transaction():
            index.rebuild()  # texts may be indexed differently in this release


@main.command(with_appcontext=False)
def migrate() -> None:
    """Migrate the database to this release."""
    _migrate(_app())


@main.command(with_appcontext=False)
def serve() -> None:
    """Run the server. Settings come from the environment; see docs/settings.md."""
    _replace_with_server()


@main.command(with_appcontext=False)
@click.option("--reset", is_flag=True, help="Throw away what people did and start over.")
@click.option("--no-serve", is_flag=True, help="Only make the database ready.")
def demo(reset: bool, no_serve: bool) -> None:
    """Run the demo congress: migrate, load, and serve it with a round that is live now."""
    try:
        from dagvandebuurt import demo as congress
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"The demo needs {missing.name}. Type: pip install 'dagvandebuurt[demo]'"
        ) from missing

    os.environ["DVB_DEMO"] = "1"
    settings = _settings()
    if reset:
        congress.throw_away(settings)
    app = create_app(settings)
    _migrate(app)
    with app.app_context():
        congress.open_the_day()
        click.echo(congress.welcome())
    if not no_serve:
        _replace_with_server()


@main.command(with_appcontext=False)
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--session", "slug", help="Only for the session with this slug.")
@click.option("--take", is_flag=True, help="Take the role back instead.")
def role(email: str, role: str, slug: str | None, take: bool) -> None:
    """Give somebody with an account a role, or revoke it. Open pages follow within seconds."""
    with _app().app_context(), transaction():
        person = person_by_email(email)
        if person is None:
            raise click.ClickException("nobody has an account with this address")
        scope = None
        if slug is not None:
            scope = db.session.scalar(select(ProgrammeSession.id).where(ProgrammeSession.slug == slug))
            if scope is None:
                raise click.ClickException("there is no session with this slug")
        if take:
            take_role(person, Role(role), scope_id=scope)
        else:
            give_role(person, Role(role), scope_id=scope, now=clock.now())
        click.echo(f"{person.name}: {', '.join(sorted(grant.role for grant in person.grants)) or 'no role'}")


@main.command(with_appcontext=False)
def tidy() -> None:
    """Apply the retention rules now, as every night; after a restore: erase again who was erased since."""
    for kind, count in jobs.tidy(_app()).items():
        click.echo(f"{kind}: {count}")


@main.command(with_appcontext=False)
def restored() -> None:
    """Declare that the database was restored: open pages start afresh, also those that know more than it
    does."""
    app = _app()
    with app.app_context():
        begin_anew()
    Mark(Path(app.config["DATA_FOLDER"])).forget()
    click.echo("every live room begins anew")


@main.command(with_appcontext=False)
def reindex() -> None:
    """Compare the search index with the truth and repair it, as every night."""
    for kind, count in search_jobs.reindex(_app()).items():
        click.echo(f"{kind}: {count}")


def _replace_with_server() -> NoReturn:
    # A new process image: gevent must patch before anything else is imported.
    os.execv(sys.executable, [sys.executable, "-m", "dagvandebuurt.serve"])


if __name__ == "__main__":
    main()
