"""The page of hooks, made from the signatures and sentences of `policycore.hookspecs`."""

from __future__ import annotations

import inspect

from policycore.docs.markdown import introduction
from policycore.hookspecs import Hooks

__all__ = ["page"]


def page() -> str:
    """Return the page."""
    lines = introduction("hooks")
    for name, hook in vars(Hooks).items():
        if name.startswith("policycore_"):
            returns = str(inspect.signature(hook).return_annotation).strip("'")
            lines += [f"## {name}", "", "```python", f"def {name}() -> {returns}: ...", "```", ""]
            lines += [inspect.getdoc(hook) or "", ""]
    return "\n".join(lines)
