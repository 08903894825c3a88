// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The token that margins are paid in, with 6 decimals. Its maker mints.
contract Collateral {
    error InsufficientBalance(address from, uint256 balance, uint256 needed);
    error InsufficientAllowance(address spender, uint256 allowance, uint256 needed);

    uint8 public constant decimals = 6;
    address public immutable minter = msg.sender;
    mapping(address account => uint256 assets) public balanceOf;
    mapping(address owner => mapping(address spender => uint256 assets)) public allowance;

    function mint(address to, uint256 assets) external {
        require(msg.sender == minter);
        balanceOf[to] += assets;
    }

    function approve(address spender, uint256 assets) external {
        allowance[msg.sender][spender] = assets;
    }

    function transfer(address to, uint256 assets) external {
        _move(msg.sender, to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) external {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < assets) revert InsufficientAllowance(msg.sender, allowed, assets);
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - assets;
        _move(from, to, assets);
    }

    function _move(address from, address to, uint256 assets) private {
        uint256 balance = balanceOf[from];
        if (balance < assets) revert InsufficientBalance(from, balance, assets);
        balanceOf[from] = balance - assets;
        balanceOf[to] += assets;
    }
}
