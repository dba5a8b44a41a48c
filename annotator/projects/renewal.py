"""Pages that stay open: they ask by themselves whether they still show what there is, and are renewed in place.

Whatever could change such a page is an event in the chain of its project or of the site. While neither has grown, the
answer is taken from memory; else the page is drawn anew, and sent where it is not what the browser has already. So
an answer tells nothing but what the page itself would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from threading import Lock

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from annotator.htmx import is_htmx
from annotator.log.models import Chain
from annotator.projects.models import Project
from annotator.requests import SignedInRequest

SEEN = "seen"
"""Parameter of an address: the digest of what the browser has."""

MOST_REMEMBERED = 500

_digests: dict[tuple[str, str], tuple[tuple[int, ...], str]] = {}
_lock = Lock()


@dataclass(frozen=True)
class Renewal:
    """One question of a page, or the page itself. stamp: how long the two chains were before anything was read."""

    request: SignedInRequest
    stamp: tuple[int, ...]

    @classmethod
    def of(cls, request: SignedInRequest, project: Project) -> "Renewal":
        """One query. The project was read in this request."""
        lengths = Chain.objects.filter(kind="site").values_list("length", flat=True)
        return cls(request, (project.chain.length, *lengths))

    @property
    def holds(self) -> bool:
        """Whether nothing was written since this process drew what the browser has."""
        return self._seen is not None and _digests.get(self._key) == (self.stamp, self._seen)

    @property
    def nothing_new(self) -> HttpResponse:
        return HttpResponse(status=204)

    def answer(self, page: str, part: str, context: Mapping[str, object]) -> HttpResponse:
        """The page around its part, the part alone to a page that asks, nothing where it has just that."""
        drawn = render_to_string(part, dict(context), request=self.request)
        digest = sha256(drawn.encode()).hexdigest()[:32]
        self._remember(digest)
        if is_htmx(self.request) and self._seen == digest:
            return self.nothing_new
        box = {"part": drawn, "address": self._address(digest)}
        if is_htmx(self.request):
            return render(self.request, "projects/_renewing.html", box)
        renewing = render_to_string("projects/_renewing.html", box, request=self.request)
        return render(self.request, page, {**context, "renewing": renewing})

    @property
    def _seen(self) -> str | None:
        return self.request.GET.get(SEEN) if is_htmx(self.request) else None

    @property
    def _key(self) -> tuple[str, str]:
        return str(self.request.user.pk), self._address()

    def _address(self, digest: str = "") -> str:
        query = self.request.GET.copy()
        query.pop(SEEN, None)
        if digest:
            query[SEEN] = digest
        return f"{self.request.path}?{query.urlencode()}"

    def _remember(self, digest: str) -> None:
        with _lock:
            _digests.pop(self._key, None)
            _digests[self._key] = (self.stamp, digest)
            for key in list(islice(_digests, max(0, len(_digests) - MOST_REMEMBERED))):
                del _digests[key]
