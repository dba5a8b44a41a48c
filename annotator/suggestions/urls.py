from django.urls import path

from annotator.suggestions import views

urlpatterns = [
    path("sets/<uuid:pk>/suggestions/", views.suggestions, name="suggestions"),
    path("projects/<slug:slug>/suggestions/", views.effect, name="suggestions_effect"),
]
