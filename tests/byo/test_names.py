"""Names in an adapter: an unknown one is told with file and line, before anything runs or when it is used."""

import re
from pathlib import Path

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.target import Target
from ringfence.types.exit_codes import ExitCode

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTIONAL = EXAMPLES / "notional-vault" / "adapter.py"
HEAD = f"""import ringfence as rf
Base = rf.load({str(f"{NOTIONAL}:NotionalVault")!r})
VIEW, ROUTER, WRONG = "equity", "router", "posision"


class Vault(Base):
    named = "custody"

"""


def adapter(tmp_path: Path, *lines: str) -> Path:
    """Return the file of the example with one more method, whose body begins in line 10."""
    file = tmp_path / "named.py"
    body = "".join(f"        {line}\n" for line in lines)
    file.write_text(f"{HEAD}    def extra(self, account, *rest):\n{body}")
    return file


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('self.send(account, "vault", "open", True, 1, 2)', "there is no contract 'vault'"),
        (
            'self.send(account, "rooter", "open", True, 1, 2)',
            "there is no contract 'rooter'; near it: router",
        ),
        (
            'self.send(account, "router", "openn", True, 1, 2)',
            "router has no function 'openn'; near it: open",
        ),
        ('self.send(account, ROUTER, "open", True, 1)', "router.open takes 3 arguments, not 2"),
        (
            'self.send("trader_x", ROUTER, "provide", 1)',
            "no account or contract 'trader_x'; near it: trader_",
        ),
        (
            'self.workspace.do("owner", "token", "mintt", "owner", 1)',
            "token has no function 'mintt'; near it: m",
        ),
        (
            'self.workspace.read("book", WRONG, account, True)',
            "book has no function 'posision'; near it: posit",
        ),
        (
            'self.workspace.read("token", "balanceOf", "custard")',
            "no account or contract 'custard'; near it: cus",
        ),
        (
            'self.workspace.read("book", "position(address)", account)',
            "book has no function 'position(address)'",
        ),
        (
            'self.workspace.number(self.named, "liqidity")',
            "custody has no function 'liqidity'; near it: liqui",
        ),
        (
            'self.workspace.variable("custody", "reservd")',
            "custody has no variable 'reservd'; near it: reserved",
        ),
        ('self.workspace.ether("custdy")', "there is no account or contract 'custdy'; near it: custody"),
        (
            'number, held = self.workspace.number, {}; number("book", "opnInterest", True)',
            "no function 'opnI",
        ),
        (
            'self.workspace.ask("book", "position", account, True, sender="nobdy")',
            "no account or contract 'nobdy",
        ),
    ],
)
def test_start__unknown_name__is_told_with_file_and_line(line: str, sentence: str, tmp_path: Path) -> None:
    file = adapter(tmp_path, line)
    with pytest.raises(rf.AdapterFault, match=f"^{re.escape(str(file))}, line 10: .*{re.escape(sentence)}"):
        Target.named(f"{file}:Vault").system("Vault")


@pytest.mark.parametrize(
    "lines",
    [
        ('self.send(account, "router", "close", *rest)',),
        ("self.send(account, rest[0], rest[1])",),
        ('self.workspace.read("book", "position(address,bool)", account, True)',),
        ('if "fund" in self.workspace.contracts:', '    self.workspace.read("fund", "held")'),
        ("if not self.has_fund:", "    return None", 'self.workspace.read("fund", "held")'),
        ("try:", '    self.workspace.read("fund", "held")', "except KeyError:", "    return None"),
        ('self.workspace.know("fund", None, rest[0])', 'self.workspace.read("fund", "held")'),
        ("self.workspace.know(account, None, rest[0])", 'self.workspace.read("fund", "held")'),
        ("VIEW = rest[0]", 'self.workspace.read("book", VIEW, account)'),
    ],
)
def test_start__names_that_may_be_there__are_passed_over(lines: tuple[str, ...], tmp_path: Path) -> None:
    Target.named(f"{adapter(tmp_path, *lines)}:Vault").system("Vault")


def test_campaign__computed_name__is_one_sentence_with_its_line(tmp_path: Path) -> None:
    file = adapter(tmp_path, 'return self.send(account, "router", "openn"[:5], *rest)')
    file.write_text(
        file.read_text().replace("extra(self, account, *rest)", "open(self, account, *rest, **named)")
    )
    arguments = ["campaign", "--adapter", f"{file}:Vault", "--steps", "50", "--seed", "1"]
    result = CliRunner().invoke(ringfence, arguments, env={"COLUMNS": "400"})
    assert result.exit_code == ExitCode.CANNOT_TELL
    raised = f"Vault.apply raised UnknownName at {file}:10: router has no function 'openn'; near it: open"
    assert raised in result.output.replace("\n", "")


@pytest.mark.parametrize("command", ["campaign", "check"])
def test_command__unknown_name__ends_before_the_first_step(command: str, tmp_path: Path) -> None:
    file = adapter(tmp_path, 'self.send(account, "router", "openn")')
    result = CliRunner().invoke(ringfence, [command, "--adapter", f"{file}:Vault"], env={"COLUMNS": "400"})
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert f"{file}, line 10: router has no function 'openn'; near it: open." in result.output.replace(
        "\n", ""
    )


def test_check_vault__unknown_name__is_told(tmp_path: Path) -> None:
    vault = rf.load(f"{adapter(tmp_path, 'self.send(account, ROUTER, VIEW)')}:Vault")
    with pytest.raises((rf.AdapterFault, AssertionError), match="line 10: router has no function 'equity'"):
        rf.check_vault(vault, runs=1)
