"""Ada's desk, on the small codebook and on the large one."""

import pytest

from tests.annotator.annotation.verbs import Desk, desk_on
from tests.builders import LARGE, Cast


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return desk_on(cast)


@pytest.fixture
def large_desk(cast: Cast) -> Desk:
    return desk_on(cast, codebook=LARGE)
