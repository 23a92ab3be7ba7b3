"""All of KVV's settings: each variable is read once, here, and has a line in docs/settings.md.

A wrong value stops the start with one clear sentence (see `kvv/environment.py`).
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from kvv.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(base=BASE_DIR)

# --- Where everything is -------------------------------------------------------------------------------
DEBUG = env.flag("KVV_DEBUG", default=False)
DEMO = env.flag("KVV_DEMO", default=False)
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEYS = env.secrets("KVV_SECRET_KEYS")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env.web_address("KVV_BASE_URL", default="http://localhost:8000")
ALLOWED_HOSTS = env.words("KVV_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = BASE_URL.startswith("https://")
VAR_DIR = env.path("KVV_VAR", default=BASE_DIR / "var")

# --- What Django is made of ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "blobs",
    "work",
    "outbox",
    "queues",
    "tickets",
    "notify",
    "search",
    "webforms",
    "mailgate",
    "desk",
    "kvv.apps.KvvConfig",
    "kvv.apps.KvvAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "kvv.logs.RequestTraceMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "kvv.headers.Headers",
    "kvv.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kvv.fetched_as.PagesAreNoPieces",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AgentLocaleMiddleware",
    "kvv.bodies.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AskedAgainMiddleware",
    "accounts.middleware.SettleFirstMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kvv.urls"
WSGI_APPLICATION = "kvv.wsgi.application"
FORM_RENDERER = "kvv.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "kvv"
CRISPY_FAIL_SILENTLY = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kvv.notices.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kvv.templatetags.kept",
            ],
        },
    },
]

# --- Database: PostgreSQL, and nothing else ------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CONN_MAX_AGE_SECONDS = 600
LOCK_TIMEOUT_MS = 3000
DATABASES["default"] |= {
    "CONN_MAX_AGE": CONN_MAX_AGE_SECONDS,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"options": f"-c lock_timeout={LOCK_TIMEOUT_MS}"} | DATABASES["default"].get("OPTIONS", {}),
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=16).total_seconds())

# --- What is remembered for a while --------------------------------------------------------------------
# Which codes of a second factor were used is known to all processes, and a restart forgets nothing: in the
# database, which signing in needs anyway. What a process finds out for its own pages must cost no statement.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- Broker: the row is the queue, Celery is only the doorbell -----------------------------------------
REDIS_URL = env.redis("REDIS_URL")

# --- Language and time ---------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("KVV_TIME_ZONE", default="Europe/Amsterdam")

# --- Static files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "kvv.static_files.HashedStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG or DEMO

# --- Sign-in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = ["accounts.backends.AgentBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/#inhoud"  # the focus, too, goes to the list
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's form is no reason to mail anybody
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[KVV] "  # else the host that a request names
# What counts tries by address alone lets one colleague lock out an office; see accounts.tries.
ACCOUNT_RATE_LIMITS = False
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
OIDC_SERVER = env.text("KVV_OIDC_SERVER", default="")
# The sign-in form is answered by sending the browser there, which its policy must allow.
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER))] if OIDC_SERVER else []
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "association",
                "name": env.text("KVV_OIDC_NAME", default="OpenID"),
                "client_id": env.text("KVV_OIDC_CLIENT_ID", default=""),
                "secret": env.text("KVV_OIDC_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_SERVER
        else [],
        "provider_class": "accounts.openid.Provider",
    }
}
# Whose addresses an identity may be bound by, once; see accounts.openid.
OIDC_DOMAINS = frozenset(domain.lower() for domain in env.words("KVV_OIDC_DOMAINS", default=[]))
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# Who must have a second factor before they see anything.
SECOND_FACTOR = env.choice("KVV_SECOND_FACTOR", default="nobody", words=("NOBODY", "SUPERUSERS", "ALL"))
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = urlsplit(BASE_URL).netloc  # else the host that a request names
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
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
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Safety --------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "desk.writing.unsaved.refused_as_forged"
SECURE_SSL_REDIRECT = HTTPS and env.flag("KVV_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("KVV_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
BEHIND_PROXY = env.flag("KVV_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Who tries passwords is known by address: behind a proxy by the one it names, else all agents are one.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for the sub-domains is the domain owner's choice, not ours
    "security.W021",  # as is the browsers' preload list
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
UPLOAD_TOTAL_BYTES = env.number("KVV_UPLOAD_BYTES", default=20 * 2**20)
# Files of one agent beside all forms that they did not send yet.
UNSENT_FILES = env.number("KVV_UNSENT_FILES", default=500)
UNSENT_BYTES = env.number("KVV_UNSENT_BYTES", default=500 * 2**20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# So many come in that who chose too many hears how many may be sent, and not that the request was none.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- Tickets -------------------------------------------------------------------------------------------
SYSTEM_ID = env.digits("KVV_SYSTEM_ID", default="10")
TICKET_HOOK = env.text("KVV_TICKET_HOOK", default="Ticket#")
EVENT_CONSUMERS = {
    "autoresponse": "mailgate.autoresponse",
    "notify": "notify.decide",
    "search": "search.index",
}
UNDELIVERED_TASK = "tickets.undelivered"

# --- Mail ----------------------------------------------------------------------------------------------
EMAIL_BACKEND = "outbox.backend.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("KVV_MAIL_FROM", default="kvv@localhost")
MAIL_DOMAIN = env.text("KVV_MAIL_DOMAIN", default="localhost")
MESSAGE_ID_KEYS = env.words("KVV_MESSAGE_ID_KEYS", default=[]) or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
MAIL_MAX_BYTES = env.number("KVV_MAIL_MAX_BYTES", default=52_428_800)
CLAIM_LEASE = timedelta(seconds=env.number("KVV_CLAIM_LEASE_SECONDS", default=300))
SEND_LEASE = timedelta(seconds=env.number("KVV_SEND_LEASE_SECONDS", default=900))
MAILBOX_LEASE = timedelta(seconds=env.number("KVV_MAILBOX_LEASE_SECONDS", default=60))
LISTENER_HOST = env.text("KVV_MAIL_HOST", default="127.0.0.1")
LISTENER_PORT = env.port("KVV_MAIL_PORT", default=2525)
LISTENER_CONNECTIONS = env.number("KVV_MAIL_CONNECTIONS", default=200, least=1)
LISTENER_CONNECTIONS_PER_ADDRESS = env.number("KVV_MAIL_CONNECTIONS_PER_ADDRESS", default=50, least=1)
LISTENER_RECIPIENTS = env.number("KVV_MAIL_RECIPIENTS", default=100, least=100, most=1000)
LISTENER_SECONDS = env.number("KVV_MAIL_SECONDS", default=600, least=1)
LISTENER_SPOOL_BYTES = env.number("KVV_MAIL_SPOOL_BYTES", default=2**30)
LISTENER_KNOWN_ONLY = env.flag("KVV_MAIL_KNOWN_RECIPIENTS", default=False)
AUTO_RESPONSES_PER_ADDRESS = env.number("KVV_AUTO_RESPONSES_PER_ADDRESS", default=10)
AUTO_RESPONSES_PER_HOUR = env.number("KVV_AUTO_RESPONSES_PER_HOUR", default=500)
AUTO_RESPONSES_PER_TICKET = env.number("KVV_AUTO_RESPONSES_PER_TICKET", default=3)
AUTHSERV_IDS = frozenset(name.lower() for name in env.words("KVV_AUTHSERV_IDS", default=[]))
VERP = env.flag("KVV_VERP", default=False)
CANARY_HOUR = env.hour("KVV_CANARY")

# --- Watching over it ----------------------------------------------------------------------------------
ALERT_URL = env.page_address("KVV_ALERT_URL")
METRICS_TOKEN = env.text("KVV_METRICS_TOKEN", default="")

# --- Logging -------------------------------------------------------------------------------------------
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "work.trace.TraceFilter"}, "refusal": {"()": "kvv.logs.RefusalFilter"}},
    "formatters": {
        "LINE": {"format": "%(asctime)s %(levelname)s %(name)s [%(trace)s]: %(message)s"},
        "JSON": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(trace)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["trace", "refusal"],
            "formatter": env.choice("KVV_LOG_FORMAT", default="line", words=("LINE", "JSON")),
        }
    },
    "loggers": {
        "celery": {"level": "WARNING"},  # it tells of every ring, which is many a second
    },
    "root": {"handlers": ["console"], "level": env.choice("KVV_LOG_LEVEL", default="INFO", words=LOG_LEVELS)},
}

# --- Background work -----------------------------------------------------------------------------------
DRAINS = [
    *("mailgate.deliver", "outbox.send", "mailgate.autoresponse", "notify.decide", "notify.send"),
    *(UNDELIVERED_TASK, "tickets.bulk", "search.index", "search.read_files", "search.export"),
]
BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep": {"task": "work.sweep", "schedule": 5.0},
    "poll-mailboxes": {"task": "mailgate.poll_mailboxes", "schedule": 5.0},
    "fold-tallies": {"task": "tickets.fold_tallies", "schedule": 60.0},
    "close-waited": {"task": "tickets.close_waited", "schedule": 60.0},
    "forget-drafts": {"task": "tickets.forget_drafts", "schedule": 3600.0},
    "forget-bulks": {"task": "tickets.forget_bulks", "schedule": 3600.0},
    "keep-terms": {"task": "tickets.keep_terms", "schedule": 60.0},
    "tell-alarms": {"task": "tickets.tell_alarms", "schedule": 60.0},
    "free-locks": {"task": "tickets.free_locks", "schedule": 60.0},
    "out-of-sight": {"task": "tickets.out_of_sight", "schedule": 60.0},
    "look-after-notifications": {"task": "notify.look_after", "schedule": 60.0},
    "fill-search": {"task": "search.fill", "schedule": 60.0},
    "read-late-files": {"task": "search.read_late_files", "schedule": 60.0},
    "check-search": {"task": "search.check", "schedule": 3600.0},
    "forget-exports": {"task": "search.forget_exports", "schedule": 3600.0},
    "forget-notifications": {"task": "notify.forget", "schedule": 3600.0},
    "canary": {"task": "mailgate.canary", "schedule": 60.0},
    "watch": {"task": "kvv.watch", "schedule": 60.0},
    "sweep-blobs": {"task": "blobs.sweep", "schedule": 3600.0},
    "forget-expired": {"task": "accounts.forget_expired", "schedule": 3600.0},
    "forget-forms": {"task": "webforms.forget", "schedule": 3600.0},
    "forget-automatic-answers": {"task": "mailgate.forget_sent", "schedule": 3600.0},
}
