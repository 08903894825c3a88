"""A node's JSON-RPC: many questions in one request, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from requests import HTTPError
from ringfence.types.errors import RingfenceError
from web3.exceptions import CannotHandleRequest, Web3Exception

MOST: Final = 100  # questions in a request, which most nodes allow
TRY_LATER: Final = 429
SERVER_ERRORS: Final = 500

Question: TypeAlias = tuple[str, Sequence[Any]]  # method, parameters


class Temporary(RingfenceError):
    """What stops a command now may be over later."""


class NodeUnreachable(Temporary):
    """Nothing answers at the node's address."""


class NodeRefused(Temporary):
    """The node answers, and refuses what it is asked."""


class Provider(Protocol):
    """What carries questions to a node: a provider of web3."""

    def make_request(self, method: Any, params: Any) -> Any:
        """Return the reply to one question."""
        ...

    def make_batch_request(self, requests: Any) -> Any:
        """Return the replies to many questions, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """The node's refusal of one question; ``data`` is hex text, for example of a call that reverted."""

    code: int
    message: str
    data: str

    @property
    def is_revert(self) -> bool:
        """Return whether a call reached the contract, which refused."""
        return self.data not in ("", "0x") or "revert" in self.message.lower()

    @property
    def output(self) -> bytes:
        """Return what the contract gave as its reason."""
        return bytes.fromhex(self.data.removeprefix("0x"))


class Rpc:
    """Asks one node. ``place`` names it in sentences."""

    def __init__(self, provider: Provider, place: str) -> None:
        """Ask through ``provider``."""
        self._provider, self.place = provider, place

    def ask(self, method: str, *params: Any) -> Any:
        """Return the node's answer; raises NodeRefused, NodeUnreachable."""
        (answer,) = self.ask_many([(method, params)])
        return self.answered(answer)

    def answered(self, answer: Any) -> Any:
        """Return an answer that is no ``Failure``; raises NodeRefused."""
        if isinstance(answer, Failure):
            raise NodeRefused(f"{self.place}: the node refused: {answer.message}")
        return answer

    def ask_many(self, questions: Sequence[Question]) -> list[Any]:
        """Return the answer to each question, in their order: what JSON holds, or a ``Failure``.

        They are sent in batches; where the node takes no batch of that size, in halves, down to one question.
        Raises NodeUnreachable.
        """
        answers: list[Any] = []
        for start in range(0, len(questions), MOST):
            answers += self._ask_batch(questions[start : start + MOST])
        return answers

    def _ask_batch(self, questions: Sequence[Question]) -> list[Any]:
        if len(questions) == 1:
            return [self._ask_one(*questions[0])]
        try:
            replies = self._provider.make_batch_request(list(questions))
        except HTTPError as failure:
            self._check_presence(failure)
            replies = None
        except OSError as failure:
            raise self._unreachable(failure) from None
        except (NotImplementedError, Web3Exception, ValueError):
            replies = None  # no batches there, or none that large
        if isinstance(replies, list) and len(replies) == len(questions):
            return [_answer(reply) for reply in replies]
        middle = len(questions) // 2
        return [*self._ask_batch(questions[:middle]), *self._ask_batch(questions[middle:])]

    def _ask_one(self, method: str, params: Sequence[Any]) -> Any:
        try:
            return _answer(self._provider.make_request(method, list(params)))
        except HTTPError as failure:
            self._check_presence(failure)
            return Failure(_status(failure), f"HTTP {_status(failure)}", "")
        except (OSError, CannotHandleRequest) as failure:  # the second from a provider that tried several
            raise self._unreachable(failure) from None
        except (Web3Exception, ValueError) as failure:
            name = type(failure).__name__
            raise NodeUnreachable(f"{self.place}: the answer is no JSON-RPC ({name})") from None

    def _check_presence(self, failure: HTTPError) -> None:
        """Raise NodeUnreachable if a node with this answer may give another later."""
        if _status(failure) == TRY_LATER or _status(failure) >= SERVER_ERRORS:
            raise self._unreachable(failure) from None

    def _unreachable(self, failure: Exception) -> NodeUnreachable:
        # the failure's own text has the node's URL, and that may hold a key
        reason = f"HTTP {_status(failure)}" if isinstance(failure, HTTPError) else type(failure).__name__
        return NodeUnreachable(f"{self.place}: the node does not answer ({reason})")


def _answer(reply: Any) -> Any:
    """Return the result in a reply, or its error."""
    error = reply.get("error")
    if error is None:
        return reply.get("result")
    if not isinstance(error, dict):
        return Failure(0, str(error), "")
    data = error.get("data")
    output = data.removeprefix("Reverted ") if isinstance(data, str) else ""  # as some nodes write it
    return Failure(int(error.get("code", 0)), str(error.get("message", "")), output)


def _status(failure: HTTPError) -> int:
    return failure.response.status_code if failure.response is not None else SERVER_ERRORS
