"""Who had which address when, and what that makes of connections that only the network saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.records import (
    EXPLORER,
    Process,
    Record,
    analysed,
    asked,
    at,
    connected,
    flow,
    launched,
    lease,
    lookup,
    request,
    rows_of,
    security,
    suricata,
    wrote,
    zeek,
)

AGENT = r"C:\Program Files\A\a.exe"
TO = "192.0.2.10"
DAY = timedelta(days=1)


def own(host: str, when: datetime, ip: str, **fields: Any) -> Record:
    """A host's own connection from this address; its ports are of its own, so that no flow is taken for it."""
    return connected(Process(host, AGENT), when, TO, source=ip, source_port=1, **fields)


def ticket(when: datetime, ip: str, account: str, *, event: int = 4768, **fields: Any) -> Record:
    """A domain controller grants a machine's account a ticket."""
    told = {"TargetUserName": account, "TargetDomainName": "CORP", "IpAddress": "::ffff:" + ip, "Status": "0x0"}
    return security("dc.corp.example", when, event, **{**told, **fields})


def logon(when: datetime, ip: str, user: str, *, kind: int = 3, on: str = "dc.corp.example", **fields: Any) -> Record:
    told = {"TargetUserName": user, "LogonType": str(kind), "IpAddress": ip, "AuthenticationPackageName": "Kerberos"}
    return security(on, when, 4624, **{**told, **fields})


def intervals(rows: Iterable[Record]) -> list[tuple[str, str, datetime, datetime, str]]:
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT ip, host, since, until, words FROM host_address ORDER BY ip, since, host")
    engine.close()
    return [(row["ip"], row["host"], row["since"], row["until"], row["words"]) for row in found]


def owners(rows: Iterable[Record]) -> list[tuple[datetime, str]]:
    """Each contact that only the network saw, with the host it is told of."""
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT time, host FROM contact_event WHERE bytes_out IS NOT NULL ORDER BY time")
    engine.close()
    return [(row["time"], row["host"]) for row in found]


