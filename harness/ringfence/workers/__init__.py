"""Campaigns by many workers: processes of this machine, or of a Ray cluster."""
