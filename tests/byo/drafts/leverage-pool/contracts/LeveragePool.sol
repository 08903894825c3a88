// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

interface IOracle {
    function getPrice(address asset) external view returns (uint256);
}

/// @notice Increases and decreases of one position by owner and side; the pool's addresses are set after deployment.
contract LeveragePool {
    struct Position {
        uint256 size;
        uint256 collateral;
        uint256 averagePrice;
    }

    address public governor;
    IERC20 public stable;
    IOracle public oracle;
    bool public ready;
    uint256 public poolAmount;
    uint256 public longSize;
    uint256 public shortSize;
    mapping(bytes32 => Position) public positions;

    constructor() {
        governor = msg.sender;
    }

    modifier onlyGovernor() {
        require(msg.sender == governor, "governor");
        _;
    }

    function initialize(IERC20 stable_, address oracle_) external onlyGovernor {
        require(!ready && oracle_ != address(0), "ready");
        (stable, oracle, ready) = (stable_, IOracle(oracle_), true);
    }

    function supplyLiquidity(uint256 amount) external {
        poolAmount += amount;
        stable.transferFrom(msg.sender, address(this), amount);
    }

    function increasePosition(address account, uint256 collateralDelta, uint256 sizeDelta, bool isLong) external {
        require(msg.sender == account && sizeDelta > 0, "bad");
        Position storage held = positions[key(account, isLong)];
        uint256 price = oracle.getPrice(address(stable));
        held.averagePrice = held.size == 0 ? price : (held.averagePrice * held.size + price * sizeDelta) / (held.size + sizeDelta);
        held.size += sizeDelta;
        held.collateral += collateralDelta;
        isLong ? longSize += sizeDelta : shortSize += sizeDelta;
        require(held.size <= held.collateral * 20, "leverage");
        stable.transferFrom(account, address(this), collateralDelta);
    }

    function decreasePosition(address account, uint256 sizeDelta, bool isLong) external {
        require(msg.sender == account, "sender");
        _reduce(account, isLong, sizeDelta, account);
    }

    function liquidatePosition(address account, bool isLong, address feeReceiver) external {
        Position memory held = positions[key(account, isLong)];
        require(held.size > 0, "none");
        require(equity(held, isLong) < int256(held.size / 50), "healthy");
        feeReceiver;
        _reduce(account, isLong, held.size, account);
    }

    function _reduce(address account, bool isLong, uint256 sizeDelta, address to) private {
        Position storage held = positions[key(account, isLong)];
        require(sizeDelta > 0 && sizeDelta <= held.size, "size");
        int256 worth = (equity(held, isLong) * int256(sizeDelta)) / int256(held.size);
        uint256 put = (held.collateral * sizeDelta) / held.size;
        uint256 paid = worth > 0 ? uint256(worth) : 0;
        if (paid > put + poolAmount) paid = put + poolAmount;
        poolAmount = poolAmount + put - paid;
        held.collateral -= put;
        held.size -= sizeDelta;
        isLong ? longSize -= sizeDelta : shortSize -= sizeDelta;
        stable.transfer(to, paid);
    }

    function getPosition(address account, bool isLong) external view returns (uint256 size, uint256 collateral, uint256 averagePrice) {
        Position memory held = positions[key(account, isLong)];
        return (held.size, held.collateral, held.averagePrice);
    }

    function equity(Position memory held, bool isLong) public view returns (int256) {
        int256 move = int256(oracle.getPrice(address(stable))) - int256(held.averagePrice);
        return int256(held.collateral) + (int256(held.size) * (isLong ? move : -move)) / int256(held.averagePrice);
    }

    function key(address account, bool isLong) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(account, isLong));
    }
}
