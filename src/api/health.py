"""For those who run it: is it alive, can it answer, and its figures for Prometheus."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from pydantic import BaseModel

from ..office import Office
from .callers import OfficeHere
from .problems import responses

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Alive):
    """The store and the views answer; ``lag_events`` are recorded and not in the views yet."""

    position: int
    store_position: int
    lag_events: int


@router.get("/health/live")
def live() -> Alive:
    """Say that the process answers."""
    return Alive()


@router.get("/health/ready", responses=responses(503))
def ready(office: OfficeHere) -> Ready:
    """Say how far the views are, once store and views answer."""
    return _progress(office)


def _progress(office: Office) -> Ready:
    position, last = office.views.position(), office.application.store.last_position()
    return Ready(position=position, store_position=last, lag_events=last - position)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(office: OfficeHere) -> Response:
    """Tell the figures in Prometheus' text format."""
    progress = _progress(office)
    lines = [generate_latest()]
    for name, value in (("store", progress.store_position), ("views", progress.position)):
        said = f"The last position of the {name}"
        gauge = GaugeMetricFamily(f"guanjia_{name}_position", said, value=value)
        lines.append(generate_latest(_Of(gauge)))
    return Response(b"".join(lines), media_type=CONTENT_TYPE_LATEST)


class _Of:
    """A registry of one figure, read at the moment it is asked for."""

    def __init__(self, family: GaugeMetricFamily) -> None:
        self._family = family

    def collect(self) -> list[GaugeMetricFamily]:
        return [self._family]
