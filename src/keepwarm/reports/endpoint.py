"""An optional second reader behind an OpenAI-compatible endpoint: it may only select words.

Off unless a user gives its address. The model is shown the text and answers with quotes; values,
qualifiers, modality and canonical names are derived from the quoted words by the same rules, and
every claim passes the same gate. What the model says beyond its quotes is ignored.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwarm.case.claims import vocabulary
from keepwarm.errors import Fault, InputError

KEY_NAME = "KEEPWARM_READER_KEY"
"""Environment variable that holds the endpoint's key; nowhere else is it read from."""

_TIMEOUT_SECONDS = 120.0
_MOST_BYTES = 2_000_000
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))

_TASK = """You mark claims in a report about damaged energy systems. Answer with JSON only:
{"claims": [{"metric": "...", "quote": "...", "source": "...", "place": "..."}]}
quote: the shortest words, copied exactly from the text, that carry one number and what it counts.
source: the words of the text that name who says it; empty where the writer says it himself.
place: the words of the text that name where; empty where none. metric: one of
"""


@dataclass(frozen=True)
class Selection:
    """Words a model pointed at; none of it is believed before it has passed the gate."""

    metric: str
    quote: str
    source: str
    place: str


@dataclass(frozen=True)
class Endpoint:
    """Where the optional reader is asked.

    Attributes
    ----------
    url : str
        Base address, e.g. ``http://localhost:8080/v1``. Plain http only to this machine.
    model : str
        Name of the model, as the endpoint knows it.
    """

    url: str
    model: str

    def select(self, text: str) -> tuple[Selection, ...]:
        """Ask for the claims of a text.

        Parameters
        ----------
        text : str

        Returns
        -------
        tuple of Selection
            Entries that are no selections are left out.

        Raises
        ------
        InputError
            The endpoint cannot be reached, refuses, or answers with something else.
        """
        answer = self._ask(
            {
                "model": self.model,
                "temperature": 0,
                "messages": [
                    {"role": "system", "content": _TASK + ", ".join(_numeric())},
                    {"role": "user", "content": text},
                ],
            }
        )
        try:
            content = answer["choices"][0]["message"]["content"]
            entries = json.loads(_inside_fence(content))["claims"]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self._fault("its answer holds no claims", "JSON with a list 'claims'") from error
        if not isinstance(entries, list):
            raise self._fault("its 'claims' are no list", "a list of selections")
        return tuple(
            Selection(*(entry.get(name) or "" for name in ("metric", "quote", "source", "place")))
            for entry in entries
            if isinstance(entry, dict) and all(isinstance(one, str) for one in entry.values())
        )

    def _ask(self, body: Mapping[str, object]) -> Any:
        address = urllib.parse.urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise self._fault("is no address", "http://localhost:PORT/v1 or https://...")
        if address.scheme == "http" and address.hostname not in _LOCAL:
            raise self._fault("plain http leaves this machine", "https, or a local endpoint")
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY_NAME):
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/chat/completions",
            data=json.dumps(body).encode(),
            headers=headers,
        )
        try:
            with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                content = answer.read(_MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            raise self._fault(
                f"answers {error.code} {error.reason}", _remedy(error.code)
            ) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise self._fault(f"cannot be reached ({reason})", "a running endpoint") from error
        if len(content) > _MOST_BYTES:
            raise self._fault("answers without end", f"at most {_MOST_BYTES:,} bytes")
        try:
            return json.loads(content)
        except ValueError as error:
            raise self._fault("its answer is no JSON", "an OpenAI-compatible endpoint") from error

    def _fault(self, found: str, expected: str) -> InputError:
        return InputError([Fault(self.url, None, None, found, expected)])


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry text and key elsewhere: it is refused."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def _remedy(code: int) -> str:
    return f"a key in {KEY_NAME}" if code in (401, 403) else "a chat completion"


def _inside_fence(content: str) -> str:
    """Return an answer without the ``` some models put around it."""
    return content.strip().removeprefix("```json").strip("`\n ")


def _numeric() -> list[str]:
    return [name for name, term in vocabulary()["metric"].items() if term.tier == 1]
