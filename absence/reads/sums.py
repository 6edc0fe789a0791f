"""Minutes of attendance added up, of whomever and of whatever time."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("present", "other", "valid", "unauthorised")


@dataclass(frozen=True)
class Sums:
    """Minutes, and numbers of lessons. `offered` is the length of the lessons whose roll-call is taken, for each who was on it
    (SS 12000 reportedSum: a lesson without roll-call says nothing of anybody); present, valid, unauthorised and other part it.
    """

    offered: int = 0
    valid: int = 0
    unauthorised: int = 0
    other: int = 0
    # Lessons; only of few pupils are they counted:
    lessons: int = 0  # that were taken
    not_taken: int = 0  # that are over and were not
    absent_lessons: int = 0
    unauthorised_lessons: int = 0
    late_lessons: int = 0
    to_judge: int = 0

    def __add__(self, more: Sums) -> Sums:
        mine, theirs = vars(self).values(), vars(more).values()
        return Sums(*map(int.__add__, mine, theirs))

    @property
    def absent(self) -> int:
        return self.valid + self.unauthorised

    @property
    def present(self) -> int:
        return self.offered - self.absent - self.other

    def share(self, minutes: int) -> float:
        """Per cent of the time offered; of none at all it is none."""
        return 100 * minutes / self.offered if self.offered else 0.0

    # Shares for pages, which show that nothing was offered: None.

    @property
    def absent_share(self) -> float | None:
        return self.share(self.absent) if self.offered else None

    @property
    def present_share(self) -> float | None:
        return self.share(self.present) if self.offered else None

    @property
    def valid_share(self) -> float | None:
        return self.share(self.valid) if self.offered else None

    @property
    def unauthorised_share(self) -> float | None:
        return self.share(self.unauthorised) if self.offered else None

    @property
    def other_share(self) -> float | None:
        return self.share(self.other) if self.offered else None

    @property
    def unauthorised_hours(self) -> float:
        return self.unauthorised / 60

    @property
    def parts(self) -> list[Part]:
        """For a bar: each kind that has minutes, one after the other."""
        found, start = [], 0.0
        for kind in KINDS:
            minutes = getattr(self, kind)
            if minutes:
                found.append(Part(kind, minutes, self.share(minutes), start))
                start += self.share(minutes)
        return found


@dataclass(frozen=True)
class Part:
    kind: str
    minutes: int
    share: float  # per cent
    start: float

    @property
    def x(self) -> str:
        """With a point, whatever the language."""
        return f"{self.start:.3f}"

    @property
    def width(self) -> str:
        return f"{self.share:.3f}"
