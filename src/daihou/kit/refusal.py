"""What a person asked for and may not have: a code, the words, and the way out."""

from collections.abc import Mapping


class Refused(Exception):
    """The user's mistake, told in the reader's language.

    `code` is stable and for programs, the message is for people and says what to do
    instead. Raise it with a message that already went through gettext.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        """Keep the code, the words and the values they were made from."""
        super().__init__(message)
        self.code = code
        self.params: Mapping[str, object] = params


class NotAllowed(Refused):
    """The person's role does not allow it; the message names whom to ask."""


class NotFound(Refused):
    """There is no such thing, or it lies outside what the person may see.

    Both read the same: a refusal must not tell that a row exists.
    """


class Conflict(Refused):
    """It does not fit what was done before, under the same id or at the same time."""


class TooMany(Refused):
    """Asked too often; the same may be asked again after `retry_after` seconds."""

    def __init__(
        self, code: str, message: str, *, retry_after: int, **params: object
    ) -> None:
        """Keep how long to wait beside the rest."""
        super().__init__(code, message, **params)
        self.retry_after = max(1, retry_after)


class TooLarge(Refused):
    """More was sent at once than is taken; the message says how much is."""
