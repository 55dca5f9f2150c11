"""An operator sees, before choosing, what a pack is and whether they may use it; nothing is left unsaid."""

from dataclasses import replace
from pathlib import Path

import pytest

from stile.adapters.vision.catalogue import (
    CommercialUse,
    InputContract,
    Needed,
    Published,
    catalogue,
    find,
)
from stile.domain.errors import NotConfigured, NotFound, WrongValue

PACKS = list(catalogue().values())
PARTS = list({part.name: part for pack in PACKS for part in pack.parts}.values())
HASH = "0" * 64


def test_the_four_packs_are_there_best_first() -> None:
    assert [pack.id for pack in PACKS] == ["auraface", "mobilefacenet", "sface", "dlib"]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_says_what_an_operator_must_know(part: object) -> None:
    for field in ("title", "publisher", "licence", "commercial_use_why", "training_data"):
        assert len(getattr(part, field)) > 2, field


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_file_can_be_had(part: object) -> None:
    distributions, files = part.distributions, part.files  # type: ignore[attr-defined]
    for needed in files:
        assert distributions or needed.pulled is not None
        for one in needed.any_of:
            assert one.url is None or one.url.startswith("https://")


def test_no_two_files_share_a_name() -> None:
    files = {one for part in PARTS for needed in part.files for one in needed.any_of}
    assert len({one.name for one in files}) == len(files)


def test_the_68_point_file_is_nowhere_in_it() -> None:
    assert not any("68" in one.name for part in PARTS for needed in part.files for one in needed.any_of)


def test_a_pack_is_as_doubtful_as_its_most_doubtful_part() -> None:
    pack = find("mobilefacenet")
    assert pack.commercial_use is CommercialUse.UNCLEAR
    barred = replace(pack.detector, commercial_use=CommercialUse.NO)
    assert replace(pack, detector=barred).commercial_use is CommercialUse.NO


def test_the_packs_that_come_with_stile_are_calibrated() -> None:
    for name in ("dlib", "mobilefacenet"):
        calibration = find(name).calibration
        assert calibration is not None
        assert calibration.pack == name
        assert calibration.rarest_fmr <= 3.3e-7, "1 in 1,000 among 3,000 members has a threshold"
        assert calibration.comparisons > 100_000
        assert calibration.people > 1_000
        assert "Labeled Faces in the Wild" in calibration.data
        missed = [point.fnmr for point in calibration.points if point.fnmr is not None]
        assert len(missed) == len(calibration.points)
        assert missed == sorted(missed)


def test_an_unknown_pack_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match="auraface, dlib, mobilefacenet, sface"):
        find("arcface")


def test_an_operator_lays_their_own_entries_over_it(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(
        '[pack.ours]\ntitle = "Ours"\ndetector = "yunet"\nrecogniser = "sface"\nrank = 99\n'
        "[calibration.ours]\ndata = 'our own volunteers'\ncomparisons = 5000\npeople = 80\n"
        "points = [[0.3, 0.01, 0.02], [0.4, 0.001, 0.05]]\n"
    )
    first = next(iter(catalogue(tmp_path).values()))
    assert first.id == "ours"
    assert first.liveness is None
    assert first.calibration is not None
    assert first.calibration.data == "our own volunteers"
    assert "dlib" in catalogue(tmp_path)
    assert "ours" not in catalogue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pack.x", "not TOML"),
        ("format = 2", "has format 2; expected 1"),
        ('[pack.x]\ntitle = "x"\nrank = 1\ndetector = "yunet"\nrecogniser = "none"', "wrong entry"),
        ('[pack.x]\ntitle = "x"', "wrong entry"),
        (
            "[calibration.dlib]\ndata = 'x'\ncomparisons = 1\npeople = 2\npoints = [[0.3, 0.01, 0.1]]",
            "two points",
        ),
        (
            '[part.x]\nrole = "recogniser"\nkind = "onnx"\ntitle = "x"\npublisher = "x"\nlicence = "x"\n'
            'commercial_use = "yes"\ncommercial_use_why = "x"\ntraining_data = "x"\ndimensions = 8\n'
            "input = { size = 112 }\nfile = []",
            "five alignment points",
        ),
    ],
)
def test_a_wrong_entry_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "catalogue.toml").write_text(text)
    with pytest.raises(NotConfigured, match=said) as caught:
        catalogue(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../x.onnx", "/etc/passwd", ".hidden", "a/b"])
def test_a_file_cannot_be_named_out_of_the_folder(name: str) -> None:
    with pytest.raises(WrongValue, match="plain name"):
        Published(name, 1, HASH)


@pytest.mark.parametrize("sha256", ["", "0" * 63, "0" * 65, "G" * 64, "ABCDEF" + "0" * 58])
def test_a_hash_is_a_hash(sha256: str) -> None:
    with pytest.raises(WrongValue, match="64 hexadecimal"):
        Published("x.onnx", 1, sha256)


def test_values_that_cannot_be() -> None:
    with pytest.raises(WrongValue, match="at least one byte"):
        Published("x.onnx", 0, HASH)
    with pytest.raises(WrongValue, match="at least one published"):
        Needed(())
    with pytest.raises(WrongValue, match="RGB or BGR"):
        InputContract(112, "GRB")
    with pytest.raises(WrongValue, match="std is positive"):
        InputContract(112, "RGB", std=(1.0, 0.0, 1.0))
    with pytest.raises(WrongValue, match="16 to 1024"):
        InputContract(8)