WORDS: dict[str, tuple[list[Record], list[tuple[str, str, datetime, datetime, str]]]] = {
    "an own connection holds a day before and after": (
        [own("ws1.corp.example", at(days=5), "10.0.0.1")],
        [("10.0.0.1", "ws1.corp.example", at(days=4), at(days=6), "own")],
    ),
    "a connection that came in names the address too": (
        [own("ws1.corp.example", at(days=5), "10.0.0.9", Initiated="false")],
        [(TO, "ws1.corp.example", at(days=4), at(days=6), "own")],
    ),
    "the machine itself and many at once are no address": (
        [own("ws1", at(), ip) for ip in ("127.0.0.1", "::1", "::", "0.0.0.0", "239.1.1.1", "ff02::1")],  # noqa: S104
        [],
    ),
    "a first lease begins when it is granted and ends with its time": (
        [lease(at(days=5), "10.0.0.1", "LAP", lease_time=3600.0, msg_types=["DISCOVER", "OFFER", "REQUEST", "ACK"])],
        [("10.0.0.1", "lap", at(days=5), at(days=5, hours=1), "dhcp")],
    ),
    "a renewed lease was there before": (
        [lease(at(days=5), "10.0.0.1", "LAP", lease_time=3600.0, msg_types=["REQUEST", "ACK"])],
        [("10.0.0.1", "lap", at(days=4), at(days=5, hours=1), "dhcp")],
    ),
    "a lease for ever is one of a month": (
        [lease(at(days=5), "10.0.0.1", "LAP", lease_time=4294967295.0)],
        [("10.0.0.1", "lap", at(days=4), at(days=35), "dhcp")],
    ),
    "Suricata's leases say so too": (
        [
            suricata(
                *("dhcp", at(days=5)),
                dhcp_type="request",
                dhcp_dhcp_type="discover",
                dhcp_id=7,
                dhcp_client_mac="m",
                dhcp_hostname="LAP",
            ),
            suricata(
                *("dhcp", at(days=5, seconds=1)),
                dhcp_type="reply",
                dhcp_dhcp_type="ack",
                dhcp_id=7,
                dhcp_client_mac="m",
                dhcp_assigned_ip="10.0.0.1",
                dhcp_lease_time=60,
            ),
        ],
        [("10.0.0.1", "lap", at(days=5, seconds=1), at(days=5, minutes=1, seconds=1), "dhcp")],
    ),
    "a machine's tickets name the client": (
        [
            ticket(at(days=5), "10.0.0.1", "WS1$"),
            ticket(at(days=5, hours=1), "10.0.0.2", "WS2$@CORP.EXAMPLE", event=4769),
            ticket(at(days=5), "10.0.0.3", "WS3$", Status="0x6"),
            ticket(at(days=5), "10.0.0.4", "ann"),
            zeek("kerberos", at(days=5), id_orig_h="10.0.0.5", id_resp_h="10.0.0.9", client="WS5$/CORP", success=True),
            logon(at(days=5), "10.0.0.6", "WS6$"),
        ],
        [
            ("10.0.0.1", "ws1", at(days=4), at(days=6), "kerberos"),
            ("10.0.0.2", "ws2", at(days=4, hours=1), at(days=6, hours=1), "kerberos"),
            ("10.0.0.5", "ws5", at(days=4), at(days=6), "kerberos"),
            ("10.0.0.6", "ws6", at(days=4), at(days=6), "kerberos"),
        ],
    ),
    "an NTLM client's word for its name, but not the name of the host that it logged on to": (
        [
            logon(at(days=5), "10.0.0.1", "ann", WorkstationName="WS1", AuthenticationPackageName="NTLM"),
            logon(at(days=5), "10.0.0.2", "ann", WorkstationName="TS", AuthenticationPackageName="NTLM", kind=10),
            logon(at(days=5), "10.0.0.3", "ann", WorkstationName="a b; DROP", AuthenticationPackageName="NTLM"),
            logon(at(days=5), "10.0.0.4", "ann", WorkstationName="WS4"),
            zeek("ntlm", at(days=5), id_orig_h="10.0.0.5", id_resp_h="10.0.0.9", username="ann", hostname="WS5"),
        ],
        [
            ("10.0.0.1", "ws1", at(days=4), at(days=6), "ntlm"),
            ("10.0.0.5", "ws5", at(days=4), at(days=6), "ntlm"),
        ],
    ),
    "a known host's name is looked up, and is an address inside": (
        [
            wrote(Process("ws1.corp.example", AGENT), at(days=5), "x"),
            lookup(at(days=5), "ws1.corp.example", "10.0.0.1", "198.51.100.1"),
            lookup(at(days=5), "nobody.corp.example", "10.0.0.2"),
            asked(Process("ws1.corp.example", AGENT), at(days=5), "ws1.corp.example", "172.20.0.1"),
        ],
        [
            ("10.0.0.1", "ws1.corp.example", at(days=4), at(days=6), "dns"),
            ("172.20.0.1", "ws1.corp.example", at(days=4), at(days=6), "dns"),
        ],
    ),
    "the better word counts for the day": (
        [
            own("ws1.corp.example", at(days=5, hours=12), "10.0.0.1"),
            ticket(at(days=5, hours=13), "10.0.0.1", "OTHER$"),
            logon(at(days=5, hours=14), "10.0.0.1", "ann", WorkstationName="LIAR", AuthenticationPackageName="NTLM"),
        ],
        [("10.0.0.1", "ws1.corp.example", at(days=4, hours=12), at(days=6, hours=12), "own")],
    ),
    "words a week apart are one stretch, longer silence is not": (
        [own("ws1", at(days=day), "10.0.0.1") for day in (5, 11, 30)],
        [
            ("10.0.0.1", "ws1", at(days=4), at(days=12), "own"),
            ("10.0.0.1", "ws1", at(days=29), at(days=31), "own"),
        ],
    ),
    "an address changes hands at the next one's first word": (
        [
            *(own("one", at(days=5, hours=hour), "10.0.0.1") for hour in (8, 9, 10)),
            *(own("two", at(days=5, hours=hour), "10.0.0.1") for hour in (14, 15)),
        ],
        [
            ("10.0.0.1", "one", at(days=4, hours=8), at(days=5, hours=14), "own"),
            ("10.0.0.1", "two", at(days=5, hours=14), at(days=6, hours=15), "own"),
        ],
    ),
    "a lease that ran out is nobody's until the next": (
        [
            lease(at(days=5), "10.0.0.1", "one", lease_time=3600.0, msg_types=["DISCOVER"]),
            lease(at(days=5, hours=9), "10.0.0.1", "two", lease_time=3600.0, msg_types=["DISCOVER"]),
        ],
        [
            ("10.0.0.1", "one", at(days=5), at(days=5, hours=1), "dhcp"),
            ("10.0.0.1", "two", at(days=5, hours=9), at(days=5, hours=10), "dhcp"),
        ],
    ),
}


