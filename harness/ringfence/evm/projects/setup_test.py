"""The Foundry test that runs another's ``setUp()``, or a script's ``run()``, and has forge dump the state.

What it learns it leaves in the storage of a contract, which the dump has; forge leaves the test itself out.
Variables of the environment, called as the functions, say which there are.
"""

from typing import Final

from eth_utils.crypto import keccak

TEST: Final = "RingfenceSetup"
SETUP: Final = "test_setup"  # the function that the template below has
CALLS: Final = ("setUp()", "run()")
MARK: Final = int.from_bytes(keccak(text="ringfence"))  # the first word of the note
SOURCE: Final = """// SPDX-License-Identifier: MIT
pragma solidity >=0.8.0;

import {SUBJECT as Subject} from "FILE";

interface RingfenceVm {
    function dumpState(string calldata path) external;
    function envBool(string calldata name) external view returns (bool);
    function getBlockNumber() external view returns (uint256);
    function getBlockTimestamp() external view returns (uint256);
}

contract RingfenceNote {
    uint256 private mark = uint256(keccak256("ringfence"));
    address private subject;
    uint256 private number;
    uint256 private time;

    constructor(address subject_, uint256 number_, uint256 time_) {
        (subject, number, time) = (subject_, number_, time_);
    }
}

contract RingfenceSetup {
    RingfenceVm private constant vm = RingfenceVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function test_setup() external {
        address subject = address(new Subject());
        call(subject, "setUp()");
        call(subject, "run()");
        new RingfenceNote(subject, vm.getBlockNumber(), vm.getBlockTimestamp());
        vm.dumpState("STATE");
    }

    function call(address subject, string memory signature) private {
        if (!vm.envBool(signature)) return;
        (bool ok, bytes memory output) = subject.call(abi.encodeWithSignature(signature));
        if (!ok) {
            assembly {
                revert(add(output, 32), mload(output))
            }
        }
    }
}
"""


def setup_test(subject: str, file: str, state: str) -> str:
    """Return the test's source, for a contract in a file, that dumps into ``state``."""
    return SOURCE.replace("SUBJECT", subject).replace("FILE", file).replace("STATE", state)
