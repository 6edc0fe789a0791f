"""Every page on a phone and a desk, in light and dark: no fault that axe finds, no clipped page, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.home.demo.cast import PASSWORD
from dexter.lib import days
from tests.environment import ROOT

from .conftest import SCREENSHOTS

pytestmark = pytest.mark.journey
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
UNCOVERED = "for (const bar of document.querySelectorAll('.actions--bottom')) bar.style.position = 'static'"  # what is under it scrolls
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
VIOLATIONS = "rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(found => found.violations)"
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
OTHER_SCHEME = {"light": "dark", "dark": "light"}
PUBLIC = ["/", "/e-tjanst/", "/om-dexter/", "/kontakt/", "/tillganglighet/", "/personuppgifter/", "/logga-in/e-legitimation/",
          "/logga-in/elev/", "/logga-in/personal/", "/utloggad/", "/finns-inte/", "/logga-in/e-legitimation/bankid/svar/"]  # fmt: skip
ACCOUNT = ["/konto/sakerhet/", "/konto/sakerhet/app/", "/konto/sakerhet/nyckel/", "/konto/losenord/", "/bekrafta/"]
PUPIL = ["/start/", "/schema/", "/medgivanden/", "/larande/", "/min-skola/", "/lasar/"]
TEACHING = ["", "uppgifter/", "larare/", "grupper/", "lektion/"]
PLANNING = ["andra/", "innehall/", "kopiera/", "uppgifter/", "lankar/", "filer/"]
OFFICE = ["uppgifter/", "kontakt/", "inskrivning/", "klass/", "vardnadshavare/", "tjanst/", "skydd/"]


def inspect(reader: Any, path: str, name: str) -> list[str]:
    """The faults of one page: axe's, anything wider than the window, a table that is none, and what the console complains of.

    The page is opened in the reader's scheme and then turned to the other, which changes colours alone: of them axe is asked twice.
    """
    complaints: list[str] = []
    reader.page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    reader.open(path)
    reader.page.evaluate(UNCOVERED)
    reader.page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = look(reader, path, name, RULES)
    other = OTHER_SCHEME[reader.scheme]
    with reader.in_scheme(other):
        faults += look(reader, path, f"{name.removesuffix(f'-{reader.scheme}')}-{other}", COLOURS)
    return faults + complaints


def look(reader: Any, path: str, name: str, rules: dict[str, Any]) -> list[str]:
    found = reader.page.evaluate(VIOLATIONS, rules)
    wide = reader.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    torn = reader.page.evaluate(
        "[...document.querySelectorAll('table:not([role])')].some(table => getComputedStyle(table).display !== 'table')"
    )
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    reader.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    faults = [f"{path}: {fault['id']} {[node['target'] for node in fault['nodes']][:3]} ({name})" for fault in found]
    faults += [f"{path}: wider than the window ({name})"] if wide else []
    return faults + ([f"{path}: a table in pieces ({name})"] if torn else [])


def walk(reader: Any, paths: list[str], who: str, size: str, scheme: str) -> str:
    """All faults of the pages, a line each; nothing where all is well."""
    return "\n".join(fault for path in paths for fault in inspect(reader, path, f"{who}{path.replace('/', '_')}{size}-{scheme}"))


LOOKS = [("phone", "light"), ("desk", "dark")]  # each page is then seen in the other scheme as well


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_public_pages(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    assert walk(visitor(size, scheme), PUBLIC, "public", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_guardians_pages(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    amira = visitor(size, scheme).identify("Amira Haddad – vårdnadshavare")
    amira.page.locator("form label.choice").first.click()
    receipt = amira.press("Frånvarande i morgon").path
    child = amira.open("/start/").page.locator("main h2 a").first.get_attribute("href")
    assert (
        walk(
            amira,
            [
                "/start/",
                "/franvaro/",
                "/franvaro/anmal/",
                receipt,
                child,
                child.replace("/elever/", "/schema/person/"),
                "/lasar/",
                "/larande/",
                "/mina-uppgifter/",
                "/mina-uppgifter/meddelanden/",
                "/meddelanden/",
                *ACCOUNT,
            ],
            "guardian",
            size,
            scheme,
        )
        == ""
    )


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_teachers_pages(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    lesson = anna.open("/lektioner/").page.locator(".timeline a").first.get_attribute("href")
    group = anna.open("/grupper/").page.locator(".ds-table td a").first.get_attribute("href")
    pupil = anna.open(group).page.locator(".list a").first.get_attribute("href")
    empty_day = f"/lektioner/{days.today() - timedelta(days=3000)}/"
    paths = ["/start/", "/lektioner/", empty_day, lesson, "/grupper/", group, pupil, f"{pupil}losenord/", "/personer/", "/larande/"]
    paths += [
        "/schema/",
        "/kalender/",
        "/lektioner/ta-over/",
        "/lektioner/orapporterade/",
        f"/klasser/{group.split('/')[2]}/narvaro/{days.today()}/hela-dagen/",
        lesson.replace("narvaro", "lista"),
        group.replace("/grupper/", "/schema/grupp/"),
        f"{group}kontakt/",
        "/meddelanden/",
        group.replace("/grupper/", "/meddelanden/nytt/grupp/"),
        lesson.replace("/lektioner/", "/meddelanden/nytt/lektion/").replace("narvaro/", ""),
        lesson.replace("/lektioner/", "/larande/planeringar/lektion/").replace("narvaro/", ""),
        "/salar/",
        "/undervisning/",
        "/larande/planeringar/",
        "/larande/planeringar/ny/",
    ]
    assert walk(anna, paths, "teacher", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_others(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    assert walk(visitor(size, scheme).identify("Piera Utsi"), PUPIL, "pupil", size, scheme) == ""
    assert walk(visitor(size, scheme).identify("Erik Nilsson-Berg"), ["/start/"], "several-roles", size, scheme) == ""
    assert walk(visitor(size, scheme).identify("Petra Hemlig"), ["/start/", "/franvaro/"], "no-children", size, scheme) == ""
    pekka = visitor(size, scheme).identify("Pekka Niemi")
    assert walk(pekka, ["/start/", "/installningar/kontakt/", "/installningar/texter/tillganglighet/"], "administrator", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_offices_pages(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    pekka = visitor(size, scheme).identify("Pekka Niemi").open("/personer/")
    pekka.page.get_by_label("Namn, klass eller personnummer").fill("Sami Hadad")
    pekka.press("Sök")
    person = pekka.page.locator("main a", has_text="Sami Haddad").first.get_attribute("href")
    pekka.open(person)
    end = pekka.page.get_by_role("link", name="Avsluta nu").first.get_attribute("href")
    paths = [
        person,
        end,
        "/vikarier/",
        "/personer/ny-elev/",
        "/personer/ny-personal/",
        "/elever/lista/",
        "/personal/lista/",
        "/skolor/",
        *[person + verb for verb in OFFICE],
    ]
    group = pekka.open("/grupper/").page.locator(".ds-table td a").first.get_attribute("href")
    move = pekka.open(person).page.get_by_role("link", name="Annan skola").first.get_attribute("href")
    lesson = pekka.open(f"/schema/grupp/{group.split('/')[2]}/").page.locator("main a[href^='/lektioner/']").first.get_attribute("href")
    paths += [lesson.replace("narvaro", "oppna"), move, "/grupper/", "/grupper/ny/", group, f"{group}medlemmar/", f"{group}mentor/"]
    assert walk(pekka, paths, "office", size, scheme) == ""
    ingrid = visitor(size, scheme).identify("Ingrid Sjöberg")
    unit = ingrid.open("/skolor/").page.locator("main .list a").first.get_attribute("href")
    assert walk(ingrid, ["/start/", "/skyddade/", unit], "principal", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_statistics(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    ingrid = visitor(size, scheme).identify("Ingrid Sjöberg").open("/statistik/franvaro/")
    statistics = ingrid.path
    term = ingrid.page.get_by_role("link", name="Terminens ogiltiga frånvaro").get_attribute("href")
    paths = [statistics, f"{statistics}?by=pupil", f"{statistics}?by=lesson", f"{statistics}?period=dagar", f"{statistics}summor/", term]
    assert walk(ingrid, paths, "statistics", size, scheme) == ""
    anna = visitor(size, scheme).identify("Anna Lindqvist").open("/statistik/franvaro/")
    assert walk(anna, [anna.path], "mentor", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_archive(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    pekka = visitor(size, scheme).identify("Pekka Niemi")
    group = pekka.open("/grupper/").page.locator(".ds-table td a").first.get_attribute("href")
    person = pekka.open(group).page.locator("main .list a[href^='/personer/']").first.get_attribute("href")
    form = pekka.open(f"{person}utlamning/").page.locator("main form")
    form.locator("input[value=extract]").check()
    form.locator("button").click()
    pekka.page.wait_for_url("**/utlamningar/*/")
    pekka.page.locator("main details").nth(1).click()
    draft = pekka.path
    assert walk(pekka, [f"{person}utlamning/", draft, "/utlamningar/"], "office", size, scheme) == ""
    birgitta = visitor(size, scheme).identify("Birgitta Wallin").open("/gallring/")
    rule = birgitta.page.locator("main .list a").first.get_attribute("href")
    assert walk(birgitta, ["/start/", "/gallring/", rule], "officer", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_timetable_and_the_year(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    pekka = visitor(size, scheme).identify("Pekka Niemi").open("/undervisning/")
    activity = pekka.page.locator("main .ds-table td a").first.get_attribute("href")
    pekka.open(activity)
    lesson = pekka.page.locator("main a[href$='/flytta/']").last.get_attribute("href")
    removal = pekka.page.locator("main a[href$='/ta-bort/']").first.get_attribute("href")
    ending = pekka.page.locator("main a[href$='/avsluta/']").first.get_attribute("href")
    room = pekka.open("/salar/").page.locator("main a[href$='/uppgifter/']").first.get_attribute("href")
    paths = ["/lasar/", "/lasar/nytt/", "/lasar/dagar/", "/salar/", "/salar/ny/", room, "/undervisning/", "/undervisning/ny/"]
    paths += [*[activity + verb for verb in TEACHING], removal, ending, lesson, lesson.replace("flytta", "stall-in")]
    assert walk(pekka, paths, "timetable", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_curriculum(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    birgitta = visitor(size, scheme).identify("Birgitta Wallin").open("/larande/kursplaner/?words=GRGRMAT01")
    subject = birgitta.page.locator("main .list a").first.get_attribute("href")
    changed = birgitta.open(subject).page.locator("#versions a[href*='/andringar/']").first.get_attribute("href")
    paths = ["/larande/kursplaner/", "/larande/kursplaner/?words=zzz", subject, changed, "/larande/kursplaner/inlasta/"]
    assert walk(birgitta, paths, "curriculum", size, scheme) == ""


def links(reader: Any, path: str, pattern: str) -> str:
    """Where the first link of the page whose address fits leads, without its place on the page."""
    found = [link.get_attribute("href") for link in reader.open(path).page.locator("main a").all()]
    return next(address for address in found if re.search(pattern, address)).split("#")[0]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_larande_at_home(visitor: Callable[..., Any], learning: None, size: str, scheme: str) -> None:
    amira = visitor(size, scheme).identify("Amira Haddad – vårdnadshavare").open("/larande/")
    child = amira.page.locator("h2").get_by_role("link", name="Sami Haddad").get_attribute("href")
    knowledge = f"/larande/bedomning/kunskap/{child.split('/')[3]}/"
    paths = ["/larande/", links(amira, "/larande/", "/vecka/"), links(amira, "/larande/", "/hem/"), child, f"{child}GRGRMAT01/"]
    assert walk(amira, [*paths, knowledge, f"{knowledge}GRGRMAT01/"], "learning-guardian", size, scheme) == ""
    sami = visitor(size, scheme).open("/logga-in/elev/")
    sami.page.get_by_label("Användarnamn").fill("sami")
    sami.page.get_by_label("Lösenord").fill(PASSWORD)
    sami.press("Logga in")
    paths = ["/start/", "/larande/", child, f"{child}GRGRMAT01/", "/larande/bedomning/sjalvbedomning/"]
    assert walk(sami, paths, "learning-pupil", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_larande_at_school(visitor: Callable[..., Any], learning: None, size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    plans, matrices = "/larande/planeringar/", "/larande/bedomning/matriser/"
    plan, year, grid = links(anna, plans, "ar/[0-9a-f-]{36}/$"), links(anna, plans, "/arsplan/"), links(anna, "/larande/", "/rutnat/")
    matrix, choice = links(anna, matrices, "/matriser/[0-9a-f-]{36}/$"), links(anna, f"{matrices}ny/", "teaching=")
    basis, pupil = links(anna, grid, "/underlag/"), links(anna, grid, f"{grid}[0-9a-f-]{{36}}/")
    knowledge = links(anna, basis, "/kunskap/")
    paths = ["/start/", "/larande/", plans, f"{plans}?vy=kollegor", f"{plans}?vy=bank", plan, *[plan + verb for verb in PLANNING], year]
    paths += [
        matrices,
        f"{matrices}ny/",
        f"{matrices}ny/{choice}",
        matrix,
        f"{matrix}andra/",
        f"{matrix}anvand/",
        "/larande/bedomning/skalor/",
    ]
    paths += [grid, pupil, f"{grid}publicera/", basis, knowledge, links(anna, knowledge, "/omdome/")]
    assert walk(anna, paths, "learning-teacher", size, scheme) == ""
    assert walk(visitor(size, scheme).identify("Maja Holm"), ["/start/", "/larande/"], "learning-substitute", size, scheme) == ""
    ingrid = visitor(size, scheme).identify("Ingrid Sjöberg")
    unit = links(ingrid, "/skolor/", "/ledighetsperioder/").split("/")[2]
    paths = ["/larande/", links(ingrid, "/larande/", "/klass/"), f"/skolor/{unit}/moduler/", f"/skolor/{unit}/ledighetsperioder/"]
    paths += ["/franvaro/trappa/", links(ingrid, "/franvaro/trappa/", "/nytt/")]
    assert walk(ingrid, paths, "learning-principal", size, scheme) == ""


def test_larande_is_whole_without_scripts(visitor: Callable[..., Any], learning: None) -> None:
    """Read at home; copied, published and judged at school: by plain forms alone."""
    amira = visitor(java_script_enabled=False).identify("Amira Haddad – vårdnadshavare").open("/larande/")
    amira.press("Sami Haddad", "link")
    assert "Bråk i vardagen" in amira.text
    anna = visitor("desk", java_script_enabled=False).identify("Anna Lindqvist").open("/larande/planeringar/")
    anna.press("Kopiera", "link").press("Kopiera").press("Publicera")
    assert "Publicerad. Elever och vårdnadshavare" in anna.text
    anna.open("/larande/").press("Matematik årskurs 4", "link")
    anna.page.locator("table select").first.select_option(index=2)
    anna.press("Spara rutnätet")
    assert "Rutnätet är sparat." in anna.text


@pytest.mark.parametrize("width", [320, 1600])
def test_the_main_pages_fit_the_narrowest_and_a_wide_screen(visitor: Callable[..., Any], width: int) -> None:
    amira = visitor().identify("Amira Haddad – vårdnadshavare")
    amira.page.set_viewport_size({"width": width, "height": 800})
    assert walk(amira, ["/start/", "/franvaro/anmal/", "/franvaro/", "/lasar/"], "width", str(width), "light") == ""


def test_the_search_suggests_while_somebody_types(visitor: Callable[..., Any]) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open("/personer/")
    anna.page.get_by_label("Namn").press_sequentially("sami h")
    anna.page.locator("#person_suggestions a", has_text="Sami Haddad").click()
    assert anna.heading == "Sami Haddad"


def test_a_first_visit_weighs_little(visitor: Callable[..., Any]) -> None:
    """At most 150 kB for a guardian on a phone, 25 kB for the next page; the pages themselves not even compressed."""
    amira = visitor(closed=False).identify("Amira Haddad – vårdnadshavare")
    amira.page.context.new_cdp_session(amira.page).send("Network.clearBrowserCache")
    first, following = (transferred(amira.open(path)) for path in ("/start/", "/franvaro/"))
    assert 50_000 < first <= 150_000
    assert following <= 25_000


def transferred(reader: Any) -> int:
    """Bytes that came over the wire for the page and all that it loads."""
    reader.page.wait_for_load_state("networkidle")
    return int(reader.page.evaluate("performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize || 0), 0)"))
