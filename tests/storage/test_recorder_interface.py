"""eventsourcing's own test cases for recorders, unchanged, against ours."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase
from uuid import uuid4

from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from guanjia.storage import SqlStore
from guanjia.storage.recorder import Recorder

from .. import postgres


class _Ids(TestCase):
    """Originator ids are words here, as in eventsourcing's own cases for text ids."""

    def new_originator_id(self) -> str:
        return str(uuid4())


class OnDisk(_Ids):
    def create_recorder(self) -> Recorder:
        folder = Path(self.enterContext(TemporaryDirectory()))
        store = SqlStore.create(f"sqlite:///{folder}/events.db", folder / "master.key")
        return self.enterContext(store).recorder


class OnServer(_Ids):
    def create_recorder(self) -> Recorder:
        folder = Path(self.enterContext(TemporaryDirectory()))
        store = SqlStore.create(postgres.new_url(), folder / "master.key")
        return self.enterContext(store).recorder


class InMemory(_Ids):
    def create_recorder(self) -> Recorder:
        return self.enterContext(SqlStore.in_memory()).recorder


class TestRecorderOnDisk(OnDisk, ApplicationRecorderTestCase[Recorder]):
    def test_insert_subscribe(self) -> None:
        """A subscription yields what was and what comes, and ends when stopped."""
        self.optional_test_insert_subscribe()


class TestRecorderOnServer(OnServer, ApplicationRecorderTestCase[Recorder]):
    def test_insert_subscribe(self) -> None:
        """A subscription yields what was and what comes, and ends when stopped."""
        self.optional_test_insert_subscribe()


class TestRecorderInMemory(InMemory, ApplicationRecorderTestCase[Recorder]):
    def test_insert_subscribe(self) -> None:
        """A subscription yields what was and what comes, and ends when stopped."""
        self.optional_test_insert_subscribe()


class TestPositionsOnDisk(OnDisk, NonInterleavingNotificationIDsBaseCase):
    """Two large appends that race get positions that do not interleave."""


class TestPositionsOnServer(OnServer, NonInterleavingNotificationIDsBaseCase):
    """Two large appends that race get positions that do not interleave."""


class TestPositionsInMemory(InMemory, NonInterleavingNotificationIDsBaseCase):
    """Two large appends that race get positions that do not interleave."""


# The base cases are abstract; left here, pytest would collect them too.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
