from django.urls import path, register_converter

from dexter.lib.converters import DayConverter, WeekConverter

from .views import calendar, consent, feed, group, person, person_search, protection, relation, substitution, timetable

register_converter(DayConverter, "day")
register_converter(WeekConverter, "week")

app_name = "registry"
urlpatterns = [
    path("grupper/", group.group_list, name="group_list"),
    path("grupper/<uuid:pk>/", group.group_detail, name="group_detail"),
    path("grupper/ny/", group.create_group, name="create_group"),
    path("grupper/<uuid:pk>/medlemmar/", group.add_members, name="add_members"),
    path("grupper/<uuid:pk>/mentor/", group.appoint_mentor, name="appoint_mentor"),
    path("medlemskap/<uuid:pk>/avsluta/", group.end_membership, name="end_membership"),
    path("uppdrag/<uuid:pk>/avsluta/", group.end_assignment, name="end_assignment"),
    path("personer/", person_search.person_search, name="person_search"),
    path("personer/forslag/", person_search.person_suggestions, name="person_suggestions"),
    path("personer/ny-elev/", person.create_pupil, name="create_pupil"),
    path("personer/ny-personal/", person.create_colleague, name="create_colleague"),
    path("personer/<uuid:pk>/", person.person_detail, name="person_detail"),
    path("personer/<uuid:pk>/nummer/", person.show_civic_no, name="show_civic_no"),
    path("personer/<uuid:pk>/uppgifter/", person.edit_person, name="edit_person"),
    path("personer/<uuid:pk>/kontakt/", person.edit_contact_details, name="edit_contact_details"),
    path("personer/<uuid:pk>/inskrivning/", relation.enrol_pupil, name="enrol_pupil"),
    path("personer/<uuid:pk>/klass/", relation.move_to_class, name="move_to_class"),
    path("personer/<uuid:pk>/vardnadshavare/", relation.add_guardian, name="add_guardian"),
    path("personer/<uuid:pk>/tjanst/", relation.add_duty, name="add_duty"),
    path("inskrivningar/<uuid:pk>/avsluta/", relation.end_enrolment, name="end_enrolment"),
    path("vardnad/<uuid:pk>/avsluta/", relation.end_guardianship, name="end_guardianship"),
    path("vardnad/<uuid:pk>/slapp/", relation.release_guardianship, name="release_guardianship"),
    path("tjanster/<uuid:pk>/avsluta/", relation.end_duty, name="end_duty"),
    path("personer/<uuid:pk>/skydd/", protection.protect_person, name="protect_person"),
    path("personer/<uuid:pk>/skydd/oppna/", protection.grant_access, name="grant_access"),
    path("skyddade/", protection.protected_list, name="protected_list"),
    path("skyddade/<uuid:pk>/stang/", protection.revoke_access, name="revoke_access"),
    path("medgivanden/", consent.consent_list, name="consent_list"),
    path("medgivanden/<uuid:pk>/ge/", consent.give_consent, name="give_consent"),
    path("medgivanden/<uuid:pk>/ta-tillbaka/", consent.withdraw_consent, name="withdraw_consent"),
    path("vikarier/", substitution.hand_over_lessons, name="hand_over_lessons"),
    path("vikarier/<uuid:pk>/<day:day>/ta-tillbaka/", substitution.take_back_lessons, name="take_back_lessons"),
    path("lektioner/ta-over/", substitution.open_lesson_list, name="open_lesson_list"),
    path("lektioner/<uuid:pk>/ta-over/", substitution.stand_in, name="stand_in"),
    path("lektioner/<uuid:pk>/lista/", substitution.lesson_roster, name="lesson_roster"),
    path("schema/", timetable.timetable, name="timetable"),
    path("schema/<week:week>/", timetable.timetable, name="timetable_on"),
    path("schema/person/<uuid:pk>/", timetable.person_timetable, name="person_timetable"),
    path("schema/person/<uuid:pk>/<week:week>/", timetable.person_timetable, name="person_timetable_on"),
    path("schema/grupp/<uuid:pk>/", timetable.group_timetable, name="group_timetable"),
    path("schema/grupp/<uuid:pk>/<week:week>/", timetable.group_timetable, name="group_timetable_on"),
    path("schema/sal/<uuid:pk>/", timetable.room_timetable, name="room_timetable"),
    path("schema/sal/<uuid:pk>/<week:week>/", timetable.room_timetable, name="room_timetable_on"),
    path("lasar/", calendar.school_calendar, name="school_calendar"),
    path("lasar/<uuid:pk>/", calendar.school_calendar, name="school_calendar_on"),
    path("lasar/nytt/", calendar.create_school_year, name="create_school_year"),
    path("lasar/termin/<uuid:pk>/", calendar.edit_term, name="edit_term"),
    path("lasar/dagar/", calendar.add_calendar_day, name="add_calendar_day"),
    path("lasar/dagar/<uuid:pk>/ta-bort/", calendar.remove_calendar_day, name="remove_calendar_day"),
    path("kalender/", feed.feed_address, name="feed_address"),
    path("kalender/ta-tillbaka/", feed.revoke_feed_address, name="revoke_feed_address"),
    path("kalender/<str:token>.ics", feed.calendar_feed, name="calendar_feed"),
]
