"""A market's state by its own getters, to compare with the ledger by events."""

from collections.abc import Iterable
from typing import Any, Final

from isolated_margin.ledger import Ledger
from ringfence.types.outcome import Value
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.types.state import AccountState, OperatorState, PositionState, VaultState
from ringfence.vaults.isolated_margin.reference.model_values import names_of
from ringfence.vaults.isolated_margin.slots import ROUNDS

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.node.client import Node

ACCOUNT_GETTERS: Final = ((VAULT, "claimable"), (VAULT, "owed"), (POOL, "balanceOf"), (VAULT, "nonces"))


class ChainState:
    """Asks getters at one block, many at a time."""

    def __init__(self, node: Node, decoder: Decoder, block: int) -> None:
        """Look at ``block``."""
        self._node, self._decoder, self._block = node, decoder, block

    def like(self, known: VaultState) -> VaultState:
        """Return the state of all positions there are, and of the accounts and operators that ``known`` has.

        Wallets are left out. Raises NodeRefused, NodeUnreachable.
        """
        rounds = [(VAULT, "rounds", (is_long,)) for is_long in (True, False)]
        ledger, long, short = self._ask([(VAULT, "ledger", ()), *rounds])
        totals = dict(zip((*names_of(Ledger), *ROUNDS), (*ledger, *long, *short), strict=True))
        balances = [(asset, "balanceOf", (holder,)) for asset in (TOKEN, POOL) for holder in (VAULT, POOL)]
        supply, of_vault, of_pool, *lost = self._ask([(POOL, "totalSupply", ()), *balances])
        totals |= {"vault_tokens": of_vault, "pool_tokens": of_pool}
        totals |= {"pool_shares": supply, "lost_shares": sum(lost)}
        owner, pending, guardian = self._ask(
            [(VAULT, name, ()) for name in ("owner", "pendingOwner", "guardian")]
        )
        pairs = sorted(known.operators)
        given = zip(pairs, self._ask([(VAULT, "operators", pair) for pair in pairs]), strict=True)
        return VaultState(
            positions=self._positions(totals["next_id"]),
            totals=totals,
            accounts=self._accounts(known.accounts),
            officers={"owner": owner, "pending_owner": pending, "guardian": guardian},
            operators={pair: OperatorState(*words) for pair, words in given if any(words)},
        )

    def _positions(self, next_id: int) -> dict[int, PositionState]:
        held = self._ask([(VAULT, "position", (number,)) for number in range(1, next_id)])
        return {number: PositionState(*words) for number, words in enumerate(held, 1) if any(words)}

    def _accounts(self, names: Iterable[str]) -> dict[str, AccountState]:
        roles = list(names)
        values = self._ask(
            [(contract, view, (role,)) for role in roles for contract, view in ACCOUNT_GETTERS]
        )
        rows = zip(*[iter(values)] * len(ACCOUNT_GETTERS), strict=True)
        return {role: AccountState(0, *row) for role, row in zip(roles, rows, strict=True)}

    def _ask(self, questions: list[tuple[str, str, tuple[Value, ...]]]) -> list[Any]:
        """Return what the views answer, in their order."""
        calls = [self._decoder.question(self._block, role, view, *args) for role, view, args in questions]
        results = []
        for (contract, view, _), answer in zip(questions, self._node.ask_many(calls), strict=True):
            output = bytes.fromhex(self._node.answered(answer)[2:])
            results.append(self._decoder.interfaces[contract][view].result(output))
        return results
