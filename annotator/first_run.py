"""What an empty installation needs before anybody can begin: somebody who may sign in, and codebooks to choose from."""

from collections.abc import Callable

from django.conf import settings

from annotator.accounts.actions import password_path
from annotator.accounts.models import User
from annotator.projects.people import create_user
from annotator.schema.actions import load_file
from annotator.schema.models import LabelSet

SEEDS = settings.BASE_DIR / "seeds"
ADMINISTRATOR = "administrator"

Say = Callable[[str], None]


def let_in(say: Say, address: str) -> None:
    """As long as nobody has ever come in, say how the first does. `address`: of the site, without a slash at the end.

    Where there is anybody else, or one who has a password, no link is given to whoever reads the console.
    """
    known = list(User.objects.all()[:2])
    if len(known) > 1 or any(user.has_usable_password() for user in known):
        return
    user = known[0] if known else create_user(ADMINISTRATOR, by=None, administrator=True)
    seed_codebooks(user)
    say(f"Nobody can sign in yet. Choose a password for “{user.username}”; this link works once:")
    say(f"  {address}{password_path(user)}")


def seed_codebooks(by: User) -> list[LabelSet]:
    """The codebooks that come with the app; those that are there already are left as they are."""
    return [load_file(path, by=by) for path in sorted((SEEDS / "codebooks").glob("*.json"))]
