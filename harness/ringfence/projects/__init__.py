"""Contracts of somebody else's project, as whatever compiled them left them: by name, ready to be deployed."""

from ringfence.projects.ape import ape
from ringfence.projects.foundry import foundry
from ringfence.projects.project import Project, ProjectError
from ringfence.projects.solidity import solidity
from ringfence.projects.vyper import vyper

__all__ = ["Project", "ProjectError", "ape", "foundry", "solidity", "vyper"]
