"""Taking a person's words away for good. That they were there stays in the log, as a digest without its salt."""

from django.db import models
from django.utils import timezone

from annotator.accounts.models import User
from annotator.log.actions import gesture
from annotator.log.models import Remark

DERIVED: list[tuple[type[models.Model], str]] = []


def derived_from_remark(model: type[models.Model], remark_of: str) -> None:
    """Declare that rows of `model` repeat words of a remark, found by this look-up, and go when it is erased."""
    DERIVED.append((model, remark_of))


def erase_remark(remark: Remark, *, by: User | None) -> Remark:
    """Empty a note, comment or reason, as a recorded act. Cannot be undone; a second time changes nothing.

    With the salt gone nobody can find out from the digest what was written.
    """
    with gesture(remark.chain, by=by, action="erase_remark") as current:
        fresh = Remark.objects.select_for_update().get(pk=remark.pk)
        if fresh.erased_at is None:
            for model, remark_of in DERIVED:
                model._default_manager.filter(**{remark_of: fresh}).delete()
            current.change(fresh, text="", salt="", erased_at=timezone.now())
    return fresh
