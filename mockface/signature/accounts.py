"""The built-in test account, and its priority among the accounts of files."""

from __future__ import annotations

from collections.abc import Mapping

from mockface.model import Account

TEST_ACCOUNT = Account(
    "1250000000", "AKIDmock0000000000000000000000000000", "mock-secret-key-0123456789abcdef", ("mockbucket",)
)
"""The account of the vectors in docs/wire.md (Signature), for examples and tests. Its key is not a real secret."""


def known(*files: Mapping[str, Account]) -> dict[str, Account]:
    """The accounts of these files by SecretId, and the test account; earlier ones win, also for an appid."""
    accounts: dict[str, Account] = {}
    for file in (*files, {TEST_ACCOUNT.secret_id: TEST_ACCOUNT}):
        for secret_id, account in file.items():
            accounts.setdefault(secret_id, account)
    return accounts
