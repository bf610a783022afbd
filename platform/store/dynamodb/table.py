"""The table: one for the whole platform, and every way to what is in it.

Rows are found by their key or as the rows of one partition, read strongly consistent; nothing is ever scanned.

| row | pk | sk | found by |
|---|---|---|---|
| delivery | `DELIVERY#<id>` | `DELIVERY` | id; all by the listing `DELIVERIES#<shard>` |
| installation | `INSTALLATION#<id>` | `INSTALLATION` | id |
| repository | `REPOSITORY#<id>` | `REPOSITORY` | id: an attribute `root_<digest>` for each of its projects |
| pull request | `REPOSITORY#<id>` | `PULL#<number>` | repository and number |
| pull requests of a branch | `REPOSITORY#<id>` | `HEAD#<digest>#<number>` | repository and branch, newest first |
| retired branch | `REPOSITORY#<id>` | `RETIRED#<digest>` | repository and branch |
| who was given it | `REPOSITORY#<id>` | `GRANT#<installation>` | repository |
| what GitHub told of it | `REPOSITORY#<id>` | `FACTS` | repository |
| project | `PROJECTS#<shard>` | `<id>` | id; all as the rows of eight partitions |
| a project's deployments | `PROJECT#<id>` | `DEPLOYMENT#<number>#<id>` | project, newest first |
| those of a branch | `PROJECT#<id>` | `BRANCH#<digest>#<number>#<id>` | both; branch alone: `BRANCH#<digest>#<shard>` |
| those that can serve for others | `PROJECT#<id>` | `TREE#<tree>#<number>#<id>` | project and tree, newest first |
| a project's labels | `PROJECT#<id>` | `LABEL#<label>` | project |
| a project's build hooks | `HOOKS#<project>` | `<id>` | project |
| a project's variables | `VARIABLES#<project>` | `<name>#<digest of the scope>` | project |
| deployment | `DEPLOYMENT#<id>` | `DEPLOYMENT` | id; all by the listing `DEPLOYMENTS#<shard>` |
| unfinished deployment | `UNFINISHED#<shard>` | `<id>` | all as the rows of eight partitions |
| end without being ready | `FAILURES#<shard>` | `<position>#<id>` | oldest first, as the rows of eight partitions |
| expired deployment to clear away | `EXPIRING#<shard>` | `<id>` | all as the rows of eight partitions |
| label | `LABELS#<shard>` | `<label>` | label; all as the rows of eight partitions |
| spent ticket | `TICKET#<id>` | `TICKET` | id; by its end in the listing `TICKETS#<shard>` |
| claim | `CLAIM#<sha256>` | `CLAIM` | hash; by its end in the listing `CLAIMS#<shard>` |
| deleted project | `DELETED#<shard>` | `<id>` | id; all as the rows of eight partitions |
| what remains of it | `REMAINS#<project>` | `<kind>#<key>` | project |
| events to publish | `OUTBOX#<shard>` | `<position>#<id>` | oldest first, as the rows of eight partitions |
| dead letter | `LETTER#<event>` | `LETTER` | id; all by the listing `LETTERS#<shard>` |
| lease of a group of events | `LEASE#<group>` | `LEASE` | group |
| account | `ACCOUNTS#<shard>` | `<id>` | id; all as the rows of eight partitions |
| its tokens for GitHub | `ACCOUNT#<id>` | `TOKENS` | account |
| what it may see on GitHub | `ACCOUNT#<id>` | `REACH` | account |
| an account's access token | `ACCOUNT#<id>` | `ACCESS#<token>` | account and id |
| entry of the audit log | `AUDIT#<id>` | `AUDIT` | all by the listing `AUDIT#<shard>` |
| subscription | `SUBSCRIPTIONS#<shard>` | `<name>` | name; all as the rows of eight partitions |
| which one an account has | `USAGE#<account>` | `SUBSCRIPTION` | account |
| what was counted on a day | `USAGE#<account>` | `DAY#<day>#<limit>` | account, day and limit |
| that an account holds a custom alias | `USAGE#<account>` | `ALIAS#<label>` | account |
| how often an account came to hold something | `USAGE#<account>` | `HOLDINGS` | account |
| that it was counted | `COUNTED#<account>` | `<day>#<limit>#<key>` | all of it |
| session | `SESSION#<id>` | `SESSION` | id |
| build job | `JOB#<deployment>` | `JOB` | id; see `builder.batch` |
| who is at work on a group of events | `LEASE#<sha256>` | `LEASE` | group; see `bus.eventbridge` |
| dead letter | `LETTERS` | `<position>#<id>` | newest first, as the rows of one partition |

- **What is listed by somebody else's key is a pointer.** Rows below `PROJECT#<id>` hold nothing but their key, never
  change, and lead to the one row that says how things are. A report and a claim are attributes of their deployment,
  so that they end with it.
- **A label is a project's name, an alias, both, or a custom alias.** One row for each makes names and hostnames unique,
  in one write.
- **A pointer to a label that is gone** says that its route may be left: it goes when the deployment that has expired is
  cleared away, or with the project, and then the label is among what remains.
- **A project's row counts.** `revision` goes up with everything that a decision on a push may look at: its
  deployments, one that is superseded, its settings. So a transaction that names the revision holds to all of it, and
  numbers deployments without gaps. The row is as hot as one project's pushes, and nothing is hotter.
- **A repository's row counts** in the same way which projects it has, its pull requests and retired branches, and
  what was told of it.
- **Listings** are the one index. It holds keys alone, so that a change of a row's state costs nothing there, and it
  lags behind by moments: it tells what there was a moment ago, and the rows tell how it is. Partitions that everything
  of a kind goes to are eight, chosen by the key's checksum, so that none is hot.
- **`expires`** is when DynamoDB may delete a row by itself, in Unix seconds. It may come days late: nothing relies on
  it.

Source of the limits: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB" (2 KB and 1 KB of key, 1,000 writes
a second and partition, 400 KB an item, 100 actions and 4 MB a transaction).
"""

