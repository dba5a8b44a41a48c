"""What a page of agreement keeps is forgotten between tests."""

from collections.abc import Iterator

import pytest

from annotator.agreement import kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Rolled-back rows never had other contents, but counts of what waits would differ."""
    kept.forget()
    yield
    kept.forget()
