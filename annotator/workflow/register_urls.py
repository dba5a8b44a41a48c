from django.urls import URLPattern, URLResolver, path

from annotator.workflow import register_views as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("projects/<slug:slug>/register/", views.register, name="register"),
    path("projects/<slug:slug>/register/<str:list_name>/<str:key>/", views.entry, name="register_entry"),
    path("projects/<slug:slug>/find/<str:list_name>/", views.find, name="register_find"),
    path("projects/<slug:slug>/proposals/<uuid:pk>/", views.proposal, name="proposal"),
]
