"""One action of a draft: the method of the adapter, and what it sends."""

from dataclasses import dataclass, field, replace

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.signatures import AbiFunction


@dataclass(frozen=True)
class DraftedAction:
    """An action; arguments, ``ether`` (in wei) and the lines ``before`` it is sent are source code.

    ``other`` is the function for a short, where longs have one of their own. What was sent before is taken
    back when an action that ``is_undone`` is refused.
    """

    method: str
    kind: Kind
    contract: str
    function: AbiFunction
    account: str
    parameters: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    ether: str = ""
    before: tuple[str, ...] = ()
    other: str = ""
    reason: str = ""
    is_undone: bool = False

    def of_amount(self, amount: str) -> "DraftedAction":
        """Return the action with an amount, as source code, for the parameter ``assets``."""
        arguments = tuple(each.replace("assets", amount) for each in self.arguments)
        return replace(self, arguments=arguments, ether=self.ether.replace("assets", amount))

    @property
    def given(self) -> tuple[str, ...]:
        """Return the arguments of the function, with the ether that it is sent."""
        return (*self.arguments, *((f"value={self.ether}",) if self.ether else ()))

    @property
    def sent(self) -> tuple[str, ...]:
        """Return the arguments of the adapter's ``send``."""
        name = f'"{self.function.name}"'
        if self.other:
            name += f' if size > 0 else "{self.other}"'
        return ("account", f'"{self.contract}"', name, *self.given)
