"""Alerts and saved searches: kept, found, queued, delivered, tried again, logged."""

from __future__ import annotations

import base64
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.errors import InputError
from onrecord.site import alerts, delivering, store
from onrecord.site.delivering import Message, Undelivered
from tests.archive_fixtures import Clock
from tests.site_fixtures import ID, again, archive, bearer, client, clock, context, joined_file

__all__ = ["archive", "clock", "joined_file"]

SEARCH = {"search": {"q": "trawler"}}
HOOK = "https://hooks.example/x"


def dyad(threshold: float, measure: str = "conflict", days: int = 366) -> dict[str, Any]:
    return {"dyad": {"countries": ["PRT", "ISL"], "measure": measure, "threshold": threshold,
                     "days": days}}  # fmt: skip


@pytest.fixture
def owner(archive: Archive) -> TestClient:
    web = client(context(archive))
    web.headers.update(bearer(archive, "read", "alerts"))
    return web


class Sent:
    """Stands in for a channel: keeps what is sent, or does not get it through."""

    def __init__(self, *refused: Undelivered) -> None:
        self.messages: list[Message] = []
        self.refused = list(refused)

    def __call__(self, message: Message) -> None:
        if self.refused:
            raise self.refused.pop(0)
        self.messages.append(message)

    def run(self, archive: Archive) -> delivering.Outcome:
        senders = {"webhook": self, "email": self}
        return delivering.run(archive, address="https://news.example", senders=senders)


def add(archive: Archive, rule: Any = SEARCH, channel: Any = "webhook", target: Any = HOOK) -> int:
    return alerts.add(archive, "Ana", "trawlers", rule, channel, target).number


# -- searches -------------------------------------------------------------------------


def test_a_search_is_kept_for_its_owner(owner: TestClient, archive: Archive) -> None:
    body = {"name": "trawlers", "asked": {"q": "trawler*", "publisher": "The Tidewater Review"}}
    assert owner.post("/api/v1/searches", json=body).json() == {"number": 1}
    (kept,) = owner.get("/api/v1/searches").json()["items"]
    assert (kept["name"], kept["asked"]) == (body["name"], body["asked"])
    with pytest.raises(InputError):
        alerts.drop(archive, "Eve", 1)
    assert owner.delete("/api/v1/searches/1").status_code == 204
    assert owner.delete("/api/v1/searches/1").status_code == 404


@pytest.mark.parametrize(
    "asked", [{}, {"q": '"'}, {"q": "x", "what": "secrets"}, {"q": "x", "stance": "deny"},
              {"q": "x", "since": "soon"}, {"q": "x", "root": "y"}]
)  # fmt: skip
def test_a_search_that_cannot_be_asked_is_not_kept(owner: TestClient, asked: Any) -> None:
    body = {"name": "x", "asked": asked}
    assert owner.post("/api/v1/searches", json=body).status_code == 400
    rule = {"name": "x", "rule": {"search": asked}, "channel": "feed"}
    assert owner.post("/api/v1/alerts", json=rule).status_code == 400


