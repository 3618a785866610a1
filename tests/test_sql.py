"""Every .sql file is used, and means the same on DuckDB, which runs it, and on Spark, as sqlglot translates it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

SOURCE = Path(__file__).parents[1] / "src" / "lodger"
FILES = sorted(SOURCE.rglob("*.sql"))


def _coarse(node: exp.Expr) -> bool:
    """DuckDB counts the midnights between two times, Spark whole days; between two dates they agree."""
    days = isinstance(node, exp.DateDiff) and node.text("unit").upper() in {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}
    return days and not all(
        isinstance(node.args[side], exp.Cast) and node.args[side].is_type("DATE") for side in ("this", "expression")
    )


def _index(node: exp.Expr) -> bool:
    """sqlglot moves a literal position from 1 to 0, and nothing else."""
    return isinstance(node, exp.Bracket) and any(isinstance(each, exp.Slice | exp.Neg) for each in node.expressions)


def _ordered(node: exp.Expr) -> bool:
    """An ORDER BY within an aggregate: `list` loses it silently, the others keep what Spark does not know."""
    return isinstance(node, exp.AggFunc) and isinstance(node.this, exp.Order)


def _slice(node: exp.Expr) -> bool:
    """DuckDB's third argument is the last position, Spark's the length: the same when it begins at 1."""
    return isinstance(node, exp.ArraySlice) and node.args["start"] != exp.Literal.number(1)


#: What comes out wrong, or not at all: why not, how it is told, and an example of it.
REJECTED: dict[str, tuple[Callable[[exp.Expr], bool], str]] = {
    "order in an aggregate is lost (list_sort(list(x)))": (_ordered, "SELECT list(x ORDER BY y) FROM t"),
    "ASOF JOIN stays as it is (a window)": (
        lambda node: isinstance(node, exp.Join) and node.method == "ASOF",
        "SELECT 1 FROM a ASOF JOIN b ON a.x >= b.x",
    ),
    "POSITIONAL JOIN stays as it is": (
        lambda node: isinstance(node, exp.Join) and "POSITIONAL" in {node.kind, node.method},
        "SELECT 1 FROM a POSITIONAL JOIN b",
    ),
    "a struct's names are not reliable (columns of their own)": (
        lambda node: isinstance(node, exp.Struct),
        "SELECT struct_pack(a := 1)",
    ),
    "a struct literal is a struct": (lambda node: isinstance(node, exp.Struct), "SELECT {'a': 1}"),
    "format's {} is %s to Spark (||)": (lambda node: isinstance(node, exp.Format), "SELECT format('{}', 1)"),
    "epoch loses the fraction (date_diff of seconds)": (
        lambda node: isinstance(node, exp.TimeToUnix),
        "SELECT epoch(t) FROM t",
    ),
    "epoch_ms goes the other way": (lambda node: isinstance(node, exp.UnixToTime), "SELECT epoch_ms(t) FROM t"),
    "days between times are counted otherwise (cast both to DATE)": (_coarse, "SELECT date_diff('day', a, b) FROM t"),
    "the days of the week begin at 0 here and at 1 there (isodow)": (
        lambda node: isinstance(node, exp.DayOfWeek),
        "SELECT dayofweek(t) FROM t",
    ),
    "a slice or a position from the end comes out wrong (array_slice(xs, 1, n))": (_index, "SELECT xs[-1] FROM t"),
    "a slice by brackets too": (_index, "SELECT xs[1:3] FROM t"),
    "a slice from elsewhere than 1 has another length": (_slice, "SELECT array_slice(xs, 2, 3) FROM t"),
    "log is the natural one there (log10, ln)": (
        lambda node: isinstance(node, exp.Log) and node.expression is None,
        "SELECT log(x) FROM t",
    ),
    "Spark has no PERCENTILE_CONT(x, q) (approx_quantile)": (
        lambda node: isinstance(node, exp.PercentileCont),
        "SELECT quantile_cont(x, 0.5) FROM t",
    ),
    "Spark has no REGEXP_FULL_MATCH (regexp_matches with ^ and $)": (
        lambda node: isinstance(node, exp.RegexpFullMatch),
        "SELECT regexp_full_match(s, 'a') FROM t",
    ),
    "Spark has no SIMILAR TO": (lambda node: isinstance(node, exp.SimilarTo), "SELECT s SIMILAR TO 'a' FROM t"),
    "a list comprehension stays as it is (list_transform)": (
        lambda node: isinstance(node, exp.Comprehension),
        "SELECT [x + 1 for x in xs] FROM t",
    ),
    "Spark has no time of day": (
        lambda node: isinstance(node, exp.DataType) and node.is_type("TIME"),
        "SELECT t::TIME FROM t",
    ),
    "MATERIALIZED stays as it is": (
        lambda node: isinstance(node, exp.CTE) and node.args.get("materialized") is not None,
        "WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a",
    ),
    "BY NAME stays as it is": (
        lambda node: isinstance(node, exp.SetOperation) and bool(node.args.get("by_name")),
        "SELECT a FROM t UNION ALL BY NAME SELECT a FROM u",
    ),
    "* REPLACE stays as it is": (
        lambda node: isinstance(node, exp.Star) and bool(node.args.get("replace")),
        "SELECT * REPLACE (1 AS a) FROM t",
    ),
    "PIVOT as a statement stays as it is": (lambda node: isinstance(node, exp.Pivot), "PIVOT t ON a USING sum(b)"),
    "COLUMNS() stays as it is": (lambda node: isinstance(node, exp.Columns), "SELECT COLUMNS('a') FROM t"),
    "range() as a table comes out broken (unnest(range()))": (
        lambda node: isinstance(node, exp.Table) and isinstance(node.this, exp.Func),
        "SELECT a FROM range(3) AS r(a)",
    ),
    "sqlglot does not know the function": (lambda node: isinstance(node, exp.Anonymous), "SELECT epoch_us(t) FROM t"),
}


#: sqlglot's tree has one node for `len` and `length`, so this is told by the word.
LEN = "len of a list becomes the length of a text (array_length, or length for a text)"


def complaints(sql: str) -> Iterator[str]:
    """Why ``sql`` would not run on Spark with the same result."""
    words = [token.text.lower() for token in sqlglot.tokenize(sql, read="duckdb")]
    yield from (f"{LEN}: len(" for pair in pairwise(words) if pair == ("len", "("))
    for tree in sqlglot.parse(sql, read="duckdb"):
        assert tree is not None
        for node in tree.walk():
            yield from (f"{why}: {node.sql('duckdb')}" for why, (told, _) in REJECTED.items() if told(node))
        spark = tree.sql("spark", unsupported_level=ErrorLevel.RAISE)
        sqlglot.parse_one(spark, read="spark")


@pytest.mark.parametrize(
    ("why", "example"),
    [(LEN, "SELECT len(xs) FROM t"), *((why, example) for why, (_, example) in REJECTED.items())],
)
def test_what_breaks_on_spark_is_rejected(why: str, example: str) -> None:
    assert any(complaint.startswith(f"{why}: ") for complaint in complaints(example))


def test_what_spark_cannot_parse_is_an_error() -> None:
    with pytest.raises(sqlglot.errors.SqlglotError):
        list(complaints("SELECT list_has_any(a, b) FROM t"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_file_is_one_statement_that_both_dialects_understand(file: Path) -> None:
    sql = file.read_text(encoding="utf-8")
    assert len(sqlglot.parse(sql, read="duckdb")) == 1
    assert list(complaints(sql)) == []


def _loads_sql(module: Path) -> bool:
    """Whether the module reads .sql files of its own package."""
    strings = [
        node.value for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    ]
    return any(isinstance(value, str) and value.endswith(".sql") and " " not in value for value in strings)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_file_is_an_orphan(file: Path) -> None:
    beside = [file.with_name(file.stem.removesuffix("_rows") + ".py"), *file.parent.glob("*.py")]
    assert beside[0].is_file() or any(_loads_sql(module) for module in beside[1:])
