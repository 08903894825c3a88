// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice A token that its deployer mints; the collateral has 18 decimals, what is lent has 6.
contract Token {
    uint8 public immutable decimals;
    address public immutable minter = msg.sender;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 assets) external {
        require(msg.sender == minter, "only the minter");
        balanceOf[to] += assets;
    }

    function approve(address spender, uint256 assets) external returns (bool) {
        allowance[msg.sender][spender] = assets;
        return true;
    }

    function transfer(address to, uint256 assets) external returns (bool) {
        return _move(msg.sender, to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= assets, "allowance too low");
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - assets;
        return _move(from, to, assets);
    }

    function _move(address from, address to, uint256 assets) private returns (bool) {
        require(balanceOf[from] >= assets, "balance too low");
        balanceOf[from] -= assets;
        balanceOf[to] += assets;
        return true;
    }
}
