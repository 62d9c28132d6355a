# %% [markdown] lang="en" minutes=30
# # Key set-up
#
# You can skip this lesson and stay in practice mode. Come back when you want to call OpenAI or another provider.
#
# ## What you will be able to do
#
# - create an API key, keep it safe, replace it
# - say what credit is, and which of its states lets a call through
# - hand a key to your programs in three ways, and know which one wins
# - recognise a missing, a wrong, a mistyped and an unpaid key by the error each one gives
#
# No cell here needs a key, and none changes your settings by itself. The keys in the cells are placeholders such as `key-from-environment`. The errors of a provider are **simulated** by practice mode, and each says so.

# %% [markdown] lang="en"
# ## The account
#
# An **API key** is a long text that proves to the provider that a call is yours. Whoever has it can spend your money. To get one at OpenAI you need an account on [platform.openai.com](https://platform.openai.com).
#
# **You have a ChatGPT login?** The same login works there. But the two are paid separately: a ChatGPT subscription, Plus for example, contains **no** credit for the API. You may be asked for a phone number before your first key.
#
# Provider and account pages change their looks. The sketches below show what to look for, not every detail.

# %% [markdown] lang="en"
# ## Create a key
#
# ![Sketch in two parts. Above: the page API keys, with a button Create new secret key, and a list of keys with the columns name, key, project and last used. The keys are hidden, and each row has a button Delete. Below: a window titled Save your key, which says that you will not be able to see the key again, with a button Copy and a button Done.](sketches/key-page.svg)
#
# 1. Open [platform.openai.com/settings/organization/api-keys](https://platform.openai.com/settings/organization/api-keys).
# 2. Choose **Create new secret key**. Name it after the place where you will use it, such as *laptop*.
# 3. Choose a **project**. A project is a folder for keys with limits of its own. Make one for this course.
# 4. The key is shown **once**. Copy it and save it at once. If you lose it, nobody can show it to you again: you make a new one.
#
# Rules that save trouble:
#
# | rule | why |
# |---|---|
# | one key for each place, not one for everything | you can delete one without breaking the others |
# | never write a key in a notebook or in code | you will share that file one day, key and all |
# | never send a key by chat or e-mail, and never buy one from a stranger | shared keys are against the terms, and they get blocked |
# | **delete** a key that somebody may have seen | a deleted key stops working; deleting costs nothing |
# | **rotate** now and then | create a new key, put it in your settings, check that a call works, delete the old one, in this order |

# %% [markdown] lang="en"
# ## Credit and billing
#
# ![Sketch of the Billing page: a credit balance of 4.37 dollars with a button Add credit, and a switch Auto-reload that is on, with the note that it is on by default. Below, the three states of credit: unused, calls go through; used up, calls do not go through; expired, calls do not go through. At the bottom, a hard spend limit of 5 dollars a month for the project.](sketches/billing-page.svg)
#
# The API is **prepaid**: you buy credit first, then calls use it up. The page is [Billing](https://platform.openai.com/settings/organization/billing). The smallest amount is $5, which is far more than this course needs. A key without credit exists, but its calls fail.
#
# | state of your credit | does a call go through? | what to do |
# |---|---|---|
# | **unused**: there is money left | yes | nothing |
# | **used up**: the balance is zero | no | add credit |
# | **expired**: a year has passed since you bought it | no, even if money was left | add credit |
#
# - **Auto-reload** buys new credit from your card when the balance gets low. It is **on by default**. Switch it off if you want to decide each time.
# - **Spend limits** are hard monthly limits, for the organization and for each project. Calls get an error when a limit is reached. The counting is not instant, so a little more may be spent.
# - **Usage** is the page that shows tokens and cost by day. It lags behind your calls.
#
# **Paying can be hard.** The usual way is a credit or debit card. Cards from some countries are refused, and in some countries the API is not offered at all. Then calls fail with status 403. What you can do:
#
# - stay in practice mode: every lesson works
# - use a provider in your country that speaks the same format, such as those in lesson 08. You change two lines in your settings, and no cell
# - ask your school: a class can share one account, with a key for each learner

