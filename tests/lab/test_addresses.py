"""Who has which address, and when."""

from __future__ import annotations

from datetime import date, timedelta

from lodger.lab.addresses import Addresses
from lodger.lab.people import Work, draw_hosts, elsewhere

START = date(2024, 4, 1)


def test_no_two_of_five_thousand_hosts_have_one_address_on_a_day() -> None:
    people = draw_hosts(1, 5_000)
    assert len({host.ip for host in people}) == len({host.mac for host in people}) == 5_000
    assert len({host.user for host in people}) == len({host.name for host in people}) == 5_000
    addresses = Addresses(1, people)
    for number in (0, 1, 20, 45):
        today = addresses.of(number, START + timedelta(days=number))
        assert len(set(today)) == 5_000


def test_leases_pass_on_and_fixed_hosts_keep_theirs() -> None:
    people = draw_hosts(2, 300)
    addresses = Addresses(2, people)
    had: dict[str, set[str]] = {}
    own: dict[str, set[str]] = {}
    for number in range(90):
        day = START + timedelta(days=number)
        for host, address in zip(people, addresses.of(number, day), strict=True):
            assert address.startswith("10.21.") == elsewhere(host, day)
            if not elsewhere(host, day):
                had.setdefault(address, set()).add(host.name)
                own.setdefault(host.name, set()).add(address)
    for host in people:
        if host.always_on or host.work in {Work.SERVER, Work.KIOSK}:
            assert own[host.name] == {host.ip}
    assert sum(len(hosts) > 1 for hosts in had.values()) > 50
    assert sum(len(each) > 1 for each in own.values()) > 100


def test_roles_have_their_shares_and_small_fleets_the_first_of_them() -> None:
    works = [host.work for host in draw_hosts(3, 1_000)]
    assert {work: works.count(work) for work in Work} == {
        Work.OFFICE: 680,
        Work.DEVELOPER: 140,
        Work.ADMIN: 10,
        Work.ENGINEER: 60,
        Work.SERVER: 80,
        Work.KIOSK: 30,
    }
    assert {host.work for host in draw_hosts(3, 4)} == {Work.OFFICE, Work.DEVELOPER, Work.ADMIN}
    assert {host.work for host in draw_hosts(3, 20)} == set(Work)
