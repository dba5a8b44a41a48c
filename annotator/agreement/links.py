"""Addresses of the pages that belong to a study."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from annotator.agreement.parts import Question
from annotator.agreement.study import Study


class Links:
    """Addresses of the pages that belong to a study, with what was chosen in it."""

    def __init__(self, study: Study) -> None:
        self.slug = study.project.slug
        self.given = study.chosen.given

    def page(self, **chosen: str) -> str:
        return self._to("agreement", chosen)

    def spans(self, **cell: str | int) -> str:
        return self._to("agreement_spans", {key: str(value) for key, value in cell.items()})

    def question(self, question: Question) -> str:
        return self._to("agreement_question", {}, question=question.dotted)

    def by(self, kind: str) -> str:
        return self._to("agreement_by", {}, kind=kind)

    def file(self, form: str) -> str:
        return self._to("agreement_data", {}, form=form)

    def _to(self, name: str, more: Mapping[str, str], **words: str) -> str:
        query = urlencode({**self.given, **more})
        address = reverse(name, kwargs={"slug": self.slug, **words})
        return f"{address}?{query}" if query else address
