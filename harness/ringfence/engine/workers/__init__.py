"""Campaigns by many workers: processes of this machine, or of a Ray cluster.

``concurrent.futures`` and Ray start them, hand them their batches and notice when one dies; what is done
about it is here.
"""
