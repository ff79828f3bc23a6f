"""The QR code of a ticket's page, as an SVG without a style of its own."""

from markupsafe import Markup
from qrcode import QRCode, constants  # type: ignore[import-untyped]

QUIET_MODULES = 4
"""The empty border that readers need (ISO/IEC 18004)."""


def qr_svg(text: str) -> Markup:
    """Draw a text as one path, black on white whatever the page's colours."""
    code = QRCode(border=QUIET_MODULES, error_correction=constants.ERROR_CORRECT_M)
    code.add_data(text)
    matrix: list[list[bool]] = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    size = len(matrix)
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" '
        'aria-hidden="true" focusable="false">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{1}"/></svg>'
    ).format(size, dark)
