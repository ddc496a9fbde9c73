"""After a run over PyTorch's database of operators: its table of percentages."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [r for rs in terminalreporter.stats.values() for r in rs if isinstance(r, pytest.TestReport)]
    results = [value for r in reports for key, value in r.user_properties if key == "opdb"]
    if results:
        from tests.conformance.opdb.left_out import lists
        from tests.conformance.opdb.table import table

        terminalreporter.section("PyTorch's database of operators")
        terminalreporter.write_line(table(dict(results)))
        terminalreporter.write_line("\n".join(lists()))
