"""Drafting an adapter: read the project, deploy, map, write, try, and write again with what was accepted."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from ringfence.vaults.draft.actions import Actions
from ringfence.vaults.draft.adapter_draft import AdapterDraft
from ringfence.vaults.draft.choice import chosen
from ringfence.vaults.draft.compilation import read
from ringfence.vaults.draft.deployer import Deployer
from ringfence.vaults.draft.funding import fund, provide
from ringfence.vaults.draft.keys import key_of
from ringfence.vaults.draft.links import link
from ringfence.vaults.draft.price import find_price
from ringfence.vaults.draft.project import CannotDraft, Sources
from ringfence.vaults.draft.readings import reading_of
from ringfence.vaults.draft.signatures import Contract
from ringfence.vaults.draft.totals import observed
from ringfence.vaults.draft.trial import Attempt, try_draft
from ringfence.vaults.draft.units import in_another_token, other_units, unit_of
from ringfence.vaults.draft.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Written:
    """An adapter's source code, and what is to be filled in; ``unread`` says why no sources were read."""

    text: str
    vault: str
    remarks: tuple[str, ...]
    unread: str


def drafted(folder: Path, contract: str | None, part: str | None) -> Written:
    """Draft an adapter for a project's vault; raises CannotDraft."""
    sources = read(folder, part)
    vault = sources.contract(contract) if contract else chosen(sources)
    draft = _mapped(vault, _deployed(vault, sources))
    if draft.wiring.is_deployed:
        _rehearse(draft, folder)
    return Written(draft.text(), vault.name, draft.remarks, sources.remark)


def _deployed(vault: Contract, sources: Sources) -> Deployer:
    """Return the vault with all it wants, everything linked, priced and funded."""
    deployer = Deployer(Wiring(sources))
    deployer.vault(vault)
    link(deployer)
    find_price(deployer)
    fund(deployer.wiring)
    return deployer


def _mapped(vault: Contract, deployer: Deployer) -> AdapterDraft:
    """Return a draft of what a deployment's functions do and its views show."""
    wiring = deployer.wiring
    key = key_of(vault)
    reading = reading_of(wiring.parts, key)
    actions = Actions(deployer, key, reading).all()
    unit = unit_of(wiring, reading, actions)
    if wiring.other_tokens:
        actions = [in_another_token(each) for each in actions]
    draft = AdapterDraft(vault.name, wiring, key, reading, observed(wiring, key, reading), actions, unit)
    provide(wiring, actions)
    return draft


def _rehearse(draft: AdapterDraft, folder: Path) -> None:
    """Try a draft with each unit until an open is accepted, and again with the funds that it shows then."""
    guess = draft.unit
    for unit in other_units(guess, draft.wiring):
        draft.unit = unit
        draft.trial = _tried(draft, folder)
        if draft.trial.is_open:
            break
    else:
        draft.unit = guess
    if draft.trial.funds:
        for name in draft.trial.funds:
            draft.observed.count_as_fund(name)
        again = _tried(draft, folder)
        draft.trial = replace(again, reopens=draft.trial.reopens)  # what the draft refuses now


def _tried(draft: AdapterDraft, folder: Path) -> Attempt:
    return try_draft(_loaded(draft.text(), folder, draft.class_name), draft.wiring.margin_decimals)


def _loaded(text: str, folder: Path, name: str) -> Any:
    """Return the class of an adapter's source code, as if it were in the folder; raises CannotDraft."""
    module = ModuleType("ringfence_adapter")
    file = module.__file__ = str(folder / "ringfence_adapter.py")
    try:
        exec(compile(text, file, "exec"), vars(module))
    except Exception as failure:  # a draft must run: what does not is reported, with its place
        raise CannotDraft(f"The draft does not run: {type(failure).__name__}: {failure}.") from failure
    return vars(module)[name]
