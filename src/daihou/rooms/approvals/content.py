"""What would change, sealed for the table and held to by a digest."""

import hashlib
import json
import secrets
from collections.abc import Mapping

from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.refusal import Refused

ABOUT = "approval"  # what a value is sealed as
Values = Mapping[str, object]


def sealed(before: Values, after: Values) -> tuple[str, str]:
    """The fields before and after as (sealed text, SHA-256 of what was sealed).

    A salt goes in with them: nobody can guess a telephone number from the digest.
    """
    text = json.dumps(
        {"salt": secrets.token_hex(16), "before": dict(before), "after": dict(after)},
        ensure_ascii=False,
        sort_keys=True,
    )
    return secret.seal(text, about=ABOUT), _digest(text)


def opened(content: str, digest: str) -> tuple[Values, Values]:
    """Before and after; refused when it is not what was proposed.

    Nothing of one that was emptied under the retention schedule.
    """
    if not content:
        return {}, {}
    text = secret.open(content, about=ABOUT)
    if _digest(text) != digest:
        raise Refused(
            "proposal_altered",
            _(
                "What is kept of this proposal is not what was proposed: the database "
                "was changed by hand. Nothing can be decided on it; tell an "
                "administrator."
            ),
        )
    kept = json.loads(text)
    return kept["before"], kept["after"]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
