// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {MAX_ASSETS} from "./Constants.sol";

/// @title CollateralTransfer
/// @notice Moves collateral. A transfer of zero is skipped; a token's own refusal is passed on as it is.
library CollateralTransfer {
    using SafeERC20 for IERC20;

    /// @notice Pulls exactly `assets` from the caller of this contract.
    /// @dev UnsupportedToken when anything else arrives.
    function pullExactly(IERC20 token, uint256 assets) internal {
        if (assets == 0) return;
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), assets);
        uint256 received = Math.saturatingSub(token.balanceOf(address(this)), before);
        if (received != assets) revert IVaultErrors.UnsupportedToken(assets, received);
    }

    /// @notice Sends `assets` from this contract.
    function push(IERC20 token, address to, uint256 assets) internal {
        if (assets > 0) token.safeTransfer(to, assets);
    }

    /// @notice Returns the balance that counts: what is above MAX_ASSETS does not.
    function countedBalance(IERC20 token, address account) internal view returns (uint256) {
        return Math.min(token.balanceOf(account), MAX_ASSETS);
    }
}
