"""HTML of a mail for a sandboxed frame in the mailbox of the demo, under the same strict policy as every page.

A mail carries its styles in attributes, because many mail programs read no others. They are moved into one style
element with a nonce; three times the same attribute selector weighs more than any selector of a mail, as an
attribute would. Links open outside the frame.
"""

import html
import re

_STYLED = re.compile(r' style="([^"<>]*)"')


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of the frame: no script, no form, nothing of elsewhere."""
    return (
        f"default-src 'none'; img-src 'self'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
    )


def framed(mail: str, *, nonce: str, public: str) -> str:
    """Return the document to show. Links to `public` lead to the address that the reader uses."""
    styles: dict[str, int] = {}

    def moved(match: re.Match[str]) -> str:
        return f' data-look="{styles.setdefault(html.unescape(match[1]), len(styles))}"'

    body = _STYLED.sub(moved, mail).replace("<style", f'<style nonce="{nonce}"')
    rules = "".join(f"{_selector(number)}{{{style}}}" for style, number in styles.items())
    added = f'<base target="_top"><style nonce="{nonce}">{rules}</style></head>'
    return body.replace("</head>", added, 1).replace(f'href="{public}/', 'href="/')


def _selector(number: int) -> str:
    return f'[data-look="{number}"]' * 3
