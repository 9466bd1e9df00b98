"""What went wrong with a request: in a few words for the log, and with a cure where it ends the run."""

from __future__ import annotations

import socket
import ssl

import httpx2
import openai

from fsdb.errors import FsdbError
from fsdb.samplers.openai.answers import MalformedAnswerError
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.openai.server import Server


def short_error(error: Exception, redactor: Redactor) -> str:
    """Return the class and a short message of what made a request fail for good."""
    if isinstance(error, openai.APIStatusError):
        detail = f"{error.status_code}: {server_message(error)}"
    else:
        detail = str(root_cause(error)) or str(error)
    return redactor.message(f"{type(error).__name__}: {detail}")


def is_outage(error: Exception) -> bool:
    """Return whether a failure is the server's or the network's, not this one request's."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code >= 500 or error.status_code in (401, 403, 408, 429)
    return True


def is_quota(error: Exception) -> bool:
    """Return whether the account behind a key has nothing left, which no waiting mends."""
    if not isinstance(error, openai.APIStatusError) or error.status_code not in (402, 429):
        return False
    code = f"{error.code or ''} {error.type or ''}"
    return error.status_code == 402 or "insufficient_quota" in code or "billing" in code


def ends_run(
    error: Exception, server: Server, redactor: Redactor, *, answered: bool, alone: bool
) -> FsdbError | None:
    """Return the error that stops a run for a failure that no retry can mend; None where one may.

    A wrong key and an unknown model always do, and until the server has `answered` once a request that it
    refuses. Where the run has this model `alone`, so do a used-up quota, and until it has answered once a
    server that cannot be reached or does not speak the protocol.
    """
    if isinstance(error, openai.APIStatusError):
        if is_quota(error):
            return _quota_gone(error, server, redactor) if alone else None
        return _of_status(error, server, redactor, answered=answered)
    if not alone or answered or isinstance(error, (openai.APITimeoutError, TimeoutError)):
        return None
    cause = root_cause(error)
    if isinstance(cause, MalformedAnswerError):
        return FsdbError(
            f"{server.url} does not speak OpenAI's protocol: {redactor.message(str(cause), 160)}.",
            cure="See that --base-url is the API's root; it mostly ends in /v1.",
        )
    if isinstance(cause, (OSError, httpx2.ConnectError, httpx2.ConnectTimeout)):
        return FsdbError(
            f"No server answers at {server.url}: {redactor.message(_connection_trouble(cause), 160)}.",
            cure="Is the server running, and is --base-url (or OPENAI_BASE_URL) its address?",
        )
    return None


def _of_status(
    error: openai.APIStatusError, server: Server, redactor: Redactor, *, answered: bool
) -> FsdbError | None:
    status, said = error.status_code, redactor.message(server_message(error), 200)
    if status == 401 or (status == 403 and not answered):
        if not server.has_key:
            return FsdbError(
                f"{server.url} asks for a key ({status}), and {server.key_name} is not set.",
                cure=f"Set {server.key_name}, or name the variable that holds the key with --api-key-env.",
            )
        return FsdbError(
            f"{server.url} refuses the key in {server.key_name} for model {server.model} ({status}).",
            cure=f"Set {server.key_name} to a key that is valid there, or name another with --api-key-env.",
        )
    if status == 404 and (is_about_model(error, server) or not answered):
        if is_about_model(error, server):
            return FsdbError(
                f"{server.url} has no model {server.model!r}: {said}",
                cure="Give --model the name of a model that this server offers.",
            )
        return FsdbError(
            f"{server.url} has no {server.endpoint} endpoint (404): {said}",
            cure="See that --base-url is the API's root (mostly ending in /v1), or try the other --endpoint.",
        )
    if status in (400, 405, 413, 415, 422) and not answered:
        return FsdbError(
            f"{server.url} refuses the request ({status}): {said}",
            cure="Leave out or change the option that it names, or try the other --endpoint.",
        )
    return None


def _quota_gone(error: openai.APIStatusError, server: Server, redactor: Redactor) -> FsdbError:
    said = redactor.message(server_message(error), 200)
    return FsdbError(
        f"The quota of the key in {server.key_name} is used up: {said}",
        cure="Add credit or take another key; `fsdb resume` goes on where the run stopped.",
    )


def is_about_model(error: openai.APIStatusError, server: Server) -> bool:
    """Return whether a 404 is about the model rather than the address."""
    said = server_message(error)
    return "model" in f"{error.code or ''} {error.param or ''} {said}".lower() or server.model in said


def server_message(error: openai.APIStatusError) -> str:
    """Return what the server said of an error, wherever in the body it stands."""
    body = error.body
    for _ in range(2):
        if isinstance(body, dict):
            body = body.get("message") or body.get("error") or body.get("detail") or ""
    return body if isinstance(body, str) and body else error.response.text[:500]


def root_cause(error: BaseException) -> BaseException:
    """Return the first cause of an error, told or not; of a group of errors, that of its first."""
    for _ in range(10):
        cause = error.__cause__ or error.__context__
        if isinstance(error, BaseExceptionGroup):
            cause = error.exceptions[0]
        if not isinstance(cause, Exception) or isinstance(error, MalformedAnswerError):
            break
        error = cause
    return error


def _connection_trouble(cause: BaseException) -> str:
    if isinstance(cause, ConnectionRefusedError) or "refused" in str(cause).lower():
        return "connection refused"
    if isinstance(cause, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {cause.reason or cause}"
    return str(cause) or type(cause).__name__
