"""Every address of the app, and who may do what there: one closed table, walked by the tests of rights and blindness.

To add an address, add a line with its route as Django prints it. Each cell says what comes of one method for
one person, in the order of PEOPLE: `in` sent to sign in, `404` told nothing, `403` told no, `ok` let in, whatever
comes of it then. A method without cells is refused to everybody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

PEOPLE = ("anonymous", "otto", "ada", "cleo", "dora", "root")
"""Nobody, a stranger, a reviewer, an adjudicator, a manager, an administrator."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

ALL = "ok ok ok ok ok ok"
SIGNED_IN = "in ok ok ok ok ok"
MEMBERS = "in 404 ok ok ok ok"
REVIEWERS = "in 404 ok 403 403 403"
MANAGERS = "in 404 403 403 ok ok"
OWN_OR_ALL = "in 404 ok 403 ok ok"
"""Managers see everybody's work there, reviewers their own."""
SETTLERS = "in 404 403 ok ok ok"
ADMINISTRATORS = "in 404 404 404 404 ok"
LOOK_AFTER = "in 404 404 404 ok ok"
"""Codebooks are looked after by the managers of projects that use them, and by administrators."""
ADA = "in 404 ok 404 404 404"
CLEO = "in 404 404 ok 404 404"
DORA = "in 404 404 404 ok 404"
ROOT = "in 404 404 404 404 ok"
NOBODY = "in 404 404 404 404 404"
LOOKED_AT = "in 404 404 404 404 403"
"""In the support desk: an administrator may look, not write."""


@dataclass(frozen=True)
class Line:
    """`pk`: which row of the world stands in the address; `path`: for routes that are no templates."""

    route: str
    pk: str = ""
    path: str = ""
    cells: dict[str, str] = field(default_factory=dict)


def line(route: str, pk: str = "", *, path: str = "", **cells: str) -> Line:
    return Line(route, pk, path, cells)


PROJECT = "projects/<slug:slug>/"
ARTICLE = PROJECT + "articles/<uuid:pk>/"
CASE = PROJECT + "settle/<uuid:pk>/"
AGREEMENT = PROJECT + "agreement"
DRAFT = "codebooks/<slug:slug>/draft/"
ASKED = "projects/{slug}/agreement/answers/"

