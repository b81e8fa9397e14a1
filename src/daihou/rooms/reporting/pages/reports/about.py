"""What stands beside every report that leaves the house: what it is and rests on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from daihou.engine.metrics.dictionary import metric
from daihou.kit import numbers
from daihou.kit.watermark import Mark
from daihou.rooms.grading import door as grading
from daihou.rooms.reporting.pages.reports import causes, cells
from daihou.rooms.reporting.pages.reports.catalogue import Entry
from daihou.rooms.reporting.pages.reports.report import Report


def conditions(report: Report) -> str:
    """The conditions in force, in words; the whole of what may be seen without any."""
    titles = {
        **causes.cut_words(),
        "bucket": _("Bucket"),
        "by": _("Broken down by"),
        "cols": _("Columns"),
    }
    said = [f"{titles.get(name, name)} = {value}" for name, value in report.conditions]
    return "; ".join(said) or _("everything the reader may see")


def lines(report: Report, entry: Entry, *, mark: Mark) -> Sequence[tuple[str, str]]:
    """The lines of the sheet About, names first."""
    chinese = numbers.is_chinese(cells.language())
    found = [
        (_("Report"), str(entry.title)),
        (_("What it shows"), str(entry.about)),
        (_("As of"), report.as_of.isoformat()),
    ]
    if report.since is not None:
        found.append((_("Since the end of"), report.since.isoformat()))
    found += [(_("Currency"), report.currency), (_("Conditions"), conditions(report))]
    for table in report.tables:
        if table.metric:
            known = metric(table.metric)
            said = known.formula_zh if chinese else known.formula
            found.append((f"{_('Definition')}: {table.title}", f"{known.id}: {said}"))
        if table.note:
            found.append((table.title, table.note))
        if table.problem:
            found.append((f"{table.title}!", table.problem))
    waits = grading.unsettled()
    if waits is not None and waits.since <= report.as_of:
        said = _(
            "From %(day)s on classes are still being worked out; figures of them may"
            " change."
        )
        found.append((_("Classes"), said % {"day": waits.since.isoformat()}))
    if report.doubted:
        found.append((_("Rests on rules nobody verified"), ", ".join(report.doubted)))
    found += [
        (_("Fingerprint of the report"), report.fingerprint),
        (_("Fingerprint of the day"), report.positions),
        (
            _("Names, branches and officers"),
            _("as the register says today; no part of the fingerprint"),
        ),
        (_("Taken out"), mark.line),
    ]
    return found
