"""The style sheet of the HTML report, with the filters that work without any script."""

from __future__ import annotations

from policycore.model.verdict import Severity
from policycore.reports.summary import OPEN_VERDICTS

__all__ = ["style_sheet"]

_base = """
:root {
  color-scheme: light dark;
  --line: #d0d5dc; --dim: #5a6472; --error: #b3261e; --warning: #8a5a00; --info: #0b5cad; --good: #1b6e3c;
}
@media (prefers-color-scheme: dark) {
  :root { --line: #3c434d; --dim: #a3adba; --error: #ff8a80; --warning: #ffc966; --info: #8ab4f8; --good: #81c995; }
}
* { box-sizing: border-box; }
body {
  font: 15px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  max-width: 70rem; margin: 0 auto; padding: 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.2rem; border-bottom: 1px solid var(--line); margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
.dim { color: var(--dim); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; }
th, td {
  border: 1px solid var(--line); padding: .3rem .5rem;
  text-align: left; vertical-align: top; overflow-wrap: anywhere;
}
td:first-child, th { white-space: nowrap; }
td.number { text-align: right; white-space: nowrap; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .8rem; }
.counts b { font-size: 1.3rem; }
.finding {
  border: 1px solid var(--line); border-left-width: .35rem; border-radius: .3rem;
  padding: .4rem .8rem; margin: .5rem 0; overflow-wrap: anywhere; break-inside: avoid;
}
.finding p { margin: .2rem 0; }
.finding ul { list-style: none; margin: .2rem 0; padding: 0; }
.severity-error { border-left-color: var(--error); }
.severity-warning { border-left-color: var(--warning); }
.severity-info { border-left-color: var(--info); }
b.severity-error { color: var(--error); }
b.severity-warning { color: var(--warning); }
b.severity-info { color: var(--info); }
.incomplete { border: 2px solid var(--error); padding: .3rem .8rem; }
.clean { color: var(--good); font-weight: bold; }
label.filter { margin-right: 1rem; white-space: nowrap; }
@media print {
  .filter, .filters { display: none; }
  body { max-width: none; padding: 0; font-size: 11px; }
  h2, h3 { break-after: avoid; }
}
"""


def style_sheet() -> str:
    """Return the style sheet; a box that is not ticked hides its findings by a selector alone."""
    classes = [severity.value for severity in Severity] + [f"verdict-{verdict.value}" for verdict in OPEN_VERDICTS]
    hidden = [f"#show-{name}:not(:checked) ~ main .show-{name}" for name in classes]
    # Printed, everything shows: paper must not lack what a screen happened to hide.
    return _base + "@media screen { " + ",\n".join(hidden) + " { display: none; } }\n"
