from django.urls import URLPattern, URLResolver, path

from annotator.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("set-password/<uidb64>/<token>/", views.set_password, name="set_password"),
    path("account/password/", views.change_password, name="change_password"),
    path("account/shortcuts/", views.change_shortcuts, name="change_shortcuts"),
]
