"""Logs of the server: one event, one record, with time, level and request id, as text or JSON.

No record holds personal data: messages name kinds and counts, and statements are logged without parameters
(`core/db.py`).
"""

import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request

HEADER = "X-Request-Id"
SAME_SECONDS = 60.0
MOST_KEPT = 500  # different warnings
OURS = "dagvandebuurt"
# They print what people send, or whom they are, below the level of a warning (`engineio` every packet).
CHATTY = ("engineio", "socketio", "geventwebsocket", "sqlalchemy", "urllib3", "smtplib", "imaplib", "pypdf")
TOLD = re.compile(r"[A-Za-z0-9._-]{8,64}")


class OnceAMinute(logging.Filter):
    """Filter that lets the same warning without a traceback through once a minute, and then says how many
    there were: a database that is away for an hour fills no disk."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING or record.exc_info:
            return True
        key = (record.name, record.getMessage())
        said_at, left_out = self._said.get(key, (float("-inf"), 0))
        if record.created - said_at < SAME_SECONDS:
            self._said[key] = (said_at, left_out + 1)
            return False
        if len(self._said) >= MOST_KEPT:
            self._said.clear()
        self._said[key] = (record.created, 0)
        if left_out:
            record.msg, record.args = f"{key[1]} (and {left_out} times since the last time this was said)", ()
        return True


class OnlyOurs(logging.Filter):
    """Filter that refuses what a library says below a warning, regardless of who turned its logger on: such records
    hold messages of the live room, SQL parameters and mail addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or f"{record.name}.".startswith(f"{OURS}.")


class _Formatter(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{at}.{int(record.msecs):03d}Z"


class Text(_Formatter):
    """`time LEVEL logger [request id] message`, and a traceback below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        request_id = _request_id()
        about = f" [{request_id}]" if request_id else ""
        return f"{self.formatTime(record)} {record.levelname} {record.name}{about} {_line(record.message)}"


class Json(_Formatter):
    """One JSON object a record, on one line, with the traceback in it."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := _request_id():
            said["request_id"] = request_id
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        if record.stack_info:
            said["stack"] = record.stack_info
        return json.dumps(said, ensure_ascii=False)


def formatter_of(settings: Mapping[str, Any]) -> logging.Formatter:
    """Return the formatter that LOG_FORMAT asks for."""
    return Json() if settings["LOG_FORMAT"] == "json" else Text()


def configure(settings: Mapping[str, Any]) -> None:
    """Send the logs of this process to stderr. Only a server does: a command speaks for itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_of(settings))
    handler.addFilter(OnlyOurs())
    handler.addFilter(OnceAMinute())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(settings["LOG_LEVEL"].upper())
    silence_libraries()
    logging.captureWarnings(True)


def silence_libraries() -> None:
    """Take from the loggers of libraries their handlers and every level below a warning.

    `engineio` and `socketio` write past our filter when they are made with `logger=True`: each packet, with
    what people typed, to a handler of their own.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in CHATTY:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.setLevel(max(logger.getEffectiveLevel(), logging.WARNING))
            logger.propagate = True


def init_app(app: Flask) -> None:
    """Give every request an id: the proxy's, where one is trusted, else one of our own."""
    app.before_request(_begin)
    app.after_request(_tell)


def _begin() -> None:
    told = request.headers.get(HEADER, "") if current_app.config["TRUSTED_PROXIES"] else ""
    g.request_id = told if TOLD.fullmatch(told) else uuid4().hex


def _tell(response: Response) -> Response:
    if "request_id" in g and not g.get("is_for_everybody", False):  # a shared cache would give it to others
        response.headers[HEADER] = g.request_id
    return response


def _request_id() -> str:
    return str(g.get("request_id", "")) if has_request_context() else ""


def _line(message: str) -> str:
    return message.replace("\r", "\\r").replace("\n", "\\n")
