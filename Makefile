# Short names for what the README spells out; needs the virtual environment of its second line.
.PHONY: test check format serve pictures

test:
	.venv/bin/python -m pytest

check:
	.venv/bin/python -m pytest tests/test_house.py

format:
	.venv/bin/ruff format . && .venv/bin/ruff check --fix . && .venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

# The desk on a large and a small screen, light and dark; the README shows the first.
pictures:
	PICTURES=tests/pictures .venv/bin/python -m pytest -q -n0 tests/browser/test_desk_pictures.py
	cp tests/pictures/desk-1280-light.png static/shared/reading-desk.png

serve:
	.venv/bin/python manage.py serve
