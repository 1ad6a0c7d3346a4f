"""What can be switched while the server runs: the signature mode and the states of accounts.

A switch is the whole server's, outlives a reload of the scenario files, and is gone with `back`. Settings and files say
what the default is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mockface.control.loading import Loading
from mockface.emulator import Emulator
from mockface.model import Account


@dataclass
class Switches:
    """The switches of one server; `default_mode` is that of its settings."""

    emulator: Emulator
    loading: Loading
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

    def state_of(self, appid: str) -> str:
        """The state that an account is in now."""
        return self.loading.states.get(appid, self.accounts[appid].state)

    def set_mode(self, mode: str) -> None:
        """Check signatures in this mode from the next call on: shape, verify or off."""
        self.mode = mode
        self.emulator.mode = mode

    def set_state(self, appid: str, state: str) -> None:
        """Put the account of an appid into a state from the next call on."""
        self.loading.states[appid] = state
        if state == self.accounts[appid].state:
            del self.loading.states[appid]
        self._apply()

    def back(self) -> None:
        """Everything at its default again."""
        self.set_mode(self.default_mode)
        self.loading.states.clear()
        self._apply()

    def _apply(self) -> None:
        self.emulator.rules = replace(self.emulator.rules, accounts=self.loading.in_force())
