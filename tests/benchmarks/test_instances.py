"""Reading instances and best known values: two formats, and clear words about what is wrong."""

from pathlib import Path

import pytest

from benchmarks.best_known import read_best_known
from benchmarks.instances import InstanceError, read_cordeau, read_folder, read_li_lim
from benchmarks.invented import SIZES, invented

CORDEAU = """2 1 480 3 30
 0 0.0 0.0 0 0 0 480
 1 3.0 4.0 3 1 0 1440
 2 6.0 8.0 3 -1 60 75
"""
LI_LIM = """25\t200\t1
0 0 0 0 0 100 0 0 0
1 3 4 -10 20 90 5 2 0
2 6 8 10 0 80 5 0 1
"""


def write(folder: Path, text: str, name: str = "one.txt") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_cordeau_with_and_without_the_depot_at_the_end(tmp_path: Path) -> None:
    one = read_cordeau(write(tmp_path, CORDEAU))
    same = read_cordeau(write(tmp_path, CORDEAU + "3 0.0 0.0 0 0 0 480\n"))
    assert one == same
    assert (one.vehicles, one.capacity, one.longest_tour, one.longest_ride) == (2, 3, 480, 30)
    assert one.rides == ((1, 2),)
    assert one.nodes[2].earliest == 60
    assert one.length([1, 2]) == pytest.approx(5 + 5 + 10)


def test_the_older_files_count_the_ends_of_rides(tmp_path: Path) -> None:
    assert read_cordeau(write(tmp_path, CORDEAU.replace("2 1 480", "2 2 480"))).rides == ((1, 2),)


def test_li_lim_pairs_follow_the_file(tmp_path: Path) -> None:
    one = read_li_lim(write(tmp_path, LI_LIM))
    assert one.rides == ((2, 1),)
    assert one.nodes[2].load == 10
    assert one.nodes[-1] == one.nodes[0]
    assert one.longest_ride == one.longest_tour == float("inf")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 1 480 3 30\n",
        "two vehicles\n1 2 3\n",
        CORDEAU.replace("2 1 480", "2 5 480"),
        CORDEAU.replace("2 1 480 3", "2 1 480 0"),
        CORDEAU.replace("3 -1 60 75", "3 -2 60 75"),
        CORDEAU.replace("60 75", "75 60"),
        LI_LIM,
    ],
)
def test_what_is_no_instance_of_cordeau_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(InstanceError) as caught:
        read_cordeau(write(tmp_path, text))
    assert caught.value.code == "instance-unreadable"
    assert "one.txt" in str(caught.value)


@pytest.mark.parametrize(
    "text", [CORDEAU, LI_LIM.replace("5 2 0", "5 1 0"), LI_LIM.replace("5 0 1", "5 0 9")]
)
def test_what_is_no_instance_of_li_and_lim_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(InstanceError, match=r"one\.txt"):
        read_li_lim(write(tmp_path, text))


def test_a_folder_gives_those_that_match_and_says_when_none_does(tmp_path: Path) -> None:
    write(tmp_path, CORDEAU, "a1.txt")
    write(tmp_path, CORDEAU, "b1")
    write(tmp_path, "instance,cost\n", "best_known.csv")
    write(tmp_path, "about these", "README.txt")
    assert [one.name for one in read_folder(tmp_path, read_cordeau)] == ["a1", "b1"]
    assert [one.name for one in read_folder(tmp_path, read_cordeau, "b*")] == ["b1"]
    for folder, only in ((tmp_path, "c*"), (tmp_path / "none", None)):
        with pytest.raises(InstanceError) as caught:
            read_folder(folder, read_cordeau, only)
        assert caught.value.code == "instances-missing"


def test_group_and_proof_follow_from_the_columns_not_from_names(tmp_path: Path) -> None:
    known = read_best_known(
        write(
            tmp_path,
            "set,instance,cost,status\nR,a9.txt,10,best known\nab,R1,20,optimal\nab,x,30,best known\n",
        )
    )
    assert (known["a9"].group, known["a9"].proven) == ("r", False)
    assert (known["r1"].group, known["r1"].proven) == ("ab", True)
    assert (known["x"].group, known["x"].proven) == ("ab", False)
    plain = read_best_known(write(tmp_path, "\ufeffInstance,Distance,status\nq,5,optimal\np,6,\n"))
    assert (plain["q"].group, plain["p"].group, plain["p"].cost) == ("ab", "r", 6)
    assert read_best_known(None) == {}


@pytest.mark.parametrize("text", ["name,cost\nx,1\n", "instance,time\nx,1\n", "instance,cost\nx,ten\n",
                                  "instance,cost\nx,0\n"])  # fmt: skip
def test_a_wrong_file_of_best_known_values_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, text, "best.csv")
    for wrong in (file, tmp_path / "none.csv"):
        with pytest.raises(InstanceError) as caught:
            read_best_known(wrong)
        assert caught.value.code == "best-known-unreadable"


def test_rounding_is_neither_a_gap_nor_a_record(tmp_path: Path) -> None:
    known = read_best_known(write(tmp_path, "instance,cost\nx,294.25\n"))["x"]
    assert known.reached(294.2549)
    assert not known.reached(294.27)
    assert not known.beaten(294.2451)
    assert known.beaten(294.23)


@pytest.mark.parametrize(("kind", "read"), [("darp", read_cordeau), ("pdptw", read_li_lim)])
def test_invented_instances_can_be_read_and_are_always_the_same(kind: str, read) -> None:  # noqa: ANN001
    with invented(kind) as one, invented(kind) as other:
        assert read_folder(one, read) == read_folder(other, read)
        assert sorted(len(each.rides) for each in read_folder(one, read)) == [n for _, n in SIZES]


@pytest.mark.data
def test_the_instances_of_the_literature(data_dir: Path) -> None:
    darp = read_folder(data_dir / "darp", read_cordeau)
    known = read_best_known(data_dir / "darp" / "best_known.csv")
    assert {one.name.lower() for one in darp} <= set(known)
    assert {known[one.name.lower()].group for one in darp} == {"ab", "r"}
    assert {len(one.rides) for one in darp if one.name == "R1a"} == {24}
    pdptw = read_folder(data_dir / "pdptw" / "li_lim_100", read_li_lim)
    best = read_best_known(data_dir / "pdptw" / "best_known.csv")
    assert all(0 < best[one.name].vehicles <= one.vehicles for one in pdptw)
