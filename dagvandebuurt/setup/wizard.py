"""Ask what an installation needs, check each answer, and write the environment file."""

import secrets
from collections.abc import Callable, Mapping
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dagvandebuurt.setup.env_file import refused_character

HOSTS = ("127.0.0.1", "localhost")


def public_url(typed: str) -> str:
    """Parse the address that people type. Raises click.BadParameter with what to do."""
    url = typed.strip().rstrip("/")
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter("write it like https://dag.example.org")
    if parts.path or parts.query or parts.fragment:
        raise click.BadParameter("an address of its own, without a path: https://dag.example.org")
    if parts.username or parts.password:
        raise click.BadParameter("without a user name or password")
    if parts.scheme == "http" and parts.hostname not in HOSTS:
        raise click.BadParameter("begin with https://: over http everybody in between reads along")
    return f"{parts.scheme}://{parts.netloc}"


def database_url(typed: str) -> str:
    """Empty for SQLite, or a PostgreSQL address. Raises click.BadParameter."""
    url = typed.strip()
    if not url:
        return ""
    try:
        parts = make_url(url)
    except ArgumentError as failure:
        raise click.BadParameter("write it like postgresql://user:password@host/name") from failure
    if parts.get_backend_name() not in ("postgresql", "postgres") or not parts.database:
        raise click.BadParameter("write it like postgresql://user:password@host/name, or leave it empty")
    return url


def smtp_url(typed: str) -> str:
    """Empty for no mail, or smtp(s)://user:password@host:port. Raises click.BadParameter."""
    url = typed.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good:
        raise click.BadParameter("write it like smtps://user:password@mail.example.org:465")
    return url


def address(typed: str) -> str:
    """One mail address. Raises click.BadParameter."""
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as failure:
        raise click.BadParameter("that is no mail address: write name@example.org") from failure


def sender(typed: str) -> str:
    """`Name <address>`, or an address alone. Raises click.BadParameter."""
    name, mailbox = parseaddr(typed)
    return formataddr((name, address(mailbox))).replace('"', "")


QUESTIONS: tuple[tuple[str, str, Callable[[str], str], str], ...] = (
    ("PUBLIC_URL", "Which address do people type?", public_url, "http://127.0.0.1:5000"),
    ("DATABASE_URL", "PostgreSQL address (empty: SQLite, good for one machine)", database_url, ""),
    ("SMTP_URL", "Mail server, like smtps://user:password@host:465 (empty: mail waits)", smtp_url, ""),
    (
        "MAIL_FROM",
        "Who is the sender of every mail?",
        sender,
        "hallo@dagvandebuurt.example",
    ),
)


def ask(given: Mapping[str, str | None], *, interactive: bool) -> dict[str, str]:
    """Return the settings: what was given on the command line, else what is typed, else the default. What is
    wrong is said and asked again; without a terminal it ends the command."""
    chosen: dict[str, str] = {}
    for name, question, parse, default in QUESTIONS:
        answer = given.get(name)
        if answer is not None:
            chosen[name] = _parsed(name, parse, answer)
        elif interactive:
            chosen[name] = click.prompt(
                question, default=default, value_proc=_kept(parse), show_default=bool(default)
            )
        else:
            chosen[name] = _parsed(name, parse, default)
    chosen["SECRET_KEY"] = secrets.token_urlsafe(48)
    chosen["DATA_FOLDER"] = str(Path(given.get("DATA_FOLDER") or "instance").absolute())
    port = urlsplit(chosen["PUBLIC_URL"]).port
    if chosen["PUBLIC_URL"].startswith("https://"):
        chosen["TRUSTED_PROXIES"] = "1"  # something in front makes it https
    elif port:
        chosen["PORT"] = str(port)
    return {name: value for name, value in chosen.items() if value}


def _kept(parse: Callable[[str], str]) -> Callable[[str], str]:
    """Parse, and refuse at once what the environment file cannot hold."""

    def parsed(typed: str) -> str:
        if (found := refused_character(parse(typed))) is not None:
            raise click.BadParameter(
                f"write %{ord(found):02X} in place of {found}. In an address that is the same, and quotes, "
                "backslashes and dollars mean something else to the program that reads the settings"
            )
        return parse(typed)

    return parsed


def _parsed(name: str, parse: Callable[[str], str], answer: str) -> str:
    try:
        return _kept(parse)(answer)
    except click.BadParameter as wrong:
        raise click.ClickException(f"{name}: {wrong.message}.") from wrong
