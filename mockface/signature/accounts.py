"""The account that every mockface knows, and how it stands beside those of files."""

from __future__ import annotations

from collections.abc import Mapping

from mockface.model import Account

TEST_ACCOUNT = Account(
    "1250000000", "AKIDmock0000000000000000000000000000", "mock-secret-key-0123456789abcdef", ("mockbucket",)
)
"""That of the vectors in docs/wire.md (Signature), for signatures in examples and tests. Its key opens nothing."""


def known(*files: Mapping[str, Account]) -> dict[str, Account]:
    """The accounts of these files, by SecretId, and the test account: what comes first wins, also for its appid."""
    accounts: dict[str, Account] = {}
    for file in (*files, {TEST_ACCOUNT.secret_id: TEST_ACCOUNT}):
        for secret_id, account in file.items():
            accounts.setdefault(secret_id, account)
    return accounts
