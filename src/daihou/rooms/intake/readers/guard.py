"""Workbooks are unpacked with care: declared size, real size, formulas, entities."""

import io
import re
import struct
import zipfile
import zlib

from daihou.rooms.intake.findings import FileProblem

LIMIT = 600 * 2**20
RATIO = 300
SMALL = 20 * 2**20
ENTRIES = 5_000

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >][^<]*?>?([^<]{1,4000})</(?:\w+:)?f>", re.DOTALL)
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]+[0-9]+)"')
# What runs something, reaches out, or reads a file: DDE (`cmd|'/c'!A1`), web calls.
_COMMAND = re.compile(
    rb"\||\b(?:HYPERLINK|WEBSERVICE|FILTERXML|IMPORT\w*|DDE\w*|CALL|EXEC|REGISTER"
    rb"(?:\.ID)?|RTD|INDIRECT|cmd|powershell|mshta|rundll32)\b",
    re.IGNORECASE,
)


def check_workbook(data: bytes) -> None:
    """Raise FileProblem for a bomb, an entity trick or a formula like a command."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise FileProblem("broken_workbook", detail=str(error)) from error
    entries = archive.infolist()
    declared = sum(entry.file_size for entry in entries)
    _judge(declared, packed=len(data), entries=len(entries))
    real = 0
    for entry in entries:
        content = _unpack(data, entry, room=LIMIT - real)
        real += len(content)
        _judge(real, packed=len(data), entries=len(entries))
        name = entry.filename.lower()
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content[:4096]:
            raise FileProblem("broken_workbook", detail=f"DOCTYPE in {entry.filename}")
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _refuse_commands(content, sheet=name.rsplit("/", 1)[-1])
        if name.startswith("xl/externallinks/") and b"ddeLink" in content:
            raise FileProblem(
                "workbook_formula", cell="-", sheet=entry.filename, value="DDE"
            )


def _judge(size: int, *, packed: int, entries: int) -> None:
    bloated = size > SMALL and size > RATIO * packed
    if size > LIMIT or bloated or entries > ENTRIES:
        limit = f"{(LIMIT if size > LIMIT else SMALL) / 2**20:.0f} MiB"
        raise FileProblem("zip_bomb", value=f"{size / 2**20:.0f} MiB", limit=limit)


def _unpack(data: bytes, entry: zipfile.ZipInfo, *, room: int) -> bytes:
    """The real content, whatever the directory claims its size to be."""
    offset = entry.header_offset
    if data[offset : offset + 4] != b"PK\x03\x04":
        raise FileProblem("broken_workbook", detail=f"no entry {entry.filename}")
    name_length, extra_length = struct.unpack_from("<HH", data, offset + 26)
    begins = offset + 30 + name_length + extra_length
    packed = data[begins : begins + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise FileProblem("broken_workbook", detail=f"packed as {entry.compress_type}")
    reader = zlib.decompressobj(-15)
    try:
        content = reader.decompress(packed, room + 1)
    except zlib.error as error:
        raise FileProblem("broken_workbook", detail=str(error)) from error
    if len(content) > max(entry.file_size, 0) and len(content) > SMALL:
        raise FileProblem(
            "zip_bomb",
            value=f"> {len(content) / 2**20:.0f} MiB",
            limit=f"{entry.file_size} B",
        )
    return content


def _refuse_commands(content: bytes, *, sheet: str) -> None:
    for match in _FORMULA.finditer(content):
        formula = match.group(1)
        if not _COMMAND.search(formula):
            continue
        cells = _CELL.findall(content, 0, match.start())
        raise FileProblem(
            "workbook_formula",
            cell=cells[-1].decode() if cells else "?",
            sheet=sheet,
            value="=" + formula.decode(errors="replace")[:80],
        )
