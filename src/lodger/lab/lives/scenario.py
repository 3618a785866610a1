"""What kind of life an intruder leads: its traits, by name. Names, hashes, servers and hosts are each fleet's own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Signed(StrEnum):
    """Whose signature its files bear."""

    STOLEN = "stolen certificate"  # a small company's, of whom the fleet knows nothing
    MASS = "stolen mass-market certificate"  # of a publisher whose programs are on many hosts
    BOUGHT = "bought certificate"  # of a company founded for it
    OWN = "own certificate"  # valid only because its root was put among the host's
    NONE = "unsigned"


class Arrival(StrEnum):
    """How it comes in."""

    DOCUMENT = "document"
    DOWNLOAD = "download"
    USB = "usb"
    UPDATE = "update server"  # an ordinary program's updater brings it
    PASSWORD = "stolen password"  # noqa: S105 - a logon over the network, and a service made from there


class Persistence(StrEnum):
    """What makes it come back."""

    DRIVER = "driver and service"
    SERVICE = "service"
    TASK = "task"
    SIDELOAD = "side-loading"  # an ordinary signed program, copied, that loads its library
    NONE = "nothing"


class Channel(StrEnum):
    """What its contact looks like on the wire."""

    JPEG = "jpeg"
    PDF = "pdf"
    TLS = "tls"
    LONG = "long-lived connection"


class Place(StrEnum):
    """Where it calls."""

    EITHER = "rare name or bare address"  # the seed decides
    NAME = "rare name"
    CLOUD = "popular cloud"  # a name of its own under a domain that many visit


class Leaves(StrEnum):
    """How it ends."""

    ITSELF = "by itself"
    REMOVED = "removed"  # by an administrator
    STAYS = "stays"


class Blind(StrEnum):
    """What the sensors do not tell of its hosts."""

    NO = "no"
    NETWORK = "no network events of Sysmon"
    SYSMON = "only the Security and System logs"
    WIRE = "no Zeek"


@dataclass(frozen=True)
class Scenario:
    """One life's traits. ``family`` groups lives of one plan: an evaluation holds a family out as a whole.

    ``sleep`` is seconds between calls, before ``jitter`` (the share by which each varies) and a factor that the seed
    draws (0.7 to 1.4); ``office`` keeps calls to working hours. ``servers`` is how many places it calls in turn.
    ``hosts`` get the same files; with ``peers`` only the first of them calls out, and the others call it over SMB.
    ``common`` hides under names and folders of mass-market software; ``quiet`` spares what few programs do (other
    processes' memory, commands that ask). ``evasive`` is for plans made against Lodger itself.
    """

    name: str
    family: str
    days: int = 36
    signed: Signed = Signed.STOLEN
    arrival: Arrival = Arrival.DOCUMENT
    persistence: Persistence = Persistence.DRIVER
    channel: Channel = Channel.JPEG
    place: Place = Place.EITHER
    sleep: float = 4 * 3600.0
    jitter: float = 0.2
    office: bool = False
    servers: int = 1
    hosts: int = 1
    peers: bool = False
    leaves: Leaves = Leaves.ITSELF
    blind: Blind = Blind.NO
    common: bool = False
    quiet: bool = False
    evasive: bool = False

    def traits(self) -> dict[str, str]:
        """Every trait but its name as text, by its field's name."""
        told = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in told.items()}
