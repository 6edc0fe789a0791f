"""Every field with personal data has its rule, and a rule that the municipality decided is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, transaction

from dexter.home.archive.coverage import our_models
from dexter.home.models import RetentionRule
from dexter.home.retention.loading import FIRST_DAY, load_retention_rules
from dexter.home.retention.plan import Plan, faults, holds_personal_data, plan, values_of


def test_every_model_with_personal_data_has_its_rules() -> None:
    personal = {model._meta.label for model in our_models() if holds_personal_data(model)}
    assert personal >= {
        "registry.Person",
        "registry.AssignmentRole",
        "absence.RollCall",
        "accounts.EnrolmentCode",
        "audit.Entry",
        "registry.ExternalId",
    }
    assert not personal & {"registry.SchoolUnit", "registry.CalendarEvent", "registry.Group", "home.SiteText", "accounts.Throttle"}
    assert not list(faults(plan()))
    assert "dexter.E010" not in {message.id for message in run_checks()}


def without(label: str, field: str) -> Plan:
    fields = {name: code for name, code in plan().models[label].items() if name != field}
    return plan()._replace(models={**plan().models, label: fields})


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda: without("registry.Person", "birth_date"), "registry.Person.birth_date holds personal data and has no rule"),
        (lambda: without("absence.RollCall", "roster"), "absence.RollCall.roster holds personal data"),
        (lambda: without("audit.Entry", "subjects"), "audit.Entry.subjects holds personal data"),
        (lambda: plan()._replace(models={**plan().models, "registry.Ghost": {}}), "registry.Ghost is in docs/retention.yaml"),
        (
            lambda: plan()._replace(models={**plan().models, "home.Municipality": {"shoe_size": "site"}}),
            "home.Municipality.shoe_size is in docs/retention.yaml, but",
        ),
        (
            lambda: plan()._replace(models={**plan().models, "home.Municipality": {"name": "whim"}}),
            "home.Municipality names the rule whim",
        ),
    ],
)
def test_what_lacks_is_named(broken: Callable[[], Plan], sentence: str) -> None:
    assert [fault for fault in faults(broken()) if fault.startswith(sentence)]


def test_the_rules_are_rows_from_the_start(cast: Any) -> None:
    assert set(RetentionRule.objects.values_list("code", flat=True)) == set(plan().rules)
    report = RetentionRule.objects.get(code="absence_report")
    assert (report.outcome, report.years, report.counted_from, report.decision_reference) == ("dispose", 2, "made", "")
    assert RetentionRule.objects.get(code="enrolment").years is None


def test_loading_again_changes_nothing_and_never_a_local_decision(cast: Any) -> None:
    before = list(RetentionRule.objects.values_list("pk", "modified_at"))
    call_command("load_rules", verbosity=0)
    assert list(RetentionRule.objects.values_list("pk", "modified_at")) == before
    RetentionRule.objects.filter(code="log").update(years=7, decision_reference="KS 2026/114")
    newer = {code: {**rule, "until": "made + 6 years"} if code in {"log", "roll_call"} else rule for code, rule in plan().rules.items()}
    newer["essay"] = {"until": "left + 90 days", "basis": "x", "decision": ""}
    assert load_retention_rules(plan()._replace(rules=newer)) == (1, 1, 1)
    years = dict(RetentionRule.objects.values_list("code", "years"))
    assert (years["log"], years["roll_call"]) == (7, 6)
    assert RetentionRule.objects.get(code="essay").days == 90


def test_a_row_of_a_later_time_is_the_municipalitys_own(cast: Any) -> None:
    log = RetentionRule.objects.get(code="log")
    new = {"code": "log", "outcome": "preserve", "legal_basis": "beslut", "valid_from": FIRST_DAY.replace(year=2030)}
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(**new)
    RetentionRule.objects.filter(pk=log.pk).update(valid_to=FIRST_DAY.replace(year=2029))
    RetentionRule.objects.create(**new)
    assert load_retention_rules(plan()).kept == 1
    assert RetentionRule.objects.in_force(FIRST_DAY).get(code="log").pk == log.pk
    assert RetentionRule.objects.in_force(FIRST_DAY.replace(year=2031)).get(code="log").outcome == "preserve"


@pytest.mark.parametrize("values", [{"outcome": "dispose"}, {"outcome": "preserve", "years": 2}, {"outcome": "dispose", "years": 2}])
def test_a_rule_without_its_time_is_refused_by_the_database(cast: Any, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(code="x", legal_basis="x", valid_from=FIRST_DAY, **values)


def test_a_time_that_cannot_be_read_stops_the_loading() -> None:
    with pytest.raises(ValueError, match="två år"):
        values_of({"until": "två år", "basis": "", "decision": ""})
