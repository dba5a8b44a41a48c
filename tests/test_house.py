"""The house as STYLE.md draws it: checked by machines, so that people can talk about better things."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(sys.executable).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
SOURCES = sorted([*(ROOT / "annotator").rglob("*.py"), *(ROOT / "corpus").rglob("*.py")])


def passes(command: Sequence[str], **environment: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "annotator.settings", **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def breaches(files: Sequence[Path], forbidden: str, *, allowed: str = r"(?!)") -> list[str]:
    """Places that match `forbidden`, but for lines that match `allowed`."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        if re.search(forbidden, line) and not re.search(allowed, line)
    ]


def test_types_are_complete_and_fit() -> None:
    passes([sys.executable, "-m", "mypy"])


def test_the_code_has_no_known_faults() -> None:
    passes([sys.executable, "-m", "ruff", "check", "."])


def test_the_code_is_formatted() -> None:
    passes([sys.executable, "-m", "ruff", "format", "--check", "."])


def test_imports_follow_the_arrows() -> None:
    passes([str(BINARIES / "lint-imports"), "--no-cache"])


def test_templates_are_formatted() -> None:
    passes([str(BINARIES / "djade"), "--check", "--target-version", "5.2", *map(str, TEMPLATES)])


def test_no_migration_is_missing() -> None:
    passes([sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"])


def test_the_settings_of_a_public_installation_are_safe() -> None:
    passes([sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], HTTPS="1")


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\|\s*safe|safeseq|autoescape\s+off",  # what came from people is escaped
        r"\sstyle\s*=|<style",
        r"\son[a-z]+\s*=|javascript:",
        r"hx-on|hx-vals\s*=\s*[\"']?js:|hx-headers\s*=\s*[\"']?js:|hx-boost",
        r"hx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)",  # htmx without eval drops the filter and fires always
        r"https?://(?!127\.0\.0\.1)",  # nothing is fetched from elsewhere
    ],
)
def test_templates_hold_nothing_that_the_browser_would_run(forbidden: str) -> None:
    assert breaches(TEMPLATES, forbidden) == []


def test_scripts_in_templates_are_files() -> None:
    assert breaches(TEMPLATES, r"<script", allowed=r"<script[^>]*\ssrc=\"[^>]*></script>|\{% htmx_script %\}") == []


def test_scripts_build_no_html_and_run_no_text() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function"
    assert breaches(SCRIPTS, forbidden) == []
    assert breaches(SCRIPTS, r"set(Timeout|Interval)\(\s*[\"'`]") == []


def test_python_marks_nothing_as_safe_html() -> None:
    assert breaches(SOURCES, r"mark_safe|SafeString|SafeData|html_safe") == []


def test_nothing_happens_behind_a_write() -> None:
    """No signals: whoever reads an action sees all that it does."""
    assert breaches(SOURCES, r"@receiver|django\.dispatch|\b(pre|post)_(save|delete|init)\.connect|m2m_changed") == []


def test_no_cache_can_leak_a_private_page() -> None:
    assert breaches(SOURCES, r"cache_page|UpdateCacheMiddleware|FetchFromCacheMiddleware|django\.core\.cache") == []


def test_screens_and_queries_do_not_write() -> None:
    files = [path for path in SOURCES if re.search(r"(views|queries|api|screen|forms)\.py$", path.name)]
    writes = r"\.(save|delete|update|create|bulk_create|bulk_update|get_or_create|update_or_create)\("
    assert breaches(files, writes, allowed=r"hashlib|\bset\(") == []


def test_every_package_is_pinned_and_used_by_name_once() -> None:
    lines = [*_packages("requirements.txt"), *_packages("tests/requirements.txt")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9-]+(\[[a-z,]+\])?==[0-9][0-9.]*", line)] == []
    names = [re.split(r"[\[=]", line)[0].lower() for line in lines]
    assert sorted(set(names)) == sorted(names)


def _packages(name: str) -> Iterator[str]:
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith(("#", "-r ")):
            yield line


def test_the_readme_names_every_setting_and_no_other() -> None:
    section = _section("Settings")
    promised = set(re.findall(r"^\| `([A-Z_]+)`", section, re.MULTILINE))
    read = set(re.findall(r"env\.[a-z]+\(\s*\"([A-Z_]+)\"", (ROOT / "annotator" / "settings.py").read_text()))
    assert promised == read


def _section(title: str) -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    assert match, f"README.md has no section “{title}”"
    return match[1]
