"""A client of the HTTP interface: the same commands, from a program that has no store of its own.

with Client("http://127.0.0.1:8765", token) as guanjia:
    done = guanjia.execute(gj.ReceiveComplaint(…), wait=5)
    open_promises = guanjia.view("sla", outcome="open").rows
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Self
from urllib.parse import quote

import httpx

from .domain.messages import Command

FIRST_WAIT = 0.1
LONGEST_WAIT = 2.0


class Refused(Exception):
    """The interface refused a request: ``code`` and ``status`` say why, ``title`` what to do."""

    def __init__(self, status: int, code: str, title: str = "", detail: str | None = None) -> None:
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        super().__init__(f"{code}: {title}" + (f" ({detail})" if detail else ""))


@dataclass(frozen=True, slots=True)
class Executed:
    """What a command did; ``version`` is that of what it is about, to be sent with the next.

    ``visible`` says whether the views know of it, if that was awaited.
    """

    position: int
    number: int | None
    version: int | None
    events: tuple[str, ...]
    visible: bool | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a view with the moment and position they answer from, and the next page's cursor."""

    as_of: datetime
    position: int
    rows: list[dict[str, Any]]
    next: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the views say of one aggregate; ``version`` goes into a command's ``version``."""

    id: str
    centre: str
    version: int
    rows: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Value:
    """One clear value; its repr hides it."""

    field: str
    id: str
    clear: str

    def __repr__(self) -> str:
        return f"Value(field={self.field!r}, id={self.id!r}, …)"


