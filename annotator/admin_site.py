"""Django's admin as our support desk: who may come in, and by which door."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotator.errors import Unknown


class SupportDesk(AdminSite):
    """Open to administrators alone; there is one sign-in and one place to change a password, and both are elsewhere."""

    site_header = index_title = "Support desk"
    site_title = "Annotator"
    site_url = "/"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's views answer every method as if it were GET; here they answer those that browsers use."""
        return super().admin_view(require_http_methods(["GET", "HEAD", "POST"])(view), cacheable)

    def has_permission(self, request: HttpRequest) -> bool:
        """False sends to the sign-in. Raises Unknown to people who are signed in and no administrators."""
        if request.user.is_authenticated and not request.user.is_superuser:
            raise Unknown()
        return request.user.is_authenticated

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.has_permission(request)
        after = request.GET.get("next", resolve_url("admin:index"))
        return redirect(f"{resolve_url('sign_in')}?{urlencode({'next': after})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("change_password")
