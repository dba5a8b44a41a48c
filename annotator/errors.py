"""What a person or a program is told when something cannot be done: a status, a code, a plain sentence.

Pure code raises ValueErrors of its own; actions raise these; `rest.py` and `middleware.py` turn both into answers.
"""

from typing import Any


class Problem(Exception):
    """A refusal. `status` is the HTTP status, `code` a stable name, `detail` says what to do.

    `state`: what stands now, for work that came too late, so that both sides can be shown.
    """

    status = 422
    code = "invalid"

    def __init__(
        self, detail: str, *, code: str | None = None, field: str | None = None, state: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field
        self.state = state


class Unknown(Problem):
    """There is no such thing, or it is not yours to see: both answer alike."""

    status = 404
    code = "not_found"

    def __init__(self, detail: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(detail)


class Forbidden(Problem):
    """You may see this, but not do that."""

    status = 403
    code = "forbidden"


class Conflict(Problem):
    """What was sent does not fit what stands: a wrong quote, a reused id, a closed set."""

    status = 409
    code = "conflict"


class Stale(Problem):
    """The change was made to an older version."""

    status = 412
    code = "stale"


class VersionMissing(Problem):
    """A change needs the version it was made to."""

    status = 428
    code = "version_missing"


def as_problem(error: Exception) -> Problem | None:
    """The refusal behind an exception: itself, or a rule of annotation or of a codebook that was broken."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValueError) and hasattr(error, "code"):
        kind = Conflict if error.code in CONFLICTS else Problem
        return kind(str(error), code=error.code, field=getattr(error, "field", None))
    return None


CONFLICTS = frozenset({"wrong_quote"})
"""Codes of rules whose breach means that the sender's text is not ours."""
