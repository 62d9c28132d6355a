"""expect_error(), as_if() and serve_folder(): what a block sees, and what is left after it."""

from __future__ import annotations

import os
import threading
import urllib.error
import urllib.request
from pathlib import Path

import openai
import pytest
from dotenv import load_dotenv

from helpers import FirstCallError, as_if, connect, expect_error, serve_folder, settings

# ---- expect_error


def test_the_expected_error_is_caught_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with expect_error(ValueError) as caught:
        int("seven")
    assert "seven" in str(caught.error)
    with expect_error(KeyError, LookupError) as caught:
        [][1]
    assert type(caught.error) is IndexError
    assert capsys.readouterr() == ("", "")


def test_a_block_that_does_not_fail_fails() -> None:
    said = "in KeyError or ValueError, but nothing went wrong"
    with pytest.raises(FirstCallError, match=said), expect_error(KeyError, ValueError):
        int("7")


@pytest.mark.parametrize("other", [TypeError("another"), KeyboardInterrupt()])
def test_another_error_goes_on_unchanged(other: BaseException) -> None:
    with pytest.raises(type(other)) as seen, expect_error(ValueError):
        raise other
    assert seen.value is other
    assert seen.value.__context__ is None


@pytest.mark.parametrize("kinds", [(), ("ValueError",), (BaseException,), (ValueError("x"),)])
def test_what_is_no_error_is_refused(kinds: tuple[object, ...]) -> None:
    with pytest.raises(FirstCallError, match="Give it the class"):
        expect_error(*kinds)  # type: ignore[arg-type]


def test_an_error_of_the_service(service: object) -> None:
    with as_if(OPENAI_API_KEY="simulate-wrong-key", dotenv=""):
        client = connect()
    with expect_error(openai.AuthenticationError) as caught:
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": "Hi."}])
    assert caught.error.status_code == 401


# ---- as_if


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A learner's folder with a .env of its own, a key in the environment."""
    monkeypatch.delenv("FIRST_CALL_MODE")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-learner")
    monkeypatch.setenv("STAYS", "as it is")
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://learner.example/v1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_variables_are_set_and_unset_and_put_back() -> None:
    before = dict(os.environ)
    with as_if(OPENAI_API_KEY=None, CUSTOM_ENV_NAME="key-from-another-name"):
        assert "OPENAI_API_KEY" not in os.environ
        assert openai.OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME")).api_key.endswith("name")
        assert os.environ["STAYS"] == "as it is"
        os.environ["OPENAI_API_KEY"] = "set inside"
        del os.environ["STAYS"]
    assert dict(os.environ) == before


def test_a_dotenv_is_the_only_one(outside: Path) -> None:
    before = dict(os.environ)
    with as_if(OPENAI_API_KEY=None, dotenv="OPENAI_API_KEY=key-from-env-file"):
        inside = Path.cwd()
        assert [file.name for file in inside.iterdir()] == [".env"]
        assert settings().key_from == ".env"
        assert settings().base_url == "https://api.openai.com/v1"
        load_dotenv(".env")
        assert openai.OpenAI().api_key == "key-from-env-file"
        os.environ["OPENAI_API_KEY"] = "key-from-environment"
        assert settings().key_from == "environment"
        assert settings(api_key="key-from-argument").key_from == "argument"
    assert Path.cwd() == outside
    assert not inside.exists()
    assert dict(os.environ) == before
    assert settings().base_url == "http://learner.example/v1"


def test_an_empty_dotenv_hides_the_learners() -> None:
    with as_if(dotenv=""):
        assert settings().base_url == "https://api.openai.com/v1"
    with as_if():
        assert settings().base_url == "http://learner.example/v1"


def test_all_is_put_back_after_an_error(outside: Path) -> None:
    before = dict(os.environ)
    with expect_error(ZeroDivisionError), as_if(STAYS=None, dotenv="PROVIDER=deepseek\n"):
        inside = Path.cwd()
        assert settings().provider.id == "deepseek"
        raise ZeroDivisionError
    assert (Path.cwd(), dict(os.environ)) == (outside, before)
    assert not inside.exists()


def test_one_in_another(outside: Path) -> None:
    with as_if(STAYS="outer", dotenv="PROVIDER=deepseek"):
        with as_if(STAYS=None, dotenv="PROVIDER=qwen"):
            assert settings().provider.id == "qwen"
        assert (os.environ["STAYS"], settings().provider.id) == ("outer", "deepseek")
    assert Path.cwd() == outside


def test_a_new_program_gets_a_copy() -> None:
    with as_if(CUSTOM_ENV_NAME="密钥 key") as world:
        assert world.in_new_program("CUSTOM_ENV_NAME") == "密钥 key"
    assert world.in_new_program("CUSTOM_ENV_NAME") is None


@pytest.mark.parametrize("wrong", [3, b"key", Path("x"), "a\0b"])
def test_a_value_that_is_no_text_changes_nothing(wrong: object) -> None:
    before = dict(os.environ)
    for given in ({"STAYS": None, "CUSTOM_ENV_NAME": wrong}, {"dotenv": wrong}):
        with expect_error(FirstCallError) as caught, as_if(**given):  # type: ignore[arg-type]
            pass
        assert f"for {list(given)[-1]}" in caught.error.what
    assert dict(os.environ) == before


# ---- serve_folder


def read(url: str) -> bytes:
    """Return what is at an address."""
    answer: bytes = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url).read()
    return answer


def test_a_folder_is_served_during_the_block(
    outside: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (outside / "图 1.txt").write_text("one")
    threads = threading.active_count()
    with serve_folder(".") as url:
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/")
        with as_if(dotenv=""):  # another working folder
            assert read(url + "%E5%9B%BE%201.txt") == b"one"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            read(url + "nothing.png")
    with pytest.raises(urllib.error.URLError):
        read(url)
    assert threading.active_count() == threads
    assert capfd.readouterr() == ("", "")


def test_it_ends_with_an_error_too(outside: Path) -> None:
    with pytest.raises(ZeroDivisionError), serve_folder(str(outside)) as url:
        raise ZeroDivisionError
    with pytest.raises(urllib.error.URLError):
        read(url)


def test_what_is_no_folder_is_refused() -> None:
    for path in ("nothing", ".env"):
        with pytest.raises(FirstCallError, match=f"no folder {path}"), serve_folder(path):
            pass
