"""Error files past their time, for the retention run of the ledger."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from daihou.rooms.intake.models import File
from daihou.rooms.ledger import door as ledger


def error_files(last: date) -> Sequence[ledger.personal.OldFile]:
    """Error files of intakes that began on `last` or before and still lie there."""
    zone = timezone.get_default_timezone()
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    rows = File.objects.filter(batch__started_at__lt=end).exclude(error_file="")
    found = []
    for row_id, name in rows.order_by("pk").values_list("pk", "error_file"):
        path = Path(settings.DAIHOU_HOME) / name
        if path.is_file():
            found.append(ledger.personal.OldFile(row_id, path))
    return found
