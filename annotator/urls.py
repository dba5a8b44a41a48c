"""The whole map: screens, /api/v1/, admin. Every address is in the permission table of the tests."""

from django.contrib import admin
from django.urls import include, path

from annotator import health

urlpatterns = [
    # First what programs and the reading desk ask for all day: addresses are tried one after the other.
    path("api/v1/", include("annotator.exchange.urls")),
    path("", include("annotator.annotation.urls")),
    path("", include("annotator.accounts.urls")),
    path("", include("annotator.projects.urls")),
    path("", include("annotator.workflow.urls")),
    path("", include("annotator.workflow.settle_urls")),
    path("", include("annotator.workflow.manage_urls")),
    path("", include("annotator.workflow.register_urls")),
    path("", include("annotator.schema.urls")),
    path("", include("annotator.agreement.urls")),
    path("", include("annotator.suggestions.urls")),
    path("", include("annotator.exchange.import_urls")),
    path("", include("annotator.exchange.urls_screens")),
    path("admin/", admin.site.urls),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]

handler404 = "annotator.middleware.no_such_page"
handler500 = "annotator.middleware.broken_page"
