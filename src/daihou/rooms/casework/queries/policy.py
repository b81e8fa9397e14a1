"""The casework policy of this lender: its own file, else the one shipped."""

from django.conf import settings

from daihou.packs.casework import CaseworkPolicy
from daihou.packs.casework import policy as read_policy

FILE = "casework.yaml"  # beside the lender's data


def policy() -> CaseworkPolicy:
    """How cases are opened, held, ordered and shared out here."""
    return read_policy(settings.DAIHOU_HOME / FILE)
