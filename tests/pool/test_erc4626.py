"""ERC-4626 on the real pool in every kind of state: each docstring is the standard's own sentence.

``seconds=0`` keeps a call in the block of the preview before it, as the standard's "same transaction" asks.
"""

from collections.abc import Callable
from typing import Final

import pytest
from ringfence.types.actions import Action
from ringfence.types.outcome import Done, Event, Outcome, Refused
from ringfence.types.roles import ACCOUNTS, OWNER, POOL, PROVIDERS, STRANGER, TOKEN
from ringfence.vaults.isolated_margin.actions import Approve, Deposit, Mint, Redeem, Withdraw

from tests.open_market import OpenMarket
from tests.sequences import USD

pytestmark = pytest.mark.property("LPS-1")

PROVIDER, LATER = PROVIDERS
INFINITE: Final = 2**127  # more than any deposit may be
SHARE: Final = 10**6  # a unit of assets, in shares, at the first price
ASSETS: Final = (0, 1, 2, 999, USD, 12_345_678_901, 10**12)
SHARES: Final = (0, 1, SHARE - 1, SHARE, SHARE + 1, 12_345_678_901_234_567, 10**18)
LIMITS: Final = ("maxDeposit", "maxMint", "maxWithdraw", "maxRedeem")

SOUND: Final = (
    "quiet",
    "both sides",
    "claimable",
    "liquidatable in part",
    "losing traders",
    "winning traders",
    "paused",
)
OPEN_TO_LEAVE: Final = (*SOUND, "bankrupt")
OPEN_TO_ENTER: Final = (*SOUND, "unfunded", "unfunded, donated to")


of_each_kind = pytest.mark.parametrize(
    ("name", "account", "action"),
    [
        ("Deposit", LATER, lambda amount: Deposit(LATER, amount, LATER)),
        ("Mint", LATER, lambda amount: Mint(LATER, amount, LATER)),
        ("Withdraw", PROVIDER, lambda amount: Withdraw(PROVIDER, amount, PROVIDER, PROVIDER)),
        ("Redeem", PROVIDER, lambda amount: Redeem(PROVIDER, amount, PROVIDER, PROVIDER)),
    ],
)


def ask(market: OpenMarket, view: str, *args: object) -> int:
    """Return a view's number; fails when it is refused."""
    answer = market.ask(POOL, view, *args)
    assert isinstance(answer, int), f"{view}{args}: {answer}"
    return answer


def done(outcome: Outcome) -> int:
    """Return what a call returned; fails when it was refused."""
    assert isinstance(outcome, Done), outcome
    assert isinstance(outcome.value, int)
    return outcome.value


def enrich(market: OpenMarket, account: str) -> None:
    """Give an account infinite assets, as the standard assumes for the limits."""
    market.do(OWNER, TOKEN, "mint", account, INFINITE, seconds=0)
    market.do(account, TOKEN, "approve", POOL, 2**256 - 1, seconds=0)


# asset, totalAssets


def test_asset(market: OpenMarket) -> None:
    """MUST be an EIP-20 token contract. MUST NOT revert."""
    assert market.ask(POOL, "asset") == TOKEN


def test_total_assets(market: OpenMarket) -> None:
    """Total amount of the underlying asset that is "managed" by Vault. MUST NOT revert."""
    totals = market.observe().totals
    margins = totals["long_margin"] + totals["short_margin"]
    assert 0 <= ask(market, "totalAssets") <= totals["pool_tokens"] + margins


# convertToShares, convertToAssets


@pytest.mark.parametrize("view", ["convertToShares", "convertToAssets"])
def test_conversions__caller(market: OpenMarket, view: str) -> None:
    """MUST NOT show any variations depending on the caller."""
    book = market.book
    data = market.calldata(POOL, view, 12_345_678)
    answers = {market.chain.call(book.text(POOL), data, book.text(account)) for account in ACCOUNTS}
    assert len(answers) == 1


@pytest.mark.parametrize("view", ["convertToShares", "convertToAssets"])
@pytest.mark.parametrize("amount", [0, 1, 10**18, 2**127 - 1])
def test_conversions__do_not_revert(market: OpenMarket, view: str, amount: int) -> None:
    """MUST NOT revert unless due to integer overflow caused by an unreasonably large input."""
    assert ask(market, view, amount) >= 0


