"""The ``ringfence`` command. It exists without the extras that it needs, and then says so."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from ringfence.cli.group import ringfence
    except ModuleNotFoundError as missing:
        if missing.name != "click":
            raise
        sys.exit("ringfence: the command needs the harness: pip install 'ringfence[harness]'")
    ringfence()
