"""What somebody is to do at a case, and what came of each time it was worked."""

import pgtrigger
from django.db import models
from django.db.models import Q

from daihou.rooms.casework import codes
from daihou.rooms.casework.models.cases import Case
from daihou.rooms.casework.models.promises import Promise

_KEPT_ITEM = """
IF OLD.state <> 'open' OR
   (to_jsonb(OLD) - 'state' - 'due_at' - 'priority' - 'outcome' - 'done_by' - 'done_at'
    - 'for_supervisor') IS DISTINCT FROM
   (to_jsonb(NEW) - 'state' - 'due_at' - 'priority' - 'outcome' - 'done_by' - 'done_at'
    - 'for_supervisor') THEN
  RAISE EXCEPTION 'item % stays as it was written', OLD.id;
END IF;
RETURN NEW;
"""
_KEPT_RESULT = """
IF to_jsonb(OLD) - 'note' IS DISTINCT FROM to_jsonb(NEW) - 'note' THEN
  RAISE EXCEPTION 'result % stays as it was written', OLD.id;
END IF;
RETURN NEW;
"""


class WorkItem(models.Model):
    """One thing to do at a case by an instant, for whoever has it.

    `reason` is a code of words (`pages.work_words`), `outcome` another, of how it
    ended. `for_supervisor`: for who oversees the case. A reminder names the promise
    and the part it is about; of one part there is never a second.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=codes.ItemState.OPEN.value)
    priority = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, blank=True, default="")
    for_supervisor = models.BooleanField(default=False)
    promise = models.ForeignKey(
        Promise, null=True, on_delete=models.PROTECT, related_name="items"
    )
    part = models.SmallIntegerField(null=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    done_by = models.CharField(max_length=150, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_item"
        indexes = (
            models.Index(
                fields=("case", "due_at"),
                condition=Q(state=codes.ItemState.OPEN.value),
                name="item_open",
            ),
            models.Index(
                fields=("kind", "due_at"),
                condition=Q(state=codes.ItemState.OPEN.value),
                name="item_due",
            ),
            models.Index(fields=("case", "-id"), name="item_case"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("promise", "part"),
                condition=Q(kind=codes.ItemKind.PROMISE_DUE.value),
                name="item_one_reminder",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[each.value for each in codes.ItemKind],
                    state__in=[each.value for each in codes.ItemState],
                ),
                name="item_words",
            ),
            models.CheckConstraint(
                condition=~Q(kind=codes.ItemKind.PROMISE_DUE.value)
                | Q(promise__isnull=False, part__isnull=False),
                name="item_reminds_of_a_promise",
            ),
            models.CheckConstraint(
                condition=Q(state=codes.ItemState.OPEN.value, done_at=None, done_by="")
                | (
                    ~Q(state=codes.ItemState.OPEN.value)
                    & Q(done_at__isnull=False)
                    & ~Q(done_by="")
                ),
                name="item_done_by_somebody",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="item_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="item_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEPT_ITEM,
            ),
        )


class Result(models.Model):
    """What came of working a case once; never changed.

    It rests on a contact (`attempt_id`, and `decision_id` that allowed it) unless the
    customer came by themselves or nobody was contacted. `note` is sealed. `settled`
    is the item it answered, `item` the one that follows, `hold_id` the hold it placed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="results")
    customer_id = models.BigIntegerField()
    action = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    attempt_id = models.BigIntegerField(null=True)
    decision_id = models.BigIntegerField(null=True)
    promise = models.ForeignKey(
        Promise, null=True, on_delete=models.PROTECT, related_name="results"
    )
    settled = models.ForeignKey(
        WorkItem, null=True, on_delete=models.PROTECT, related_name="answered"
    )
    item = models.ForeignKey(
        WorkItem, null=True, on_delete=models.PROTECT, related_name="followed"
    )
    hold_id = models.BigIntegerField(null=True)
    note = models.TextField(blank=True, default="")
    follow_up_at = models.DateTimeField(null=True)
    overdue_total = models.BigIntegerField(default=0)
    dpd = models.IntegerField(default=0)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    business_date = models.DateField()

    class Meta:
        db_table = "casework_result"
        indexes = (
            models.Index(fields=("case", "-id"), name="result_case"),
            models.Index(fields=("customer_id", "-at"), name="result_customer"),
            models.Index(fields=("by", "business_date"), name="result_day"),
            models.Index(fields=("business_date", "code"), name="result_code_day"),
        )
        constraints = (
            models.UniqueConstraint(fields=("attempt_id",), name="result_once"),
            models.CheckConstraint(
                condition=Q(
                    code__in=sorted(codes.BY_CODE),
                    action__in=[each.value for each in codes.Action],
                ),
                name="result_words",
            ),
            models.CheckConstraint(
                condition=Q(attempt_id__isnull=False, decision_id__isnull=False)
                | Q(
                    attempt_id=None,
                    decision_id=None,
                    action__in=sorted(each.value for each in codes.WITHOUT_LEAVE),
                ),
                name="result_rests_on_a_contact",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="result_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="result_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEPT_RESULT,
            ),
        )
