"""The app's settings as the tests use them in their own process; servers under test run on the real ones.

Everything a run writes lies in one folder, shared by the workers of the run and deleted at its end. The process
that made it holds a lock in it, so that other runs know it is in use.
"""

import fcntl
import os
import tempfile
from pathlib import Path

if "TEST_RUN_FOLDER" not in os.environ:
    # Not in a private temporary folder: PostgreSQL may run as another user, and a socket's path must be short.
    _place = "/tmp" if Path("/tmp").is_dir() else None
    os.environ["TEST_RUN_FOLDER"] = tempfile.mkdtemp(prefix="annotator-tests-", dir=_place)
    IN_USE = Path(os.environ["TEST_RUN_FOLDER"], "in-use").open("w")  # noqa: SIM115 (held until we die)
    fcntl.flock(IN_USE, fcntl.LOCK_EX)
RUN_FOLDER = Path(os.environ["TEST_RUN_FOLDER"])
os.environ["DATA_DIR"] = str(RUN_FOLDER / "data")
os.environ["STATIC_ROOT"] = str(RUN_FOLDER / "static")
(RUN_FOLDER / "static").mkdir(exist_ok=True)
for _name in ("DATABASE_URL", "SECRET_KEY", "HTTPS", "ALLOWED_HOSTS", "TRUSTED_ORIGINS", "TRUSTED_PROXIES"):
    os.environ.pop(_name, None)

from annotator.settings import *  # noqa: E402, F403
from annotator.settings import STORAGES as _STORAGES  # noqa: E402

PASSWORD_HASHERS = ["tests.passwords.FastHasher"]
STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
