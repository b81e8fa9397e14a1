"""A document as a Word file that a person may go on writing in."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from daihou.kit.watermark import Mark
from daihou.rooms.reporting.pages.reports.document import Document, Section

FACE = "Noto Sans CJK SC"  # of Chinese; Word takes the nearest it has


def as_word(document: Document, *, mark: Mark) -> bytes:
    """The document in Word's form, the mark on the foot of every page."""
    from docx import Document as Blank
    from docx.shared import Pt

    made = Blank()
    style = made.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(10)
    _chinese(style)
    made.add_heading(document.title, level=0)
    for line in document.about:
        made.add_paragraph(line)
    for section in document.sections:
        _section(made, section)
    for line in document.foot:
        made.add_paragraph(line)
    made.sections[0].footer.paragraphs[0].text = mark.line
    kept = made.core_properties
    kept.title, kept.author, kept.comments = document.title, mark.by, mark.line
    kept.keywords = mark.request_id
    kept.created = kept.modified = _plain(mark.at)
    kept.last_modified_by = mark.by
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _plain(at: datetime) -> datetime:
    return at.replace(tzinfo=None, microsecond=0)


def _chinese(style: Any) -> None:
    """Word keeps the face of Chinese apart from that of Latin letters."""
    from docx.oxml.ns import qn

    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)


def _section(made: Any, section: Section) -> None:
    made.add_heading(section.title, level=1)
    if section.bare:
        made.add_paragraph(section.empty)
        return
    for name, value in section.facts:
        line = made.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    for sentence in section.sentences:
        made.add_paragraph(sentence)
    if section.rows:
        _table(made, section)


def _table(made: Any, section: Section) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = made.add_table(rows=1, cols=len(section.heads), style="Table Grid")

    def fill(cells: Any, texts: Sequence[str], *, bold: bool = False) -> None:
        for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = bold
            if place in section.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    fill(table.rows[0].cells, section.heads, bold=True)
    for row in section.rows:
        fill(table.add_row().cells, row)
