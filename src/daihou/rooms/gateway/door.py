"""What other rooms and the edge may use of the gateway."""

from daihou.rooms.gateway.actions.endpoints import (
    add_endpoint,
    replay,
    replay_dead,
    rotate_key,
    send_test,
    set_active,
)
from daihou.rooms.gateway.actions.sending import carry_on, sweep
from daihou.rooms.gateway.actions.tokens import make_token, revoke_token
from daihou.rooms.gateway.permissions import ApiScope
from daihou.rooms.gateway.queries import TokenLine, may_manage, tokens
from daihou.rooms.gateway.visible import register_subject, subjects

__all__ = [
    "ApiScope",
    "TokenLine",
    "add_endpoint",
    "carry_on",
    "make_token",
    "may_manage",
    "register_subject",
    "replay",
    "replay_dead",
    "revoke_token",
    "rotate_key",
    "send_test",
    "set_active",
    "subjects",
    "sweep",
    "tokens",
]
