from django.urls import path

from annotator.suggestions import views

urlpatterns = [
    path("sets/<uuid:pk>/suggestions/", views.suggestions, name="suggestions"),
]
