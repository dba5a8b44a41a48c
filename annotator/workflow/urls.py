from django.urls import path

from annotator.workflow import views

urlpatterns = [
    path("projects/<slug:slug>/queue/", views.queue, name="queue"),
    path("projects/<slug:slug>/next/", views.next_article, name="next_article"),
    path("assignments/<uuid:pk>/open/", views.open_assignment, name="open_assignment"),
    path("assignments/<uuid:pk>/decline/", views.decline, name="decline"),
    path("sets/<uuid:pk>/submit/", views.submit, name="submit"),
]
