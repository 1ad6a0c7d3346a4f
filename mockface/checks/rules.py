"""What every check is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockface.model import Account
from mockface.request.limits import BODY_LIMIT_BYTES
from mockface.state import MemoryStore, Store

if TYPE_CHECKING:
    from mockface.gateway.encryption import KeyPair


@dataclass(frozen=True, slots=True)
class Rules:
    """What the checks are told: limits, paths and actions of operations, accounts by SecretId, what was seen before.

    `failures_as_errors` and `v1_refuses_low` are switches of assumptions about API 3.0, `identity_at_top` is one about
    videos: where their answers have the failures of a number and a name.
    `keys` decrypt encrypted fields; None where the server was given none.
    """

    body_limit_bytes: int = BODY_LIMIT_BYTES
    paths: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    any_picture: bool = False
    any_video: bool = False
    strict_digits: bool = False
    identity_at_top: bool = False
    final_boundary_required: bool = False
    deny_real_ids: bool = False
    failures_as_errors: bool = False
    v1_refuses_low: bool = False
    accounts: Mapping[str, Account] = field(default_factory=dict)
    store: Store = field(default_factory=MemoryStore)
    keys: KeyPair | None = None
    by_appid: Mapping[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        """Accounts by appid too; those of one appid have one state and one rate, and files win over built in."""
        by_appid: dict[str, Account] = {}
        for account in self.accounts.values():
            by_appid.setdefault(account.appid, account)
        object.__setattr__(self, "by_appid", by_appid)
