from django.urls import path

from annotator.exchange import log_views, views

urlpatterns = [
    path("projects/<slug:slug>/download/<str:name>/", views.download, name="download"),
    path("projects/<slug:slug>/log/", log_views.log, name="log"),
    path("projects/<slug:slug>/log/events.jsonl", log_views.log_file, name="log_file"),
]
