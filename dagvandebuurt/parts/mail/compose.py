"""Mail composition: a template folder rendered in the recipient's language."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import css_inline
from flask import current_app

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.parts.mail.hooks import OwnWords, words_of_the_organiser
from dagvandebuurt.parts.mail.models import Priority

_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Letter:
    """Rendered message, ready for the outbox."""

    kind: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    priority: Priority = Priority.OWN
    invitation: "Invitation | None" = None
    link_id: UUID | None = None  # the personal link in it


@dataclass(frozen=True)
class Invitation:
    """Calendar invitation: an iTIP message and its METHOD."""

    method: str
    calendar: bytes


def write(kind: str, *, to: str, to_name: str, language: str, topic: str = "", **values: Any) -> Letter:
    """Render `templates/email/<kind>/{subject.txt,body.txt,body.html}` in the reader's language, with what the
    organiser adds to mails on this `topic` (otherwise: of this kind).

    `{{ link(path) }}` in a template gives an absolute address: it starts with PUBLIC_URL, never with a Host
    header (Indico CVE-2021-30185).
    """
    values = {"off": None, **values, "link": _link, "name": to_name, "language": language}
    with speaking(language):
        own = values["own"] = next(iter(words_of_the_organiser(topic or kind)), OwnWords())
        subject = " ".join(_render(f"email/{kind}/subject.txt", values).split())
        if current_app.config["REHEARSAL"]:
            subject = f"[{_('Repetitie')}] {subject}"
        text = f"{_render(f'email/{kind}/body.txt', values).strip()}\n{_foot(values['off'])}\n"
        html = _inliner.inline(_render(f"email/{kind}/body.html", values))
    headers = {"Reply-To": own.reply_to} if own.reply_to else {}
    return Letter(kind, to, to_name, subject, text, html, headers)


def _render(template: str, values: dict[str, Any]) -> str:
    """Render without the request context of pages: mails are also written outside of a request."""
    return current_app.jinja_env.get_template(template).render(values)


def _foot(off: str | None) -> str:
    """Return the footer of each mail: links to the preferences and to unsubscribe."""
    change = f"{_('Je naam verbeteren, sessies wisselen of je afmelden?')} {_link('/mijn')}"
    return f"{change}\n{_('Deze mails niet meer?')} {_link(off)}" if off else change


def _link(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"
