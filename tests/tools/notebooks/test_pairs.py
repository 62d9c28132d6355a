"""A code cell in two languages is one program with other words."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from tiny_lesson import LESSON, read, with_chinese

from tools.notebooks.pairs import check_code_pair
from tools.notebooks.rules import LessonError

EXERCISE = '''\
# Your turn.
# --- solution
text = "Hi"
# --- stub
# text = ...  # yours
# --- end'''


def check(english: str, chinese: str) -> None:
    check_code_pair(nbformat.v4.new_code_cell(english), nbformat.v4.new_code_cell(chinese))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ('ask("Hi, who are you?")', 'ask("你好，你是谁？")'),
        ("# greet\nask()", "# 打招呼\nask()"),
        ("ask()  # greet\n", "# 先打个招呼\nask()"),
        ('print("model", x)', 'print("模型", x)'),
        ('print("tokens in:", n, sep=" ")', 'print("输入 token：", n, sep="")'),
        ('f"{n} tokens, {c:.2f} dollars"', 'f"{n} 个 token，{c:.2f} 美元"'),
        ('f"{n}"', 'f"共{n}"'),
        ('x = "a " "b"', 'x = (\n    "甲"\n    "乙"\n)'),
        ('open("pictures/tea.png")', 'open("pictures/zh/tea.png")'),
        ('" ".join(words)', '"".join(words)'),
        ('x.rstrip(".")', 'x.rstrip("。")'),
        ('ask("Hi {name}".format(name=n))', 'ask("你好，{name}".format(name=n))'),
        ('{"role": "user", "content": "Hi"}', '{"role": "user", "content": "你好"}'),
        ('class Row:\n    """A row."""\n    x: Literal["food"]', 'class Row:\n    """一行。"""\n    x: Literal["餐饮"]'),
        ('match x:\n    case "food":\n        1', 'match x:\n    case "餐饮":\n        1'),
        ('%%writefile a.py\nask("Hi")', '%%writefile a.py\n# 打招呼\nask("你好")'),
        (EXERCISE, EXERCISE.replace("Hi", "你好").replace("yours", "写在这里")),
    ],
)  # fmt: skip
def test_the_same_program_in_other_words(english: str, chinese: str) -> None:
    check(english, chinese)


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ('ask("Hi")', 'ask("Hi")', "write it once"),
        ('ask("Hi")', 'ask("Hello")', "'Hi' became 'Hello'"),
        ('%%writefile a.py\nask("Hi")', '%%writefile b.py\nask("你好")', "writes another file"),
        ('%%writefile a.py\nask("Hi")', 'ask("你好")', "writes another file"),
        ('%%writefile a.py\nask("Hi")', '%%writefile a.py\ntell("你好")', "`ask` became `tell`"),
        ('%%timeit x.py\nask("Hi")', '%%timeit x.py\nask("你好")', "a magic cannot stand"),
        ('ask("Hi")', 'tell("你好")', "`ask` became `tell`"),
        ('ask("Hi")', 'ask("你好", 1)', "2 parts where there were 1: `1`"),
        ('ask("Hi", n=1)', 'ask("你好", n=2)', "`1` became `2`"),
        ('ask("Hi", n=1)', 'ask("你好", m=1)', "`n=1` became `m=1`"),
        ('ask("Hi", n=1)', 'ask("你好", n=True)', "`1` became `True`"),
        ('ask("Hi", n=1)', 'ask("你好", n=1.0)', "`1` became `1.0`"),
        ('ask("Hi", n=1)', 'ask("你好")', "0 parts where there were 1"),
        ('ask("Hi"); x = 1', 'ask("你好"); y = 1', "`x` became `y`"),
        ('ask("Hi"); x = 1', 'ask("你好"); x += 1', "`x = 1` became `x \\+= 1`"),
        ('ask("Hi")', 'ask("你好")\nx', "2 parts where there were 1: `x`"),
        ('ask("Hi")', '"你好"', "became"),
        ('ask("Hi")', 'ask(b"x" + "你好")', "became"),
        ('ask(b"Hi")', 'ask(b"Ho")', "became"),
        ('ask("a" + "b")', 'ask("甲" "乙")', "became"),
        ("if a > 1:\n    f('a')", "if a >= 1:\n    f('甲')", "became"),
        ("if a:\n    f('a')", "if a:\n    f('甲')\nelse:\n    0", "1 parts where there were 0"),
        ("x['a'] = 'a'", "x['a'] = '甲'; x['a']", "2 parts"),
        ("x.y = 'a'", "x.z = '甲'", "`x.y` became `x.z`"),
        ("x: str = 'a'", "x: int = '甲'", "`str` became `int`"),
        ("def f(a, b='a'): ...", "def f(b='甲'): ...", "parts"),
        ("async def f(): g('a')", "def f(): g('甲')", "became"),
        ("await f('a')", "f('甲')", "became"),
        ("from a import b; f('a')", "from a import c; f('甲')", "became"),
        ("with a as b: f('a')", "with a as c: f('甲')", "became"),
        ("lambda a: 'a'", "lambda: '甲'", "parts"),
        ("[x for x in y if x == 'a']", "[x for x in y if x != '甲']", "became"),
        ("global a; a = 'a'", "global b; a = '甲'", "`a` became `b`"),
        # names that the program goes by
        ('{"role": "user"}', '{"角色": "user"}', "'role' became '角色'"),
        ('{"role": "user"}', '{"role": "用户"}', "'user' became '用户'"),
        ('x["content"]', 'x["内容"]', "'content' became"),
        ('f(model="gpt-4.1")', 'f(model="gpt-5.1")', "became"),
        ('f("2.5", "a")', 'f("3.5", "甲")', "became"),
        ('as_if("OPENAI_MODEL")', 'as_if("OPENAI_MODELL")', "became"),
        ('open("a.png"); f("a")', 'open("b"); f("甲")', "became"),
        ('f(".env", "a")', 'f(".env2", "甲")', "became"),
        ('print("model")', 'print("modell")', "became"),
        # between the braces
        ('f"{n} tokens"', 'f"{m} 个 token"', "`n` became `m`"),
        ('f"{n} tokens"', 'f"{n} 个，{m} 个"', "2 parts where there were 1: "),
        ('f"{a} of {b}"', 'f"{b} 个里的 {a}"', "`a` became `b`"),
        ('f"{n} tokens"', 'f"没有"', "0 parts"),
        ('f"{n} tokens"', '"没有"', "became"),
        ('f"{n:.2f} tokens"', 'f"{n:.3f} 个"', "format"),
        ('f"{n:.2f} tokens"', 'f"{n} 个"', "format"),
        ('f"{n!r} tokens"', 'f"{n} 个"', "became"),
        ('f"{n:{w}} tokens"', 'f"{n:{v}} 个"', "format"),
        ('f"{n[0]} tokens"', 'f"{n[0][1]} 个"', "became"),
        ('"Hi {name}".format(name=n)', '"你好 {nmae}".format(name=n)', "became"),
        ('"Hi {name}".format(name=n)', '"你好".format(name=n)', "became"),
        # what is no Python, or not only
        ('ask("Hi")', 'ask("你好"', "not Python"),
        ("%time\nf('a')", "%time\nf('甲')", "magic"),
        ("f('a')", "!ls\nf('甲')", "magic"),
        ("f('a')", "f?\n", "magic"),
        # exercises
        (EXERCISE, "text = '你好'", "must stand in both"),
        (EXERCISE, EXERCISE.replace('"Hi"', "2"), "became"),
        (EXERCISE, EXERCISE.replace("Hi", "嗨").replace("text = ...", "words = ..."), "became"),
        (EXERCISE, EXERCISE.replace("Hi", "嗨").replace("# text = ...", "#"), "parts"),
    ],
)
def test_more_than_words_is_refused(english: str, chinese: str, said: str) -> None:
    with pytest.raises(LessonError, match=said) as caught:
        check(english, chinese)
    assert "code cell “" in str(caught.value)


PAIRED = with_chinese(LESSON).replace(
    '# %%\nprint("not in the solutions")',
    '# %% lang="en"\nprint("not in the solutions")\n\n# %% lang="zh"\nprint("答案里没有")',
)


def test_a_pair_in_a_lesson(tmp_path: Path) -> None:
    cells = read(PAIRED, tmp_path)
    one, other = [cell for cell in cells if cell.cell_type == "code" and cell.metadata.get("lang")]
    assert one.id == other.id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('print("答案里没有")', 'print("没有", 1)', "2 parts"),
        ('# %% lang="zh"\nprint', '# %% [markdown] lang="zh"\n# print', "Chinese cell is missing"),
        ('# %% lang="zh"\nprint', "# %%\nprint", "Chinese cell is missing"),
        ('# %% lang="en"\nprint', "# %%\nprint", "no English cell before"),
        ('# %% lang="zh"\nprint', '# %% lang="zh" tags=["setup"]\nprint', "its tags differ"),
        ('# %% lang="en"\nprint', '# %% lang="de"\nprint', "no language de"),
    ],
)
def test_a_pair_that_is_none(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in PAIRED
    with pytest.raises(LessonError, match=said):
        read(PAIRED.replace(old, new), tmp_path)
