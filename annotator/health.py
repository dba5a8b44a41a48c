"""What a supervisor asks: does the process live, and may it be sent requests. Both answers say nothing else."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotator.readiness import obstacles

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while something stands in the way; what it is goes to the log, not to strangers."""
    found = obstacles()
    for obstacle in found:
        logger.error(obstacle)
    return HttpResponse("not ready\n" if found else "ready\n", status=503 if found else 200, content_type="text/plain")
