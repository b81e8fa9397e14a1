"""Where a command is to write: looked at before it begins, not after it worked."""

import os
from pathlib import Path
from typing import Any

import click

from daihou.kit.speech import gettext


class _Target(click.Path):
    """A path that can be written, in a folder that is there."""

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """The path, or a usage error that says what is in the way."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        folder = path if path.is_dir() else path.absolute().parent
        if not folder.is_dir():
            words = gettext("there is no folder %(folder)s; make it first")
            self.fail(words % {"folder": folder}, param, ctx)
        if not os.access(folder, os.W_OK | os.X_OK):
            words = gettext("the folder %(folder)s may not be written")
            self.fail(words % {"folder": folder}, param, ctx)
        return path


NEW_FILE = _Target(dir_okay=False, writable=True)
FILE_OR_FOLDER = _Target(writable=True)
