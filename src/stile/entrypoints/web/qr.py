"""A link as a QR code: one SVG path without a style attribute, so that the content security policy holds."""

from markupsafe import Markup

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004); with fewer, cameras miss it."""


def svg(text: str, label: str = "The link as a QR code") -> Markup:
    """Dark on white in light and in dark pages: an inverted code is not read by every phone."""
    import qrcode  # only reception makes codes, and starting need not wait for it
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{2}"'
        ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{1}"/></svg>'
    ).format(len(rows), path, label)
