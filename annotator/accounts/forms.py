"""What the pages about signing in send: shape only."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

RULES = "At least 12 characters, and not a common one. A short sentence is easy to remember."


class SignIn(AuthenticationForm):
    error_messages = {
        "invalid_login": "This name and this password do not belong together. Mind capital letters.",
        "inactive": "This name and this password do not belong together. Mind capital letters.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name"


class NewPassword(SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_passwords(self)


class ChangePassword(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Your password now"
        word_passwords(self)


def word_passwords(form: forms.Form) -> None:
    """Say the rules where the password is typed, the same everywhere."""
    form.fields["new_password1"].label = "New password"
    form.fields["new_password1"].help_text = RULES
    form.fields["new_password2"].label = "The same again"
    form.fields["new_password2"].help_text = ""
