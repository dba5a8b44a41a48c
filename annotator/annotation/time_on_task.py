"""How long readers work: active time as their browsers tell it, within what is plausible."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotator.annotation.models import AnnotationSet, TimeOnTask


def start_clock(annotation_set: AnnotationSet) -> None:
    """Time can be told from now on. A clock that runs already goes on."""
    TimeOnTask.objects.get_or_create(annotation_set=annotation_set, defaults={"reported_at": timezone.now()})


def add_time(annotation_set: AnnotationSet, *, seconds: int) -> TimeOnTask | None:
    """Add active seconds to an open set; never more than have passed since time was told last.

    So two windows, a repeated request or a wrong clock cannot make an hour of a minute. Nothing is added to
    a reading that was handed in. Returns the clock, None where there is none. Not a door: callers have passed one.
    """
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
