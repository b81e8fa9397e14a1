"""The only writer of people, roles, covers and the organisation."""

from daihou.rooms.people.actions._common import Deed
from daihou.rooms.people.actions.covers import arrange_cover, end_cover
from daihou.rooms.people.actions.defining import (
    MAY,
    ask_for_copy,
    ask_for_role,
    define_role,
    propose_roles_with,
    role_definition,
)
from daihou.rooms.people.actions.demo import demo_logins, open_demo_logins
from daihou.rooms.people.actions.factors import (
    add_app,
    add_passkey,
    check_code,
    new_recovery_codes,
    new_secret,
    passkey_used,
    remove_factor,
    reset_factors,
)
from daihou.rooms.people.actions.looking import begin_looking, stop_looking
from daihou.rooms.people.actions.organisation import (
    remove_unit,
    save_branches,
    save_unit,
)
from daihou.rooms.people.actions.passwords import change_own_password, reset_password
from daihou.rooms.people.actions.permits import permit_with
from daihou.rooms.people.actions.roles import change_role, copy_role, remove_role
from daihou.rooms.people.actions.separation import add_rule, set_rule
from daihou.rooms.people.actions.sessions import (
    end_all_sessions,
    end_session,
    forget_session,
    note_device,
    rename_device,
    seen_again,
)
from daihou.rooms.people.actions.shipped import put_shipped
from daihou.rooms.people.actions.users import (
    ask_for_rights,
    change_user,
    create_user,
    grant_role,
    make_login,
    propose_rights_with,
    rights,
    set_duty,
    set_mail_address,
    set_preferences,
)

__all__ = [
    "MAY",
    "Deed",
    "add_app",
    "add_passkey",
    "add_rule",
    "arrange_cover",
    "ask_for_copy",
    "ask_for_rights",
    "ask_for_role",
    "begin_looking",
    "change_own_password",
    "change_role",
    "change_user",
    "check_code",
    "copy_role",
    "create_user",
    "define_role",
    "demo_logins",
    "end_all_sessions",
    "end_cover",
    "end_session",
    "forget_session",
    "grant_role",
    "make_login",
    "new_recovery_codes",
    "new_secret",
    "note_device",
    "open_demo_logins",
    "passkey_used",
    "permit_with",
    "propose_rights_with",
    "propose_roles_with",
    "put_shipped",
    "remove_factor",
    "remove_role",
    "remove_unit",
    "rename_device",
    "reset_factors",
    "reset_password",
    "rights",
    "role_definition",
    "save_branches",
    "save_unit",
    "seen_again",
    "set_duty",
    "set_mail_address",
    "set_preferences",
    "set_rule",
    "stop_looking",
]
