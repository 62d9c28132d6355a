"""README.md and README.zh-CN.md say the same, and what they say is so.

Behind the Chinese one's claims: mirrors, HF_ENDPOINT and PRACTICE_WEIGHTS tests/practice/process/
test_sources.py and tests/tools/setup/test_kit_install.py; NO_PROXY tests/helpers/connection/
test_session.py; 403 tests/helpers/test_calls.py; paths in Chinese, .env by Notepad tests/doctor and
tests/tools/setup/test_kit.py; consoles tests/tools/setup/test_chinese_kit.py.
"""

from __future__ import annotations

import re

import pytest

import kit
from conftest import ROOT
from helpers.connection.providers import all_providers
from helpers.connection.settings import NAMES
from practice.process.config import ENVIRONMENT
from tests.test_links import links

ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
COMMAND = re.compile(r"(?:python3?|py) (?:kit\.py [\w-]+|-m practice \w+)|conda \w+ [^\n`]+")
OTHERS = {"HTTPS_PROXY", "NO_PROXY", "HF_ENDPOINT", "KIT_LANG"}
"""Settings that are not the kit's own."""


def numbers(text: str) -> set[str]:
    """The numbers of a page outside of links: 491, 3.11, 20."""
    return set(re.findall(r"(?<![\w.-])\d+(?:\.\d+)?", re.sub(r"\]\([^)]*\)", "]", text)))


def test_both_name_the_same_commands() -> None:
    assert set(COMMAND.findall(CHINESE)) == set(COMMAND.findall(ENGLISH))
    assert len(set(COMMAND.findall(ENGLISH))) >= 8


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_command_is_one_of_kit_py(text: str) -> None:
    for name in set(re.findall(r"kit\.py ([\w-]+)", text)):
        assert callable(getattr(kit, name.replace("-", "_"))), name


def test_their_numbers_agree() -> None:
    english = {"4.94" if number == "494" else number for number in numbers(ENGLISH)}
    assert english <= numbers(CHINESE)
    more = {"402", "403", "936", "127.0"}  # status codes, a code page, an address
    assert numbers(CHINESE) - english <= more


def test_their_links_lead_to_the_same() -> None:
    english = [address for _, address in links(ROOT / "README.md")]
    chinese = [address for _, address in links(ROOT / "README.zh-CN.md")]
    assert "README.zh-CN.md" in english
    assert "README.md" in chinese
    expected = {in_chinese(address) for address in english} - {"README.zh-CN.md"}
    assert set(chinese) == expected | {"README.md"}


def in_chinese(address: str) -> str:
    """A lesson or a page is linked in Chinese, where it is there in Chinese."""
    lesson = address.replace("notebooks/", "notebooks/zh-CN/")
    page = re.sub(r"\.md$", ".zh-CN.md", address)
    return next(
        (one for one in (lesson, page) if one != address and (ROOT / one).exists()), address
    )


def test_every_setting_in_the_chinese_one_is_one() -> None:
    named = set(re.findall(r"`([A-Z]{2,}(?:_[A-Z]+)*)(?:=[^`]*)?`", CHINESE)) - {"JSON"}
    named |= set(re.findall(r"^([A-Z_]+)=", CHINESE, re.MULTILINE))
    assert {"PROVIDER", "OPENAI_API_KEY", "HF_ENDPOINT", "PRACTICE_WEIGHTS"} <= named
    assert named - {*NAMES, *ENVIRONMENT} <= OTHERS


def test_providers_in_china_are_those_of_the_data() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| `(\w+)` \| `?([^`|]+?)`? \| ([^|]+) \|$", CHINESE, re.MULTILINE
    )
    assert [name for name, *_ in rows] == ["deepseek", "qwen", "zhipu", "moonshot", "siliconflow"]
    for name, model, said in rows:
        row = all_providers()[name]
        assert model == (row.model or "没有"), name
        assert ("没有 `json_schema`" in said) == (row.json_schema is False), name
        assert ("只能以 base64 传入" in said) == (row.image_urls is False), name
        assert ("总是先思考" in said) == (row.thinking == "always"), name
        assert ("温度等参数不能改" in said) == ("temperature" in row.refuses), name
        assert ("OPENAI_MODEL" in said) == (not row.model), name
