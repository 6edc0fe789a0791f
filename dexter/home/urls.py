from django.urls import path

from .views import demo, disclosure, disposal, public, pupil, settings, start

app_name = "home"
urlpatterns = [
    path("", public.front, name="front"),
    path("dexter/", public.front, name="dexter_front"),
    path("e-tjanst/", public.eservice, name="eservice"),
    path("om-dexter/", public.about, name="about"),
    path("kontakt/", public.contact, name="contact"),
    path("tillganglighet/", public.accessibility, name="accessibility"),
    path("personuppgifter/", public.privacy, name="privacy"),
    path("sprak/", public.switch_language, name="switch_language"),
    path("robots.txt", public.robots, name="robots"),
    path("halsa/", public.health, name="health"),
    path("demo/meddelanden/", demo.demo_message_list, name="demo_message_list"),
    path("start/", start.start, name="start"),
    path("elever/<uuid:pk>/", pupil.pupil_detail, name="pupil_detail"),
    path("utlamningar/", disclosure.disclosure_list, name="disclosure_list"),
    path("utlamningar/<uuid:pk>/", disclosure.disclosure_detail, name="disclosure_detail"),
    path("utlamningar/<uuid:pk>/maskera/", disclosure.mask_disclosure, name="mask_disclosure"),
    path("utlamningar/<uuid:pk>/granska/", disclosure.review_disclosure, name="review_disclosure"),
    path("utlamningar/<uuid:pk>/lamna-ut/", disclosure.release_disclosure, name="release_disclosure"),
    path("utlamningar/<uuid:pk>/pdf/", disclosure.download_disclosure, name="download_disclosure"),
    path("gallring/", disposal.retention_list, name="retention_list"),
    path("gallring/<uuid:pk>/", disposal.disposal_detail, name="disposal_detail"),
    path("gallring/<uuid:pk>/paket/", disposal.download_disposal, name="download_disposal"),
    path("gallring/<uuid:pk>/bekrafta/", disposal.confirm_disposal, name="confirm_disposal"),
    path("gallring/<uuid:pk>/ta-tillbaka/", disposal.withdraw_disposal, name="withdraw_disposal"),
    path("gallring/regler/<uuid:pk>/", disposal.edit_retention_rule, name="edit_retention_rule"),
    path("gallring/regler/<uuid:pk>/foresla/", disposal.propose_disposal, name="propose_disposal"),
    path("personer/<uuid:pk>/utlamning/", disclosure.draft_disclosure, name="draft_disclosure"),
    path("installningar/kontakt/", settings.edit_contact, name="edit_contact"),
    path("installningar/texter/<slug:kind>/", settings.edit_site_text, name="edit_site_text"),
]