from collections.abc import Iterator
from hashlib import sha256
from zlib import crc32

from battleshiper.platform.database.text import storable

PARTITION = "pk"
SORT = "sk"
EXPIRES = "expires"
"""The attribute for DynamoDB's time to live."""
LISTINGS = "listings"
"""The index. It projects keys only."""
LISTING = "listing"
"""Its partition key."""
POSITION = "position"
"""Its sort key."""

GRANT_PREFIX = "GRANT#"
"""What the sort keys of a repository's grants begin with."""

SHARDS = 8
_LONGEST_KEY = 200
_DIGITS = 10

Key = tuple[str, str]


def delivery_key(delivery_id: str) -> Key:
    """Return where a delivery is."""
    return f"DELIVERY#{fit(delivery_id)}", "DELIVERY"


def installation_key(installation_id: int) -> Key:
    """Return where an installation is."""
    return f"INSTALLATION#{installation_id}", "INSTALLATION"


def repository_key(repository_id: int) -> Key:
    """Return where it says which projects a repository has."""
    return f"REPOSITORY#{repository_id}", "REPOSITORY"


def pull_key(repository_id: int, number: int) -> Key:
    """Return where a pull request is."""
    return f"REPOSITORY#{repository_id}", f"PULL#{number:0{_DIGITS}d}"


def head_prefix(branch: str) -> str:
    """Return what the pointers to a branch's pull requests begin with."""
    return f"HEAD#{_digest(branch)}#"


def head_pointer(repository_id: int, branch: str, number: int) -> Key:
    """Return a branch's pointer to a pull request, which may be of another branch by now."""
    return f"REPOSITORY#{repository_id}", f"{head_prefix(branch)}{number:0{_DIGITS}d}"


def retirement_key(repository_id: int, branch: str) -> Key:
    """Return where it says that a branch is retired."""
    return f"REPOSITORY#{repository_id}", f"RETIRED#{_digest(branch)}"


def variables_partition(project_id: str) -> str:
    """Return the partition of a project's environment variables."""
    return f"VARIABLES#{project_id}"


def variable_key(project_id: str, name: str, scope: str) -> Key:
    """Return where an environment variable is."""
    return variables_partition(project_id), f"{name}#{_digest(scope)}"


def hooks_partition(project_id: str) -> str:
    """Return the partition of a project's build hooks."""
    return f"HOOKS#{fit(project_id)}"


def hook_key(project_id: str, hook_id: str) -> Key:
    """Return where a build hook is."""
    return hooks_partition(project_id), fit(hook_id)


def grant_key(repository_id: int, installation_id: int) -> Key:
    """Return where it says whether an installation may see a repository."""
    return f"REPOSITORY#{repository_id}", f"{GRANT_PREFIX}{installation_id}"


def facts_key(repository_id: int) -> Key:
    """Return where it says what GitHub told of a repository."""
    return f"REPOSITORY#{repository_id}", "FACTS"


