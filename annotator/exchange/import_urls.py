from django.urls import path

from annotator.exchange import import_views as views

urlpatterns = [
    path("projects/<slug:slug>/import/", views.import_start, name="import_start"),
    path("projects/<slug:slug>/import/<uuid:pk>/", views.import_run, name="import_run"),
    path("projects/<slug:slug>/import/<uuid:pk>/commit/", views.import_commit, name="import_commit"),
    path("import/", views.import_start, name="import_start_site"),
    path("import/<uuid:pk>/", views.import_run, name="import_run_site"),
    path("import/<uuid:pk>/commit/", views.import_commit, name="import_commit_site"),
]
