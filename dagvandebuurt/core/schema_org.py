"""Things in the words of schema.org: as data in a page, and as answers to other sites. One shape for both, so
they cannot tell different stories."""

from typing import Any

from flask import current_app, url_for
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

# In a page nothing of it may end the script, open a comment, or be a line end to an old parser.
_HARMLESS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Thing(BaseModel):
    """Base of every shape. `type_` is `@type` outside; what is None is not told."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_mode_override="serialization")

    def as_json(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_none=True)


def as_script(thing: Thing) -> Markup:
    """`thing` as JSON-LD to stand in a page: data, which browsers do not run."""
    told = f'{{"@context":"https://schema.org",{thing.as_json()[1:]}'.translate(_HARMLESS)
    return Markup(f'<script type="application/ld+json">{told}</script>')  # noqa: S704 - made harmless above


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as others must write it. Needs a request."""
    return f"{current_app.config['PUBLIC_URL']}{url_for(endpoint, **values)}"
