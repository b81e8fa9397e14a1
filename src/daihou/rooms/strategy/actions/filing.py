"""Files of strategies: what was taken out is told, what is read becomes a draft."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused, TooLarge
from daihou.rooms.approvals.door import Deed
from daihou.rooms.strategy import document, workbook
from daihou.rooms.strategy.actions.recording import record
from daihou.rooms.strategy.queries import VersionLine
from daihou.rooms.strategy.states import Origin

yaml_of = document.yaml_of


@transaction.atomic
def told_out(line: VersionLine, *, kind: str, deed: Deed) -> None:
    """Write down that a version was taken out as a file."""
    record(
        "exported",
        line.strategy_id,
        deed=deed,
        payload={"version": line.number, "as": kind, "digest": line.digest},
    )


def read(data: bytes, *, name: str, code: str) -> tuple[Mapping[str, Any], Origin]:
    """The content of a file and where it comes from; Refused where it is none."""
    if len(data) > workbook.MOST_BYTES:
        raise TooLarge("file_too_large", _("A strategy's file has up to 5 MB."))
    if name.lower().endswith(".xlsx"):
        return workbook.read(data, code=code), Origin.WORKBOOK
    if name.lower().endswith((".yaml", ".yml")):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused("not_utf8", _("Save the YAML file as UTF-8.")) from None
        return document.of_yaml(text, name=name), Origin.YAML
    raise Refused(
        "file_unknown",
        _("Choose a workbook (.xlsx) or a YAML file (.yaml) as the export writes it."),
        field="file",
    )
