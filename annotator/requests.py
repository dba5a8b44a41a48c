"""Requests as views get them: past the sign-in of `middleware.SignInRequired`, so somebody is there."""

from django.http import HttpRequest

from annotator.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view takes that is not marked `login_not_required`. For the type checker; never instantiated."""

    user: User
