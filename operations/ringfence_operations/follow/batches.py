"""Many questions to a node in one request, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from requests import HTTPError
from web3.exceptions import Web3Exception

from ringfence_operations.follow.connection import Node, NodeRefused, NodeUnreachable

MOST: Final = 100  # questions in a request, which most nodes allow
TRY_LATER: Final = 429
SERVER_ERRORS: Final = 500

Question: TypeAlias = tuple[str, Sequence[Any]]  # method, parameters


@dataclass(frozen=True, slots=True)
class Failure:
    """The node's refusal of one question; ``data`` is hex text, of a call that reverted for one."""

    code: int
    message: str
    data: str

    @property
    def is_revert(self) -> bool:
        """Return whether a call got as far as the contract, which refused."""
        return self.data not in ("", "0x") or "revert" in self.message.lower()


def ask(node: Node, method: str, *params: Any) -> Any:
    """Return a node's answer.

    Raises:
        NodeRefused: the answer is an error.
        NodeUnreachable: there is none.
    """
    (answer,) = ask_many(node, [(method, params)])
    return answered(node, answer)


def answered(node: Node, answer: Any) -> Any:
    """Return an answer that is none of ``Failure``; raises NodeRefused."""
    if isinstance(answer, Failure):
        raise NodeRefused(f"{node.place}: the node refused: {answer.message}")
    return answer


def ask_many(node: Node, questions: Sequence[Question]) -> list[Any]:
    """Return the answer of each question, in their order: what JSON holds, or a ``Failure``.

    They are sent in batches, in halves of them where the node takes no batch of that size, and one at a time
    at the end. Raises NodeUnreachable.
    """
    answers: list[Any] = []
    for start in range(0, len(questions), MOST):
        answers += _ask_batch(node, questions[start : start + MOST])
    return answers


def _ask_batch(node: Node, questions: Sequence[Question]) -> list[Any]:
    if len(questions) == 1:
        return [_ask_one(node, *questions[0])]
    try:
        replies = node.web3.provider.make_batch_request(list(questions))
    except HTTPError as failure:
        _check_presence(node, failure)
        replies = None
    except OSError as failure:
        raise _unreachable(node, failure) from None
    except (NotImplementedError, Web3Exception, ValueError):
        replies = None  # no batches there, or none that large
    if isinstance(replies, list) and len(replies) == len(questions):
        return [_answer(reply) for reply in replies]
    middle = len(questions) // 2
    return [*_ask_batch(node, questions[:middle]), *_ask_batch(node, questions[middle:])]


def _ask_one(node: Node, method: str, params: Sequence[Any]) -> Any:
    try:
        return _answer(node.web3.provider.make_request(method, list(params)))
    except HTTPError as failure:
        _check_presence(node, failure)
        return Failure(_status(failure), f"HTTP {_status(failure)}", "")
    except OSError as failure:
        raise _unreachable(node, failure) from None
    except (Web3Exception, ValueError) as failure:
        raise NodeUnreachable(f"{node.place}: the answer is no JSON-RPC ({type(failure).__name__})") from None


def _answer(reply: Any) -> Any:
    """Return the result in a reply, or its error."""
    error = reply.get("error")
    if error is None:
        return reply.get("result")
    if not isinstance(error, dict):
        return Failure(0, str(error), "")
    data = error.get("data")
    return Failure(
        int(error.get("code", 0)), str(error.get("message", "")), data if isinstance(data, str) else ""
    )


def _check_presence(node: Node, failure: HTTPError) -> None:
    """Raise NodeUnreachable if a node with this answer may be better later."""
    if _status(failure) == TRY_LATER or _status(failure) >= SERVER_ERRORS:
        raise _unreachable(node, failure) from None


def _status(failure: HTTPError) -> int:
    return failure.response.status_code if failure.response is not None else SERVER_ERRORS


def _unreachable(node: Node, failure: OSError) -> NodeUnreachable:
    # the failure's own text has the node's URL, and that may hold a key
    reason = f"HTTP {_status(failure)}" if isinstance(failure, HTTPError) else type(failure).__name__
    return NodeUnreachable(f"{node.place}: the node does not answer ({reason})")