def root_attribute(root_directory: str) -> str:
    """Return the attribute of a repository that names the project of a root directory."""
    return f"root_{_digest(root_directory)}"


def project_key(project_id: str) -> Key:
    """Return where a project is."""
    return shard_of("PROJECTS", project_id), fit(project_id)


def project_partition(project_id: str) -> str:
    """Return the partition with the pointers to what a project has."""
    return f"PROJECT#{fit(project_id)}"


def number_pointer(project_id: str, number: int, deployment_id: str) -> Key:
    """Return a project's pointer to a deployment."""
    return project_partition(project_id), f"DEPLOYMENT#{number:0{_DIGITS}d}#{deployment_id}"


def branch_prefix(branch: str) -> str:
    """Return what the pointers to a branch's deployments begin with."""
    return f"BRANCH#{_digest(branch)}#"


def branch_pointer(project_id: str, branch: str, number: int, deployment_id: str) -> Key:
    """Return a branch's pointer to a deployment."""
    return project_partition(project_id), f"{branch_prefix(branch)}{number:0{_DIGITS}d}#{deployment_id}"


def tree_prefix(tree: str) -> str:
    """Return what the pointers to a tree's deployments begin with."""
    return f"TREE#{tree}#"


def tree_pointer(project_id: str, tree: str, number: int, deployment_id: str) -> Key:
    """Return a tree's pointer to a deployment."""
    return project_partition(project_id), f"{tree_prefix(tree)}{number:0{_DIGITS}d}#{deployment_id}"


def label_pointer(project_id: str, label: str) -> Key:
    """Return a project's pointer to a label."""
    return project_partition(project_id), f"LABEL#{fit(label)}"


def target_of(pointer: str) -> str:
    """Return the id or label that a pointer's sort key leads to."""
    return pointer.rpartition("#")[2]


def deployment_key(deployment_id: str) -> Key:
    """Return where a deployment is."""
    return f"DEPLOYMENT#{fit(deployment_id)}", "DEPLOYMENT"


def unfinished_key(deployment_id: str) -> Key:
    """Return where it says that a deployment is not finished."""
    return shard_of("UNFINISHED", deployment_id), deployment_id


def failure_key(position: str, deployment_id: str) -> Key:
    """Return where it says that a deployment has ended without being ready; `position` is of its end."""
    return shard_of("FAILURES", deployment_id), f"{position}#{deployment_id}"


def expiring_key(deployment_id: str) -> Key:
    """Return where it says that an expired deployment is not cleared away."""
    return shard_of("EXPIRING", deployment_id), deployment_id


def label_key(label: str) -> Key:
    """Return where a label is."""
    return shard_of("LABELS", label), fit(label)


def ticket_key(ticket_id: str) -> Key:
    """Return where a spent ticket is."""
    return f"TICKET#{fit(ticket_id)}", "TICKET"


def claim_key(sha256: str) -> Key:
    """Return where a claim is."""
    return f"CLAIM#{fit(sha256)}", "CLAIM"


def dead_letter_key(event_id: str) -> Key:
    """Return where a dead letter is; see `bus.eventbridge`."""
    return f"LETTER#{fit(event_id)}", "LETTER"


def lease_key(group: str) -> Key:
    """Return where the lease of a group of events is; see `bus.eventbridge`."""
    return f"LEASE#{fit(group)}", "LEASE"


def deleted_key(project_id: str) -> Key:
    """Return where it says that a project was deleted."""
    return shard_of("DELETED", project_id), fit(project_id)


def remains_partition(project_id: str) -> str:
    """Return the partition with what remains of a deleted project."""
    return f"REMAINS#{fit(project_id)}"


def shard_of(kind: str, key: str) -> str:
    """Return which partition of a kind a key belongs to."""
    return f"{kind}#{crc32(storable(key).encode()) % SHARDS}"


def shards(kind: str) -> Iterator[str]:
    """Yield the partitions of a kind."""
    return (f"{kind}#{number}" for number in range(SHARDS))


def branch_kind(branch: str) -> str:
    """Return the kind of listing with a branch's deployments of all projects."""
    return f"BRANCH#{_digest(branch)}"


def fit(text: str) -> str:
    """Return a key that DynamoDB takes: what people ask for may be of any length, and empty."""
    text = storable(text)
    return text if 0 < len(text.encode()) <= _LONGEST_KEY else f"sha256:{_digest(text)}"


def _digest(text: str) -> str:
    return sha256(storable(text).encode()).hexdigest()[:32]
