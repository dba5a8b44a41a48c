from django.urls import path

from annotator.exchange import views

urlpatterns = [
    path("projects/<slug:slug>/download/<str:name>/", views.download, name="download"),
]
