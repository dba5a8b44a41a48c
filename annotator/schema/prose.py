"""Guidelines: Markdown as a tree that templates draw, so that nobody's HTML ever reaches a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_READER = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).disable("image")


@dataclass(frozen=True)
class Run:
    """Words set alike. href: of a link to another site; a break has no text."""

    text: str = ""
    is_strong: bool = False
    is_em: bool = False
    is_code: bool = False
    is_break: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """kind: paragraph, heading, list, numbers, item, quote, code or rule. `runs` where it holds words."""

    kind: str
    runs: tuple[Run, ...] = ()
    children: tuple["Block", ...] = ()


KINDS = {
    "bullet_list": "list", "ordered_list": "numbers", "list_item": "item", "blockquote": "quote", "fence": "code",
    "code_block": "code", "hr": "rule",
}  # fmt: skip
SCHEMES = ("http://", "https://", "mailto:")


@lru_cache(maxsize=2_000)
def blocks(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text. HTML in it is text like any other; pictures are not drawn."""
    return _blocks(SyntaxTreeNode(_READER.parse(markdown)).children)


def _blocks(found: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_block(one) for one in found)


def _block(one: SyntaxTreeNode) -> Block:
    kind = KINDS.get(one.type, one.type)
    if kind == "code":
        return Block(kind, (Run(one.content),))
    if one.children and one.children[0].type == "inline":
        return Block(kind, tuple(_runs(one.children[0].children, Run())))
    return Block(kind, (), _blocks(one.children))


def _runs(found: Sequence[SyntaxTreeNode], style: Run) -> Iterator[Run]:
    for one in found:
        match one.type:
            case "strong":
                yield from _runs(one.children, replace(style, is_strong=True))
            case "em":
                yield from _runs(one.children, replace(style, is_em=True))
            case "link":
                href = str(one.attrs.get("href", ""))
                yield from _runs(one.children, replace(style, href=href if href.startswith(SCHEMES) else ""))
            case "hardbreak":
                yield Run(is_break=True)
            case "softbreak":
                yield replace(style, text=" ")
            case kind:
                yield replace(style, text=one.content, is_code=kind == "code_inline")
