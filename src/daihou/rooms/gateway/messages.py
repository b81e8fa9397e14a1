"""What receivers of events are told: the event, with personal data masked."""

import json
from datetime import datetime
from typing import Any

from daihou.kit.api.personal import masked
from daihou.rooms.audit import door as audit


def told(event: audit.Entry) -> dict[str, Any]:
    """An event as the API and the receivers are told of it; amounts in minor units."""
    return {
        "id": f"evt_{event.id}",
        "type": event.type,
        "subject": {"type": event.subject_type, "id": event.subject_id},
        "at": event.at.isoformat(),
        "business_date": event.business_date and event.business_date.isoformat(),
        "happened_on": event.happened_on and event.happened_on.isoformat(),
        "by": event.by,
        "on_behalf_of": event.on_behalf_of,
        "request_id": event.request_id,
        "data": masked(dict(event.payload)),
        "before": masked(event.before),
        "after": masked(event.after),
    }


def body_of(event: audit.Entry) -> str:
    """The message of an event; the same event gives the same text."""
    return json.dumps(told(event), ensure_ascii=False, sort_keys=True)


def test_body(number: str, *, at: datetime) -> str:
    """The message that only tries whether a receiver can be reached."""
    content = {
        "id": number,
        "type": "webhook.test",
        "at": at.isoformat(),
        "data": {"hello": "你好"},
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