def test_nobody_keeps_more_than_may_be_kept(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ALERTS_EACH", "1")
    add(archive)
    with pytest.raises(InputError, match="may have 1"):
        add(archive)


# -- rules ----------------------------------------------------------------------------


def test_a_search_tells_of_what_comes_after(archive: Archive) -> None:
    add(archive)
    sent = Sent()
    assert sent.run(archive) == (0, 0, 0, 0)
    archive.add_records([again("b")])
    assert sent.run(archive) == (1, 1, 0, 0)
    (message,) = sent.messages
    assert [one["article"] for one in message.body["items"]] == ["b"]
    assert message.body["items"][0]["link"] == "https://news.example/article/b"
    assert sent.run(archive) == (0, 0, 0, 0)


def test_a_search_of_quotes_tells_the_words(archive: Archive) -> None:
    add(archive, {"search": {"q": "daylight", "what": "quotes"}})
    archive.add_records([again("b")])
    sent = Sent()
    sent.run(archive)
    assert "daylight" in sent.messages[0].body["items"][0]["words"]


def test_a_correction_is_no_news_to_a_search(archive: Archive) -> None:
    add(archive)
    archive.correct(ID, "v3", "reject", by="Ana")
    assert Sent().run(archive).found == 0


@pytest.mark.parametrize("measure", ["conflict", "incidents", "tension"])
def test_a_dyad_tells_when_its_threshold_is_reached_and_not_again(
    archive: Archive, measure: str
) -> None:
    add(archive, dyad(0.5, measure))
    sent = Sent()
    assert [sent.run(archive).found for _ in range(2)] == [1, 0]
    assert sent.messages[0].body["value"] >= 0.5
    assert sent.messages[0].body["items"][0]["link"].startswith("https://news.example/incident/i")


def test_a_dyad_tells_again_after_it_was_left(archive: Archive, clock: Clock) -> None:
    add(archive, dyad(1, days=30))
    sent = Sent()
    sent.run(archive)
    clock.move(days=60)
    assert sent.run(archive).found == 0
    clock.move(days=-60)
    assert sent.run(archive).found == 1


def test_below_the_threshold_nothing_is_told(archive: Archive) -> None:
    add(archive, dyad(1_000))
    assert Sent().run(archive).found == 0


def test_what_was_forgotten_is_in_no_message(archive: Archive) -> None:
    add(archive)
    archive.add_records([again("b"), again("c")])
    alerts.look(archive)
    archive.forget("b")
    sent = Sent()
    sent.run(archive)
    assert [one["article"] for one in sent.messages[0].body["items"]] == ["c"]


def test_the_id_of_what_was_forgotten_is_kept_nowhere(archive: Archive) -> None:
    add(archive)
    add(archive, channel="feed", target=None)
    archive.add_records([again("unforgettable"), again("c")])
    Sent().run(archive)
    archive.forget("unforgettable")
    Sent().run(archive)
    with archive._reading() as connection:
        held = connection.scalars(sa.select(store.deliveries.c.found)).all()
    assert [json.loads(one)["items"] for one in held] == [[], [{"article": "c", "row": None}]]


def test_the_log_is_kept_for_a_while(archive: Archive, clock: Clock) -> None:
    number = add(archive)
    archive.add_records([again("b")])
    Sent().run(archive)
    clock.move(days=89)
    Sent().run(archive)
    assert len(delivering.log(archive, number)) == 1
    clock.move(days=2)
    Sent().run(archive)
    assert delivering.log(archive, number) == []


# -- the queue ------------------------------------------------------------------------


def test_a_message_is_tried_again_later_and_later(archive: Archive, clock: Clock) -> None:
    number = add(archive)
    archive.add_records([again("b")])
    sent = Sent(*(Undelivered("busy") for _ in range(3)))
    assert sent.run(archive) == (1, 0, 1, 0)
    for pause in (60, 120, 240):
        clock.move(seconds=pause - 5)
        assert sent.run(archive) == (0, 0, 0, 0)
        clock.move(seconds=6)
        outcome = sent.run(archive)
    assert outcome == (0, 1, 0, 0)
    (entry,) = delivering.log(archive, number)
    assert (entry.status, entry.tries) == ("sent", 4)
    assert [one[1:] for one in entry.attempts] == [*[("not sent", "busy")] * 3, ("sent", "")]


def test_a_message_is_given_up_in_the_end(
    archive: Archive, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_WEBHOOK_TRIES", "2")
    number = add(archive)
    archive.add_records([again("b")])
    sent = Sent(*(Undelivered("busy") for _ in range(3)))
    sent.run(archive)
    clock.move(hours=1)
    assert sent.run(archive) == (0, 0, 0, 1)
    clock.move(days=9)
    assert sent.run(archive) == (0, 0, 0, 0)
    assert delivering.log(archive, number)[0].status == "failed"


def test_what_can_never_get_through_is_not_tried_again(archive: Archive) -> None:
    add(archive)
    archive.add_records([again("b")])
    assert Sent(Undelivered("no such place", final=True)).run(archive) == (1, 0, 0, 1)


def test_a_receiver_is_not_asked_before_it_says(archive: Archive, clock: Clock) -> None:
    add(archive)
    archive.add_records([again("b")])
    sent = Sent(Undelivered("wait", wait=3_600))
    sent.run(archive)
    clock.move(minutes=59)
    assert sent.run(archive) == (0, 0, 0, 0)
    clock.move(minutes=2)
    assert sent.run(archive) == (0, 1, 0, 0)


def test_a_message_of_an_alert_that_was_taken_away_is_gone(archive: Archive) -> None:
    number = add(archive)
    archive.add_records([again("b")])
    alerts.look(archive)
    alerts.remove(archive, "Ana", number)
    assert Sent().run(archive) == (0, 0, 0, 0)
    assert delivering.log(archive, number) == []


def test_two_runs_do_not_send_a_message_twice(archive: Archive, clock: Clock) -> None:
    add(archive)
    archive.add_records([again("b")])
    alerts.look(archive)
    assert delivering._taken(archive) is not None
    assert delivering._taken(archive) is None
    # One that was killed while it sent is taken up again.
    clock.move(minutes=5)
    assert delivering._taken(archive) is not None


# -- the API --------------------------------------------------------------------------


def test_an_alert_shows_its_secret_once(owner: TestClient) -> None:
    body = {"name": "x", "rule": SEARCH, "channel": "webhook", "target": HOOK}
    made = owner.post("/api/v1/alerts", json=body)
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    (listed,) = owner.get("/api/v1/alerts").json()["items"]
    assert set(listed) == {"number", "name", "rule", "channel", "target", "created"}
    assert owner.get("/api/v1/alerts/1/deliveries").json()["items"] == []
    assert owner.get("/api/v1/alerts/2/deliveries").status_code == 404
    assert owner.delete("/api/v1/alerts/1").status_code == 204


def test_an_alert_is_its_owners(owner: TestClient, archive: Archive) -> None:
    number = add(archive)
    assert owner.get("/api/v1/alerts").json()["items"] == []
    assert owner.get(f"/api/v1/alerts/{number}/deliveries").status_code == 404
    assert owner.delete(f"/api/v1/alerts/{number}").status_code == 404


@pytest.mark.parametrize(
    "more",
    [{"rule": {}}, {"rule": {**SEARCH, **dyad(1)}}, {"rule": dyad(1, "mood")},
     {"rule": {"dyad": {"countries": ["prt", "ISL"], "threshold": 1}}}, {"rule": dyad(1, days=0)},
     {"channel": "pigeon"}, {"channel": "feed"}, {"channel": "email"}, {"target": None},
     {"name": "a\nb"}, {"name": " "}],
)  # fmt: skip
def test_an_alert_that_makes_no_sense_is_refused(owner: TestClient, more: dict[str, Any]) -> None:
    body = {"name": "x", "rule": SEARCH, "channel": "webhook", "target": HOOK, **more}
    assert owner.post("/api/v1/alerts", json=body).status_code == 400


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/x", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.1/",
     "http://2130706433/", "http://0x7f000001/", "http://localhost/", "file:///etc/passwd",
     "javascript:alert(1)", "http://user:pass@hooks.example/", "http://hooks.example:22/",
     "http://[::ffff:127.0.0.1]/", "gopher://x.example/", "", "http://hook\0s.example/"],
)  # fmt: skip
def test_a_webhook_to_a_place_that_is_never_asked_is_refused(
    owner: TestClient, target: str
) -> None:
    body = {"name": "x", "rule": SEARCH, "channel": "webhook", "target": target}
    assert owner.post("/api/v1/alerts", json=body).status_code == 400


