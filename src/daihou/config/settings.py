"""Django's settings; what differs between machines comes from the environment.

DATABASE_URL, DAIHOU_HOME, DAIHOU_SECRET_KEY, DAIHOU_KEY_RING (a file), DAIHOU_HOSTS
(comma-separated), DAIHOU_JURISDICTION and DAIHOU_LICENCE (which law holds),
DAIHOU_HTTPS=1 (cookies and redirects for a site behind TLS), DAIHOU_DEBUG=1,
DAIHOU_LOG (line or json), DAIHOU_LOG_LEVEL, DAIHOU_METRICS_TOKEN, DAIHOU_API_PER_MINUTE, DAIHOU_WEBHOOKS=0 (send none), DAIHOU_WEBHOOK_NETWORKS,
DAIHOU_PROXIES (networks of proxies whose word counts on where a request comes from),
DAIHOU_ANYWHERE=1 (sets every limit of networks aside, to get back in). Signing in is in
`sign_in`, mail in `mail`, traces in `telemetry`. `daihou check` says what is unsafe.
"""

import ipaddress
import os
import secrets

from daihou.config import clock, database, logs, mail
from daihou.config.home import home, root, secret
from daihou.config.sign_in import *

DAIHOU_HOME = home()
# Where mapping files are looked for by name: this lender's own, then those shipped.
INTAKE_MAPPINGS = [DAIHOU_HOME / "mappings", root() / "mappings"]
DATABASE_URL = database.database_url()
DATABASES = {"default": database.django_database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = os.environ.get("DAIHOU_SECRET_KEY") or secret(
    "django", make=secrets.token_urlsafe(50)
)
# The keys of personal data; kept apart from the backups of the database.
KEY_RING = os.environ.get("DAIHOU_KEY_RING") or str(
    DAIHOU_HOME / "secrets" / "keyring.json"
)
# How many personal values one person may look at whole within an hour.
REVEALS_PER_HOUR = int(os.environ.get("DAIHOU_REVEALS_PER_HOUR", "30"))
DEBUG = os.environ.get("DAIHOU_DEBUG") == "1"
HTTPS = os.environ.get("DAIHOU_HTTPS") == "1"
HOSTS = [host for host in os.environ.get("DAIHOU_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *HOSTS]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS] if HTTPS else []

# Earliest first; a room may know earlier ones only.
ROOMS = [
    "audit",
    "people",
    "lists",
    "notices",
    "gateway",
    "approvals",
    "rulebooks",
    "ledger",
    "intake",
    "dayend",
    "grading",
    "caps",
    "clocks",
    "strategy",
    "contact",
    "casework",
    "relief",
    "reporting",
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    *APPS,
    "daihou.kit",
    *(f"daihou.rooms.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "daihou.config.logs.followed",
    "daihou.config.metrics.counted",
    "daihou.config.addresses.located",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "daihou.config.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "daihou.kit.language.chosen_language",
    "daihou.kit.api.edge.answering",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "daihou.config.middleware.instant",
    "daihou.config.middleware.context",
    "daihou.config.persons.looking",
    "daihou.config.persons.gate",
    "daihou.kit.wording.middleware",
    "daihou.config.middleware.refusals",
]
ROOT_URLCONF = "daihou.config.urls"
WSGI_APPLICATION = "daihou.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "daihou.kit.shell.context",
            ],
        },
    }
]

USE_TZ = True
TIME_ZONE = clock.TIME_ZONE
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
# More rows of the ledger than this leave the house only with a second person's yes.
EXPORT_APPROVAL_ROWS = int(os.environ.get("DAIHOU_EXPORT_ROWS") or 5_000)
LENDER_NAME = os.environ.get("DAIHOU_LENDER", "")  # shown in the top bar
LENDER_NAME_EN = os.environ.get("DAIHOU_LENDER_EN", "") or LENDER_NAME
# Which law holds for this lender, in words of its rule pack; see the rulebooks room.
JURISDICTION = os.environ.get("DAIHOU_JURISDICTION", "cn")
LICENCE = os.environ.get("DAIHOU_LICENCE", "consumer_finance")
LOCALE_PATHS = [os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")]

STATIC_URL = "/static/"
STATIC_ROOT = DAIHOU_HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True  # no collecting step: files are served from the package
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Asked inside the house, where nobody speaks TLS; they tell strangers nothing.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]
METRICS_TOKEN = os.environ.get("DAIHOU_METRICS_TOKEN", "")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Charts and bars set widths and colours as style attributes; nothing else is inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; object-src 'none'; base-uri 'none';"
    f" form-action {FORM_ACTION};"
    " frame-ancestors 'none'"
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
API_PER_MINUTE = int(os.environ.get("DAIHOU_API_PER_MINUTE", "600"))  # of one token
# 0: a copy of the book, restored to be looked at, tells nobody of its events.
WEBHOOKS_SEND = os.environ.get("DAIHOU_WEBHOOKS", "1") != "0"
# Private networks that events may be sent to; else only public addresses are.
WEBHOOK_NETWORKS = [
    ipaddress.ip_network(each.strip())
    for each in os.environ.get("DAIHOU_WEBHOOK_NETWORKS", "").split(",")
    if each.strip()
]

# Whose X-Forwarded-For is believed; without any, where a connection comes from counts.
PROXIES = [
    ipaddress.ip_network(each.strip(), strict=False)
    for each in os.environ.get("DAIHOU_PROXIES", "").split(",")
    if each.strip()
]
ANYWHERE = os.environ.get("DAIHOU_ANYWHERE") == "1"
globals().update(mail.settings())

LOGGING = logs.configuration(
    form=os.environ.get("DAIHOU_LOG", "line"),
    level=os.environ.get("DAIHOU_LOG_LEVEL", "WARNING").upper(),
)
