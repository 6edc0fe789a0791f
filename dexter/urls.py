from django.urls import include, path

urlpatterns = [
    path("", include("dexter.home.urls")),
    path("", include("accounts.urls")),
    path("", include("registry.urls")),
    path("", include("absence.urls")),
    path("", include("larande.urls")),
    path("larande/kursplaner/", include("larande.syllabus.urls")),
    path("larande/planeringar/", include("larande.planning.urls")),
    path("larande/bedomning/", include("larande.assessment.urls")),
]
handler400 = "dexter.home.errors.bad_request"
handler403 = "dexter.home.errors.forbidden"
handler404 = "dexter.home.errors.not_found"
handler500 = "dexter.home.errors.server_error"
