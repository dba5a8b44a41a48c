"""How quick the reading desk is: `python -m tests.benchmarks.desk`.

The real server (gunicorn, two workers) on each engine and headless Chromium, on a text of 20,000 words with 1,000
spans and 600 relations and on one of 200 words with 3 spans; beside each an empty page of the same text in the same
run, that paints a highlight and moves the caret with nothing but the browser. Opening is cold: a browser profile
that has seen nothing. Times end when the frame is painted; the browser draws frames as soon as it can instead of
sixty times a second, since else every time would be a multiple of 16.7 ms. The page is at rest when a key is pressed
or the mouse let go, as it is between two movements of a hand. Runs are interleaved. "Computing" is the processor time
of server and page together, which a busy machine does not stretch as it stretches the clock.
"""

import argparse
import os
import random
import shutil
import statistics
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from annotator.accounts.models import User  # noqa: E402
from annotator.annotation.actions import add_spans, relate  # noqa: E402
from annotator.annotation.models import AnnotationSet  # noqa: E402
from tests.browser.conftest import ARGUMENTS, DESKTOP, NAMES  # noqa: E402
from tests.builders import LARGE, Cast, make_article, make_cast, make_project, started_set  # noqa: E402
from tests.databases import ENGINES, Database, Engine, own_run  # noqa: E402
from tests.servers import Server, collect_static, serving  # noqa: E402

BARE = "tests.benchmarks.bare_page"
AT_ONCE = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
"""Frames are drawn when there is something to draw, not at the beat of a screen."""

WORDS = (
    "the minister said on Monday that a draft of the agreement was close while the union rejected any change to it "
    "and nobody in Geneva would say how long talks between both governments might last or what they had cost so far"
).split()

REST = 100
"""Milliseconds between two movements of a hand."""

TO_REACH = {
    ("open", "long"): "1000", ("open", "short"): "500",
    ("key to highlight", "long"): "50, p95 100", ("key to highlight", "short"): "30",
    ("mouse to highlight", "long"): "50, p95 100", ("mouse to highlight", "short"): "30",
    ("caret move", "long"): "16", ("caret move", "short"): "16",
}  # fmt: skip


# The stage


@dataclass(frozen=True)
class Size:
    name: str
    words: int
    spans: int
    relations: int


SIZES = (Size("long", 20_000, 1000, 600), Size("short", 200, 3, 2))


def text_of(words: int, random_: random.Random) -> str:
    """Paragraphs of three sentences, about 25 words each, as in a newspaper."""
    lines, left = [], words
    while left > 0:
        sentences = [[random_.choice(WORDS) for _ in range(random_.randint(18, 32))] for _ in range(3)]
        lines.append(" ".join(" ".join(one).capitalize() + "." for one in sentences))
        left -= sum(map(len, sentences))
    return "\n".join(lines)


def reading_of(cast: Cast, size: Size) -> AnnotationSet:
    random_ = random.Random(size.words)
    text = text_of(size.words, random_)
    project = make_project(cast, make_article(text), codebook=LARGE)
    reading = started_set(project, cast.ada)
    found = _fill(reading, cast.ada, text, size.spans, random_)
    for number in range(size.relations):
        type, target = (("held_by", "ACTOR"), ("toward", "CLAIM"))[number % 2]
        sources, targets, turn = found["STANCE"], found[target], number // 2
        relate(
            reading.pk, by=cast.ada, gesture=uuid.uuid4(), id=uuid.uuid4(), type=type,
            source=sources[turn % len(sources)], target=targets[turn % len(targets)],
        )  # fmt: skip
    return reading


def _fill(
    reading: AnnotationSet, user: User, text: str, count: int, random_: random.Random
) -> dict[str, list[uuid.UUID]]:
    """A third of each label; claims are long, actors and stances lie anywhere, also inside of claims."""
    starts = [at + 1 for at, sign in enumerate(text) if sign == " "]
    found: dict[str, list[uuid.UUID]] = {}
    for number, (label, longest) in enumerate((("CLAIM", 90), ("ACTOR", 14), ("STANCE", 20))):
        wanted = (count + 2 - number) // 3
        places: dict[tuple[int, int], uuid.UUID] = {}
        while len(places) < wanted:
            start = random_.choice(starts)
            end = min([*(at for at in (text.find(" ", start + longest), text.find(".", start)) if at > 0), len(text)])
            if start < end:
                places[start, end] = uuid.uuid4()
        spans = [{"id": id, "start": a, "end": b, "quote": text[a:b]} for (a, b), id in places.items()]
        for first in range(0, wanted, 200):
            batch = spans[first : first + 200]
            add_spans(reading.pk, by=user, gesture=uuid.uuid4(), places=batch, label=label)
        found[label] = list(places.values())
    return found


