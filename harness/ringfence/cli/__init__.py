"""What can be run from a shell: one module per subcommand, imported when it is asked for."""
