"""Personal data in plain JSON, masked by the names it stands under."""

from collections.abc import Mapping
from typing import Any, Final

from daihou.kit import masking

_HIDDEN: Final = frozenset({"birth_on", "owner", "counterparty", "employer", "payer"})
_PHONES: Final = frozenset({"phone", "mobile", "value", "contact_point"})


def masked(content: Any, *, key: str = "") -> Any:
    """Plain JSON with what stands under the names of personal fields masked.

    Every other text is scrubbed of document and telephone numbers.
    """
    if isinstance(content, Mapping):
        return {name: masked(value, key=str(name)) for name, value in content.items()}
    if isinstance(content, list):
        return [masked(value, key=key) for value in content]
    if not isinstance(content, str) or not content:
        return content
    if key == "name":
        return masking.name(content)
    if key == "id_no":
        return masking.id_no(content)
    if key == "address":
        return masking.address(content)
    if key in _PHONES:
        return masking.phone(content)
    return masking.HIDDEN * 4 if key in _HIDDEN else masking.scrubbed(content)
