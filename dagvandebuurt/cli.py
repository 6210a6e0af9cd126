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
from dagvandebuurt.backups import commands as backups
from dagvandebuurt.closing import commands as closing
from dagvandebuurt.core import bind_check, clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.file_modes import make_private, refuse_wrong_user
from dagvandebuurt.core.hook_listing import as_markdown, as_text
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.restore_detection import Mark, new_epochs
from dagvandebuurt.onboarding.announcing import announcement
from dagvandebuurt.people import jobs
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.rules import give_role, take_role
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.rehearsal import commands as rehearsal
from dagvandebuurt.search import jobs as search_jobs
from dagvandebuurt.settings import load_installed
from dagvandebuurt.setup import administrators, checks, env_file
from dagvandebuurt.setup import status as installation_status
from dagvandebuurt.setup.env_file import find as installed_file
from dagvandebuurt.setup.installation import set_up
from dagvandebuurt.setup.migrating import migrate as bring_up_to_date
from dagvandebuurt.setup.migrating import not_additive_pending
from dagvandebuurt.setup.wizard import address

NOT_ADDITIVE = 3  # deploy/upgrade.sh reads this exit status


def _settings() -> dict[str, Any]:
    settings = load_installed(os.environ)
    refuse_wrong_user(settings)
    make_private(settings)
    return settings


def _app() -> Flask:
    return create_app(_settings())


class _Commands(FlaskGroup):
    """Commands of ours, and those of extensions where the settings let an app be made."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List them for `--help`, which somebody may ask for before there is any setting."""
        try:
            return super().list_commands(ctx)
        except SystemExit:
            return sorted(self.commands)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Leave out `--env-file` of Flask, which needs a package that is not installed: DVB_ENV names the file."""
        return [each for each in super().get_params(ctx) if each.name != "env_file"]


@click.group(cls=_Commands, create_app=_app, add_default_commands=False)
def main() -> None:
    """Run dagvandebuurt: serve, migrate, show the demo."""


for _command in (*backups.COMMANDS, *closing.COMMANDS, *rehearsal.COMMANDS):
    main.add_command(_command)


@main.command(with_appcontext=False)
@click.option(
    "--additive-only", is_flag=True, help="Exit with status 3 when a release that serves must stop first."
)
def migrate(additive_only: bool) -> None:
    """Migrate the database to this release."""
    app = _app()
    if additive_only and (steps := not_additive_pending(app)):
        click.echo(
            f"These steps do more than add, so stop the older release first: {', '.join(steps)}", err=True
        )
        sys.exit(NOT_ADDITIVE)
    bring_up_to_date(app)


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
    if not no_serve and (said := bind_check.refusal(settings, tries=1)):
        raise click.ClickException(said)
    if reset:
        congress.delete_database(settings)
    app = create_app(settings)
    bring_up_to_date(app)
    with app.app_context():
        congress.open_the_day()
        click.echo(congress.welcome())
    if not no_serve:
        _replace_with_server()


@main.command(with_appcontext=False)
@click.option(
    "--env-file", type=click.Path(dir_okay=False, path_type=Path), default=Path(env_file.DEFAULTS[0])
)
@click.option("--public-url", help="The address that people type.")
@click.option("--database-url", help="postgresql://…; empty for SQLite.")
@click.option("--smtp-url", help="smtps://user:password@host:465; empty: mail waits.")
@click.option("--mail-from", help="The sender of every mail.")
@click.option("--data-folder", help="Where the database, keys and files are kept.")
@click.option("--admin", "email", help="Mail address of the first administrator.")
@click.option("--no-input", is_flag=True, help="Ask nothing: use the options and the defaults.")
@click.option("--browser", is_flag=True, help="Print a code with which the rest is done in a browser.")
def setup(env_file: Path, email: str | None, no_input: bool, browser: bool, **given: str | None) -> None:
    """Set up a new installation: settings, database, test mail, first administrator.

    With --browser, where there are settings already: print another code to begin with in a browser.
    """
    if browser and (env_file.exists() or installed_file(os.environ) or os.environ.get("SECRET_KEY")):
        if env_file.exists():
            os.environ.setdefault("DVB_ENV", str(env_file))
        told = announcement(_app())
        if told is None:
            raise click.ClickException(
                "There is an administrator already, or the database is not ready. Run: dagvandebuurt check"
            )
        click.echo(told)
        return
    values = {name.upper(): value for name, value in given.items()}
    set_up(env_file, values, email, interactive=not no_input, in_browser=browser)


@main.command(with_appcontext=False)
@click.option("--mail-to", "to", help="Send a test mail to this address as well.")
def check(to: str | None) -> None:
    """Say what is wrong with this installation. Exit status 1 when something will not work."""
    with _app().app_context():
        found = checks.findings()
        if to is not None and (wrong := checks.send_test_mail(to)):
            found.append(wrong)
    for each in found:
        click.echo(f"{'PROBLEM' if each.is_problem else 'warning'}: {each.sentence}")
    if not found:
        click.echo("Everything is in order.")
    sys.exit(any(each.is_problem for each in found))


@main.command(with_appcontext=False)
@click.option(
    "--backups",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder of the backups (default: {installation_status.BACKUPS}).",
)
def status(backups: Path | None) -> None:
    """Say how this installation is: server, database, jobs, mail, disk, Redis, backup. Exit status 1 when
    somebody must do something."""
    with _app().app_context():
        found = installation_status.lines(backups, now=clock.now())
    for line in found:
        click.echo(f"{'!' if line.is_bad else ' '} {line.subject:<9} {line.said}")
    sys.exit(any(line.is_bad for line in found))


@main.command(with_appcontext=False)
@click.argument("email")
@click.option("--lost-phone", is_flag=True, help="They have a role, and lost phone and paper codes.")
def admin(email: str, lost_phone: bool) -> None:
    """Invite an administrator, also the first one; or help one who lost their phone."""
    with _app().app_context():
        now = clock.now()
        if lost_phone:
            try:
                name = administrators.forget_phone_of(email, now=now)
            except RuleBroken as broken:
                raise click.ClickException("nobody has an account with this address") from broken
            click.echo(f"{name} can set up a phone again at the next log-in.")
            return
        invited = administrators.invite_administrator(address(email), now=now)
    click.echo(f"Open this link within 14 days to become administrator. It works once:\n{invited.link}")
    if invited.is_mailed:
        click.echo(f"It is on its way to {email} by mail as well.")


@main.command(with_appcontext=False)
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.STAND_HOLDER]))
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
@click.option("--markdown", is_flag=True, help="As the page docs/hooks.md.")
def hooks(markdown: bool) -> None:
    """Say which hooks there are, and who hears them."""
    _app()
    click.echo(as_markdown() if markdown else as_text(), nl=not markdown)


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
        new_epochs()
    Mark(Path(app.config["DATA_FOLDER"])).clear()
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
