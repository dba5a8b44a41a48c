import pytest

from annotator.agreement.measures.result import NO_VARIATION, Measure, reading


def test_a_measure_has_a_value_or_a_reason_and_never_both() -> None:
    for value, reason in ((None, None), (0.5, NO_VARIATION)):
        with pytest.raises(ValueError, match="either a value or a reason"):
            Measure(value, reason, units=3, coders=2)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_no_value(value: float) -> None:
    with pytest.raises(ValueError, match="no value"):
        Measure(value, None, units=3, coders=2)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (1.0, "Reliable."),
        (0.8, "Reliable."),
        (0.7996, "Reliable."),
        (0.7994, "Good for tentative conclusions only."),
        (0.667, "Good for tentative conclusions only."),
        (0.6664, "Not reliable: revise the rule and label again."),
        (0.0, "Not reliable: revise the rule and label again."),
        (-0.2, "Worse than chance: the readers differ systematically. Revise the rule and label again."),
        (None, "There is no score to read."),
    ],
)
def test_a_score_is_read_as_it_is_printed(value: float | None, sentence: str) -> None:
    assert reading(value) == sentence
