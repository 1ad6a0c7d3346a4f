"""Switches of a running server: the signature mode and account states; also signatures on demand.

A switch applies to the whole server, survives a reload of the scenario files, and is undone by `back`. Settings and
files give the defaults.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mockface.control.loading import Loading
from mockface.emulator import Emulator
from mockface.errors import Unknown
from mockface.model import Account
from mockface.privacy.masking import shown
from mockface.signature import making
from mockface.signature.making import Breakage
from mockface.state import Clock

ACCOUNTS_TOLD = 20
"""The most accounts that an error lists."""


class Signed(NamedTuple):
    """An Authorization value ("" for a missing one), its account, and how it is broken, if it is."""

    value: str
    account: Account
    breakage: Breakage | None


@dataclass
class Switches:
    """The switches of one server; `default_mode` comes from its settings."""

    emulator: Emulator
    loading: Loading
    clock: Clock
    default_mode: str
    mode: str = field(init=False)

    def __post_init__(self) -> None:
        """Set all switches to their defaults."""
        self.mode = self.default_mode

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts of the files, by appid."""
        by_appid: dict[str, Account] = {}
        for account in self.loading.accounts.values():
            by_appid.setdefault(account.appid, account)
        return by_appid

    def account(self, appid: str) -> Account:
        """The account of an appid in the files. Raises Unknown."""
        accounts = self.accounts
        if appid not in accounts:
            known = list(accounts)
            more = f" and {len(known) - ACCOUNTS_TOLD} more" if len(known) > ACCOUNTS_TOLD else ""
            raise Unknown(f"no account has appid {shown(appid, 24)}; known: {', '.join(known[:ACCOUNTS_TOLD])}{more}")
        return accounts[appid]

    def state_of(self, account: Account) -> str:
        """The current state of an account."""
        return self.loading.states.get(account.appid, account.state)

    @property
    def at_default(self) -> bool:
        """Whether all switches and the clock have their values of the start."""
        return (
            self.mode == self.default_mode
            and self.clock.offset_s == 0
            and all(self.state_of(account) == account.state for account in self.accounts.values())
        )

    def set_mode(self, mode: str) -> None:
        """Set the signature mode, a name of SIGNATURE_CHECKS, for the calls that follow."""
        self.mode = mode
        self.emulator.mode = mode

    def set_state(self, appid: str, state: str) -> None:
        """Set an account's state, one of ACCOUNT_STATES, for the calls that follow. Raises Unknown."""
        account = self.account(appid)
        self.loading.states[appid] = state
        if state == account.state:
            del self.loading.states[appid]
        self._apply()

    def back(self) -> None:
        """Reset all switches to their defaults."""
        self.set_mode(self.default_mode)
        self.loading.states.clear()
        self._apply()

    def sign(self, appid: str, broken: str | None = None) -> Signed:
        """Sign for an account by the server's clock, valid or broken in a way of BREAKAGES. Raises Unknown."""
        account = self.account(appid)
        value = making.value(account, self.clock.now(), secrets.randbelow(10**10), broken)
        if broken == "replayed":
            self.emulator.rules.store.first_time(value)
        return Signed(value, account, making.BREAKAGES.get(broken or ""))

    def _apply(self) -> None:
        self.emulator.rules = replace(self.emulator.rules, accounts=self.loading.in_force())
