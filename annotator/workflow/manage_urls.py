from django.urls import URLPattern, URLResolver, path

from annotator.workflow import campaign_views as campaign
from annotator.workflow import manage_views as views
from annotator.workflow import moving_views as moving
from annotator.workflow import thread_views as threads
from annotator.workflow import training_views as training

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("people/<uuid:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("projects/new/", views.new_project, name="projects_new"),
    path("projects/<slug:slug>/", views.project, name="project"),
    path("projects/<slug:slug>/members/", views.members, name="project_members"),
    path("projects/<slug:slug>/members/<uuid:pk>/end/", views.end_role, name="end_role"),
    path("projects/<slug:slug>/articles/", views.articles, name="project_articles"),
    path("projects/<slug:slug>/articles/add/", views.add_articles, name="articles_add"),
    path("projects/<slug:slug>/articles/<uuid:pk>/withdraw/", views.withdraw_article, name="article_withdraw"),
    path("projects/<slug:slug>/articles/<uuid:pk>/readers/", views.article_readers, name="article_readers"),
    path("projects/<slug:slug>/articles/<uuid:pk>/assign/", views.assign, name="assign"),
    path("projects/<slug:slug>/flags/", threads.flags, name="flags"),
    path("comments/<uuid:pk>/answer/", threads.answer, name="answer_comment"),
    path("assignments/<uuid:pk>/withdraw/", views.withdraw_assignment, name="withdraw_assignment"),
    path("assignments/<uuid:pk>/send-back/", views.send_back, name="send_back"),
    path("projects/<slug:slug>/codebook/", moving.codebook, name="project_codebook"),
    path("projects/<slug:slug>/codebook/carry/", moving.carry, name="codebook_carry"),
    path("projects/<slug:slug>/settings/", campaign.settings, name="project_settings"),
    path("projects/<slug:slug>/settings/readers/", campaign.allowances, name="allowances"),
    path("projects/<slug:slug>/offer/", campaign.offer, name="offer"),
    path("projects/<slug:slug>/training/", training.training, name="training"),
    path("projects/<slug:slug>/training/<uuid:pk>/end/", training.end_training_with, name="end_training_with"),
    path("projects/<slug:slug>/training/readers/<uuid:pk>/", training.excuse, name="excuse"),
    path("projects/<slug:slug>/progress/", campaign.progress, name="progress"),
    path("projects/<slug:slug>/places/", campaign.places, name="places"),
    path("projects/<slug:slug>/spans/", campaign.spans, name="project_spans"),
    path("assignments/<uuid:pk>/take-again/", campaign.take_again, name="take_again"),
]
