"""For those who run it: is it alive, can it answer, and its figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from pydantic import BaseModel

from ..office import Office
from .callers import OfficeHere
from .outages import code_of
from .problems import responses

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Alive):
    """The store and the views answer; ``lag_events`` are recorded and not in the views yet.

    ``parked`` streams have an event the views cannot take; ``failure`` is the code of what keeps
    the views from following; ``recording`` is false when the events are not those that were signed,
    and nothing more is recorded.
    """

    position: int
    store_position: int
    lag_events: int
    parked: int
    failure: str | None = None
    recording: bool


@router.get("/health/live")
async def live() -> Alive:
    """Say that the process answers, even if every thread is at work."""
    return Alive()


@router.get("/health/ready", responses=responses(503))
def ready(office: OfficeHere) -> Ready:
    """Say how far the views are, once store and views answer."""
    return _progress(office)


def _progress(office: Office) -> Ready:
    status, failure = office.views.status(), office.projector.failure
    return Ready(
        position=status.position,
        store_position=status.store_position,
        lag_events=status.lag_events,
        parked=status.parked,
        failure=code_of(failure) if failure else None,
        recording=office.audit.doubt is None,
    )


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(office: OfficeHere) -> Response:
    """Tell the figures in Prometheus' text format."""
    lines = [generate_latest()]
    for name, value in _figures(_progress(office)):
        gauge = GaugeMetricFamily(f"guanjia_{name}", name.replace("_", " "), value=value)
        lines.append(generate_latest(_Of(gauge)))
    return Response(b"".join(lines), media_type=CONTENT_TYPE_LATEST)


def _figures(ready: Ready) -> Iterator[tuple[str, float]]:
    """Yield the name and value of each figure that is read when it is asked for."""
    yield "store_position", ready.store_position
    yield "views_position", ready.position
    yield "views_parked", ready.parked
    yield "views_failing", ready.failure is not None
    yield "recording", ready.recording


class _Of:
    """A registry of one figure, read at the moment it is asked for."""

    def __init__(self, family: GaugeMetricFamily) -> None:
        self._family = family

    def collect(self) -> list[GaugeMetricFamily]:
        return [self._family]
