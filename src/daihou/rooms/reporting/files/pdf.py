"""A document as PDF, set by WeasyPrint with the Chinese faces of the system."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.kit.watermark import Mark
from daihou.rooms.reporting.pages.reports.document import Document

PAPER = "reporting/reports/paper.html"


@cache
def _writer() -> type | None:
    """WeasyPrint, where the libraries of the system it stands on are there."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        return None
    found: type = HTML
    return found


def as_pdf(document: Document, *, mark: Mark) -> bytes:
    """The document on A4, the mark on the foot of every page.

    Refused with what to install where the system lacks the libraries; nothing is
    fetched from anywhere while it is set.
    """
    writer = _writer()
    if writer is None:
        raise Refused(
            "pdf_unavailable",
            _(
                "This machine cannot set a PDF: install Pango and a Chinese face"
                " (on Debian: libpango-1.0-0 libpangocairo-1.0-0 fonts-noto-cjk). Word"
                " works without them."
            ),
        )
    context = {
        "document": document,
        "mark": mark.line,
        "language": get_language() or "zh-hans",
    }
    text = render_to_string(PAPER, context)
    content: bytes = writer(string=text, url_fetcher=_nothing).write_pdf()
    return content


def _nothing(url: str, *_args: object, **_more: object) -> dict[str, object]:
    """What is set never fetches: neither pictures nor faces."""
    raise ValueError(f"nothing is fetched for a document: {url}")
