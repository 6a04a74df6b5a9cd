"""QR codes."""

from __future__ import annotations

import segno


def qr_svg(text: str) -> str:
    """A QR code of the text (at most some 2,000 characters) as an SVG element without a size of its own: black on white, with its margin.

    Raises ValueError for a text that is too long for one.
    """
    made = segno.make(text, error="m", micro=False)
    return str(made.svg_inline(omitsize=True, border=3, light="#fff", svgclass="qr", lineclass=None))
