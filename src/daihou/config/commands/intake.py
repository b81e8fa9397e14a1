"""Take files in: CSV, XLSX or Parquet, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _files, _language, _night

if TYPE_CHECKING:
    from datetime import date

    from daihou.rooms.intake.door import Fault, Order, Outcome

_WORDS = {
    "en": {
        "applied": "Taken in.",
        "refused": "Refused; nothing was changed.",
        "known": "These files were taken in before; nothing was changed.",
        "plan": "Only a plan; nothing was written.",
        "heads": ("table", "added", "changed", "unchanged", "refused"),
        "faults": ("file", "line", "column", "value", "wrong", "right"),
        "errors": "Rows to correct and send again:",
        "more": "... and more: {counts}",
        "filled": "filled",
        "begun": "The book begins to live on {on}; --business-date names another day.",
        "no_file": "No such file: {names}",
        "same_name": "Two files have the same name; rename one of them.",
        "no_table": "No table {name}. There are: {known}",
        "source": "Name the system that sends: --source NAME (1 to 40, no /).",
        "total": "Write a control total as --total COLUMN=AMOUNT.",
        "total_number": "A control total is a number, as 1234.50.",
    },
    "zh": {
        "applied": "已接入。",
        "refused": "未接受，数据没有任何变动。",
        "known": "这些文件此前已接入，没有任何变动。",
        "plan": "仅为预演，没有写入。",
        "heads": ("表", "新增", "变更", "未变", "拒收"),
        "faults": ("文件", "行号", "列", "值", "问题", "应为"),
        "errors": "请更正后重新发送：",
        "more": "……共计：{counts}",
        "filled": "填充率",
        "begun": "账簿自 {on} 起运行；如需其他日期，请用 --business-date 指定。",
        "no_file": "没有这个文件：{names}",
        "same_name": "有两个文件同名，请给其中一个改名。",
        "no_table": "没有 {name} 这张表。可用的表：{known}",
        "source": "请用 --source 名称 写明来源系统（1 至 40 个字符，不含 /）。",
        "total": "控制总额请写成 --total 列名=金额。",
        "total_number": "控制总额须是数字，如 1234.50。",
    },
}


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

    words = _WORDS[given["language"]]
    try:
        order = _order(given, words)
    except door.MappingError as error:
        raise click.UsageError(error.say(given["language"])) from None
    try:
        if given["preview"]:
            tables, faults = door.preview(order, language=given["language"])
            _show_preview(tables, words)
            _show_faults(faults, words)
            ctx.exit(1 if any(fault.is_error for fault in faults) else 0)
        outcome = _take(order, given, _open_day(given))
    except door.MappingError as error:
        raise click.ClickException(error.say(given["language"])) from None
    _show(outcome, words)
    _begin(outcome, words)
    _copy_errors(outcome, given["errors"], words)
    ctx.exit(1 if outcome.state == door.BatchState.REFUSED else 0)


def _order(given: dict[str, Any], words: Any) -> "Order":
    """The order; what cannot be asked at all is a usage error."""
    from django.conf import settings

    from daihou.rooms.intake import door
    from daihou.tables.intake import TABLES

    missing = [str(path) for path in given["files"] if not path.is_file()]
    if missing:
        raise click.UsageError(words["no_file"].format(names=", ".join(missing)))
    names = [path.name for path in given["files"]]
    if len(set(names)) < len(names):
        raise click.UsageError(words["same_name"])
    if given["table"] and given["table"] not in TABLES:
        raise click.UsageError(
            words["no_table"].format(name=given["table"], known=", ".join(TABLES))
        )
    mapping = None
    if given["mapping_name"]:
        folders = settings.INTAKE_MAPPINGS
        mapping = door.load(door.find(given["mapping_name"], folders=folders))
    source = given["source"] or (mapping.source if mapping else "")
    if not _sender(source, words):
        raise click.UsageError(words["source"])
    return door.Order(
        files=[(path, path.name) for path in given["files"]],
        source=source,
        mapping=mapping,
        table=given["table"],
        encoding=given["encoding"],
        control=_control(given, words),
        accept_good=given["accept_good"],
        loans_of=_sender(given["loans_of"], words),
    )


def _sender(name: str, words: Any) -> str:
    if len(name) > 40 or "/" in name:
        raise click.UsageError(words["source"])
    return name


def _control(given: dict[str, Any], words: Any) -> Any:
    from daihou.rooms.intake import door

    pairs = [total.partition("=") for total in given["totals"]]
    if any(not mark for _, mark, _ in pairs):
        raise click.UsageError(words["total"])
    try:
        return door.control(given["rows"], {key: value for key, _, value in pairs})
    except ValueError:
        raise click.UsageError(words["total_number"]) from None


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


def _begin(outcome: "Outcome", words: Any) -> None:
    """A book that was just taken in begins to live today, unless it does already."""
    from daihou.config import clock
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.intake import door

    taken = outcome.state == door.BatchState.APPLIED and not outcome.planned
    if not taken or dayend.business_date() is not None:
        return
    today = clock.today()
    dayend.set_business_date(on=today, by="command line", at=clock.now())
    click.echo(words["begun"].format(on=today))


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
                language=given["language"],
                plan=given["plan"],
                say=lambda step: progress.update(bar, description=step),
            ),
        )


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


def _show(outcome: "Outcome", words: Any) -> None:
    click.echo(words[outcome.state])
    if outcome.planned:
        click.echo(words["plan"])
    names = dict.fromkeys([*outcome.tables, *outcome.refused])
    rows = []
    for name in names:
        count = outcome.tables.get(name)
        three = (count.added, count.changed, count.unchanged) if count else (0, 0, 0)
        figures = [*three, outcome.refused.get(name, 0)]
        rows.append([name, *(f"{figure:,}" for figure in figures)])
    if rows:
        _table(words["heads"], rows, numbers=4)
    _show_faults(outcome.faults, words, outcome.codes)


def _show_faults(faults: "Any", words: Any, codes: Any = None) -> None:
    shown: list[Fault] = list(faults)[:20]
    if not shown:
        return
    rows = [
        [f.file, str(f.line or ""), f.column, f.value[:40], f.problem, f.right]
        for f in shown
    ]
    _table(words["faults"], rows)
    if codes and sum(codes.values()) > len(shown):
        counts = ", ".join(f"{code} {count:,}" for code, count in codes.items())
        click.echo(words["more"].format(counts=counts))


def _show_preview(tables: Any, words: Any) -> None:
    for one in tables:
        click.echo(f"{one.table}: {one.size:,}")
        rows = [
            [name + ("*" if name in one.required else ""), f"{one.filled[name]:.1f} %"]
            for name in one.columns
        ]
        _table(("", words["filled"]), rows, numbers=1)
        _table(tuple(one.columns), [list(row) for row in one.rows])


def _copy_errors(outcome: "Outcome", out: Path | None, words: Any) -> None:
    """Say where the error files are; `out` gets a copy, a folder if there are more."""
    import shutil

    if not outcome.error_files:
        return
    click.echo(words["errors"])
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
