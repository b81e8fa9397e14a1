"""The kind of security of a loan, read out of the words that senders use."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from daihou.engine.classification.codes import Guarantee

# The whole vocabulary; what is not in it is read as no security at all.
_WORDS: Final[Mapping[str, Guarantee]] = MappingProxyType(
    dict.fromkeys(
        ("保证", "担保", "联保", "保证担保", "联保担保", "guaranteed", "guarantee"),
        Guarantee.GUARANTEED,
    )
    | dict.fromkeys(
        ("抵押", "抵押担保", "mortgaged", "mortgage", "collateral"),
        Guarantee.MORTGAGED,
    )
    | dict.fromkeys(
        ("质押", "质押担保", "pledged", "pledge"),
        Guarantee.PLEDGED,
    )
)
_BETWEEN: Final = re.compile(r"[+\uff0b/\uff0f、，,;；&|]|和|及")
_END: Final = re.compile("(贷款|借款|方式)$")


def security_of(said: str | None) -> Guarantee:
    """The kind of security that a sender's words name; in doubt the strictest.

    Of several kinds the one whose row of the matrix is strictest, and unsecured as
    soon as one word is unknown or denies ("no collateral", 无担保).
    """
    parts = [part.strip().lower() for part in _BETWEEN.split(said or "")]
    kinds = [_WORDS.get(_END.sub("", part), Guarantee.UNSECURED) for part in parts]
    return min(kinds)
