// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LendingMarket} from "examples/lending-market/contracts/LendingMarket.sol";
import {PriceFeed} from "examples/lending-market/contracts/PriceFeed.sol";
import {Token} from "examples/lending-market/contracts/Token.sol";
import {WithdrawalQueue} from "examples/lending-market/contracts/WithdrawalQueue.sol";
import {Code, Example} from "../Example.sol";
import {vm} from "../Vm.sol";

/// @title Handler
/// @notice What borrowers, lenders, liquidators and the owner do with the lending market, and what holds.
contract Handler is Example {
    int256 private constant USUAL_ANSWER = 2_000e8;
    uint256 private constant PRICE_SCALE = 1e20;
    uint256 private constant ETH_FUNDS = 1e24;
    uint256 private constant USD_FUNDS = 1e14;
    uint256 private constant MAX_LTV = 750_000;
    uint256 private constant LIQUIDATION_LTV = 800_000;
    uint256 private constant WITH_BONUS = 1_050_000;
    uint256 private constant MIN_DEBT = 100e6;

    struct Loan {
        uint256 collateral;
        uint256 shares;
    }

    struct Totals {
        uint256 supplied;
        uint256 supplyShares;
        uint256 borrowed;
        uint256 reserve;
        uint256 cash;
    }

    Token private eth;
    Token private usd;
    PriceFeed private feed;
    LendingMarket private market;

    mapping(address borrower => Loan) private _seen; // loans after the last action
    WithdrawalQueue.Request[] private _waiting; // all requests in order
    uint256 private _served; // of them

    constructor() {
        Code[] memory given = _given();
        eth = Token(_deploy(given, "Token", abi.encode(18)));
        usd = Token(_deploy(given, "Token", abi.encode(6)));
        feed = PriceFeed(_deploy(given, "PriceFeed", ""));
        market = LendingMarket(_deploy(given, "LendingMarket", abi.encode(eth, usd, feed)));
        for (uint256 i; i < ACCOUNTS; ++i) {
            eth.mint(who[i], ETH_FUNDS);
            usd.mint(who[i], USD_FUNDS);
            vm.prank(who[i]);
            eth.approve(address(market), type(uint256).max);
            vm.prank(who[i]);
            usd.approve(address(market), type(uint256).max);
        }
        feed.setAnswer(USUAL_ANSWER);
        vm.prank(who[TRADERS]);
        market.supply(20_000e6);
        _books(address(0));
    }

    // ------------------------------------------------------------------------------------------ lenders

    function supply(uint256 seed) external drawing(seed) {
        (address lender, uint256 assets) = (_provider(), _amount(10_000e6));
        (uint256 shares, uint256 balance) = (market.supplyShares(lender), usd.balanceOf(lender));
        if (!_act(lender, abi.encodeCall(LendingMarket.supply, (assets)), address(0), true)) return;
        _law(balance - usd.balanceOf(lender) == assets, "LEN-5 a lender pays what is supplied");
        uint256 worth = (market.supplyShares(lender) - shares) * (market.supplied() + 1);
        _law(worth / (market.totalSupplyShares() + 1) <= assets, "LEN-5 new shares are worth no more");
    }

    function requestWithdrawal(uint256 seed) external drawing(seed) {
        address lender = _mostly(_provider());
        uint256 shares = _amount(market.supplyShares(lender));
        bool isDue = shares > 0 && shares <= market.supplyShares(lender) && _waiting.length - _served < 8;
        bytes memory data = abi.encodeCall(LendingMarket.requestWithdrawal, (shares));
        if (isDue) _waiting.push(WithdrawalQueue.Request(lender, shares));
        bool success = _act(lender, data, address(0), true);
        _law(success == isDue, "QUE-1 a lender can queue, with shares and while there is a place");
    }

    /// @dev QUE-2: the first in the queue is paid what the shares are worth.
    function serveWithdrawal(uint256 seed) external drawing(seed) {
        if (_waiting.length == _served) {
            _law(!_act(_anyone(), abi.encodeCall(LendingMarket.serveWithdrawal, ()), address(0), true), "QUE-2 empty");
            return;
        }
        WithdrawalQueue.Request memory first = _waiting[_served];
        Totals memory then = _accrued();
        uint256 worth = first.shares * (then.supplied + 1) / (then.supplyShares + 1);
        bool isDue = worth == 0 || worth + then.reserve <= then.cash;
        uint256 balance = usd.balanceOf(first.lender);
        if (isDue) ++_served;
        bool success = _act(_anyone(), abi.encodeCall(LendingMarket.serveWithdrawal, ()), address(0), true);
        _law(success == isDue, "QUE-2 the first is served while there is cash");
        if (success) _law(usd.balanceOf(first.lender) - balance == worth, "QUE-2 paid what shares are worth");
    }

    function collectReserve(uint256 seed) external drawing(seed) {
        if (_draw(3) == 0) {
            address caller = _anyone();
            _law(!_act(caller, abi.encodeCall(LendingMarket.collectReserve, ()), address(0), true), "ACC-1 owner's");
            return;
        }
        Totals memory then = _accrued();
        uint256 balance = usd.balanceOf(address(this));
        bool success = _act(address(this), abi.encodeCall(LendingMarket.collectReserve, ()), address(0), true);
        _law(success == (then.cash >= then.reserve), "RES-1 the reserve is the owner's when it is there");
        if (!success) return;
        _law(usd.balanceOf(address(this)) - balance == then.reserve && market.reserve() == 0, "RES-1 all of it");
    }

    // ------------------------------------------------------------------------------------------ borrowers

    function open(uint256 seed) external drawing(seed) {
        address borrower = _trader();
        uint256 assets = _draw(10) == 0 ? _offByOne(MIN_DEBT) : _between(MIN_DEBT, market.idle());
        uint256 least = _up(_up(assets * PPM, MAX_LTV) * PRICE_SCALE, uint256(feed.latestAnswer()));
        uint256 pledged = _draw(3) == 0 ? _offByOne(least) : _between(least, least * 2);
        bool isFree = _loan(borrower).shares == 0;
        uint256 balance = eth.balanceOf(borrower);
        if (!_act(borrower, abi.encodeCall(LendingMarket.open, (pledged, assets)), borrower, false)) return;
        _law(isFree, "MAR-1 one loan for each borrower");
        _law(balance - eth.balanceOf(borrower) == pledged, "ISO-5 collateral is paid");
        _law(_loan(borrower).collateral == pledged, "ISO-5 collateral is the loan's");
        _isWithin(borrower, MAX_LTV, "MAR-1 a loan has its collateral");
        _law(_owed(borrower) >= MIN_DEBT, "MAR-3 no debt is too small");
    }

    function borrow(uint256 seed) external drawing(seed) {
        address borrower = _borrower();
        address caller = _mostly(borrower);
        uint256 allowed = market.worthOf(_loan(borrower).collateral) * MAX_LTV / PPM;
        uint256 owed = _owed(borrower);
        uint256 assets = _amount(allowed > owed ? allowed - owed : market.idle());
        if (!_act(caller, abi.encodeCall(LendingMarket.borrow, (borrower, assets)), borrower, false)) return;
        _law(caller == borrower, "ACC-1 the borrower alone borrows");
        _isWithin(borrower, MAX_LTV, "MAR-1 a loan has its collateral");
        _law(_owed(borrower) >= MIN_DEBT, "MAR-3 no debt is too small");
    }

    function addCollateral(uint256 seed) external drawing(seed) {
        (address payer, address borrower, uint256 assets) = (_anyone(), _borrower(), _amount(1e18));
        Loan memory loan = _loan(borrower);
        bool isDue = loan.shares > 0 && assets > 0 && assets <= eth.balanceOf(payer);
        bytes memory data = abi.encodeCall(LendingMarket.addCollateral, (borrower, assets));
        bool success = _act(payer, data, borrower, false);
        _law(success == isDue, "EXI-2 collateral can be added");
        if (success) _law(_loan(borrower).collateral == loan.collateral + assets, "ISO-5 collateral is the loan's");
    }

    function removeCollateral(uint256 seed) external drawing(seed) {
        address borrower = _borrower();
        address caller = _mostly(borrower);
        uint256 held = _loan(borrower).collateral;
        uint256 needed = _up(_up(_owed(borrower) * PPM, MAX_LTV) * PRICE_SCALE, uint256(feed.latestAnswer()));
        uint256 assets = _amount(held > needed ? held - needed : held);
        uint256 balance = eth.balanceOf(borrower);
        bytes memory data = abi.encodeCall(LendingMarket.removeCollateral, (borrower, assets));
        if (!_act(caller, data, borrower, false)) return;
        _law(caller == borrower, "ACC-1 the borrower alone takes collateral");
        _law(eth.balanceOf(borrower) - balance == assets, "ISO-5 it is paid");
        _law(held - _loan(borrower).collateral == assets, "ISO-5 it is taken off");
        _isWithin(borrower, MAX_LTV, "MAR-2 a loan keeps its collateral");
    }

    function repay(uint256 seed) external drawing(seed) {
        address borrower = _borrower();
        address caller = _mostly(borrower);
        Loan memory loan = _loan(borrower);
        uint256 shares = _draw(3) == 0 ? _between(1, 1_000) : _amount(loan.shares);
        bytes memory data = abi.encodeCall(LendingMarket.repay, (borrower, shares));
        if (!_act(caller, data, borrower, false)) return;
        _law(caller == borrower, "ACC-1 the borrower alone repays");
        _law(_loan(borrower).collateral == loan.collateral, "ISO-5 collateral stays");
        _law(_owed(borrower) >= MIN_DEBT, "MAR-3 no debt is too small");
        _isWithin(borrower, LIQUIDATION_LTV, "MAR-3 what is left is healthy");
    }

    /// @dev EXI-1: who owes can pay, at any price, and gets all collateral back.
    function close(uint256 seed) external drawing(seed) {
        address borrower = _borrower();
        address caller = _mostly(borrower);
        Loan memory loan = _loan(borrower);
        (uint256 owed, uint256 balance) = (_owed(borrower), eth.balanceOf(borrower));
        uint256 cash = usd.balanceOf(borrower);
        bool isDue = loan.shares > 0 && caller == borrower && cash >= owed;
        bool success = _act(caller, abi.encodeCall(LendingMarket.close, (borrower)), borrower, false);
        _law(success == isDue, "EXI-1 the borrower can close");
        if (!success) return;
        _law(cash - usd.balanceOf(borrower) == owed, "VAL-2 a close pays the debt");
        _law(eth.balanceOf(borrower) - balance == loan.collateral, "VAL-2 and gives all collateral back");
        _law(_loan(borrower).shares == 0 && _loan(borrower).collateral == 0, "EXI-1 closed is gone");
    }

    function liquidate(uint256 seed) external drawing(seed) {
        _liquidate(_anyone(), _borrower());
    }

    function liquidateAll(uint256 seed) external drawing(seed) {
        for (uint256 i; i < TRADERS; ++i) {
            _liquidate(_anyone(), who[i]);
        }
    }

    // ------------------------------------------------------------------------------------------ price and time

    function move(uint256 seed) external drawing(seed) {
        _push(_moved(uint256(feed.latestAnswer()), uint256(USUAL_ANSWER)));
    }

    /// @dev Moves the price to where a loan is liquidated or is worth its debt, or a little to either side.
    function moveToLiquidation(uint256 seed) external drawing(seed) {
        address borrower = _borrower();
        Loan memory loan = _loan(borrower);
        if (loan.shares == 0 || loan.collateral == 0) return;
        uint256 ltv = [LIQUIDATION_LTV, LIQUIDATION_LTV, 950_000, 1_000_000][_draw(4)];
        _push(_offByOne(_up(_owed(borrower) * PPM, ltv) * PRICE_SCALE / loan.collateral));
    }

    function wait(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(1), 3_600, 86_400, 30 days][_draw(4)]);
    }

    function accrue(uint256 seed) external drawing(seed) {
        Totals memory then = _accrued();
        if (!_act(_anyone(), abi.encodeCall(LendingMarket.accrue, ()), address(0), true)) return;
        bool isDue = market.borrowed() == then.borrowed && market.supplied() == then.supplied;
        _law(isDue && market.reserve() == then.reserve, "CAR-1 interest is what use and time make it");
    }

    // ------------------------------------------------------------------------------------------ with what must come of it

    /// @dev LIQ-1 to LIQ-5, LPS-1.
    function _liquidate(address caller, address borrower) private {
        Loan memory loan = _loan(borrower);
        Totals memory then = _accrued();
        (uint256 owed, uint256 worth) = (_owed(borrower), market.worthOf(loan.collateral));
        uint256[3] memory balances = [usd.balanceOf(caller), eth.balanceOf(caller), eth.balanceOf(borrower)];
        bool isDue = loan.shares > 0 && owed > worth * LIQUIDATION_LTV / PPM;
        bool success = _act(caller, abi.encodeCall(LendingMarket.liquidate, (borrower)), borrower, false);
        _law(success == isDue, "LIQ-1 unhealthy, and only then");
        if (!success) return;
        _law(_loan(borrower).shares == 0 && _loan(borrower).collateral == 0, "LIQ-3 liquidated is gone");
        uint256 paid = balances[0] - usd.balanceOf(caller);
        _law(paid == _min(owed, worth * PPM / WITH_BONUS), "LIQ-2 pays the debt, or what collateral can");
        _seizedIsDue(caller, borrower, loan, paid, [balances[1], balances[2]]);
        uint256 bad = owed - paid;
        uint256 fromReserve = _min(bad, then.reserve);
        _law(market.reserve() == then.reserve - fromReserve, "LPS-1 the reserve pays first");
        _law(market.supplied() == then.supplied - (bad - fromReserve), "LPS-1 lenders pay the rest");
        _law(market.borrowed() == then.borrowed - owed, "LPS-1 the debt is gone");
    }

    function _seizedIsDue(address caller, address borrower, Loan memory loan, uint256 paid, uint256[2] memory before)
        private
    {
        uint256 seized = caller == borrower ? 0 : eth.balanceOf(caller) - before[0];
        uint256 left = eth.balanceOf(borrower) - before[1];
        if (caller == borrower) return _law(left == loan.collateral, "LIQ-5 one's own");
        _law(seized + left == loan.collateral, "LIQ-5 what is not seized is the borrower's");
        uint256 due = paid * WITH_BONUS / PPM; // what the bonus makes of it
        _law(left == 0 || market.worthOf(seized) <= due + 1, "LIQ-4 no more than the bonus");
        _law(market.worthOf(seized) + 2 >= due, "LIQ-4 no less than the bonus");
    }

    function _push(uint256 answer) private {
        feed.setAnswer(int256(_within(answer, 1e8, 1e14)));
    }

    /// @dev Has `caller` call the market; the loan of `borrower` alone may change. LPS-1, LEN-4.
    function _act(address caller, bytes memory data, address borrower, bool isLenders) private returns (bool success) {
        Totals memory before = _totals();
        int256 had = int256(usd.balanceOf(borrower)) - int256(_owed(borrower));
        bool isLiquidation = bytes4(data) == LendingMarket.liquidate.selector;
        bytes memory answer;
        (success, answer) = _send(caller, address(market), data);
        if (!success) {
            _refusalIsNamed(answer);
            return false;
        }
        _books(borrower);
        Totals memory then = _totals();
        uint256 worth = (then.supplied + 1) * (before.supplyShares + 1);
        bool isKept = worth >= (before.supplied + 1) * (then.supplyShares + 1);
        if (isLiquidation) return true;
        _law(isKept, "LPS-1 a share of the supply keeps its worth");
        if (isLenders) return true;
        int256 has = int256(usd.balanceOf(borrower)) - int256(_owed(borrower));
        _law(has <= had, "LEN-4 rounding favours lenders");
    }

    /// @dev ISO-1, CUS-1, CUS-2, CUS-3, LEN-2.
    function _books(address borrower) private {
        Totals memory totals = _totals();
        (uint256 pledged, uint256 debt) = (0, 0);
        (uint256 ethers, uint256 dollars) = (eth.balanceOf(address(market)), totals.cash + usd.balanceOf(address(this)));
        uint256 shares;
        for (uint256 i; i < ACCOUNTS; ++i) {
            ethers += eth.balanceOf(who[i]);
            dollars += usd.balanceOf(who[i]);
            shares += market.supplyShares(who[i]);
            Loan memory loan = _loan(who[i]);
            if (who[i] != borrower) _isUntouched(who[i], loan);
            _seen[who[i]] = loan;
            (pledged, debt) = (pledged + loan.collateral, debt + loan.shares);
        }
        _law(ethers == ACCOUNTS * ETH_FUNDS && dollars == ACCOUNTS * USD_FUNDS, "CUS-2 no token is lost");
        _law(eth.balanceOf(address(market)) == pledged, "CUS-1 collateral is there");
        _law(market.totalDebtShares() == debt, "CUS-3 debt shares are the loans'");
        _law(totals.cash + totals.borrowed == totals.supplied + totals.reserve, "CUS-1 the market is solvent");
        _law(shares + _queued() == totals.supplyShares, "LEN-2 supply shares are the lenders'");
    }

    function _isUntouched(address borrower, Loan memory loan) private {
        Loan storage seen = _seen[borrower];
        _law(seen.collateral == loan.collateral && seen.shares == loan.shares, "ISO-1 no other loan changes");
    }

    /// @dev QUE-1: the market's queue is the one that lenders made, in order.
    function _queued() private returns (uint256 shares) {
        _law(market.head() == _served && market.tail() == _waiting.length, "QUE-1 length");
        WithdrawalQueue.Request[8] memory places = market.places();
        for (uint256 i = _served; i < _waiting.length; ++i) {
            WithdrawalQueue.Request memory made = _waiting[i];
            WithdrawalQueue.Request memory kept = places[i % 8];
            _law(kept.lender == made.lender && kept.shares == made.shares, "QUE-1 first come, first served");
            shares += made.shares;
        }
    }

    function _isWithin(address borrower, uint256 ltv, string memory id) private {
        _law(_owed(borrower) <= market.worthOf(_loan(borrower).collateral) * ltv / PPM, id);
    }

    // ------------------------------------------------------------------------------------------ values

    function _loan(address borrower) private view returns (Loan memory loan) {
        (loan.collateral, loan.shares) = market.loans(borrower);
    }

    /// @dev Draws a borrower; one with a loan, if the first few drawn have.
    function _borrower() private returns (address borrower) {
        for (uint256 i; i < 4; ++i) {
            borrower = _trader();
            if (_loan(borrower).shares > 0) break;
        }
    }

    function _totals() private view returns (Totals memory) {
        return Totals(
            market.supplied(),
            market.totalSupplyShares(),
            market.borrowed(),
            market.reserve(),
            usd.balanceOf(address(market))
        );
    }

    /// @dev Returns the totals with interest up to now.
    function _accrued() private view returns (Totals memory totals) {
        totals = _totals();
        uint256 elapsed = vm.getBlockTimestamp() - market.accruedAt();
        if (totals.borrowed == 0 || elapsed == 0) return totals;
        uint256 use = totals.borrowed >= totals.supplied ? WAD : totals.borrowed * WAD / totals.supplied;
        uint256 interest = totals.borrowed * (use * 1.5e9 / WAD) * elapsed / WAD;
        if (use > 0.9e18) interest += totals.borrowed * ((use - 0.9e18) * 60e9 / WAD) * elapsed / WAD;
        uint256 cut = interest / 10;
        totals.borrowed += interest;
        totals.reserve += cut;
        totals.supplied += interest - cut;
    }

    /// @dev Returns a debt with interest up to now, rounded up.
    function _owed(address borrower) private view returns (uint256) {
        uint256 shares = _loan(borrower).shares;
        return shares == 0 ? 0 : _up(shares * _accrued().borrowed, market.totalDebtShares());
    }
}
