"""Contracts of somebody else's project, by name, as whatever compiled them left them."""

from ringfence.projects.ape import ape
from ringfence.projects.foundry import foundry
from ringfence.projects.project import Project, ProjectError
from ringfence.projects.solidity import solidity
from ringfence.projects.vyper import vyper

__all__ = ["Project", "ProjectError", "ape", "foundry", "solidity", "vyper"]
