from django.urls import path

from annotator.agreement import views

PROJECT = "projects/<slug:slug>/agreement"

urlpatterns = [
    path(PROJECT + "/", views.agreement, name="agreement"),
    path(PROJECT + ".csv", views.data, {"form": "csv"}, name="agreement_data"),
    path(PROJECT + ".json", views.data, {"form": "json"}, name="agreement_data"),
    path(PROJECT + "/spans/", views.spans, name="agreement_spans"),
    path(PROJECT + "/by/<str:kind>/", views.by, name="agreement_by"),
    path(PROJECT + "/answers/<str:question>/", views.question, name="agreement_question"),
]
