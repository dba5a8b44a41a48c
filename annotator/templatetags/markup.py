"""Drawings in templates: `{{ drawing|text_markup }}`, `{{ entry|row_markup }}`."""

from django.template import Library

from annotator.annotation.markup import markup_of_row, markup_of_text

register = Library()
register.filter("text_markup", markup_of_text)
register.filter("row_markup", markup_of_row)
