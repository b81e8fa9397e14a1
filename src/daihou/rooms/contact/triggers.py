"""Triggers that keep rows of contact as they were written."""

import pgtrigger


def but_for(when: str, columns: str, words: str) -> str:
    """A trigger: rows of a condition stay, but for some columns.

    Those are sealed under a new key, or written once at the end.
    """
    but = "".join(f" - '{each}'" for each in columns.split())
    return f"""
    IF {when} AND to_jsonb(OLD){but} IS DISTINCT FROM to_jsonb(NEW){but} THEN
      RAISE EXCEPTION '{words} as it was written';
    END IF;
    RETURN NEW;
    """


def confirmed_once(what: str) -> pgtrigger.Trigger:
    """A trigger: that another person confirmed it is written once."""
    return pgtrigger.Trigger(
        name=f"{what}_confirmed_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
        IF OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.confirmed_by)
           IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by) THEN
          RAISE EXCEPTION 'a {what} is confirmed once';
        END IF;
        RETURN NEW;
        """,
    )
