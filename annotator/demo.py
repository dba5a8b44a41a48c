"""The demo: what a first run shows. Every step may run again; what is there already is left as it is."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from annotator.accounts.actions import set_password, token_for
from annotator.accounts.models import User
from annotator.exchange.imports import Outcome, import_path
from annotator.first_run import ADMINISTRATOR, SEEDS, Say, seed_codebooks
from annotator.projects.models import Project
from annotator.projects.people import create_user, make_token
from annotator.schema.models import LabelSet
from annotator.workflow.campaign import start_project, take_articles
from annotator.workflow.readings import load_decisions, load_reading
from corpus.models import Article

PROJECT = "ceasefire-talks"
CODEBOOK = "news-positions"
READERS = ("reviewer-a", "reviewer-b")
ROLES = {**dict.fromkeys(READERS, "reviewer"), "adjudicator": "adjudicator", "manager": "manager"}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
TOKEN_DAYS = 30


def set_up(say: Say) -> None:
    """Everything of the demo. `say` gets a line for each step, and the sign-ins when they are made."""
    call_command("migrate", verbosity=0)
    say("The database is ready.")
    passwords = _people()
    administrator = User.objects.get(username=ADMINISTRATOR)
    codebooks = seed_codebooks(administrator)
    say(f"Codebooks: {', '.join(str(codebook) for codebook in codebooks)}.")
    articles = _articles(administrator, say)
    project = _project(administrator, codebooks, articles)
    say(
        f"Project “{project.name}”: {project.project_articles.count()} articles, each for {project.redundancy} readers."
    )
    _readings(project, say)
    _token(project, say)
    _tell_sign_ins(passwords, say)


def renew_passwords(say: Say) -> None:
    """New passwords for the people of the demo; the old ones and open sessions end."""
    passwords = {}
    for user in User.objects.filter(username__in=[*ROLES, ADMINISTRATOR]).order_by("username"):
        passwords[user.username] = _new_password()
        set_password(user, passwords[user.username])
    if not passwords:
        say("There is nobody of the demo here yet. Run: python manage.py demo")
        return
    _keep(_sign_ins(), _as_lines(passwords))
    _tell_sign_ins(passwords, say)


def _people() -> dict[str, str]:
    """Make whoever is missing; returns their names and new passwords."""
    passwords: dict[str, str] = {}
    known = set(User.objects.filter(username__in=[ADMINISTRATOR, *ROLES]).values_list("username", flat=True))
    for name in (ADMINISTRATOR, *ROLES):
        if name not in known:
            password = _new_password()
            by = User.objects.filter(username=ADMINISTRATOR).first()
            create_user(name, by=by, administrator=name == ADMINISTRATOR, password=password)
            passwords[name] = password
            _keep(_sign_ins(), _as_lines(passwords))
    return passwords


def _articles(administrator: User, say: Say) -> list[Article]:
    total = Outcome()
    for path in sorted(SEEDS.glob("*.txt")):
        outcome = import_path(path, by=administrator)
        total.new += outcome.new
        total.known += outcome.known
        total.refusals += outcome.refusals
        say(f"{path.name}: {outcome.in_words}")
    return sorted([*total.new, *total.known], key=lambda article: (article.source.name, article.source_start))


def _project(administrator: User, codebooks: list[LabelSet], articles: list[Article]) -> Project:
    project = Project.objects.filter(slug=PROJECT).select_related("chain").first()
    if project is None:
        users = {user.username: user for user in User.objects.filter(username__in=ROLES)}
        project = start_project(
            by=administrator, name="Ceasefire talks", slug=PROJECT, redundancy=len(READERS),
            label_set=next(one for one in codebooks if one.slug == CODEBOOK),
            members=[(users[name], role) for name, role in ROLES.items()],
        )  # fmt: skip
    take_articles(project, articles, by=administrator)
    return project


def _readings(project: Project, say: Say) -> None:
    """Two readings of two articles, and one adjudicator's decisions on the first of them."""
    users = {user.username: user for user in User.objects.filter(username__in=ROLES)}
    entered = 0
    for name in READERS:
        reading = _seed(f"readings/{name}.json")
        entered += load_reading(project, reading, reader=users[name], by=users["manager"])
    readers = {name: users[name] for name in READERS}
    settled = load_decisions(project, _seed("readings/adjudicator.json"), readers=readers, by=users["adjudicator"])
    say(
        f"Demo readings: {entered} entered, {settled} articles settled."
        if entered or settled
        else "Demo readings: known."
    )


def _token(project: Project, say: Say) -> None:
    """A token that reads this project's gold, for the first call of the API."""
    path = settings.DATA_DIR / "demo-token"
    if path.exists() and token_for(path.read_text().strip()):
        return
    manager = User.objects.get(username="manager")
    _, secret = make_token(manager, name="Demo", scopes=["gold:read"], projects=[project], days=TOKEN_DAYS, by=manager)
    _keep(path, secret)
    say(f"A token that reads gold for {TOKEN_DAYS} days is in {path}.")


def _tell_sign_ins(passwords: Mapping[str, str], say: Say) -> None:
    if passwords:
        say(f"Sign in as one of these; the passwords are shown once and kept in {_sign_ins()}:")
        say(_as_lines(passwords))
    else:
        say(f"Sign-ins are in {_sign_ins()}; for new passwords: python manage.py demo --new-passwords")


def _as_lines(passwords: Mapping[str, str]) -> str:
    return "\n".join(f"  {name:<14} {password}" for name, password in passwords.items())


def _sign_ins() -> Path:
    path: Path = settings.DATA_DIR / "demo-sign-ins"
    return path


def _new_password() -> str:
    """Four groups of five letters, just under 100 random bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _keep(path: Path, text: str) -> None:
    """Write a secret where only its owner can read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")


def _seed(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SEEDS / name).read_text(encoding="utf-8"))
    return data
