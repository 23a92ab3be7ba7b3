"""Who gets what from each address: the answer to a GET, by role; a new address is added here.

Roles: anonymous, stranger (agent of another queue), reader (may only read), owner, superuser. A new role is a
column with a default. Screens that write, and presses, are in tables of their own (`screens.py`).
"""

from dataclasses import dataclass

ROLES = ("anonymous", "stranger", "reader", "owner", "superuser")

SIGN_IN = 302
POST_ONLY = 405


@dataclass(frozen=True, slots=True)
class Row:
    """The expected status for each role, in the order of `ROLES`."""

    anonymous: int
    stranger: int
    reader: int
    owner: int
    superuser: int

    def of(self, role: str) -> int:
        """What this role is to get."""
        return int(getattr(self, role))


PUBLIC = Row(200, 200, 200, 200, 200)
AGENTS = Row(SIGN_IN, 200, 200, 200, 200)
NOBODY = Row(404, 404, 404, 404, 404)  # of a mail that is not there
READERS = Row(SIGN_IN, 404, 200, 200, 200)
WRITERS = Row(SIGN_IN, 404, 403, 200, 200)
BULKS = Row(SIGN_IN, 404, 404, 200, 404)  # the owner has chosen these tickets
NO_FACTOR = Row(SIGN_IN, 404, 404, 404, 404)  # nobody here has a second one
GIVE_PASSWORD = Row(SIGN_IN, 302, 302, 302, 302)  # these have not just given theirs
TO_PAGE = Row(302, 302, 302, 302, 302)  # where a customer's forms go
ONLY_POST = Row(POST_ONLY, POST_ONLY, POST_ONLY, POST_ONLY, POST_ONLY)

CLOSED = (
    *("account_signup", "account_email", "account_email_verification_sent", "account_confirm_email"),
    *("account_change_password", "account_set_password", "account_confirm_login_code"),
    *("socialaccount_signup", "socialaccount_connections"),
)
"""Names that allauth looks up for what KVV does not have: an administrator makes agents."""

CUSTOMERS_DEEDS = ("code", "open", "renew", "write", "reopen", "rate")
"""What a customer's own page sends."""

