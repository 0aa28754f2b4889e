"""All settings, read from the environment; `.env.example` lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment as env
from linkage.databases import told_apart

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

MODE = env.choice("MODE", "demo", ("demo", "production"))
PRODUCTION = MODE == "production"
DEBUG = env.boolean("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be false in production")

SECRET_KEY = env.text("SECRET_KEY") if PRODUCTION else env.kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must be set in production")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before allauth: its pages wear our clothes.
    "web",
    "django_htmx",
    "bootstrap",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "linkage.jobs",
    "linkage.catalogue",
    "linkage.registry",
    "linkage.notices",
    "linkage.market",
    "linkage.agreements",
    "linkage.coverage",
    "linkage.intake",
    "linkage.suggestions",
    "api",
    "worker",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.language.VietnameseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# Every page says that its data are invented; `serve` and `demo` set it where they find such.
INVENTED_DATA = env.boolean("INVENTED_DATA", False)

# --- Database -------------------------------------------------------------------------------
DATABASE_URL = env.address(
    "DATABASE_URL", f"sqlite:///{VAR_DIR / 'demo.sqlite3'}", ("sqlite", "postgres", "postgresql")
)
try:
    _database: dict[str, Any] = environ.Env.db_url_config(DATABASE_URL)
except ValueError as error:
    raise ImproperlyConfigured(
        "DATABASE_URL must be sqlite:////absolute/path or"
        f" postgres://user:password@host:port/name ({error})"
    ) from error
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at once, so two writers wait instead of failing half-way.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {"connect_timeout": 5}
DATABASES = {"default": _database}

# --- Background work ------------------------------------------------------------------------
# The rows of `linkage.jobs` are the truth; the broker carries hints and may lose them.
JOBS_WAKE = "worker.wake.wake"
# A worker that does not renew its lease within this time is taken for dead.
JOBS_LEASE_SECONDS = env.integer("JOBS_LEASE_SECONDS", 60, low=2, high=3600)
JOBS_HEARTBEAT_SECONDS = env.integer("JOBS_HEARTBEAT_SECONDS", 15, low=1, high=1200)
if JOBS_HEARTBEAT_SECONDS * 2 > JOBS_LEASE_SECONDS:
    raise ImproperlyConfigured("JOBS_HEARTBEAT_SECONDS must be at most half of JOBS_LEASE_SECONDS")
# How often lost work is looked for, and how long after its last hint a job counts as forgotten.
JOBS_SWEEP_SECONDS = env.integer("JOBS_SWEEP_SECONDS", 5, low=1, high=60)
JOBS_FORGOTTEN_SECONDS = env.integer("JOBS_FORGOTTEN_SECONDS", 15, low=1, high=3600)
# The pause before an attempt that broke off is tried again.
JOBS_RETRY_SECONDS = env.integer("JOBS_RETRY_SECONDS", 10, low=0, high=3600)
# No worker has reported for this long: pages and /readyz say so.
JOBS_WORKER_SILENT_SECONDS = env.integer("JOBS_WORKER_SILENT_SECONDS", 60, low=5, high=3600)
JOBS_PROGRESS_SECONDS = 0.5
# Two settings for tests/faults: one shows what happens without leases, one adds handlers.
JOBS_LEASE_OFF = env.boolean("JOBS_LEASE_OFF", False)
JOBS_EXTRA_HANDLERS = env.text("JOBS_EXTRA_HANDLERS", "")
if PRODUCTION and (JOBS_EXTRA_HANDLERS or JOBS_LEASE_OFF):
    raise ImproperlyConfigured("JOBS_LEASE_OFF and JOBS_EXTRA_HANDLERS are for tests alone")

REDIS_URL = env.address("REDIS_URL", "", ("redis", "rediss"))
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # A worker group killed in the middle: its messages come back after about this long. A
        # task that runs longer is delivered again, finds its job's lease fresh and goes away.
        "visibility_timeout": env.integer("JOBS_VISIBILITY_SECONDS", 60, low=5, high=3600),
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A frozen or absent Redis must not hold up the request that sends a hint.
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "max_retries": 0,
        # Two installations may share one Redis.
        "global_keyprefix": env.text("JOBS_REDIS_PREFIX", "noichuoi:"),
    }
else:
    CELERY_BROKER_TRANSPORT = "worker.broker.Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "taken"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    for _folder in ("messages", "taken", "control"):
        (BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
CELERY_WORKER_POOL = "prefork" if REDIS_URL else "threads"
CELERY_WORKER_CONCURRENCY = env.integer("JOBS_CONCURRENCY", 2, low=1, high=64)
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = TIME_ZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- Matching -------------------------------------------------------------------------------
# Of 10,000: how much it counts that a co-op has no verified linkage yet; the other weights share
# the rest in their proportions. DESIGN's weights are those of 2,000.
MATCH_PREFERENCE = env.integer("MATCH_PREFERENCE", 2_000, low=0, high=10_000)

# --- The proxy ------------------------------------------------------------------------------
BEHIND_HTTPS_PROXY = PRODUCTION and env.boolean("BEHIND_HTTPS_PROXY", True)

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:mine"
LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_ADAPTER = "web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
# Behind the proxy everybody has its address: the caller's own is the last that it appended.
AXES_CLIENT_IP_CALLABLE = "config.callers.address_of"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_HTTPS_PROXY else 0

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True  # TIME_ZONE stands under "Background work"
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_DIR", str(VAR_DIR / "static")))
if not PRODUCTION:  # where `collectstatic` fills it, and a missing one is worth a warning
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
_media = VAR_DIR / "media"
if not any((_media / kept).is_dir() for kept in ("evidence", "imports")):
    # A database's own folder, or the audit of one would find the files of another. Files that lie
    # right in `media`, as older versions laid them, are still used where they lie.
    _media /= told_apart(_database)
MEDIA_ROOT = Path(env.text("MEDIA_DIR", str(_media))).resolve()
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR_DIR / "backups"))).resolve()
# Best on another machine's disk: what stands there cannot be changed along with the database.
AUDIT_HEADS_DIR = Path(env.text("AUDIT_HEADS_DIR", str(VAR_DIR / "audit-heads"))).resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Logs -----------------------------------------------------------------------------------
# Everything goes to standard error. Django's own choice is mail to ADMINS, which nobody reads here.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # The head of the chain of events stands in the log each night.
        "linkage.jobs.heads": {"level": "INFO"},
    },
}

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Who sends a key is who it says, whatever cookie comes along.
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.token.Token", "api.session.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.json_body.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.EndpointSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "api.token.TokenThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "token": "600/min"},
    # Without a proxy of ours X-Forwarded-For is whatever the caller writes.
    "NUM_PROXIES": 1 if BEHIND_HTTPS_PROXY else 0,
    "EXCEPTION_HANDLER": "api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nối Chuỗi API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Swagger UI would otherwise ask a validator on another host.
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "OrganisationStatus": "linkage.registry.models.Status",
        "TargetStatus": ["reached", "below", "no_data"],
        "BasisEnum": "linkage.coverage.models.Basis",
        "ReturnState": "linkage.coverage.models.YearReturn.State",
        "JobState": "linkage.jobs.models.Job.State",
        "LinkageState": "linkage.agreements.models.State",
        "ImportState": "linkage.intake.models.ImportBatch.State",
        "JoinRequestState": "linkage.registry.models.JoinRequest.State",
        "OrganisationKind": "linkage.registry.models.Kind",
        "NoticeKind": "linkage.notices.models.Kind",
        "ConsentWay": "linkage.registry.models.OfficerConsent.Way",
        "CodeWay": "linkage.registry.models.AccessCode.Way",
        "MemberRole": "linkage.registry.models.MemberRole",
        "OfficeRole": "linkage.registry.models.Role",
        "PostState": "linkage.market.models.PostState",
        "PostPeriod": "linkage.market.models.Period",
        "Handover": "linkage.market.models.Handover",
        "LinkageSide": "linkage.agreements.models.Side",
        "PartySide": ["seller", "buyer"],
        "ReviewVerdict": "linkage.agreements.models.Review.Verdict",
        "EvidenceEnum": "linkage.agreements.models.Evidence",
        "ChainStage": [
            *("inputs", "production", "first_processing", "processing"),
            *("distribution", "retail_or_export"),
        ],
        "PairVerdict": "linkage.intake.models.PairDecision.Verdict",
    },
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999_999_999}
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_problems",
    ],
}

# --- Security -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if BEHIND_HTTPS_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Mail -----------------------------------------------------------------------------------
if env.text("EMAIL_URL", ""):
    vars().update(environ.Env.email_url_config(env.text("EMAIL_URL")))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "noichuoi@localhost")
# A mail server that does not answer holds a worker up, and never for long.
EMAIL_TIMEOUT = 10
# What goes to telephones: written under MESSAGE_DIR, or printed, until there is a way to send it.
MESSAGE_SENDER = env.choice("MESSAGE_SENDER", "file", ("file", "console"))
MESSAGE_DIR = VAR_DIR / "messages"
# Stands in letters and messages.
SITE_URL = env.address(
    "SITE_URL",
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000",
    ("http", "https"),
).rstrip("/")
