"""The engine of the book in this process: one for the night and for the rooms."""

import os
from functools import cache
from typing import TYPE_CHECKING

from daihou.kit import speech

if TYPE_CHECKING:
    from daihou.nightly.engines import Engine


def engine() -> "Engine":
    """The engine that DAIHOU_BOOK names; it starts when it is first asked.

    SetUpError says which engines there are, or what the one named lacks here.
    """
    from daihou.config.complaints import SetUpError
    from daihou.nightly.engines import VARIABLE
    from daihou.nightly.errors import NightError

    try:
        return _made(os.environ.get(VARIABLE, "").strip())
    except NightError as error:
        raise SetUpError(error.say(speech.language())) from None


@cache
def _made(named: str) -> "Engine":
    from daihou.nightly import engines

    return engines.engine(named)
