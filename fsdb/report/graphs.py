"""A lineage as a graph in the formats of other tools: DOT, Mermaid, GraphML. Edges lead to the child."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from fsdb.report.lineage import Ancestor, Lineage


def to_dot(lineage: Lineage) -> str:
    """Return a lineage as a graph for Graphviz: `dot -Tsvg`."""
    lines = [
        f"digraph {_quoted(f'{lineage.run} {lineage.program_id}')} {{",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded", fontname="Helvetica"];',
    ]
    on_line = set(lineage.line)
    for program in _oldest_first(lineage):
        style = ", penwidth=2" if program.program_id in on_line else ""
        lines.append(f"  {program.program_id} [label={_quoted(_label(program))}{style}];")
    for parent, child in _edges(lineage):
        style = " [penwidth=2]" if {parent, child} <= on_line and _is_best(lineage, parent, child) else ""
        lines.append(f"  {parent} -> {child}{style};")
    return "\n".join([*lines, "}", ""])


def to_mermaid(lineage: Lineage) -> str:
    """Return a lineage as a flowchart for Mermaid, which Markdown on many sites draws."""
    lines = ["flowchart TD"]
    for program in _oldest_first(lineage):
        text = _label(program).replace('"', "#quot;").replace("<", "#lt;").replace("\n", "<br>")
        lines.append(f'  p{program.program_id}["{text}"]')
    on_line = set(lineage.line)
    for parent, child in _edges(lineage):
        arrow = "==>" if {parent, child} <= on_line and _is_best(lineage, parent, child) else "-->"
        lines.append(f"  p{parent} {arrow} p{child}")
    return "\n".join([*lines, ""])


def to_graphml(lineage: Lineage) -> str:
    """Return a lineage as GraphML, for networkx, Gephi, yEd and igraph."""
    types = {"score": "double", "island_id": "int", "epoch": "int", "seq": "long"}
    types |= {"sampler": "string", "status": "string", "on_line": "boolean"}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ]
    lines += [
        f'  <key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>'
        for name, kind in types.items()
    ]
    lines.append('  <key id="position" for="edge" attr.name="position" attr.type="int"/>')
    lines.append(f'  <graph id={quoteattr(_clean(lineage.run))} edgedefault="directed">')
    on_line = set(lineage.line)
    for program in _oldest_first(lineage):
        lines.append(f'    <node id="{program.program_id}">')
        for name in types:
            value = program.program_id in on_line if name == "on_line" else getattr(program, name)
            if value is not None:
                text = str(value).lower() if isinstance(value, bool) else _clean(str(value))
                lines.append(f'      <data key="{name}">{_escaped(text)}</data>')
        lines.append("    </node>")
    for program in _oldest_first(lineage):
        for position, parent in enumerate(program.parents):
            lines.append(
                f'    <edge source="{parent}" target="{program.program_id}">'
                f'<data key="position">{position}</data></edge>'
            )
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _oldest_first(lineage: Lineage) -> list[Ancestor]:
    return [lineage.programs[own] for own in sorted(lineage.programs)]


def _edges(lineage: Lineage) -> list[tuple[int, int]]:
    return [(parent, each.program_id) for each in _oldest_first(lineage) for parent in each.parents]


def _is_best(lineage: Lineage, parent: int, child: int) -> bool:
    return lineage.programs[child].best_parent == parent


def _label(program: Ancestor) -> str:
    score = program.status if program.score is None else f"{program.score:.7g}"
    return f"{program.program_id}\n{score}\nisland {program.island_id}"


def _quoted(text: str) -> str:
    inner = _clean(text, keep="\n").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def _clean(text: str, keep: str = "") -> str:
    """Return text without characters that no format of these may hold."""
    return "".join(c if c.isprintable() or c in keep else "\ufffd" for c in text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
