"""The only definition of the checks: ``nox -s tests lint types`` (CI and the hooks call the same)."""

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "none"


@nox.session
def tests(session: nox.Session) -> None:
    """The test suite."""
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style: ruff as linter and formatter."""
    session.run("ruff", "check", "src", "tests", "verification", "benchmarks", "noxfile.py")
    session.run("ruff", "format", "--check", "src", "tests", "verification", "benchmarks", "noxfile.py")


@nox.session
def types(session: nox.Session) -> None:
    """Types of the package."""
    session.run("mypy")


@nox.session
def verify(session: nox.Session) -> None:
    """Slow truth: judges of published experiments and long statistics."""
    session.run("pytest", "verification", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios measured side by side."""
    session.run("python", "benchmarks/run.py", *session.posargs)
