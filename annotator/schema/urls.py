from django.urls import URLPattern, URLResolver, path

from annotator.schema import draft_views as drafts
from annotator.schema import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("codebooks/", views.codebooks, name="codebooks"),
    path("codebooks/new/", drafts.new_codebook, name="new_codebook"),
    path("codebooks/<slug:slug>/", views.codebook, name="codebook"),
    path("codebooks/<slug:slug>/versions/<int:number>/", views.download, name="codebook_download"),
    path("codebooks/<slug:slug>/draft/start/", drafts.start, name="draft_start"),
    path("codebooks/<slug:slug>/draft/review/", drafts.review, name="draft_review"),
    path("codebooks/<slug:slug>/draft/publish/", drafts.publish, name="draft_publish"),
    path("codebooks/<slug:slug>/draft/discard/", drafts.discard, name="draft_discard"),
    path("codebooks/<slug:slug>/draft/read-in/", drafts.read_in, name="draft_read_in"),
    path("codebooks/<slug:slug>/draft/file/", drafts.export, name="draft_export"),
    path("codebooks/<slug:slug>/draft/write/<slug:section>/", drafts.draft, name="draft"),
]
