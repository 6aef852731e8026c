"""Every limit that a user's input can reach, as data: name, default, help.

A setting is read from the environment as ``ONRECORD_<NAME>`` (upper case).
"""

from __future__ import annotations

import os
from typing import NamedTuple

from onrecord.errors import SettingError


class Setting(NamedTuple):
    """One documented limit."""

    name: str
    default: int
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("max_file_bytes", 64 * 1024 * 1024, "largest file read as one source, in bytes"),
    Setting(
        "max_page_chars",
        2_000_000,
        "characters of a web page's markup, scripts and styles left out, that are parsed",
    ),
    Setting("max_page_depth", 500, "how deep the elements of a web page may be nested"),
    Setting(
        "max_text_chars",
        200_000,
        "characters of one article that are read; the rest stays in the text, unread, "
        "with a warning",
    ),
    Setting("batch_windows", 16, "windows of 256 word pieces that go through the model at once"),
    Setting("threads", 0, "threads of the model; 0 takes the cores this process may use"),
    Setting(
        "max_fetch_bytes",
        32 * 1024 * 1024,
        "largest page or feed fetched, in bytes once unpacked",
    ),
    Setting(
        "fetch_seconds",
        30,
        "seconds that one fetch may take, from its first redirect to its last byte",
    ),
    Setting("fetch_redirects", 5, "redirects that a fetch follows"),
    Setting(
        "host_pause",
        2,
        "seconds between two fetches from one host, where its robots.txt asks for no more",
    ),
    Setting(
        "max_host_wait",
        60,
        "seconds that a fetch waits for its turn at a host; beyond, it fails and may be "
        "tried later",
    ),
    Setting("archive_wait_ms", 20_000, "milliseconds to wait for a locked archive"),
    Setting("search_ms", 1_000, "milliseconds that a search may take"),
    Setting("search_chars", 1_000, "characters of a search"),
    Setting("search_rows", 1_000, "hits that one search returns at most"),
    Setting("search_offset", 10_000, "hits that a search may pass over"),
    Setting(
        "max_feed_bytes",
        8 * 1024 * 1024,
        "largest feed, OPML list or sitemap that is parsed, in bytes",
    ),
    Setting(
        "max_feed_entries",
        5_000,
        "entries of one feed, addresses of one OPML list or sitemap, that are taken",
    ),
    Setting(
        "max_record_bytes",
        16 * 1024 * 1024,
        "largest page in a WARC file that is read, in bytes once unpacked",
    ),
    Setting("max_bad_percent", 50, "share of bad records above which a WARC file counts as failed"),
    Setting(
        "extract_seconds",
        30,
        "seconds that taking the report out of one page of a folder, or one PDF, may take",
    ),
    Setting("max_pdf_pages", 200, "pages of a PDF that are read"),
    Setting(
        "watch_every",
        1_800,
        "seconds between two polls of a watched feed, where its list names none",
    ),
    Setting(
        "max_watch_pause",
        86_400,
        "longest pause, in seconds, between two polls of a feed that fails",
    ),
    Setting("api_rows", 1_000, "rows that one page of a list in the API has at most"),
    Setting("api_read_chars", 100_000, "characters of a text that the API's `read` takes"),
    Setting("api_read_wait", 20, "seconds that a request waits for the reader while others use it"),
    Setting("max_request_bytes", 1024 * 1024, "largest body of a request to the site, in bytes"),
    Setting(
        "requests_per_minute",
        1_200,
        "requests to the API that one client may make a minute; 0 counts none",
    ),
    Setting("reads_per_minute", 60, "texts that one client may have read a minute; 0 counts none"),
    Setting(
        "writes_per_minute",
        120,
        "corrections, alerts and the like that one client may send a minute; 0 counts none",
    ),
    Setting(
        "sign_ins_per_minute",
        10,
        "passwords and tokens that one client may get wrong a minute; 0 counts none",
    ),
    Setting("session_hours", 168, "hours after which who signed in must sign in again"),
    Setting("feed_entries", 50, "entries of a feed of the site"),
    Setting("alerts_each", 50, "saved searches, and alerts, that one person may have"),
    Setting("alert_items", 20, "findings that one message of an alert tells"),
    Setting("webhook_seconds", 10, "seconds that a webhook may take to answer"),
    Setting("webhook_tries", 8, "times that a message of an alert is tried to be delivered"),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> int:
    """Return the value of the setting ``name``: the environment's, else its default.

    Raises SettingError when the environment holds no whole number ≥ 0.
    """
    setting = _BY_NAME[name]
    variable = f"ONRECORD_{name.upper()}"
    raw = os.environ.get(variable)
    if raw is None:
        return setting.default
    if not raw.strip().isdigit():
        raise SettingError(
            f"{variable} is {raw!r}; give a whole number ≥ 0 ({setting.help})", name=name
        )
    return int(raw)
