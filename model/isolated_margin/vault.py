"""The vault: one method per external function, the caller first, then the arguments of the ABI."""

from isolated_margin.funds import Funds
from isolated_margin.keeping import Keeping
from isolated_margin.resuming import Resuming
from isolated_margin.roles import Roles
from isolated_margin.settling import Settling
from isolated_margin.trading import Trading


class Vault(Trading, Keeping, Settling, Funds, Roles, Resuming):
    """One market's positions. A call is applied whole, or raises a ``Refusal`` and changes nothing.

    ``trading``: open, increase, decrease, close, add_margin, remove_margin. ``keeping``: liquidate,
    deleverage. ``settling``: settle_market. ``funds``: claim, collect_owed, fund_insurance.
    ``roles``: operators, pause, ownership, the pool's lock. ``resuming``: the standing of another vault.
    The lock keeps nothing out: nothing here can be called from inside.
    """

    __slots__ = ()
