from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AnnotatorConfig(AppConfig):
    name = "annotator"
    default_auto_field = "django.db.models.BigAutoField"


class SupportDeskConfig(admin.AdminConfig):
    """Django's admin with our own site."""

    default_site = "annotator.admin_site.SupportDesk"
    default = False
