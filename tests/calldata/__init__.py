"""No call ends in a panic, whatever its bytes."""
