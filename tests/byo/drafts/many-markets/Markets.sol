// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function balanceOf(address) external view returns (uint256); function transfer(address to, uint256 v) external returns (bool); function transferFrom(address a, address b, uint256 v) external returns (bool); }
/// @notice Positions by market and owner; markets are created later, and priced by the vault itself.
contract Markets {
    struct Market { IERC20 token; address oracle; uint16 leverage; bool enabled; }
    struct Acc { uint128 size; uint128 collateral; uint256 price; }
    mapping(bytes32 => Market) public markets;
    mapping(bytes32 => mapping(address => Acc)) public accounts;
    mapping(bytes32 => uint256) public prices;
    function createMarket(bytes32 id, IERC20 token, address oracle, uint16 leverage) external { markets[id] = Market(token, oracle, leverage, true); }
    function submitPrice(bytes32 id, uint256 price) external { prices[id] = price; }
    function open(bytes32 marketId, uint128 size, uint128 collateral) external {
        Market memory m = markets[marketId]; require(m.enabled && size <= uint256(collateral) * m.leverage && size > 0, "market");
        Acc storage a = accounts[marketId][msg.sender]; require(a.size == 0, "open");
        a.size = size; a.collateral = collateral; a.price = prices[marketId];
        m.token.transferFrom(msg.sender, address(this), collateral);
    }
    function close(bytes32 marketId) external { Acc memory a = accounts[marketId][msg.sender]; require(a.size > 0, "none"); delete accounts[marketId][msg.sender]; markets[marketId].token.transfer(msg.sender, a.collateral); }
    function liquidate(bytes32 marketId, address user) external { Acc memory a = accounts[marketId][user]; require(a.size > 0 && prices[marketId] < a.price / 2, "healthy"); delete accounts[marketId][user]; markets[marketId].token.transfer(msg.sender, a.collateral); }
}
