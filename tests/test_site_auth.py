"""Who may do what: tokens, sign-in, a trusted proxy; hosts, origins, floods."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from onrecord.archive import Archive
from onrecord.errors import InputError, SettingError
from onrecord.site import people, store, tokens
from onrecord.site.auth import same_site
from onrecord.site.limits import Buckets, network
from tests.archive_fixtures import Clock
from tests.site_fixtures import ID, archive, bearer, client, clock, context, joined_file, web

__all__ = ["archive", "clock", "joined_file", "web"]

PASSWORD = "correct horse battery"
LIST = "/api/v1/stories"
CORRECTION = {"article": ID, "row": "v3", "action": "accept"}


@pytest.fixture(scope="session")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "people.txt"
    people.put(path, "Ana", PASSWORD)
    return path


@pytest.fixture
def signed_in(archive: Archive, people_file: Path) -> TestClient:
    """Ana's browser; as after signing in, without the tenth of a second that hashing takes."""
    made = context(archive, people=people_file)
    made.access._keep("Ana", "a session", 168)
    web = client(made)
    web.cookies.set("onrecord", "a session")
    return web


def sign_in(web: TestClient, password: str = PASSWORD, **more: str) -> Any:
    given = {"name": "Ana", "password": password, **more}
    return web.post("/sign-in", params=given, headers={"Origin": str(web.base_url)})


def outside(archive: Archive, **access: Any) -> TestClient:
    """A client from another machine."""
    return client(
        context(archive, hosts=["news.example"], **access), "198.51.100.7", "news.example"
    )


# -- reading --------------------------------------------------------------------------


def test_reading_is_open_on_this_machine(web: TestClient) -> None:
    assert web.get(LIST).status_code == 200
    assert web.get("/page").json() == "nobody"


def test_reading_on_this_machine_is_closed_where_settings_say_so(archive: Archive) -> None:
    web = client(context(archive, open_reading=False))
    assert web.get(LIST).status_code == 401
    assert web.get(LIST, headers=bearer(archive)).status_code == 200


def test_reading_from_elsewhere_needs_a_token(archive: Archive) -> None:
    web = outside(archive)
    refused = web.get(LIST)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (
        401, 'Bearer realm="onrecord"'
    )  # fmt: skip
    assert web.get(LIST, headers=bearer(archive)).status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"]
)
def test_what_comes_through_a_proxy_is_not_this_machine(web: TestClient, header: str) -> None:
    assert web.get(LIST, headers={header: "127.0.0.1"}).status_code == 401


def test_a_local_address_with_another_host_is_not_this_machine(archive: Archive) -> None:
    web = client(context(archive, hosts=["news.example"]), host="news.example")
    assert web.get(LIST).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example", "[::1"]
)
def test_a_foreign_host_is_refused(web: TestClient, host: str) -> None:
    for path in (LIST, "/page", "/feeds/stories.atom"):
        assert web.get(path, headers={"Host": host}).status_code == 403


def test_a_feed_reader_sends_its_token_as_a_password(archive: Archive) -> None:
    web = outside(archive)
    token = bearer(archive)["Authorization"].removeprefix("Bearer ")
    assert web.get("/feeds/stories.atom").status_code == 401
    assert web.get("/feeds/stories.atom", auth=("anything", token)).status_code == 200


# -- tokens ---------------------------------------------------------------------------


def test_only_a_hash_of_a_token_is_kept(archive: Archive, tmp_path: Path) -> None:
    token = tokens.add(archive, "dashboard")
    assert re.fullmatch(r"onr_1_[\w-]{43}", token)
    archive.close()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("news.db*"))
    assert token.split("_", 2)[2].encode() not in held


def test_a_token_is_for_its_scopes(archive: Archive) -> None:
    web = client(context(archive))
    reading = web.post("/api/v1/corrections", json=CORRECTION, headers=bearer(archive))
    assert reading.status_code == 403
    correcting = bearer(archive, "correct")
    assert web.get(LIST, headers=correcting).status_code == 403
    made = web.post("/api/v1/corrections", json=CORRECTION, headers=correcting)
    assert made.status_code == 201


