"""What messages say: written by compliance, version after version."""

import re

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.engine.gate.values import Channel
from daihou.kit import wording
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.models import Template
from daihou.rooms.people import door as people

LONGEST = 4_000  # characters
LANGUAGES = ("zh-hans", "en")
_NAME = re.compile(r"[a-z0-9_]{1,60}")
_LOCK = 0xDA206  # with the code: of two who write at once each gets a version


@transaction.atomic
def save_template(
    code: str, *, channel: str, language: str, body: str, deed: Deed
) -> int:
    """Keep a new wording; return its version. The same again changes nothing.

    Words that name a refused act are refused, whoever writes them.
    """
    people.require(deed.by, people.Permission.HANDLE_COMPLIANCE)
    text = _checked(code, channel, language, body)
    wording.check(
        {"body": text},
        channel="template",
        place=f"template/{code}",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, code])
    rows = Template.objects.filter(code=code, language=language).order_by("-version")
    last = rows.first()
    if last is not None and (last.body, last.channel) == (text, channel):
        return int(last.version)
    version = last.version + 1 if last else 1
    Template.objects.create(
        code=code,
        channel=channel,
        language=language,
        version=version,
        body=text,
        written_by=deed.by.username,
        written_at=deed.at,
    )
    audit.record(
        type="template.written",
        subject_type="template",
        subject_id=code,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"language": language, "version": version, "channel": channel},
        request_id=deed.request_id,
    )
    return version


def _checked(code: str, channel: str, language: str, body: str) -> str:
    """The wording without what nobody sees; Refused where something of it cannot be."""
    if not _NAME.fullmatch(code):
        raise Refused(
            "template_name",
            _("A template is named with small letters, digits and _ only."),
        )
    if channel not in set(Channel) or language not in LANGUAGES:
        raise Refused("channel_unknown", _("There is no such channel."))
    text = body.replace("\0", "").strip()
    if not text or len(text) > LONGEST:
        raise Refused(
            "template_text",
            _("A wording has between one and %(most)s characters.") % {"most": LONGEST},
        )
    return text
