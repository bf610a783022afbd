"""Every store keeps the audit log as it was written."""

from battleshiper.platform.model.audit import AuditEntry


def test_entries_are_added(store, clock):
    """The newest comes first; what people typed is kept as text."""
    for number in range(5):
        clock.advance(1)
        entry = AuditEntry(f"e{number}", clock(), "ada (7)", "roles.set", "bob (8)", "", f"support {number} \ud83d")
        store.record(entry)
    found = store.audit(3)
    assert [each.id for each in found] == ["e4", "e3", "e2"]
    assert found[0].after == "support 4 ?"
    assert (found[0].at, found[0].actor, found[0].before) == (clock(), "ada (7)", "")
    assert len(store.audit()) == 5
