"""How messages speak of a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    """Whom requests go to, as far as messages name it: no secret is in it."""

    url: str
    model: str
    endpoint: str
    key_name: str
    has_key: bool