@pytest.mark.parametrize(
    "target",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a", "@", "a@localhost",
     "<a@b.example>", "a b@c.example", '"a\n"@b.example'],
)  # fmt: skip
def test_a_mailbox_that_is_none_or_several_is_refused(owner: TestClient, target: str) -> None:
    body = {"name": "x", "rule": SEARCH, "channel": "email", "target": target}
    assert owner.post("/api/v1/alerts", json=body).status_code == 400


def test_an_alerts_feed_is_for_who_has_its_address(owner: TestClient, archive: Archive) -> None:
    body = {"name": "<b>trawlers</b>", "rule": SEARCH, "channel": "feed"}
    address = owner.post("/api/v1/alerts", json=body).json()["feed"]
    archive.add_records([again("b")])
    delivering.run(archive)
    stranger = client(context(archive), "198.51.100.7", "198.51.100.1")
    feed = stranger.get(address.replace("http://localhost", "").replace(".atom", ".json"))
    assert "trawler" in feed.json()["items"][0]["content_text"]
    for wrong in (address[:-1], address.replace("alert/1", "alert/2"), address.partition("?")[0]):
        target = wrong.replace("http://localhost", "")
        assert stranger.get(target).status_code in (400, 404)


# -- webhooks -------------------------------------------------------------------------


