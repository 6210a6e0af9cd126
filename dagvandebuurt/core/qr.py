"""QR codes as SVG, for screens and paper."""

import io

import segno
from markupsafe import Markup


def qr_code(url: str, label: str) -> Markup:
    """Return an inline SVG of `url` with `label` as its title.

    Presentation attributes only: the page's policy refuses styles. Error correction M survives a scratch or
    a fold.
    """
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
    return Markup(out.getvalue().decode())  # noqa: S704 - built here, from an address of our own


def svg_of(url: str) -> str:
    """Return the same as a stand-alone SVG image, for paper."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=0)
    return out.getvalue().decode()
