"""Take files in: CSV, XLSX or Parquet, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _files, _language, _night
from daihou.kit import speech
from daihou.kit.speech import gettext, gettext_noop

if TYPE_CHECKING:
    from datetime import date

    from daihou.rooms.intake.door import Fault, Order, Outcome
_ENDS = {
    "applied": gettext_noop("Taken in."),
    "refused": gettext_noop("Refused; nothing was changed."),
    "known": gettext_noop("These files were taken in before; nothing was changed."),
}
_COUNTS = (
    gettext_noop("table"),
    gettext_noop("added"),
    gettext_noop("changed"),
    gettext_noop("unchanged"),
    gettext_noop("refused"),
)
_FAULTS = (
    gettext_noop("file"),
    gettext_noop("line"),
    gettext_noop("column"),
    gettext_noop("value"),
    gettext_noop("wrong"),
    gettext_noop("right"),
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", default="", help="The system that sends, always the same.")
@click.option(
    "--mapping", "mapping_name", default="", help="A mapping file, or its name."
)
@click.option("--loans-of", default="", help="Rows mean loans of this other source.")
@click.option("--table", default="", help="The table, where the name does not say it.")
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), help="Of a CSV.")
@click.option("--plan", is_flag=True, help="Show what would change; write nothing.")
@click.option("--preview", is_flag=True, help="Show 20 mapped rows and % filled.")
@click.option("--accept-good", is_flag=True, help="Take good rows, refuse bad ones.")
@click.option("--rows", type=int, help="Control: how many rows were sent.")
@click.option("--total", "totals", multiple=True, help="Control: COLUMN=AMOUNT.")
@click.option(
    "--business-date",
    type=_night.DATE,
    help="Of a book no day of which is closed: its open day (default: today).",
)
@click.option("--errors", type=_files.FILE_OR_FOLDER, help="Copy errors here.")
@_language.option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Take FILES in. Exit code 0: done (or known before), 1: refused, 2: usage.

    A file is named after its table (customers.csv, loans.xlsx, payments.parquet); a
    workbook may have one sheet per table; --mapping turns any other layout into the
    contract. Control totals come from FILE.control.json, from a last line
    `#control,rows=N,COLUMN=AMOUNT`, or from --rows and --total.
    """
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.intake import door

    try:
        order = _order(given)
    except door.MappingError as error:
        from daihou.config import clock

        on = _open_day({**given, "plan": True})
        door.in_mapping(
            error, deed=door.Deed(by="command line", at=clock.now(), business_date=on)
        )
        raise click.UsageError(error.say(speech.language())) from None
    try:
        if given["preview"]:
            tables, faults = door.preview(order, language=speech.language())
            _show_preview(tables)
            _show_faults(faults)
            ctx.exit(1 if any(fault.is_error for fault in faults) else 0)
        outcome = _take(order, given, _open_day(given))
    except door.MappingError as error:
        raise click.ClickException(error.say(speech.language())) from None
    _show(outcome)
    _begin(outcome)
    _copy_errors(outcome, given["errors"])
    ctx.exit(1 if outcome.state == door.BatchState.REFUSED else 0)


def _order(given: dict[str, Any]) -> "Order":
    """The order; what cannot be asked at all is a usage error."""
    from django.conf import settings

    from daihou.rooms.intake import door
    from daihou.tables.intake import TABLES

    missing = [str(path) for path in given["files"] if not path.is_file()]
    if missing:
        raise click.UsageError(
            gettext("No such file: %(names)s") % {"names": ", ".join(missing)}
        )
    names = [path.name for path in given["files"]]
    if len(set(names)) < len(names):
        raise click.UsageError(
            gettext("Two files have the same name; rename one of them.")
        )
    if given["table"] and given["table"] not in TABLES:
        raise click.UsageError(
            gettext("No table %(name)s. There are: %(known)s")
            % {"name": given["table"], "known": ", ".join(TABLES)}
        )
    mapping = None
    if given["mapping_name"]:
        folders = settings.INTAKE_MAPPINGS
        mapping = door.load(door.find(given["mapping_name"], folders=folders))
    source = given["source"] or (mapping.source if mapping else "")
    if not _sender(source):
        raise _no_sender()
    return door.Order(
        files=[(path, path.name) for path in given["files"]],
        source=source,
        mapping=mapping,
        table=given["table"],
        encoding=given["encoding"],
        control=_control(given),
        accept_good=given["accept_good"],
        loans_of=_sender(given["loans_of"]),
    )


def _sender(name: str) -> str:
    if len(name) > 40 or "/" in name:
        raise _no_sender()
    return name


def _no_sender() -> click.UsageError:
    return click.UsageError(
        gettext("Name the system that sends: --source NAME (1 to 40, no /).")
    )


