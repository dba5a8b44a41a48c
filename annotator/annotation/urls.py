from django.urls import path

from annotator.annotation import views

urlpatterns = [
    path("sets/<uuid:pk>/", views.desk, name="desk"),
    path("sets/<uuid:pk>/entries/<str:list_name>/", views.entries, name="entries"),
    path("sets/<uuid:pk>/gestures/", views.gestures, name="gestures"),
    path("sets/<uuid:pk>/time/", views.time, name="time"),
    path("codebooks/<slug:slug>/draft/preview/", views.preview, name="draft_preview"),
]
