"""The file with the keys of a class: what spreadsheet programs make of it, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from practice.process.config import PracticeError
from practice.roster import keys_file, making
from practice.roster.roster import Roster

ADA, BO, CY = ("class-" + letter * 24 for letter in "abc")


def seconds(*parts: int) -> float:
    return datetime.datetime(*parts).astimezone().timestamp()  # type: ignore[arg-type]


def test_a_file_as_it_should_be() -> None:
    text = (
        f"name,key,expires,role\nAda,{ADA},2026-12-24,\n,{BO},2026-12-24 17:00,\n,{CY},,teacher\n"
    )
    ada, bo, cy = keys_file.parse(text, "keys.csv")
    assert (ada.number, ada.title, ada.expires) == (1, "Ada", seconds(2026, 12, 25))
    assert (bo.number, bo.title, bo.expires) == (2, "learner 2", seconds(2026, 12, 24, 17))
    assert (cy.number, cy.title, cy.expires, cy.is_teacher) == (0, "teacher", None, True)
    assert ADA not in repr(ada)
    assert ada.mark != bo.mark
    assert ADA not in ada.mark


@pytest.mark.parametrize(
    "text",
    [
        f"key\n{ADA}\n",
        f"\ufeffName,Key\r\n王伟,{ADA}\r\n\r\n,\r\n",
        f"\n\nexpires;key;name;room\n;{ADA};Ada;12\n",
        f"key\tname\n{ADA}\tAda\n",
        f'name,key\n"Lovelace, Ada", {ADA} \n',
        f"key,name\r{ADA},Ada\r",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.csv"
    file.write_bytes(text.encode())
    (found,) = keys_file.read(file)
    assert found.key == ADA
    assert found.name in ("", "王伟", "Ada", "Lovelace, Ada")


def test_a_budget_and_a_rate_of_ones_own() -> None:
    one, two = keys_file.parse(f"key,budget,rate\n{ADA},0.5,20\n{BO},,\n", "keys.csv")
    assert (one.budget, one.rate) == (0.5, 20)
    assert (two.budget, two.rate) == (None, None)


def test_a_name_may_stand_twice() -> None:
    two = keys_file.parse(f"name,key\n王伟,{ADA}\n王伟,{BO}\n", "keys.csv")
    assert [one.title for one in two] == ["王伟", "王伟"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "keys.csv has no learner in it. Make one with: python -m practice keys"),
        ("key,name\n", "has no learner in it"),
        (f"key,role\n{ADA},teacher\n", "has no learner in it"),
        (f"Ada,{ADA}\n", "names no column called key. Begin the file with the line: name,key"),
        ("key,Key\n", "names the column key twice. Delete or rename one"),
        (f"key\n{ADA}\n\n{ADA}\n", "line 4: the key is that of line 2. Give each learner a key"),
        (f"name,key\nAda,\nBo,{BO}\n", "line 2: there is no key. Delete the line"),
        ("key\nshort\n", "line 2: the key is shorter than 20 characters. Take one made with"),
        ("key\n" + "é" * 20, "has characters other than ASCII"),
        ("key\n" + "a b" * 9, "or spaces"),
        ("key\nsimulate-wrong-key-and-more", "begins as the names of simulations do"),
        (f"key,expires\n{ADA},24.12.2026", "'24.12.2026' is no date. Write the day as 2026-12-24"),
        (f"key,expires\n{ADA},03/04/2026", "'03/04/2026' is no date"),
        (f"key,expires\n{ADA},2026-02-30", "'2026-02-30' is no date"),
        (f"key,expires\n{ADA},2026-12-24 25:00", "is no date"),
        (f"key,expires\n{ADA},２０２６-12-24", "is no date"),
        (f"key,role\n{ADA},boss", "there is no role called 'boss'. Write teacher"),
        (f"key,budget\n{ADA},much", "'much' is no budget. Write dollars as 0.50."),
        (f"key,rate\n{ADA},0", "'0' is no rate. Write a whole number, as 20."),
        (f"name,key\nLovelace, Ada,{ADA}", "there are more cells than columns. Put a name"),
    ],
)
def test_one_sentence_and_the_fix(text: str, said: str) -> None:
    with pytest.raises(PracticeError) as caught:
        keys_file.parse(text, "keys.csv")
    assert said in str(caught.value)
    assert caught.value.fix
    assert ADA not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-24", (2026, 12, 25)),
        ("2026/12/24", (2026, 12, 25)),
        ("2027/1/5", (2027, 1, 6)),
        ("2026-12-24 9:30", (2026, 12, 24, 9, 30)),
        ("2026-12-24T09:30:15", (2026, 12, 24, 9, 30, 15)),
    ],
)
def test_days_and_moments(written: str, meant: tuple[int, ...]) -> None:
    assert keys_file.moment(written) == seconds(*meant)


def test_other_scripts_and_no_files(tmp_path: Path) -> None:
    file = tmp_path / "keys.csv"
    for raw in (f"name,key\n王伟,{ADA}\n".encode("gb18030"), f"key\n{ADA}".encode("utf-16")):
        file.write_bytes(raw)
        with pytest.raises(PracticeError, match=r"not UTF-8 text\. Save it again as .CSV UTF-8"):
            keys_file.read(file)
    with pytest.raises(PracticeError, match="There is no file"):
        keys_file.read(tmp_path / "other.csv")
    with pytest.raises(PracticeError, match="cannot be read"):
        keys_file.read(tmp_path)
    file.write_bytes(bytes(2_000_000))
    with pytest.raises(PracticeError, match="larger than 1 MB"):
        keys_file.read(file)


def test_keys_are_made_and_one_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "class" / "keys.csv"
    made = making.make(file, ["Ada", "王伟", ""], days=1)
    assert [one.title for one in made] == ["teacher", "Ada", "王伟", "learner 3"]
    assert len({one.key for one in made}) == 4
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    assert made[1].expires == seconds(tomorrow.year, tomorrow.month, tomorrow.day)
    assert made[0].expires is None
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.stat().st_mode & 0o077 == 0 or file.drive
    with pytest.raises(PracticeError, match="is there already"):
        making.make(file, ["Ada"])

    roster = Roster(file)
    assert not roster.is_over(roster.everybody[2])
    assert making.stop(file, "王伟").number == 2
    stopped = roster.find(made[2].key)
    assert stopped is not None
    assert roster.is_over(stopped)
    assert making.stop(file, "3").title == "learner 3"
    assert [roster.is_over(one) for one in roster.everybody] == [False, False, True, True]
    with pytest.raises(PracticeError, match=r"has no learner 4\. List them with"):
        making.stop(file, "4")
    with pytest.raises(PracticeError, match="has no learner teacher"):
        making.stop(file, "teacher")


def test_stopping_in_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "keys.csv"
    file.write_text(f"room;key;name\n1;{ADA};Ada\n2;{BO};Ada\n", "utf-8")
    with pytest.raises(PracticeError, match=r"has Ada 2 times\. Say which by number: 1 and 2"):
        making.stop(file, "Ada")
    making.stop(file, "2")
    first, second = keys_file.read(file)
    assert (first.expires, second.expires is None) == (None, False)
    assert "room;key;name;expires" in file.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("names", "days", "said"),
    [([], 1, "1 to 1000 learners, not 0"), ([""] * 1001, 1, "not 1001"), (["a"], 0, "last 0 days")],
)
def test_no_class_of_none(tmp_path: Path, names: list[str], days: int, said: str) -> None:
    with pytest.raises(PracticeError, match=said):
        making.make(tmp_path / "keys.csv", names, days)
    assert not (tmp_path / "keys.csv").exists()


def test_names_are_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes("\ufeffAda\r\n\r\n 王伟 ,\r\n".encode())
    assert making.names_of(file) == ["Ada", "王伟"]


def test_a_bad_file_changes_nothing_until_it_is_good(tmp_path: Path) -> None:
    file = tmp_path / "keys.csv"
    with pytest.raises(PracticeError, match="There is no file"):
        Roster(file)
    file.write_text(f"key\n{ADA}\n")
    roster = Roster(file)
    file.write_text(f"key\n{ADA}\n{ADA}\n")
    assert roster.find(ADA)
    assert "line 3: the key is that of line 2" in str(roster.trouble)
    file.unlink()
    assert roster.find(ADA)
    assert "There is no file" in str(roster.trouble)
    file.write_text(f"key\n{BO}\n")
    assert roster.find(ADA) is None
    assert roster.find(BO)
    assert roster.trouble is None
    assert roster.find("") is roster.find("é" * 20) is None
    assert roster.hidden(f"sent {BO}") == "sent [key]"
