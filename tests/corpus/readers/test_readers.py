from io import BytesIO

import pytest

from corpus.drafts import ArticleDraft, Refusal
from corpus.readers import iterate, read_file

SENTENCE = b"The talks of the week were at an end, said the minister.\n"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "A.TXT", "folder.pdf/a.txt"])
def test_text_files_are_read_by_their_ending(name: str) -> None:
    result = read_file(SENTENCE, name)
    assert [draft.text for draft in result.drafts] == [SENTENCE.decode()]
    assert result.refusals == []


def test_good_and_bad_lines_of_a_file_come_apart() -> None:
    result = read_file(b'{"text": "a"}\n{"text": \n{"text": "b"}', "a.jsonl")
    assert [draft.text for draft in result.drafts] == ["a", "b"]
    assert [(refusal.name, refusal.line, refusal.code) for refusal in result.refusals] == [("a.jsonl", 2, "malformed")]


@pytest.mark.parametrize("name", ["a.pdf", "a", ".txt", "a.txt.exe", "", "\x00"])
def test_other_files_are_refused_with_what_is_accepted(name: str) -> None:
    result = read_file(SENTENCE, name)
    message = "Files of this kind are not read. Accepted: .txt, .md, .jsonl."
    assert (result.drafts, result.refusals) == ([], [Refusal(name, None, "unknown_format", message)])


@pytest.mark.parametrize(
    ("data", "name", "line", "code"),
    [
        (b"a\nb\xff", "a.txt", 2, "undecodable"),
        (b"a\x00", "a.md", 1, "nul"),
        (b"", "a.txt", None, "empty"),
        (b"", "a.jsonl", None, "empty"),
        (b"\n \n", "a.jsonl", None, "empty"),
        (b"a" * 2_000_001, "a.txt", None, "too_long"),
    ],
)
def test_what_cannot_be_read_is_a_refusal_with_its_line(data: bytes, name: str, line: int | None, code: str) -> None:
    (refusal,) = read_file(data, name).refusals
    assert (refusal.name, refusal.line, refusal.code) == (name, line, code)


def test_prepared_articles_come_one_by_one() -> None:
    stream = BytesIO(b'{"text": "a"}\n' * 1000)
    found = iterate(stream, "a.jsonl")
    assert isinstance(next(found), ArticleDraft)
    assert stream.tell() < 1000
