"""What one fault says, in English and Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A fault: whether it keeps the row out, what is wrong, what would be right."""

    en: str
    zh: str
    right_en: str = "{right}"
    right_zh: str = "{right}"
    is_error: bool = True
