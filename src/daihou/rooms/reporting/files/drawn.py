"""A chart as a drawing of its own, with everything it needs inside."""

from django.template.loader import render_to_string

from daihou.kit.watermark import Mark
from daihou.rooms.reporting.files.lab_book import Taken
from daihou.rooms.reporting.pages.lab import Page


def svg(page: Page, *, mark: Mark) -> Taken | None:
    """The drawing of a page as an SVG that stands alone; None where it has none.

    It carries its own colours, its definition and the mark of who took it out.
    """
    shown = page.chart or (page.forecast.drawing if page.forecast else None)
    flow = page.roll.drawing if page.roll else None
    if shown is None and flow is None:
        return None
    context = {"chart": shown, "flow": flow, "page": page, "mark": mark.line}
    drawing = render_to_string("reporting/alone.svg", context)
    return Taken(drawing.encode(), page.fingerprint)
