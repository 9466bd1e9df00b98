"""An answer as text: what a model thought aloud taken off, its code blocks found, its typography repaired."""

from __future__ import annotations

import html
import re

MAX_ANSWER_CHARACTERS = 1_000_000
"""Longer answers are not looked at."""

_THOUGHT_ENDS = (
    "</think>",
    "</thinking>",
    "</thought>",
    "</reasoning>",
    "[/THINK]",
    "<|channel|>final<|message|>",
)
_THOUGHT_STARTS = ("<think>", "<thinking>", "<thought>", "<reasoning>", "[THINK]", "<|channel|>analysis")
_SPECIAL_TOKEN = re.compile(r"<\|[a-z_]{1,40}\|>|</s>|<｜[^｜\n]{1,40}｜>")
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?:[-*>][ \t]+|\d+[.)][ \t]+)?(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_TAG_BLOCK = {"[PYTHON]": "[/PYTHON]", "<code>": "</code>", "<pre>": "</pre>", "[CODE]": "[/CODE]"}
_LANGUAGE = re.compile(
    r"[ \t]*\{?\.?[A-Za-z0-9_+#-]*(?:[ \t]+[\w.-]+=\S+|[ \t]+[\w/-]+\.\w+)*[ \t]*\}?[ \t]*"
)

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "
        ),
        **dict.fromkeys("\u2028\u2029\u0085\x0b\x0c", "\n"),
        "\u00d7": "*",
        "\u00f7": "/",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2260": "!=",
        "\uff08": "(",
        "\uff09": ")",
        "\uff0c": ",",
        "\uff1a": ":",
    }
)
_INVISIBLE = dict.fromkeys(map(ord, "\x00\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(answer: str) -> str:
    """Return an answer without thoughts and without characters that no program holds.

    Lines end with "\\n", leading tabs are four spaces. An answer cut off in its thoughts keeps what stood
    before them.
    """
    text = _SURROGATE.sub("\ufffd", answer).translate(_INVISIBLE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPECIAL_TOKEN.sub("", _without_thoughts(text))
    return "\n".join(_without_leading_tabs(line) for line in text.split("\n"))


def repaired(text: str) -> str:
    """Return a cleaned answer with typography that no program has made what was probably meant.

    Curly quotes, long dashes, no-break spaces, line separators, and HTML's escapes.
    """
    text = text.translate(_TYPOGRAPHY)
    if "&lt;" in text or "&gt;" in text or "&quot;" in text or "&amp;" in text:
        text = html.unescape(text)
    return text


def split_blocks(text: str) -> tuple[list[str], str]:
    """Return the fenced blocks of a cleaned answer in order, and what stands outside of them."""
    for opening, closing in _TAG_BLOCK.items():
        if opening in text:
            text = text.replace(opening, "\n```\n").replace(closing, "\n```\n")
    blocks: list[str] = []
    outside: list[str] = []
    current: list[str] | None = None
    fence, margin = "", 0
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if current is None:
            if found is None:
                outside.append(line)
                continue
            fence, margin, current = found["fence"], len(found["indent"]), []
            outside.append("")
            info = found["info"]
            if info.rstrip().endswith(fence):
                blocks.append(_code_after_language(info.rstrip().removesuffix(fence)))
                current = None
            elif code := _code_after_language(info):
                current.append(code)
        elif found is not None and _closes(found["fence"], fence):
            blocks.append("\n".join(current))
            current = [] if found["info"].strip() else None
        elif line.rstrip().endswith(fence) and fence[0] == "`":
            current.append(_without_margin(line.rstrip().removesuffix(fence), margin))
            blocks.append("\n".join(current))
            current = None
        else:
            current.append(_without_margin(line, margin))
    if current is not None:
        blocks.append("\n".join(current))
    return blocks, "\n".join(outside)


def between_fences(text: str) -> str:
    """Return what stands between the first fence and the last: a block that holds fences itself."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    return "\n".join(lines[fences[0] + 1 : fences[-1]]) if len(fences) > 2 else ""


def _without_thoughts(text: str) -> str:
    end = max((text.rfind(tag) + len(tag) for tag in _THOUGHT_ENDS if tag in text), default=0)
    text = text[end:]
    starts = [text.find(tag) for tag in _THOUGHT_STARTS if tag in text]
    return text[: min(starts)] if starts else text


def _without_leading_tabs(line: str) -> str:
    stripped = line.lstrip(" \t")
    return line[: len(line) - len(stripped)].expandtabs(len("    ")) + stripped


def _closes(candidate: str, fence: str) -> bool:
    return candidate[0] == fence[0] and len(candidate) >= len(fence)


def _without_margin(line: str, margin: int) -> str:
    """Return a line of a block without the indentation that its fence has, as far as it is there."""
    return line[min(margin, len(line) - len(line.lstrip(" "))) :]


def _code_after_language(info: str) -> str:
    """Return code that stands on the fence's own line; "" where that only names a language."""
    return "" if _LANGUAGE.fullmatch(info) else re.sub(r"^[ \t]*(?:python3?|py)[ \t]+", "", info)
