"""Actions made of several functions, and functions that are two actions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.arguments import HELD, IS_LONG, PLEDGED, SIZE, funds_check
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.kinds import OF_A_POSITION, is_of_closes, is_of_opens, is_order, is_undoing
from ringfence.vaults.draft.synonyms import LONG, SHORT
from ringfence.vaults.draft.words import has

A_CLOSE: Final = "a close that is executed later: it writes no position"
WORST: Final = f"2**256 - 1 if {IS_LONG} else 0"
AN_ORDER: Final = "an order, executed later: of no kind, as what it takes is not the position's yet"


def order_of(draft: DraftedAction, *, is_stored: bool, is_written: bool) -> Iterator[DraftedAction]:
    """Yield an order that is carried out later, as one that asks for a close or as an action of no kind.

    ``is_written``: does it write positions itself, and ``is_stored``, other variables alone? What takes an
    order back is one for a position, and one for a position that is not there yet.
    """
    is_asked = not is_written and (is_stored or is_order(draft.function))
    if is_undoing(draft.function) and "position" in draft.parameters:
        yield replace(draft, account="rf.Trader")
        yield for_closed(draft)
    elif draft.kind is Kind.CLOSES and is_asked:
        yield replace(draft, kind=Kind.ASKS_TO_CLOSE, reason=f"{A_CLOSE}: {draft.reason}")
    elif draft.kind in OF_A_POSITION and is_order(draft.function) and not is_written:
        order = replace(draft, kind=Kind.OTHER, account="rf.Trader", reason=f"{AN_ORDER}: {draft.reason}")
        yield _at_any_price(order) if draft.kind is Kind.INCREASES else order
    else:
        yield draft


def _at_any_price(draft: DraftedAction) -> DraftedAction:
    """Return an order to increase with a limit by the position's side: that of no kind is a close's."""
    return replace(
        draft,
        parameters={name: hint for name, hint in draft.parameters.items() if name != "limit"},
        arguments=tuple(WORST if each == "limit" else each for each in draft.arguments),
    )


def for_closed(draft: DraftedAction) -> DraftedAction:
    """Return an action for a position that was asked for and is not there yet."""
    parameters = draft.parameters | {"position": "rf.ClosedPosition"}
    reason = f"the same as {draft.method}, for a position that is not there yet"
    return replace(draft, method=f"{draft.method}_open", parameters=parameters, reason=reason)


def executions(draft: DraftedAction) -> Iterator[DraftedAction]:
    """Yield what carries out orders, as one for a position and one for a position that is not there yet."""
    if is_of_opens(draft.function):
        yield replace(for_closed(draft), method=draft.method, reason=draft.reason)
        return
    yield draft
    if not is_of_closes(draft.function):
        yield for_closed(draft)


def is_for_closed(draft: DraftedAction) -> bool:
    """Return whether an action is for a position that is not there."""
    return "rf.ClosedPosition" in draft.parameters.values()


def with_one_open(found: list[DraftedAction]) -> list[DraftedAction]:
    """Return the actions with an open for longs and one for shorts joined to one."""
    opens = [each for each in found if each.kind is Kind.OPENS]
    longs = [each for each in opens if has(each.function.name, LONG - {"up"})]
    shorts = [each for each in opens if has(each.function.name, SHORT - {"down"})]
    if not (longs and shorts) or longs[0].function.inputs != shorts[0].function.inputs:
        return found
    both = replace(longs[0], method="open", other=shorts[0].function.name)
    return [both if each is longs[0] else each for each in found if each is not shorts[0]]


def opens_in_two(adds: DraftedAction, borrows: DraftedAction, owner: str) -> DraftedAction:
    """Return an open made of a deposit of margin and a borrow; ``owner`` stands for the position's owner."""
    pledging = _by_account(adds, owner).of_amount("margin")
    first = ("mark = self.workspace.snapshot()", *_sent_first("pledged", pledging))
    return replace(
        _by_account(borrows, owner),
        method="open",
        kind=Kind.OPENS,
        account="rf.Trader",
        parameters={"size": "rf.Size", "margin": "rf.Assets"},
        before=(*funds_check(pledging.ether), *first),
        reason=f"no function opens: {adds.function.name} and then {borrows.function.name}",
        is_undone=True,
    )


def closes_all(found: list[DraftedAction]) -> list[DraftedAction]:
    """Return a close made of a decrease by all that is held, where no function closes.

    What was opened by a deposit of margin has that returned, too.
    """
    decreases = next((each for each in found if each.kind is Kind.DECREASES), None)
    if decreases is None or any(each.kind is Kind.CLOSES for each in found):
        return []
    closing = _of_all(decreases)
    removes = next((each for each in found if each.kind is Kind.REMOVES_MARGIN), None)
    is_pledged = any(each.is_undone for each in found)
    return [_then(closing, removes) if removes and is_pledged else closing]


def _of_all(decreases: DraftedAction) -> DraftedAction:
    """Return a decrease by all that is held, as a close."""
    return replace(
        decreases,
        method="close",
        kind=Kind.CLOSES,
        parameters={name: hint for name, hint in decreases.parameters.items() if name != "size"},
        arguments=tuple(each.replace(SIZE, HELD) for each in decreases.arguments),
        reason="no function closes: a decrease by all that is held",
    )


def _then(closing: DraftedAction, removes: DraftedAction) -> DraftedAction:
    """Return a close that also has the margin returned."""
    mark = f"mark, margin = self.workspace.snapshot(), {PLEDGED}"
    return replace(
        closing,
        function=removes.function,
        contract=removes.contract,
        arguments=removes.of_amount("margin").arguments,
        ether="",
        before=(*closing.before, mark, *_sent_first("repaid", closing)),
        reason=f"no function closes: {closing.function.name} all, then {removes.function.name} all",
        is_undone=True,
    )


def _by_account(draft: DraftedAction, owner: str) -> DraftedAction:
    """Return an action with the sender for the position's owner."""
    arguments = tuple("account" if each == owner else each for each in draft.arguments)
    return replace(draft, arguments=arguments)


def _sent_first(outcome: str, draft: DraftedAction) -> tuple[str, ...]:
    """Return the lines that send an action before another one."""
    return (
        f"{outcome} = self.send({', '.join(draft.sent)})",
        f"if isinstance({outcome}, rf.Refused):",
        f"    return {outcome}",
    )
