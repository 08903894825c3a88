// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ReturnsNothingToken
/// @notice Works, but its transfers return no value, as USDT's.
/// @dev OpenZeppelin's ERC20 returns true, so this one is written out.
contract ReturnsNothingToken {
    uint8 public immutable decimals;
    uint256 private _totalSupply;
    mapping(address account => uint256) private _balances;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// @notice Gives `to` new tokens.
    function mint(address to, uint256 assets) external {
        _totalSupply += assets;
        _balances[to] += assets;
    }

    function approve(address spender, uint256 assets) external {
        allowance[msg.sender][spender] = assets;
    }

    function transfer(address to, uint256 assets) external {
        _move(msg.sender, to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) external {
        allowance[from][msg.sender] -= assets;
        _move(from, to, assets);
    }

    function totalSupply() external view returns (uint256) {
        return _totalSupply;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _balances[account];
    }

    function _move(address from, address to, uint256 assets) private {
        _balances[from] -= assets;
        _balances[to] += assets;
    }
}
