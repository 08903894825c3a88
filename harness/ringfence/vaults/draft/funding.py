"""Giving every account what it trades with, and the vault what it pays profits from."""

from collections.abc import Sequence
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.types.roles import PROVIDERS
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.kinds import kind_of
from ringfence.vaults.draft.wiring import Wiring, sent

MINTED: Final = 10**9  # whole tokens, to each account
LIQUIDITY: Final = (100_000, 1_000, 10)  # whole tokens, the first amount that is accepted


def fund(wiring: Wiring) -> None:
    """Give every account each token, and let each contract take it."""
    for token in wiring.tokens:
        functions = wiring.named[token].functions
        amount = f"{MINTED:_} * 10**{wiring.decimals(token)}"
        give = "mint" if "mint" in functions else "transfer"
        lines = [sent('"owner"', token, give, ("account", amount))]
        for each in wiring.holders if "approve" in functions else ():
            lines.append(sent("account", token, "approve", (f'"{each}"', "2**256 - 1")))
        code = "\n    ".join(("for account in workspace.accounts:", *lines))
        if not wiring.run(code, f"every account has {token}, and lets the vault's contracts take it"):
            wiring.remarks.append(f"nobody could be given any {token}")


def provide(wiring: Wiring, actions: Sequence[DraftedAction]) -> None:
    """Have a provider bring liquidity, as much as is accepted."""
    provides = next((each for each in actions if kind_of(each.function) is Kind.PROVIDES), None)
    if provides is None:
        return
    decimals = wiring.decimals(next(iter(wiring.other_tokens), wiring.margin_token))
    has = wiring.workspace.ether(PROVIDERS[0])
    for most in LIQUIDITY:
        draft = provides.of_amount(f"{most:_} * 10**{decimals}")
        arguments = (f'"{PROVIDERS[0]}"' if each == "account" else each for each in draft.given)
        is_there = not draft.ether or most * 10**decimals < has
        reason = "liquidity, to pay profits from or to lend"
        if is_there and wiring.call(PROVIDERS[0], draft.contract, draft.function.name, arguments, reason):
            return
    wiring.remarks.append(f"{provides.function.name} was refused: bring liquidity in deploy")
