"""Finding what is to be observed beside the positions: variables, and everyone's tokens and shares."""

from collections.abc import Iterator
from typing import Final

from ringfence.evm.abi.slot_names import WORD
from ringfence.types.roles import OWNER
from ringfence.vaults.draft.keys import MARKET_TYPES, Key
from ringfence.vaults.draft.observed import WHOSE, KeyedView, Observed, StoredWords
from ringfence.vaults.draft.position_text import TO_SIZE
from ringfence.vaults.draft.readings import Reading
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param
from ringfence.vaults.draft.synonyms import CLAIMS, FUNDS, LONG, OPEN_INTEREST, SHARES, SHORT
from ringfence.vaults.draft.wiring import Wiring
from ringfence.vaults.draft.words import has, snake, words

ADDRESS: Final = "address"
MOST_WORDS: Final = 2  # in the name of a fund


def observed(wiring: Wiring, key: Key, reading: Reading | None) -> Observed:
    """Return what is to be observed beside the positions."""
    found = Observed()
    _tokens(wiring, found)
    positions = (reading.contract, reading.function) if reading else ()
    for name, contract in wiring.parts.items():
        for view in contract.functions.values():
            if view.is_view and _is_variable(wiring, name, contract, view):
                _variable(found, name, view, key, is_positions=(name, view.name) == positions)
        _private(found, name, contract)
    return found


def _tokens(wiring: Wiring, found: Observed) -> None:
    """Add what accounts and the vault have of each token; of ether where that is taken instead."""
    for token in wiring.tokens:
        held = _sum(f'number("{token}", "balanceOf", {{}})', wiring.holders)
        own = f'number("{token}", "balanceOf", role)'
        if token == wiring.margin_token:
            found.fields["tokens"], found.totals["vault_tokens"] = own, held
        else:
            found.amounts[token], found.totals[f"vault_{token}"] = (own, wiring.decimals(token)), held
    functions = (each for contract in wiring.parts.values() for each in contract.functions.values())
    if not wiring.tokens and any(each.is_payable for each in functions):
        found.fields["tokens"] = "self.workspace.ether(role)"
        found.totals["vault_tokens"] = _sum("self.workspace.ether({})", wiring.holders)


def _sum(text: str, holders: list[str]) -> str:
    """Return the sum of what each holder has; ``text`` has a place for one."""
    if len(holders) == 1:
        return text.format(f'"{holders[0]}"')
    names = ", ".join(f'"{each}"' for each in holders)
    return f"sum({text.format('each')} for each in ({names}))"


def _is_variable(wiring: Wiring, name: str, contract: Contract, view: AbiFunction) -> bool:
    """Return whether a view shows a variable; without trees, whether a number, of an account or of none."""
    if wiring.sources.trees.bases(contract.key):
        return view.name in contract.public
    of_account = [each.type for each in view.inputs] == [ADDRESS]
    asked = (OWNER,) if of_account else ()
    return len(view.inputs) == len(asked) and isinstance(wiring.ask(name, view.name, *asked), int)


def _variable(found: Observed, contract: str, view: AbiFunction, key: Key, *, is_positions: bool) -> None:
    """Add what a view shows: a total, one for each side, an account's, or more of a position."""
    asked, types = f'number("{contract}", "{view.name}"', [each.type for each in view.inputs]
    of_market = len(types) == 1 and types[0] in MARKET_TYPES and not key.is_id
    is_number = len(view.outputs) == 1 and view.outputs[0].is_elementary
    if is_number and types == ["bool"]:
        found.totals |= _sides(found, view, asked)
    elif is_number and types == [ADDRESS]:
        _of_account(found, view, f"{asked}, role)")
    elif is_number and (not types or of_market):
        market = "".join(f", {each.market}" for each in view.inputs)
        found.totals[_total(found, contract, view)] = f"{asked}{market})"
    elif not types and [each.type for each in view.outputs] == [ADDRESS]:
        text = f'self.workspace.read("{contract}", "{view.name}")'
        found.totals[_total(found, contract, view)] = _as_number(text, view.outputs[0])
    elif key.fits(view) and not is_positions and view.is_flat:
        shown = [
            (n, each) for n, each in enumerate(view.result) if each.is_elementary or each.type == ADDRESS
        ]
        fields = [(snake(each.name), _as_number(f"fields[{n}]", each)) for n, each in shown]
        found.keyed.append(KeyedView(contract, view.name, key.arguments(view), snake(view.name), fields))


def _as_number(text: str, shown: Param) -> str:
    """Return what shows a value as an integer; an account by its place among the accounts."""
    return f"{WHOSE}({text})" if shown.type == ADDRESS else f"int({text})"


def _sides(found: Observed, view: AbiFunction, asked: str) -> Iterator[tuple[str, str]]:
    """Yield the totals of both sides, by name: open interest by the names that properties read."""
    is_sum = has(view.name, OPEN_INTEREST)
    for flag, side in ((True, "long"), (False, "short")):
        is_known = is_sum and f"{side}_size" not in found.totals
        name = f"{side}_size" if is_known else f"{snake(view.name)}_{side}"
        yield name, f"{asked}, {flag}){TO_SIZE if is_sum else ''}"


def _total(found: Observed, contract: str, view: AbiFunction) -> str:
    """Return the name of a total: one that properties read, where the variable's words say so."""
    is_short = len(words(view.name)) <= MOST_WORDS
    preferred = [name for name, known in FUNDS if is_short and has(view.name, known)]
    for side, known in (("long_size", LONG), ("short_size", SHORT)):
        if has(view.name, OPEN_INTEREST) and has(view.name, known):
            preferred.append(side)
    return found.free_name(snake(view.name), *preferred, contract=contract)


def _of_account(found: Observed, view: AbiFunction, text: str) -> None:
    for name, known in (("claimable", CLAIMS), ("shares", SHARES)):
        if has(view.name, known) and name not in found.fields:
            found.fields[name] = text
            return
    found.amounts[snake(view.name)] = text, 0


def _private(found: Observed, name: str, contract: Contract) -> None:
    """Add variables that no view shows: a single value, else the words; not those of mappings."""
    layout = contract.artifact.storage_layout
    for variable in layout.get("storage", ()):
        label, kind = variable["label"], layout["types"][variable["type"]]
        is_value = kind["encoding"] == "inplace" and not {"members", "base"} & kind.keys()
        if kind["encoding"] == "mapping" or (is_value and label in contract.functions):
            continue
        if is_value:
            total = found.free_name(snake(label), contract=name)
            found.totals[total] = f'self.workspace.variable("{name}", "{label}")'
        else:
            count = -(-int(kind["numberOfBytes"]) // WORD)
            found.words.append(StoredWords(snake(label), name, int(variable["slot"]), count))
