// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {Decrease, Fill, Position} from "../interfaces/VaultTypes.sol";
import {MAX_ASSETS, MAX_SIZE, PPM, PPM_PER_BP} from "./Constants.sol";
import {Draft, Drafts, Side} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";
import {PoolMath} from "./PoolMath.sol";

/// @title TradeMath
/// @notice How a trade changes a settled position and the totals, and when it is refused.
library TradeMath {
    using Drafts for Draft;
    using FixedPoint for int256;
    using FixedPoint for uint256;
    using MarginMath for Draft;
    using PoolMath for Draft;
    using SafeCast for uint256;

    // ------------------------------------------------------------------------------------------ growing

    /// @dev ZeroSize, InvalidSize.
    function checkSize(uint256 size) internal pure {
        if (size == 0) revert IVaultErrors.ZeroSize();
        if (size > MAX_SIZE) revert IVaultErrors.InvalidSize(size, MAX_SIZE);
    }

    /// @notice Checks an amount that is added to `balance`, which is in the domain.
    /// @dev AmountTooLarge of the amount, then of the sum.
    function checkAssets(uint256 assets, uint256 balance) internal pure {
        if (assets > MAX_ASSETS) revert IVaultErrors.AmountTooLarge(assets, MAX_ASSETS);
        if (balance + assets > MAX_ASSETS) revert IVaultErrors.AmountTooLarge(balance + assets, MAX_ASSETS);
    }

    /// @notice Adds `margin` and trades `sizeDelta`, which is on the position's own side.
    /// @dev OpenInterestExceeded, InsufficientLiquidity, PositionTooSmall, InsufficientMargin, AmountTooLarge(insurance),
    /// BelowInitialMargin.
    /// @return poolFee Assets from margin to pool.
    /// @return insuranceFee Assets from margin to insurance.
    /// @return fresh Assets that count from the next second on: what no initial margin holds, or all beside a gap of the side.
    function grow(
        Draft memory draft,
        int256 sizeDelta,
        uint256 margin
    ) internal pure returns (uint256 poolFee, uint256 insuranceFee, uint256 fresh) {
        Position memory position = draft.position;
        uint256 gap = draft.valueOf(draft.side(), draft.isLong).gap;
        fresh = position.margin;
        _checkSide(draft, sizeDelta);
        _checkNotional(draft, (sizeDelta + position.size).magnitude());
        uint256 fee = tradingFee(draft, sizeDelta.magnitude());
        uint256 available = margin + position.margin;
        if (available < fee) revert IVaultErrors.InsufficientMargin(available, fee);

        position.margin = available.toUint128();
        (poolFee, insuranceFee) = _charge(draft, fee);
        checkAssets(draft.ledger.insurance, 0);
        position.carryEntry = int128(draft.side().carry);
        _move(draft, sizeDelta, position.quote - draft.cost(sizeDelta));

        position.rateBp = _rateBp(draft);
        uint256 spare = _checkInitialMargin(draft);
        fresh = Math.saturatingSub(position.margin, fresh);
        if (gap == 0) fresh = Math.min(fresh, spare);
        draft.freshen(fresh);
    }

    // ------------------------------------------------------------------------------------------ shrinking

    /// @dev InvalidSize of a part that is zero or more than the position.
    function checkPart(uint256 size, Position memory position) internal pure {
        uint256 whole = int256(position.size).magnitude();
        if (size == 0 || size > whole) revert IVaultErrors.InvalidSize(size, whole);
    }

    /// @notice Takes `assets` off the margin of a settled position.
    /// @dev InsufficientMargin, BelowInitialMargin.
    function withdraw(Draft memory draft, uint256 assets) internal pure {
        Position memory position = draft.position;
        if (assets > position.margin) revert IVaultErrors.InsufficientMargin(position.margin, assets);
        position.margin -= uint128(assets);
        draft.payOut(assets);
        _checkInitialMargin(draft);
    }

    /// @notice Realises `size` of the position, charges the fee, and empties it when nothing is left.
    /// @dev Bankrupt; when a part stays: PositionTooSmall, Liquidatable.
    function shrink(Draft memory draft, uint256 size) internal pure returns (Decrease memory result) {
        int256 equity = draft.equity();
        if (equity < 0) revert IVaultErrors.Bankrupt(equity);
        result.fill = realise(draft, size);
        if (result.fill.deficit > 0) revert IVaultErrors.Bankrupt(-int256(result.fill.deficit));

        uint256 fee = Math.min(tradingFee(draft, size), draft.position.margin);
        (result.poolFee, result.insuranceFee) = _charge(draft, fee);
        if (draft.position.size == 0) result.payout = empty(draft);
        else _checkRest(draft);
    }

    /// @notice Realises `size` of the position: its share of quote, and its value at the price.
    /// @dev A profit that the pool can't pay stays in `quote`, or is owed when the position is closed whole.
    function realise(Draft memory draft, uint256 size) internal pure returns (Fill memory fill) {
        Position memory position = draft.position;
        uint256 whole = int256(position.size).magnitude();
        int256 signedSize = size.withSignOf(position.size);
        int256 kept = position.quote.shareFloor(whole - size, whole);
        fill.sizeClosed = size;
        fill.realised = position.quote - kept + draft.value(signedSize);

        _move(draft, -signedSize, kept);
        if (fill.realised < 0) _takeLoss(position, fill);
        else _payProfit(draft, fill);
    }

    /// @notice Returns the fee on trading `size`, in assets, rounded up.
    function tradingFee(Draft memory draft, uint256 size) internal pure returns (uint256) {
        return draft.notional(size).mulDivUp(draft.parameters.tradingFeePpm, PPM);
    }

    /// @notice Empties a position that was closed whole, and returns the margin that was left.
    function empty(Draft memory draft) internal pure returns (uint256 margin) {
        margin = draft.position.margin;
        draft.payOut(margin);
        delete draft.position;
    }

    // ------------------------------------------------------------------------------------------ steps

    /// @dev The one place where a trade changes sizes, quotes and their sums.
    function _move(Draft memory draft, int256 sizeDelta, int256 quote) private pure {
        Position memory position = draft.position;
        Side memory side = draft.side();
        int256 size = sizeDelta + position.size;
        int256 growth = draft.isLong ? sizeDelta : -sizeDelta;

        side.size = uint256(int256(side.size) + growth);
        side.basis += growth * position.carryEntry;
        side.quote += quote - position.quote;
        position.size = int128(size);
        position.quote = quote;
    }

    function _payProfit(Draft memory draft, Fill memory fill) private pure {
        Position memory position = draft.position;
        uint256 profit = uint256(fill.realised);
        fill.paid = Math.min(profit, draft.free());
        position.margin = (fill.paid + position.margin).toUint128();

        uint256 unpaid = profit - fill.paid;
        if (position.size == 0) {
            fill.owed = unpaid;
        } else {
            position.quote += int256(unpaid);
            draft.side().quote += int256(unpaid);
        }
    }

    function _takeLoss(Position memory position, Fill memory fill) private pure {
        uint256 loss = fill.realised.magnitude();
        fill.paid = Math.min(loss, position.margin);
        fill.deficit = loss - fill.paid;
        position.margin -= uint128(fill.paid);
    }

    /// @dev Takes a fee, at most the margin, and splits it.
    function _charge(Draft memory draft, uint256 fee) private pure returns (uint256 poolFee, uint256 insuranceFee) {
        insuranceFee = fee.mulDivDown(draft.parameters.insuranceSharePpm, PPM);
        poolFee = fee - insuranceFee;
        draft.position.margin -= uint128(fee);
        draft.ledger.insurance += insuranceFee;
    }

    /// @return rateBp The initial margin that the side's size asks for, of the notional: all of oiScalePpm at the side's cap.
    function _rateBp(Draft memory draft) private pure returns (uint256 rateBp) {
        uint256 cap = draft.parameters.maxOpenInterest;
        return draft.side().size.mulDivUp(draft.parameters.oiScalePpm, cap * PPM_PER_BP);
    }

    // ------------------------------------------------------------------------------------------ checks

    function _checkSide(Draft memory draft, int256 sizeDelta) private pure {
        uint256 side = draft.side().size + sizeDelta.magnitude();
        uint256 maximum = draft.parameters.maxOpenInterest;
        if (side > maximum) revert IVaultErrors.OpenInterestExceeded(side, maximum);

        uint256 sideNotional = draft.notional(side);
        uint256 nav = draft.nav();
        if (sideNotional * PPM > nav * draft.parameters.reservePpm) {
            revert IVaultErrors.InsufficientLiquidity(sideNotional, nav);
        }
    }

    function _checkNotional(Draft memory draft, uint256 size) private pure {
        uint256 held = draft.notional(size);
        uint256 minimum = draft.parameters.minNotional;
        if (held < minimum) revert IVaultErrors.PositionTooSmall(held, minimum);
    }

    /// @return spare What guarded equity is above the requirement, in assets.
    function _checkInitialMargin(Draft memory draft) private pure returns (uint256 spare) {
        int256 guarded = draft.guardedEquity();
        uint256 required = draft.required();
        if (guarded < int256(required)) revert IVaultErrors.BelowInitialMargin(guarded, required);
        return uint256(guarded) - required;
    }

    function _checkRest(Draft memory draft) private pure {
        _checkNotional(draft, int256(draft.position.size).magnitude());
        int256 equity = draft.equity();
        uint256 required = MarginMath.maintenanceMargin(draft.parameters, draft.notional());
        if (equity < int256(required)) revert IVaultErrors.Liquidatable(equity, required);
    }
}
