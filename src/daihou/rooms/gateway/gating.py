"""The gate of the API: tokens and kept answers, for the guard in the kit."""

from daihou.rooms.gateway.actions import replies, tokens


class Gate:
    """What `kit.api.gate.Gate` asks for."""

    enter = staticmethod(tokens.enter)
    claim = staticmethod(replies.claim)
    keep = staticmethod(replies.keep)