class Receiver(BaseHTTPRequestHandler):
    """A webhook on this machine; ``answers`` are statuses, in order."""

    got: list[tuple[dict[str, str], bytes]]
    answers: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.answers.pop(0) if self.answers else 204)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    kind = type("One", (Receiver,), {"got": [], "answers": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def message(archive: Archive) -> Callable[[int], Message]:
    def made(port: int) -> Message:
        alert = alerts.add(
            archive, "Ana", "x", SEARCH, "webhook", f"http://hooks.example:{port}/x?y=1"
        )
        return Message(alert, 7, "2026-02-03T00:00:00Z", {"items": [], "words": "ä\u2028"})

    return made


def post(message: Message) -> None:
    delivering.post(message, allow=lambda address, port: True, resolve=here)


def test_a_webhook_is_signed(receiver: ThreadingHTTPServer, message: Any) -> None:
    sent = message(receiver.server_port)
    post(sent)
    ((headers, body),) = receiver.RequestHandlerClass.got  # type: ignore[attr-defined]
    assert json.loads(body) == sent.body
    id_, moment = headers["webhook-id"], headers["webhook-timestamp"]
    key = base64.b64decode(sent.alert.secret.removeprefix("whsec_"))
    signed = f"{id_}.{moment}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "final"), [(500, False), (429, False), (302, False), (404, True), (410, True)]
)
def test_a_webhook_that_does_not_take_it(
    receiver: ThreadingHTTPServer, message: Any, status: int, final: bool
) -> None:
    receiver.RequestHandlerClass.answers.append(status)  # type: ignore[attr-defined]
    with pytest.raises(Undelivered) as error:
        post(message(receiver.server_port))
    assert (error.value.final, error.value.wait) == (final, 7)
    assert len(receiver.RequestHandlerClass.got) == 1  # type: ignore[attr-defined]


def test_a_webhook_whose_name_stands_for_a_private_address_is_not_asked(
    receiver: ThreadingHTTPServer, message: Any
) -> None:
    with pytest.raises(Undelivered, match="public Internet") as error:
        delivering.post(message(receiver.server_port), resolve=here)
    assert error.value.final
    assert receiver.RequestHandlerClass.got == []  # type: ignore[attr-defined]


def test_a_webhook_that_never_answers_is_given_up(
    message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setenv("ONRECORD_WEBHOOK_SECONDS", "1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sent = message(silent.getsockname()[1])
        with pytest.raises(Undelivered, match="within 1 seconds") as error:
            post(sent)
    assert not error.value.final


# -- e-mail ---------------------------------------------------------------------------


def test_an_email_is_plain_and_goes_to_one_mailbox(archive: Archive) -> None:
    rule = {"search": {"q": "trawler"}}
    alert = alerts.add(archive, "Ana", "trawlers", rule, "email", "ana@example.org")
    alert = alert._replace(name="x\r\nBcc: eve@example.org")
    items = [{"title": "A\r\nB", "words": "C", "link": "https://news.example/article/b"}]
    found = delivering.email(Message(alert, 7, "", {"items": items}), "desk@example.org")
    assert found["To"] == "ana@example.org"
    assert found["Bcc"] is None
    assert found["Subject"] == "onrecord: x Bcc: eve@example.org"
    assert found.get_content_type() == "text/plain"
    assert "https://news.example/article/b" in found.get_content()


@pytest.mark.parametrize("server", ["", "http://x", "smtp://"])
def test_without_a_mail_server_a_message_waits(archive: Archive, server: str) -> None:
    alert = alerts.add(archive, "Ana", "x", SEARCH, "email", "ana@example.org")
    with pytest.raises(Undelivered, match="ONRECORD_SMTP") as error:
        delivering.mail(Message(alert, 7, "", {"items": []}), server=server)
    assert not error.value.final


def test_a_mail_server_that_is_not_there_is_tried_again(archive: Archive) -> None:
    alert = alerts.add(archive, "Ana", "x", SEARCH, "email", "ana@example.org")
    with pytest.raises(Undelivered, match="did not take it"):
        delivering.mail(Message(alert, 7, "", {"items": []}), server="smtp://127.0.0.1:9")


def test_joined_stories_do_not_matter_to_a_dyad_of_an_archive_that_has_none(
    tmp_path: Any, clock: Clock
) -> None:
    with Archive.open(tmp_path / "new.db", clock=clock) as opened:
        context(opened)
        for measure in ("conflict", "tension"):
            add(opened, dyad(0.5, measure))
        assert Sent().run(opened) == (0, 0, 0, 0)
        opened.add_records([again("b")])
        join(opened)
        assert Sent().run(opened).found == 2
