"""The event log: one row for everything anyone changed, chained, never altered."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

# What is hashed of an event, as PostgreSQL prints it: keys by length, then by letter.
# `v` names this form; another form gets another number and leaves old rows alone.
TEXT = """jsonb_build_object(
 'v', 1, 'id', {row}.id, 'type', {row}.type,
 'subject_type', {row}.subject_type, 'subject_id', {row}.subject_id,
 'position', {row}.position, 'previous', encode({row}.previous_hash, 'hex'),
 'actor', {row}.actor, 'on_behalf_of', {row}.on_behalf_of,
 'recorded_at', {row}.recorded_at at time zone 'UTC',
 'business_date', {row}.business_date, 'happened_on', {row}.happened_on,
 'reason', {row}.reason, 'request_id', {row}.request_id,
 'payload', {row}.payload, 'before', {row}.before, 'after', {row}.after)::text"""

# Takes the chain's head for itself, so two writers of one subject stand in line.
_CHAIN = f"""
LOOP
  SELECT * INTO head FROM audit_head WHERE subject_type = NEW.subject_type
    AND subject_id = NEW.subject_id FOR UPDATE;
  known := FOUND;
  NEW.position := coalesce(head.count, 0) + 1;
  NEW.previous_hash := coalesce(head.hash, '');
  NEW.hash := sha256(convert_to({TEXT.format(row="NEW")}, 'UTF8'));
  IF known THEN
    UPDATE audit_head SET count = NEW.position, hash = NEW.hash WHERE id = head.id;
    RETURN NEW;
  END IF;
  INSERT INTO audit_head (subject_type, subject_id, count, hash)
    VALUES (NEW.subject_type, NEW.subject_id, 1, NEW.hash) ON CONFLICT DO NOTHING;
  IF FOUND THEN RETURN NEW; END IF;
END LOOP;
"""


# The same of very many new events at once: the heads of their subjects are taken in
# order (those there are by a lock alone), then the first event of each is chained,
# then the second of each. The rows go into the log alone.
_FIELDS = (
    "type, subject_type, subject_id, actor, on_behalf_of, recorded_at, business_date,"
    " happened_on, reason, request_id, payload, before, after"
)
_CHAIN_MANY = f"""
INSERT INTO audit_head (subject_type, subject_id, count, hash)
  SELECT DISTINCT subject_type, subject_id, 0, ''::bytea FROM fresh ORDER BY 1, 2
  ON CONFLICT (subject_type, subject_id) DO UPDATE SET count = 0 WHERE false;
SELECT max(n) INTO turns FROM (
  SELECT count(*) AS n FROM fresh GROUP BY subject_type, subject_id) each_subject;
FOR place IN 1..turns LOOP
  WITH numbered AS (
    SELECT f.*, row_number() OVER (
      PARTITION BY f.subject_type, f.subject_id ORDER BY f.id) AS turn
    FROM fresh f
  ), placed AS (
    SELECT n.*, h.count + 1 AS position, h.hash AS previous_hash
    FROM numbered n JOIN audit_head h
      ON h.subject_type = n.subject_type AND h.subject_id = n.subject_id
    WHERE n.turn = place
  ), written AS (
    INSERT INTO audit_event (id, {_FIELDS}, position, previous_hash, hash)
    SELECT id, {_FIELDS}, position, previous_hash,
      sha256(convert_to({TEXT.format(row="p")}, 'UTF8'))
    FROM placed p ORDER BY id
    RETURNING subject_type, subject_id, position, hash
  )
  UPDATE audit_head h SET count = w.position, hash = w.hash FROM written w
  WHERE h.subject_type = w.subject_type AND h.subject_id = w.subject_id;
