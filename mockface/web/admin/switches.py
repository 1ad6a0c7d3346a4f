"""Routes for the switches of the whole server, and signatures on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mockface.checks import SIGNATURE_CHECKS
from mockface.control.acting import Acting
from mockface.control.switches import Switches
from mockface.model import ACCOUNT_STATES
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.making import BREAKAGES
from mockface.web.admin.asked import Asked

if TYPE_CHECKING:
    Mode: TypeAlias = str
    State: TypeAlias = str
    Broken: TypeAlias = str
else:  # pydantic checks them and names the choices; type checkers reject a computed Literal
    Mode, State, Broken = (Literal[tuple(table)] for table in (SIGNATURE_CHECKS, ACCOUNT_STATES, BREAKAGES))


class AccountState(BaseModel):
    __doc__ = "An account: its current state, and its state in the files. No key is shown."

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
    at_default: bool = Field(description="Whether all switches and the clock have their values of the start.")


class SignatureModeRequest(Asked):
    __doc__ = "A signature mode."

    signature: Mode


class AccountStateRequest(Asked):
    __doc__ = "A state of an account."

    state: State


class SignRequest(Asked):
    __doc__ = "The signature to create."

    broken: Broken | None = Field(default=None, description="How to break it; valid by default.")
    appid: str = Field(default=TEST_ACCOUNT.appid, description="Its account; the test account by default.")


class SignResult(BaseModel):
    __doc__ = "An Authorization value for the server's clock, with the code that it gets."

    authorization: str = Field(description="Empty for a missing one: then send no such header.")
    appid: str
    secret_id: str
    secret_key: str | None = Field(
        description="The test account's, which is not a real secret; none for other accounts."
    )
    code: int | str = Field(description="The code that it gets; 0 if it is valid.")
    verify_only: bool = Field(description="Whether only --signature verify detects that it is broken.")


def routes(switches: Switches, acting: Acting) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["switches"])

    def standing() -> SwitchesState:
        accounts = [
            AccountState(
                appid=account.appid,
                secret_id=account.secret_id,
                buckets=list(account.buckets),
                state=switches.state_of(account),
                default_state=account.state,
                built_in=account is TEST_ACCOUNT,
            )
            for account in switches.accounts.values()
        ]
        return SwitchesState(
            signature=switches.mode,
            default_signature=switches.default_mode,
            accounts=accounts,
            clock_offset_s=switches.clock.offset_s,
            at_default=switches.at_default,
        )

    @router.get(
        "/switches",
        description="The signature mode, the states of the accounts, the clock: and whether all is at its default.",
    )
    async def show_switches() -> SwitchesState:
        return standing()

    @router.put("/switches/signature", description="Check signatures in another mode, as --signature does at start.")
    async def set_signature_mode(to: SignatureModeRequest) -> SwitchesState:
        await acting.set_mode(to.signature)
        return standing()

    @router.put(
        "/switches/accounts/{appid}",
        description="Set the state of an account; it overrides the files until a reset.",
    )
    async def set_account_state(appid: str, to: AccountStateRequest) -> SwitchesState:
        await acting.set_state(appid, to.state)
        return standing()

    @router.post("/sign", description="Create an Authorization value, valid or broken in a named way.")
    async def sign(order: SignRequest | None = None) -> SignResult:
        wanted = order or SignRequest()
        value, account, breakage = await acting.sign(wanted.appid, wanted.broken)
        return SignResult(
            authorization=value,
            appid=account.appid,
            secret_id=account.secret_id,
            secret_key=account.secret_key if account is TEST_ACCOUNT else None,
            code=breakage.code.number if breakage else 0,
            verify_only=bool(breakage and breakage.verify_only),
        )

    return router
