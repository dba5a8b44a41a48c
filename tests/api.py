"""A program that uses the API, as the tests play it."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

ROOT = "/api/v1/"


class Program:
    """Asks with one token. Addresses are given from behind `/api/v1/` on; `None` asks without a token."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, address: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + address, query)

    def lines(self, address: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get(ROOT + address, query, headers={"Accept": "application/x-ndjson"})
        assert answer.status_code == 200, answer.content
        return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    def results(self, address: str, **query: Any) -> list[dict[str, Any]]:
        """The records of all pages."""
        answer = self.get(address, **query)
        found: list[dict[str, Any]] = []
        while True:
            assert answer.status_code == 200, answer.content
            body = answer.json()
            found += body["results"]
            if body["next"] is None:
                return found
            answer = self.client.get(body["next"].removeprefix("http://testserver"))

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, ROOT + address, content, "application/json", headers=given)


def problem(answer: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal, once it is seen to be a problem document."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "field", "state"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]
