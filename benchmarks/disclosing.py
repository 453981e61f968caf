"""Owners' data shown to many at once: what the record of it costs, and what the decryption."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

from guanjia.domain.application import Application
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.disclosure.commands import Ask, Disclose
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.domain.messages import Envelope

from .measuring import Row, interleave, medians, per, within
from .workload import ZONE, create

CLIENTS = 32
CASES = 400
WANTED = 2_000
"""Disclosures a second that are wished for."""


class Desks:
    """A centre with open cases, and a desk for each client."""

    def __init__(self, folder: Path) -> None:
        self.application = Application(create(folder), ZONE)
        self.gateway = Gateway(self.application)
        self._next = count()
        for number in range(CLIENTS):
            self.do("post_staff", None, staff=f"desk{number}", person=f"p{number}",
                     post="front_desk", centre="north", department="service")  # fmt: skip
        for number in range(CASES):
            self.do("receive_complaint", "desk0", complaint=f"C-{number}", centre="north",
                     channel="phone", category="repair", topic="leak", text="漏水",
                     contact={"name": "张三", "phone": "13800138000"})  # fmt: skip

    def do(self, do: str, by: str | None, **fields: object) -> None:
        """Execute one command."""
        self.application.execute(COMMANDS[do].model_validate(fields), Envelope(by=by))

    def _ask(self) -> Ask:
        return Ask.of(["phone"], "callback", complaint=f"C-{next(self._next) % CASES}")

    def record(self, times: int) -> None:
        """Record disclosures of which nobody sees anything."""
        for number in range(times):
            command = Disclose(trail=f"desk0/bare-{number % 7}", ask=self._ask())
            self.application.execute(command, Envelope(by="desk0"))

    def show(self, times: int, client: int = 0, pause: float = 0.0) -> list[float]:
        """Show values, one each ``pause`` seconds at most; return the seconds each took."""
        taken = []
        due = time.perf_counter() + pause * client / CLIENTS
        for _ in range(times):
            due += pause
            if pause:
                time.sleep(max(0.0, due - time.perf_counter()))
            started = time.perf_counter()
            with self.gateway.disclose(self._ask(), by=f"desk{client}") as seen:
                if not seen.phone:
                    raise RuntimeError(client)
            taken.append(time.perf_counter() - started)
        return taken

    def together(self, times: int, pause: float = 0.0) -> tuple[float, list[float]]:
        """Let every client show so many; return the rate and the seconds each took."""
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as threads:
            each = list(threads.map(lambda client: self.show(times, client, pause), range(CLIENTS)))
        rate = CLIENTS * times / (time.perf_counter() - started)
        return rate, [seconds for taken in each for seconds in taken]


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about disclosures."""
    desks = Desks(folder / "desks")
    rounds, times = (5, 60) if quick else (11, 120)
    desks.together(10)
    took = medians(
        interleave(
            {"event": partial(desks.record, times), "shown": partial(desks.show, times)}, rounds
        )
    )
    split = (
        f"alone, one takes {per(took['shown'], times)}, of which the durable event"
        f" {per(took['event'], times)} and finding and decrypting the value"
        f" {per(took['shown'] - took['event'], times)}"
    )
    before = time.process_time()
    runs = [desks.together(times) for _ in range(rounds)]
    worked = (time.process_time() - before) / (rounds * times * CLIENTS)
    rate = statistics.median(rate for rate, _ in runs)
    waited = _p99([seconds for _, taken in runs for seconds in taken])
    yield Row(
        f"audited disclosures, {CLIENTS} clients as fast as they can",
        round(rate),
        f">= {WANTED}/s",
        rate >= WANTED,
        rounds,
        f"p99 {waited:.1f} ms, for {CLIENTS} wait at any moment; {per(worked, 1)} of processor time"
        f" each, of one core; {split}",
        "/s",
    )
    for offered in (WANTED, WANTED // 4):
        runs = [desks.together(times, CLIENTS / offered) for _ in range(rounds)]
        kept = statistics.median(rate for rate, _ in runs)
        yield within(
            f"audited disclosure, {CLIENTS} clients asking {offered:,} times a second, p99",
            _p99([seconds for _, taken in runs for seconds in taken]),
            5,
            rounds,
            f"{kept:.0f}/s were answered",
        )
    yield _erased(desks, 10 if quick else 40)


def _erased(desks: Desks, homes: int) -> Row:
    """Erase people of homes in which a case was reported; return the row of the longest."""
    for staff, post in (("head", "department_head"), ("keeper", "data_custodian")):
        desks.do("post_staff", None, staff=staff, person=staff, post=post, centre="north",
                 department="service")  # fmt: skip
    taken = []
    for number in range(homes):
        home, contact = f"U{number}", {"name": "李四", "phone": f"1390000{number:04}"}
        desks.do("register_unit", "desk0", unit=home, centre="north", building="1")
        desks.do("register_resident", "desk0", unit=home, resident="R1", role="owner",
                 contact=contact)  # fmt: skip
        desks.do("receive_complaint", "desk0", complaint=f"E-{number}", centre="north", unit=home,
                 channel="phone", category="repair", topic="leak", text="漏水",
                 contact=contact)  # fmt: skip
        desks.do("request_erasure", "keeper", unit=home, resident="R1")
        started = time.perf_counter()
        desks.do("erase_resident", "head", unit=home, resident="R1")
        taken.append((time.perf_counter() - started) * 1000)
    return within(
        "erasure of a resident and the words of their case",
        max(taken),
        1000,
        homes,
        f"the longest; median {statistics.median(taken):.0f} ms, until no byte of the keys is left"
        " in the database or its write-ahead log",
    )


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[-1] * 1000
