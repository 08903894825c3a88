"""ContractSet of somebody else's project, by name, as whatever compiled them left them."""

from ringfence.evm.projects.ape import ape
from ringfence.evm.projects.foundry import foundry
from ringfence.evm.projects.foundry_setup import foundry_setup
from ringfence.evm.projects.hardhat import hardhat
from ringfence.evm.projects.project import Project, ProjectError
from ringfence.evm.projects.solidity import solidity
from ringfence.evm.projects.vyper import vyper

__all__ = ["Project", "ProjectError", "ape", "foundry", "foundry_setup", "hardhat", "solidity", "vyper"]
