"""Drafting an adapter: read the project, deploy, map, write, try, and write again with what was accepted."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.actions import Actions, Drafted
from ringfence.vaults.draft.choice import chosen
from ringfence.vaults.draft.deployment import VAULT, Wiring
from ringfence.vaults.draft.kinds import kind_of
from ringfence.vaults.draft.positions import CALLED, Reading, counter_of, key_of, reading_of
from ringfence.vaults.draft.project import CannotDraft, Sources, read
from ringfence.vaults.draft.text import AdapterDraft
from ringfence.vaults.draft.totals import observed
from ringfence.vaults.draft.trial import try_draft
from ringfence.vaults.draft.words import Role, has

MARGINS: Final = {"collateral", "margin"}
LIQUIDITY: Final = 100_000  # whole tokens
IN_TOKENS: Final = {
    "notional",
    "debt",
    "borrow",
    "borrowed",
    "loan",
    "shares",
    "assets",
    "usd",
    "quote",
    "collateral",
}
IN_SIZE: Final = 18
OF_LENDERS: Final = (Kind.PROVIDES, Kind.WITHDRAWS, Kind.REDEEMS, Kind.LEAVES_POSITIONS)
LENT: Final = "Annotated[int, Lent()]"


@dataclass(frozen=True, slots=True)
class Written:
    """An adapter's source code, and what is to be filled in; ``unread`` says why no sources were read."""

    text: str
    vault: str
    remarks: tuple[str, ...]
    unread: str


def drafted(folder: Path, contract: str | None, part: str | None) -> Written:
    """AdapterDraft an adapter for a project's vault; raises CannotDraft."""
    sources = read(folder, part)
    vault = sources.contract(contract) if contract else chosen(sources)
    deployment = Wiring(sources)
    deployment.vault(vault)
    deployment.fund()
    draft = _draft(vault.name, deployment)
    _provide(draft)
    decimals = deployment.decimals(draft.margin_token) if draft.margin_token else IN_SIZE
    if not deployment.is_deployed:
        return Written(draft.text(), vault.name, tuple(draft.remarks), sources.remark)
    for unit in dict.fromkeys((draft.unit, 10**IN_SIZE, 10**decimals)):
        guess, reason = draft.unit, draft.unit_reason
        if unit != guess:
            draft.unit, draft.unit_reason = unit, "of a size, as an open was accepted with it when tried"
        draft.trial = try_draft(_loaded(draft.text(), folder), draft.class_name, decimals)
        if draft.trial.is_open:
            break
        draft.unit, draft.unit_reason = guess, reason
    if draft.trial.funds:
        for name in draft.trial.funds:
            draft.observed.count_as_fund(name)
        again = try_draft(_loaded(draft.text(), folder), draft.class_name, decimals)
        draft.trial = replace(again, reopens=draft.trial.reopens)  # what the draft refuses now
    return Written(draft.text(), vault.name, tuple(draft.remarks), sources.remark)


def _draft(vault: str, deployment: Wiring) -> AdapterDraft:
    named = deployment.parts
    key = key_of([named[VAULT]])
    reading = reading_of(named, key)
    actions = Actions(deployment, key, _writes_positions(deployment.sources, reading)).all()
    margin_token = _margin_token(deployment)
    unit, reason = _unit(deployment, reading, actions, margin_token)
    others = [name for name in deployment.tokens if name != margin_token]
    if others:
        actions = [_in_another_token(each) for each in actions]
    seen = observed(deployment, key, reading, margin_token)
    return AdapterDraft(
        vault, deployment, key, reading, seen, actions, unit, reason, margin_token, counter_of(named)
    )


def _in_another_token(drafted: Drafted) -> Drafted:
    """Return an action of lenders with amounts in what is lent, not in what margins are in."""
    if drafted.kind not in OF_LENDERS:
        return drafted
    hints = {
        name: LENT if hint in ("rf.Assets", "rf.Shares") else hint
        for name, hint in drafted.parameters.items()
    }
    return replace(drafted, kind=Kind.LEAVES_POSITIONS, parameters=hints)


def _writes_positions(sources: Sources, reading: Reading | None) -> Callable[[str, str], bool]:
    """Return what says whether a function writes the positions."""

    def writes(contract: str, function: str) -> bool:
        written = sources.trees.written_by(contract, function)
        known = reading is not None and reading.function in written
        return known or any(has(each, CALLED) for each in written)

    return writes


def _margin_token(deployment: Wiring) -> str:
    """Return the token that margins are in: the one called so, else the first."""
    for name, (_, wanted) in deployment.tokens.items():
        if has(wanted, MARGINS):
            return name
    return next(iter(deployment.tokens), "")


def _unit(
    deployment: Wiring, reading: Reading | None, actions: list[Drafted], margin_token: str
) -> tuple[int, str]:
    """Return how many units of the vault's own a size of 1 has, and why."""
    others = [name for name in deployment.tokens if name != margin_token]
    opens = next((each for each in actions if each.kind is Kind.OPENS), None)
    inputs = opens.function.inputs if opens else ()
    named = next((each.name for each in inputs if each.role is Role.SIZE), "")
    field = reading.size if reading else ""
    if others and (has(named or field, IN_TOKENS) or not named):
        return 10 ** deployment.decimals(others[0]), f"of a size, guessed: those of {others[0]}"
    if margin_token and has(named or field, IN_TOKENS):
        return 10 ** deployment.decimals(
            margin_token
        ), f"of a size, guessed by the name {named or field}: the token's"
    return 10**IN_SIZE, f"of a size, guessed by the name {named or field or 'size'}"


def _provide(draft: AdapterDraft) -> None:
    """Have a provider bring liquidity, as much as is accepted."""
    deployment = draft.deployment
    provides = next((each for each in draft.actions if kind_of(each.function) is Kind.PROVIDES), None)
    if provides is None:
        return
    others = [name for name in deployment.tokens if name != draft.margin_token]
    token = others[0] if others else draft.margin_token
    decimals = deployment.decimals(token) if token else IN_SIZE
    for most in (LIQUIDITY, 1_000, 10):
        amount = f"{most:_} * 10**{decimals}"
        texts = (each.replace("assets", amount) if "assets" in each else each for each in provides.arguments)
        arguments = ", ".join('"provider_1"' if each == "account" else each for each in texts)
        code = f'workspace.do("provider_1", "{provides.contract}", "{provides.function.name}", {arguments})'
        if deployment.run(code, "liquidity, which pays profits or is lent"):
            return
    deployment.remarks.append(f"{provides.function.name} was refused: bring liquidity in deploy")


def _loaded(text: str, folder: Path) -> ModuleType:
    """Return the module of an adapter's source code, as if it were in the folder."""
    name = f"_draft_{sha256(text.encode()).hexdigest()[:16]}"
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        spec = spec_from_file_location(name, file.name)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        vars(module)["__file__"] = str(folder / "ringfence_adapter.py")
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as failure:  # a draft must run: what does not is said, with its place
            raise CannotDraft(f"The draft does not run: {type(failure).__name__}: {failure}.") from failure
        finally:
            del sys.modules[name]
    return module
