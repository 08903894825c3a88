"""The words by which names are known, all of them: of parameters, fields, contracts and functions.

A word stands for its plural too.
"""

from typing import Final, NamedTuple

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.roles import Role


def known(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


# Parameters and fields

NUMBERS: Final = (  # the first that fits
    (Role.DEADLINE, known("deadline expiry expiration until")),
    (Role.LIMIT, known("limit acceptable worst slippage trigger")),
    (Role.MINIMUM, known("min minimum least")),
    (Role.MAXIMUM, known("max maximum most cap")),
    (Role.LEVERAGE, known("leverage lev multiplier")),
    (Role.ENTRY, known("entry average avg opened opening")),
    (Role.PRICE, known("price answer rate quote px")),
    (Role.MARGIN, known("margin collateral pledged pledge deposit stake ink equity principal escrow")),
    (Role.SIZE, known("size notional quantity qty exposure debt borrow borrowed loan art contracts")),
    (Role.SHARES, known("shares share lp")),
    (Role.ID, known("id key index number nonce no order position ticket")),
    (Role.TIME, known("time timestamp at updated since block")),
)
KEYS: Final = known("id key hash")  # of a bytes32
MARKETS: Final = known("market pair pool instrument symbol")
NUMBERED: Final = known("id index key hash")  # of a market's number
LONG: Final = known("long side buy direction up bull")
SHORT: Final = known("short sell down bear")
UPDATED: Final = known("time timestamp updated at")  # beside a price

# Addresses

OWNERS: Final = known(
    "owner account trader user borrower holder behalf beneficiary depositor who usr urn victim debtor client"
    " maker"
)
RECEIVERS: Final = known("to receiver recipient dst dest")
OFFICERS: Final = known(
    "owner admin governance governor treasury treasurer guardian keeper operator manager deployer dao"
    " multisig team updater reporter signer authority collector fee fees beneficiary minter pauser liquidator"
    " sequencer relayer"
)
TOKENS: Final = known(
    "token collateral asset currency underlying stable stablecoin coin erc20 quote usdc usdt usd dai weth eth"
    " wbtc btc erc base debt loan"
)
DOLLARS: Final = known("usdc usdt usd stable stablecoin quote asset debt loan borrow")
FEEDS: Final = known("oracle feed price aggregator prices chainlink")
MARGIN_TOKENS: Final = known("collateral margin")

# Contracts

VAULTS: Final = known("vault router exchange market perpetual perp clearing trading engine")
NOT_VAULTS: Final = known("test tests mock mocks script scripts attack exploit helper")

# Views and variables

POSITIONS: Final = known("position loan trade vault trove cdp account borrower user snapshot")
COUNTERS: Final = known("next last count counter current total num latest")
COUNTED: Final = known("id position index count order counter loan trade token")
FUNDS: Final = (  # totals that properties read
    ("insurance", known("insurance")),
    ("pending", known("escrow pending escrowed")),
    ("liquidity", known("liquidity")),
)
OPEN_INTEREST: Final = known("interest size notional oi exposure")
CLAIMS: Final = known("claimable claims credit credits free withdrawable balances owed refunds")
SHARES: Final = known("shares")
IN_TOKENS: Final = known("notional debt borrow borrowed loan shares assets usd quote collateral")  # sizes
WAITS: Final = known("delay age lifetime timeout heartbeat period window cooldown duration staleness")
LATEST: Final = known("age lifetime timeout heartbeat staleness max")  # waits of which a second more counts

# Functions


class Verbs(NamedTuple):
    """First words of a name that say a kind; with ``objects`` another word must be one of these."""

    kind: Kind
    verbs: frozenset[str]
    objects: frozenset[str] = frozenset()


_MARGIN: Final = known("margin collateral ink gem")
_POSITION: Final = known("position positions order trade loan vault trove cdp increase open entry")
_LIQUIDITY: Final = known("liquidity pool lp funds")
VERBS: Final = (  # the first that fits
    Verbs(Kind.LIQUIDATES, known("liquidate liquidation bite bark absorb seize liq")),
    Verbs(Kind.DELEVERAGES, known("deleverage adl autodeleverage")),
    Verbs(Kind.EXECUTES, known("execute fill keep process finalize finalise fulfill complete")),
    Verbs(
        Kind.ADDS_MARGIN, known("add deposit increase top supply post lock pledge provide fund put"), _MARGIN
    ),
    Verbs(
        Kind.REMOVES_MARGIN, known("remove withdraw decrease reduce release take free unlock pull"), _MARGIN
    ),
    Verbs(Kind.CLOSES, known("close exit unwind end terminate")),
    Verbs(Kind.OPENS, known("open enter long short trade")),
    Verbs(Kind.OPENS, known("create new mint start make place submit request take"), _POSITION),
    Verbs(Kind.FUNDS_INSURANCE, known("fund add deposit top donate"), known("insurance reserve")),
    Verbs(Kind.INCREASES, known("increase enlarge extend scale grow borrow draw generate")),
    Verbs(Kind.DECREASES, known("decrease reduce trim repay payback wipe partial partially")),
    Verbs(Kind.PROVIDES, known("provide supply lend stake join invest deposit")),
    Verbs(Kind.PROVIDES, known("add fund"), _LIQUIDITY),
    Verbs(Kind.WITHDRAWS, known("withdraw unsupply")),
    Verbs(Kind.WITHDRAWS, known("remove"), _LIQUIDITY),
    Verbs(Kind.REDEEMS, known("redeem unstake burn")),
    Verbs(Kind.CLAIMS, known("claim")),
    Verbs(Kind.DONATES, known("donate")),
    Verbs(Kind.PAUSES, known("pause")),
)
ASKS: Final = known("request create submit place queue order do market batch")  # before a verb
PENDING: Final = ASKS | {"pending"}  # in the names of views of orders
CANCELS: Final = known("cancel expire refund void")
OF_OPENS: Final = known("open enter create")  # in the names of what executes them alone
OF_CLOSES: Final = known("close exit unwind")
REPAYS: Final = known("repay payback wipe")
OF_OFFICERS: Final = known(
    "set update transfer renounce accept initialize initialise init upgrade unpause sweep rescue skim"
    " configure register whitelist grant revoke approve multicall permit enable disable propose migrate"
    " uninitialized list delist mint on"
)
LINKS: Final = known(  # functions that want the address of another contract
    "set init initialize initialise setup add register list configure enable create grant whitelist support"
    " attach connect bind authorize allow"
)
NOT_LINKS: Final = known("owner ownership admin implementation pending")
PRICE_VERBS: Final = known("push set update post submit report poke feed transmit")
PRICES: Final = known("price prices answer answers rate")
NOT_PRICES: Final = known("decimals fee cap max min age feed oracle")
