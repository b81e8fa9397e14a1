"""How personal data reads when it may not be read whole: one function each kind.

Pages, exports, the API, error lists and logs all use these. A mask keeps what tells
two people apart for whoever serves them and hides at least as much as a stranger
would need; a value too short for that is hidden whole. Masking twice changes nothing.
"""

import re
from typing import Final

HIDDEN: Final = "*"
_WORD: Final = re.compile(r"[^\s·•.\-']+")
_CJK: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Resident numbers and unified social credit codes; mobiles of the mainland. Neither
# may touch another letter or digit: the digits of a hash are nobody's number.
_ID: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])9[0-9A-Z]{17}(?![0-9A-Za-z])")
_MOBILE: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[ -]?)?1[3-9][0-9]{9}(?![0-9A-Za-z])"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def middle(text: str, *, head: int, tail: int) -> str:
    """Hide the middle of `text`; one too short to keep both ends is hidden whole."""
    hidden = len(text) - head - tail
    if hidden < 1:
        return HIDDEN * len(text)
    return text[:head] + HIDDEN * hidden + (text[-tail:] if tail else "")


def phone(value: str) -> str:
    """`13800000007` as `138****0007`; a short number keeps its last two digits."""
    if len(value) >= 11:
        return middle(value, head=3, tail=4)
    return middle(value, head=0, tail=4 if len(value) >= 8 else 2)


def id_no(value: str) -> str:
    """`990000198001010023` as `990000********0023`; a passport keeps one and two."""
    if len(value) >= 15:
        return middle(value, head=6, tail=4)
    if len(value) >= 7:
        return middle(value, head=1, tail=2)
    return HIDDEN * len(value)


def account(value: str) -> str:
    """`6222020200112233445` as `***************3445`."""
    return middle(value, head=0, tail=4) if len(value) >= 8 else HIDDEN * len(value)


def name(value: str, *, kind: str = "person") -> str:
    """`王小明` as `王**`, `Mei Zhang` as `M** Z****`; a firm's name is public."""
    if kind == "company":
        return value
    if _CJK.match(value):
        return middle(value, head=1, tail=0)
    return _WORD.sub(lambda word: middle(word[0], head=1, tail=0), value)


def email(value: str) -> str:
    """`mei.z@example.com` as `m****@example.com`."""
    own, at, domain = value.rpartition("@")
    return middle(own, head=1, tail=0) + at + domain if own else account(value)


def address(value: str) -> str:
    """The first six characters, which name the region, and nothing that follows."""
    return middle(value, head=6, tail=0)


def contact(kind: str, value: str) -> str:
    """A way to reach somebody by its kind: mobile, phone, email, address, wechat."""
    if kind in {"mobile", "phone"}:
        return phone(value)
    if kind == "email":
        return email(value)
    if kind == "address":
        return address(value)
    return middle(value, head=1, tail=0)


def scrubbed(text: str) -> str:
    """Free text (a log line, an error) with every number and address found masked."""
    text = _ID.sub(lambda found: id_no(found[0]), text)
    text = _CODE.sub(lambda found: id_no(found[0]), text)
    text = _MOBILE.sub(lambda found: phone(found[0]), text)
    return _MAIL.sub(lambda found: email(found[0]), text)
