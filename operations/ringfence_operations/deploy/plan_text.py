"""A plan as text: addresses, gas, and the terms as the vault will hold them."""

from collections.abc import Iterator

from isolated_margin.fixed import WAD
from ringfence.vaults.isolated_margin.market_file import MarketFile
from ringfence.vaults.isolated_margin.markets import PARAMETER_NAMES

from ringfence_operations.deploy.preflight import Plan
from ringfence_operations.sending.fees import ETHER, GWEI


def plan_text(plan: Plan, market: MarketFile, deployer: str, fee: int) -> str:
    """Return the plan; ``fee`` is what is offered for gas, wei each."""
    return "\n".join((*_addresses(plan, market, deployer, fee), *_terms(market), *_concerns(plan)))


def _addresses(plan: Plan, market: MarketFile, deployer: str, fee: int) -> Iterator[str]:
    yield f"plan of {deployer} on chain {market.chain_id}; the price is {plan.price_wad / WAD:,.2f}"
    gas = {step.step: f"{step.gas:>11,} gas" for step in plan.steps}
    for step, address in (("factory", plan.factory), ("lens", plan.lens), ("market", plan.vault)):
        yield f"  {'vault' if step == 'market' else step:<9}{address}{gas.get(step, '     exists'):>15}"
    yield f"  {'pool':<9}{plan.pool}{'with the vault':>19}"
    if "handover" in gas:
        yield f"  {'owner':<9}{market.owner}{gas['handover']:>15}, and has to accept"
    yield f"  about {plan.gas:,} gas, at {fee / GWEI:.2f} gwei at most {plan.cost(fee) / ETHER:.6f} ether"


def _terms(market: MarketFile) -> Iterator[str]:
    terms = market.parameters
    yield "terms, in the vault's integers"
    for tier in terms.tiers:
        yield (
            f"  tier from {tier.notional_floor}: initial {tier.initial_rate_ppm} ppm, "
            f"maintenance {tier.maintenance_rate_ppm} ppm"
        )
    for name in PARAMETER_NAMES:
        yield f"  {name:<22}{getattr(terms, name)}"


def _concerns(plan: Plan) -> Iterator[str]:
    for concern in plan.concerns:
        yield f"warning: {concern}"
