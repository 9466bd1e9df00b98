"""A language model's server for tests: OpenAI's protocol over real sockets, misbehaving on order.

    with ModelServer() as server:
        server.base_url, server.model, server.key      # what a client is given
        server.next(Status(429, retry_after=0.01))     # what the next requests meet, one each
        server.requests, server.tokens_in, server.tokens_out

Without a script it answers like a model: each answer holds the version of the function that the prompt asks
for, made of the best one shown with one number changed, and is a function of the prompt, the request's seed
and the choice alone. So runs against it find valid programs and can be compared.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request for completions as the server got it: its path, body, headers, and prompt as one text."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    prompt: str

    @property
    def choices(self) -> int:
        """How many choices it asks for."""
        return int(self.body.get("n") or 1)


Answers = Callable[[Request, int], str | None]
"""What the server says: a function of the request and the number of the choice."""


@dataclass(frozen=True)
class Status:
    """An error of this status; `message` may hold {key}, which becomes the key that the client sent."""

    status: int
    message: str = "something is wrong"
    code: str | None = None
    param: str | None = None
    retry_after: float | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """A success with this body, whatever it is."""

    text: str
    content_type: str = "application/json"


@dataclass(frozen=True)
class Slow:
    """The answer, but after some seconds."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """The answer's bytes one by one, so slowly that it never ends."""

    seconds_a_byte: float = 0.02


@dataclass(frozen=True)
class Hang:
    """No answer until the server is closed."""


@dataclass(frozen=True)
class Reset:
    """The connection is reset."""


@dataclass(frozen=True)
class HalfAnswer:
    """Half of the answer, then the end of the connection."""


@dataclass(frozen=True)
class Answered:
    """The answer with these texts, as many as are given, however many were asked for."""

    texts: Sequence[str | None]
    finish_reason: str = "stop"


Step = Status | Body | Slow | Trickle | Hang | Reset | HalfAnswer | Answered


