"""One change at a time in a vault's Solidity: would anyone notice?"""
