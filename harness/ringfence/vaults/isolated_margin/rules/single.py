"""The boundary values of each action: a rule for each, near every limit and beyond."""

from ringfence.types.roles import OWNER, POOL, STRANGER
from ringfence.vaults.isolated_margin import actions as do
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules, acts
from ringfence.vaults.isolated_margin.rules.boundary import HALF, ONE, ZERO
from ringfence.vaults.isolated_margin.rules.choices import ENDLESS, OFF_BY_ONE, OR_BEYOND, often, parts_of
from ringfence.vaults.isolated_margin.rules.limits import ExchangeLimit, FundsLimit, Level, MarginLimit
from ringfence.vaults.isolated_margin.rules.subjects import Who


class TradingRules(VaultRules):
    """What traders and their operators do."""

    open = acts(do.Open, times=6, account=some.traders)
    open_any = acts(do.Open, times=4, account=some.traders, size=some.any_sizes)
    open_too_much = acts(do.Open, account=some.traders, size=some.refused_sizes)
    open_with_permit = acts(do.OpenWithPermit, account=some.traders)
    increase = acts(do.Increase, times=3, account=some.callers, size_delta=some.raises)
    decrease = acts(do.Decrease, times=3, account=some.callers, size_delta=some.lowerings)
    close = acts(do.Close, account=some.callers)
    add_margin = acts(
        do.AddMargin, assets=parts_of(MarginLimit.SHORTFALL, *OR_BEYOND), owner=some.owners_named
    )
    remove_margin = acts(
        do.RemoveMargin, times=2, account=some.callers, assets=parts_of(MarginLimit.REMOVABLE, *OR_BEYOND)
    )
    empty = acts(do.RemoveMargin, account=some.callers, assets=parts_of(MarginLimit.WHOLE, *OFF_BY_ONE))
    claim = acts(do.Claim, account=some.claimants)
    collect_owed = acts(do.CollectOwed, times=3, beneficiary=some.creditors)
    set_operator = acts(do.SetOperator, account=some.traders)
    set_operator_with_sig = acts(do.SetOperatorWithSig, account=STRANGER, owner=some.traders)


class LiquidationRules(VaultRules):
    """What keepers do, due or not, and who pays into the insurance fund."""

    liquidate = acts(do.Liquidate, times=4, account=some.keepers, position=some.losers)
    deleverage = acts(do.Deleverage, times=2, account=some.keepers, position=some.winners)
    fund_insurance = acts(do.FundInsurance, assets=parts_of(MarginLimit.UNINSURED, *OR_BEYOND))


class PoolRules(VaultRules):
    """Liquidity that comes and goes, up to what the pool allows and one more; and tokens sent to anyone."""

    deposit = acts(
        do.Deposit,
        account=some.providers,
        assets=parts_of(FundsLimit.DEPOSITABLE, *OR_BEYOND),
        receiver=some.share_receivers,
    )
    mint = acts(
        do.Mint,
        account=some.providers,
        shares=parts_of(FundsLimit.MINTABLE, *OR_BEYOND),
        receiver=some.share_receivers,
    )
    withdraw = acts(do.Withdraw, account=some.providers, assets=parts_of(FundsLimit.WITHDRAWABLE, *OR_BEYOND))
    withdraw_own = acts(
        do.Withdraw,
        account=some.providers,
        assets=parts_of(FundsLimit.WITHDRAWABLE, *OR_BEYOND),
        receiver=Who.ITSELF,
        owner=Who.ITSELF,
    )
    redeem = acts(do.Redeem, account=some.providers, shares=parts_of(FundsLimit.REDEEMABLE, *OR_BEYOND))
    redeem_own = acts(
        do.Redeem,
        account=some.providers,
        shares=parts_of(FundsLimit.REDEEMABLE, *OR_BEYOND),
        receiver=Who.ITSELF,
        owner=Who.ITSELF,
        min_assets=parts_of(ExchangeLimit.ASSETS_PAID, *OFF_BY_ONE),
    )
    transfer_shares = acts(
        do.TransferShares, account=some.providers, shares=parts_of(FundsLimit.SHARES, *some.MOVED)
    )
    approve = acts(
        do.Approve,
        token=some.tokens,
        spender=some.spenders,
        amount=parts_of(FundsLimit.WALLET, *often(ENDLESS, 6), HALF, ONE, ZERO),
    )
    donate = acts(do.Donate, to=some.recipients, assets=parts_of(FundsLimit.WALLET, *some.GIFTS))
    donate_to_the_trigger = acts(
        do.Donate,
        account=some.providers,
        to=POOL,
        assets=parts_of(FundsLimit.MISSING_TO_TRIGGER, *OFF_BY_ONE),
    )


class OfficerRules(VaultRules):
    """Pausing and the handing over of offices, by those who may and those who may not."""

    pause = acts(do.Pause, account=some.pausers)
    unpause = acts(do.Unpause, times=3, account=some.owners)
    set_guardian = acts(do.SetGuardian, account=some.owners, guardian=some.successors)
    transfer_ownership = acts(do.TransferOwnership, account=some.owners, new_owner=some.successors)
    accept_ownership = acts(do.AcceptOwnership, account=some.heirs)
    renounce_ownership = acts(do.RenounceOwnership, account=some.abdicators)


class IntrusionRules(VaultRules):
    """Any account in the place of the vault, or of the pool."""

    pay = acts(do.Pay, assets=parts_of(FundsLimit.POOL, *OR_BEYOND))
    lock = acts(do.Lock)
    unlock = acts(do.Unlock)


class FeedRules(VaultRules):
    """The last answer again, given at another time; and none."""

    age = acts(do.SetPrice, account=OWNER, answer=Level.LAST, age=some.ages)
    break_feed = acts(do.BreakFeed, account=OWNER, broken=some.booleans)
    settle_market = acts(do.SettleMarket)
