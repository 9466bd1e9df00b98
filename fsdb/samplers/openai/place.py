"""Where requests go and with which key: checked before anything is sent."""

from __future__ import annotations

import os
import re
import urllib.parse
from dataclasses import dataclass, field

from fsdb.errors import UsageError
from fsdb.samplers.openai.server import Server

DEFAULT_BASE_URL = "https://api.openai.com/v1"

_SECRET_NAME = re.compile(r"(?i)key|token|secret|sig|code|pass")
_NO_KEY = "no-key"  # what is sent to servers that want none; the client does not go without


@dataclass(frozen=True)
class Place:
    """A server's address, and the key that it is sent; neither `repr` nor `shown_url` holds a secret.

    `base_url` is the address without its query, which is in `query`; `shown_url` is without user name and
    password too.
    """

    base_url: str = field(repr=False)
    query: dict[str, str] = field(repr=False)
    shown_url: str
    key: str = field(repr=False)
    key_name: str
    has_key: bool

    @property
    def is_default(self) -> bool:
        """Whether this is OpenAI's own service."""
        return urllib.parse.urlsplit(self.shown_url).hostname == "api.openai.com"

    def as_server(self, model: str, endpoint: str) -> Server:
        """Return how messages speak of this place."""
        return Server(self.shown_url, model, endpoint, self.key_name, self.has_key)

    def secrets(self) -> list[str]:
        """Return what must never be shown: key, password in the address, and headers from the environment."""
        found = [self.key] if self.has_key else []
        password = urllib.parse.urlsplit(self.base_url).password
        if password:
            found += [password, urllib.parse.unquote(password)]
        found += [value for name, value in self.query.items() if _SECRET_NAME.search(name)]
        found.append(os.environ.get("OPENAI_ADMIN_KEY", ""))
        for line in os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n"):
            found.append(line.partition(":")[2].strip().removeprefix("Bearer "))
        return [secret for secret in found if secret]


def find_place(base_url: str | None, api_key: str | None, key_name: str) -> Place:
    """Return the place for an address and a key; where left out, what the environment says.

    The address then comes from OPENAI_BASE_URL, else it is OpenAI's; the key from the variable `key_name`.
    Raises UsageError for an address that is none, a key that no header can carry, and OpenAI's service
    without a key.
    """
    address = (base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).strip()
    shown = _shown(address)
    key = (api_key if api_key is not None else os.environ.get(key_name, "")).strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(
            f"{key_name} holds characters that no key has.",
            cure=f"Set {key_name} to the key alone, on one line.",
        )
    parts = urllib.parse.urlsplit(address)
    query = dict(urllib.parse.parse_qsl(parts.query))
    bare = urllib.parse.urlunsplit(parts._replace(query="", fragment=""))
    place = Place(bare, query, shown, key or _NO_KEY, key_name, bool(key))
    if place.is_default and not key:
        raise UsageError(
            f"{key_name} is not set, and {shown} answers nobody without a key.",
            cure=f"Set {key_name}, or name your own server with --base-url; without --model none is needed.",
        )
    return place


def _shown(address: str) -> str:
    """Return an address without what may be secret in it; raises UsageError where it is none."""
    try:
        parts = urllib.parse.urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(
            "The base URL is not an address of the web.",
            cure="Give --base-url (or OPENAI_BASE_URL) as in http://localhost:11434/v1.",
        )
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