class ModelServer:
    """A server on a free port of the loopback, running between `with` and its end.

    `answers` is a text, texts that requests get in turn, or a function; left out, it mutates what the prompt
    shows. `several` is whether it honours `n`: "yes", "no" (one choice comes), "refused" (an error comes), or
    "at most 2". `unknown` are parameters that it refuses by name. `key` is the only key it takes; None takes
    any. `usage` is whether it reports tokens: a token is a word.
    """

    def __init__(
        self,
        answers: str | Sequence[str] | Answers | None = None,
        *,
        model: str = "test-model",
        key: str | None = None,
        several: str = "yes",
        unknown: Sequence[str] = (),
        usage: bool = True,
        other_models: Sequence[str] = (),
        always: Step | None = None,
    ) -> None:
        self.model = model
        self.key = key
        self.always = always
        self.requests: list[Request] = []
        self.attempts = 0
        self.most_at_once = 0
        self.tokens_in = 0
        self.tokens_out = 0
        self.closing = threading.Event()
        self._answers = _as_function(answers)
        self._several = several
        self._unknown = unknown
        self._usage = usage
        self._models = [model, *other_models]
        self._script: deque[Step] = deque()
        self._lock = threading.Lock()
        self._at_once = 0
        self._answered = 0
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.model_server = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and drop every connection, hanging ones too."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.drop_connections()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        """What a client is given as the address of the API."""
        return f"http://127.0.0.1:{self.port}/v1"

    def next(self, *steps: Step) -> None:
        """Let the next requests meet these steps, one each, in order."""
        with self._lock:
            self._script.extend(steps)

    def started(self, request: Request) -> Step | None:
        """Note a request; return what it is to meet."""
        with self._lock:
            self.attempts += 1
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            return self._script.popleft() if self._script else self.always

    def ended(self) -> None:
        """Note that a request is done with."""
        with self._lock:
            self._at_once -= 1

    def refusal(self, request: Request) -> Status | None:
        """Return the error that a request earns by itself, if any."""
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return Status(401, "Incorrect API key provided: {key}.", code="invalid_api_key")
        if request.body.get("model") not in self._models:
            return Status(
                404, f"The model `{request.body.get('model')}` does not exist", code="model_not_found"
            )
        for name in self._unknown:
            if name in request.body:
                other = {"max_tokens": "max_completion_tokens"}.get(name, "another")
                return Status(400, f"Unsupported parameter: '{name}'. Use '{other}' instead.", param=name)
        if self._several == "refused" and request.choices > 1:
            return Status(400, "Only one completion choice is allowed")
        return None

    def answer(self, request: Request, step: Step | None) -> dict[str, Any]:
        """Return the body of a success, its tokens counted."""
        if isinstance(step, Answered):
            texts, finish_reason = list(step.texts), step.finish_reason
        else:
            finish_reason = "stop"
            given = {"yes": request.choices, "no": 1, "refused": 1, "at most 2": min(2, request.choices)}
            texts = [self._answers(request, number) for number in range(given[self._several])]
        tokens_in = len(request.prompt.split())
        tokens_out = sum(len(text.split()) for text in texts if text is not None)
        with self._lock:
            self._answered += 1
            self.tokens_in += tokens_in
            self.tokens_out += tokens_out
        if request.path.endswith("/responses"):
            return self._response(request, texts[0], finish_reason, tokens_in, tokens_out)
        is_chat = request.path.endswith("/chat/completions")
        body: dict[str, Any] = {
            "id": f"{'chatcmpl' if is_chat else 'cmpl'}-{_digest(request.prompt)[:8]}",
            "object": "chat.completion" if is_chat else "text_completion",
            "created": 0,
            "model": f"{request.body['model']}-0123",
            "choices": [_choice(number, text, finish_reason, is_chat) for number, text in enumerate(texts)],
        }
        if self._usage:
            body["usage"] = {
                "prompt_tokens": tokens_in,
                "completion_tokens": tokens_out,
                "total_tokens": tokens_in + tokens_out,
            }
        return body

    def _response(
        self, request: Request, text: str | None, finish_reason: str, tokens_in: int, tokens_out: int
    ) -> dict[str, Any]:
        """Return the body of a success in the form of the Responses API, a thought before the message."""
        cut_off = finish_reason == "length"
        content = [] if text is None else [{"type": "output_text", "text": text, "annotations": []}]
        return {
            "id": f"resp_{_digest(request.prompt)[:8]}",
            "object": "response",
            "created_at": 0,
            "status": "incomplete" if cut_off else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if cut_off else None,
            "model": f"{request.body['model']}-0123",
            "output": [
                {"type": "reasoning", "id": "rs_1", "summary": []},
                {"type": "message", "id": "msg_1", "role": "assistant", "content": content},
            ],
            "usage": {"input_tokens": tokens_in, "output_tokens": tokens_out} if self._usage else None,
        }

    def models(self) -> dict[str, Any]:
        """Return the body of the list of models."""
        return {"object": "list", "data": [{"id": name, "object": "model"} for name in self._models]}


def mutated(request: Request, choice: int) -> str:
    """Answer a prompt of fsdb's with its best version, one number of it changed: the built-in model.

    A chat is answered in a fence with a little prose, a completion with the body alone.
    """
    found = list(re.finditer(r"^def (\w+_v)(\d+)\(", request.prompt, re.MULTILINE))
    is_chat = not request.path.endswith("/v1/completions") or "/chat/" in request.path
    shown = found[-1] if is_chat else found[-2]
    source = _function_at(request.prompt, shown.start())
    chance = int(_digest(f"{request.prompt}|{request.body.get('seed')}|{choice}"), 16)
    body_start = re.search(r":[ \t]*(#.*)?\n", source)
    assert body_start is not None
    header, body = source[: body_start.end()], source[body_start.end() :]
    body = _with_number_changed(re.sub(r'^\s*"""(?s:.*?)"""\n', "", body), chance)
    if not is_chat:
        return f"{body}\n\ndef"
    header = header.replace(shown[1] + shown[2], f"{shown[1]}{int(shown[2]) + 1}", 1)
    return f"Here is a version that may score higher:\n\n```python\n{header}{body}```\n"


def _with_number_changed(body: str, chance: int) -> str:
    """Return a body with one number changed, or with its result scaled where it has none."""
    numbers = list(re.finditer(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w.'\"])", body))
    factor = 1 + (chance % 1000 - 500) / 1000
    if numbers:
        number = numbers[chance // 1000 % len(numbers)]
        changed = round(float(number[0]) * factor + (chance % 7 - 3) / 10, 4)
        text = str(abs(int(changed))) if "." not in number[0] else str(abs(changed))
        return body[: number.start()] + text + body[number.end() :]
    return re.sub(r"\breturn ([^\n]+)$", rf"return ({factor:.3f}) * (\1)", body, count=1, flags=re.MULTILINE)


def _function_at(text: str, start: int) -> str:
    """Return the function that begins at a place of a text: up to the next line at column 0."""
    lines = text[start:].split("\n")
    depth = 0
    for number, line in enumerate(lines):
        if number and depth == 0 and line[:1].strip():
            return "\n".join(lines[:number]).rstrip() + "\n"
        depth += sum(line.count(opening) for opening in "([{") - sum(line.count(closing) for closing in ")]}")
    return text[start:].rstrip() + "\n"


def _as_function(answers: str | Sequence[str] | Answers | None) -> Answers:
    if answers is None:
        return mutated
    if isinstance(answers, str):
        text = answers
        return lambda _request, _choice: text
    if callable(answers):
        return answers
    waiting, lock = deque(answers), threading.Lock()

    def in_turn(_request: Request, _choice: int) -> str:
        with lock:
            waiting.rotate(-1)
            return waiting[-1]

    return in_turn


def _choice(number: int, text: str | None, finish_reason: str, is_chat: bool) -> dict[str, Any]:
    held = {"message": {"role": "assistant", "content": text}} if is_chat else {"text": text}
    return {"index": number, "finish_reason": finish_reason, "logprobs": None, **held}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    model_server: ModelServer

    def __init__(self, *arguments: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        """End every connection that a client still holds."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._send(200, self.server.model_server.models())
        else:
            self._send(404, {"detail": "Not Found"})

    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            super().handle()

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        self.path = self.path.partition("?")[0]
        if self.path not in ("/v1/chat/completions", "/v1/completions", "/v1/responses"):
            self._send(404, {"detail": "Not Found"})
            return
        body = json.loads(text)
        messages = body.get("messages") or body.get("input") or ()
        texts = [messages] if isinstance(messages, str) else [message["content"] for message in messages]
        prompt = body.get("prompt") or "\n".join(texts)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, body, headers, prompt)
        step = self.server.model_server.started(request)
        try:
            self._meet(request, step)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.server.model_server.ended()

    def _meet(self, request: Request, step: Step | None) -> None:
        model_server = self.server.model_server
        if step is None:
            step = model_server.refusal(request)
        if isinstance(step, Status):
            self._refuse(request, step)
        elif isinstance(step, Body):
            self._send_text(200, step.text, step.content_type)
        elif isinstance(step, Hang):
            model_server.closing.wait()
            self.close_connection = True
        elif isinstance(step, Reset):
            self._reset()
        elif isinstance(step, (Trickle, HalfAnswer)):
            self._send_part(json.dumps(model_server.answer(request, None)).encode(), step)
        else:
            if isinstance(step, Slow):
                model_server.closing.wait(step.seconds)
            self._send(200, model_server.answer(request, step))

    def _refuse(self, request: Request, step: Status) -> None:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        headers = dict(step.headers)
        if step.retry_after is not None:
            headers["retry-after"] = str(step.retry_after)
        error = {
            "message": step.message.replace("{key}", key),
            "type": "invalid_request_error",
            "param": step.param,
            "code": step.code,
        }
        self._send(step.status, {"error": error}, headers)

    def _reset(self) -> None:
        # a socket that lingers for no time is closed by a reset
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
        self.close_connection = True

    def _send_part(self, body: bytes, step: Trickle | HalfAnswer) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.close_connection = True
        if isinstance(step, HalfAnswer):
            self.wfile.write(body[: len(body) // 2])
            return
        for byte in body:
            if self.server.model_server.closing.is_set():
                return
            self.wfile.write(bytes([byte]))
            time.sleep(step.seconds_a_byte)

    def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send_text(status, json.dumps(body), "application/json", headers)

    def _send_text(
        self, status: int, text: str, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        body = text.encode("utf-8", "surrogatepass")
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", f"req_{self.server.model_server.attempts}")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
