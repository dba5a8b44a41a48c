"""Django's admin as our support desk: who may come in, and by which door."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from annotator.errors import Unknown


class SupportDesk(AdminSite):
    """Open to administrators alone; there is one sign-in and one place to change a password, and both are elsewhere."""

    site_header = index_title = "Support desk"
    site_title = "Annotator"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            raise Unknown()
        after = request.GET.get("next", resolve_url("admin:index"))
        return redirect(f"{resolve_url('sign_in')}?{urlencode({'next': after})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("change_password")
