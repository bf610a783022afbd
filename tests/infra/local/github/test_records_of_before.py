"""Records that an older stand-in has left."""

import sqlite3
from importlib.resources import files
from pathlib import Path

from battleshiper.infra.local.github import records
from battleshiper.infra.local.github.credentials import AppCredentials
from battleshiper.infra.local.github.moment import read_clock
from battleshiper.infra.local.github.records.archive import open_archive
from battleshiper.infra.local.github.settings import GitHubSettings


def test_what_was_recorded_before_there_were_other_people_is_the_owners(
    tmp_path: Path, credentials: AppCredentials
) -> None:
    """Repositories, pull requests and comments keep their numbers, and go on from there."""
    database = sqlite3.connect(tmp_path / "github.db")
    database.executescript(files(records).joinpath("schema.sql").read_text("utf-8"))
    at = "2026-01-01T00:00:00Z"
    database.execute("INSERT INTO repositories VALUES (7, 'site', 'main', ?, ?, 1)", [at, at])
    database.execute("INSERT INTO refs VALUES (7, 'refs/heads/main', 'a')")
    database.execute(
        "INSERT INTO pulls (repository_id, number, title, creator, draft, state, head, head_sha, base, base_sha,"
        " created_at, updated_at) VALUES (7, 1, 'T', 'me', 0, 'open', 'topic', 'b', 'main', 'a', ?, ?)",
        [at, at],
    )
    database.execute("INSERT INTO comments VALUES (3, 7, 1, 'Ready', 'battleshiper[bot]', ?, ?)", [at, at])
    database.commit()
    database.close()
    settings = GitHubSettings(
        tmp_path, "http://127.0.0.1:1", 77, credentials.public_key, "secret", webhook_url="http://127.0.0.1:2/"
    )
    for _start in range(2):
        archive = open_archive(settings, read_clock)
        owner = archive.accounts.owner
        site = archive.repositories.find(owner, "site")
        assert site is not None
        assert (site.id, site.full_name, site.private, site.installed) == (7, "me/site", True, True)
        assert archive.repositories.branches(site) == {"main": "a"}
        pull = archive.pulls.of(7)[0]
        assert (pull.label, pull.crosses, pull.creator) == ("me:topic", False, owner)
        assert archive.comments.of(7, 1)[0].creator.kind == "Bot"
        archive.database.close()
    archive = open_archive(settings, read_clock)
    assert archive.repositories.prepare(owner, "other", installed=True).id == 8
    archive.database.close()
