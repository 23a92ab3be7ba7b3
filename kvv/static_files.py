"""How the static files of an installation are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Compressed

_IMPORTS = Compressed._js_module_import_aggregation_patterns[1]  # noqa: SLF001  (Django's; only where is ours)


class HashedStorage(Compressed):  # type: ignore[misc]  # whitenoise ships no types
    """Each file under a name with its checksum, compressed; what a script of ours imports, too.

    So no browser runs a script of this version with a module of the one before. Scripts of others are left
    alone: they import nothing, or what is not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
