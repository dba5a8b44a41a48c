from django.urls import path

from annotator.workflow import gold_views
from annotator.workflow import second_views as seconds
from annotator.workflow import settle_views as views

CASE = "projects/<slug:slug>/settle/<uuid:pk>/"

urlpatterns = [
    path("projects/<slug:slug>/settle/", views.settle_list, name="settle_list"),
    path(CASE, views.settle, name="settle"),
    path(CASE + "open/", views.settle_open, name="settle_open"),
    path(CASE + "entries/<str:list_name>/", views.settle_entries, name="settle_entries"),
    path(CASE + "decide/", views.settle_decide, name="settle_decide"),
    path(CASE + "undo/", views.settle_step, {"step": "undo"}, name="settle_undo"),
    path(CASE + "redo/", views.settle_step, {"step": "redo"}, name="settle_redo"),
    path(CASE + "publish/", views.settle_publish, name="settle_publish"),
    path(CASE + "reopen/", views.settle_reopen, name="settle_reopen"),
    path(CASE + "release/", views.settle_release, name="settle_release"),
    path("projects/<slug:slug>/settled-twice/", seconds.settled_twice, name="settled_twice"),
    path("projects/<slug:slug>/settled-twice/<uuid:pk>/reopen/", seconds.reopen_first, name="reopen_first"),
    path("projects/<slug:slug>/settled-twice/<uuid:pk>/end/", seconds.end_second, name="end_second"),
    path("projects/<slug:slug>/gold/<uuid:pk>/", gold_views.gold, name="gold"),
    path("assignments/<uuid:pk>/training/", gold_views.training_feedback, name="training_feedback"),
    path("sets/<uuid:pk>/gold/", gold_views.feedback, name="feedback"),
]