def test_a_token_ends_and_is_revoked(archive: Archive, clock: Clock) -> None:
    web = client(context(archive))
    short = tokens.add(archive, "short", days=1)
    other = tokens.add(archive, "other")
    header = {"Authorization": f"Bearer {short}"}
    assert web.get(LIST, headers=header).status_code == 200
    clock.move(days=1)
    assert web.get(LIST, headers=header).status_code == 401
    tokens.revoke(archive, 2)
    assert web.get(LIST, headers={"Authorization": f"Bearer {other}"}).status_code == 401
    assert [one.revoked is not None for one in tokens.listed(archive)] == [False, True]
    with pytest.raises(InputError, match="no token 2"):
        tokens.revoke(archive, 2)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer onr_1_" + "a" * 43, "Bearer onr_9_x", "Basic !!", "Digest x",
     "Bearer onr_99999999999999999999999_" + "a" * 43, "Bearer \xff", "Basic " + "A" * 9_999],
)  # fmt: skip
def test_a_token_that_does_not_count_is_refused_though_reading_is_open(
    web: TestClient, archive: Archive, header: str
) -> None:
    tokens.add(archive, "another")
    answer = web.get(LIST, headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "the token does not count; ask for another"


@pytest.mark.parametrize(
    ("name", "scopes", "days"), [("", ["read"], None), ("x", [], None), ("x", ["root"], None),
                                 ("x", ["read"], 0)]
)  # fmt: skip
def test_a_token_that_makes_no_sense_is_not_made(
    archive: Archive, name: str, scopes: list[str], days: int | None
) -> None:
    with pytest.raises(InputError, match="token"):
        tokens.add(archive, name, scopes, days=days)


# -- signing in -----------------------------------------------------------------------


def test_who_signs_in_is_known_until_signing_out(archive: Archive, people_file: Path) -> None:
    signed_in = client(context(archive, people=people_file))
    sign_in(signed_in)
    assert signed_in.get("/page").json().split()[0] == "Ana"
    cookie = dict(signed_in.cookies)
    signed_in.post("/sign-out", headers={"Origin": "http://localhost"})
    assert signed_in.get("/page").json() == "nobody"
    signed_in.cookies.update(cookie)
    assert signed_in.get("/page").json() == "nobody"


def test_the_cookie_is_for_the_site_alone(archive: Archive, people_file: Path) -> None:
    web = outside(archive, people=people_file)
    cookie = sign_in(web).headers["set-cookie"]
    assert cookie.startswith("__Host-onrecord=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x",
             "/x\r\nSet-Cookie: a=b", "/a\\b"]
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(path: str) -> None:
    assert same_site(path) == "/"


def test_a_wrong_password_tells_nothing(archive: Archive, people_file: Path) -> None:
    web = client(context(archive, people=people_file))
    wrong = sign_in(web, "wrong horse battery")
    unknown = sign_in(web, name="Eve")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    assert "set-cookie" not in wrong.headers


def test_guessing_passwords_is_stopped(
    archive: Archive, people_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_SIGN_INS_PER_MINUTE", "3")
    web = client(context(archive, people=people_file))
    assert [sign_in(web, "wrong one").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert sign_in(web).status_code == 429


def test_guessing_tokens_is_stopped(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_SIGN_INS_PER_MINUTE", "2")
    header = {"Authorization": "Bearer onr_1_x"}
    assert [web.get(LIST, headers=header).status_code for _ in range(3)] == [401, 401, 429]


def test_a_session_ends(signed_in: TestClient, clock: Clock) -> None:
    clock.move(hours=169)
    assert signed_in.get("/page").json() == "nobody"


def test_who_is_taken_out_of_the_file_is_out(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    for name in ("Ana", "Ben"):
        people.put(path, name, PASSWORD)
    web = client(context(archive, people=path))
    sign_in(web)
    assert web.get("/page").json().startswith("Ana ")
    people.remove(path, "Ana")
    assert web.get("/page").json() == "nobody"
    with pytest.raises(SettingError, match="no person 'Ana'"):
        people.remove(path, "Ana")


def test_a_cookie_of_nobody_is_nobody(web: TestClient, archive: Archive, people_file: Path) -> None:
    web = client(context(archive, people=people_file))
    web.cookies.set("onrecord", "x" * 43)
    assert web.get("/page").json() == "nobody"


# -- what another site's page sends ---------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {}],
)  # fmt: skip
def test_a_signed_in_persons_browser_is_not_made_to_correct(
    signed_in: TestClient, archive: Archive, headers: dict[str, str]
) -> None:
    answer = signed_in.post("/api/v1/corrections", json=CORRECTION, headers=headers)
    assert answer.status_code == 403
    assert archive.corrections() == []


def test_a_page_of_the_site_may_correct(signed_in: TestClient, archive: Archive) -> None:
    origin = {"Origin": "http://localhost"}
    assert signed_in.post("/api/v1/corrections", json=CORRECTION, headers=origin).status_code == 201
    assert [row["by"] for row in archive.corrections()] == ["Ana"]


def test_a_foreign_page_cannot_have_texts_read(web: TestClient) -> None:
    origin = {"Origin": "https://evil.example"}
    assert web.post("/api/v1/read", json={"text": "x"}, headers=origin).status_code == 403


def test_a_form_needs_what_the_page_gave_it(signed_in: TestClient) -> None:
    origin = {"Origin": "http://localhost"}
    csrf = signed_in.get("/page").json().split()[1]
    sent = [("x", origin), (csrf, {}), (csrf, origin)]
    answers = [
        signed_in.post("/form", params={"csrf": given}, headers=headers).status_code
        for given, headers in sent
    ]
    assert answers == [403, 403, 200]


def test_a_form_is_for_people_and_not_for_tokens(web: TestClient, archive: Archive) -> None:
    header = bearer(archive, "read", "correct", "alerts")
    assert web.post("/form", params={"csrf": ""}, headers=header).status_code == 403
    assert web.post("/form", params={"csrf": ""}).status_code == 401


# -- a trusted proxy ------------------------------------------------------------------


def test_a_proxy_vouches_for_somebody(archive: Archive) -> None:
    web = client(context(archive, proxy_header="X-Remote-User", proxies=["10.0.0.2"]), "10.0.0.2")
    assert web.get("/page", headers={"X-Remote-User": "Ana"}).json().strip() == "Ana"
    assert web.get("/page").status_code == 401


def test_nobody_else_can_vouch(archive: Archive) -> None:
    web = client(context(archive, proxy_header="X-Remote-User", proxies=["10.0.0.2"]), "10.0.0.3")
    assert web.get(LIST, headers={"X-Remote-User": "Ana"}).status_code == 401
    unset = client(context(archive), "10.0.0.2")
    assert unset.get(LIST, headers={"X-Remote-User": "Ana"}).status_code == 401


# -- floods ---------------------------------------------------------------------------


def test_a_flood_is_stopped_with_when_to_come_back(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_REQUESTS_PER_MINUTE", "3")
    answers = [web.get(LIST) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 20


def test_a_bucket_fills_evenly_and_forgets_whom_it_has_not_seen() -> None:
    now = [0.0]
    buckets = Buckets(lambda: now[0])
    assert [buckets.take("a", 2) for _ in range(3)] == [None, None, 30]
    now[0] = 30
    assert buckets.take("a", 2) is None
    assert buckets.take("a", 0) is None
    for number in range(10_001):
        buckets.take(str(number), 2)
    assert buckets.take("a", 2) is None


@pytest.mark.parametrize(
    ("address", "known"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::"), ("2001:db8::ffff:1", "2001:db8::"),
     (None, "unknown"), ("testclient", "testclient"), ("fe80::1%eth0", "fe80::")],
)  # fmt: skip
def test_a_client_is_known_by_its_network(address: str | None, known: str) -> None:
    assert network(address) == known


# -- the password file ----------------------------------------------------------------


def test_a_password_is_kept_as_scrypt_in_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    people.put(path, "Ana", PASSWORD)
    assert re.fullmatch(r"Ana:scrypt\$32768\$8\$1\$\S+\n", path.read_text())
    assert PASSWORD not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [("Ana:secret\n", 0o600, "line 1"), ("Ana:scrypt$1$8$1$aa==$bb==\n", 0o600, "line 1"),
     ("", 0o644, "chmod 600"), (None, 0o600, "onrecord person add")],
)  # fmt: skip
def test_a_password_file_that_cannot_be_trusted_is_refused(
    archive: Archive, tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    path = tmp_path / "people.txt"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(SettingError, match=said):
        context(archive, people=path)


@pytest.mark.parametrize(("name", "password"), [("a:b", PASSWORD), ("Ana", "short"), ("", PASSWORD),
                                                ("a\nb", PASSWORD)])  # fmt: skip
def test_an_odd_name_or_a_short_password_is_refused(name: str, password: str) -> None:
    with pytest.raises(SettingError):
        people.line(name, password)


# -- logs -----------------------------------------------------------------------------


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_no_secret_is_logged(
    archive: Archive, people_file: Path, logged: pytest.LogCaptureFixture
) -> None:
    web = client(context(archive, people=people_file))
    token = bearer(archive)["Authorization"]
    web.get(LIST, headers={"Authorization": token})
    web.get(LIST, headers={"Authorization": token + "x"})
    sign_in(web)
    sign_in(web, "a wrong password")
    said = "\n".join(record.getMessage() for record in logged.records if "httpx" not in record.name)
    assert token.split("_")[2] not in said
    assert PASSWORD not in said
    assert "a wrong password" not in said


def test_tables_of_a_newer_version_are_left_alone(archive: Archive) -> None:
    from onrecord.errors import NewerArchiveError

    store.prepare(archive)
    with archive._writing() as connection:
        connection.execute(store.version.insert().values(version=99))
    with pytest.raises(NewerArchiveError, match="version 99"):
        store.prepare(archive)
