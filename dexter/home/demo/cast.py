"""The cast: people by name and relation, the same in the demo and in the tests. Ages hold on whatever day it is built."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import DutyRole, SecurityMarking

F6, SEVEN_NINE, ADULT = "f6", "7-9", "adult"  # the three school units


@dataclass(frozen=True)
class Role:
    """One member. `cls` names a pupil's class, `guards` the keys of the children, `duty` a role at a unit."""

    key: str
    given: str
    family: str
    age: int
    male: bool = False
    username: str = ""
    cls: str = ""
    guards: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()  # children whose guardianship ended yesterday
    duty: tuple[str, DutyRole] | None = None
    mentors: str = ""
    teaches: tuple[str, ...] = ()  # classes whose every lesson is this teacher's
    agreed_name: str = ""
    marking: str = SecurityMarking.NONE
    what: str = ""  # what one sees as this person, in Swedish, for the table on the terminal


CAST: tuple[Role, ...] = (
    Role("noor", "Noor", "Haddad", 7, cls="1A", username="noor", what="elev i 1A"),
    Role("sami", "Sami", "Haddad", 10, male=True, cls="4A", username="sami"),
    Role("leila", "Leila", "Haddad", 14, cls="8A", username="leila", what="elev i 8A"),
    Role("alva", "Alva", "Nilsson-Berg", 9, cls="3A"),
    Role("viggo", "Viggo", "Nilsson-Berg", 11, male=True, cls="5A"),
    Role("ayaan", "Ayaan", "Warsame", 8, cls="2A"),
    Role("elsa", "Elsa", "Sandström", 10, cls="4A"),
    Role("kim", "Robin", "Hemlig", 10, cls="4A", agreed_name="Kim Ek", marking=SecurityMarking.CONFIDENTIAL),
    Role("oskar", "Oskar", "Lahti", 15, male=True, cls="9A", username="oskar", what="elev i 9A, 15 år"),
    Role("piera", "Piera", "Utsi", 24, male=True, cls="Vux 1", username="piera", what="vuxen elev"),
    Role("amira", "Amira", "Haddad", 41, guards=("noor", "sami", "leila"), what="vårdnadshavare till tre barn i två skolor"),
    Role("jonas", "Jonas", "Haddad", 43, male=True, guards=("noor", "sami", "leila"), what="den andra vårdnadshavaren"),
    Role("karin", "Karin", "Sandström", 39, guards=("elsa",), what="vårdnadshavare till ett barn"),
    Role("mikael", "Mikael", "Sandström", 42, male=True, ended=("elsa",), what="vårdnaden har upphört: kommer inte in"),
    Role("petra", "Petra", "Hemlig", 38, guards=("kim",), what="vårdnadshavare till ett skyddat barn: stängt tills skolan öppnar"),
    Role(
        "erik",
        "Erik",
        "Nilsson-Berg",
        40,
        male=True,
        username="erik",
        guards=("alva", "viggo"),
        duty=(F6, DutyRole.TEACHER),
        teaches=("5B",),
        what="både lärare och vårdnadshavare",
    ),
    Role("fadumo", "Fadumo", "Warsame", 34, cls="Vux 1", username="fadumo", guards=("ayaan",), what="både vuxen elev och vårdnadshavare"),
    Role(
        "anna",
        "Anna",
        "Lindqvist",
        45,
        username="anna",
        duty=(F6, DutyRole.TEACHER),
        mentors="4A",
        teaches=("4A", "4B"),
        what="lärare och mentor för 4A",
    ),
    Role("maja", "Maja", "Holm", 29, username="maja", duty=(F6, DutyRole.TEACHER), what="vikarie för Annas lektioner i 4A idag"),
    Role("sunna", "Sunna", "Labba", 50, username="sunna", duty=(F6, DutyRole.SPECIAL_EDUCATOR), what="specialpedagog för 4A"),
    Role("ingrid", "Ingrid", "Sjöberg", 55, username="ingrid", duty=(F6, DutyRole.PRINCIPAL), what="rektor, Granskolan"),
    Role("pekka", "Pekka", "Niemi", 48, male=True, username="pekka", duty=(F6, DutyRole.ADMINISTRATOR), what="administratör, Granskolan"),
    Role(
        "lars",
        "Lars",
        "Öberg",
        52,
        male=True,
        username="lars",
        duty=(SEVEN_NINE, DutyRole.TEACHER),
        mentors="8A",
        teaches=("8A", "8B"),
        what="lärare och mentor för 8A",
    ),
    Role("nina", "Nina", "Björk", 47, username="nina", duty=(SEVEN_NINE, DutyRole.PRINCIPAL), what="rektor, Åsenskolan"),
    Role(
        "hassan",
        "Hassan",
        "Farah",
        36,
        male=True,
        username="hassan",
        duty=(SEVEN_NINE, DutyRole.ADMINISTRATOR),
        what="administratör, Åsenskolan",
    ),
    Role(
        "birgitta",
        "Birgitta",
        "Wallin",
        58,
        username="birgitta",
        duty=("body", DutyRole.OTHER_MANAGEMENT),
        what="handläggare hos huvudmannen",
    ),
    Role(
        "tove",
        "Tove",
        "Ekström",
        33,
        username="tove",
        duty=(F6, DutyRole.LEISURE_TEACHER),
        what="fritidspedagog, Granskolan",
    ),
)
BY_KEY = {role.key: role for role in CAST}
PASSWORD = "lila-hund-springer-77"  # noqa: S105  the demo's own, printed on the terminal
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  of the demo's staff
