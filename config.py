"""Configuration: environment variables, parsed and validated once.

The defaults run on one laptop with nothing installed. `docs/settings.md` explains each variable;
a test holds that page against SETTINGS.
"""

import importlib.util
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SETTINGS = {
    "SECRET_KEY": "Signs cookies and links. Outside the demo there is no default.",
    "SECRET_KEY_FALLBACKS": "Earlier keys, newest first, with commas between: what they signed stays good.",
    "DATABASE_URL": "sqlite:///… (default, in DATA_FOLDER) or postgresql://…",
    "DB_STATEMENT_SECONDS": "PostgreSQL: the longest that one statement may take; 0 is no limit.",
    "DB_LOCK_SECONDS": "PostgreSQL: the longest wait for a lock that somebody else holds; 0 is no limit.",
    "DB_IDLE_SECONDS": "PostgreSQL: the longest that a transaction may stand still; 0 is no limit.",
    "REDIS_URL": "redis:// or rediss:// for limits and hints over several processes; may be absent.",
    "PUBLIC_URL": "The address people type, such as https://dagvandebuurt.example. In every mail.",
    "SMTP_URL": "smtp://user:password@host:587 or smtps://…; absent: mail is kept, not sent.",
    "SMTP_CONNECTIONS": "How many connections to the mail server are used at once, at most.",
    "MAIL_FROM": "The sender of every mail.",
    "MAIL_BOUNCE_ADDRESS": "Where mail comes back: bounces+{tag}@example.org. Empty: to the sender.",
    "MAIL_BOUNCE_INBOX": "imaps://user:password@host/Folder in which it comes back; absent: nobody reads it.",
    "MAIL_PER_HOUR": "How many confirmations, and how many login links, the house mails in an hour at most.",
    "SMS_GATEWAY": "spryng or messagebird; absent: no SMS, and nobody is asked for a number.",
    "SMS_KEY": "The key of its API.",
    "SMS_FROM": "The sender: a number that takes answers, or a name of 11 characters at most, that takes none.",
    "SMS_SECRET": "Part of the addresses at which the gateway reports: 32 letters and digits or more.",
    "SMS_URL": "Another address of its API than the public one.",
    "SMS_PER_DAY": "The most parts of SMS that are paid for in one day of an edition.",
    "DATA_FOLDER": "Where the database, keys and files are kept.",
    "FILES_URL": "Where uploaded pictures are: file:///folder or s3://key:secret@host/bucket; absent: DATA_FOLDER.",
    "HOST": "The address to listen on.",
    "PORT": "The port to listen on.",
    "WORKERS": "Processes that serve. More than 1 needs PostgreSQL.",
    "TRUSTED_PROXIES": "How many proxies in front add X-Forwarded headers: exactly that many count.",
    "ALLOWED_HOSTS": "More host names this service answers to, with commas between; others get 400.",
    "SOCKETS_PER_NETWORK": "How many live connections one IPv4 address or IPv6 /64 may hold in a process.",
    "BODY_SECONDS": "How long the body of a request may take, besides a second for every 4 KiB of it.",
    "DVB_DEMO": "1: the demo congress, with one-click accounts and readable mail. Never in public.",
    "DVB_CROWD": "Invented people who ask, support and vote while the demo is shown; 0: nobody. Nowhere but in the demo.",
    "STAGE_HOSTS": "Hosts whose video pages always may embed, with commas between; administrators add more on a page.",
    "JITSI_URL": "https://… of a Jitsi server that lets people in with our signed tokens.",
    "JITSI_APP_ID": "The application id that server knows.",
    "JITSI_SECRET": "The secret it shares with us, for signing tokens.",
    "BBB_URL": "https://…/bigbluebutton of a BigBlueButton server.",
    "BBB_SECRET": "The secret of that server (bbb-conf --secret).",
    "MEETING_TABLES": "Address of a video table for two, with {room} where its name goes. Empty: none.",
    "REHEARSAL_URL": "The address of a rehearsal, when it has another one than this site.",
    "REHEARSAL_PORT": "The port that a rehearsal listens on; absent: PORT + 1.",
    "JOBS_LEASE_SECONDS": "How long the process that runs the jobs may be silent before another takes over.",
    "LIVE_GATHER_MS": "How long changes are gathered before one message tells them.",
    "LIVE_BURST": "How many live events one connection may send at once.",
    "LIVE_EVENTS_PER_SECOND": "How many live events one connection may send on average.",
    "LOG_FORMAT": "text (default) or json: one object a line.",
    "LOG_LEVEL": "debug, info (default), warning or error.",
    "METRICS_TOKEN": "Lets who sends it (Authorization: Bearer …) read /metrics from another machine.",
    "LIVE_WIRE": "direct (default): frames straight to the sockets; stock: python-engineio writes them.",
}
STAGE_HOSTS = "www.youtube-nocookie.com, player.vimeo.com"
WEAK_KEY = 16  # characters
WEAK_SECRET = 32
LOG_LEVELS = ("debug", "info", "warning", "error")
BOUNCE_TAG = 42  # characters (parts/mail/bounce_address.py)
LONGEST_LOCAL = 64  # characters before the @ (RFC 5321, 4.5.3.1.1)
SMS_GATEWAYS = ("spryng", "messagebird")
MEETINGS = {
    "Jitsi": ("JITSI_URL", "JITSI_APP_ID", "JITSI_SECRET"),
    "BigBlueButton": ("BBB_URL", "BBB_SECRET"),
}


