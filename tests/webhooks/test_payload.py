"""How payloads are read."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.webhooks.fields import fields_of
from battleshiper.webhooks.payload import InstalledApp, NamedRepository, Unused
from battleshiper.webhooks.refusal import MalformedError

LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
JSON_VALUES = st.recursive(
    LEAVES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(fields=st.dictionaries(st.text(), JSON_VALUES))
def test_any_object_can_be_read_and_let_be(fields: dict[str, Any]) -> None:
    """An event that nothing is done on may look like anything that is a JSON object."""
    Unused.read(fields_of(json.dumps(fields).encode()))


@given(text=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    """No bytes end in another error than a refusal."""
    with contextlib.suppress(MalformedError):
        Unused.read(fields_of(text))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b"{",
        b"{}{}",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": [Infinity]}',
        b'{"a": -Infinity}',
        b'{"a": 1 /* NaN */}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_a_json_object(text: bytes) -> None:
    """Anything but one well-formed object gets 400."""
    with pytest.raises(MalformedError) as caught:
        Unused.read(fields_of(text))
    assert caught.value.status == 400


def test_the_words_may_stand_in_text() -> None:
    """A commit message that says NaN or Infinity is only text."""
    assert Unused.read(fields_of(b'{"action": "opened", "message": "NaN is not Infinity"}')).action == "opened"


@pytest.mark.parametrize("depth", [1_000, 1_000_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("word", ["", '"NaN"'])
def test_absurd_nesting(depth: int, opening: str, closing: str, word: str) -> None:
    """Nesting that would exhaust a stack is refused, by whichever parser sees it first."""
    text = '{"a":' + opening * depth + (word or "1") + closing * depth + "}"
    with pytest.raises(MalformedError):
        Unused.read(fields_of(text.encode()))


def test_of_equal_keys_the_last_one_counts() -> None:
    """Two readers of one payload must agree, so the choice is fixed."""
    assert NamedRepository.read(fields_of(b'{"id": 1, "full_name": "a/b", "id": 2}')).id == 2


@pytest.mark.parametrize("number", ["0", "-1", "true", '"7"', "1.5", "1.0", str(2**63), "1e3", "null"])
def test_numbers_that_are_no_ids(number: str) -> None:
    """An id is a positive whole number that the store can keep; nothing is converted."""
    with pytest.raises(MalformedError, match="`id`"):
        NamedRepository.read(fields_of(f'{{"id": {number}, "full_name": "a/b"}}'.encode()))


def test_a_refusal_names_the_field_and_quotes_nothing() -> None:
    """The answer goes to whoever sent the payload, and into logs: it must not repeat what was in it."""
    with pytest.raises(MalformedError) as caught:
        InstalledApp.read(fields_of(b'{"id": 1, "account": {"id": "token-xyz", "login": "octocat"}}'))
    assert "account.id" in str(caught.value)
    assert "token-xyz" not in str(caught.value)


def test_an_enterprise_has_a_slug_for_a_login() -> None:
    """Accounts of enterprises are read as well."""
    app = InstalledApp.read(fields_of(b'{"id": 1, "account": {"id": 2, "slug": "octo-inc", "name": "Octo Inc"}}'))
    assert app.account.login == "octo-inc"


@pytest.mark.parametrize("name", ["\\ud800/b", "a/\\udfff"])
def test_half_characters_are_no_name(name: str) -> None:
    """What UTF-8 cannot write down is let be where it is not used, and neither taken nor recorded where it is."""
    text = f'{{"id": 1, "full_name": "{name}"}}'
    with pytest.raises(MalformedError, match="`full_name`"):
        NamedRepository.read(fields_of(text.encode()))
    assert Unused.read(fields_of(f'{{"repository": {text}, "note": "{name}"}}'.encode())).repository is None


@pytest.mark.parametrize("text", ['{"a": 1}'.encode("utf-16"), '{"a": 1}'.encode("utf-32")])
def test_other_encodings_are_refused(text: bytes) -> None:
    """JSON between systems is UTF-8 (RFC 8259 8.1)."""
    with pytest.raises(MalformedError):
        fields_of(text)


@pytest.mark.parametrize("action", [1, None, [], "x" * 65, "\x1b[31m", "Opened"])
def test_actions_that_cannot_be_recorded(action: object) -> None:
    """Only what looks like an action is recorded as one."""
    assert Unused.read(fields_of(json.dumps({"action": action, "repository": 5}).encode())).action is None