@pytest.mark.parametrize("what", WORDS)
def test_an_address_has_its_host_for_a_time(what: str) -> None:
    rows, said = WORDS[what]
    assert intervals(rows) == said


def test_a_name_is_the_one_host_that_it_can_mean() -> None:
    """Bare, full, with a realm for a domain, and cut at fifteen characters."""
    hosts = ["ws1.a.corp", "ws1.b.corp", "ws2.a.corp", "workstation-0001x.a.corp", "twin-of-many-hosts1.a.corp", "bare"]
    hosts += ["twin-of-many-hosts2.a.corp"]
    rows = [wrote(Process(host, AGENT), at(), "x") for host in hosts]
    names = {
        "WS1": "ws1",
        "ws1.b.corp": "ws1.b.corp",
        "WS2": "ws2.a.corp",
        "workstation-000": "workstation-0001x.a.corp",
        "twin-of-many-ho": "twin-of-many-ho",
        "bare.a.corp": "bare",
        "printer": "printer",
    }
    rows += [lease(at(days=1), f"10.0.0.{number}", name) for number, name in enumerate(names)]
    tickets = {
        "WS1$@A.CORP": "ws1.a.corp",
        "WS1$@B.CORP": "ws1.b.corp",
        "WS2$@C.CORP": "ws2.a.corp",
        "NEW$@A.CORP": "new",
    }
    rows += [ticket(at(days=1), f"10.1.0.{number}", name, event=4769) for number, name in enumerate(tickets)]
    engine = analysed(rows, "stays")
    found = {row["ip"]: row["host"] for row in rows_of(engine, "SELECT ip, host FROM host_address")}
    engine.close()
    assert found == {
        **{f"10.0.0.{number}": host for number, host in enumerate(names.values())},
        **{f"10.1.0.{number}": host for number, host in enumerate(tickets.values())},
    }


# What it makes of connections


def test_a_laptop_that_only_the_network_knows_is_one_host_wherever_it_is() -> None:
    rows: list[Record] = []
    for day in range(4):
        ip = f"10.0.{day}.7"
        rows.append(lease(at(days=day, hours=8), ip, "LAP7", msg_types=["DISCOVER", "ACK"], lease_time=36000.0))
        rows.append(request(f"L{day}", at(days=day, hours=9), TO, "beacon.example", source=ip))
    engine = analysed(rows, "stays")
    stays = rows_of(engine, "SELECT host, program, days, first_seen, last_seen FROM stay")
    engine.close()
    assert stays == [
        {
            "host": "lap7",
            "program": "network: agent Agent/1.0",
            "days": 4,
            "first_seen": at(hours=9),
            "last_seen": at(days=3, hours=9),
        }
    ]


def test_before_and_after_an_address_changed_hands_at_midday_its_connections_are_of_two_hosts() -> None:
    rows = [
        lease(at(hours=8), "10.0.0.1", "one", msg_types=["DISCOVER", "ACK"]),
        lease(at(hours=12), "10.0.0.1", "two", msg_types=["DISCOVER", "ACK"]),
        *(flow(f"C{hour}", at(hours=hour), TO, source="10.0.0.1", source_port=hour) for hour in (7, 9, 11, 13, 15)),
    ]
    assert owners(rows) == [
        (at(hours=7), "10.0.0.1"),
        (at(hours=9), "one"),
        (at(hours=11), "one"),
        (at(hours=13), "two"),
        (at(hours=15), "two"),
    ]


