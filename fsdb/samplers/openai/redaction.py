"""Keeping keys out of everything that is shown or written, also where a server repeats them."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable

SHORTEST_SECRET = 8
"""Shorter values are stand-ins that servers without keys ask for, not secrets."""

REDACTED = "[redacted]"

_KEY_SHAPES = re.compile(r"(?i)\bbearer\s+[^\s\"',;]+|\b(?:sk|pk|gsk|xai|hf)[-_][A-Za-z0-9_*.-]{6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Redactor:
    """Replaces secrets in text; knows them plain, quoted for URLs and JSON, and in Base64."""

    def __init__(self, secrets: Iterable[str | None]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if secret is not None and len(secret) >= SHORTEST_SECRET:
                forms |= {
                    secret,
                    urllib.parse.quote(secret, safe=""),
                    json.dumps(secret)[1:-1],
                    base64.b64encode(secret.encode()).decode().rstrip("="),
                }
        longest_first = sorted(forms, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __repr__(self) -> str:
        return "Redactor()"

    def text(self, text: str) -> str:
        """Return a model's text with secrets replaced, and what UTF-8 cannot hold too; the rest as it is."""
        if self._secrets is not None:
            text = self._secrets.sub(REDACTED, text)
        return text.encode("utf-8", "replace").decode()

    def message(self, text: str, limit: int = 300) -> str:
        """Return a message on one line, of `limit` characters at most, without anything like a secret."""
        text = _KEY_SHAPES.sub(REDACTED, self.text(text))
        text = " ".join(_CONTROL.sub(" ", text).split())
        return text if len(text) <= limit else text[: limit - 1] + "…"