MATRIX: dict[str, Row] = {
    "healthz": Row(503, 503, 503, 503, 503),  # no worker runs in these tests
    "livez": PUBLIC,
    "metrics": NOBODY,  # without KVV_METRICS_TOKEN; with it, who brings it (tests/kvv/test_metrics.py)
    "desk:home": AGENTS,
    "desk:dashboard_beside": AGENTS,
    "desk:choose_tab": ONLY_POST,
    "desk:arrange_boxes": ONLY_POST,
    "desk:fold_welcome": ONLY_POST,
    "desk:box": AGENTS,
    "desk:help": AGENTS,
    "desk:queues": AGENTS,
    "desk:queue": READERS,
    "desk:status": AGENTS,
    "desk:escalation": AGENTS,
    "desk:escalation_of": AGENTS,
    "desk:my_locked": AGENTS,
    "desk:my_owned": AGENTS,
    "desk:my_asked": AGENTS,
    "desk:my_followed": AGENTS,
    "desk:customer_tickets": READERS,
    "desk:choose_bulk": ONLY_POST,
    "desk:bulk": BULKS,
    "desk:bulk_merge": BULKS,
    "desk:bulk_link": BULKS,
    "desk:bulk_files": ONLY_POST,
    "desk:bulk_image": ONLY_POST,
    "desk:bulk_result": Row(SIGN_IN, 404, 404, 302, 404),  # of one that was not sent yet
    "desk:search": AGENTS,
    "desk:search_counts": AGENTS,
    "desk:complete_search": AGENTS,
    "desk:standard_answer": Row(SIGN_IN, 404, 404, 200, 200),
    "desk:search_form": AGENTS,
    "desk:exports": AGENTS,
    "desk:export_csv": Row(SIGN_IN, 302, 302, 302, 302),  # of a search for nothing
    "desk:export": Row(SIGN_IN, 404, 404, 200, 404),  # the owner's own
    "desk:export_file": Row(SIGN_IN, 404, 404, 200, 404),
    "desk:export_paper": Row(SIGN_IN, 404, 404, 200, 404),
    "desk:saved_searches": AGENTS,
    "desk:save_search": Row(SIGN_IN, 302, 302, 302, 302),  # of a search for nothing
    "desk:saved_search": Row(SIGN_IN, 404, 404, 302, 404),  # the owner's own
    "desk:edit_search": Row(SIGN_IN, 404, 404, 200, 404),
    "desk:delete_search": ONLY_POST,
    "desk:customers": AGENTS,
    "desk:complete": AGENTS,
    "desk:book": AGENTS,
    "desk:who": AGENTS,
    "desk:new_customer": Row(SIGN_IN, 200, 403, 200, 200),
    "desk:customer_page": READERS,
    "desk:organisation_page": READERS,
    "desk:edit_customer": WRITERS,
    "desk:merge_customer": Row(SIGN_IN, 404, 403, 403, 200),
    "desk:preferences": AGENTS,
    "desk:password": ONLY_POST,
    "desk:keep_language": ONLY_POST,
    "desk:keep_view": ONLY_POST,
    "desk:keep_keys": ONLY_POST,
    "desk:keep_after_answer": ONLY_POST,
    "desk:keep_after_new_ticket": ONLY_POST,
    "desk:keep_page_size": ONLY_POST,
    "desk:keep_skin": ONLY_POST,
    "desk:keep_theme": ONLY_POST,
    "desk:keep_closing": ONLY_POST,
    "desk:keep_refresh": ONLY_POST,
    "desk:keep_absence": ONLY_POST,
    "desk:be_back": ONLY_POST,
    "desk:leave_elsewhere": ONLY_POST,
    "desk:keep_mails_new": ONLY_POST,
    "desk:keep_mails_follow_up": ONLY_POST,
    "desk:keep_mails_time_out": ONLY_POST,
    "desk:keep_mails_moved": ONLY_POST,
    "desk:keep_mails_followed": ONLY_POST,
    "desk:keep_mails_again": ONLY_POST,
    "desk:keep_queues": ONLY_POST,
    "desk:pulse": AGENTS,
    "desk:set_view": ONLY_POST,
    "desk:zoom": READERS,
    "desk:history": READERS,
    "desk:paper": READERS,
    "desk:source": READERS,
    "desk:article_frame": READERS,
    "desk:active_frame": READERS,
    "desk:attachment": READERS,
    "desk:find_texts": WRITERS,
    "desk:text": Row(SIGN_IN, 404, 403, 404, 404),  # of a text that is not there
    "desk:find_new_texts": Row(SIGN_IN, 200, 403, 200, 200),  # the stranger makes tickets elsewhere
    "desk:new_text": Row(SIGN_IN, 404, 403, 404, 404),
    "desk:earlier": READERS,
    "desk:earlier_text": Row(SIGN_IN, 404, 403, 404, 404),  # of what is no answer
    "desk:not_useful": ONLY_POST,
    "desk:keep_answer": Row(SIGN_IN, 404, 403, 403, 404),  # of what is no answer
    "desk:send_again": ONLY_POST,
    "desk:declare_sent": ONLY_POST,
    "desk:add_address": ONLY_POST,
    "desk:take": ONLY_POST,
    "desk:cancel": ONLY_POST,
    "desk:remove_upload": ONLY_POST,
    "desk:upload": Row(SIGN_IN, 404, 404, 404, 404),  # of a file that nobody here has added
    **{f"webforms:{name}": PUBLIC for name in ("list", "form", "answers", "sent", "confirm")},
    **dict.fromkeys(("webforms:skin_style", "webforms:skin_logo"), NOBODY),  # they look as KVV does
    "set_language": ONLY_POST,
    "account_login": Row(200, 302, 302, 302, 302),
    "account_logout": Row(302, 200, 200, 200, 200),
    "account_inactive": PUBLIC,
    "account_reauthenticate": Row(SIGN_IN, 200, 200, 200, 200),
    "account_first_password": Row(SIGN_IN, 302, 302, 302, 302),  # these have chosen their own
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,  # that the link is spent
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_index": AGENTS,
    "mfa_authenticate": Row(302, 302, 302, 302, 302),  # nobody here is half signed in
    "mfa_reauthenticate": Row(SIGN_IN, 302, 302, 302, 302),  # nobody here has a second factor
    "mfa_activate_totp": GIVE_PASSWORD,
    "mfa_deactivate_totp": NO_FACTOR,
    "mfa_view_recovery_codes": NO_FACTOR,
    "mfa_generate_recovery_codes": GIVE_PASSWORD,
    "mfa_download_recovery_codes": NO_FACTOR,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": Row(401, 401, 401, 401, 401),
    "openid_connect_login": NOBODY,  # no server is set
    "openid_connect_callback": NOBODY,
    **dict.fromkeys(CLOSED, NOBODY),
    "customer:page": PUBLIC,
    **dict.fromkeys((f"customer:{name}" for name in CUSTOMERS_DEEDS), TO_PAGE),
    "customer:file": NOBODY,  # in a browser that no code has opened
    "demo:mail": PUBLIC,
    "demo:write": PUBLIC,
    "demo:read": NOBODY,
    "demo:frame": NOBODY,
    "demo:answer": NOBODY,
}

