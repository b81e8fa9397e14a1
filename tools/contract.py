"""The page of the data contract, printed from `daihou.tables.intake` and the phrases."""

from daihou.rooms.intake.phrases import CELL, FILE, ROW, Phrase
from daihou.tables.intake import KEYS, TABLES, Column

MARK = "<!-- Made by `make docs`; do not edit. -->\n"
KINDS = {
    "id": "the sender's own id, at most 200 characters",
    "text": "text",
    "enum": "one of the values given",
    "date": "a date, `2026-11-20`",
    "instant": (
        "a date and time, `2026-11-20T14:42:00+08:00`; without a zone, the lender's"
    ),
    "money": "a decimal amount in major units, no more decimals than the currency has",
    "rate": "a yearly rate as a share: 0.144 is 14.4 %",
    "decimal": "a decimal number",
    "integer": "a whole number",
    "flag": "`true` or `false`",
}


def contract_page() -> str:
    """Every table, its columns and its key; then every fault that is named."""
    lines = [
        MARK,
        "# The data contract 数据契约",
        "",
        "Files and mappings carry these tables. `*` is required, `!` is personal data.",
        "Columns beyond these are kept as attributes. A row is known again by its key.",
        "",
        "| kind | is |",
        "|---|---|",
        *(f"| {kind} | {meaning} |" for kind, meaning in KINDS.items()),
    ]
    for table, columns in TABLES.items():
        lines += ["", f"## {table}", "", f"Key: {', '.join(KEYS[table])}", ""]
        lines += [
            "| column | kind | values, or the table it refers to |",
            "|---|---|---|",
        ]
        lines += [_row(column) for column in columns]
    lines += ["", "# What is found wrong 问题代码", ""]
    lines += ["A warning does not keep a row out.", ""]
    for title, phrases in (("File", FILE), ("Cell", CELL), ("Row", ROW)):
        lines += [
            "",
            f"## {title}",
            "",
            "| code | what is wrong | 问题 |",
            "|---|---|---|",
        ]
        lines += [_phrase(code, phrase) for code, phrase in phrases.items()]
    return "\n".join(lines) + "\n"


def _row(column: Column) -> str:
    marks = ("*" if column.required else "") + ("!" if column.personal else "")
    more = ", ".join(column.choices)
    if column.refers_to:
        more = f"→ {column.refers_to}"
    return f"| {column.name}{marks} | {column.kind} | {more} |"


def _phrase(code: str, phrase: Phrase) -> str:
    warning = "" if phrase.is_error else " (warning)"
    cells = (f"`{code}`{warning}", phrase.en, phrase.zh)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
