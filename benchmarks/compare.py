"""`make bench-compare OLD=file NEW=file`: each figure of two results of `make bench`, and their ratio."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path


def figures(document: object, name: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of a result by their path, such as 'pages.zoom.median_ms'."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from figures(value, f"{name}.{key}" if name else str(key))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield name, float(document)


def compare(old: object, new: object) -> str:
    """A line a figure: old, new, new ÷ old. What only one of them has, or was 0, has no ratio."""
    before, after = dict(figures(old)), dict(figures(new))
    names = [*before, *(name for name in after if name not in before)]
    width = max((len(name) for name in names), default=0)
    return "\n".join(_line(name.ljust(width), before.get(name), after.get(name)) for name in names)


def _line(name: str, old: float | None, new: float | None) -> str:
    ratio = f"{new / old:.2f}" if old and new is not None else "–"
    return f"{name} {_shown(old)} {_shown(new)} {ratio:>6}"


def _shown(figure: float | None) -> str:
    return f"{'–' if figure is None else f'{figure:g}':>10}"


def main(*paths: str) -> int:
    """Print the comparison; 2 with a sentence if it has not two results to read."""
    try:
        old, new = (json.loads(Path(path).read_text(encoding="utf-8")) for path in paths)
    except (OSError, ValueError) as error:
        print(f"make bench-compare OLD=file NEW=file: two results of make bench. {error}", file=sys.stderr)
        return 2
    print(compare(old, new))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
