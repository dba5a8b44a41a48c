import json
import math

import pytest

from annotator.exchange.formats.jsonl import line


def test_a_record_is_one_line_of_utf_8() -> None:
    record = {"text": "a\nb\u2028c 😀", "n": 1, "x": None}
    written = line(record)
    assert written == '{"text":"a\\nb\u2028c 😀","n":1,"x":null}\n'.encode()
    assert json.loads(written) == record


def test_what_is_no_json_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        line({"x": math.nan})
