"""The guard: what other sites' pages can make a browser do to the stand-in."""

from typing import Any

import httpx


def test_a_rebound_name_is_refused(standin: Any) -> None:
    """A page whose own host name leads to this machine is not served, whatever it asks for."""
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[x", "localhost.evil"):
        answer = httpx.get(f"{standin.url}/", headers={"Host": host})
        assert answer.status_code == 403
    for host in ("localhost", f"127.0.0.1:{standin.port}", "[::1]:80"):
        assert httpx.get(f"{standin.url}/", headers={"Host": host}).status_code == 200


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://site.localhost:8787"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def test_other_origins_change_nothing(standin: Any, person: Any) -> None:
    """Neither by a form, nor by a push, nor by a fault: tenants' sites run on this machine too."""
    person.commit("a", "a")
    person.push("main")
    for path in ("/me/site/pulls", "/me/site.git/git-receive-pack", "/_standin/faults", "/api/v3/app"):
        for headers in FOREIGN:
            assert httpx.post(f"{standin.url}{path}", headers=headers).status_code == 403, (path, headers)


def test_our_own_forms_pass(standin: Any, person: Any) -> None:
    """By whichever of its names the browser knows the stand-in."""
    for origin in (standin.url, f"http://localhost:{standin.port}"):
        headers = {"Origin": origin, "Host": origin.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}
        assert httpx.post(f"{standin.url}/me/none/pulls", headers=headers).status_code == 404


def test_every_answer_forbids_foreign_scripts_and_frames(standin: Any) -> None:
    """Should a name ever slip through unescaped, it still runs nothing."""
    for path in ("/", "/me/none", "/api/v3/meta"):
        policy = httpx.get(f"{standin.url}{path}").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
