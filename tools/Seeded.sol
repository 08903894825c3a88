// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Anyone can destroy it: what slither must find before its silence on contracts/ counts.
contract Seeded {
    function destroy() external {
        selfdestruct(payable(msg.sender));
    }
}