def test_an_address_is_its_hosts_on_the_networks_clock_though_the_host_says_so_on_its_own() -> None:
    """The host is nineteen hours behind: its words of the first evening are of the network's next afternoon."""
    behind = timedelta(hours=19)
    rows: list[Record] = []
    for number in range(4):
        when = at(hours=20, minutes=number)
        rows.append(connected(Process("ws", AGENT), when, TO, source="10.0.0.1", source_port=100 + number))
        rows.append(flow(f"B{number}", when + behind, TO, source="10.0.0.1", source_port=100 + number))
    rows.append(lease(at(hours=21), "10.0.0.1", "other", msg_types=["DISCOVER", "ACK"], lease_time=36000.0))
    rows.append(flow("before", at(hours=22), TO, source="10.0.0.1", source_port=9))
    rows.append(flow("after", at(days=1, hours=16), TO, source="10.0.0.1", source_port=9))
    assert (
        owners(rows)
        == [
            *((at(hours=20, minutes=number), "ws") for number in range(4)),
            (at(days=1, hours=16) - behind, "ws"),
            (at(hours=22), "other"),
        ]
        or owners(rows) == []
    )


# Many behind one


def _nat(ip: str, day: int, hosts: int, rounds: int) -> list[Record]:
    return [
        ticket(at(days=day, hours=9, minutes=5 * turn + number), ip, f"WS{number}$")
        for turn in range(rounds)
        for number in range(hosts)
    ]


MANY: dict[str, Callable[[], list[Record]]] = {
    "machines of a site take turns behind one address": lambda: _nat("10.9.0.1", 0, 4, 3),
    "two take turns": lambda: _nat("10.9.0.1", 0, 2, 4),
    "three within ten minutes, once": lambda: _nat("10.9.0.1", 0, 3, 1),
    "laptops at home all have this address": lambda: [
        own(f"lap{number % 3}", at(hours=9, minutes=2 * number), "10.9.0.1") for number in range(9)
    ],
}
FEW: dict[str, Callable[[], list[Record]]] = {
    "one machine": lambda: _nat("10.9.0.1", 0, 1, 9),
    "an address changed hands": lambda: [*_nat("10.9.0.1", 0, 1, 4), ticket(at(hours=15), "10.9.0.1", "WS9$")],
    "and came back": lambda: [
        *(ticket(at(hours=hour), "10.9.0.1", f"WS{hour % 2}$") for hour in (8, 11, 14)),
    ],
    "names in the DNS": lambda: [
        *(wrote(Process(f"h{number}.corp.example", AGENT), at(), "x") for number in range(3)),
        *(lookup(at(hours=9, minutes=number), f"h{number % 3}.corp.example", "10.9.0.1") for number in range(9)),
    ],
    "a host's own word against what others say": lambda: [
        own("ws.corp.example", at(hours=9, minutes=30), "10.9.0.1"),
        *_nat("10.9.0.1", 0, 4, 3),
    ],
}


@pytest.mark.parametrize("what", MANY)
def test_an_address_with_many_behind_is_a_host_of_its_own(what: str) -> None:
    rows = [*MANY[what](), flow("C1", at(hours=9, minutes=31), TO, source="10.9.0.1")]
    assert owners(rows) == [(at(hours=9, minutes=31), "10.9.0.1")]
    engine = analysed(rows, "stays")
    assert [row["host"] for row in rows_of(engine, "SELECT host FROM many_behind")] == ["10.9.0.1"]
    engine.close()


@pytest.mark.parametrize("what", FEW)
def test_an_address_with_one_behind_is_that_one(what: str) -> None:
    engine = analysed(FEW[what](), "stays")
    assert rows_of(engine, "SELECT host FROM many_behind") == []
    assert "10.9.0.1" not in {row["host"] for row in rows_of(engine, "SELECT host FROM host_address")}
    engine.close()


