"""What traders and their operators do."""

from dataclasses import replace

from ringfence.engine.generators.rules import rule
from ringfence.evm.signing import Flaw
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Claim,
    Close,
    CollectOwed,
    Decrease,
    Increase,
    Open,
    OpenWithPermit,
    RemoveMargin,
    SetOperator,
    SetOperatorWithSig,
)
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount
from ringfence.vaults.isolated_margin.rules.points.margins import Margin
from ringfence.vaults.isolated_margin.rules.points.picks import Caller, Creditor, Pick, Signer
from ringfence.vaults.isolated_margin.rules.points.sizes import Lowered, Raised, Sized
from ringfence.vaults.isolated_margin.rules.points.terms import Terms


class TradingRules(VaultRules):
    """Opening, changing and closing positions, near every limit and beyond."""

    @rule(times=6, account=some.traders, sized=some.whole_sizes, margin=some.margins, terms=some.terms)
    def open(self, account: str, sized: Sized, margin: Margin, terms: Terms) -> None:
        """Open a position."""
        self._open(account, sized, margin, terms)

    @rule(times=4, first=some.traders, second=some.traders, sized=some.whole_sizes, margin=some.margins)
    def oppose(self, first: str, second: str, sized: Sized, margin: Margin) -> None:
        """Open two positions, one against the other."""
        self._open(first, sized, margin, some.ANY_TERMS)
        self._open(second, replace(sized, side=-sized.side), margin, some.ANY_TERMS)

    @rule(times=4, account=some.traders, sized=some.any_sizes, margin=some.margins, terms=some.terms)
    def open_any(self, account: str, sized: Sized, margin: Margin, terms: Terms) -> None:
        """Open a position of a size like no other."""
        self._open(account, sized, margin, terms)

    @rule(account=some.traders, sized=some.refused_sizes, margin=some.margins, terms=some.terms)
    def open_too_much(self, account: str, sized: Sized, margin: Margin, terms: Terms) -> None:
        """Open a position just outside a limit."""
        self._open(account, sized, margin, terms)

    def _open(self, account: str, sized: Sized, margin: Margin, terms: Terms) -> None:
        size = sized.of(self.scene)
        assets = margin.of(self.scene, account, 0, size)
        limit = terms.price_wad(self.scene, buying=size > 0)
        self.step(Open(account, size, assets, limit, terms.time(self.scene)))

    @rule(
        account=some.traders,
        sized=some.whole_sizes,
        margin=some.margins,
        signer=some.signers,
        flaw=some.flaws,
    )
    def open_with_permit(
        self, account: str, sized: Sized, margin: Margin, signer: Signer, flaw: Flaw
    ) -> None:
        """Open a position with a signed permit, which may not be valid."""
        size = sized.of(self.scene)
        assets = margin.of(self.scene, account, 0, size)
        limit = some.ANY_TERMS.price_wad(self.scene, buying=size > 0)
        deadline = some.ANY_TERMS.time(self.scene)
        self.step(OpenWithPermit(account, size, assets, limit, deadline, signer.of(account), flaw))

    @rule(
        times=3,
        caller=some.callers,
        pick=some.picks,
        raised=some.raises,
        margin=some.margins,
        terms=some.terms,
    )
    def increase(self, caller: Caller, pick: Pick, raised: Raised, margin: Margin, terms: Terms) -> None:
        """Add to a position."""
        position = pick.of(self.scene)
        account, is_long = caller.of(self.scene, position), self.scene.size(position) >= 0
        size = raised.of(self.scene, position)
        assets = margin.of(self.scene, account, position, size if is_long else -size)
        limit = terms.price_wad(self.scene, buying=is_long)
        self.step(Increase(account, position, size, assets, limit, terms.time(self.scene)))

    @rule(times=3, caller=some.callers, pick=some.picks, lowered=some.lowerings, terms=some.terms)
    def decrease(self, caller: Caller, pick: Pick, lowered: Lowered, terms: Terms) -> None:
        """Take something off a position."""
        position = pick.of(self.scene)
        size = lowered.of(self.scene, position)
        limit = terms.price_wad(self.scene, buying=self.scene.size(position) < 0)
        account = caller.of(self.scene, position)
        self.step(Decrease(account, position, size, limit, terms.time(self.scene)))

    @rule(caller=some.callers, pick=some.picks, terms=some.terms)
    def close(self, caller: Caller, pick: Pick, terms: Terms) -> None:
        """Close a position."""
        position = pick.of(self.scene)
        limit = terms.price_wad(self.scene, buying=self.scene.size(position) < 0)
        self.step(Close(caller.of(self.scene, position), position, limit, terms.time(self.scene)))

    @rule(account=some.accounts, pick=some.picks, amount=some.amounts)
    def add_margin(self, account: str, pick: Pick, amount: Amount) -> None:
        """Bring a position back to its maintenance margin, or not quite."""
        position = pick.of(self.scene)
        self.step(AddMargin(account, position, amount.of(limits.shortfall(self.scene, position))))

    @rule(times=2, caller=some.callers, pick=some.picks, amount=some.amounts)
    def remove_margin(self, caller: Caller, pick: Pick, amount: Amount) -> None:
        """Take out what may be taken out, or one more."""
        position = pick.of(self.scene)
        assets = amount.of(self.scene.max_removable(position))
        self.step(RemoveMargin(caller.of(self.scene, position), position, assets))

    @rule(caller=some.callers, pick=some.picks, amount=some.off_by_one)
    def empty(self, caller: Caller, pick: Pick, amount: Amount) -> None:
        """Take out all of a position's margin, or one more."""
        position = pick.of(self.scene)
        assets = amount.of(self.scene.margin(position))
        self.step(RemoveMargin(caller.of(self.scene, position), position, assets))

    @rule(claimant=some.claimants, to=some.receivers)
    def claim(self, claimant: Creditor, to: str) -> None:
        """Take out what a liquidation left."""
        self.step(Claim(claimant.of(self.scene), to))

    @rule(times=3, account=some.accounts, creditor=some.creditors)
    def collect_owed(self, account: str, creditor: Creditor) -> None:
        """Have a delayed profit paid."""
        self.step(CollectOwed(account, creditor.of(self.scene)))

    @rule(account=some.traders, operator=some.operators, allowed=some.grants)
    def set_operator(self, account: str, operator: str, allowed: bool) -> None:
        """Allow or forbid an operator."""
        self.step(SetOperator(account, operator, allowed))

    @rule(
        owner=some.traders,
        operator=some.operators,
        allowed=some.grants,
        late=some.nonces,
        terms=some.terms,
        signer=some.signers,
        flaw=some.flaws,
    )
    def set_operator_with_sig(
        self, owner: str, operator: str, allowed: bool, late: int, terms: Terms, signer: Signer, flaw: Flaw
    ) -> None:
        """Hand in a signed permission, which may not be valid."""
        nonce, deadline = max(0, self.scene.nonce(owner) + late), terms.time(self.scene)
        signed = (owner, operator, allowed, nonce, deadline, signer.of(owner), flaw)
        self.step(SetOperatorWithSig(some.CARRIER, *signed))
