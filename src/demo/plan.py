"""Who brings what, when and how: the year's reports, before anyone has answered them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from ..domain.complaint.clocks import HANDLED
from ..domain.complaint.commands import Category, Channel, Level, Urgency
from ..domain.messages import Contact
from .customers import contact
from .people import Profile
from .texts import WORDS
from .timing import Hours
from .topics import BY_HOUR, CATEGORIES, CHANNELS, TOPICS, Topic

FRESH_MINUTES = (35, 190, 700, 1500, 2900, 4400)
"""How long before the end the newest reports come in."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one customer brings; ``others`` are further reports of the same matter."""

    id: str
    centre: str
    at: datetime
    topic: Topic
    channel: Channel
    urgency: Urgency
    level: Level
    text: str
    contact: Contact | None
    unit: str
    posted_at: datetime | None = None
    forwarded_at: datetime | None = None
    story: str = ""
    others: tuple[Report, ...] = ()

    @property
    def category(self) -> Category:
        """The topic's category."""
        return self.topic.category

    @property
    def reachable(self) -> bool:
        """Whether the customer left a way to be reached."""
        return self.contact is not None and self.contact.reach == "path"

    @property
    def on_the_web(self) -> bool:
        """Whether it came by web or forum."""
        return self.channel in ("web", "forum")


@dataclass(frozen=True, slots=True)
class Rare:
    """A story that not every case has: its share of a centre's reports, and which fit it."""

    story: str
    share: float
    fits: Callable[[Report], bool]


def _handled(report: Report) -> bool:
    return report.category in HANDLED and report.reachable and not report.on_the_web


def _calm(report: Report) -> bool:
    return _handled(report) and report.urgency == "normal"


def _complaint(report: Report) -> bool:
    return _calm(report) and report.category == "complaint"


RARE = (
    Rare("burst", 0.008, lambda r: r.topic.code == "pipe_burst" and r.reachable),
    Rare("major", 0.004, _complaint),
    Rare("invalid", 0.02, lambda r: r.category == "complaint" and r.reachable),
    Rare("sensitive", 0.008, _complaint),
    Rare("sensitive_late", 0.003, _complaint),
    Rare("unapproved", 0.003, lambda r: r.on_the_web),
    Rare("triaged_up", 0.01, lambda r: _calm(r) and r.category == "repair"),
    Rare("triaged_down", 0.005, lambda r: _handled(r) and r.urgency == "emergency"),
    Rare("forced", 0.006, _calm),
    Rare("overreach", 0.003, _calm),
    Rare("unreachable", 0.012, _calm),
    Rare("second_account", 0.012, _calm),
    Rare("asked_twice", 0.003, _calm),
    Rare("hasty", 0.003, _calm),
    Rare("reopened", 0.012, _calm),
    Rare("transferred", 0.025, _calm),
    Rare("wrong_at", 0.005, _calm),
    Rare("wrong_topic", 0.006, _calm),
    Rare("wrong_contact", 0.005, _calm),
    Rare("wrong_level", 0.003, _calm),
    Rare("duplicate", 0.006, lambda r: _calm(r) and r.channel == "phone"),
    Rare("long", 0.035, _calm),
    Rare("on_the_spot", 0.07, _calm),
)


