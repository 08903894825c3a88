"""What forge is given of our vault: creation codes and markets, as its handlers decode them."""

from typing import Final

from eth_abi import encode
from ringfence.vaults.isolated_margin.markets import PARAMETER_NAMES, MarketSetup, abi_tuple
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug

from bench.side_by_side.compiled import compiled, setups_of

PARAMETERS: Final = f"((uint256,uint256,uint256)[],{','.join(['uint256'] * len(PARAMETER_NAMES))})"
SETUP: Final = f"({PARAMETERS},uint8,uint8,int256,uint256,uint256,uint256)"
GIVEN: Final = f"(bytes,bytes,bytes,bytes,bytes,{SETUP}[],bool)"


def given(seeded: SeededBug, *, is_bare: bool) -> bytes:
    """Return a seeded bug and its markets; with ``is_bare`` handlers act and look at nothing."""
    vault = compiled(seeded)
    contracts = vault.contracts
    made = (contracts.vault, contracts.pool, vault.lens, contracts.token, contracts.feed)
    parts = (
        *(artifact.bytecode for artifact in made),
        [_setup(each) for each in setups_of(seeded)],
        is_bare,
    )
    return encode([GIVEN], [parts])


def _setup(setup: MarketSetup) -> tuple[object, ...]:
    decimals = (setup.collateral_decimals, setup.feed_decimals)
    return (
        abi_tuple(setup.parameters),
        *decimals,
        setup.answer,
        setup.tokens,
        setup.liquidity,
        setup.insurance,
    )