# %% [markdown] lang="en"
# ## The smallest call with a key
#
# The SDK takes a key as an argument:
#
# ```python
# client = OpenAI(api_key=...)
# ```
#
# Never type the key there. The question of this lesson is how the key gets from a safe place to the client.

# %% tags=["setup"]
import os
from unittest.mock import patch

import openai
from openai import OpenAI

from helpers import SettingsError, check, connect, current_model, explain, settings

client = connect()
model = current_model()
hello = [{"role": "user", "content": "What is the capital of Australia?"}]

# %% [markdown] lang="en"
# There are three ways:
#
# ![Drawing of three ways for a key. Way 1: a variable OPENAI_API_KEY of your system. Way 2: a line OPENAI_API_KEY= in the file .env, which load_dotenv copies. Both arrive in the environment of your program, where OpenAI() finds the key by itself. Way 3: a variable of another name, which you pass on as api_key=os.environ.get(...). Who wins when several are set: the argument, then the system, then .env.](drawings/way-of-a-key.en.svg)

# %% [markdown] lang="en"
# ## Way 1: an environment variable of your system
#
# The operating system keeps a list of named texts, the **environment variables**. The SDK looks for the name `OPENAI_API_KEY` by itself. You set it once, for all your programs.
#
# **Windows, with the mouse:** press the Windows key, type *environment*, open **Edit environment variables for your account**. Under *User variables* choose **New…**. Name: `OPENAI_API_KEY`. Value: your key. OK, OK.
#
# **Windows, with a command**, in the Command Prompt (cmd) or in PowerShell:
#
# ```
# setx OPENAI_API_KEY "paste the key here"
# ```
#
# `setx` works for windows that you open **afterwards**. Open a new one and look:
#
# | in | type |
# |---|---|
# | Command Prompt (cmd) | `echo %OPENAI_API_KEY%` |
# | PowerShell | `$env:OPENAI_API_KEY` |
#
# **macOS and Linux:** add this line to the end of your shell's profile. That is the file `~/.zshrc` on a Mac, and `~/.bashrc` on most Linux systems.
#
# ```
# export OPENAI_API_KEY="paste the key here"
# ```
#
# Open a new terminal and look with `echo $OPENAI_API_KEY`. All these commands show the key on the screen, so mind who can see it.

# %% [markdown] lang="en"
# Try it without changing your computer. `patch.dict` below sets a variable only inside the `with` block, and puts everything back afterwards:

# %% tags=["nbval-check-output"]
with patch.dict(os.environ, {"OPENAI_API_KEY": "key-from-environment"}):
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# `OpenAI()` got no argument and found the key by its name.
#
# Why must you open a new window? A program gets a **copy** of the environment when it starts. Here a second Python starts and looks at its copy:

# %% tags=["nbval-check-output"]
import subprocess
import sys

program = "import os; print('the new program sees:', os.environ.get('OPENAI_API_KEY'))"
with patch.dict(os.environ, {"OPENAI_API_KEY": "key-from-environment"}):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
print(done.stdout)

# %% [markdown] lang="en"
# A program that runs already keeps its old copy. So after you set a variable, close JupyterLab **and** the terminal, open a new terminal, and start JupyterLab from there.

# %% [markdown] lang="en"
# ## Way 2: a file named .env in the project
#
# A file `.env` holds settings for one project, one on a line:
#
# ```
# OPENAI_API_KEY=paste the key here
# ```
#
# No spaces around `=`, no quotes, nothing after the key. The package `python-dotenv` copies its lines into the environment of your program. The cells below use a folder of their own, so your real `.env` stays as it is:

# %% tags=["nbval-check-output"]
import tempfile
from pathlib import Path

from dotenv import load_dotenv

folder = tempfile.TemporaryDirectory()
project = Path(folder.name)
(project / ".env").write_text("OPENAI_API_KEY=key-from-env-file\n", encoding="utf-8")

