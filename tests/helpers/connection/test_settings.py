"""Settings: precedence, files as editors leave them, and keys that cannot be keys."""

import os
import random
import string
from pathlib import Path

import pytest

from helpers import FirstCallError, SettingsError, all_providers, settings
from helpers.connection.keys import check_key
from helpers.connection.settings import NAMES

KEY = "sk-" + "T3st" * 10


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder without settings. Its own empty .env keeps those above it out."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PRACTICE_MODEL", raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def key_in_force() -> str | None:
    found = settings().api_key
    return found.get_secret_value() if found else None


def test_no_key_means_practice_mode() -> None:
    found = settings()
    assert (found.mode, found.key_from, found.api_key) == ("practice", "not set", None)
    assert found.model == "qwen2.5-coder-0.5b-instruct"


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_an_empty_key_is_not_set(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", empty)
    assert settings().mode == "practice"


def test_an_empty_key_in_the_environment_does_not_hide_the_one_in_the_file(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert (key_in_force(), settings().key_from) == (KEY, ".env")


def test_precedence(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / ".env").write_text(f"OPENAI_API_KEY={KEY}file\nOPENAI_MODEL=from-file\n")
    assert (key_in_force(), settings().key_from) == (KEY + "file", ".env")
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "environment")
    assert (key_in_force(), settings().key_from) == (KEY + "environment", "environment")
    found = settings(api_key=KEY + "argument")
    assert found.api_key is not None
    assert found.api_key.get_secret_value() == KEY + "argument"
    assert (found.key_from, found.model) == ("argument", "from-file")
    assert "file" not in os.environ.get("OPENAI_MODEL", ""), "the environment is left alone"


def test_env_is_found_upward(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    deep = empty_folder / "notebooks 笔记" / "solutions"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert key_in_force() == KEY
    assert settings().env_file == empty_folder / ".env"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_files_as_editors_leave_them(
    encoding: str, newline: str, quote: str, empty_folder: Path
) -> None:
    lines = ["# 我的设置", f"OPENAI_API_KEY={quote}{KEY}{quote}", "OPENAI_MODEL=m1", ""]
    (empty_folder / ".env").write_bytes(newline.join(lines).encode(encoding))
    if encoding.startswith("utf-16-"):  # without a mark only the ASCII first character tells
        (empty_folder / ".env").write_bytes(newline.join(lines[1:]).encode(encoding))
    assert key_in_force() == KEY
    assert settings().model == "m1"


def test_a_file_in_another_encoding_says_so(empty_folder: Path) -> None:
    (empty_folder / ".env").write_bytes(f"# 我的设置\nOPENAI_API_KEY={KEY}\n".encode("gbk"))
    with pytest.raises(SettingsError, match="pick UTF-8"):
        settings()


def test_an_unreadable_file_says_so(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SettingsError, match=r"cannot be read \(Permission denied\)"):
        settings()


@pytest.mark.parametrize(
    "line",
    [
        f'OPENAI_API_KEY="{KEY}',
        f"OPENAI_API_KEY {KEY}",
        f"OPENAI_API_KEY: {KEY}",
        f"OPENAI_API_KEY＝{KEY}",
        f'"OPENAI_API_KEY"={KEY}"',
        "OPENAI_API_KEY",
    ],
)
def test_a_line_that_cannot_be_read_is_not_practice_mode(line: str, empty_folder: Path) -> None:
    (empty_folder / ".env").write_text(f"# OPENAI_API_KEY=x\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="OPENAI_API_KEY") as caught:
        settings()
    assert KEY not in str(caught.value)


BAD_KEYS = {
    "newline": (KEY + "\n", "a line break"),
    "space": (KEY + " ", "a space"),
    "space before": (" " + KEY, "a space"),
    "curly": (f"“{KEY}”", "curly quotes"),
    "curly inside": (KEY + "’" + KEY, "curly quotes"),
    "cjk": (KEY + "密钥", "characters that no key has"),
    "zero width": (KEY + "\u200b", "characters that no key has"),
    "control": (KEY + "\x07" + "a", "characters that no key has"),
    "straight quotes": (f'"{KEY}"', "quotes around"),
    "single quotes": (f"'{KEY}'", "quotes around"),
    "bearer": (f"Bearer {KEY}", "Bearer"),
    "two": (f"{KEY} {KEY}", "space inside"),
    "address": ("https://api.openai.com/v1", "web address"),
    "placeholder 1": ("your-api-key-here", "example text"),
    "placeholder 2": ("sk-your-key", "example text"),
    "placeholder 3": ("<paste it>", "example text|space inside"),
    "placeholder 4": ("sk-...", "example text"),
    "placeholder 5": ("sk-xxxxxxxx", "example text"),
    "placeholder 6": ("YOUR_API_KEY", "example text"),
    "placeholder 7": ("sk-yourkey", "example text"),
    "placeholder 8": ("changeme", "example text"),
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_key_that_cannot_be_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, reason = BAD_KEYS[name]
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(SettingsError, match=reason) as caught:
        settings()
    assert key.strip() not in str(caught.value)
    assert KEY not in repr(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("key", [KEY, "ollama", "EMPTY", "0123456789abcdef" * 2, "gsk_" + "a" * 50])
def test_keys_of_all_sorts_are_taken(key: str) -> None:
    assert settings(api_key=key).mode == "own key"


def test_random_keys_are_not_taken_for_placeholders() -> None:
    letters = string.ascii_letters + string.digits + "-_"
    chance = random.Random(1)
    for _ in range(2000):
        check_key("sk-proj-" + "".join(chance.choices(letters, k=156)))
    assert settings(api_key="sk-proj-" + "aYouRb" * 20).mode == "own key"


def test_the_key_is_never_shown() -> None:
    found = settings(api_key=KEY)
    for shown in (
        repr(found),
        str(found),
        f"{found}",
        found.model_dump_json(),
        repr(found.__dict__),
    ):
        assert KEY not in shown
        assert KEY[:7] not in shown
        assert KEY[-4:] not in shown
    assert "env_file" not in repr(found), "a path would make outputs differ between machines"


def test_practice_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_MODE", "practice")
    found = settings(api_key=KEY)
    assert (found.mode, found.api_key) == ("practice", None)
    monkeypatch.setenv("FIRST_CALL_MODE", "practise")
    with pytest.raises(SettingsError, match="not a mode"):
        settings()


def test_a_card_as_key_is_practice_mode_with_that_key() -> None:
    found = settings(api_key="simulate-no-credit")
    assert found.mode == "practice"
    assert found.api_key is not None
    assert found.api_key.get_secret_value() == "simulate-no-credit"


def test_a_model_in_the_file_does_not_reach_practice_mode(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text("OPENAI_MODEL=gpt-5.4-mini\n")
    assert settings().model == "qwen2.5-coder-0.5b-instruct"
    assert settings(model="practice-text-only").model == "practice-text-only"
    assert settings(api_key=KEY).model == "gpt-5.4-mini"


def test_provider_picks_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVIDER", "DeepSeek")
    found = settings(api_key=KEY)
    assert (found.base_url, found.model) == ("https://api.deepseek.com", "deepseek-flash")
    assert found.provider.token_limit == "max_tokens"
    with pytest.raises(SettingsError, match="Use one of: openai, deepseek"):
        settings(provider="opnai")


@pytest.mark.parametrize(
    ("url", "row"),
    [
        ("https://api.openai.com/v1/", "openai"),
        ("https://eu.api.openai.com/v1", "openai"),
        ("https://my-class.openai.azure.com/openai/v1/", "azure"),
        ("http://127.0.0.1:11434/v1", "ollama"),
        ("http://localhost:1234/v1", "lmstudio"),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "qwen"),
        ("https://gateway.school.example/v1", "other"),
        ("https://notapi.openai.com.evil.example/v1", "other"),
    ],
)
def test_an_address_by_hand_finds_its_row(url: str, row: str) -> None:
    found = settings(api_key=KEY, base_url=url)
    assert (found.provider.id, found.base_url) == (row, url)


def test_services_on_this_computer_need_no_key() -> None:
    found = settings(provider="ollama")
    assert (found.mode, found.api_key, found.model) == ("own key", None, "")
    with pytest.raises(SettingsError, match="no fixed address"):
        settings(provider="vllm")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_base_url_is_not_set(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", empty)
    assert settings(api_key=KEY).base_url == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    "url",
    [
        "api.openai.com/v1",
        "“https://api.openai.com/v1”",
        "https://api.openai.com/v1/chat/completions",
        "https://RESOURCE.openai.azure.com/openai/v1/",
        "https://me:secret@host.example/v1",
        "ftp://x/v1",
        "https://",
    ],
)
def test_a_base_url_that_cannot_be_one(url: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL") as caught:
        settings(api_key=KEY, base_url=url)
    assert "secret" not in str(caught.value)


def test_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().budget is None
    for text, dollars in (("0", 0.0), ("$0.50", 0.5), ("2", 2.0)):
        monkeypatch.setenv("FIRST_CALL_BUDGET", text)
        assert settings().budget == dollars
    for text in ("-1", "nan", "inf", "much"):
        monkeypatch.setenv("FIRST_CALL_BUDGET", text)
        with pytest.raises(SettingsError, match="FIRST_CALL_BUDGET"):
            settings()


def test_every_provider_row_is_whole() -> None:
    for row in all_providers().values():
        assert row.checked is not None
        assert row.note
        assert row.token_limit in ("max_tokens", "max_completion_tokens")
        if row.needs_key:
            assert row.key_page.startswith("https://")
    assert issubclass(SettingsError, FirstCallError)
