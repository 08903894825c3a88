// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Gold {
    string public constant symbol = "GLD";
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        require(balanceOf[msg.sender] >= value, "balance");
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        require(allowance[from][msg.sender] >= value && balanceOf[from] >= value, "balance");
        allowance[from][msg.sender] -= value;
        balanceOf[from] -= value;
        balanceOf[to] += value;
        return true;
    }
}

contract Dollar is Gold {}

/// @notice No function opens: collateral is supplied, then dollars are borrowed against it. The owner sets the price.
contract CollateralLoans {
    struct Account {
        uint256 collateral;
        uint256 debt;
    }

    Gold public immutable collateral;
    Dollar public immutable loanToken;
    address public immutable owner = msg.sender;
    uint256 public price;
    uint256 public cash;
    mapping(address borrower => Account) public accounts;
    mapping(address lender => uint256) public supplied;

    constructor(Gold collateral_, Dollar loanToken_) {
        collateral = collateral_;
        loanToken = loanToken_;
    }

    function updatePrice(uint256 newPrice) external {
        require(msg.sender == owner && newPrice > 0 && newPrice < 1e30, "price");
        price = newPrice;
    }

    function supply(uint256 assets, address onBehalf) external {
        require(assets < 1e40, "assets");
        supplied[onBehalf] += assets;
        cash += assets;
        loanToken.transferFrom(msg.sender, address(this), assets);
    }

    function withdraw(uint256 assets, address receiver) external {
        require(assets <= supplied[msg.sender] && assets <= cash, "supplied");
        supplied[msg.sender] -= assets;
        cash -= assets;
        loanToken.transfer(receiver, assets);
    }

    function supplyCollateral(uint256 assets, address onBehalf) external {
        require(assets < 1e40, "assets");
        accounts[onBehalf].collateral += assets;
        collateral.transferFrom(msg.sender, address(this), assets);
    }

    function withdrawCollateral(uint256 assets, address receiver) external {
        require(assets <= accounts[msg.sender].collateral, "collateral");
        accounts[msg.sender].collateral -= assets;
        require(healthy(msg.sender), "unhealthy");
        collateral.transfer(receiver, assets);
    }

    function borrow(uint256 assets, address receiver) external {
        require(assets > 0 && assets <= cash, "cash");
        accounts[msg.sender].debt += assets;
        cash -= assets;
        require(healthy(msg.sender), "unhealthy");
        loanToken.transfer(receiver, assets);
    }

    function repay(uint256 assets, address onBehalf) external {
        require(assets <= accounts[onBehalf].debt, "debt");
        accounts[onBehalf].debt -= assets;
        cash += assets;
        loanToken.transferFrom(msg.sender, address(this), assets);
    }

    function liquidate(address borrower, uint256 seizedAssets) external {
        require(!healthy(borrower), "healthy");
        Account storage held = accounts[borrower];
        uint256 seized = seizedAssets < held.collateral ? seizedAssets : held.collateral;
        uint256 paid = held.debt;
        held.debt = 0;
        held.collateral -= seized;
        cash += paid;
        loanToken.transferFrom(msg.sender, address(this), paid);
        collateral.transfer(msg.sender, seized);
    }

    function healthy(address borrower) public view returns (bool) {
        Account memory held = accounts[borrower];
        return held.debt * 1e18 * 100 <= held.collateral * price * 80;
    }
}
