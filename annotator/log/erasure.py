"""Taking a person's words away for good. That they were there stays in the log, as a digest without its salt."""

from django.utils import timezone

from annotator.accounts.models import User
from annotator.log.actions import gesture
from annotator.log.models import Remark


def erase_remark(remark: Remark, *, by: User | None) -> Remark:
    """Empty a note, comment or reason, as a recorded act. Cannot be undone; a second time changes nothing.

    With the salt gone nobody can find out from the digest what was written.
    """
    with gesture(remark.chain, by=by, action="erase_remark") as current:
        fresh = Remark.objects.select_for_update().get(pk=remark.pk)
        if fresh.erased_at is None:
            current.change(fresh, text="", salt="", erased_at=timezone.now())
    return fresh
