// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

interface IPriceOracle { function latestPrice() external view returns (uint256 price, uint256 timestamp); }

contract PerpVault is Ownable, ReentrancyGuard {
    using SafeERC20 for IERC20;
    enum Side { Long, Short }
    struct OpenParams { Side side; uint256 margin; uint256 leverage; uint256 acceptablePrice; uint256 deadline; }
    struct Position { address owner; Side side; uint256 margin; uint256 notional; uint256 entryPrice; uint64 openedAt; }
    struct Config { uint16 maintenanceBps; uint16 feeBps; uint32 maxPriceAge; uint8 maxLeverage; }

    IERC20 public immutable usdc;
    IPriceOracle public oracle;
    Config public config;
    bool public paused;
    uint256 public positionCount;
    uint256 public totalLiquidity;
    uint256 public accruedFees;
    mapping(uint256 => Position) internal _positions;
    mapping(address => uint256) public lpShares;
    uint256 public totalShares;

    error Paused(); error Slippage(); error TooOld(); error NotYours(); error Healthy(); error BadLeverage();

    constructor(address usdc_, Config memory config_) Ownable(msg.sender) { usdc = IERC20(usdc_); config = config_; }

    function setOracle(IPriceOracle oracle_) external onlyOwner { oracle = oracle_; }
    function setPaused(bool paused_) external onlyOwner { paused = paused_; }

    function deposit(uint256 amount) external nonReentrant returns (uint256 shares) {
        require(amount > 0, "amount");
        shares = totalShares == 0 ? amount : amount * totalShares / totalLiquidity;
        lpShares[msg.sender] += shares; totalShares += shares; totalLiquidity += amount;
        usdc.safeTransferFrom(msg.sender, address(this), amount);
    }
    function withdraw(uint256 shares) external nonReentrant returns (uint256 amount) {
        require(shares > 0 && shares <= lpShares[msg.sender], "shares");
        amount = shares * totalLiquidity / totalShares;
        lpShares[msg.sender] -= shares; totalShares -= shares; totalLiquidity -= amount;
        usdc.safeTransfer(msg.sender, amount);
    }
    function openPosition(OpenParams calldata p) external nonReentrant returns (uint256 positionId) {
        if (paused) revert Paused();
        uint256 price = _price();
        if (block.timestamp > p.deadline) revert TooOld();
        if (p.side == Side.Long ? price > p.acceptablePrice : price < p.acceptablePrice) revert Slippage();
        if (p.leverage == 0 || p.leverage > config.maxLeverage) revert BadLeverage();
        uint256 notional = p.margin * p.leverage;
        uint256 fee = notional * config.feeBps / 1e4;
        require(p.margin > fee && p.margin >= 1e6, "margin");
        positionId = ++positionCount;
        _positions[positionId] = Position(msg.sender, p.side, p.margin - fee, notional, price, uint64(block.timestamp));
        accruedFees += fee;
        usdc.safeTransferFrom(msg.sender, address(this), p.margin);
    }
    function addCollateral(uint256 positionId, uint256 amount) external nonReentrant {
        require(_positions[positionId].owner != address(0) && amount > 0, "position");
        _positions[positionId].margin += amount;
        usdc.safeTransferFrom(msg.sender, address(this), amount);
    }
    function closePosition(uint256 positionId, uint256 acceptablePrice) external nonReentrant {
        Position memory p = _positions[positionId];
        if (p.owner != msg.sender) revert NotYours();
        uint256 price = _price();
        if (p.side == Side.Short ? price > acceptablePrice : price < acceptablePrice) revert Slippage();
        _settle(positionId, p, p.owner);
    }
    function liquidate(uint256 positionId) external nonReentrant {
        Position memory p = _positions[positionId];
        require(p.owner != address(0), "position");
        if (equityOf(p, _price()) >= int256(p.notional * config.maintenanceBps / 1e4)) revert Healthy();
        _settle(positionId, p, p.owner);
    }
    function collectFees() external onlyOwner { uint256 fees = accruedFees; accruedFees = 0; usdc.safeTransfer(owner(), fees); }
    function getPosition(uint256 positionId) external view returns (Position memory) { return _positions[positionId]; }
    function equityOf(Position memory p, uint256 price) public pure returns (int256) {
        int256 move = (int256(price) - int256(p.entryPrice)) * int256(p.notional) / int256(p.entryPrice);
        return int256(p.margin) + (p.side == Side.Long ? move : -move);
    }
    function _settle(uint256 id, Position memory p, address to) private {
        int256 equity = equityOf(p, _price());
        uint256 paid = equity > 0 ? uint256(equity) : 0;
        if (paid > p.margin + totalLiquidity) paid = p.margin + totalLiquidity;
        totalLiquidity = totalLiquidity + p.margin - paid;
        delete _positions[id];
        usdc.safeTransfer(to, paid);
    }
    function _price() private view returns (uint256 price) {
        uint256 at; (price, at) = oracle.latestPrice();
        if (block.timestamp > at + config.maxPriceAge || price == 0) revert TooOld();
    }
}
