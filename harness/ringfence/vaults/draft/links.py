"""What a vault has made, and setters that want the address of another contract."""

from ringfence.types.roles import FEED, OWNER
from ringfence.vaults.draft.deployer import Deployer
from ringfence.vaults.draft.guesses import scales
from ringfence.vaults.draft.setters import addresses_of
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param
from ringfence.vaults.draft.synonyms import FEEDS, OFFICERS, TOKENS
from ringfence.vaults.draft.words import has, snake


def link(deployer: Deployer) -> None:
    """Name what contracts have made, and have each know the addresses that it waits for."""
    named = deployer.wiring.named
    for name in list(named):
        _know_parts(deployer, name)
    for name in list(named):
        for function in named[name].functions.values():
            if name not in deployer.wiring.tokens:
                _link(deployer, name, function)


def _know_parts(deployer: Deployer, name: str) -> None:
    """Name the contracts of the project whose addresses a contract shows."""
    wiring = deployer.wiring
    maker = wiring.named[name]
    for view in maker.views(0):
        contract = _part(deployer, view)
        address = wiring.ask(name, view.name) if contract else None
        part = snake(view.name)
        if contract is None or part in wiring.named or not str(address).startswith("0x"):
            continue
        shown = f'str(workspace.read("{name}", "{view.name}"))'
        code = f'workspace.know("{part}", self.project["{contract.key}"], {shown})'
        if wiring.run(code, f"deployed by {maker.name}"):
            wiring.named[part] = contract
            _know_parts(deployer, part)


def _part(deployer: Deployer, view: AbiFunction) -> Contract | None:
    """Return the contract of the project that a view shows the address of, by its type or its name."""
    sources = deployer.wiring.sources
    if [each.type for each in view.outputs] != ["address"]:
        return None
    declared = view.outputs[0].contract
    if declared in sources.contracts:
        return sources.contracts[declared]
    return next(iter(sources.implementing(declared) if declared else sources.called(view.name)), None)


def _link(deployer: Deployer, name: str, function: AbiFunction) -> None:
    """Call a setter, if all the addresses that it wants are known."""
    wiring = deployer.wiring
    contract, wanted = wiring.named[name], addresses_of(function)
    found = [wiring.known(each) or _first_of_its_kind(deployer, each, contract) for each in wanted]
    is_clear = all(known or has(each.name, OFFICERS) for known, each in zip(found, wanted, strict=True))
    for scale in scales(function.inputs) if is_clear and any(found) else ():
        arguments = [_argument(deployer, each, contract, scale) for each in function.inputs]
        reason = f"{function.signature}: a setter that wants an address"
        if wiring.call(OWNER, name, function.name, arguments, reason):
            wiring.setters.add((name, function.name))
            break


def _argument(deployer: Deployer, param: Param, contract: Contract, scale: int) -> str:
    if param.type == "address":
        return f'"{deployer.wiring.known(param) or OWNER}"'
    return deployer.value(param, contract, scale)


def _first_of_its_kind(deployer: Deployer, param: Param, of: Contract) -> str:
    """Return a token or a feed made for a setter, where there is none yet."""
    name, wiring = f"{param.name} {param.contract}", deployer.wiring
    lacks_token = has(name, TOKENS) and not wiring.tokens
    lacks_feed = has(name, FEEDS) and FEED not in wiring.named
    return deployer.thing(param, of) if lacks_token or lacks_feed else ""