with patch.dict(os.environ):
    os.environ.pop("OPENAI_API_KEY", None)  # as if the system had none
    load_dotenv(project / ".env")
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# This way is the best one for this course: it is the same on every system, and you need not restart anything but the notebook. `connect()` finds the `.env` in the notebook's folder or in one above it. `.env.example`, beside the README, explains every setting.
#
# `.env` must never be shared. Git, the tool that most projects are shared with, leaves out what the file `.gitignore` lists. See whether ours lists it:

# %% tags=["nbval-check-output"]
here = Path.cwd()
files = [place / ".gitignore" for place in [here, *here.parents]]
lists = [file.read_text("utf-8").split() for file in files if file.exists()]
print(".env is ignored by git:", any(".env" in names for names in lists))

# %% [markdown] lang="en"
# ## Way 3: a variable with another name
#
# Sometimes `OPENAI_API_KEY` is taken, for example when you have two accounts. Choose a name of your own, set it as in way 1 or way 2, and pass it on:

# %% tags=["nbval-check-output"]
with patch.dict(os.environ, {"CUSTOM_ENV_NAME": "key-from-another-name"}):
    custom = OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME"))
    print(custom.api_key)

# %% [markdown] lang="en"
# ## Change one thing: which way wins?
#
# Set two at once, and see. First the argument against the environment:

# %% tags=["nbval-check-output"]
with patch.dict(os.environ, {"OPENAI_API_KEY": "key-from-environment"}):
    print(OpenAI(api_key="key-from-argument").api_key)

# %% [markdown] lang="en"
# The argument wins. Now the environment against `.env`. `load_dotenv` does not replace what is there already:

# %% tags=["nbval-check-output"]
with patch.dict(os.environ, {"OPENAI_API_KEY": "key-from-environment"}):
    load_dotenv(project / ".env")
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# The environment wins. This is a common trap: you put a new key in `.env`, but an old one in the system still wins.
#
# The helpers keep the same order, and `settings()` tells you where your key comes from. It never shows the key itself:

# %% tags=["nbval-check-output"]
from contextlib import chdir

with patch.dict(os.environ), chdir(project):  # as if the notebook were in that folder
    os.environ.pop("OPENAI_API_KEY", None)
    print("1.", settings().key_from)

    os.environ["OPENAI_API_KEY"] = "key-from-environment"
    print("2.", settings().key_from)
    print("3.", settings(api_key="key-from-argument").key_from)

# %% [markdown] lang="en"
# To see where **your** key comes from, add a cell below with `print(settings().key_from)`. `not set` means practice mode.

# %% [markdown] lang="en"
# ## Save your key without showing it
#
# This form writes your key into `.env`. What you type is hidden, and the notebook never holds the key. Leave it empty if you have no key yet: nothing happens.

# %% tags=["nbval-ignore-output"] reason="the form is a widget, drawn by your browser"
from helpers import key_form

key_form()

# %% [markdown] lang="en"
# Then run the cell with `connect()` again. Its line tells you that your key is in use.

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **No key.** Without helpers, the SDK stops before it sends anything:

# %%
with patch.dict(os.environ):
    os.environ.pop("OPENAI_API_KEY", None)
    try:
        OpenAI()
    except openai.OpenAIError as error:
        print(error)
    else:
        raise AssertionError("OpenAI() should not work without a key.")

# %% [markdown] lang="en"
# Fix: set a key in one of the three ways. `connect()` goes on in practice mode instead, and says so.

# %% [markdown] lang="en"
# **A wrong key**, one that was deleted or copied in part. You learn it at the first call: status 401. Practice mode simulates it when you give it the key `simulate-wrong-key`:

# %%
wrong = connect(api_key="simulate-wrong-key")
try:
    wrong.chat.completions.create(model=model, messages=hello)
except openai.AuthenticationError as error:
    print(error.status_code, error.code)
    print(explain(error))
else:
    raise AssertionError("A wrong key should be refused.")

# %% [markdown] lang="en"
# `explain` is a helper. It says in one sentence what happened, and in one what to do. A wrong key is never replaced by practice mode in silence: you should know.