class Contradiction(SystemExit):
    """The settings cannot work together; the message says what to do."""


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration of an app. Raises Contradiction for settings that cannot work together."""
    demo = environ.get("DVB_DEMO", "") == "1"
    data = Path(environ.get("DATA_FOLDER", "instance")).absolute()
    public = environ.get("PUBLIC_URL", "").rstrip("/")
    host, port = environ.get("HOST", "127.0.0.1"), int(environ.get("PORT", "5000"))
    secure = public.startswith("https://")
    # Cookies know no ports: a rehearsal beside the site must not log anybody out of it.
    rehearses = "-rehearsal" if environ.get("DVB_REHEARSAL") else ""
    chosen: dict[str, Any] = {
        "DEMO": demo,
        "DATA_FOLDER": str(data),
        "KEY_FOLDER": str(data / "keys"),
        "FILES_URL": environ.get("FILES_URL") or None,
        "SECRET_KEY": environ.get("SECRET_KEY") or (_demo_key(data) if demo else ""),
        "SECRET_KEY_FALLBACKS": _parts(environ.get("SECRET_KEY_FALLBACKS", "")),
        "SQLALCHEMY_DATABASE_URI": _database_url(environ.get("DATABASE_URL"), data),
        "DB_STATEMENT_SECONDS": float(environ.get("DB_STATEMENT_SECONDS", "30")),
        "DB_LOCK_SECONDS": float(environ.get("DB_LOCK_SECONDS", "5")),
        "DB_IDLE_SECONDS": float(environ.get("DB_IDLE_SECONDS", "60")),
        "REDIS_URL": environ.get("REDIS_URL") or None,
        "PUBLIC_URL": public or f"http://{host}:{port}",
        "SMTP_URL": environ.get("SMTP_URL") or None,
        "SMTP_CONNECTIONS": int(environ.get("SMTP_CONNECTIONS", "4")),
        "MAIL_FROM": environ.get("MAIL_FROM", "hallo@dagvandebuurt.example"),
        "MAIL_BOUNCE_ADDRESS": environ.get("MAIL_BOUNCE_ADDRESS") or None,
        "MAIL_BOUNCE_INBOX": environ.get("MAIL_BOUNCE_INBOX") or None,
        "MAIL_PER_HOUR": int(environ.get("MAIL_PER_HOUR", "3000")),
        "SMS_GATEWAY": environ.get("SMS_GATEWAY", "").lower() or None,
        "SMS_KEY": environ.get("SMS_KEY") or None,
        "SMS_FROM": environ.get("SMS_FROM") or None,
        "SMS_SECRET": environ.get("SMS_SECRET") or None,
        "SMS_URL": environ.get("SMS_URL", "").rstrip("/") or None,
        "SMS_PER_DAY": int(environ.get("SMS_PER_DAY", "500")),
        "HOST": host,
        "PORT": port,
        "WORKERS": int(environ.get("WORKERS", "1")),
        "TRUSTED_PROXIES": int(environ.get("TRUSTED_PROXIES", "0")),
        "ALLOWED_HOSTS": frozenset(_hosts(environ.get("ALLOWED_HOSTS", ""))),
        "HAS_PUBLIC_URL": bool(public),
        "SOCKETS_PER_NETWORK": int(environ.get("SOCKETS_PER_NETWORK", "2000")),
        "BODY_SECONDS": float(environ.get("BODY_SECONDS", "30")),
        "CROWD": demo and environ.get("DVB_CROWD", "1") == "1",
        "STAGE_HOSTS": frozenset(_hosts(environ.get("STAGE_HOSTS", STAGE_HOSTS))),
        # The default ones are a beginning that administrators may change; those of an operator stay.
        "STAGE_HOSTS_PINNED": "STAGE_HOSTS" in environ,
        "JITSI_URL": environ.get("JITSI_URL", "").rstrip("/") or None,
        "JITSI_APP_ID": environ.get("JITSI_APP_ID") or None,
        "JITSI_SECRET": environ.get("JITSI_SECRET") or None,
        "BBB_URL": environ.get("BBB_URL", "").rstrip("/").removesuffix("/api") or None,
        "BBB_SECRET": environ.get("BBB_SECRET") or None,
        "MEETING_TABLES": environ.get("MEETING_TABLES", ""),
        # Set by `dagvandebuurt rehearse` for its own server: the file that says how its clock runs.
        "REHEARSAL": environ.get("DVB_REHEARSAL") or None,
        "REHEARSAL_URL": environ.get("REHEARSAL_URL", "").rstrip("/") or None,
        "REHEARSAL_PORT": int(environ.get("REHEARSAL_PORT") or port + 1),
        "MAIL_ONLY_TO": None,
        "JOBS_LEASE_SECONDS": float(environ.get("JOBS_LEASE_SECONDS", "12")),
        "LIVE_GATHER_MS": int(environ.get("LIVE_GATHER_MS", "250")),
        "LIVE_BURST": int(environ.get("LIVE_BURST", "20")),
        "LIVE_EVENTS_PER_SECOND": float(environ.get("LIVE_EVENTS_PER_SECOND", "5")),
        "LOG_FORMAT": environ.get("LOG_FORMAT", "text").lower(),
        "LOG_LEVEL": environ.get("LOG_LEVEL", "info").lower(),
        "METRICS_TOKEN": environ.get("METRICS_TOKEN") or None,
        "LIVE_WIRE": environ.get("LIVE_WIRE", "direct"),
        "SESSION_COOKIE_NAME": ("__Host-dvb" if secure else "dvb") + rehearses,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 60,
        # A late response to a picture must not restore an older cookie.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 256_000,
        "MAX_FORM_PARTS": 100,
        "SEND_FILE_MAX_AGE_DEFAULT": 60 * 60 * 24 * 365,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open all day; the token ends with the session
        "WTF_CSRF_SSL_STRICT": False,  # SameSite and the token suffice; some browsers hide Referer
    }
    # Forms that were open when the key was changed; itsdangerous takes the oldest first.
    chosen["WTF_CSRF_SECRET_KEY"] = [*reversed(chosen["SECRET_KEY_FALLBACKS"]), chosen["SECRET_KEY"]]
    problems = contradictions(chosen)
    if problems:
        raise Contradiction("\n".join(problems))
    return chosen


def contradictions(chosen: Mapping[str, Any]) -> list[str]:
    """Return contradictory settings, each with what to do. Empty is good."""
    found = []
    key = str(chosen["SECRET_KEY"])
    if len(key) < WEAK_KEY or len(set(key)) < WEAK_KEY // 2:
        found.append(
            "SECRET_KEY is missing or too weak. Make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))" and put it in the environment.'
        )
    if any(len(old) < WEAK_KEY for old in chosen["SECRET_KEY_FALLBACKS"]):
        found.append("SECRET_KEY_FALLBACKS has a key that is too short: take it out, it proves nothing.")
    public = urlsplit(str(chosen["PUBLIC_URL"]))
    if public.scheme not in ("http", "https") or not public.hostname or public.path or public.query:
        found.append("PUBLIC_URL is an address of its own, without a path: https://dag.example.org")
    mailbox = parseaddr(str(chosen["MAIL_FROM"]))[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", mailbox):
        found.append("MAIL_FROM is no mail address: write Name <name@example.org>.")
    if chosen["WORKERS"] > 1 and str(chosen["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite"):
        found.append("WORKERS above 1 needs PostgreSQL: set DATABASE_URL, or leave WORKERS at 1.")
    if chosen["SMTP_CONNECTIONS"] < 1:
        found.append("SMTP_CONNECTIONS is a whole number, 1 or more.")
    if chosen["JOBS_LEASE_SECONDS"] <= 0:
        found.append("JOBS_LEASE_SECONDS is a number of seconds, such as 12.")
    if chosen["LIVE_WIRE"] not in ("direct", "stock"):
        found.append("LIVE_WIRE is direct or stock.")
    if chosen["LOG_FORMAT"] not in ("text", "json"):
        found.append("LOG_FORMAT is text or json.")
    if chosen["LOG_LEVEL"] not in LOG_LEVELS:
        found.append(f"LOG_LEVEL is one of {', '.join(LOG_LEVELS)}.")
    token = chosen["METRICS_TOKEN"]
    if token and len(str(token)) < WEAK_SECRET:
        found.append(f"METRICS_TOKEN is too short: {WEAK_SECRET} characters or more.")
    redis = chosen["REDIS_URL"]
    if redis and urlsplit(redis).scheme not in ("redis", "rediss"):
        found.append("REDIS_URL must begin with redis:// or rediss://.")
    smtp = chosen["SMTP_URL"]
    if smtp and urlsplit(smtp).scheme not in ("smtp", "smtps"):
        found.append("SMTP_URL must begin with smtp:// or smtps://.")
    found += _files_contradictions(chosen)
    found += _bounce_contradictions(chosen)
    found += _stage_contradictions(chosen)
    found += _sms_contradictions(chosen)
    if chosen["DEMO"] and str(chosen["PUBLIC_URL"]).startswith("https://"):
        found.append("DVB_DEMO=1 lets everybody in as anybody: it cannot run on a public https address.")
    if chosen["DEMO"] and not chosen["HAS_PUBLIC_URL"] and not _is_loopback(chosen["HOST"]):
        found.append(
            "DVB_DEMO=1 lets everybody in as anybody, and HOST lets other machines in. Leave HOST at 127.0.0.1, "
            "or say that you mean it: PUBLIC_URL=http://… with the address they type."
        )
    return found


def _files_contradictions(chosen: Mapping[str, Any]) -> list[str]:
    url = str(chosen["FILES_URL"] or "")
    parts = urlsplit(url)
    if not url or (parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")):
        return []
    bucket = parts.path.strip("/").partition("/")[0]
    is_whole = (
        parts.scheme in ("s3", "s3+http")
        and parts.hostname
        and parts.username
        and parts.password
        and re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}", unquote(bucket))
    )
    if not is_whole:
        return [
            "FILES_URL must look like file:///srv/files or s3://key:secret@s3.example.org/bucket?region=name; in"
            " a key / is written as %2F."
        ]
    if importlib.util.find_spec("minio") is None:
        return ["FILES_URL with s3:// needs one more package: pip install 'dagvandebuurt[s3]'."]
    return []


def _bounce_contradictions(chosen: Mapping[str, Any]) -> list[str]:
    found = []
    address = str(chosen["MAIL_BOUNCE_ADDRESS"] or "bounces+{tag}@example.org")
    plain = address.replace("{tag}", "a" * BOUNCE_TAG)
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+@[A-Za-z0-9.-]+", plain):
        found.append("MAIL_BOUNCE_ADDRESS is one mail address, with {tag} where the tag goes.")
    elif len(plain.rpartition("@")[0]) > LONGEST_LOCAL or address.count("{tag}") > 1:
        room = LONGEST_LOCAL - BOUNCE_TAG
        found.append(f"MAIL_BOUNCE_ADDRESS has {{tag}} once, and at most {room} characters before the @.")
    inbox = urlsplit(str(chosen["MAIL_BOUNCE_INBOX"] or "imaps://user@host"))
    if inbox.scheme not in ("imap", "imaps") or not inbox.hostname or not inbox.username:
        found.append("MAIL_BOUNCE_INBOX must look like imaps://user:password@host/Folder.")
    return found


def _sms_contradictions(chosen: Mapping[str, Any]) -> list[str]:
    if not chosen["SMS_GATEWAY"]:
        return []
    found = []
    if chosen["SMS_GATEWAY"] not in SMS_GATEWAYS:
        found.append(f"SMS_GATEWAY is one of {', '.join(SMS_GATEWAYS)}.")
    missing = [name for name in ("SMS_KEY", "SMS_FROM", "SMS_SECRET") if not chosen[name]]
    if missing:
        found.append(f"SMS_GATEWAY needs {', '.join(missing)} too.")
    if chosen["SMS_FROM"] and not re.fullmatch(r"\+?[0-9]{3,15}|[A-Za-z0-9 ]{3,11}", str(chosen["SMS_FROM"])):
        found.append("SMS_FROM is a number, or a name of 3 to 11 letters and digits.")
    if chosen["SMS_SECRET"] and not re.fullmatch(r"[A-Za-z0-9_-]{32,}", str(chosen["SMS_SECRET"])):
        found.append(f"SMS_SECRET has {WEAK_SECRET} letters and digits or more: it is part of an address.")
    url = urlsplit(str(chosen["SMS_URL"] or "https://none"))
    if url.scheme != "https" and url.hostname not in ("127.0.0.1", "localhost"):
        found.append("SMS_URL must begin with https://.")
    if chosen["SMS_PER_DAY"] < 1:
        found.append("SMS_PER_DAY is a whole number, 1 or more.")
    return found


def _stage_contradictions(chosen: Mapping[str, Any]) -> list[str]:
    found = []
    for name, needed in MEETINGS.items():
        given = [part for part in needed if chosen[part]]
        if given and len(given) < len(needed):
            found.append(f"{name} needs all of {', '.join(needed)}, or none of them.")
        url = urlsplit(str(chosen[needed[0]] or "https://none"))
        # Secrets and tokens are never sent unencrypted, except on loopback.
        if url.scheme != "https" and url.hostname not in ("127.0.0.1", "localhost"):
            found.append(f"{needed[0]} must begin with https://.")
    weak = chosen["JITSI_SECRET"]
    if weak and len(str(weak)) < WEAK_SECRET:
        found.append(f"JITSI_SECRET is too short: {WEAK_SECRET} characters or more (RFC 7518, 3.2).")
    return found


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _hosts(named: str) -> list[str]:
    return [host.lower() for host in _parts(named)]


def _parts(listed: str) -> list[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def _database_url(url: str | None, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'dagvandebuurt.db'}"
    # One driver: psycopg 3, which works together with gevent.
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _demo_key(data: Path) -> str:
    """Return the demo's own key, made once, so that a restart logs nobody out."""
    path = data / "demo-secret-key"
    if not path.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()
