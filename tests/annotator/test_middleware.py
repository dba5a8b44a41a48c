"""What people are told where no view answers: an address that is not there, an error of ours."""

import pytest
from django.test import Client

from annotator.errors import Unknown
from tests.builders import Cast

pytestmark = pytest.mark.django_db


def test_an_address_that_is_not_there_is_answered_in_the_words_and_the_look_of_every_refusal(cast: Cast) -> None:
    signed_in, anonymous = Client(), Client()
    signed_in.force_login(cast.ada)
    for client in (signed_in, anonymous):
        answer = client.get("/there-is-no-such-page/")
        page = answer.content.decode()
        assert (answer.status_code, answer["X-Problem"]) == (404, "not_found")
        assert Unknown().detail in page and "base." in page and 'href="/"' in page


def test_an_error_of_ours_is_a_page_that_asks_the_database_for_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("The pipes have burst.")

    monkeypatch.setattr("annotator.workflow.manage_views.campaigns_for", fail)
    client = Client(raise_request_exception=False)
    client.force_login(cast.ada)
    answer = client.get("/")
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Problem"]) == (500, "broken")
    assert "What was saved before is safe." in page and "pipes" not in page and cast.ada.username not in page
