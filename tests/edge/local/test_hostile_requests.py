"""Bytes that no browser sends, over a real socket to a real server."""

import pytest

from .conftest import RunningEdge, World


@pytest.fixture(autouse=True)
def _sites(world: World) -> None:
    (world.objects / "secret.txt").parent.mkdir(parents=True, exist_ok=True)
    (world.objects / "secret.txt").write_bytes(b"top secret")
    world.publish("alice", {"client/index.html": b"alice's page", "client/only.txt": b"alice's file"})
    world.publish("bob", {"client/index.html": b"bob's page", "client/private.txt": b"bob's file"})


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [b"alice.localhost", b"ALICE.LocalHost", b"alice.localhost.", b"alice.localhost:8787", b"alice.localhost.:80"],
)
def test_spellings_of_one_host(edge: RunningEdge, host: bytes) -> None:
    """Case, a trailing dot and a port do not matter."""
    assert edge.raw_get(b"/", b"host: " + host).endswith(b"alice's page")


@pytest.mark.parametrize(
    "host",
    [
        b"localhost",
        b"nobody.localhost",
        b"www.alice.localhost",
        b"alice.localhost.evil.example",
        b"alicelocalhost",
        b"alice.example",
        b"127.0.0.1",
        b".localhost",
        b"-.localhost",
        b"alice1.localhost",  # the name of a table begins like this
    ],
)
def test_hosts_of_no_site(edge: RunningEdge, host: bytes) -> None:
    """What is no label directly below the sites' domain is no site."""
    assert status(edge.raw_get(b"/", b"host: " + host)) == 404


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"alice.localhost/..",
        b"alice.localhost@bob.localhost",
        b"alice.localhost, bob.localhost",
        b"alice.localhost:8787:80",
        b"alice%2elocalhost",
        b"[::1]",
        b"alice\xc3\xa9.localhost",
        b"alice1/0.localhost",
        b"alice_.localhost",
    ],
)
def test_hosts_that_make_no_sense(edge: RunningEdge, host: bytes) -> None:
    """A host that is none is refused, and never cut down to one that is."""
    answer = edge.raw_get(b"/", b"host: " + host)
    assert status(answer) == 400
    assert b"'s page" not in answer


def test_two_hosts(edge: RunningEdge) -> None:
    """Two Host headers are refused whatever they say, also after each of them was served alone."""
    for first, second in ((b"alice", b"bob"), (b"bob", b"alice"), (b"alice", b"alice")):
        edge.raw_get(b"/", b"host: " + first + b".localhost")
        edge.raw_get(b"/", b"host: " + second + b".localhost")
        answer = edge.raw_get(b"/", b"host: " + first + b".localhost", b"host: " + second + b".localhost")
        assert status(answer) == 400
        assert b"'s page" not in answer


def test_no_host(edge: RunningEdge) -> None:
    """Without a Host header nothing is served."""
    assert status(edge.raw_get(b"/")) == 400
    assert status(edge.raw(b"GET / HTTP/1.0\r\n\r\n")) == 400


def test_absolute_target(edge: RunningEdge) -> None:
    """An absolute request target is served by its path and the Host header, and by nothing else."""
    answer = edge.raw_get(b"http://bob.localhost/private.txt", b"host: alice.localhost")
    assert status(answer) == 404
    assert edge.raw_get(b"http://alice.localhost/only.txt", b"host: alice.localhost").endswith(b"alice's file")


_WAYS_OUT = [
    b"/../../bob1/client/private.txt",
    b"/%2e%2e/%2e%2e/bob1/client/private.txt",
    b"/..%2f..%2fbob1%2fclient%2fprivate.txt",
    b"/%252e%252e/%252e%252e/bob1/client/private.txt",
    b"/..%252f..%252fbob1/client/private.txt",
    b"/..\\..\\bob1\\client\\private.txt",
    b"/..%5c..%5cbob1%5cclient%5cprivate.txt",
    b"/./../../bob1/client/private.txt",
    b"/x/../../../bob1/client/private.txt",
    b"//bob1/client/private.txt",
    b"///secret.txt",
    b"//../secret.txt",
    b"/%00/../../bob1/client/private.txt",
    b"/only.txt%00",
    b"/only.txt%00.html",
    b"/%c0%ae%c0%ae/%c0%ae%c0%ae/bob1/client/private.txt",
    b"/%e0%80%ae%e0%80%ae/",
    b"/%uff0e%uff0e/",
    b"/%",
    b"/%zz",
    b"/%ed%a0%80",
    b"/..;/..;/bob1/client/private.txt",
    b"/only.txt/../../../bob1/client/private.txt",
    b"/_app/immutable/../../../bob1/client/private.txt",
    b"/_app/immutable/%2e%2e/%2e%2e/private.txt",
    b"/_app/immutable/..%2f..%2fprivate.txt",
    b"/" + b"a" * 9000,
    b"/" + b"a/" * 4000,
    b"/" + b"%2e%2e/" * 2000 + b"secret.txt",
    b"*",
    b"/only.txt#x",
    b"/only.txt?../../bob1/client/private.txt",
]


@pytest.mark.parametrize("target", _WAYS_OUT)
def test_no_path_leaves_its_deployment(edge: RunningEdge, target: bytes) -> None:
    """Nothing but a file of the site itself is ever sent, and nothing makes the edge fail."""
    answer = edge.raw_get(target, b"host: alice.localhost")
    assert b"bob's" not in answer
    assert b"secret" not in answer
    assert status(answer) in (200, 400, 404)
    assert status(answer) != 200 or answer.endswith(b"alice's file")


@pytest.mark.parametrize("target", [b"/caf\xe9", b"/\xff\xfe", b"/a b", b"bob.localhost:80", b"http://bob.localhost"])
def test_targets_that_are_none(edge: RunningEdge, target: bytes) -> None:
    """A request target that HTTP does not allow is never answered with a page."""
    answer = edge.raw_get(target, b"host: alice.localhost")
    assert b"'s page" not in answer
    assert b"'s file" not in answer


@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"PROPFIND"])
def test_odd_methods(edge: RunningEdge, method: bytes) -> None:
    """Methods that CloudFront would not let through are refused."""
    answer = edge.raw(method + b" / HTTP/1.1\r\nhost: alice.localhost\r\nconnection: close\r\n\r\n")
    assert status(answer) in (400, 405)


def test_upgrade_is_refused(edge: RunningEdge) -> None:
    """Nobody gets a WebSocket out of a page."""
    answer = edge.raw_get(
        b"/",
        b"host: alice.localhost",
        b"upgrade: websocket",
        b"sec-websocket-version: 13",
        b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert status(answer) != 101


def test_headers_that_look_like_ours_do_nothing(edge: RunningEdge) -> None:
    """A client cannot say what only the edge may say."""
    answer = edge.raw_get(
        b"/nowhere",
        b"host: alice.localhost",
        b"x-battleshiper-status: 200",
        b"x-battleshiper-function: fn",
        b"x-forwarded-host: bob.localhost",
        b"x-battleshiper-robots: noindex",
    )
    assert status(answer) == 404
    assert b"noindex" not in answer
