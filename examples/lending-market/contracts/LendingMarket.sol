// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {PriceFeed} from "./PriceFeed.sol";
import {RateModel} from "./RateModel.sol";
import {Token} from "./Token.sol";
import {WithdrawalQueue} from "./WithdrawalQueue.sol";

struct Loan {
    uint256 collateral; // 18 decimals
    uint256 shares; // of the debt of all
}

/// @notice One collateral, one token that is lent, one loan for each borrower. Debt and supply are counted by shares,
/// which interest makes dearer. What a liquidation cannot recover is taken from the reserve, then from lenders.
contract LendingMarket is WithdrawalQueue {
    error NotBorrower(address caller, address borrower);
    error LoanExists(address borrower);
    error NoLoan(address borrower);
    error Unhealthy(uint256 owed, uint256 allowed);
    error Healthy(uint256 owed, uint256 allowed);
    error NotEnoughIdle(uint256 idle, uint256 wanted);

    uint256 public constant PPM = 1e6;
    uint256 public constant MAX_LTV = 750_000; // of the collateral's worth, to borrow
    uint256 public constant LIQUIDATION_LTV = 800_000; // above which a loan is liquidated
    uint256 public constant BONUS = 50_000; // of what a liquidator pays
    uint256 public constant RESERVE_CUT = 100_000; // of interest
    uint256 public constant MIN_DEBT = 100e6;
    uint256 public constant MAX_ASSETS = 1e24;
    uint256 public constant MAX_SHARES = 1e36;

    Token public immutable collateral;
    Token public immutable asset;
    PriceFeed public immutable feed;
    address public immutable owner = msg.sender;

    mapping(address borrower => Loan) public loans;
    mapping(address lender => uint256 shares) public supplyShares;
    uint256 public supplied; // owed to lenders
    uint256 public totalSupplyShares;
    uint256 public borrowed; // owed by borrowers
    uint256 public totalDebtShares;
    uint256 public reserve; // owed to the owner, and first to pay for bad debt
    uint256 public accruedAt = block.timestamp;

    constructor(Token collateral_, Token asset_, PriceFeed feed_) {
        collateral = collateral_;
        asset = asset_;
        feed = feed_;
    }

    modifier only(address borrower) {
        if (msg.sender != borrower) revert NotBorrower(msg.sender, borrower);
        _;
    }

    // Lenders

    function supply(uint256 assets) external {
        accrue();
        require(assets > 0 && assets <= MAX_ASSETS, "bad amount");
        uint256 shares = (assets * (totalSupplyShares + 1)) / (supplied + 1);
        require(shares > 0 && totalSupplyShares + shares <= MAX_SHARES, "bad shares");
        supplied += assets;
        totalSupplyShares += shares;
        supplyShares[msg.sender] += shares;
        asset.transferFrom(msg.sender, address(this), assets);
    }

    /// @notice Queue to be paid out; until then the shares go on earning, and losing.
    function requestWithdrawal(uint256 shares) external {
        require(shares > 0, "no shares");
        require(supplyShares[msg.sender] >= shares, "too many shares");
        supplyShares[msg.sender] -= shares;
        _enqueue(msg.sender, shares);
    }

    /// @notice Pay the first in the queue, at what shares are worth now.
    function serveWithdrawal() external {
        accrue();
        Request memory first = _dequeue();
        uint256 assets = (first.shares * (supplied + 1)) / (totalSupplyShares + 1);
        _requireIdle(assets);
        supplied -= assets;
        totalSupplyShares -= first.shares;
        asset.transfer(first.lender, assets);
    }

    function collectReserve() external {
        require(msg.sender == owner, "only the owner");
        accrue();
        uint256 assets = reserve;
        require(asset.balanceOf(address(this)) >= assets, "reserve is lent out");
        reserve = 0;
        asset.transfer(owner, assets);
    }

    // Borrowers

    function open(uint256 pledged, uint256 assets) external {
        accrue();
        if (loans[msg.sender].shares != 0) revert LoanExists(msg.sender);
        require(pledged <= MAX_ASSETS, "bad amount");
        loans[msg.sender].collateral = pledged;
        _borrow(msg.sender, assets);
        collateral.transferFrom(msg.sender, address(this), pledged);
    }

    function borrow(address borrower, uint256 assets) external only(borrower) {
        accrue();
        _existing(borrower);
        _borrow(borrower, assets);
    }

    function addCollateral(address borrower, uint256 assets) external {
        require(assets > 0 && assets <= MAX_ASSETS, "bad amount");
        _existing(borrower).collateral += assets;
        collateral.transferFrom(msg.sender, address(this), assets);
    }

    function removeCollateral(address borrower, uint256 assets) external only(borrower) {
        accrue();
        Loan storage loan = _existing(borrower);
        require(assets > 0 && assets <= loan.collateral, "bad amount");
        loan.collateral -= assets;
        _requireWithin(loan, MAX_LTV);
        collateral.transfer(borrower, assets);
    }

    /// @notice Pay a part of the debt; what is left must be healthy.
    function repay(address borrower, uint256 shares) external only(borrower) {
        accrue();
        Loan storage loan = _existing(borrower);
        require(shares > 0 && shares < loan.shares, "bad shares");
        uint256 paid = debtOf(shares);
        loan.shares -= shares;
        _takeOff(shares, paid);
        require(debtOf(loan.shares) >= MIN_DEBT, "debt too small");
        _requireWithin(loan, LIQUIDATION_LTV);
        asset.transferFrom(borrower, address(this), paid);
    }

    function close(address borrower) external only(borrower) {
        accrue();
        Loan memory loan = _existing(borrower);
        uint256 paid = debtOf(loan.shares);
        delete loans[borrower];
        _takeOff(loan.shares, paid);
        asset.transferFrom(borrower, address(this), paid);
        collateral.transfer(borrower, loan.collateral);
    }

    /// @notice Pay for an unhealthy loan as far as its collateral goes, less the bonus, and take that collateral.
    function liquidate(address borrower) external {
        accrue();
        Loan memory loan = _existing(borrower);
        uint256 owed = debtOf(loan.shares);
        uint256 worth = worthOf(loan.collateral);
        if (owed <= (worth * LIQUIDATION_LTV) / PPM) revert Healthy(owed, (worth * LIQUIDATION_LTV) / PPM);
        uint256 paid = (worth * PPM) / (PPM + BONUS);
        uint256 seized = loan.collateral;
        if (owed <= paid) {
            paid = owed;
            seized = (loan.collateral * owed * (PPM + BONUS)) / (worth * PPM);
        }
        delete loans[borrower];
        _takeOff(loan.shares, owed);
        _writeOff(owed - paid);
        asset.transferFrom(msg.sender, address(this), paid);
        collateral.transfer(msg.sender, seized);
        collateral.transfer(borrower, loan.collateral - seized);
    }

    // Views

    /// @notice Returns what shares of the debt come to, rounded up; interest since `accruedAt` is not in it.
    function debtOf(uint256 shares) public view returns (uint256) {
        return totalDebtShares == 0 ? 0 : _divUp(shares * borrowed, totalDebtShares);
    }

    /// @notice Returns the worth of collateral in assets, rounded down.
    function worthOf(uint256 pledged) public view returns (uint256) {
        return (pledged * uint256(feed.latestAnswer())) / 1e20;
    }

    function idle() public view returns (uint256) {
        uint256 held = asset.balanceOf(address(this));
        return held > reserve ? held - reserve : 0;
    }

    // Parts

    function accrue() public {
        (uint256 plain, uint256 extra) = RateModel.interest(borrowed, supplied, block.timestamp - accruedAt);
        accruedAt = block.timestamp;
        uint256 cut = ((plain + extra) * RESERVE_CUT) / PPM;
        borrowed += plain + extra;
        reserve += cut;
        supplied += plain + extra - cut;
    }

    function _borrow(address borrower, uint256 assets) private {
        require(assets > 0 && assets <= MAX_ASSETS, "bad amount");
        _requireIdle(assets);
        uint256 shares = borrowed == 0 ? assets : _divUp(assets * totalDebtShares, borrowed);
        borrowed += assets;
        totalDebtShares += shares;
        loans[borrower].shares += shares;
        require(debtOf(loans[borrower].shares) >= MIN_DEBT, "debt too small");
        _requireWithin(loans[borrower], MAX_LTV);
        asset.transfer(borrower, assets);
    }

    function _takeOff(uint256 shares, uint256 assets) private {
        borrowed -= assets;
        totalDebtShares -= shares;
    }

    /// @dev Bad debt: the reserve pays first, lenders the rest.
    function _writeOff(uint256 bad) private {
        uint256 fromReserve = bad < reserve ? bad : reserve;
        reserve -= fromReserve;
        supplied -= bad - fromReserve;
    }

    function _existing(address borrower) private view returns (Loan storage loan) {
        loan = loans[borrower];
        if (loan.shares == 0) revert NoLoan(borrower);
    }

    function _requireWithin(Loan memory loan, uint256 ltv) private view {
        uint256 owed = debtOf(loan.shares);
        uint256 allowed = (worthOf(loan.collateral) * ltv) / PPM;
        if (owed > allowed) revert Unhealthy(owed, allowed);
    }

    function _requireIdle(uint256 wanted) private view {
        if (wanted > idle()) revert NotEnoughIdle(idle(), wanted);
    }

    function _divUp(uint256 amount, uint256 divisor) private pure returns (uint256) {
        return (amount + divisor - 1) / divisor;
    }
}