SCREENS = [
    line("livez", GET=ALL),
    line("readyz", GET=ALL),
    # who you are
    line("sign-in/", GET=ALL, POST=ALL),
    line("sign-out/", POST=ALL),
    line("set-password/<uidb64>/<token>/", path="/set-password/{link}/", GET=ALL, POST=ALL),
    line("account/", GET=SIGNED_IN),
    line("account/password/", GET=SIGNED_IN, POST=SIGNED_IN),
    line("account/shortcuts/", POST=SIGNED_IN),
    line("account/tokens/", POST=SIGNED_IN),
    line("account/tokens/<uuid:pk>/end/", "token", POST=DORA),
    line("people/", GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    line("people/<uuid:pk>/", "person", GET=ADMINISTRATORS),
    line("people/<uuid:pk>/link/", "person", POST=ADMINISTRATORS),
    line("people/<uuid:pk>/reactivate/", "person", POST=ADMINISTRATORS),
    line("people/<uuid:pk>/deactivate/", "person", POST=ADMINISTRATORS),
    line("people/tokens/<uuid:pk>/end/", "token", POST=ADMINISTRATORS),
    # projects
    line("", GET=SIGNED_IN),
    line("projects/new/", GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    line(PROJECT, GET=MANAGERS),
    line(PROJECT + "members/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "members/<uuid:pk>/end/", "membership", POST=MANAGERS),
    line(PROJECT + "articles/", GET=MANAGERS),
    line(PROJECT + "articles/add/", GET=MANAGERS, POST=MANAGERS),
    line(ARTICLE, "article", GET=MANAGERS),
    line(ARTICLE + "facts/", "article", POST=MANAGERS),
    line(ARTICLE + "regions/", "article", POST=MANAGERS),
    line(ARTICLE + "withdraw/", "article", POST=MANAGERS),
    line(ARTICLE + "readers/", "article", GET=MANAGERS),
    line(ARTICLE + "assign/", "article", POST=MANAGERS),
    line(PROJECT + "register/", GET=MEMBERS, POST=MANAGERS),
    line(
        PROJECT + "register/<str:list_name>/<str:key>/",
        path="/projects/{slug}/register/actors/union/",
        GET=MEMBERS,
        POST=MANAGERS,
    ),
    line(PROJECT + "find/<str:list_name>/", path="/projects/{slug}/find/actors/", GET=MANAGERS),
    line(PROJECT + "proposals/<uuid:pk>/", "proposal", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "codebook/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "codebook/carry/", POST=MANAGERS),
    line(PROJECT + "settings/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "settings/readers/", POST=MANAGERS),
    line(PROJECT + "offer/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "training/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "training/<uuid:pk>/end/", "lesson", POST=MANAGERS),
    line(PROJECT + "training/readers/<uuid:pk>/", "membership", POST=MANAGERS),
    line("assignments/<uuid:pk>/training/", "try", GET="in 404 404 404 ok ok"),
    line(PROJECT + "progress/", GET=OWN_OR_ALL),
    line(PROJECT + "places/", GET=OWN_OR_ALL),
    line(PROJECT + "spans/", GET=OWN_OR_ALL),
    line(PROJECT + "download/<str:name>/", path="/projects/{slug}/download/gold.jsonl/", GET=MEMBERS),
    line(PROJECT + "log/", GET=SETTLERS),
    line(PROJECT + "log/events.jsonl", GET=SETTLERS),
    # codebooks
    line("codebooks/", GET=LOOK_AFTER),
    line("codebooks/<slug:slug>/", path="/codebooks/{codebook}/", GET=LOOK_AFTER),
    line("codebooks/new/", GET=LOOK_AFTER, POST=LOOK_AFTER),
    *(
        line(f"{DRAFT}{verb}/", path=f"/codebooks/{{codebook}}/draft/{verb}/", POST=LOOK_AFTER)
        for verb in ("start", "publish", "discard", "read-in")
    ),
    *(
        line(f"{DRAFT}{page}/", path=f"/codebooks/{{codebook}}/draft/{page}/", GET=LOOK_AFTER)
        for page in ("review", "file", "preview")
    ),
    line(
        DRAFT + "write/<slug:section>/",
        path="/codebooks/{codebook}/draft/write/labels/",
        GET=LOOK_AFTER,
        POST=LOOK_AFTER,
    ),
    line("codebooks/<slug:slug>/versions/<int:number>/", path="/codebooks/{codebook}/versions/1/", GET=LOOK_AFTER),
    # importing
    line(PROJECT + "import/", GET=MANAGERS, POST=MANAGERS),
    line(PROJECT + "import/<uuid:pk>/", "run", GET="in 404 403 403 ok 404"),
    line(PROJECT + "import/<uuid:pk>/commit/", "run", POST="in 404 403 403 ok 404"),
    line("import/", GET="in 403 403 403 403 ok", POST="in 403 403 403 403 ok"),
    line("import/<uuid:pk>/", "site_run", GET="in 403 403 403 403 ok"),
    line("import/<uuid:pk>/commit/", "site_run", POST="in 403 403 403 403 ok"),
    # reading
    line(PROJECT + "queue/", GET=REVIEWERS),
    line(PROJECT + "next/", POST=REVIEWERS),
    line("assignments/<uuid:pk>/open/", "assignment", POST=ADA),
    line("assignments/<uuid:pk>/decline/", "assignment", POST=ADA),
    line("assignments/<uuid:pk>/take-again/", "assignment", POST=ADA),
    line("assignments/<uuid:pk>/withdraw/", "assignment", POST="in 404 404 404 ok ok"),
    line(PROJECT + "flags/", GET=MANAGERS),
    line("comments/<uuid:pk>/answer/", "comment", POST="in 404 404 404 ok ok"),
    line("assignments/<uuid:pk>/send-back/", "assignment", POST="in 404 404 404 ok ok"),
    line("sets/<uuid:pk>/", "set", GET=ADA),
    line("sets/<uuid:pk>/entries/<str:list_name>/", "set", path="/sets/{set}/entries/actors/?q=a", GET=ADA),
    line("sets/<uuid:pk>/gestures/", "set", POST=ADA),
    line("sets/<uuid:pk>/time/", "set", POST=ADA),
    line("sets/<uuid:pk>/submit/", "set", POST=ADA),
    line("sets/<uuid:pk>/suggestions/", "set", GET=ADA),
    # settling
    line(PROJECT + "settle/", GET=SETTLERS),
    line(CASE, "settling", GET=SETTLERS),
    *(line(f"{CASE}{verb}/", "settling", POST=SETTLERS) for verb in ("open", "decide", "undo", "redo", "publish")),
    line(CASE + "reopen/", "settling", POST=SETTLERS),
    line(
        CASE + "entries/<str:list_name>/",
        "settling",
        path="/projects/{slug}/settle/{settling}/entries/actors/",
        GET=SETTLERS,
    ),
    line(CASE + "release/", "settling", POST=MANAGERS),
    line(PROJECT + "settled-twice/", GET=MANAGERS),
    line(PROJECT + "settled-twice/<uuid:pk>/reopen/", "second_done", POST=MANAGERS),
    line(PROJECT + "settled-twice/<uuid:pk>/end/", "second_waiting", POST=MANAGERS),
    line(PROJECT + "gold/<uuid:pk>/", "released", GET=MEMBERS),
    line("sets/<uuid:pk>/gold/", "released_set", GET=ADA),
    # agreement
    line(PROJECT + "suggestions/", GET=MANAGERS),
    line(AGREEMENT + "/", GET=SETTLERS),
    line(AGREEMENT + ".csv", GET=SETTLERS),
    line(AGREEMENT + ".json", GET=SETTLERS),
    line(AGREEMENT + "/spans/", path="/projects/{slug}/agreement/spans/?kind=label", GET=SETTLERS),
    line(AGREEMENT + "/by/<str:kind>/", path="/projects/{slug}/agreement/by/pair/", GET=SETTLERS),
    line(AGREEMENT + "/answers/<str:question>/", path=f"/{ASKED}STANCE.polarity/", GET=SETTLERS),
]


def support_desk(model: str, pk: str, change: str = LOOKED_AT) -> list[Line]:
    """The addresses that Django's admin has for a model: only to look at, unless `change` says more."""
    root = f"admin/{model}/"
    row = root + "<path:object_id>/"
    return [
        line(root, GET=ADMINISTRATORS, POST=ADMINISTRATORS),
        line(root + "add/", GET=LOOKED_AT, POST=LOOKED_AT),
        line(row + "change/", pk, GET=ADMINISTRATORS, POST=change),
        line(row + "delete/", pk, GET=LOOKED_AT, POST=LOOKED_AT),
        line(row + "history/", pk, GET=ADMINISTRATORS, POST=ADMINISTRATORS),
        line(row, pk, GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    ]


SUPPORT_DESK = [
    line("admin/", GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    line("admin/login/", GET="in 404 404 404 404 in", POST="in 404 404 404 404 in"),
    line("admin/logout/", POST=ADMINISTRATORS),
    line("admin/password_change/", GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    line("admin/password_change/done/", GET=ADMINISTRATORS),
    line("admin/autocomplete/", GET=LOOKED_AT),
    line("admin/jsi18n/", GET=ADMINISTRATORS),
    line("admin/r/<path:content_type_id>/<path:object_id>/", path="/admin/r/1/1/", GET=NOBODY, POST=NOBODY),
    *support_desk("annotator/user", "person", change=ADMINISTRATORS),
    *support_desk("annotator/project", "project"),
    *support_desk("annotator/membership", "membership"),
    *support_desk("annotator/span", "span"),
    *support_desk("annotator/event", "event"),
    *support_desk("corpus/article", "article"),
    line("admin/^(?P<app_label>annotator|corpus)/$", path="/admin/corpus/", GET=ADMINISTRATORS, POST=ADMINISTRATORS),
    line("admin/(?P<url>.*)$", path="/admin/nothing", GET=NOBODY, POST=NOBODY),
]

PROGRAMS = ("otto", "elsewhere", "lost", "ada", "cleo", "dora", "gold", "audit")
"""Tokens: of a stranger who manages another project; of Dora bound to that other project; of Ada from the days when
she managed this one; then each person's with all that their role allows; then Dora's with one scope alone."""

EVERY_PROGRAM = "ok ok ok ok ok ok ok ok"
READ_GOLD = "404 404 403 ok ok ok ok 403"
AUDIT = "404 404 403 403 ok ok 403 ok"
WRITE = "403 403 403 ok 403 403 403 403"
OWN_SET = "403 403 403 ok 403 403 403 403"

API = [
    line("api/v1/projects/", GET=EVERY_PROGRAM),
    line("api/v1/projects/<slug:slug>/gold/", GET=READ_GOLD),
    line("api/v1/projects/<slug:slug>/articles/", GET=READ_GOLD),
    line("api/v1/projects/<slug:slug>/codebook/", GET=READ_GOLD),
    line("api/v1/projects/<slug:slug>/registers/", GET=READ_GOLD),
    line("api/v1/projects/<slug:slug>/annotations/", GET=AUDIT),
    line("api/v1/projects/<slug:slug>/disagreement/", GET=AUDIT),
    line("api/v1/projects/<slug:slug>/events/", GET=AUDIT),
    line("api/v1/projects/<slug:slug>/next/", POST=WRITE),
    line("api/v1/sets/<uuid:set_id>/", "set", GET=OWN_SET),
    *(
        line(f"api/v1/sets/<uuid:set_id>/{item}/", "set", PUT=OWN_SET, PATCH=OWN_SET, DELETE=OWN_SET)
        for item in ("spans/<uuid:span_id>", "relations/<uuid:relation_id>")
    ),
    *(line(f"api/v1/sets/<uuid:set_id>/{verb}/", "set", POST=OWN_SET) for verb in ("submit", "undo", "redo")),
]

OPEN_API = [
    line("api/v1/openapi.json", GET=ALL),
    line("api/v1/", path="/api/v1/nothing/", GET=ALL.replace("ok", "404")),
]
"""Addresses of the API that ask for no token: they tell nothing of any project."""

TABLE = [*SCREENS, *SUPPORT_DESK, *API, *OPEN_API]


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """All routes of the app, as Django prints them."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def names_in(one: Line) -> list[str]:
    """What stands in the address, by the names that worlds use."""
    return [_name(one, parameter) for parameter in re.findall(r"<(?:\w+:)?(\w+)>", one.route)]


def path_of(one: Line, values: dict[str, object]) -> str:
    """The address of a line in a world: `values` by the names that lines and routes use."""
    if one.path:
        return one.path.format_map(values)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[_name(one, part[1])]), one.route)


def _name(one: Line, parameter: str) -> str:
    return one.pk if one.pk and parameter in ("pk", "object_id", "set_id") else parameter
