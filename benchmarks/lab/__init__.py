"""How many intruders are found, at how many false cases: Lodger, published methods and its own ablations, in one run.

    python -m benchmarks.lab run --seeds 50 --hosts 100 --days 60 --looks 9
    python -m benchmarks.lab table
    python -m benchmarks.lab page

For each seed the lab writes one fleet with some eight lives of different families on different hosts, and every method
scores that same fleet. What is kept of it is one JSON file per seed in ``results/`` beside this program (or in
``--out``), which says what measured it, so that a run that was cut off goes on where it was, and several processes
share one; the fleets are not kept. `table` prints what these files say, `page` writes docs/benchmark.md and its charts
from them. docs/benchmark.md tells how the figures are reckoned.
"""
