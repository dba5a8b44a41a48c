import pytest

from corpus.readers.language import guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister said on Monday that the government is not at ease with the plan of the envoy.", "en"),
        ("Der Minister sagte, dass die Regierung nicht mit dem Plan und der Lösung zufrieden ist.", "de"),
        ("Le ministre dit que le plan est dans les mains du gouvernement et pas une solution.", "fr"),
        ("El ministro dijo que el plan no está en las manos de los países y por eso se buscará una salida.", "es"),
        (
            "قال الوزير إن الحكومة لا توافق على هذا وأنها تبحث عن حل مع الدول في المنطقة بعد الاجتماع من أجل السلام",
            "ar",
        ),
        ("השר אמר כי הממשלה לא מסכימה עם ההצעות של האום וגם היא מבקשת פתרון על ידי המדינות אל מול זה", "he"),
    ],
)
def test_a_language_is_known_by_its_small_words(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello world",
        "Il ministro ha detto che il governo non è d'accordo con le proposte e che si cerca una soluzione.",
        "De minister zei maandag dat de regering het niet eens is met de voorstellen van de gezant.",
        "O ministro disse que o governo não está de acordo com as propostas e que procura uma solução.",
        "وزیر گفت که دولت با این پیشنهادها موافق نیست و از کشورهای دیگر در منطقه راه حل می‌خواهد",
        "The plan of the envoy is that der Plan und die Lösung mit dem Land ist nicht das Ende for the people.",
    ],
)
def test_a_language_that_is_not_evident_is_undetermined(text: str) -> None:
    assert guess(text) == "und"