POSTED: dict[str, Row] = {
    "desk:choose_bulk": Row(SIGN_IN, 302, 302, 302, 302),
    "desk:bulk": Row(SIGN_IN, 404, 404, 422, 404),
    "desk:bulk_merge": Row(SIGN_IN, 404, 404, 422, 404),
    "desk:bulk_link": Row(SIGN_IN, 404, 404, 422, 404),
    "desk:bulk_files": Row(SIGN_IN, 404, 404, 400, 404),
    "desk:bulk_image": Row(SIGN_IN, 404, 404, 400, 404),
    "desk:exports": Row(SIGN_IN, 302, 302, 302, 302),
    "desk:save_search": Row(SIGN_IN, 302, 302, 302, 302),
    "desk:edit_search": Row(SIGN_IN, 404, 404, 422, 404),
    "desk:delete_search": Row(SIGN_IN, 404, 404, 302, 404),
    "desk:send_again": Row(SIGN_IN, 404, 403, 302, 302),
    "desk:declare_sent": Row(SIGN_IN, 404, 403, 302, 302),
    "desk:add_address": Row(SIGN_IN, 404, 403, 302, 302),
    "desk:keep_answer": Row(SIGN_IN, 404, 403, 403, 404),
    "desk:not_useful": Row(SIGN_IN, 404, 403, 302, 302),
    "desk:new_customer": Row(SIGN_IN, 422, 403, 422, 422),
    "desk:edit_customer": Row(SIGN_IN, 404, 403, 302, 302),  # a name may be empty
    "desk:merge_customer": Row(SIGN_IN, 404, 403, 403, 422),
    "desk:take": Row(SIGN_IN, 404, 403, 302, 302),
    "desk:cancel": Row(SIGN_IN, 404, 302, 302, 302),
    "desk:password": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_language": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_view": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_keys": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_after_answer": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_after_new_ticket": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_page_size": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_skin": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_theme": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_closing": Row(SIGN_IN, 302, 302, 302, 302),
    "desk:keep_refresh": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:keep_absence": Row(SIGN_IN, 422, 422, 422, 422),
    "desk:be_back": Row(SIGN_IN, 302, 302, 302, 302),
    "desk:leave_elsewhere": Row(SIGN_IN, 302, 302, 302, 302),
    "account_first_password": Row(SIGN_IN, 302, 302, 302, 302),  # these have chosen their own
    "desk:keep_queues": Row(SIGN_IN, 302, 302, 302, 302),
    "webforms:form": Row(422, 422, 422, 422, 422),
    "webforms:confirm": Row(302, 302, 302, 302, 302),
    "set_language": Row(302, 302, 302, 302, 302),
    "desk:choose_tab": Row(SIGN_IN, 400, 400, 400, 400),  # of no box
    "desk:arrange_boxes": Row(SIGN_IN, 400, 400, 400, 400),
    "desk:fold_welcome": Row(SIGN_IN, 204, 204, 204, 204),
    "desk:set_view": Row(SIGN_IN, 302, 302, 302, 302),
    "customer:code": Row(302, 302, 302, 302, 302),
    "customer:open": Row(422, 422, 422, 422, 422),
    "customer:renew": PUBLIC,
    **dict.fromkeys(("customer:write", "customer:reopen", "customer:rate"), NOBODY),
    "demo:write": Row(422, 422, 422, 422, 422),
    "desk:remove_upload": Row(SIGN_IN, 400, 400, 400, 400),
}
"""What an empty POST gets; only addresses that take one."""

ELSEWHERE = ("admin",)
"""A whole package's addresses, tested by themselves: Django's admin, which is for superusers."""
