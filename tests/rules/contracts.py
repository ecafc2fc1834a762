"""Import contracts that may name what is not there yet: a room that is still to be built, a package nobody imports."""

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.protected import ProtectedContract


class Never(ForbiddenContract):
    """`source_modules` never import `forbidden_modules`."""

    type_name = "never"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        self.source_modules = present(self.source_modules, graph)
        self.forbidden_modules = present(self.forbidden_modules, graph)
        return super().check(graph, verbose)


class Owner(ProtectedContract):
    """Only `allowed_importers` import `protected_modules`."""

    type_name = "owner"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        self.protected_modules = present(self.protected_modules, graph)
        self.allowed_importers = present(self.allowed_importers, graph)
        return super().check(graph, verbose)


def present(modules, graph: ImportGraph):
    """What nobody imports and nobody wrote breaks no rule; import-linter would call it a mistake in the file."""
    return [module for module in modules if module.expression in graph.modules]