@pytest.mark.parametrize("view", ["convertToShares", "convertToAssets", "previewDeposit", "previewMint"])
def test_conversions__unreasonably_large(market: OpenMarket, view: str) -> None:
    """The largest input that is reasonable is told by the refusal of a larger one."""
    refused = market.ask(POOL, view, 2**256 - 1)
    if isinstance(refused, Refused):
        limit = int(refused.args[1])
        assert refused == Refused("AmountTooLarge", (2**256 - 1, limit))
        assert ask(market, view, limit) >= limit
        assert market.ask(POOL, view, limit + 1) == Refused("AmountTooLarge", (limit + 1, limit))


@pytest.mark.parametrize("assets", ASSETS)
def test_conversions__round_down(market: OpenMarket, assets: int) -> None:
    """MUST round down towards 0."""
    shares = ask(market, "convertToShares", assets)
    assert ask(market, "convertToAssets", shares) <= assets
    price = (ask(market, "totalSupply") + SHARE, ask(market, "totalAssets") + 1)
    assert shares == assets * price[0] // price[1]
    assert ask(market, "convertToAssets", shares) == shares * price[1] // price[0]


# maxDeposit, maxMint, maxWithdraw, maxRedeem


@pytest.mark.parametrize("limit", LIMITS)
def test_limits__do_not_revert(market: OpenMarket, limit: str) -> None:
    """MUST NOT revert."""
    for account in (*ACCOUNTS, POOL, ""):
        assert ask(market, limit, account) >= 0


@of_each_kind
def test_limits__are_the_maximum(
    market: OpenMarket, name: str, account: str, action: Callable[[int], Action]
) -> None:
    """MUST return the maximum amount of assets deposit would allow to be deposited for receiver [of shares
    mint would allow; that could be transferred from owner through withdraw; through redeem] and not cause a
    revert, which MUST NOT be higher than the actual maximum that would be accepted.
    """
    enrich(market, LATER)
    limit = ask(market, f"max{name}", account)
    refused = market.act(action(limit + 1), seconds=0)
    assert refused == Refused(f"ERC4626ExceededMax{name}", (account, limit + 1, limit))
    done(market.act(action(limit), seconds=0))


def test_limits__of_each_owner(market: OpenMarket) -> None:
    """MUST factor in both global and user-specific limits."""
    held = ask(market, "balanceOf", PROVIDER)
    assert ask(market, "maxRedeem", PROVIDER) <= held
    assert ask(market, "maxWithdraw", PROVIDER) <= ask(market, "convertToAssets", held)
    assert ask(market, "maxRedeem", STRANGER) == ask(market, "maxWithdraw", STRANGER) == 0


def test_limits__when_closed(market: OpenMarket, request: pytest.FixtureRequest) -> None:
    """If deposits (withdrawals) are entirely disabled (even temporarily) it MUST return 0."""
    name = request.node.callspec.params["market"]
    assert all((ask(market, limit, LATER) == 0) == (name not in OPEN_TO_ENTER) for limit in LIMITS[:2])
    assert all((ask(market, limit, PROVIDER) == 0) == (name not in OPEN_TO_LEAVE) for limit in LIMITS[2:])


# previewDeposit, previewMint, previewWithdraw, previewRedeem


@pytest.mark.parametrize("preview", ["previewDeposit", "previewMint", "previewWithdraw", "previewRedeem"])
@pytest.mark.parametrize("amount", [0, 1, 10**18, 2**127 - 1])
def test_previews__do_not_revert(market: OpenMarket, preview: str, amount: int) -> None:
    """MUST NOT revert due to vault specific user/global limits."""
    assert ask(market, preview, amount) >= 0


@pytest.mark.parametrize("amount", sorted({*ASSETS, *SHARES}))
@of_each_kind
def test_previews__are_exact(
    market: OpenMarket, name: str, account: str, action: Callable[[int], Action], amount: int
) -> None:
    """MUST return as close to and no more than [mint, withdraw: no fewer than] the exact amount of Vault
    shares that would be minted in a deposit call [of assets that would be deposited in a mint call, of shares
    burned in a withdraw call, of assets withdrawn in a redeem call] in the same transaction.
    """
    enrich(market, LATER)
    preview = ask(market, f"preview{name}", amount)
    if amount <= ask(market, f"max{name}", account):
        assert done(market.act(action(amount), seconds=0)) == preview


