"""Who you are. A user's id is a random UUID, so that the log can name people without naming them."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. Deactivated, never deleted: the log and the labels point here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shortcuts = models.BooleanField(default=True)

    bound_to: frozenset[uuid.UUID] | None = None
    """The only projects in which this person acts now: those of the token that asks; None at the screen."""

    class Meta(AbstractUser.Meta):
        ordering = ["username"]


class Token(models.Model):
    """An API token: 256 random bits, shown once, kept as SHA-256; never more rights than its owner has."""

    SCOPES = ("gold:read", "audit:read", "annotations:write", "import:write")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    projects = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
