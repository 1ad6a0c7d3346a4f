"""The account that every mockface knows."""

from mockface.model import Account

TEST_ACCOUNT = Account(
    "1250000000", "AKIDmock0000000000000000000000000000", "mock-secret-key-0123456789abcdef", ("mockbucket",)
)
"""That of the vectors in wire-facts 1.4, for signatures in examples and tests. Its key opens nothing."""
