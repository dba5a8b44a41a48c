"""How long readers work: active time as their browsers tell it, within what is plausible."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, TimeOnTask
from annotator.annotation.queries import annotation_set_for


def start_clock(annotation_set: AnnotationSet) -> None:
    """Time can be told from now on. A clock that runs already goes on."""
    TimeOnTask.objects.get_or_create(annotation_set=annotation_set, defaults={"reported_at": timezone.now()})


def add_time(set_id: uuid.UUID, *, by: User, seconds: int) -> TimeOnTask | None:
    """Add active seconds to one's own open set; never more than have passed since time was told last.

    So two windows, a repeated request or a wrong clock cannot make an hour of a minute. Nothing is added to
    a reading that was handed in. Returns the clock, None where there is none. Raises Unknown.
    """
    annotation_set = annotation_set_for(by, set_id)
    with transaction.atomic():
        clock = TimeOnTask.objects.select_for_update().filter(annotation_set=annotation_set).first()
        if clock is None or not annotation_set.is_open:
            return clock
        passed = (timezone.now() - clock.reported_at) // timedelta(seconds=1)
        added = min(seconds, passed)
        if added > 0:
            clock.seconds += added
            clock.reported_at = timezone.now()
            clock.save(update_fields=["seconds", "reported_at"])
    return clock
