"""QR codes as pictures in the page: for a phone that points at a screen or at paper."""

import io

import segno
from markupsafe import Markup


def qr_code(url: str, label: str) -> Markup:
    """An inline SVG of `url` with `label` as its title. Presentation attributes only: the page's
    policy refuses styles. Error correction M: a scratch or a fold does not matter."""
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        title=label,
        svgclass="qr",
        lineclass="qr__dots",
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of an address of ours


def svg_of(url: str) -> str:
    """The same as a picture of its own, for paper."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=0)
    return out.getvalue().decode()
