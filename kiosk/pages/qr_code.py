"""QR codes of the pages, as inline SVG."""

import io


def qr_svg(text: str) -> str:
    """Return a QR code (error correction M) as SVG without a size; the style sheet sets the size."""
    import segno  # 5 ms of a start; the first pages have no code

    svg = io.BytesIO()
    segno.make_qr(text, error="m").save(svg, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return svg.getvalue().decode()
