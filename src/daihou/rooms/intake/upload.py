"""Files sent by hand: kept only while they are taken in."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from daihou.rooms.intake import door


def mapping_names() -> Sequence[str]:
    """The mappings there are, by name."""
    found = {
        path.stem
        for folder in settings.INTAKE_MAPPINGS
        for path in Path(folder).glob("*.yaml")
    }
    return sorted(found)


def take(
    files: Sequence[UploadedFile],
    *,
    source: str,
    mapping: str,
    accept_good: bool,
    deed: door.Deed,
) -> door.Outcome:
    """Take uploaded files in; MappingError for a mapping that is not there."""
    chosen = None
    if mapping:
        chosen = door.load(door.find(mapping, folders=settings.INTAKE_MAPPINGS))
    inbox = settings.DAIHOU_HOME / "intake" / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=inbox)))
        paths = []
        for number, file in enumerate(files):
            # A name fit for a person may be too long for a file system.
            name = PurePath(file.name or "").name
            path = folder / f"{number}{PurePath(name).suffix[:10]}"
            with path.open("wb") as out:
                for chunk in file.chunks():
                    out.write(chunk)
            paths.append((path, name))
        order = door.Order(
            files=paths, source=source, mapping=chosen, accept_good=accept_good
        )
        return door.take_files(order, deed)
