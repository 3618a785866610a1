"""What kind of life an intruder leads: its traits, by name.

The 2011 life is that of Duqu as published (CrySyS Lab, "Duqu: A Stuxnet-like malware found in the wild", 2011;
Symantec, "W32.Duqu: The precursor to the next Stuxnet", 1.4, 2011).
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Scenario:
    """One life's traits; names, hashes, signer, servers and hosts are drawn anew by each fleet's seed.

    ``family`` groups lives of one plan: an evaluation holds a family out as a whole. ``days`` is how long it stays;
    a shorter fleet scales it to three quarters of its own days.
    """

    name: str
    family: str
    days: int = 36

    def traits(self) -> dict[str, str]:
        """Every trait as text, by its field's name."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self) if field.name != "name"}


def duqu_variants() -> tuple[Scenario, ...]:
    """The 2011 life with 36 days, and with 30."""
    return (Scenario("duqu2011", "duqu2011"), Scenario("duqu2011-30-days", "duqu2011", days=30))
