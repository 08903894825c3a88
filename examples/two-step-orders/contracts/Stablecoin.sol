// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The token of margins, fees and liquidity, with 6 decimals. Its deployer mints.
contract Stablecoin {
    uint8 public constant decimals = 6;
    address public immutable minter = msg.sender;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 assets) external {
        require(msg.sender == minter, "not the minter");
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
        require(allowed >= assets, "allowance exceeded");
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - assets;
        return _move(from, to, assets);
    }

    function _move(address from, address to, uint256 assets) private returns (bool) {
        require(balanceOf[from] >= assets, "balance exceeded");
        balanceOf[from] -= assets;
        balanceOf[to] += assets;
        return true;
    }
}