def _control(given: dict[str, Any]) -> Any:
    from daihou.rooms.intake import door

    pairs = [total.partition("=") for total in given["totals"]]
    if any(not mark for _, mark, _ in pairs):
        raise click.UsageError(
            gettext("Write a control total as --total COLUMN=AMOUNT.")
        )
    try:
        return door.control(given["rows"], {key: value for key, _, value in pairs})
    except ValueError:
        raise click.UsageError(
            gettext("A control total is a number, as 1234.50.")
        ) from None


def _open_day(given: dict[str, Any]) -> "date":
    """The open day: the one there is, or that a new book shall begin on."""
    from daihou.config import clock
    from daihou.kit.refusal import Refused
    from daihou.rooms.dayend import door as dayend

    asked, day = _night.day(given["business_date"]), dayend.business_date()
    if asked is None:
        return day.on if day else clock.today()
    if not given["plan"] and not given["preview"]:
        try:
            dayend.set_business_date(
                on=asked,
                by="command line",
                at=clock.now(),
                simulated=asked > clock.today(),
            )
        except Refused as refused:
            raise click.UsageError(str(refused)) from None
    return asked


def _begin(outcome: "Outcome") -> None:
    """A book that was just taken in begins to live today, unless it does already."""
    from daihou.config import clock
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.intake import door

    taken = outcome.state == door.BatchState.APPLIED and not outcome.planned
    if not taken or dayend.business_date() is not None:
        return
    today = clock.today()
    dayend.set_business_date(on=today, by="command line", at=clock.now())
    told = gettext(
        "The book begins to live on %(on)s; --business-date names another day."
    )
    click.echo(told % {"on": today})


def _take(order: "Order", given: dict[str, Any], on: "date") -> "Outcome":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TimeElapsedColumn

    from daihou.config import clock
    from daihou.rooms.intake import door

    console = Console(stderr=True)
    columns = (SpinnerColumn(), "{task.description}", BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=None)
        return door.take_files(
            order,
            door.Deed(
                by="command line",
                at=clock.now(),
                now=clock.now,
                business_date=on,
                language=speech.language(),
                plan=given["plan"],
                say=lambda step: progress.update(bar, description=step),
            ),
        )


def _heads(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(gettext(word) for word in words)


def _table(heads: tuple[str, ...], rows: list[list[str]], numbers: int = 0) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if 0 < place <= numbers else "left")
    for row in rows:
        table.add_row(*row)
    console = Console(markup=False)
    if not console.is_terminal:
        console.width = 240
    console.print(table)


def _show(outcome: "Outcome") -> None:
    click.echo(gettext(_ENDS[outcome.state]))
    if outcome.planned:
        click.echo(gettext("Only a plan; nothing was written."))
    names = dict.fromkeys([*outcome.tables, *outcome.refused])
    rows = []
    for name in names:
        count = outcome.tables.get(name)
        three = (count.added, count.changed, count.unchanged) if count else (0, 0, 0)
        figures = [*three, outcome.refused.get(name, 0)]
        rows.append([name, *(f"{figure:,}" for figure in figures)])
    if rows:
        _table(_heads(_COUNTS), rows, numbers=4)
    _show_faults(outcome.faults, outcome.codes)


def _show_faults(faults: "Any", codes: Any = None) -> None:
    shown: list[Fault] = list(faults)[:20]
    if not shown:
        return
    rows = [
        [f.file, str(f.line or ""), f.column, f.value[:40], f.problem, f.right]
        for f in shown
    ]
    _table(_heads(_FAULTS), rows)
    if codes and sum(codes.values()) > len(shown):
        counts = ", ".join(f"{code} {count:,}" for code, count in codes.items())
        click.echo(gettext("... and more: %(counts)s") % {"counts": counts})


def _show_preview(tables: Any) -> None:
    for one in tables:
        click.echo(f"{one.table}: {one.size:,}")
        rows = [
            [name + ("*" if name in one.required else ""), f"{one.filled[name]:.1f} %"]
            for name in one.columns
        ]
        _table(("", gettext("filled")), rows, numbers=1)
        _table(tuple(one.columns), [list(row) for row in one.rows])


def _copy_errors(outcome: "Outcome", out: Path | None) -> None:
    """Say where the error files are; `out` gets a copy, a folder if there are more."""
    import shutil

    if not outcome.error_files:
        return
    click.echo(gettext("Rows to correct and send again:"))
    for path in outcome.error_files.values():
        if out is not None:
            target = out
            if out.is_file() and len(outcome.error_files) > 1:
                target = out.with_name(f"{out.stem}-{path.name}")
            elif len(outcome.error_files) > 1 or out.is_dir():
                out.mkdir(parents=True, exist_ok=True)
                target = out / path.name
            shutil.copyfile(path, target)
            path = target
        click.echo(f"  {path}")
