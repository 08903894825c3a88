"""Whether the chain would carry out a job now, and if not, why."""

from ringfence.types.roles import VAULT

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.keeper.duties import Job, Left
from ringfence_operations.node.client import Node
from ringfence_operations.node.rpc import Failure
from ringfence_operations.sending.outbox import Call


def simulated(
    node: Node, decoder: Decoder, jobs: list[Job], caller: dict[str, str]
) -> tuple[list[Job], list[Left]]:
    """Return the jobs that the chain would carry out now, and the rest with its reasons.

    ``caller``: who calls, and with how much gas. Raises NodeRefused, NodeUnreachable.
    """
    calls = [call_of(job, decoder) for job in jobs]
    requests = [{"to": call.to, "data": "0x" + call.data.hex(), **caller} for call in calls]
    answers = node.ask_many([("eth_call", [request, "latest"]) for request in requests])
    ready, refused = [], []
    for job, answer in zip(jobs, answers, strict=True):
        if isinstance(answer, Failure) and answer.is_revert:
            refused.append((job, _reason(answer, decoder)))
        else:
            node.answered(answer)
            ready.append(job)
    return ready, refused


def call_of(job: Job, decoder: Decoder) -> Call:
    """Return the vault's function of a job's duty."""
    arguments = [job.position] if job.position else []
    data = decoder.interfaces[VAULT][job.duty.value].call(*arguments)
    return Call(job.task, decoder.addresses[VAULT], data)


def _reason(refusal: Failure, decoder: Decoder) -> str:
    refused = decoder.refusals.read(refusal.output)
    return f"{refused.error}({', '.join(map(str, refused.args))})"
