"""How far somebody is in which trainings: pure values, the same whether a cookie, a link or an account keeps them.

Progress hangs on a training's number and on its modules' keys, which outlive every new version: a module that was done
stays done, one that came since is to be done, one that has gone asks for nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.crypto import get_random_string

#: Days are kept as their distance from this one: a cookie holds four thousand signs.
FIRST_DAY = datetime.date(2026, 1, 1)


@dataclass(frozen=True)
class Version:
    """A published version of a training, as an attestation names it."""

    published: datetime.date
    modules: int
    minutes: int
    revision: int | None = None
    """Where its title stands, whatever the training is called since."""


@dataclass(frozen=True)
class Steps:
    """Of one training. `done`: by module key, the day; `tried`: keys whose questions were answered, right or wrong.

    `finished`: the day on which every module of the version of that day (`version`) was done; a later version does not
    undo it.
    `ids`: random words that name this progress and nobody; several once it was joined. Attestations hang on them: a
    copy of the progress gets those that the original got.
    """

    done: Mapping[str, datetime.date] = field(default_factory=dict)
    tried: frozenset[str] = frozenset()
    finished: datetime.date | None = None
    ids: tuple[str, ...] = ()
    version: Version | None = None

    def named(self) -> Steps:
        return self if self.ids else replace(self, ids=(get_random_string(8),))

    def after_try(self, key: str) -> Steps:
        return replace(self, tried=self.tried | {key})

    def after_pass(
        self, key: str, keys: Iterable[str], day: datetime.date, version: Version | None = None
    ) -> Steps:
        """`keys`: the modules of today's version, `version`."""
        done = {**self.done, key: self.done.get(key, day)}
        after = replace(self, done=done, tried=self.tried | {key})
        if self.finished is None and done.keys() >= set(keys):
            return replace(after, finished=day, version=version)
        return after

    def joined(self, other: Steps) -> Steps:
        """What was done here or there, on the earlier day."""
        done = {**other.done, **self.done}
        for key in self.done.keys() & other.done.keys():
            done[key] = min(self.done[key], other.done[key])
        ends = [(steps.finished, steps.version) for steps in (self, other) if steps.finished]
        finished, version = min(ends, key=lambda end: end[0], default=(None, None))
        # Attestations hang on the first: that of what was finished, never of a fresh one that is put in front of it.
        first = min((self, other), key=lambda steps: steps.finished or datetime.date.max)
        ids = tuple(dict.fromkeys((*first.ids, *self.ids, *other.ids)))
        return Steps(done, self.tried | other.tried, finished, ids, version)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"d": {key: (day - FIRST_DAY).days for key, day in self.done.items()}}
        only_tried = sorted(self.tried - self.done.keys())
        if only_tried:
            data["t"] = only_tried
        if self.finished:
            data["f"] = (self.finished - FIRST_DAY).days
        if self.ids:
            data["n"] = list(self.ids)
        if self.version:
            published = (self.version.published - FIRST_DAY).days
            data["v"] = [published, self.version.modules, self.version.minutes, self.version.revision]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Steps:
        done = {str(key): _day(days) for key, days in data.get("d", {}).items()}
        finished = _day(data["f"]) if "f" in data else None
        version = None
        if "v" in data:
            published, modules, minutes, *revision = data["v"]  # without a revision until November 2026
            version = Version(_day(published), int(modules), int(minutes), *revision)
        tried = frozenset(data.get("t", ())) | done.keys()
        return cls(done, tried, finished, tuple(data.get("n", ())), version)


NOTHING = Steps()


@dataclass(frozen=True)
class Progress:
    """Of one person or one browser: by training number, the one followed last at the end.

    `accepted`: the invitations that the browser accepted.
    """

    trainings: Mapping[int, Steps] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.trainings)

    def of(self, training_id: int) -> Steps:
        return self.trainings.get(training_id, NOTHING)

    def having(self, training_id: int, steps: Steps) -> Progress:
        """As the last one followed."""
        others = {pk: kept for pk, kept in self.trainings.items() if pk != training_id}
        return replace(self, trainings={**others, training_id: steps})

    def joined(self, other: Progress) -> Progress:
        trainings = {**other.trainings, **self.trainings}
        for pk in self.trainings.keys() & other.trainings.keys():
            trainings[pk] = self.trainings[pk].joined(other.trainings[pk])
        return Progress(trainings, tuple(dict.fromkeys((*self.accepted, *other.accepted))))

    def without_oldest(self) -> Progress:
        """One training less: that on which nothing was done for longest."""
        oldest = next(iter(self.trainings))
        return replace(self, trainings={pk: steps for pk, steps in self.trainings.items() if pk != oldest})

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"p": {str(pk): steps.to_data() for pk, steps in self.trainings.items()}}
        if self.accepted:
            data["i"] = list(self.accepted)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Progress:
        trainings = {int(pk): Steps.from_data(steps) for pk, steps in data["p"].items()}
        return cls(trainings, tuple(data.get("i", ())))


def _day(days: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=days)
