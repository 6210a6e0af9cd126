"""schema.org data types (JSON-LD): one model for the data in our pages and for API answers."""

from typing import Any

from flask import current_app, url_for
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

# Escaped, so that nothing ends the script element, opens a comment or breaks a line in an old parser.
_HARMLESS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Thing(BaseModel):
    """Base of every type. `type_` is serialised as `@type`; None values are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_mode_override="serialization")

    def as_json(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_none=True)


def as_script(thing: Thing) -> Markup:
    """Serialise `thing` as JSON-LD for a page: data, which browsers do not run."""
    told = f'{{"@context":"https://schema.org",{thing.as_json()[1:]}'.translate(_HARMLESS)
    return Markup(f'<script type="application/ld+json">{told}</script>')  # noqa: S704 - escaped above


def public_url(endpoint: str, **values: Any) -> str:
    """Return the absolute address of a page. Needs a request."""
    return f"{current_app.config['PUBLIC_URL']}{url_for(endpoint, **values)}"
