"""Settings of Dexter: typed, read from the environment (or `.env`), and safe for production when nothing is set."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from dexter.lib.configuration import database_from, eid_origins, eid_providers, embedded_database_url, required
from dexter.lib.languages import languages_in
from dexter.lib.notice_settings import gateway_address, mail_settings, notice_channels

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)  # marks every page as a test system; refuses nothing else
SECRET_KEY = required(env, "SECRET_KEY", "a random string of at least 50 characters, kept secret")
ALLOWED_HOSTS = required(env, "ALLOWED_HOSTS", "the host names Dexter answers to, separated by commas").split(",")
DATA_KEYS = required(env, "DATA_KEYS", "Fernet keys separated by commas, the newest first (manage.py data_key makes one)").split(",")
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", None)
if TRUSTED_PROXY_COUNT is None:
    raise ImproperlyConfigured("Set TRUSTED_PROXY_COUNT to the number of reverse proxies in front of Dexter (0 when there is none).")

# Database -----------------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))  # of the embedded database, used when DATABASE_URL is unset
DATABASE_URL = env.str("DATABASE_URL", "") or embedded_database_url(DATA_DIR, "dexter_web")
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "") or embedded_database_url(DATA_DIR, "dexter_owner")
DATABASES = {
    "default": database_from(DATABASE_URL, pool=env.bool("DATABASE_POOL", True)),
    "owner": database_from(DATABASE_OWNER_URL, pool=False),  # migrations alone: `manage.py migrate --database owner`
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "dexter.home",
    "larande",
    "larande.assessment",
    "larande.planning",
    "larande.syllabus",
    "accounts",
    "absence",
    "registry",
    "dexter.jobs",
    "dexter.files",
    "dexter.notices",
    "dexter.audit",
    "dexter.lib",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "anymail",
]

MIDDLEWARE = [
    "dexter.lib.request_log.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.actor",
    "accounts.middleware.guard",
    "dexter.lib.page_headers.page_headers",
    "dexter.home.errors.not_allowed",
]

ROOT_URLCONF = "dexter.urls"
WSGI_APPLICATION = "dexter.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "dexter.home.context.site",
            ],
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.i18n", "dexter.lib.templatetags.dexter"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# People and sign-in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username"]}},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/"
LOGIN_REDIRECT_URL = "/start/"
EID_PROVIDERS = eid_providers(env.json("EID_PROVIDERS", []))
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ONLY = False
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SESSION_ENGINE = "accounts.backends"
SESSION_COOKIE_AGE = 45 * 60  # seconds without activity
SESSION_COOKIE_NAME = "dexter_session"

# Transport and headers ----------------------------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", True)  # False only on loopback, for the demo and the tests
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dexter.home.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *eid_origins(EID_PROVIDERS)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Notices ------------------------------------------------------------------------------------------------------------
globals().update(mail_settings(env))  # EMAIL_URL, EMAIL_FROM; EMAIL_BACKEND and ANYMAIL for a provider of django-anymail
SMS_GATEWAY_URL = gateway_address(env.str("SMS_GATEWAY_URL", ""))
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", "")
SITE_ADDRESS = env.str("SITE_ADDRESS", "") or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}"  # in letters and texts
NOTICE_CHANNELS = notice_channels(env, demo=DEMO)  # without them: kept in the demo, refused elsewhere

# Language, time, static files ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = languages_in(BASE_DIR / "locale", first=LANGUAGE_CODE)
LANGUAGE_COOKIE_NAME = "dexter_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "var/static"))
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("designsystemet", NODE_MODULES / "@digdir/designsystemet-css/dist"),
    ("inter", NODE_MODULES / "@fontsource-variable/inter"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # messages name children: never in a cookie
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {"version": 1}  # Django configures nothing when this is empty
LOGGING_CONFIG = "dexter.lib.request_log.configure_logging"