# %% [markdown] lang="en"
# **No credit.** The key is right, but the account is empty or its credit has expired: status 429. The SDK would try twice more by itself, so this cell sets `max_retries=0`:

# %%
empty = connect(api_key="simulate-no-credit", max_retries=0)
try:
    empty.chat.completions.create(model=model, messages=hello)
except openai.RateLimitError as error:
    print(error.status_code, error.type)
    print(explain(error))
else:
    raise AssertionError("A call without credit should be refused.")

# %% [markdown] lang="en"
# 429 has a second meaning: too many calls in a minute. Then waiting helps, and `error.type` is another one. With `insufficient_quota`, only money helps.

# %% [markdown] lang="en"
# **A line break after the key.** It comes along easily when you copy. The SDK's error hides the reason:

# %%
mistyped = OpenAI(api_key="key-with-line-break\n", base_url=client.base_url, max_retries=0)
try:
    mistyped.chat.completions.create(model=model, messages=hello)
except openai.APIConnectionError as error:
    print("the SDK says:", error)
    print(explain(error))
else:
    raise AssertionError("A key with a line break should not be sent.")

# %% [markdown] lang="en"
# It looks like a network problem, and it is not one. If you see `Connection error.` right after setting a key, look at the key first.

# %% [markdown] lang="en"
# **Curly quotes around the key.** Text editors and chat programs turn `"` into `“` and `”`:

# %%
curly = OpenAI(api_key="“key-in-curly-quotes”", base_url=client.base_url, max_retries=0)
try:
    curly.chat.completions.create(model=model, messages=hello)
except UnicodeEncodeError as error:
    print("Python says:", type(error).__name__)
    print(explain(error))
else:
    raise AssertionError("A key in curly quotes should not be sent.")

# %% [markdown] lang="en"
# `connect()` and `settings()` look at the key before anything is sent, so they find both mistakes at once:

# %%
for typed in ["key-with-line-break\n", "“key-in-curly-quotes”"]:
    try:
        settings(api_key=typed)
    except SettingsError as error:
        print("-", error)
    else:
        raise AssertionError("settings() should refuse this key.")

# %% [markdown] lang="en"
# All of it in one table:
#
# | you see | the key is | fix |
# |---|---|---|
# | `OpenAIError: Missing credentials` | missing | set it in one of the three ways, restart the notebook |
# | 401 `invalid_api_key` | wrong or deleted | create a new key |
# | 429 `insufficient_quota` | right, without credit | add credit on the Billing page |
# | `Connection error.` at once | perhaps followed by a line break | copy it again |
# | `UnicodeEncodeError` | in curly quotes, or with other letters | delete the quotes, copy it again |
# | 403 `unsupported_country_region_territory` | right, but used from a country without service | another provider, or practice mode |

# %% [markdown] lang="en"
# ## The environment of Python
#
# Two different things are called *environment*. Above it was the list of variables. The other one is the folder of Python packages that a project uses. It keeps this course apart from your other projects.
#
# | | venv | conda |
# |---|---|---|
# | comes with | Python itself | Anaconda or Miniforge |
# | set up by | `python3 kit.py lab` does everything | `conda env create -f environment.yml`, then `conda activate first-call` |
# | take it when | you have no reason for the other | you use conda already |
#
# Both give the same notebooks. You need Python 3.11 or newer. Check yours:

# %% tags=["nbval-check-output"]
import sys

print("Python 3.11 or newer:", sys.version_info >= (3, 11))

# %%
own = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
print("an environment for this project:", own)

# %% [markdown] lang="en"
# If you see `ModuleNotFoundError` in the first cell of a notebook, the notebook runs in another environment. Choose the right one in the menu **Kernel → Change Kernel**.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: write a .env file
#
# Put the text of a `.env` file with **two** settings into `env_text`, one on each line:
#
# - `OPENAI_API_KEY` with the value `key-for-exercise`
# - `OPENAI_MODEL` with the value `my-model`
#
# Mind the spaces and the quotes.

