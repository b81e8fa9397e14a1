"""One thing of a set-up that is to be put right, as `daihou check` lists it."""

from dataclasses import dataclass
from typing import Final

UNSAFE: Final = "unsafe"
ADVICE: Final = "advice"
NEAR: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Finding:
    """One thing to put right: `level` is unsafe or advice, `code` names it."""

    level: str
    code: str
    words: str


def level_of_way(host: str) -> str:
    """How bad a way in the clear to a machine is.

    A name without a dot is of a network that containers have to themselves.
    """
    return UNSAFE if "." in host else ADVICE
