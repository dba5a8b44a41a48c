"""Hashed file names for static files, also inside ES module imports and style sheets."""

from collections.abc import Iterator, Mapping
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files may be kept by browsers for ever, because a changed file has another name."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def post_process(self, paths: Mapping[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """But for the extensions of htmx: we use none, and their comments look like imports of missing files."""
        used = {name: found for name, found in paths.items() if not name.startswith("django_htmx/ext/")}
        yield from super().post_process(used, *args, **options)
