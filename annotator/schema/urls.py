from django.urls import URLPattern, URLResolver, path

from annotator.schema import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("codebooks/", views.codebooks, name="codebooks"),
    path("codebooks/<slug:slug>/", views.codebook, name="codebook"),
    path("codebooks/<slug:slug>/versions/<int:number>/", views.download, name="codebook_download"),
]
