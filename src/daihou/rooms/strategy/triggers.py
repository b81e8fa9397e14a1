"""What the database itself refuses about versions of a strategy."""

from daihou.rooms.strategy.states import MOVES, Origin, State

KIND = SUBJECT = "strategy_version"

_MOVES = ", ".join(f"('{start}', '{end}')" for start, end in sorted(MOVES))
_RELEASED = "('reviewed', 'scheduled', 'live', 'retired')"

# What is no draft stays as it was decided; a version leaves the draft by an approval.
CHANGED = f"""
IF OLD.state <> '{State.DRAFT}' AND
   (to_jsonb(NEW) - 'state' - 'begins_on' - 'ended_on')
   IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'begins_on' - 'ended_on') THEN
  RAISE EXCEPTION 'version % is kept as it was decided', OLD.id;
END IF;
IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({_MOVES}) THEN
  RAISE EXCEPTION 'version % does not move from % to %', OLD.id, OLD.state, NEW.state;
END IF;
IF OLD.state IN ('live', 'retired') AND NEW.begins_on IS DISTINCT FROM OLD.begins_on THEN
  RAISE EXCEPTION 'version % has begun already', OLD.id;
END IF;
IF OLD.state = '{State.DRAFT}' AND NEW.state IN {_RELEASED} THEN
  PERFORM 1 FROM approvals_proposal p WHERE p.id = NEW.proposal_id
    AND p.kind = '{KIND}' AND p.state = 'approved' AND p.subject_id = NEW.id::text
    AND p.decided_by <> p.proposed_by AND p.decided_by = NEW.decided_by
    AND NOT (NEW.authors ? p.decided_by) FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'version % without the approval of another person', NEW.id;
  END IF;
END IF;
RETURN NEW;
"""

# Only a draft begins by itself; what ships, and what held before, is put in as it is.
BEGUN = f"""
IF NEW.state = '{State.DRAFT}' THEN
  RETURN NEW;
END IF;
IF NEW.origin = '{Origin.ROLLBACK}' THEN
  PERFORM 1 FROM strategy_version v WHERE v.id = NEW.based_on_id
    AND v.strategy_id = NEW.strategy_id AND v.digest = NEW.digest
    AND v.content = NEW.content AND v.state IN ('live', 'retired')
    AND v.begins_on IS NOT NULL;
  IF FOUND AND NEW.decided_by <> '' THEN
    RETURN NEW;
  END IF;
ELSIF NEW.origin = '{Origin.SHIPPED}' AND NEW.state = '{State.LIVE}' THEN
  PERFORM 1 FROM strategy_version v WHERE v.strategy_id = NEW.strategy_id
    AND v.state <> '{State.DRAFT}';
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
END IF;
RAISE EXCEPTION 'a version of strategy % begins as a draft', NEW.strategy_id;
"""

# What was ordered stays; how it ended is written once, and words may be emptied later.
ORDER_STAYS = """
IF (to_jsonb(NEW) - '{ended_on,ended_at,ended_by,ended_because,end_reason,reason}'::text[])
   IS DISTINCT FROM
   (to_jsonb(OLD) - '{ended_on,ended_at,ended_by,ended_because,end_reason,reason}'::text[])
   OR (OLD.ended_at IS NOT NULL AND
       (NEW.ended_on, NEW.ended_at, NEW.ended_by, NEW.ended_because) IS DISTINCT FROM
       (OLD.ended_on, OLD.ended_at, OLD.ended_by, OLD.ended_because)) THEN
  RAISE EXCEPTION 'order % stays as it was given', OLD.id;
END IF;
RETURN NEW;
"""
