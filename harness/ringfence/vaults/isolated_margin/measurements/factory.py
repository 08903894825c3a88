"""Markets made by the factory with drawn parameters, tokens and feeds, refused as the model refuses them."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from random import Random
from typing import Any, Final

from eth_utils.crypto import keccak
from isolated_margin.errors import Refusal
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM
from isolated_margin.market import Market
from isolated_margin.parameters import MAX_TIERS, RiskParameters, Tier

from ringfence.evm.artifacts import load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.outcome import Done, Outcome, Refused, Value
from ringfence.types.roles import GUARDIAN, OWNER
from ringfence.vaults.isolated_margin.contracts import contract
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import PARAMETER_NAMES, STANDARD, abi_tuple

HUGE: Final = 2**256 - 1
BOUNDS: Final = (
    0,
    1,
    604_800,
    604_801,
    PPM,
    PPM + 1,
    10**8,
    10**8 + 1,
    10**14 + 1,
    MAX_SIZE + 1,
    MAX_ASSETS + 1,
    HUGE,
)
NEIGHBOURS: Final = (0, 1, 1, 2, 2, 2)  # how many are changed
NUDGES: Final = (-1, 0, 1)
DECIMALS: Final = (0, 6, 18, 19, 36, 37, 255)
WITHOUT_DECIMALS: Final[tuple[tuple[str, tuple[Value, ...]], ...]] = (
    ("AlwaysReverts", ()),
    ("AnswersBytes", (bytes(31),)),
)
ODD_PLACES: Final = 8  # one market in 8 has an odd token or feed
SALT: Final = bytes(32)


class DrawnMarkets:
    """One market after another, each on a chain where there is a factory and nothing else."""

    def __init__(self, chain: RevmChain, seed: int) -> None:
        """Deploy the factory; raises ArtifactMissing, ProjectError, WorkspaceError."""
        self._random, self._chain = Random(seed), chain
        self._workspace, self._vault = Workspace(chain), contract("IsolatedMarginVault")
        self._workspace.refusals.add(self._vault.abi)  # which the factory passes on
        self._codes = self._vault.bytecode, contract("LiquidityPool").bytecode
        self._factory = self._workspace.place(contract("VaultFactory"), *map(keccak, self._codes))
        self._mark = chain.snapshot()

    def __iter__(self) -> Iterator[Sequence[str]]:
        """Make markets without end; yield the lines of each: whatever is not as it must be."""
        while True:
            self._chain.restore(self._mark)
            yield list(self._mismatches())

    def _mismatches(self) -> Iterator[str]:
        parameters = self._parameters()
        token, decimals = self._placed("MockToken", STANDARD.collateral_decimals)
        feed, feed_decimals = self._placed("MockPriceFeed", STANDARD.feed_decimals)
        config = market_config(token, feed, replace(STANDARD, parameters=parameters))
        outcome = self._create(config, *self._codes)
        expected = _refused_by_model(parameters, decimals, feed_decimals)
        if (outcome if isinstance(outcome, Refused) else None) != expected:
            yield f"createMarket with {parameters}: model {expected}, factory {outcome}"
        elif isinstance(outcome, Done):
            yield from self._after_it(config, outcome.value, parameters)

    def _after_it(self, config: Value, made: Value, parameters: RiskParameters) -> Iterator[str]:
        """Ask for the market and its terms, for one more, for the same again, and for one of another code."""
        assert isinstance(made, tuple)
        vault = str(made[0])
        self._workspace.know(vault, self._vault, vault)
        ask, factory, pool_code = self._workspace.ask, self._factory, self._codes[1]
        answers: tuple[tuple[str, object, object], ...] = (
            ("predictVault", ask(factory, "predictVault", config, SALT, *self._codes), made[0]),
            ("riskParameters()", ask(vault, "riskParameters"), abi_tuple(parameters)),
            ("vaultCount()", ask(factory, "vaultCount"), 1),
            ("vaultAt(0)", ask(factory, "vaultAt", 0), made[0]),
            ("vaultAt(1)", ask(factory, "vaultAt", 1), Refused("NoSuchMarket", (1,))),
            ("createMarket again", self._create(config, *self._codes), Refused("MarketExists", (made[0],))),
            (
                "createMarket with another code",
                self._create(config, pool_code, pool_code),
                Refused("WrongCode", (keccak(pool_code),)),
            ),
        )
        yield from (
            f"{asked}: {answer}, not {expected}" for asked, answer, expected in answers if answer != expected
        )

    def _create(self, config: Value, vault_code: bytes, pool_code: bytes) -> Outcome:
        codes = vault_code, pool_code
        return self._workspace.send(OWNER, self._factory, "createMarket", config, SALT, *codes)

    def _placed(self, contract: str, decimals: int) -> tuple[str, int | None]:
        """Return the address of a token or feed, and its decimals if it has any."""
        if self._random.randrange(ODD_PLACES):
            return self._workspace.place(load(contract), decimals), decimals
        choices: tuple[int | tuple[str, tuple[Value, ...]], ...] = (*DECIMALS, *WITHOUT_DECIMALS)
        choice = self._random.choice(choices)
        if isinstance(choice, int):
            return self._workspace.place(load(contract), choice), choice
        name, args = choice
        return self._workspace.place(load(name), *args), None

    def _parameters(self) -> RiskParameters:
        """Return the standard parameters with a few neighbours changed: those are what bounds are about."""
        random, changed = self._random, STANDARD.parameters
        if random.randrange(len(PARAMETER_NAMES) // 2) == 0:
            return replace(changed, tiers=self._tiers())
        first = random.randrange(len(PARAMETER_NAMES))
        for name in PARAMETER_NAMES[first : first + random.choice(NEIGHBOURS)]:
            changes: dict[str, Any] = {name: self._number(getattr(changed, name))}
            changed = replace(changed, **changes)
        return changed

    def _number(self, good: int) -> int:
        random = self._random
        return random.choice(BOUNDS) if random.randrange(3) == 0 else random.randint(0, 2 * good)

    def _tiers(self) -> tuple[Tier, ...]:
        random, good = self._random, STANDARD.parameters.tiers
        if random.randrange(3) == 0:
            count = random.randrange(MAX_TIERS + 2)
            rise = random.randrange(2)  # without it, floors are wrong as well
            return tuple(replace(good[0], notional_floor=rise * floor) for floor in range(count))
        index, other = random.randrange(len(good)), random.choice(good)
        name = random.choice([field.name for field in fields(Tier)])
        value = random.choice((*BOUNDS, max(0, getattr(other, name) + random.choice(NUDGES))))
        changes: dict[str, Any] = {name: value}
        return (*good[:index], replace(good[index], **changes), *good[index + 1 :])


def _refused_by_model(parameters: RiskParameters, decimals: int | None, feed: int | None) -> Refused | None:
    """Return why the model makes no such market. Without decimals, it is as if there were too many."""
    try:
        Market(
            parameters,
            collateral_decimals=HUGE if decimals is None else decimals,
            feed_decimals=HUGE if feed is None else feed,
            owner=OWNER,
            guardian=GUARDIAN,
            deployed_at=1,
        )
    except Refusal as refusal:
        return Refused(refusal.name, refusal.args)
    return None