class Year:
    """A centre's year of reports."""

    def __init__(
        self, profile: Profile, hours: Hours, start: datetime, end: datetime, rng: Random
    ) -> None:
        self.profile = profile
        self.hours = hours
        self.start = start
        self.end = end
        self.rng = rng

    def reports(self, count: int) -> list[Report]:
        """Return ``count`` reports and those that stories add, numbered in order of receipt."""
        found = [self._report(at) for at in self._moments(count - len(FRESH_MINUTES))]
        fresh = [self._report(self.end - timedelta(minutes=ago)) for ago in FRESH_MINUTES]
        self._ensure(found)
        told = self._with_stories(found, count)
        told += [replace(report, story="fresh") for report in fresh]
        return self._numbered(told)

    def _moments(self, count: int) -> list[datetime]:
        days = list(self.hours.days(self.start, self.end - timedelta(days=1)))
        weights = [self._busy(day) for day in days]
        chosen = self.rng.choices(days, weights, k=count)
        return [max(self._within(day), self.start) for day in sorted(chosen)]

    def _busy(self, day: date) -> float:
        kind = self.hours.kind(day)
        if kind == "holiday":
            return 0.35 if day.month in (1, 2) else 0.6
        weight = {"weekend": 0.85, "makeup": 0.9, "workday": 1.0}[kind]
        return weight * (1.25 if day.month in (6, 7, 11, 12) else 1.0)

    def _within(self, day: date, weights: tuple[float, ...] = BY_HOUR) -> datetime:
        hour = self.rng.choices(range(24), weights)[0]
        minute, second = self.rng.randrange(60), self.rng.randrange(60)
        return datetime.combine(day, time(hour, minute, second), self.hours.zone)

    def _report(self, at: datetime) -> Report:
        rng = self.rng
        category = rng.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
        night = not self.hours.is_day(at)
        if night and category in ("special_service", "suggestion", "praise", "inquiry"):
            category = rng.choice(("repair", "complaint"))
        topic = self._topic(category, at, night)
        channels = CHANNELS[category]
        channel = rng.choices(list(channels), list(channels.values()))[0]
        if rng.random() < topic.emergency:
            return self._made(at, topic, "phone", "emergency")
        if night and channel in ("visit", "letter", "authority"):
            channel = "phone"
        return self._made(at, topic, channel, "normal")

    def _topic(self, category: Category, at: datetime, night: bool) -> Topic:
        topics = [topic for topic in TOPICS if topic.category == category]
        weights = [
            topic.weight * topic.season.get(at.month, 1.0) * (topic.night if night else 1.0)
            for topic in topics
        ]
        return self.rng.choices(topics, weights)[0]

    def _made(self, at: datetime, topic: Topic, channel: Channel, urgency: Urgency) -> Report:
        rng = self.rng
        building, floor = rng.randint(1, self.profile.buildings), rng.randint(2, 26)
        unit = f"{floor}{rng.randint(1, 4):02}"
        text = rng.choice(WORDS[topic.code])
        level: Level = "company" if channel in ("authority", "forum") else "department"
        report = Report(
            id="",
            centre=self.profile.code,
            at=at,
            topic=topic,
            channel=channel,
            urgency=urgency,
            level=level,
            text=text.format(b=building, u=unit, f=floor, n=rng.randint(2, 5)),
            contact=contact(channel, self.rng),
            unit=f"{self.profile.prefix}{building}-{unit}",
        )
        return self._forwarded(report)

    def _forwarded(self, report: Report) -> Report:
        """Let what is not said in person wait for the office that opens it."""
        rng = self.rng
        if report.channel in ("authority", "letter"):
            at = self.hours.office(report.at) + timedelta(minutes=rng.randint(1, 60))
            return replace(report, at=min(at, self.end))
        if not report.on_the_web:
            return report
        seen = self.hours.office(report.at) + timedelta(minutes=rng.randint(5, 90))
        at = seen + timedelta(minutes=rng.randint(2, 25))
        if at > self.end:
            return replace(report, channel="app", contact=contact("app", self.rng))
        forwarded = seen if report.channel == "forum" or rng.random() < 0.7 else None
        return replace(report, at=at, posted_at=report.at, forwarded_at=forwarded)

    def _ensure(self, reports: list[Report]) -> None:
        """Let at least one pipe burst, also in a year of few reports."""
        if not any(RARE[0].fits(report) for report in reports):
            topic = next(topic for topic in TOPICS if topic.code == "pipe_burst")
            middle = len(reports) // 2
            made = self._made(reports[middle].at, topic, "phone", "emergency")
            reports[middle] = replace(made, contact=contact("app", self.rng))

    def _with_stories(self, reports: list[Report], count: int) -> list[Report]:
        told = list(reports)
        settled = self.end - timedelta(days=40)
        for rare in RARE:
            fitting = [
                index
                for index, report in enumerate(told)
                if not report.story and report.at < settled and rare.fits(report)
            ]
            wanted = max(1, round(rare.share * count))
            for index in self.rng.sample(fitting, min(wanted, len(fitting))):
                told[index] = replace(told[index], story=rare.story)
        return [*told, *self._waiting()]

    def _waiting(self) -> Iterator[Report]:
        """Two more that take long and are not over at the end."""
        topic = next(topic for topic in TOPICS if topic.code == "leak")
        for days in (9, 16):
            at = self._within(self.end.date() - timedelta(days=days))
            made = self._made(at, topic, "phone", "normal")
            yield replace(made, contact=contact("app", self.rng), story="long")

    def _numbered(self, told: list[Report]) -> list[Report]:
        """Add the further reports of a matter, and give identifiers in order of receipt."""
        further = {index: self._further(report) for index, report in enumerate(told)}
        in_order = sorted(
            (
                (report.at, index, n, report)
                for index, own in further.items()
                for n, report in enumerate((told[index], *own))
            ),
            key=lambda entry: entry[:3],
        )
        ids = {
            (index, n): f"{self.profile.prefix}-{number:04}"
            for number, (_, index, n, _) in enumerate(in_order, 1)
        }
        return [
            replace(
                report,
                id=ids[index, 0],
                others=tuple(
                    replace(other, id=ids[index, n]) for n, other in enumerate(further[index], 1)
                ),
            )
            for index, report in enumerate(told)
        ]

    def _further(self, report: Report) -> list[Report]:
        rng = self.rng
        if report.story == "duplicate":
            return [replace(report, at=report.at + timedelta(minutes=rng.randint(1, 6)))]
        if report.story != "burst":
            return []
        minutes = sorted(rng.sample(range(3, 22), rng.randint(2, 3)))
        made = [
            self._made(report.at + timedelta(minutes=m), report.topic, "phone", "emergency")
            for m in minutes
        ]
        return [replace(other, contact=contact("app", self.rng)) for other in made]
