"""Write expressions over characters as expressions over 16-bit units, and those as bytes for hyperscan."""

from __future__ import annotations

from policycore.text.expression import NO_CHARACTER, Chars, Choice, Edge, Expression, Node, Ranges, Repeat, Series

__all__ = ["backwards", "byte_syntax", "in_units", "unbounded"]

_EDGE = (NO_CHARACTER, NO_CHARACTER)


def in_units(expression: Expression) -> Node:
    """Return the expression with what must stand around it, over the units of `policycore.text.view`."""
    return _units(expression.whole)


def _units(node: Node) -> Node:
    """Return `node` with characters beyond 16 bits as two units, and ends of the text as what is no character."""
    if isinstance(node, Edge):
        return Chars((_EDGE,))
    if isinstance(node, Repeat):
        return Repeat(_units(node.part), node.least, node.most)
    if isinstance(node, Choice):
        return Choice(tuple(map(_units, node.parts)))
    if isinstance(node, Series):
        return Series(tuple(map(_units, node.parts)))
    single = [(first, min(last, 0xFFFE)) for first, last in node.ranges if first < 0x10000]
    parts: list[Node] = [Chars((*single, _EDGE) if node.edge else tuple(single))]
    for first, last in node.ranges:
        parts += _pairs(max(first, 0x10000), last) if last >= 0x10000 else ()
    if len(parts) > 1 and not parts[0].ranges:  # type: ignore[union-attr] # the first is always Chars
        del parts[0]
    return parts[0] if len(parts) == 1 else Choice(tuple(parts))


def _pairs(first: int, last: int) -> list[Node]:
    """Return the pairs of units that stand for the characters from `first` to `last`."""
    (high, low), (last_high, last_low) = (divmod(code - 0x10000, 0x400) for code in (first, last))
    if high == last_high:
        return [_pair(high, high, low, last_low)]
    pairs = []
    if low > 0:
        pairs.append(_pair(high, high, low, 0x3FF))
        high += 1
    if last_low < 0x3FF:
        pairs.append(_pair(last_high, last_high, 0, last_low))
        last_high -= 1
    return [*pairs, _pair(high, last_high, 0, 0x3FF)] if high <= last_high else pairs


def _pair(high: int, last_high: int, low: int, last_low: int) -> Node:
    """Return two units, each out of a range."""
    return Series((Chars(((0xD800 + high, 0xD800 + last_high),)), Chars(((0xDC00 + low, 0xDC00 + last_low),))))


def backwards(node: Node) -> Node:
    """Return `node` as it is read from its end."""
    if isinstance(node, Repeat):
        return Repeat(backwards(node.part), node.least, node.most)
    if isinstance(node, Choice):
        return Choice(tuple(map(backwards, node.parts)))
    return Series(tuple(map(backwards, reversed(node.parts)))) if isinstance(node, Series) else node


def unbounded(node: Node) -> Node:
    """Return `node` with repeats that have no upper bound: smaller, and looking for more."""
    if isinstance(node, Repeat):
        return Repeat(unbounded(node.part), min(node.least, 1), None if (node.most or 2) > 1 else 1)
    if isinstance(node, (Series, Choice)):
        return type(node)(tuple(map(unbounded, node.parts)))
    return node


def byte_syntax(node: Node) -> str:
    """Return what hyperscan is given: every unit as two bytes, big end first."""
    if isinstance(node, Chars):
        return _bytes(node.ranges)
    if isinstance(node, Series):
        return "".join(map(byte_syntax, node.parts))
    if isinstance(node, Choice):
        return f"(?:{'|'.join(map(byte_syntax, node.parts))})"
    if isinstance(node, Edge):
        raise TypeError("an edge is a unit by now")
    times = f"{{{node.least},{'' if node.most is None else node.most}}}"
    return f"(?:{byte_syntax(node.part)}){times}"


def _bytes(ranges: Ranges) -> str:
    """Return one unit out of `ranges`: for each first byte the second bytes that may follow."""
    seconds: dict[int, list[str]] = {}
    firsts: list[str] = []
    for begin, end in ranges:
        high, low = divmod(begin, 256)
        last_high, last_low = divmod(end, 256)
        if high == last_high:
            seconds.setdefault(high, []).append(_span(low, last_low))
            continue
        if low > 0:
            seconds.setdefault(high, []).append(_span(low, 255))
            high += 1
        if last_low < 255:
            seconds.setdefault(last_high, []).append(_span(0, last_low))
            last_high -= 1
        if high <= last_high:
            firsts.append(_span(high, last_high))
    parts = [f"\\x{high:02x}{_one_of(spans)}" for high, spans in seconds.items()]
    if firsts:
        parts.append(f"{_one_of(firsts)}[\\x00-\\xff]")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _span(first: int, last: int) -> str:
    """Return the bytes from `first` to `last`."""
    return f"\\x{first:02x}" if first == last else f"\\x{first:02x}-\\x{last:02x}"


def _one_of(spans: list[str]) -> str:
    """Return a class of bytes, or the byte alone where there is one."""
    return spans[0] if len(spans) == 1 and "-" not in spans[0] else f"[{''.join(spans)}]"
