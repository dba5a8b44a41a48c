"""Passwords that are quick to make; a server on the real settings can check them all the same."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class FastHasher(PBKDF2PasswordHasher):
    iterations = 1