# What the page measures of itself

WATCH = """(() => {
  const afterPaint = (act) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => act(performance.now());
    channel.port2.postMessage(0);
  });
  const usable = () => {
    if (document.activeElement?.id === "text") afterPaint((now) => (window.usableAt = now));
    else requestAnimationFrame(usable);
  };
  usable();

  let begun = 0;
  const painted = () => [...CSS.highlights].filter(([name]) => name.startsWith("pending-") || name === "marked")
    .reduce((count, [, highlight]) => count + highlight.size, 0);
  // Asked after each frame: the one in which the page gave the browser something new to paint is the one that counts.
  const wait = (before, tries) => afterPaint((now) => {
    if (painted() > before) window.paintedAfter = now - begun;
    else if (tries) wait(before, tries - 1);
    else window.paintedAfter = -1;
  });
  const begin = (event) => {
    begun = event.timeStamp;
    window.paintedAfter = window.drawnAfter = null;
    const before = painted();
    wait(before, 400);
  };
  // The mark itself, as the server drew it.
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => afterPaint((now) => (window.drawnAfter ??= now - begun)))
      .observe(document.getElementById("text"), { childList: true });
  });
  window.watchGesture = (kind) => addEventListener(kind, begin, { capture: true, once: true });
  window.watchMove = () => addEventListener("keydown", (event) => {
    window.paintedAfter = null;
    begun = event.timeStamp;
    afterPaint((now) => (window.paintedAfter = now - begun));
  }, { capture: true, once: true });
})()"""

FREE_WORD = """(() => {
  const lines = [...document.querySelectorAll("#text p")];
  for (let tries = 0; tries < 500; tries += 1) {
    const line = lines[Math.floor(Math.random() * lines.length)];
    const runs = [...line.querySelectorAll("span[data-start]")];
    const node = (runs.length ? runs[Math.floor(Math.random() * runs.length)] : line).firstChild;
    if (node?.nodeType !== Node.TEXT_NODE) continue;
    const words = [...node.data.matchAll(/(?<= )[a-z]{4,}(?= )/g)];
    if (!words.length) continue;
    const word = words[Math.floor(Math.random() * words.length)];
    line.scrollIntoView({ block: "center", behavior: "instant" });
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const place = range.getBoundingClientRect();
    const isSeen = place.top > 80 && place.bottom < innerHeight - 80;
    if (isSeen) return [place.left + place.width / 2, place.top + place.height / 2];
  }
  return null;
})()"""
"""The middle of a word without a label, brought into sight."""


@dataclass
class Found:
    """Milliseconds by what was measured."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def median(self, what: str) -> float:
        return statistics.median(self.times[what])

    def p95(self, what: str) -> float:
        return sorted(self.times[what])[int(len(self.times[what]) * 0.95)]


class Reader:
    """A browser at one page, which may be the bare one."""

    def __init__(self, page: Page, server: Server, found: Found, *, is_desk: bool) -> None:
        self.page, self.server, self.found, self.is_desk = page, server, found, is_desk

    def open(self, address: str) -> None:
        protocol = self.page.context.new_cdp_session(self.page)
        protocol.send("Performance.enable")
        before = _computed(self.server)
        self.page.goto(address)
        self.page.wait_for_function("() => window.usableAt")
        metrics = {one["name"]: one["value"] for one in protocol.send("Performance.getMetrics")["metrics"]}
        self.found.times["open"].append(self.page.evaluate("usableAt"))
        self.found.times["open, computing"].append(_computed(self.server) - before + 1000 * metrics["ThreadTime"])

    def by_key(self, times: int) -> None:
        """Words are selected, then a label's key is pressed."""
        for _ in range(times):
            self._double_click()
            self.page.wait_for_timeout(REST)
            self.page.evaluate("watchGesture('keydown')")
            self.page.keyboard.press("1")
            self._note("key to highlight")

    def by_mouse(self, times: int) -> None:
        """A label is armed; the second click on a word makes it a span."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("2")
        for _ in range(times):
            x, y = self._word()
            self.page.mouse.click(x, y)
            self.page.wait_for_timeout(REST)
            self.page.mouse.down(click_count=2)
            self.page.wait_for_timeout(REST)
            self.page.evaluate("watchGesture('mouseup')")
            self.page.mouse.up(click_count=2)
            self._note("mouse to highlight")

    def moves(self, times: int) -> None:
        self.page.mouse.click(*self._word())
        for _ in range(times):
            self.page.wait_for_timeout(REST)
            self.page.evaluate("watchMove()")
            self.page.keyboard.press("ArrowRight")
            self.found.times["caret move"].append(self._painted())

    def _word(self) -> tuple[float, float]:
        place = self.page.evaluate(FREE_WORD)
        assert place, "no word without a label is left"
        return place[0], place[1]

    def _double_click(self) -> None:
        self.page.mouse.dblclick(*self._word())

    def _note(self, what: str) -> None:
        after = self._painted()
        if after < 0:
            raise SystemExit(f"nothing was painted after “{what}”")
        self.found.times[what].append(after)
        if self.is_desk:
            self.page.wait_for_function("() => drawnAfter !== null")
            self.found.times["drawn by the server"].append(self.page.evaluate("drawnAfter"))
            self.page.wait_for_function("() => document.getElementById('saving').dataset.state === 'saved'")

    def _painted(self) -> float:
        self.page.wait_for_function("() => paintedAfter !== null")
        after: float = self.page.evaluate("paintedAfter")
        return after


def _computed(server: Server) -> float:
    """Milliseconds of processor time that the server's workers have taken so far."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    ticks = 0
    for worker in children:
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


