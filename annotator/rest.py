"""Shared by API views: who is asking, in which shape errors come, how pages follow one another."""
