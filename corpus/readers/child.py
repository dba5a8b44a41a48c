"""The child process of `sandbox`: a file on standard input, a line of JSON per article or refusal on output.

Arguments: the file's ending, bytes of memory, seconds of processor time.
"""

import json
import resource
import sys
from dataclasses import asdict

from corpus.drafts import ArticleDraft, Refusal, as_json
from corpus.readers import iterate
from corpus.readers.sandbox import OUT_OF_MEMORY


def main(ending: str, memory: int, seconds: int) -> int:
    _limit(memory, seconds)
    try:
        for item in iterate(sys.stdin.buffer, f"file{ending}"):
            sys.stdout.buffer.write(_line(item))
        sys.stdout.buffer.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _limit(memory: int, seconds: int) -> None:
    """No files, no core dumps; nothing in this process can lift the limits again."""
    for kind, limit in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(kind, (limit, limit))
    # At the soft limit the signal names the reason, at the hard one the process is killed without.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _line(item: ArticleDraft | Refusal) -> bytes:
    data = {"refusal": asdict(item)} if isinstance(item, Refusal) else {"draft": as_json(item)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
