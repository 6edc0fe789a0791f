"""Value lists of SS 12000:2020 (2.1.0): the stored values are the standard's own, the names are English."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationType(TextChoices):
    RESPONSIBLE_BODY = "Huvudman", _("Responsible body")
    AREA = "Verksamhetsområde", _("Area of activity")
    ADMINISTRATION = "Förvaltning", _("Administration")
    PRINCIPALS_AREA = "Rektorsområde", _("Principal's area")
    SCHOOL = "Skola", _("School")
    OTHER = "Övrigt", _("Other")


class SchoolType(TextChoices):
    PRESCHOOL_CLASS = "FKLASS", _("Preschool class")
    AFTER_SCHOOL = "FTH", _("After-school centre")
    COMPULSORY = "GR", _("Compulsory school")
    ADAPTED_COMPULSORY = "GRS", _("Adapted compulsory school")
    UPPER_SECONDARY = "GY", _("Upper secondary school")
    ADAPTED_UPPER_SECONDARY = "GYS", _("Adapted upper secondary school")
    ADULT = "VUX", _("Adult education")
    ADULT_BASIC = "VUXGR", _("Adult education, basic level")
    ADULT_UPPER_SECONDARY = "VUXGY", _("Adult education, upper secondary level")
    ADULT_SFI = "VUXSFI", _("Swedish for immigrants")


class Sex(TextChoices):
    MALE = "Man", _("Male")
    FEMALE = "Kvinna", _("Female")
    UNKNOWN = "Okänt", _("Unknown")


class SecurityMarking(TextChoices):
    NONE = "Ingen", _("None")
    CONFIDENTIAL = "Sekretessmarkering", _("Confidentiality marking")
    PROTECTED = "Skyddad folkbokföring", _("Protected population registration")


class PersonStatus(TextChoices):
    ACTIVE = "Aktiv", _("Active")
    EMIGRATED = "Utvandrad", _("Emigrated")
    DECEASED = "Avliden", _("Deceased")


class CivicNumberKind(TextChoices):
    """Kinds of personal numbers; the temporary ones (TF, T) are not nationally unique."""

    PERSONAL = "personnummer", _("Personal identity number")
    COORDINATION = "samordningsnummer", _("Coordination number")
    TEMPORARY = "tillfälligt", _("Temporary number")


class RelationType(TextChoices):
    GUARDIAN = "Vårdnadshavare", _("Guardian")
    OTHER_RESPONSIBLE = "Annan ansvarig", _("Other responsible adult")
    TRUSTEE = "God man", _("Trustee")
    APPOINTED = "Utsedd behörig", _("Appointed by the guardian")


class DutyRole(TextChoices):
    PRINCIPAL = "Rektor", _("Principal")
    TEACHER = "Lärare", _("Teacher")
    LEAD_TEACHER = "Förstelärare", _("Lead teacher")
    SPECIAL_EDUCATOR = "Speciallärare/specialpedagog", _("Special educator")
    COUNSELLOR = "Kurator", _("Counsellor")
    NURSE = "Skolsköterska", _("School nurse")
    ADMINISTRATOR = "Skoladministratör", _("School administrator")
    LEISURE_TEACHER = "Fritidspedagog", _("Leisure-time teacher")
    TEACHING_ASSISTANT = "Lärarassistent", _("Teaching assistant")
    OTHER_MANAGEMENT = "Övrig arbetsledning", _("Other management")
    OTHER = "Annan personal", _("Other staff")


class AssignmentRoleType(TextChoices):
    MENTOR = "Mentor", _("Mentor")
    SPECIAL_EDUCATOR = "Specialpedagog", _("Special educator")
    PUPIL_HEALTH = "Elevhälsopersonal", _("Pupil health")
    ADMINISTRATIVE = "Administrativ personal", _("Administrative staff")


class GroupType(TextChoices):
    TEACHING = "Undervisning", _("Teaching group")
    CLASS = "Klass", _("Class")
    MENTOR = "Mentor", _("Mentor group")
    TEST = "Provgrupp", _("Test group")
    SCHEDULE = "Schema", _("Schedule group")
    OTHER = "Övrigt", _("Other group")


class ActivityType(TextChoices):
    TEACHING = "Undervisning", _("Teaching")
    PUPIL = "Elevaktivitet", _("Pupil activity")
    TEST = "Provaktivitet", _("Test activity")
    TEACHER = "Läraraktivitet", _("Teacher activity")
    OTHER = "Övrigt", _("Other")


class EmailType(TextChoices):
    PRIVATE = "Privat", _("Private")
    PUPIL = "Skola elev", _("School, pupil")
    STAFF = "Skola personal", _("School, staff")
    WORK = "Arbete övrigt", _("Other work")


class PhoneType(TextChoices):
    HOME = "Hem", _("Home")
    WORK = "Arbete", _("Work")


class AddressType(TextChoices):
    REGISTERED = "Folkbokföring", _("Population registration")
    SPECIAL_POSTAL = "Särskild postadress", _("Special postal address")
    TEMPORARY = "Tillfällig adress", _("Temporary address")
    POSTAL = "Postadress", _("Postal address")


class Semester(TextChoices):
    AUTUMN = "HT", _("Autumn term")
    SPRING = "VT", _("Spring term")


class CalendarKind(TextChoices):
    """How a day departs from the ordinary week of a school unit."""

    HOLIDAY = "holiday", _("Holiday")
    STAFF_DAY = "staff_day", _("Study day for staff")
    EXTRA_DAY = "extra_day", _("Extra school day")
