"""The tree, held against the recursion of RFC 6962 as it stands there."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain import merkle
from tests.domain.builders import quick

ENTRIES = [f"entry {n}".encode() for n in range(70)]
MOST = len(ENTRIES)
sizes = st.integers(1, MOST)


def naive_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = largest_power_below(len(entries))
    return hashlib.sha256(b"\x01" + naive_root(entries[:split]) + naive_root(entries[split:])).digest()


def naive_path(leaf: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(entries) == 1:
        return []
    split = largest_power_below(len(entries))
    if leaf < split:
        return [*naive_path(leaf, entries[:split]), naive_root(entries[split:])]
    return [*naive_path(leaf - split, entries[split:]), naive_root(entries[:split])]


def naive_proof(old: int, entries: list[bytes], whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(entries):
        return [] if whole else [naive_root(entries)]
    split = largest_power_below(len(entries))
    if old <= split:
        return [*naive_proof(old, entries[:split], whole), naive_root(entries[split:])]
    return [*naive_proof(old - split, entries[split:], False), naive_root(entries[:split])]


def largest_power_below(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def grown() -> dict[tuple[int, int], bytes]:
    """Every node, as appending one leaf after the other makes them."""
    nodes: dict[tuple[int, int], bytes] = {}
    for place, entry in enumerate(ENTRIES):
        nodes[0, place] = merkle.leaf_hash(entry)
        made = merkle.completes(place, nodes[0, place], lambda level, index: nodes[level, index])
        assert len(made) == merkle.completed_by(place)
        for level, hashed in enumerate(made, 1):
            nodes[level, place >> level] = hashed
    return nodes


NODES = grown()


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


def test_the_hashes_of_the_rfcs_test_vectors() -> None:
    # The inputs and roots of certificate-transparency-go's and the RFC 6962 authors' reference tests.
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in inputs]
    nodes: dict[tuple[int, int], bytes] = {}
    roots = []
    for place, leaf in enumerate(leaves):
        nodes[0, place] = leaf
        for level, hashed in enumerate(merkle.completes(place, leaf, lambda a, b: nodes[a, b]), 1):
            nodes[level, place >> level] = hashed
        roots.append(merkle.root(place + 1, lambda a, b: nodes[a, b]).hex())
    assert merkle.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert roots[0] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[1] == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@quick
@given(sizes)
def test_the_root_is_that_of_the_recursion(size: int) -> None:
    assert merkle.root(size, node) == naive_root(ENTRIES[:size])


@quick
@given(st.data())
def test_an_inclusion_proof_is_that_of_the_recursion_and_holds(data: st.DataObject) -> None:
    size = data.draw(sizes)
    leaf = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(leaf, size, node)
    assert path == naive_path(leaf, ENTRIES[:size])
    assert merkle.includes(leaf, node(0, leaf), size, path, merkle.root(size, node))


@quick
@given(st.data())
def test_an_inclusion_proof_of_anything_else_does_not_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    leaf = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(leaf, size, node), merkle.root(size, node)
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != leaf))
    assert not merkle.includes(leaf, node(0, other), size, path, root)
    assert not merkle.includes(other, node(0, leaf), size, path, root)
    assert not merkle.includes(leaf, node(0, leaf), size, path[:-1], root)
    assert not merkle.includes(leaf, node(0, leaf), size, [*path, path[0]], root)
    assert not merkle.includes(size, node(0, leaf), size, path, root)


@quick
@given(st.data())
def test_a_consistency_proof_is_that_of_the_recursion_and_holds(data: st.DataObject) -> None:
    size = data.draw(sizes)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency(old, size, node)
    assert proof == naive_proof(old, ENTRIES[:size])
    assert merkle.continues(old, merkle.root(old, node), size, merkle.root(size, node), proof)


@quick
@given(st.data())
def test_a_consistency_proof_of_another_past_does_not_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    old = data.draw(st.integers(1, size - 1))
    proof, root = merkle.consistency(old, size, node), merkle.root(size, node)
    past = [*ENTRIES[: old - 1], b"another"]
    assert not merkle.continues(old, naive_root(past), size, root, proof)
    assert not merkle.continues(old, merkle.root(old, node), size, naive_root(past), proof)
    assert not merkle.continues(old, merkle.root(old, node), size, root, proof[:-1])
    assert not merkle.continues(old, merkle.root(old, node), size, root, [*proof, proof[0]])


def test_a_proof_of_what_is_not_there_cannot_be_made() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(5, 5, node)
    with pytest.raises(IndexError):
        merkle.consistency(0, 5, node)
    with pytest.raises(IndexError):
        merkle.consistency(6, 5, node)


def test_an_entry_is_never_taken_for_a_node() -> None:
    left, right = node(0, 0), node(0, 1)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
