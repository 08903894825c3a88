"""A vault whose calls have every form that an ABI has, and no property that holds for long."""

from dataclasses import replace
from pathlib import Path

import ringfence as rf

PUT_MANY = "put((address,uint256)[],uint16[2],bytes32,bytes)"
RETURNS_A_BOOL = [{"name": "", "type": "bool"}]


class OddVault(rf.Adapter):
    """A box that fills, and a coin by an ABI that says more than it returns."""

    project = rf.solidity(Path(__file__).parent / "odd_calls")
    facts = rf.Facts(answer=1, size=1, margin=1_000)

    def deploy(self, workspace: rf.Workspace) -> None:
        coin = self.project["Coin"]
        stated = [
            each | {"outputs": RETURNS_A_BOOL} if each["name"] == "transfer" else each for each in coin.abi
        ]
        workspace.deploy("coin", coin)
        workspace.know("token", replace(coin, name="Token", abi=stated), workspace.contracts["coin"])
        workspace.deploy("box", self.project["Box"])
        for account in workspace.accounts:
            workspace.do(account, "coin", "mint", 10**6)

    @rf.action(rf.ADDS_MARGIN)
    def put(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        order = {"owner": account, "assets": 5}
        self.send(account, "token", "transfer", "owner", assets)
        self.send(account, "box", PUT_MANY, [("owner", 7), ("", 8)], (1, 2), b"\x07" * 32, b"note")
        self.send(account, "box", "put(uint256,(address,uint256))", 10**18, order)
        return self.send(account, "box", "put(uint256,(address,uint256))", assets, order)

    def observe(self) -> rf.VaultState:
        for view in ("sides", "tag", "note", "said"):
            self.workspace.read("box", view)
        self.workspace.read("box", "named", ["owner", "stranger"])
        held = {role: self.workspace.number("token", "balanceOf", role) for role in self.workspace.accounts}
        accounts = {role: rf.AccountState(tokens) for role, tokens in held.items()}
        return rf.VaultState({}, {"total": self.workspace.number("box", "total")}, accounts)

    @rf.property_("BOX-1", "The box is empty.")
    def box_is_empty(self, state: rf.VaultState) -> bool:
        return state.totals["total"] == 0

    @rf.property_("BOX-2", "The box holds nothing.")
    def box_holds_nothing(self, state: rf.VaultState) -> None:
        assert not state.totals["total"], f"total is {state.totals['total']}, not 0"
