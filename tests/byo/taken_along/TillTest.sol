// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface ITill {
    function price() external view returns (uint256);
    function fees() external view returns (uint256);
    function count() external view returns (uint256);
}

interface Vm {
    function assertGe(uint256 left, uint256 right, string calldata error) external pure;
}

/// Properties of a till as a project may have them, for Foundry, Echidna and Medusa.
contract TillTest {
    error TooMany(uint256 fees);

    ITill private immutable till;
    uint256 private asked;
    bool private noted;

    constructor(ITill till_) {
        till = till_;
    }

    function failed() external view returns (bool) {
        return noted;
    }

    function invariant_hasItsFloat() external view {
        require(address(till).balance >= 1 ether, "no float");
    }

    function invariant_hasItsFloatForForge() external view {
        Vm(address(uint160(uint256(keccak256("hevm cheat code"))))).assertGe(address(till).balance, 1 ether, "float");
    }

    function invariant_fewFees() external view {
        if (till.fees() >= 3 gwei) revert TooMany(till.fees());
    }

    function invariant_asksWithWrites() external {
        ++asked;
        assert(asked == 1 && till.count() < 3);
    }

    function invariant_notesAsDsTest() external {
        if (till.count() > 1) noted = true;
    }

    function echidna_few_fees() external view returns (bool) {
        return till.fees() < 3 gwei;
    }

    function property_written() external returns (bool) {
        ++asked;
        return till.count() < 2;
    }

    function property_name() external pure returns (string memory) {
        return "no property";
    }

    function invariant_of(uint256 anything) external pure {
        assert(anything == 0);
    }

    function echidna_nothing() external pure {
        assert(false);
    }
}
