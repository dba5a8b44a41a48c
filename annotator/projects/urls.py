from django.urls import URLPattern, URLResolver, path

from annotator.projects import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.make_token, name="make_token"),
    path("account/tokens/<uuid:pk>/end/", views.revoke_token, name="revoke_token"),
    path("people/", views.people, name="people"),
    path("people/<uuid:pk>/", views.person, name="person"),
    path("people/<uuid:pk>/link/", views.person_link, name="person_link"),
    path("people/<uuid:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("people/tokens/<uuid:pk>/end/", views.person_token_revoke, name="person_token_revoke"),
    path("projects/<slug:slug>/articles/<uuid:pk>/", views.article, name="article"),
    path("projects/<slug:slug>/articles/<uuid:pk>/facts/", views.article_facts, name="article_facts"),
    path("projects/<slug:slug>/articles/<uuid:pk>/regions/", views.article_regions, name="article_regions"),
]
