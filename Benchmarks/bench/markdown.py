"""Numbers and tables as the page shows them."""


def table(head, rows):
    """Lines of a table: text columns to the left, then numbers to the right; `head` tells which by a colon."""
    names = [name.rstrip(":") for name in head]
    rules = ["---:" if name.endswith(":") else "---" for name in head]
    return [line(names), line(rules)] + [line(row) for row in rows]


def line(cells):
    return "| " + " | ".join(cells) + " |"


def three(value):
    """Three significant digits, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def milliseconds(sample):
    """As in 1.23 (1.20…1.31)."""
    values = [1e3 * seconds for seconds in sample.seconds]
    return f"{three(1e3 * sample.median)} ({three(min(values))}…{three(max(values))})"


def seconds(sample):
    return f"{three(sample.median)} ({three(min(sample.seconds))}…{three(max(sample.seconds))})"


def times(ratio):
    return f"{three(ratio)}×"


def against(target, is_met, unit):
    """A target with whether it is met."""
    return "" if target is None else f"{target:g}{unit} {'✓' if is_met else '✗'}"
