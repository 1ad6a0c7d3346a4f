"""What can be switched while the server runs: the signature mode and the states of accounts; and signatures to order.

A switch is the whole server's, outlives a reload of the scenario files, and is gone with `back`. Settings and files say
what the default is.
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
"""How many accounts an error names."""


class Signed(NamedTuple):
    """An Authorization value, whose it is, and in which way it is broken, if it is; "" where it is to be missing."""

    value: str
    account: Account
    breakage: Breakage | None


@dataclass
class Switches:
    """The switches of one server; `default_mode` is that of its settings."""

    emulator: Emulator
    loading: Loading
    clock: Clock
    default_mode: str
    mode: str = field(init=False)

    def __post_init__(self) -> None:
        """All switches begin at their defaults."""
        self.mode = self.default_mode

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts that count, by appid, as the files have them."""
        by_appid: dict[str, Account] = {}
        for account in self.loading.accounts.values():
            by_appid.setdefault(account.appid, account)
        return by_appid

    def account(self, appid: str) -> Account:
        """The account of an appid, as the files have it. Raises Unknown."""
        accounts = self.accounts
        if appid not in accounts:
            known = list(accounts)
            more = f" and {len(known) - ACCOUNTS_TOLD} more" if len(known) > ACCOUNTS_TOLD else ""
            raise Unknown(f"no account has appid {shown(appid, 24)}; known: {', '.join(known[:ACCOUNTS_TOLD])}{more}")
        return accounts[appid]

    def state_of(self, account: Account) -> str:
        """The state that an account is in now."""
        return self.loading.states.get(account.appid, account.state)

    @property
    def at_default(self) -> bool:
        """Whether everything, the clock included, is as the server was started."""
        return (
            self.mode == self.default_mode
            and self.clock.offset_s == 0
            and all(self.state_of(account) == account.state for account in self.accounts.values())
        )

    def set_mode(self, mode: str) -> None:
        """Check signatures in this mode from the next call on, a name of SIGNATURE_CHECKS."""
        self.mode = mode
        self.emulator.mode = mode

    def set_state(self, appid: str, state: str) -> None:
        """Put the account of an appid into a state of ACCOUNT_STATES from the next call on. Raises Unknown."""
        account = self.account(appid)
        self.loading.states[appid] = state
        if state == account.state:
            del self.loading.states[appid]
        self._apply()

    def back(self) -> None:
        """Everything at its default again."""
        self.set_mode(self.default_mode)
        self.loading.states.clear()
        self._apply()

    def sign(self, appid: str, broken: str | None = None) -> Signed:
        """Sign for an account, by the server's clock, or break the signature in a way of BREAKAGES. Raises Unknown."""
        account = self.account(appid)
        value = making.value(account, self.clock.now(), secrets.randbelow(10**10), broken)
        if broken == "replayed":
            self.emulator.rules.store.first_time(value)
        return Signed(value, account, making.BREAKAGES.get(broken or ""))

    def _apply(self) -> None:
        self.emulator.rules = replace(self.emulator.rules, accounts=self.loading.in_force())
