"""Sends prepared requests from many clients at once and measures each: `python -m tests.benchmarks.load`.

A process of its own, so that the measuring does not share an interpreter with anything. Standard input holds one
JSON object: `host`, `port`, `seconds`, and `clients`, each with its list of requests (`method`, `path`, `headers`,
`body`). The answer is one JSON object: `seconds` that passed, and the `latencies` in seconds of what was saved.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any


def run(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Every client sends its requests one after the other until time is up. Raises RuntimeError if any is refused."""
    latencies: list[list[float]] = [[] for _ in plan["clients"]]
    failures: list[str] = []
    ready = threading.Barrier(len(plan["clients"]) + 1)

    def work(requests: Sequence[Mapping[str, Any]], measured: list[float]) -> None:
        connection = http.client.HTTPConnection(plan["host"], plan["port"], timeout=60)
        connection.connect()
        ready.wait()
        deadline = time.perf_counter() + plan["seconds"]
        for request in requests:
            begun = time.perf_counter()
            if begun > deadline:
                return
            connection.request(request["method"], request["path"], request["body"], request["headers"])
            answer = connection.getresponse()
            said = answer.read()
            measured.append(time.perf_counter() - begun)
            if answer.status not in (200, 201):
                failures.append(f"{answer.status}: {said[:500]!r}")
                return
        failures.append("A client ran out of requests; prepare more.")

    threads = [
        threading.Thread(target=work, args=(requests, measured))
        for requests, measured in zip(plan["clients"], latencies, strict=True)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return {"seconds": time.perf_counter() - begun, "latencies": [one for each in latencies for one in each]}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
