"""Gas of transactions and code size: snapshot, limits, no dependence on other positions; slow."""
