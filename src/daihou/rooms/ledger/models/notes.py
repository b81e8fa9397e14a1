"""What people who serve a customer write down about them, line after line."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from daihou.rooms.ledger.models.book import Customer

# The text may be sealed anew under another key; who wrote it when stays.
_STAYS = """
IF ROW(OLD.customer_id, OLD.written_by, OLD.written_at)
   IS DISTINCT FROM ROW(NEW.customer_id, NEW.written_by, NEW.written_at) THEN
  RAISE EXCEPTION 'a note stays with who wrote it';
END IF;
RETURN NEW;
"""


class CustomerNote(models.Model):
    """One note on a customer; its text is sealed, it is never deleted by hand."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    text = models.TextField(_("note"))
    written_by = models.CharField(_("written by"), max_length=150)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        db_table = "ledger_customer_note"
        indexes = (models.Index(fields=("customer", "-id"), name="note_of_customer"),)
        triggers = (
            pgtrigger.Protect(name="note_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="note_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_STAYS,
            ),
        )
