"""How a person wants notices by mail."""

from enum import StrEnum


class Mailing(StrEnum):
    """Never, each after two minutes unread, or what is unread once a day."""

    NONE = "none"
    EACH = "each"
    DAILY = "daily"
