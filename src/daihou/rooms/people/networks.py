"""From where somebody may work: lists of networks of their role and of their unit."""

import ipaddress
from collections.abc import Iterable, MutableMapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.audit import door as audit

MOST: Final = 50  # networks of one role, unit or token
REFUSED_FROM: Final = "refused_from"  # in the session: the address that was told of
Lists = Iterable[Iterable[str]]


def read(given: str | Iterable[str]) -> list[str]:
    """Networks as they are kept, from text (parted by spaces, commas, lines) or a list.

    An address alone is a network of one. Refused when one cannot be read.
    """
    if isinstance(given, str):
        given = given.replace("\x00", "").replace(",", " ").replace("，", " ").split()
    found = []
    for text in given:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise Refused(
                "network_unreadable",
                _(
                    "%(text)s is no network. Write them like 10.20.0.0/16, or one"
                    " address like 10.20.0.7."
                )
                % {"text": text[:60]},
            ) from None
        found.append(str(network))
    if len(found) > MOST:
        raise Refused(
            "networks_many",
            _("Name up to %(most)s networks; join those that lie side by side.")
            % {"most": MOST},
        )
    return sorted(set(found))


def admitted(lists: Lists, address: str) -> bool:
    """Whether an address lies within each of these lists; an empty one limits nothing.

    What cannot be told (an empty address) lies within none.
    """
    if settings.ANYWHERE:
        return True
    limits = [list(each) for each in lists]
    limits = [each for each in limits if each]
    if not limits:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(
        any(here in ipaddress.ip_network(network) for network in each)
        for each in limits
    )


def refusal(address: str) -> NotAllowed:
    """What somebody is told who works from elsewhere."""
    return NotAllowed(
        "address_refused",
        _(
            "Your login works only from networks your lender has named, and"
            " %(address)s is not among them. Go on from there, or by the lender's own"
            " way in from outside (VPN)."
        )
        % {"address": address or _("where you are")},
        address=address,
    )


def record(username: str, *, address: str, at: datetime, way: str) -> None:
    """Keep that somebody was turned away; `way` is how they came."""
    audit.record(
        type="person.address_refused",
        subject_type="person",
        subject_id=username,
        by=username,
        at=at,
        business_date=None,
        payload={"address": address, "way": way},
    )


def require(
    lists: Lists,
    *,
    username: str,
    address: str,
    at: datetime,
    way: str,
    session: MutableMapping[str, Any] | None = None,
) -> None:
    """Raise NotAllowed, with an event, for somebody who works from elsewhere.

    With a `session` the event is written once for each address it comes from.
    """
    if admitted(lists, address):
        return
    if session is None or session.get(REFUSED_FROM) != address:
        record(username, address=address, at=at, way=way)
        if session is not None:
            session[REFUSED_FROM] = address
    raise refusal(address)
