"""Write docs/states.md: a diagram of each state machine, made from its table. `python -m tools.state_diagrams`."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from dagvandebuurt.core.states import MACHINES, Machine

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "states.md"
HEAD = """# State machines

What can be done with each entity that has a status, who may do it, and where it leads. Made from the tables in
`*/states.py` by `python -m tools.state_diagrams`; `tests/house/test_state_diagrams.py` holds it against them. How a
table is applied: `core/states.py`.

An action without a permission is done by the system, by a command of another section, or by the holder of a
private link. Where the status stays, the action is in the table and not in the diagram.
"""


def diagram(machine: Machine[Any, Any, Any, ..., Any]) -> str:
    """Return the Mermaid diagram of a machine: one arrow for all actions with the same ends."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for action, transition in machine.table.items():
        label = f"{action} [{transition.guard.label}]" if transition.guard else str(action)
        for source in sorted(transition.sources):
            if transition.target is not None:
                arrows.setdefault((source, transition.target), []).append(label)
    lines = [f"    [*] --> {machine.initial}"]
    lines += [
        f"    {source} --> {target}: {', '.join(labels)}" for (source, target), labels in arrows.items()
    ]
    ends = sorted({target for _, target in arrows} - {source for source, _ in arrows})
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", *lines, *(f"    {end} --> [*]" for end in ends), "```"]
    )


def rows(machine: Machine[Any, Any, Any, ..., Any]) -> Iterator[str]:
    """Yield the table of a machine as Markdown."""
    yield "| action | permission | from | to |"
    yield "|---|---|---|---|"
    for action, transition in machine.table.items():
        permission = f"`{transition.needs}`" if transition.needs else "*none*"
        guard = f" ({transition.guard.label})" if transition.guard else ""
        yield f"| {action} | {permission} | {', '.join(sorted(transition.sources))}{guard} | {transition.target or '*stays*'} |"


def page() -> str:
    """Return docs/states.md. The sections must have been imported."""
    machines = sorted(MACHINES, key=lambda each: each.name)
    parts = [f"## {each.name}\n\n{diagram(each)}\n\n" + "\n".join(rows(each)) + "\n" for each in machines]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    for path in sorted((ROOT / "dagvandebuurt").rglob("states.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    PAGE.write_text(page())
