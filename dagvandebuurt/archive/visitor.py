"""An anonymous visitor who asks this app for its pages, in one language."""

from contextvars import Context
from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from dagvandebuurt.core.archiving import MARK


@dataclass(frozen=True)
class Answer:
    """What the app answered."""

    status: int
    mimetype: str
    content: bytes


class Visitor:
    """A browser without a login. Every page is asked in an empty context, so that nothing of the request or
    command around it (least of all who is logged in there) reaches the page."""

    def __init__(self, app: Flask, edition_id: UUID, language: str) -> None:
        self._client = app.test_client()
        self._base = str(app.config["PUBLIC_URL"])
        self._mark = {MARK: str(edition_id), "REMOTE_ADDR": "127.0.0.1"}
        Context().run(self._choose, language)

    def ask(self, address: str) -> Answer:
        return Context().run(self._ask, address)

    def _choose(self, language: str) -> None:
        with self._client.session_transaction(base_url=self._base) as cookie:
            cookie["language"] = language

    def _ask(self, address: str) -> Answer:
        with self._client.get(address, base_url=self._base, environ_overrides=self._mark) as response:
            return Answer(response.status_code, response.mimetype or "", response.get_data())
