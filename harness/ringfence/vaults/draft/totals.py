"""What else of a vault is to be observed: its variables, and everyone's tokens and shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.vaults.draft.deployment import FEED, Wiring, market
from ringfence.vaults.draft.positions import KEYS, Key, Reading
from ringfence.vaults.draft.signatures import AbiFunction, Contract
from ringfence.vaults.draft.words import LONG, SHORT, has, snake, words

KNOWN: Final = (  # totals that properties read, by the words of a variable
    ("insurance", {"insurance"}),
    ("pending", {"escrow", "pending", "escrowed"}),
    ("liquidity", {"liquidity"}),
)
OPEN_INTEREST: Final = {"interest", "size", "notional", "oi", "exposure"}
FREE: Final = (
    "liquidity",
    "pending",
    "insurance",
)  # in the order in which they are given to what has no name
CLAIMABLE: Final = {
    "claimable",
    "claims",
    "credit",
    "credits",
    "free",
    "withdrawable",
    "balances",
    "owed",
    "refunds",
}
SHARES: Final = {"shares"}
WORD_BYTES: Final = 32


@dataclass
class Observed:
    """Source code of values: totals by name, and of each account its field, or its amount, by name."""

    totals: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, tuple[str, int]] = field(default_factory=dict)  # with its decimals
    of_keys: list[tuple[str, str, str, str, list[tuple[int, str]]]] = field(default_factory=list)
    words: list[tuple[str, str, int, int]] = field(default_factory=list)  # name, contract, first slot, number
    fund_reasons: list[str] = field(default_factory=list)

    def count_as_fund(self, name: str) -> None:
        """Call a total by a name that properties count with the vault's funds."""
        fund = next((each for each in FREE if each not in self.totals), None)
        stored = next((each for each in self.words if f"{each[0]}_word_0" == name and each[3] == 1), None)
        if fund is None:
            return
        if stored:
            self.words.remove(stored)
            self.totals[fund] = f'self.workspace.storage("{stored[1]}", [{stored[2]}])[0]'
        elif name in self.totals:
            self.totals = {fund if each == name else each: text for each, text in self.totals.items()}
        self.fund_reasons.append(
            f"{fund} is {name.removesuffix('_word_0')}, which fitted what no other book had"
        )


def observed(deployment: Wiring, key: Key, reading: Reading | None, margin_token: str) -> Observed:
    """Return what is to be observed beside the positions."""
    found = Observed()
    _tokens(deployment, found, margin_token)
    for name, contract in deployment.parts.items():
        for view in contract.functions.values():
            if view.is_view and _is_variable(deployment, name, contract, view):
                _variable(found, name, contract, view, key, reading)
        _private(deployment, found, name, contract)
    return found


def _tokens(deployment: Wiring, found: Observed, margin_token: str) -> None:
    holders = [name for name in deployment.parts if name != FEED]
    for token in deployment.tokens:
        held = f'number("{token}", "balanceOf", "{holders[0]}")'
        if len(holders) > 1:
            names = ", ".join(f'"{each}"' for each in holders)
            held = f'sum(number("{token}", "balanceOf", each) for each in ({names}))'
        if token == margin_token:
            found.fields["tokens"] = f'number("{token}", "balanceOf", role)'
            found.totals["vault_tokens"] = held
        else:
            found.amounts[token] = f'number("{token}", "balanceOf", role)', deployment.decimals(token)
            found.totals[f"vault_{token}"] = held


def _is_variable(deployment: Wiring, name: str, contract: Contract, view: AbiFunction) -> bool:
    """Return whether a view shows a variable; without trees, whether it shows a number at all."""
    if deployment.sources.trees.bases(contract.name):
        return view.name in contract.public
    return not view.inputs and isinstance(deployment.ask(name, view.name), int)


def _variable(
    found: Observed, name: str, contract: Contract, view: AbiFunction, key: Key, reading: Reading | None
) -> None:
    outputs = view.outputs
    is_number = len(outputs) == 1 and (
        outputs[0].is_number or outputs[0].is_enum or outputs[0].type == "bool"
    )
    called = f'"{name}", "{view.name}"'
    if is_number and not view.inputs:
        text = f"number({called})"
        found.totals[_total(found, name, view)] = text
    elif is_number and [each.type for each in view.inputs] == ["bool"]:
        is_sum = has(view.name, OPEN_INTEREST)
        for flag, side in ((True, "long"), (False, "short")):
            unit = " * SIZE // UNIT" if is_sum else ""
            known = (
                f"{side}_size"
                if is_sum and f"{side}_size" not in found.totals
                else f"{snake(view.name)}_{side}"
            )
            found.totals[known] = f"number({called}, {flag}){unit}"
    elif is_number and [each.type for each in view.inputs] == ["address"]:
        _of_account(found, view, f"number({called}, role)")
    elif is_number and len(view.inputs) == 1 and view.inputs[0].type in KEYS and not key.is_id:
        found.totals[_total(found, name, view)] = f"number({called}, {market(view.inputs[0])})"
    elif key.fits(view) and (reading is None or (name, view.name) != (reading.contract, reading.function)):
        parts = outputs[0].parts if len(outputs) == 1 and outputs[0].parts else outputs
        if all(not each.parts and "[" not in each.type for each in parts):
            shown = [
                (place, snake(each.name))
                for place, each in enumerate(parts)
                if each.is_number or each.is_enum or each.type == "bool"
            ]
            found.of_keys.append((name, view.name, key.arguments(view), snake(view.name), shown))


def _total(found: Observed, contract: str, view: AbiFunction) -> str:
    """Return the name of a total: one that properties read, where the variable's words say so."""
    for name, known in KNOWN:
        if has(view.name, known) and name not in found.totals and len(words(view.name)) <= 2:
            return name
    if has(view.name, OPEN_INTEREST) and (has(view.name, LONG) or has(view.name, SHORT)):
        side = "long_size" if has(view.name, LONG) else "short_size"
        if side not in found.totals:
            return side
    name = snake(view.name)
    return name if name not in found.totals else f"{contract}_{name}"


def _of_account(found: Observed, view: AbiFunction, text: str) -> None:
    if has(view.name, CLAIMABLE) and "claimable" not in found.fields:
        found.fields["claimable"] = text
    elif has(view.name, SHARES) and "shares" not in found.fields:
        found.fields["shares"] = text
    else:
        found.amounts[snake(view.name)] = text, 0


def _private(deployment: Wiring, found: Observed, name: str, contract: Contract) -> None:
    """Add the storage words of variables that no view shows; not those of mappings."""
    layout: Mapping[str, Any] = contract.artifact.storage_layout
    for variable in layout.get("storage", ()):
        kind = layout["types"][variable["type"]]
        is_shown = (
            variable["label"] in contract.public and "members" not in kind and kind["encoding"] == "inplace"
        )
        if kind["encoding"] == "mapping" or (is_shown and "base" not in kind):
            continue
        size = -(-int(kind["numberOfBytes"]) // WORD_BYTES)
        found.words.append((snake(variable["label"]), name, int(variable["slot"]), size))