class Client:
    """Calls one service as one account. Safe to share between threads.

    A command that got no answer is sent again under the same key for up to ``patience`` seconds, so
    it is carried out once. ``http`` replaces the connection, in tests.
    """

    def __init__(
        self, url: str, token: str, *, patience: float = 30.0, http: httpx.Client | None = None
    ) -> None:
        self._http = http or httpx.Client(base_url=url, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._patience = patience

    def execute(
        self,
        command: Command,
        *,
        at: datetime | None = None,
        key: str | None = None,
        version: int | None = None,
        wait: float = 0,
    ) -> Executed:
        """Carry out a command; raises ``Refused``, or httpx's errors when patience is at its end.

        ``version`` is the one seen: refused if somebody changed it since. ``wait`` is how many
        seconds to wait until the views know of it.
        """
        body = command.model_dump(mode="json", by_alias=True, exclude_unset=True)
        body |= {"do": command.do} | ({"at": at.isoformat()} if at else {})
        headers = {"Idempotency-Key": key or token_hex(16)}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        told = self._patiently("/commands", body, headers, {"wait": wait})
        told["events"] = tuple(told["events"])
        return Executed(**told)

    def view(
        self,
        name: str,
        *,
        as_of: datetime | None = None,
        position: int | None = None,
        limit: int = 200,
        cursor: str | None = None,
        **filters: str,
    ) -> Page:
        """Return a page of a view; columns are filters."""
        asked = {"as_of": as_of.isoformat() if as_of else None, "position": position}
        asked |= {"limit": limit, "cursor": cursor, **filters}
        told = self._get(f"/views/{quote(name, safe='')}", **asked)
        moment = datetime.fromisoformat(told["as_of"])
        return Page(moment, told["position"], told["rows"], told["next"])

    def rows(self, name: str, **asked: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  as view's
        """Yield every row of a view, page by page, all of one moment."""
        cursor: str | None = None
        while True:
            page = self.view(name, cursor=cursor, **asked)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def sql(self, statement: str, *, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """Return what one SELECT over the views answers; a view's ``-`` is written ``_``."""
        body = {"sql": statement} | ({"as_of": as_of.isoformat()} if as_of else {})
        rows: list[dict[str, Any]] = self._post("/sql", body)["rows"]
        return rows

    def record(self, kind: str, id: str) -> Record:
        """Return what the views say of a complaint, unit, key, permit or parcel."""
        told = self._get(_path(kind, id))
        return Record(told["id"], told["centre"], told["version"], told["rows"])

    def events(self, kind: str, id: str) -> Iterator[dict[str, Any]]:
        """Yield the events of one aggregate, oldest first."""
        after: int | None = 0
        while after is not None:
            told = self._get(f"{_path(kind, id)}/events", after=after)
            yield from told["events"]
            after = told["next"]

    def disclose(
        self, kind: str, id: str, fields: Sequence[str], purpose: str, **more: str
    ) -> list[Value]:
        """Return clear values, recorded first; ``more`` are ``complaint`` and ``glass``."""
        about = [{"kind": kind, "id": id}]
        body = {"about": about, "fields": [*fields], "purpose": purpose, **more}
        told = self._post("/disclosures", body)
        return [Value(one["field"], one["id"], one["value"]) for one in told["values"]]

    def look_up(self, phone: str) -> list[dict[str, Any]]:
        """Return, in masks, whose telephone number it is; the question is recorded."""
        found: list[dict[str, Any]] = self._post("/look-ups", {"phone": phone})["found"]
        return found

    def receipt(self, position: int) -> tuple[str, bytes]:
        """Return the proof that an event is in the log, and its bytes, for guanjia.verifier."""
        place = f"/audit/receipts/{position}"
        answers = [self._http.get(url, headers=self._headers) for url in (place, f"{place}/event")]
        for answer in answers:
            self._require(answer)
        return answers[0].text, answers[1].content

    def promises(self, within: int = 900) -> Iterator[dict[str, Any]]:
        """Yield promises about to be missed as they come near, each once, for as long as one may.

        The service ends a stream after a time; then another is opened. Raises ``Refused`` once the
        token holds no more, and httpx's errors when the connection breaks.
        """
        told = set[str]()
        while True:
            heard = set[str]()
            for event, id, data in self._listen("/streams/promises", within=within):
                if event == "promise":
                    heard.add(id)
                    if id not in told:
                        yield data
            told = heard
            # A server that ends streams at once shall not be asked without a pause.
            time.sleep(FIRST_WAIT)

    def _listen(self, path: str, **asked: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield each event of one stream: its kind, its identifier ("" if none), what it says."""
        with self._http.stream("GET", path, params=asked, headers=self._headers) as answer:
            if answer.status_code != HTTPStatus.OK:
                answer.read()
                self._require(answer)
            said = dict[str, str]()
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if line:
                    said[name] = value
                elif "data" in said:
                    yield said.get("event", ""), said.get("id", ""), json.loads(said["data"])
                    said = {}

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _get(self, path: str, **asked: object) -> dict[str, Any]:
        given: dict[str, Any] = {name: one for name, one in asked.items() if one is not None}
        return self._checked(self._http.get(path, params=given, headers=self._headers))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._checked(self._http.post(path, json=body, headers=self._headers))

    def _patiently(
        self, path: str, body: dict[str, Any], headers: dict[str, str], asked: dict[str, float]
    ) -> dict[str, Any]:
        """Send until there is an answer; one that says "later" is none."""
        end, pause = time.monotonic() + self._patience, FIRST_WAIT
        sent = self._headers | headers
        while True:
            last = time.monotonic() + pause > end
            try:
                answer = self._http.post(path, json=body, headers=sent, params=asked)
                if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE or last:
                    return self._checked(answer)
            except httpx.TransportError:
                if last:
                    raise
            # A server that starts again shall not meet everybody at once.
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT)

    @classmethod
    def _checked(cls, answer: httpx.Response) -> dict[str, Any]:
        cls._require(answer)
        told: dict[str, Any] = answer.json()
        return told

    @staticmethod
    def _require(answer: httpx.Response) -> None:
        """Require an answer that is no refusal; raises ``Refused``."""
        if answer.is_success:
            return
        try:
            problem = answer.json()
            code, title = problem["code"], problem["title"]
        except (ValueError, KeyError, TypeError):
            raise Refused(answer.status_code, "not_a_problem") from None
        raise Refused(answer.status_code, code, title, problem.get("detail"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _path(kind: str, id: str) -> str:
    return f"/{quote(kind, safe='')}s/{quote(id, safe='')}"
