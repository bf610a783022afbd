"""Programs without a browser, whose code somebody enters in one."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.local.github.moment import read_clock
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.devices import Devices
from battleshiper.infra.local.github.settings import GitHubSettings

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Device:
    """A program that waits."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.begun = client.ask("/login/device/code")

    def ask(self, after: float = 5, **fields: str) -> dict[str, Any]:
        """Ask for the token, so many seconds later."""
        self.client.standin.shift += timedelta(seconds=after)
        code = self.begun["device_code"]
        return self.client.ask("/login/oauth/access_token", device_code=code, grant_type=GRANT, **fields)

    def enter(self, text: str | None = None) -> httpx.Response:
        """Enter a code on the page."""
        form = {"user_code": self.begun["user_code"] if text is None else text}
        return httpx.post(self.begun["verification_uri"], data=form)


@pytest.fixture
def device(client: Any) -> Device:
    return Device(client)


def test_a_device_waits_until_its_code_is_entered(device: Device, ada: Any) -> None:
    """It is told to wait, and then gets a token, once."""
    begun = device.begun
    assert (len(begun["device_code"]), len(begun["user_code"]), begun["user_code"][4]) == (40, 9, "-")
    assert (begun["expires_in"], begun["interval"]) == (900, 5)
    assert httpx.get(begun["verification_uri"]).status_code == 200
    assert device.ask()["error"] == "authorization_pending"
    page = device.enter(begun["user_code"].lower().replace("-", " "))
    assert "Authorize Battleshiper" in page.text
    assert device.ask()["error"] == "authorization_pending"
    assert "All set" in device.client.press(page, "authorize", "ada").text
    tokens = device.ask()
    assert device.client.api(tokens["access_token"]).get("/user")["login"] == "ada"
    assert device.ask()["error"] == "incorrect_device_code"
    assert device.enter().status_code == 422


def test_a_device_renews_its_token_without_a_secret(device: Device, client: Any) -> None:
    """Which it could not keep; a token that came through a browser needs the secret."""
    client.press(device.enter(), "authorize")
    renewed = client.ask(
        "/login/oauth/access_token", grant_type="refresh_token", refresh_token=device.ask()["refresh_token"]
    )
    assert client.api(renewed["access_token"]).get("/user")["login"] == "me"
    refused = client.ask(
        "/login/oauth/access_token", grant_type="refresh_token", refresh_token=client.sign_in()["refresh_token"]
    )
    assert refused["error"] == "incorrect_client_credentials"


def test_a_device_that_is_turned_away_is_told(device: Device, client: Any) -> None:
    """And its code is of no use any more."""
    assert "Turned away" in client.press(device.enter(), "cancel").text
    assert device.ask()["error"] == "access_denied"
    assert device.enter().status_code == 422


def test_a_device_that_hurries_has_to_wait_longer(device: Device) -> None:
    """By five seconds each time, which it is told; an answer is not lost by that."""
    assert device.ask()["error"] == "authorization_pending"
    told = device.ask(after=1)
    assert (told["error"], told["interval"]) == ("slow_down", 10)
    assert device.ask(after=6)["interval"] == 15
    device.client.press(device.enter(), "authorize")
    assert device.ask(after=6)["interval"] == 20
    assert "access_token" in device.ask(after=21)


def test_codes_end_after_a_quarter_of_an_hour(device: Device, client: Any) -> None:
    """The device's as well as the person's."""
    client.standin.shift = timedelta(minutes=15, seconds=1)
    assert device.enter().status_code == 422
    assert device.ask()["error"] == "expired_token"


def test_other_clients_have_no_devices(client: Any, standin: Any) -> None:
    """And a device that does not say what it is does not get any further."""
    for form in ({}, {"client_id": "Iv1.other"}):
        answer = httpx.post(f"{standin.url}/login/device/code", data=form, headers={"Accept": "application/json"})
        assert answer.json()["error"] == "incorrect_client_credentials"
    assert client.ask("/login/oauth/access_token", grant_type=GRANT)["error"] == "incorrect_device_code"


@given(st.text())
def test_whatever_is_entered_finds_no_device(devices: Devices, entered: str) -> None:
    """No text crashes the reader, and none that was made up fits."""
    assert devices.waiting(entered) is None


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Devices:
    """Return devices of which one waits."""
    folder = tmp_path_factory.mktemp("devices")
    database = Database(folder / "github.db")
    settings = GitHubSettings(folder, "http://127.0.0.1:1", 0, "", "", "")
    devices = Devices(database, Accounts(settings, database, read_clock), read_clock)
    devices.begin()
    return devices
