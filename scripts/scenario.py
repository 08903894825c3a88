"""Play a price path against a book of positions: ape run scenario [--prices FILE.csv] [--network revm]"""

from ringfence.cli.scenario import scenario_command

cli = scenario_command("ethereum:local:test")
