"""The tables in docs/ match contracts and properties; the pages' examples run as tests themselves."""
