"""What showing a text and highlighting in it costs at least: the text in paragraphs, and nothing around it.

Settings and view in one module. No sign-in, no style sheet, no spans; one script of a few lines that paints the
selected words when a digit is pressed, with the same interface of the browser that the desk uses.
"""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import escape

from annotator.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = __name__

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A text</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>article {{ max-width: 66ch; margin: auto; line-height: 1.7 }} ::highlight(marked) {{ background: gold }}</style>
<article id="text" tabindex="0">{text}</article>
<script>
  const marked = new Highlight();
  CSS.highlights.set("marked", marked);
  addEventListener("keydown", ({{ key }}) => {{
    if (key === "1") marked.add(getSelection().getRangeAt(0).cloneRange());
    if (key === "ArrowRight") getSelection().modify("move", "forward", "character");
  }});
  document.getElementById("text").focus({{ preventScroll: true }});
</script></html>"""


def text(request: HttpRequest, set_id: uuid.UUID) -> HttpResponse:
    from annotator.annotation.models import AnnotationSet

    article = AnnotationSet.objects.select_related("article").get(pk=set_id).article
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in article.text.split("\n"))
    return HttpResponse(PAGE.format(text=lines))


urlpatterns = [path("sets/<uuid:set_id>/", text)]