# Measuring


@dataclass(frozen=True)
class Stage:
    browser: Browser
    app: Server
    bare: Server
    cookie: str

    def round(self, reading: AnnotationSet, found: dict[bool, Found], asked: argparse.Namespace) -> None:
        """One cold opening of the desk and of the bare page, and gestures on both."""
        for is_desk, server in ((True, self.app), (False, self.bare)):
            with self._fresh(server) as page:
                reader = Reader(page, server, found[is_desk], is_desk=is_desk)
                reader.open(f"/sets/{reading.pk}/")
                reader.moves(asked.gestures)
                reader.by_key(asked.gestures)
                if is_desk:
                    reader.by_mouse(asked.gestures)

    def _fresh(self, server: Server) -> "_Fresh":
        return _Fresh(self.browser, server, self.cookie)


@dataclass
class _Fresh:
    """A new browser profile, nothing cached."""

    browser: Browser
    server: Server
    cookie: str

    def __enter__(self) -> Page:
        width, height = DESKTOP
        self.context = self.browser.new_context(base_url=self.server.url, viewport={"width": width, "height": height})
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self.cookie, "url": self.server.url}])
        page = self.context.new_page()
        page.add_init_script(WATCH)
        return page

    def __exit__(self, *_: object) -> None:
        self.context.close()


def report(engine: str, database: Database, browser: Browser, asked: argparse.Namespace) -> None:
    cast = make_cast()
    client = Client()
    client.force_login(cast.ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    readings = {size: reading_of(cast, size) for size in SIZES}
    found = {size: {True: Found(), False: Found()} for size in SIZES}
    connections.close_all()
    with serving(database) as app, serving(database, BARE) as bare:
        stage = Stage(browser, app, bare, cookie)
        for size in SIZES:  # what is measured later must not pay for the server's first request
            stage.round(readings[size], {True: Found(), False: Found()}, argparse.Namespace(gestures=1))
        for _ in range(asked.runs):
            for size in SIZES:
                stage.round(readings[size], found[size], asked)
        app.check_log()
        bare.check_log()
    for size in SIZES:
        _print(engine, size, *found[size].values())


BESIDE = {"mouse to highlight": "key to highlight"}
"""What the bare page measures in the place of what it cannot do."""


def _print(engine: str, size: Size, desk: Found, bare: Found) -> None:
    head = f"{engine}, {size.words} words, {size.spans} spans, {size.relations} relations"
    print(f"\n{head:58}{'ms':>8}{'p95':>8}{'empty':>8}{'ratio':>8}   to reach")
    for what in desk.times:
        compared = BESIDE.get(what, what)
        beside = bare.median(compared) if compared in bare.times else None
        ratio = f"{beside:8.1f}{desk.median(what) / beside:8.1f}" if beside else " " * 16
        wanted = TO_REACH.get((what, size.name), "")
        print(f"  {what:56}{desk.median(what):8.1f}{desk.p95(what):8.1f}{ratio}   {wanted}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this engine")
    parser.add_argument("--runs", type=int, default=5, help="cold openings of each page")
    parser.add_argument("--gestures", type=int, default=10, help="of each kind in each run")
    asked = parser.parse_args()
    path = next(filter(None, map(shutil.which, NAMES)), None)
    arguments = [*ARGUMENTS, *AT_ONCE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    print(f"{os.cpu_count()} cores, of which others kept {os.getloadavg()[0]:.1f} busy in the last minute")
    with own_run(), sync_playwright() as playwright:
        collect_static()
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for name in asked.engine or ENGINES:
            engine = Engine(name)
            report(name, engine.home, browser, asked)
            connections.close_all()
            engine.drop(engine.home)
        browser.close()


if __name__ == "__main__":
    main()
