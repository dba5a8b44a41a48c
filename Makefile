# Short names for what the README spells out; needs the virtual environment of its second line.
.PHONY: test check format serve

test:
	.venv/bin/python -m pytest

check:
	.venv/bin/python -m pytest tests/test_house.py

format:
	.venv/bin/ruff format . && .venv/bin/ruff check --fix . && .venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

serve:
	.venv/bin/python manage.py serve
