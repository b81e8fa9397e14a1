"""Triggers that keep cases and holds in step, and history as it was written."""

from typing import Final

import pgtrigger

_HELD = """
IF (SELECT c.held FROM casework_case c WHERE c.id = {case}) IS DISTINCT FROM EXISTS (
     SELECT FROM casework_hold h WHERE h.case_id = {case} AND h.released_at IS NULL
       AND h.amount IS NULL) THEN
  RAISE EXCEPTION 'case % and its holds disagree', {case};
END IF;
RETURN NULL;
"""
_WHEN_HELD_CHANGES = """
IF TG_OP = 'UPDATE' AND OLD.held = NEW.held THEN RETURN NULL; END IF;
"""
# What is sealed may be sealed under a new key; a hold is released once.
KEPT_HOLD: Final = """
IF (to_jsonb(OLD) - 'reason' - 'evidence' - 'release_reason' - 'released_by'
    - 'released_at' - 'release' - 'flag_id') IS DISTINCT FROM
   (to_jsonb(NEW) - 'reason' - 'evidence' - 'release_reason' - 'released_by'
    - 'released_at' - 'release' - 'flag_id')
   OR (OLD.released_at IS NOT NULL AND (OLD.released_at, OLD.released_by, OLD.release)
       IS DISTINCT FROM (NEW.released_at, NEW.released_by, NEW.release))
   OR (OLD.flag_id IS NOT NULL AND NEW.flag_id IS DISTINCT FROM OLD.flag_id) THEN
  RAISE EXCEPTION 'hold % stays as it was written', OLD.id;
END IF;
RETURN NEW;
"""
KEPT_BATCH: Final = """
IF OLD.state = 'undone' OR
   (to_jsonb(OLD) - 'state' - 'undone_by' - 'undone_at' - 'moved' - 'report')
   IS DISTINCT FROM
   (to_jsonb(NEW) - 'state' - 'undone_by' - 'undone_at' - 'moved' - 'report') THEN
  RAISE EXCEPTION 'distribution % stays as it was written', OLD.id;
END IF;
RETURN NEW;
"""


def held_agrees(name: str, *, on_case: bool) -> pgtrigger.Trigger:
    """At the end of a transaction a case is held while a whole hold of it stands."""
    body = _HELD.format(case="NEW.id" if on_case else "NEW.case_id")
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=(_WHEN_HELD_CHANGES if on_case else "") + body,
    )
