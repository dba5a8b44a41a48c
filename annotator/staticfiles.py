"""Hashed file names for static files, also inside ES module imports and style sheets."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files may be kept by browsers for ever, because a changed file has another name."""

    support_js_module_import_aggregation = True
    manifest_strict = False