# %% tags=["exercise"]
# Your turn: write the two lines between the triple quotes.
# --- solution
env_text = """
OPENAI_API_KEY=key-for-exercise
OPENAI_MODEL=my-model
"""
# --- stub
# env_text = """
#
# """
# --- end

# %% tags=["check"]
import io

from dotenv import dotenv_values, load_dotenv

values = dotenv_values(stream=io.StringIO(env_text))
check(
    "OPENAI_API_KEY is there",
    lambda: values["OPENAI_API_KEY"] == "key-for-exercise",
    "The first line is OPENAI_API_KEY=key-for-exercise",
)
check(
    "OPENAI_MODEL is there",
    lambda: values["OPENAI_MODEL"] == "my-model",
    "The second line is like the first, with the other name and value.",
)
check(
    "there are no quotes",
    lambda: len(values) > 0 and not any(mark in env_text for mark in "\"'“”"),
    "Leave the quotes out: they cause trouble sooner or later.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: which key wins?
#
# Three situations. For each, write which key the client uses: `"argument"`, `"environment"` or `"env file"`.
#
# - **a**: there is a key in the environment, and another in `.env`
# - **b**: there is a key only in `.env`
# - **c**: there is a key in all three places
#
# The check tries it out for real.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
winner = {"a": "environment", "b": "env file", "c": "argument"}
# --- stub
# winner = {"a": ..., "b": ..., "c": ...}
# --- end


# %% tags=["check"]
def key_used(argument, environment):
    """Make a client with `.env` loaded, and tell which key it took."""
    with patch.dict(os.environ):
        os.environ.pop("OPENAI_API_KEY", None)
        if environment:
            os.environ["OPENAI_API_KEY"] = environment
        load_dotenv(stream=io.StringIO("OPENAI_API_KEY=env file"))
        return OpenAI(api_key=argument).api_key


truth = {
    "a": key_used(None, "environment"),
    "b": key_used(None, None),
    "c": key_used("argument", "environment"),
}
for name, right in truth.items():
    check(
        f"situation {name}",
        winner.get(name) == right,
        "Look again at “which way wins?” above.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: tell the errors apart
#
# Write a function that gets an error and returns what to do:
#
# - `"new key"` when the key is wrong (`openai.AuthenticationError`)
# - `"add credit"` when there is no credit (`openai.RateLimitError` with the type `insufficient_quota`)
# - `"wait"` for any other `openai.RateLimitError`
#
# `isinstance(error, openai.AuthenticationError)` tells whether an error is of that kind.


# %% tags=["exercise"]
def what_to_do(error):
    # Your turn: return one of the three texts.
    # --- solution
    if isinstance(error, openai.AuthenticationError):
        return "new key"
    if error.type == "insufficient_quota":
        return "add credit"
    return "wait"
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
expected = {
    "simulate-wrong-key": "new key",
    "simulate-no-credit": "add credit",
    "simulate-rate-limit": "wait",
}
for card, right in expected.items():
    try:
        connect(api_key=card, max_retries=0).chat.completions.create(model=model, messages=hello)
    except openai.APIStatusError as error:
        check(
            card,
            what_to_do(error) == right,
            f"Status {error.status_code} with type {error.type} should give {right!r}.",
        )

# %% [markdown] lang="en"
# The checks called `connect()` with simulated keys. Call it once more, and you are back to normal:

# %%
folder.cleanup()
client = connect()

# %% [markdown] lang="en"
# ## What to remember
#
# - A key is shown once. Save it at once, never in a notebook. Delete it when somebody may have seen it.
# - Only **unused** credit lets calls through. Auto-reload is on by default.
# - Three ways: environment, `.env`, another name with `os.environ.get`. The argument wins, then the environment, then `.env`.
# - Look at the status: 401 is the key, 429 `insufficient_quota` is the money, `Connection error.` may be a line break.
# - `connect()` always says which mode you are in. No key is fine: that is practice mode.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: best practices for API key safety](https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety)
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes#api-errors)
