"""What can be switched for the whole server, and signatures made to order."""

from __future__ import annotations

import secrets
from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from mockface.masking import shown
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.web.admin.asked import Asked
from mockface.web.app import App

_TOLD = 20
"""How many accounts an error names."""
Mode = Literal["shape", "verify", "off"]
State = Literal["active", "arrears", "not_authorised", "auth_down", "auth_down_2"]
Broken = Literal["missing", "malformed", "other_appid", "expired", "replayed", "wrong_key"]


class AccountState(BaseModel):
    __doc__ = "An account: its state now, and the one that the files give it. No key is shown."

    appid: str
    secret_id: str
    buckets: list[str]
    state: str
    default_state: str
    built_in: bool = Field(description="Whether it is the test account, which every mockface has.")


class SwitchesState(BaseModel):
    __doc__ = "The state of the switches."

    signature: str
    default_signature: str
    accounts: list[AccountState]
    clock_offset_s: float
    at_default: bool = Field(description="Whether everything, the clock included, is as the server was started.")


class SignatureModeRequest(Asked):
    __doc__ = "A signature mode."

    signature: Mode


class AccountStateRequest(Asked):
    __doc__ = "A state of an account."

    state: State


class SignRequest(Asked):
    __doc__ = "Which signature to make."

    broken: Broken | None = Field(default=None, description="How it is to be broken; good without it.")
    appid: str = Field(default=TEST_ACCOUNT.appid, description="Whose; the test account's without it.")


class SignResult(BaseModel):
    __doc__ = "An Authorization value, made for the server's clock, with what it will get."

    authorization: str = Field(description="Empty where it is to be missing: then send no such header.")
    appid: str
    secret_id: str
    secret_key: str | None = Field(description="The test account's, which opens nothing; of others none is shown.")
    code: int | str = Field(description="The code that it gets; 0 if it is good.")
    verify_only: bool = Field(description="Whether only --signature verify notices what is broken.")


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["switches"])
    switches = app.switches

    def standing() -> SwitchesState:
        accounts = [
            AccountState(
                appid=account.appid,
                secret_id=account.secret_id,
                buckets=list(account.buckets),
                state=app.loading.states.get(account.appid, account.state),
                default_state=account.state,
                built_in=account is TEST_ACCOUNT,
            )
            for account in switches.accounts.values()
        ]
        changed = switches.mode != switches.default_mode or app.clock.offset_s != 0
        return SwitchesState(
            signature=switches.mode,
            default_signature=switches.default_mode,
            accounts=accounts,
            clock_offset_s=app.clock.offset_s,
            at_default=not changed and all(account.state == account.default_state for account in accounts),
        )

    def unknown(appid: str) -> str:
        known = list(switches.accounts)
        more = f" and {len(known) - _TOLD} more" if len(known) > _TOLD else ""
        return f"no account has appid {shown(appid, 24)}; known: {', '.join(known[:_TOLD])}{more}"

    @router.get(
        "/switches",
        description="The signature mode, the states of the accounts, the clock: and whether all is at its default.",
    )
    async def show_switches() -> SwitchesState:
        return standing()

    @router.put("/switches/signature", description="Check signatures in another mode, as --signature does at start.")
    async def set_signature_mode(to: SignatureModeRequest) -> SwitchesState:
        switches.set_mode(to.signature)
        return standing()

    @router.put(
        "/switches/accounts/{appid}",
        description="Put an account into a state; it stays there, whatever the files say, until a reset.",
    )
    async def set_account_state(appid: str, to: AccountStateRequest) -> SwitchesState:
        if appid not in switches.accounts:
            raise HTTPException(404, unknown(appid))
        switches.set_state(appid, to.state)
        return standing()

    @router.post("/sign", description="Make an Authorization value, good or broken in a named way.")
    async def sign(order: SignRequest | None = None) -> SignResult:
        wanted = order or SignRequest()
        account = switches.accounts.get(wanted.appid)
        if account is None:
            raise HTTPException(404, unknown(wanted.appid))
        value = making.value(account, app.clock.now(), secrets.randbelow(10**10), wanted.broken)
        if wanted.broken == "replayed":
            app.emulator.rules.store.first_time(value)
        breakage = making.BREAKAGES.get(wanted.broken or "")
        return SignResult(
            authorization=value,
            appid=account.appid,
            secret_id=account.secret_id,
            secret_key=account.secret_key if account is TEST_ACCOUNT else None,
            code=breakage.code.number if breakage else 0,
            verify_only=bool(breakage and breakage.verify_only),
        )

    return router
