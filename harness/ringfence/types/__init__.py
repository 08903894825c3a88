"""What is said: actions, outcomes, states, roles, the adapter's protocol, findings."""
