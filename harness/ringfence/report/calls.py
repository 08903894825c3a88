"""The calls of a finding's last step in words: names, arguments, what was returned, logged and stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.target import Target
from ringfence.evm.abi.coder import MalformedOutput
from ringfence.evm.abi.interface import digest, inputs_coder
from ringfence.evm.call_trace import StorageWrite, TracedCall, TracingWorkspace
from ringfence.evm.chains.base import Log
from ringfence.report.units import shown
from ringfence.types.finding import Finding
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value

TOO_LONG: Final = "It takes too much gas to be traced."


def calls_of(finding: Finding) -> list[str]:
    """Return a line for each call, log and named storage word, indented by depth; none without a chain."""
    target = Target.of(finding)
    target.workspace = TracingWorkspace
    system = target.system(finding.market)
    vault = system.vault
    assert isinstance(vault, ValidatedVault)
    assert isinstance(vault.bench, TracingWorkspace)
    system.restart()
    for step in finding.sequence[:-1]:
        vault.apply(step)
    vault.bench.is_tracing = True
    for step in finding.sequence[-1:]:
        vault.apply(step)
    write = CallText(vault.bench, finding.market)
    return [line for account, call in vault.bench.traced for line in write.transaction(account, call)]


class CallText:
    """Writes calls by the ABIs of a workspace."""

    def __init__(self, workspace: TracingWorkspace, market: VaultMarket) -> None:
        """Write amounts by a market's decimals."""
        self._workspace, self._market = workspace, market

    def transaction(self, account: str, call: TracedCall | None) -> Iterator[str]:
        """Yield the lines of a transaction."""
        yield f"{account}:"
        yield from self._call(call, "  ") if call else [f"  {TOO_LONG}"]

    def _call(self, call: TracedCall, margin: str) -> Iterator[str]:
        name, inner = self._workspace.book.name(bytes.fromhex(call.address[2:])), margin + "  "
        entry = self._declared(call.address, "function", call.data[:4])
        if call.is_creation:
            yield f"{margin}creates a contract"
        elif entry:
            inputs = self._values(entry["inputs"], call.data[4:])
            returned = self._values(entry["outputs"], call.output) if call.ok and call.output else ""
            yield f"{margin}{name}.{entry['name']}({inputs}){' returns ' if returned else ''}{returned}"
        else:
            yield f"{margin}{name}: 0x{call.data.hex()}"
        for part in call.parts:
            yield from self._part(part, inner)
        if not call.ok:
            refused = self._workspace.refusals.read(call.output)
            args = ", ".join(shown("", each, self._market) for each in refused.args)
            yield f"{inner}reverts: {refused.error}({args})"

    def _part(self, part: TracedCall | Log | StorageWrite, margin: str) -> Iterator[str]:
        match part:
            case TracedCall():
                yield from self._call(part, margin)
            case Log():
                yield margin + self._log(part)
            case StorageWrite():
                yield from (margin + line for line in self._written(part))

    def _written(self, write: StorageWrite) -> Iterator[str]:
        """Yield what a word that a layout names is set to: in hexadecimals if it holds several values."""
        contract = next((name for name, at in self._workspace.contracts.items() if at == write.address), None)
        variables = self._workspace.slot_names(contract).name(write.slot) if contract else None
        if variables:
            word = f"{write.word:#x}" if "," in variables else shown("", write.word, self._market)
            yield f"{contract} stores {variables} = {word}"

    def _log(self, log: Log) -> str:
        event = self._workspace.event(log)
        entry = self._declared(log.address, "event", log.topics[0]) if log.topics else None
        return (
            f"{event.emitter} logs {event.name}({self._named(entry['inputs'] if entry else (), event.args)})"
        )

    def _declared(self, address: str, kind: str, hashed: bytes) -> Mapping[str, Any] | None:
        """Return what one of the contracts at an address declares by the hash of its signature."""
        names = [name for name, at in self._workspace.contracts.items() if at == address]
        entries = (entry for name in names for entry in self._workspace.artifacts[name].abi)
        found = (each for each in entries if each["type"] == kind and digest(each).startswith(hashed))
        return next(found, None) if hashed else None

    def _values(self, parts: Any, content: bytes) -> str:
        """Return encoded values; the bytes themselves where they are not what the ABI says."""
        try:
            values = inputs_coder(parts, self._workspace.book).decode(content, 0)
        except MalformedOutput:
            return f"0x{content.hex()}"
        assert isinstance(values, tuple)
        return self._named(parts, values)

    def _named(self, parts: Any, values: tuple[Value, ...]) -> str:
        names = [each["name"] for each in parts] or [""] * len(values)
        pairs = zip(names, values, strict=True)
        return ", ".join(f"{name} {shown(name, value, self._market)}".strip() for name, value in pairs)
