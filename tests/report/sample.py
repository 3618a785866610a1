"""A fleet's findings to draw: one life of 36 days after what was published about Duqu, and ten ordinary stays."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log10

from lodger.model.findings import Case, ContactDay, Evidence, Facet, Life, RecordRef
from lodger.model.ingest import AnalysisSummary

ARRIVED = datetime(2011, 9, 1, 8, 14, 5, tzinfo=UTC)
LEFT = ARRIVED + timedelta(days=36, hours=3, minutes=41)
WRITTEN = datetime(2011, 10, 20, 6, 0, tzinfo=UTC)
SUMMARY = AnalysisSummary(
    hosts=42,
    programs=1873,
    stays=11_240,
    evidence=31_877,
    notes=(
        "No sensor reported bytes on disk: whether a picture holds more than a picture was not asked.",
        "ws-017 was not heard between 2011-09-18 and 2011-09-20; silence of its programs in that time says nothing.",
    ),
)
PRIOR = -40.0

# detector, title, facet, technique, sentence, first day, last day, p implant, p ordinary, counted share, records
_FOUND = (
    ("document_drop", "Arrival by document", Facet.ARRIVAL, "T1566.001",
     r"WINWORD.EXE, opened on Requirements_supplier_2011-08.doc from mail, wrote netp191.pnf; it ran at once",
     0, 0, 0.45, 0.004, 1.0, 3),
    ("new_driver", "New driver", Facet.ARRIVAL, "T1543.003",
     r"The service jminet7 was installed with the driver C:\Windows\system32\drivers\jminet7.sys",
     0, 0, 0.6, 0.03, 0.5, 2),
    ("first_in_fleet", "First in the fleet", Facet.ARRIVAL, "T1204.002",
     "No other of 42 hosts has run this program before or since", 0, 0, 0.9, 0.21, 0.25, 1),
    ("rare_signer", "Signer rare in the fleet", Facet.TRUST, "T1553.002",
     "Signed by C-Media Electronics Incorporation; no other program of this fleet is", 0, 0, 0.5, 0.06, 1.0, 1),
    ("revoked_later", "Signature revoked later", Facet.TRUST, "T1588.003",
     "The certificate was valid on arrival and was revoked on 2011-10-14", 35.7, 35.7, 0.3, 0.001, 1.0, 1),
    ("injection", "Code in another process", Facet.RESIDENCE, "T1055.001",
     "It opened lsass.exe with access 0x1F3FFF and started a thread there", 0.02, 34.9, 0.7, 0.02, 1.0, 37),
    ("discovery", "Discovery commands", Facet.RESIDENCE, "T1082",
     "Its children ran ipconfig /all, netstat -ano, net view and tasklist within 9 minutes",
     1.1, 29.3, 0.5, 0.07, 0.5, 22),
    ("rare_destination", "Rare destination", Facet.CONTACT, "T1071.001",
     "206.183.111.97 is contacted by no other program of this fleet", 0.05, 36.0, 0.8, 0.05, 1.0, 812),
    ("regular_contact", "Regular contact", Facet.CONTACT, "T1029",
     "One contact in 64 min 12 s, give or take 4 %, day and night", 0.05, 36.0, 0.6, 0.03, 0.5, 812),
    ("upload_heavy", "Upload-heavy contact", Facet.CONTACT, "T1041",
     "It sent 61 MB and received 2.4 MB", 2.0, 35.5, 0.4, 0.05, 0.25, 96),
    ("picture_mismatch", "Picture that is none", Facet.DISGUISE, "T1001.002",
     "Replies say image/jpeg; the first 54 kB are one picture, what follows has 7.99 bits of entropy per byte",
     0.05, 35.9, 0.5, 0.002, 1.0, 96),
    ("removed_itself", "Removed by itself", Facet.DEPARTURE, "T1070.004",
     "It deleted its service, its driver and its own file within 3 s", 36.15, 36.154, 0.4, 0.01, 1.0, 4),
)  # fmt: skip


def _evidence(stay_id: str, begin: datetime, found: tuple[tuple[object, ...], ...]) -> tuple[Evidence, ...]:
    made = []
    for place, row in enumerate(found):
        detector, title, facet, technique, sentence, first, last, implant, ordinary, share, total = row
        weight = 10 * log10(implant / ordinary)  # type: ignore[operator]
        records = tuple(
            RecordRef("logs.zip!ws-017/sysmon.json" if n % 5 else "zeek/2011-09/http.log.gz", 1000 * place + 37 * n)
            for n in range(min(20, int(str(total))))
        )
        made.append(
            Evidence(
                stay_id, str(detector), str(title), Facet(str(facet)), str(technique), str(sentence),
                begin + timedelta(days=float(str(first))), begin + timedelta(days=float(str(last))),
                float(str(implant)), float(str(ordinary)), weight, weight * float(str(share)), records, int(str(total)),
            )
        )  # fmt: skip
    return tuple(made)


def _beacon(rng: random.Random) -> list[ContactDay]:
    times, now = [], ARRIVED + timedelta(minutes=50)
    while now < LEFT:
        times.append(now)
        now += timedelta(minutes=64.2) * rng.gauss(1, 0.04)
    return _days("206.183.111.97", times, rng, 1_700_000, 66_000)


def _person(name: str, begin: datetime, days: int, rng: random.Random) -> list[ContactDay]:
    times = sorted(
        begin.replace(hour=0, minute=0) + timedelta(days=day, hours=rng.gauss(13, 2.3))
        for day in range(1, days)
        if (begin + timedelta(days=day)).weekday() < 5
        for _ in range(rng.randrange(2, 14))
    )
    return _days(name, times, rng, 9000, 240_000)


def _days(name: str, times: list[datetime], rng: random.Random, out: int, into: int) -> list[ContactDay]:
    by_day: dict[datetime, list[datetime]] = {}
    for when in times:
        by_day.setdefault(when.replace(hour=0, minute=0, second=0, microsecond=0), []).append(when)
    return [
        ContactDay(name, day, tuple(found), int(out * rng.uniform(0.2, 2)), int(into * rng.uniform(0.2, 2)))
        for day, found in by_day.items()
    ]


def _life(
    rank: int, case: Case, evidence: tuple[Evidence, ...], contacts: list[ContactDay], unseen: tuple[str, ...]
) -> Life:
    weight = sum(item.counted_db for item in evidence)
    facets = tuple(facet for facet in Facet if any(item.facet is facet for item in evidence))
    whole = Case(
        rank, case.stay_id, case.host, case.program, case.contacts, case.arrival, case.departure, case.first_seen,
        case.last_seen, weight, 10 ** ((PRIOR + weight) / 10), case.lfdr, facets, case.story,
    )  # fmt: skip
    return Life(whole, PRIOR, evidence, tuple(contacts), unseen)


def duqu() -> Life:
    """The life of 36 days."""
    rng = random.Random(36)
    case = Case(
        1, "s-1f0c77", "ws-017", r"C:\Windows\system32\drivers\jminet7.sys", ("206.183.111.97", "update.example.net"),
        ARRIVED, LEFT, ARRIVED, LEFT, 0.0, 0.0, 0.002, (),
        "Arrived by a document, first in the fleet, with a signature that was revoked later; put code into lsass.exe "
        "and looked around; called 206.183.111.97 every 64 minutes behind pictures; removed itself after 36 days.",
    )  # fmt: skip
    contacts = _beacon(rng) + _person("update.example.net", ARRIVED, 30, rng)
    unseen = ("No DNS log: names that it asked for are not known.", "Memory of the host was not recorded.")
    return _life(1, case, _evidence("s-1f0c77", ARRIVED, _FOUND), contacts, unseen)


def ordinary(rank: int) -> Life:
    """A stay of ordinary software, the same for the same rank."""
    rng = random.Random(rank)
    name, place = (
        ("Slack.exe", "slack.com"), ("teamviewer.exe", "router7.teamviewer.com"), ("zoom.exe", "zoom.us"),
        ("GoogleUpdate.exe", "update.googleapis.com"), ("node.exe", "registry.example.org"),
    )[rank % 5]  # fmt: skip
    begin = ARRIVED + timedelta(days=rng.uniform(-9, 12), hours=rng.uniform(0, 9))
    end = begin + timedelta(days=rng.uniform(6, 30))
    picked = rng.sample([_FOUND[2], _FOUND[3], _FOUND[7], _FOUND[9], _FOUND[6]], k=max(1, 4 - rank // 3))
    found = tuple(
        (*row[:5], 0.0, rng.uniform(0.0, 5.0), rng.uniform(0.3, 0.6), rng.uniform(0.06, 0.3), 1.0, 3) for row in picked
    )
    case = Case(
        rank, f"s-{rank:06x}", f"ws-{rng.randrange(1, 42):03}",
        rf"C:\Users\person{rank}\AppData\Local\Programs\{name}", (place,),
        begin if rank % 3 else None, end if rank % 4 == 0 else None, begin, end, 0.0, 0.0, 0.4 + rank / 20, (),
        f"Installed by a person; talks to {place} in working hours.",
    )  # fmt: skip
    evidence = tuple(sorted(_evidence(case.stay_id, begin, found), key=lambda item: list(Facet).index(item.facet)))
    return _life(rank, case, evidence, _person(place, begin, int((end - begin).days), rng), ())


def fleet() -> list[Life]:
    """The life of 36 days, then the ten ordinary ones, ranked."""
    rest = sorted((ordinary(rank) for rank in range(2, 12)), key=lambda life: -life.case.weight_db)
    return [duqu()] + [replace(life, case=replace(life.case, rank=rank)) for rank, life in enumerate(rest, start=2)]
