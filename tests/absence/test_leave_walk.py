"""In whatever order leave is applied for, answered, taken back, given back, decided and left waiting: no impossible state, no day too much."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from absence.actions import leave as actions
from absence.actions.leave_decisions import grantable_days
from absence.models import LeaveDay, LeaveDecision, LeaveRequest, LeaveState
from absence.reads.leave import leave_days_before
from absence.tasks.leave import attend_to_leave
from dexter.lib import days
from dexter.lib.access import Role

from .leaves import ahead, answered, decided
from .leaves import settings as unit_settings

DELEGATED = 3
WHICH = st.integers(0, 5)
DECIDE = st.tuples(st.just("decide"), st.sampled_from(["anna", "ingrid"]), WHICH, st.sampled_from(["granted", "partly", "refused"]))
PARENT = st.sampled_from(["amira", "jonas"])
APPLY = st.tuples(st.just("apply"), PARENT, st.integers(0, 20), st.one_of(st.integers(0, 2), st.integers(0, 11)))
ANSWER = st.tuples(st.just("answer"), PARENT, WHICH, st.sampled_from(["agrees", "refuses"]))
TAKE_BACK = st.tuples(st.just("take back"), PARENT, WHICH, st.sampled_from([None, 0, 1]))
STEP = st.one_of(APPLY, ANSWER, DECIDE, DECIDE, TAKE_BACK, st.tuples(st.just("wait"), st.integers(1, 4)))


@contextmanager
def tried() -> Iterator[None]:
    """Each example has the town for itself."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Walk:
    """Tries steps as people would, and looks after each whether all still holds."""

    def __init__(self, cast: Any, actor: Callable[..., Any], at: Any) -> None:
        self.cast, self.actor, self.at = cast, actor, at
        self.done: Counter[str] = Counter()

    def try_step(self, name: str, *given: Any) -> None:
        before = self.facts()
        try:
            with transaction.atomic():
                getattr(self, name.replace(" ", "_"))(*given)
            self.done[name] += 1
        except (ValidationError, PermissionDenied):
            assert self.facts() == before
        holds()

    def facts(self) -> list[Any]:
        requests = LeaveRequest.objects.order_by("pk").values_list("pk", "state")
        return [*requests, LeaveDecision.objects.count(), LeaveDay.objects.count(), LeaveDay.objects.standing().count()]

    def pick(self, number: int) -> LeaveRequest:
        """One of them; where the number is even, one that is open if there is any."""
        requests = list(LeaveRequest.objects.select_related("pupil", "application", "school_unit").order_by("created_at", "pk"))
        requests = [row for row in requests if number % 2 == 0 and row.is_open] or requests
        if not requests:
            raise ValidationError("nothing there")
        return requests[number % len(requests)]

    def apply(self, who: str, first: int, length: int) -> None:
        wanted = actions.Wanted(ahead(first), ahead(first + length), "Släkt")
        found = actions.apply_for_leave(
            actor=self.actor(who, Role.GUARDIAN), pupils=[self.cast.sami], wanted=wanted, submission=uuid.uuid4()
        )
        assert bool(found.requests) != bool(found.problems)

    def answer(self, who: str, number: int, said: str) -> None:
        answered(self.actor(who, Role.GUARDIAN), self.pick(number), said)

    def take_back(self, who: str, number: int, which: int | None) -> None:
        request = self.pick(number)
        coming = list(LeaveDay.objects.standing().filter(request=request, day__gt=days.today()).order_by("day"))
        chosen = None if which is None or not coming else [coming[which % len(coming)].day]
        actions.withdraw_leave(actor=self.actor(who, Role.GUARDIAN), request=request, given_back=chosen)

    def decide(self, who: str, number: int, outcome: str) -> None:
        request = self.pick(number)
        sum_before, open_days = leave_days_before(request), grantable_days(request)
        part = {"first": open_days[0], "last": open_days[len(open_days) // 2]} if outcome == "partly" and open_days else {}
        was_open = request.state == LeaveState.IN_PREPARATION
        decision = decided(self.actor(who, Role.STAFF), request, outcome, "" if outcome == "granted" else "Skäl", **part)
        if was_open and who == "anna":
            assert sum_before + decision.school_days <= DELEGATED

    def wait(self, count: int) -> None:
        self.at(8, 0, day=ahead(count))
        attend_to_leave(0)


def holds() -> None:
    for request in LeaveRequest.objects.all():
        decision = LeaveDecision.objects.filter(request=request).first()
        granted = list(LeaveDay.objects.filter(request=request))
        assert (request.state == LeaveState.DECIDED) == (decision is not None)
        assert (request.state == LeaveState.WITHDRAWN) == (request.withdrawn_by_id is not None)
        assert len(granted) == (decision.school_days if decision else 0)
        assert all(request.start_date <= row.day <= request.end_date for row in granted)
        assert all(row.day >= days.day_of(decision.decided_at) for row in granted if decision)
        assert request.state != LeaveState.AWAITING_CONSENT or request.answer_by is not None
    numbers = list(LeaveDecision.objects.values_list("registry_no", flat=True))
    assert len(set(numbers)) == len(numbers)
    standing = list(LeaveDay.objects.standing().values_list("day", flat=True))
    assert len(set(standing)) == len(standing)
    for decision in LeaveDecision.objects.filter(as_principal=False):
        assert decision.days_before + decision.school_days <= DELEGATED


@settings(
    max_examples=40, phases=[Phase.explicit, Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    both_sign=st.sampled_from([False, False, True]),
    first=st.lists(APPLY, min_size=2, max_size=3),
    steps=st.lists(STEP, min_size=6, max_size=16),
)
def test_no_order_of_steps_leads_to_what_cannot_be(
    cast: Any, actor: Callable[..., Any], at: Any, both_sign: bool, first: list[Any], steps: list[Any]
) -> None:
    start = days.today()
    with tried():
        at(8, 0, day=start)
        unit_settings("Granskolan", both_guardians_sign_leave=both_sign, consent_days=4, delegated_leave_days=DELEGATED)
        walk = Walk(cast, actor, at)
        for name, *values in [*first, *steps]:
            walk.try_step(name, *values)
    at(8, 0, day=start)
