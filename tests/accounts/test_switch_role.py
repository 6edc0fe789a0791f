"""Several roles: chosen, switched, never mixed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from absence.models import AbsenceReport
from dexter.lib.access import Level, Role
from tests.absence.test_report_absence import REPORT, form
from tests.pages import visible


def test_who_has_several_roles_chooses_and_switches(cast: Any, client_as: Callable[..., Any]) -> None:
    erik = client_as("erik", None, Level.E_ID)
    page = erik.get("/start/").content.decode()
    assert "Hej Erik Nilsson-Berg" in page
    assert "Medborgare" in page
    assert "Personal" in page
    assert erik.get("/franvaro/").url == "/start/"
    assert erik.send("/roll/", {"role": "guardian"}).url == "/start/"
    assert "Alva" in visible(erik.get("/start/"))
    assert erik.get("/grupper/").status_code == 404
    erik.send("/roll/", {"role": "staff"})
    assert "Alva" not in visible(erik.get("/start/"))
    assert erik.get(f"/elever/{cast.id('alva')}/").status_code == 404
    for foreign in ("pupil", "admin", ""):
        assert erik.send("/roll/", {"role": foreign}).status_code == 404


def test_who_has_one_role_goes_straight_in(client_as: Callable[..., Any]) -> None:
    assert "Frånvarande" in client_as("amira", None, Level.E_ID).get("/start/").content.decode()


def test_the_guardian_role_opens_with_e_identification_alone(cast: Any, client_as: Callable[..., Any]) -> None:
    fadumo = client_as("fadumo", Role.PUPIL, Level.PASSWORD)
    answer = fadumo.send("/roll/", {"role": "guardian"}).content.decode()
    assert "Den rollen öppnas bara med e-legitimation" in answer
    session = fadumo.session
    session["role"] = "guardian"
    session.save()
    assert "Ayaan" not in fadumo.get("/start/").content.decode()
    assert fadumo.get("/franvaro/").url == "/start/"


def test_two_tabs_with_two_roles_do_nothing_and_keep_what_was_typed(cast: Any, client_as: Callable[..., Any]) -> None:
    erik = client_as("erik", Role.GUARDIAN)
    old_tab = form(cast, "alva")
    erik.send("/roll/", {"role": "staff"})
    response = erik.post("/personer/", {"_role": "guardian", "text": "en text som skrevs"})
    assert response.status_code == 409
    assert "en text som skrevs" in response.content.decode()
    assert erik.post(REPORT, {"_role": "guardian", **old_tab}).status_code == 404
    assert erik.post("/personer/", {"text": "utan roll"}).status_code == 409
    assert erik.post("/personer/forslag/", {"text": "an"}, headers={"HX-Request": "true", "X-Dexter-Role": "guardian"}).status_code == 409
    assert not AbsenceReport.objects.filter(reported_by=cast.id("erik")).exists()


def test_forged_forms_are_refused(cast: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as("amira", Role.GUARDIAN)
    browser.handler.enforce_csrf_checks = True
    response = browser.send(REPORT, form(cast, "noor"))
    assert response.status_code == 403
    assert "Formuläret var för gammalt" in response.content.decode()


def test_an_expired_htmx_request_is_sent_to_sign_in(client: Any, db: None) -> None:
    response = client.post("/personer/forslag/", {"text": "an"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/"
