"""What proposes the next step: draws by field name, edges found by trying, mutated sequences."""
