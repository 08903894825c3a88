// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IIsolatedMarginVault} from "../interfaces/IIsolatedMarginVault.sol";
import {Ledger} from "../interfaces/VaultTypes.sol";
import {CollateralTransfer} from "./CollateralTransfer.sol";
import {Draft, Drafts, Side, Totals} from "./Draft.sol";

/// @title MarketReader
/// @notice Reads a vault from outside into a draft that is thrown away, for its pool and its lens.
library MarketReader {
    using CollateralTransfer for IERC20;
    using Drafts for Draft;

    /// @notice Returns the market as of the last accrual, at the price of then, and no position.
    function read(IIsolatedMarginVault vault) internal view returns (Draft memory draft) {
        draft.parameters = vault.riskParameters();
        draft.ledger = _totals(vault.ledger());
        draft.waive();
        draft.priceWad = draft.ledger.lastPrice;
        draft.scale = 10 ** (36 - uint256(vault.collateralDecimals()));
        draft.poolBalance = IERC20(vault.collateral()).countedBalance(vault.pool());
    }

    function _totals(Ledger memory ledger) private view returns (Totals memory) {
        // The very second is meant: what came in before it counts.
        // slither-disable-next-line incorrect-equality
        bool hasFresh = ledger.freshAt == block.timestamp;
        return
            Totals({
                long: Side(
                    ledger.longSize,
                    ledger.longQuote,
                    ledger.longMargin,
                    ledger.longBasis,
                    ledger.carryLong,
                    hasFresh ? ledger.longFresh : 0
                ),
                short: Side(
                    ledger.shortSize,
                    ledger.shortQuote,
                    ledger.shortMargin,
                    ledger.shortBasis,
                    ledger.carryShort,
                    hasFresh ? ledger.shortFresh : 0
                ),
                lastAccrual: ledger.lastAccrual,
                lastPrice: ledger.lastPrice,
                insurance: ledger.insurance,
                totalOwed: ledger.totalOwed,
                hasFresh: hasFresh,
                deadSince: ledger.deadSince,
                settled: ledger.settled
            });
    }
}
