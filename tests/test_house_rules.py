"""The rules of the house, as tests: scoping, forms, pages, actions, catalogues, settings."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import models

from accounts.levels import ANY_ROLE, LEVELS
from dexter.audit.wording import ACTIONS
from dexter.lib.models import Entity

from .test_permissions import names

ROOT = Path(__file__).resolve().parent.parent
APPS = ("dexter", "registry", "accounts", "absence", "larande")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label
    in {"registry", "absence", "syllabus", "planning", "assessment", "accounts", "home", "audit", "jobs", "files", "notices"}
]
QUERIES = {"all", "filter", "exclude", "get", "first", "last", "count", "exists", "values", "values_list", "order_by", "create", "add"}


def module(*parts: str) -> list[Path]:
    return [path for path in SOURCES if path.stem in parts or set(parts) & set(path.parts)]


def test_views_start_from_visible_to() -> None:
    """Any manager in a view, form or tag is scoped on the spot; reads get their querysets from the view."""
    faults = []
    for path in module("views", "forms", "templatetags", "tables"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
                line = path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
                if ".objects.visible_to(" not in line and ".objects.none()" not in line:
                    faults.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not faults


def test_views_reach_nothing_through_related_managers() -> None:
    related = {field.get_accessor_name() for model in OURS for field in model._meta.related_objects}
    faults = []
    for path in module("views", "forms"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            reached = node.value if isinstance(node, ast.Attribute) and node.attr in QUERIES else None
            if isinstance(reached, ast.Attribute) and reached.attr in related:
                faults.append(f"{path.relative_to(ROOT)}:{node.lineno} {reached.attr}")
    assert not faults


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_guarded_forms_and_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r'<form[^>]*method="post"[^>]*>(.{0,80})', text, re.DOTALL)
    assert all("{% form_security %}" in start for start in forms)
    assert not re.search(r"<style|\sstyle=\"|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", text)
    assert "|safe" not in text
    assert "autoescape off" not in text
    assert text.count("\n") <= 120


def test_every_entity_keeps_its_time_by_a_trigger() -> None:
    entities = [model for model in OURS if issubclass(model, Entity)]
    assert len(entities) > 20
    assert not [model.__name__ for model in entities if "modified_at" not in {trigger.name for trigger in model._meta.triggers}]


def test_every_model_about_people_has_its_own_scope() -> None:
    """Models that point at a person and are shown on pages are reached through visible_to."""
    from registry.models import Person

    unscoped = {"AssignmentRole", "ProtectedAccess", "Deviation", "User", "TeacherException", "DutyAssignment"}  # never listed by a view
    for model in OURS:
        points_at_person = any(isinstance(field, models.ForeignKey) and field.related_model is Person for field in model._meta.fields)
        if points_at_person and model.__name__ not in unscoped:
            assert hasattr(model._default_manager, "visible_to"), model.__name__


def actions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in module("actions"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.kwonlyargs:
                yield path, node


def test_every_action_is_one_transaction_with_one_line_in_the_log() -> None:
    helpers = {"record"}
    faults, found = [], list(actions())
    for path, node in found:
        if node.name in helpers:
            continue
        text = ast.unparse(node)
        calls_another = any(f"return {other.name}(" in text for _, other in found)
        if not calls_another and ("transaction.atomic" not in text or "record(" not in text):
            faults.append(f"{path.relative_to(ROOT)} {node.name}")
        assert not node.args.args, f"{node.name} takes keywords alone"
    assert not faults


@pytest.mark.parametrize("name", sorted({*ANY_ROLE, *LEVELS}))
def test_a_page_is_called_the_same_everywhere(name: str) -> None:
    app, view = name.split(":")
    folder = next(place for place in (ROOT / app, ROOT / "dexter" / app, ROOT / "larande" / app) if place.is_dir())
    found = [
        path
        for path in folder.rglob("*.py")
        if "views" in str(path) and re.search(rf"^def {view.removesuffix('_on').removesuffix('_of')}\(", path.read_text(), re.M)
    ]
    assert len(found) == 1


def test_no_signals_generic_keys_or_unfinished_notes() -> None:
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for forbidden in ("@receiver", "GenericForeignKey", "LoginRequiredMixin", "View.as_view", "TODO", "FIXME", "import admin"):
            assert forbidden not in text, (path, forbidden)


def test_logs_hold_no_names_or_paths() -> None:
    for path in SOURCES:
        for call in re.findall(r"logger\.\w+\((.*?)\)\n", path.read_text(encoding="utf-8"), re.DOTALL):
            assert not re.search(r"shown_name|given_name|family_name|get_full_path|request\.path|civic|username|POST|REMOTE_ADDR", call), (
                path
            )


def test_the_swedish_catalogue_is_complete() -> None:
    with (ROOT / "locale/sv/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    lacking = [message.id for message in catalogue if message.id and (message.fuzzy or not message.string or not all(message.string))]
    assert not lacking
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue}
    used = {text for path in TEMPLATES for text in re.findall(r"""{% translate "([^"]+)" %}""", path.read_text(encoding="utf-8"))}
    assert not used - known, "run: make messages, then translate"


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False)


NO_ENV_FILE = "import environs; environs.Env.read_env = lambda *a, **k: None; "
FULL = {
    "SECRET_KEY": "k3Jx9-qTz7_wPz8LmN4vBc2RfYh6UdSe1AoGiW5tXpQyZrEbVn0M",
    "DATA_KEYS": "m5Zq0m7q1q9wq0u9r0b3h1l2k3j4h5g6f7d8s9a0Q1E=",
    "ALLOWED_HOSTS": "dexter.example.org",
    "TRUSTED_PROXY_COUNT": "1",
}


@pytest.mark.parametrize("missing", FULL)
def test_the_settings_refuse_to_start_and_say_what_to_set(missing: str) -> None:
    result = run(NO_ENV_FILE + "import dexter.settings", **{key: value for key, value in FULL.items() if key != missing})
    assert result.returncode != 0
    assert f"Set {missing}" in result.stderr.splitlines()[-1]


def test_the_settings_are_safe_for_production_when_nothing_else_is_set() -> None:
    code = (
        NO_ENV_FILE
        + "import os; os.environ['DJANGO_SETTINGS_MODULE']='dexter.settings'; from django.core.management import execute_from_command_line as run; "
    )
    code += "from django.conf import settings; assert not settings.DEBUG and not settings.DEMO and settings.SESSION_COOKIE_SECURE; "
    result = run(code + "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])", **FULL)
    assert result.returncode == 0, result.stderr


def test_migrations_are_linear() -> None:
    for app in ("registry", "absence", "syllabus", "planning", "assessment", "accounts", "home", "audit", "jobs", "files", "notices"):
        folder = Path(apps.get_app_config(app).path) / "migrations"
        numbers = [path.name[:4] for path in sorted(folder.glob("0*.py"))]
        assert numbers == [f"{index:04d}" for index in range(1, len(numbers) + 1)]


def test_no_file_holds_an_address_of_a_package_registry_or_a_path_of_a_machine() -> None:
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_there_are_pages_at_all() -> None:
    assert len(names()) > 40


def test_every_line_of_the_log_has_its_words() -> None:
    """Whoever reads the history of a person reads what was done, never "another event"."""
    written = {name for path in SOURCES for name in re.findall(r'action="([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))}
    assert len(written) > 60
    assert not written - set(ACTIONS), "add the words to dexter/audit/wording.py"