END LOOP;
DELETE FROM audit_incoming;
RETURN NULL;
"""


def _append_only() -> pgtrigger.Trigger:
    return pgtrigger.Protect(
        name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
    )


class _Told(models.Model):
    """What is told of an event, whoever writes it."""

    type = models.CharField(_("type"), max_length=64)
    subject_type = models.CharField(_("subject type"), max_length=32, db_collation="C")
    subject_id = models.CharField(_("subject"), max_length=80, db_collation="C")
    actor = models.CharField(_("actor"), max_length=80)
    on_behalf_of = models.CharField(
        _("on behalf of"), max_length=80, blank=True, default="", db_default=""
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    business_date = models.DateField(_("business date"), null=True)
    happened_on = models.DateField(_("happened on"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    payload = models.JSONField(_("details"), default=dict)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        abstract = True


class Event(_Told):
    """Who changed what, for which subject, when and on which business date.

    Written in the same transaction as the change it tells of. `happened_on` is
    when it was true in business terms, `recorded_at` when we learnt it. `position`
    and the hashes are the database's: a trigger sets them, whoever inserts.
    """

    position = models.BigIntegerField(_("position in its chain"))
    previous_hash = models.BinaryField(_("hash before"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        db_table = "audit_event"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "id")),
            models.Index(fields=("type", "id")),
            models.Index(fields=("actor", "id"), name="audit_event_actor"),
            models.Index(
                fields=("on_behalf_of", "id"),
                name="audit_event_for",
                condition=models.Q(on_behalf_of__gt=""),
            ),
            BrinIndex(fields=("recorded_at",), name="audit_event_when"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "position"),
                name="audit_event_chain",
            ),
        )
        triggers = (
            _append_only(),
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # Below another trigger only `Incoming` writes, chained already.
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                declare=[("head", "audit_head%ROWTYPE"), ("known", "boolean")],
                func=_CHAIN,
            ),
        )


class Incoming(_Told):
    """Very many events on their way into the log, chained there by one statement.

    Nothing stays here: whatever is written goes into the log in the same statement,
    in the order of the ids, which are those of the log.
    """

    id = models.BigIntegerField(
        primary_key=True,
        db_default=Func(Value("audit_event_id_seq"), function="nextval"),
    )

    class Meta:
        db_table = "audit_incoming"
        triggers = (
            pgtrigger.Trigger(
                name="chain_many",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="fresh"),
                declare=[("turns", "integer"), ("place", "integer")],
                func=_CHAIN_MANY,
            ),
        )


class Head(models.Model):
    """How many events one subject has and the hash of the newest.

    Kept apart from the events, so that the newest of a chain cannot go unseen. Only
    the trigger of the event log writes here.
    """

    subject_type = models.CharField(_("subject type"), max_length=32, db_collation="C")
    subject_id = models.CharField(_("subject"), max_length=80, db_collation="C")
    count = models.BigIntegerField(_("events"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        db_table = "audit_head"
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id"), name="audit_head_subject"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="by_events_only",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
        )


class Seal(models.Model):
    """The seal of a day: what its hash says cannot be changed without breaking it.

    `root` is the Merkle root over the chains that grew since the seal before, and
    `previous_hash` that seal: together they fix every chain there was.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    business_date = models.DateField(_("business date"))
    sealed_at = models.DateTimeField(_("sealed at"))
    actor = models.CharField(_("actor"), max_length=80)
    chains = models.BigIntegerField(_("chains"))
    root = models.BinaryField(_("root"))
    previous_hash = models.BinaryField(_("hash before"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        db_table = "audit_seal"
        ordering = ("-number",)
        triggers = (_append_only(),)


class Sealed(models.Model):
    """How long one chain was, and its hash, when a seal took it in."""

    seal = models.BigIntegerField(_("seal"))
    subject_type = models.CharField(_("subject type"), max_length=32, db_collation="C")
    subject_id = models.CharField(_("subject"), max_length=80, db_collation="C")
    count = models.BigIntegerField(_("events"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        db_table = "audit_sealed"
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "count"),
                name="audit_sealed_once",
            ),
            models.UniqueConstraint(
                fields=("seal", "subject_type", "subject_id"),
                name="audit_sealed_leaf",
            ),
        )
        triggers = (_append_only(),)