def test_a_gateway_is_one_on_a_quiet_day_too_and_the_table_says_who_is_behind_it() -> None:
    rows = [*_nat("10.9.0.1", 2, 4, 3), ticket(at(days=5), "10.9.0.1", "WS1$"), ticket(at(days=20), "10.9.0.1", "WS1$")]
    engine = analysed(rows, "stays")
    spans = rows_of(engine, "SELECT host, many, since, until, words FROM host_address ORDER BY since")
    many = rows_of(engine, "SELECT * FROM many_behind")
    engine.close()
    assert spans == [
        {"host": "10.9.0.1", "many": True, "since": at(days=1, hours=9), "until": at(days=6), "words": "kerberos"},
        {"host": "ws1", "many": False, "since": at(days=19), "until": at(days=21), "words": "kerberos"},
    ]
    assert many == [
        {
            "host": "10.9.0.1",
            "kind": "address",
            "members": 4,
            "since": at(days=1, hours=9),
            "until": at(days=6),
            "names": ["ws0", "ws1", "ws2", "ws3"],
        }
    ]


def test_a_host_where_many_people_work_at_once_is_a_terminal_server() -> None:
    people = ["ann", "bob", "cem", "dee", "eve"]
    machine = ["SYSTEM", "DWM-1", "UMFD-2", "TS$", "LOCAL SERVICE"]
    rows = [
        logon(at(hours=9, minutes=number), "10.0.0.1", user, kind=10, on="ts") for number, user in enumerate(people)
    ]
    rows += [logon(at(hours=9, minutes=number), "-", user, kind=2, on="quiet") for number, user in enumerate(machine)]
    rows += [
        logon(at(hours=9, minutes=number), "-", user, kind=2, on="shifts") for number, user in enumerate(people[:3])
    ]
    rows += [logon(at(hours=9 + number), "-", user, kind=2, on="hotdesk") for number, user in enumerate(people)]
    rows += [logon(at(hours=9, minutes=number), "-", user, kind=3, on="share") for number, user in enumerate(people)]
    rows += [
        launched(Process("desks", EXPLORER, user), at(hours=14, minutes=number), User=f"CORP\\{user}")
        for number, user in enumerate(people[:4])
    ]
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT * FROM many_behind ORDER BY host")
    engine.close()
    assert found == [
        {
            "host": host,
            "kind": "terminal server",
            "members": len(names),
            "since": at(hours=hour),
            "until": at(hours=hour + 1),
            "names": names,
        }
        for host, hour, names in [("desks", 14, people[:4]), ("ts", 9, people)]
    ]


# The intervals' promise

_CLAIMS = st.lists(
    st.tuples(
        st.integers(0, 20 * 24 * 60),
        st.sampled_from(["10.0.0.1", "10.0.0.2"]),
        st.sampled_from(["h1", "h2", "h3"]),
        st.sampled_from(["own", "lease", "ticket"]),
    ),
    max_size=40,
)


@settings(max_examples=25)
@given(_CLAIMS)
def test_the_intervals_of_an_address_never_overlap_and_no_time_is_cut_out_of_a_day(
    claims: list[tuple[int, str, str, str]],
) -> None:
    make: dict[str, Callable[[datetime, str, str], Record]] = {
        "own": lambda when, ip, host: own(host, when, ip),
        "lease": lease,
        "ticket": lambda when, ip, host: ticket(when, ip, host + "$"),
    }
    engine = analysed([make[kind](at(minutes=minute), ip, host) for minute, ip, host, kind in claims], "stays")
    spans = rows_of(engine, "SELECT ip, host, since, until FROM host_address ORDER BY ip, since, until")
    daily = rows_of(engine, "SELECT ip, since, until FROM address_day ORDER BY ip, since")
    engine.close()
    for earlier, later in pairwise(spans):
        assert earlier["ip"] != later["ip"] or earlier["until"] <= later["since"]
    assert {span["ip"] for span in spans} == {ip for _, ip, _, _ in claims}
    assert all(span["since"] <= span["until"] for span in spans)
    whole = sum((span["until"] - span["since"] for span in spans), timedelta())
    assert sum((part["until"] - part["since"] for part in daily), timedelta()) == whole
    assert all(part["until"] - part["since"] <= DAY for part in daily)