@pytest.mark.parametrize("amount", sorted({*ASSETS, *SHARES}))
def test_previews__rounding(market: OpenMarket, amount: int) -> None:
    """If it's calculating how many shares to issue to a user for a certain amount of the underlying tokens
    they provide, or determining the amount of the underlying tokens to transfer to them for returning a
    certain amount of shares, it should round down. If it's calculating the amount of shares a user has to
    supply to receive a given amount of the underlying tokens, or calculating the amount of underlying tokens
    a user has to provide to receive a certain amount of shares, it should round up.
    """
    supply, exposure = ask(market, "totalSupply") + SHARE, market.ask(POOL, "exposure")
    assert isinstance(exposure, tuple)
    worth = max(0, int(exposure[1])) + 1
    assert ask(market, "previewDeposit", amount) == amount * supply // worth
    assert ask(market, "previewMint", amount) == -(-amount * worth // supply)
    assert ask(market, "previewWithdraw", amount) == -(-amount * supply // worth)
    assert ask(market, "previewRedeem", amount) == amount * worth // supply


# deposit, mint, withdraw, redeem


@pytest.mark.parametrize("market", OPEN_TO_ENTER, indirect=True)
def test_deposit__event(market: OpenMarket) -> None:
    """MUST emit the Deposit event."""
    for action in (Deposit(LATER, USD, STRANGER), Mint(LATER, SHARE, STRANGER)):
        assets, shares = market.observe().totals["pool_tokens"], ask(market, "balanceOf", STRANGER)
        outcome = market.act(action)
        assert isinstance(outcome, Done)
        assets = market.observe().totals["pool_tokens"] - assets
        shares = ask(market, "balanceOf", STRANGER) - shares
        assert Event(POOL, "Deposit", (LATER, STRANGER, assets, shares)) in outcome.events


@pytest.mark.parametrize("market", OPEN_TO_LEAVE, indirect=True)
def test_withdraw__event(market: OpenMarket) -> None:
    """MUST emit the Withdraw event."""
    market.act(Approve(PROVIDER, POOL, LATER, 2**256 - 1))
    for action in (Withdraw(LATER, 1, STRANGER, PROVIDER), Redeem(LATER, SHARE, STRANGER, PROVIDER)):
        assets, shares = ask_token(market, STRANGER), ask(market, "balanceOf", PROVIDER)
        outcome = market.act(action)
        assert isinstance(outcome, Done)
        assets, shares = ask_token(market, STRANGER) - assets, shares - ask(market, "balanceOf", PROVIDER)
        assert Event(POOL, "Withdraw", (LATER, STRANGER, PROVIDER, assets, shares)) in outcome.events


def ask_token(market: OpenMarket, account: str) -> int:
    """Return an account's assets."""
    return market.observe().accounts[account].tokens


@pytest.mark.parametrize("market", OPEN_TO_ENTER, indirect=True)
def test_deposit__not_all_of_it(market: OpenMarket) -> None:
    """MUST revert if all of assets cannot be deposited (due to deposit limit being reached, slippage, the
    user not approving enough underlying tokens to the Vault contract, etc).
    """
    market.act(Approve(LATER, TOKEN, POOL, USD - 1))
    for action in (Deposit(LATER, USD, LATER), Mint(LATER, 2 * ask(market, "previewDeposit", USD), LATER)):
        refused = market.act(action)
        assert isinstance(refused, Refused)
        assert refused.error == "ERC20InsufficientAllowance"


@pytest.mark.parametrize("market", OPEN_TO_LEAVE, indirect=True)
def test_withdraw__approved(market: OpenMarket) -> None:
    """MUST support a withdraw flow where the shares are burned from owner directly where msg.sender has
    EIP-20 approval over the shares of owner.
    """
    for action in (Withdraw(LATER, 1, LATER, PROVIDER), Redeem(LATER, SHARE, LATER, PROVIDER)):
        refused = market.act(action)
        assert isinstance(refused, Refused)
        assert refused.error == "ERC20InsufficientAllowance"
    market.act(Approve(PROVIDER, POOL, LATER, 10 * SHARE))
    burnt = done(market.act(Withdraw(LATER, 1, LATER, PROVIDER)))
    done(market.act(Redeem(LATER, SHARE, LATER, PROVIDER)))
    assert market.ask(POOL, "allowance", PROVIDER, LATER) == 10 * SHARE - burnt - SHARE


# ERC-20, ERC-20 metadata


def test_metadata(market: OpenMarket) -> None:
    """MUST implement EIP-20 to represent shares [and] EIP-20's optional metadata extensions."""
    assert market.ask(POOL, "decimals") == 6 + 6
    assert market.ask(POOL, "name") == "Ringfence Pool"
    assert market.ask(POOL, "symbol") == "RFP"
    assert isinstance(market.ask(POOL, "balanceOf", PROVIDER), int)
