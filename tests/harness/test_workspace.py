"""The workspace: names for contracts, refusals as data or as one sentence, and a way back."""

import pytest
from ringfence.evm.artifacts import load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import NoSuchPosition, NotDeployed, Workspace, WorkspaceError
from ringfence.types.outcome import Done, Event, Refused
from ringfence.types.roles import OWNER, STRANGER
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import STANDARD

TOKEN = load("MockToken")
TOO_POOR = Refused("ERC20InsufficientBalance", (OWNER, 0, 1))


@pytest.fixture
def workspace() -> Workspace:
    """Return a workspace with a token."""
    made = Workspace(RevmChain())
    made.deploy("token", TOKEN, 6)
    return made


def test_refusals__are_data_where_asked_for_and_one_sentence_elsewhere(workspace: Workspace) -> None:
    """``send`` and ``ask`` return a refusal; ``do``, ``read`` and ``deploy`` raise it."""
    assert workspace.send(OWNER, "token", "transfer", STRANGER, 1) == TOO_POOR
    refused = r"^owner can't call token\.transfer\('stranger', 1\): it ends in ERC20InsufficientBalance"
    with pytest.raises(WorkspaceError, match=refused):
        workspace.do(OWNER, "token", "transfer", STRANGER, 1)
    panics = workspace.place(load("Panics"))
    (asked,) = [name for name in workspace.interfaces[panics].functions if name.startswith("overflows")]
    assert workspace.ask(panics, asked, 2**256 - 1) == Refused("Panic", (0x11,))
    with pytest.raises(WorkspaceError, match=rf"^{panics}\.{asked}\(.*\) ends in Panic\(17,\)\.$"):
        workspace.read(panics, asked, 2**256 - 1)
    terms = market_config("token", STRANGER, STANDARD), load("LiquidityPool").bytecode
    refused = r"^vault can't be deployed: IsolatedMarginVault ends in InvalidParameter\('feed',\)\.$"
    with pytest.raises(NotDeployed, match=refused):
        workspace.deploy("vault", load("IsolatedMarginVault"), *terms)


def test_contract__by_its_address__logs_under_it_and_is_no_part_of_the_vault(workspace: Workspace) -> None:
    """Findings are told apart by the code of the contracts that have names."""
    code = workspace.creation_code
    placed = workspace.place(TOKEN, 6)
    done = workspace.send(OWNER, placed, "mint", STRANGER, 7)
    assert done == Done(None, (Event(placed, "Transfer", ("", STRANGER, 7)),))
    assert workspace.number(placed, "balanceOf", STRANGER) == 7
    assert workspace.creation_code == code == TOKEN.bytecode


def test_restore__brings_back_chain_keys_and_gas(workspace: Workspace) -> None:
    """A key that was opened after the mark is gone, and its number free."""
    workspace.opened(workspace.send(OWNER, "token", "mint", OWNER, 1), "first")
    mark, gas = workspace.snapshot(), workspace.gas_used
    assert workspace.opened(workspace.send(OWNER, "token", "transfer", STRANGER, 1), "second") == Done(
        2, (Event("token", "Transfer", (OWNER, STRANGER, 1)),)
    )
    assert workspace.gas_used != gas
    workspace.restore(mark)
    assert workspace.gas_used == gas
    assert workspace.key(1) == "first"
    assert workspace.number("token", "balanceOf", OWNER) == 1
    with pytest.raises(NoSuchPosition):
        workspace.key(2)


def test_event__of_a_proxy__is_read_by_the_interface_that_knows_it(workspace: Workspace) -> None:
    """Two ABIs at one address: the vault's and the proxy's own."""
    workspace.know("proxy", load("Panics"), workspace.contracts["token"])
    done = workspace.send(OWNER, "token", "mint", STRANGER, 5)
    assert isinstance(done, Done)
    assert [each.name for each in done.events] == ["Transfer"]
