# %% [markdown] lang="en" minutes=35 more=10
# # Key set-up
#
# You write a program that calls a model, and you send it to a friend. Your key stands in the code. The next morning strangers have spent your money. In this lesson your key gets a safe place, and your programs take it from there.
#
# You can skip this lesson and stay in practice mode. Come back when you want to call OpenAI or another provider.
#
# ## What you will be able to do
#
# - create an API key, keep it safe, replace it
# - find your credit, say which of its three states it is in, and add to it
# - hand a key to your programs in three ways, and know which one wins
# - recognise a missing, a wrong, a mistyped, an unpaid and a limited key by its error
# - say which Python a notebook uses (optional part)
#
# No cell here needs a key, and none changes your settings by itself. The keys in the cells are placeholders such as `key-from-environment`. The errors of a provider are **simulated** by practice mode, and the text says which.

# %% [markdown] lang="en"
# ## The account
#
# An **API key** is a long text that proves to the provider that a call is yours. Whoever has it can spend your money. To get one at OpenAI you need an account on [platform.openai.com](https://platform.openai.com).
#
# **You have a ChatGPT login?** The same login works there. But the two are paid separately: a ChatGPT subscription, Plus for example, contains **no** credit for the API.
#
# **Registering can be hard.** You may be asked for a phone number before your first key. And OpenAI offers its API in [many countries](https://help.openai.com/en/articles/5347006-openai-api-supported-countries-and-territories), but not in all.
#
# | what stops you | what you can do |
# |---|---|
# | the code does not reach your phone | ask for it again later, or use another number **of your own** |
# | your number was used too often | log in with the account that you made with it before |
# | your country is not on the list | a provider in your country (lesson 08), your school's access, or practice mode |
#
# What **not** to do: buy an account or a key from a stranger, share one login, or pretend to be in another country. All three are against the terms. Such accounts get closed, with the credit on them.

# %% [markdown] lang="en"
# ## Create a key
#
# Provider and account pages change their looks. The sketches in this lesson show what to look for, not every detail.
#
# ![Sketch in two parts. Above: the page API keys, with a button Create new secret key, and a list of keys with the columns name, key, project and last used. The keys are hidden, and each row has a button Delete. Below: a window titled Save your key, which says that you will not be able to see the key again, with a button Copy and a button Done.](sketches/key-page.svg)
#
# The way through the menus: **platform.openai.com → log in → ⚙ Settings → API keys** in the side bar. Or open [the page itself](https://platform.openai.com/settings/organization/api-keys).
#
# 1. Choose **Create new secret key**.
# 2. Give it a **name**: the place where you will use it, such as *laptop*.
# 3. Choose a **project**. A project is a folder for keys with limits of its own. Make one for this course.
# 4. Choose **Create secret key**. Now the key is shown, this **one time**.
# 5. Choose **Copy**, and save the key at once (the rest of this lesson says where). Then **Done**.
#
# If you lose it, nobody can show it to you again. Make a new one, and **delete** the old one: **Delete**, at the end of its row.

# %% [markdown] lang="en"
# ## Rules that save trouble
#
# | rule | why |
# |---|---|
# | one key for each place, not one for everything | you can delete one without breaking the others |
# | never write a key in a notebook or in code | you will share that file one day, key and all |
# | never send a key by chat or e-mail | it stays there, and you do not know who reads it |
# | **delete** a key that somebody may have seen | a deleted key stops working; deleting costs nothing |
# | **rotate** now and then | create a new key, put it in your settings, check that a call works, delete the old one, in this order |

# %% [markdown] lang="en"
# ## Credit: where it is shown, and its three states
#
# ![Sketch of the Billing page: a credit balance of 4.37 dollars with a button Add to credit balance, and a switch Auto-reload that is on, with the note that it is on by default. Below, the three states of credit with the colours they have had: unused, grey, calls go through; used up, green, calls do not go through; expired, red, calls do not go through. At the bottom, a spend limit of 5 dollars a month for the project, soft unless a hard limit is enforced.](sketches/billing-page.svg)
#
# The API is **prepaid**: you buy credit first, then calls use it up. A key without credit exists, but its calls fail.
#
# You see your credit at **⚙ Settings → Billing**. The [overview](https://platform.openai.com/settings/organization/billing) shows the balance, and a list of *credit grants* shows each purchase with what is left of it and the day on which it ends. Each is in one of three states, and the page has drawn them in three colours:
#
# | state | colour | does a call go through? | what to do |
# |---|---|---|---|
# | **unused**: there is money left | grey | yes | nothing |
# | **used up**: the balance is zero | green | no | add credit |
# | **expired**: a year has passed since you bought it | red | no, even if money was left | add credit |
#
# Mind the green: it meant *used*, not *good*. Only **unused** credit lets a call through. Read the word, not the colour.
#
# You can try the three states without an account: the usage page of practice mode has buttons for them. Lesson 02 opens it.

# %% [markdown] lang="en"
# ## Add credit, then look again
#
# 1. **⚙ Settings → Billing → Add payment details.** It takes credit and debit cards: Visa, Mastercard, American Express. Where it takes anything else in your country, the page shows it.
# 2. **Add to credit balance.** The smallest amount is $5, which is far more than this course needs. Credit that you have bought is not paid back.
# 3. **Auto-reload** is on by default: it buys new credit when the balance gets low. Switch it **off**, unless you want that.
# 4. Confirm.
# 5. **Look again.** Load the page anew: the balance has grown. The first time, calls may go on failing for some minutes. The key stays the same, you need no new one.
#
# **A card is refused?** A card from abroad works when its country is supported and the billing address is the one that your bank knows. Virtual and prepaid cards are often refused, without a reason. Try another card, ask your bank whether it blocks payments abroad, or stay with the ways of the table above. A school can share one account, with a key for each learner.

# %% [markdown] lang="en"
# ## Usage and limits
#
# - **Usage** in the side bar shows tokens and cost, **day by day**, for each project, key and model. It lags behind your calls, so look at it for yesterday, not for the last minute.
# - **Spend limits** stand at **⚙ Settings → Limits**, by month, for the organization and for each project. A limit is **soft**: you get an e-mail, and calls go on. Only with *Enforce a hard limit* switched on do calls fail when it is reached.
#
# A hard limit of $5 on the project of this course is a good belt for your money.

# %% [markdown] lang="en"
# ## The smallest call with a key
#
# The SDK takes a key as an argument:
#
# ```python
# client = OpenAI(api_key=...)
# ```
#
# Never type the key there. The question is how the key gets from a safe place to the client.
#
# All calls of this lesson go to practice mode, also when you have a key. The first line inside `with` sees to that:

# %% tags=["setup"]
import os

import openai
from dotenv import load_dotenv
from openai import OpenAI

from helpers import (
    as_if,
    connect,
    current_model,
    exercise,
    expect_error,
    explain,
    hint,
    settings,
    show_reply,
)

with as_if(FIRST_CALL_MODE="practice"):
    client = connect()
model = current_model()
once = client.with_options(max_retries=0)  # tries a call only one time
hello = [{"role": "user", "content": "What is the capital of Japan?"}]

# %% [markdown] lang="en"
# `as_if` is a helper. Inside its block, the environment is as you say. After the block, everything is as before. So you can try things out, and your computer stays as it is.
#
# ## The three ways
#
# ![Drawing of three ways for a key. Way 1: a variable OPENAI_API_KEY of your system. Way 2: a line OPENAI_API_KEY= in the file .env, which load_dotenv copies. Both arrive in the environment of your program, where OpenAI() finds the key by itself. Way 3: a variable of another name, which you pass on as api_key=os.environ.get(...). Who wins when several are set: the argument, then the system, then .env.](drawings/way-of-a-key.en.svg)

# %% [markdown] lang="en"
# ## Way 1: a variable of your system
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
# Now try it, without changing your computer:

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment"):
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# `OpenAI()` got no argument and found the key by its name.
#
# Why must you open a new window? A program gets a **copy** of the environment when it starts. This starts a second Python, which looks at its copy:

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment") as world:
    print("a new program sees:", world.in_new_program("OPENAI_API_KEY"))

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
# No spaces around `=`, no quotes, nothing after the key. `load_dotenv()`, from the package `python-dotenv`, copies its lines into the environment of your program.
#
# This block runs in a new, empty folder with such a file. Your own `.env` stays as it is:

# %% tags=["nbval-check-output"]
env_file = "OPENAI_API_KEY=key-from-env-file"

with as_if(OPENAI_API_KEY=None, dotenv=env_file):
    load_dotenv()
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# (`OPENAI_API_KEY=None` means: as if the system had none.)
#
# This way is the best one for this course. It is the same on every system, and you need to restart only the notebook. `connect()` finds the `.env` in the notebook's folder or in one above it. `.env.example`, beside the README, explains every setting.
#
# `.env` must never be shared. Git, the tool that most projects are shared with, leaves out what the file `.gitignore` lists. See whether ours lists it:

# %% tags=["nbval-check-output"]
from pathlib import Path

ignored = False
for place in [Path.cwd(), *Path.cwd().parents]:
    file = place / ".gitignore"
    if file.exists() and ".env" in file.read_text("utf-8").split():
        ignored = True
print(".env is ignored by git:", ignored)

# %% [markdown] lang="en"
# ## Way 3: a variable with another name
#
# Sometimes `OPENAI_API_KEY` is taken, for example when you have two accounts. Choose a name of your own, set it as in way 1 or way 2, and pass it on as an argument:

# %% tags=["nbval-check-output"]
with as_if(CUSTOM_ENV_NAME="key-from-another-name"):
    custom = OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME"))
    print(custom.api_key)

# %% [markdown] lang="en"
# Mind the spelling of the name. When there is no such variable, `os.environ.get` gives `None`, and the client looks for `OPENAI_API_KEY` after all. You call with the other account, and no error tells you:

# %% tags=["nbval-check-output"]
with as_if(CUSTOM_ENV_NAME=None, OPENAI_API_KEY="key-of-other-account"):
    custom = OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME"))
    print(custom.api_key)

# %% [markdown] lang="en"
# ## Change one thing: which way wins
#
# Set two at once, and see. First way 3, the argument, against way 1:

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment"):
    print(OpenAI(api_key="key-from-argument").api_key)

# %% [markdown] lang="en"
# The argument wins. Now way 1, the system, against way 2, `.env`. `load_dotenv` does not replace what is there already:

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment", dotenv=env_file):
    load_dotenv()
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# The system wins. This is a common trap: you put a new key in `.env`, but an old one in the system still wins.
#
# The helpers keep the same order, and `settings()` tells you where your key comes from. It never shows the key itself:

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY=None, dotenv=env_file):
    print("only .env:         ", settings().key_from)

with as_if(OPENAI_API_KEY="key-from-environment", dotenv=env_file):
    print(".env and system:   ", settings().key_from)
    chosen = settings(api_key="key-from-argument")
    print("and an argument:   ", chosen.key_from)

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
# In the next lesson, the line of `connect()` tells you that your key is in use.

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **No key.** Without the helpers, the SDK stops before it sends anything. `expect_error` is a helper that catches the error, so that you can look at it:

# %%
with as_if(OPENAI_API_KEY=None):
    with expect_error(openai.OpenAIError) as caught:
        OpenAI()
show_reply(str(caught.error))

# %% [markdown] lang="en"
# Fix: set a key in one of the three ways. `connect()` goes on in practice mode instead, and says so.

# %% [markdown] lang="en"
# **A wrong key**, one that was deleted or copied in part. You learn it at the first call: status 401. Practice mode **simulates** it when you take `simulate-wrong-key` as the name of the model:

# %%
with expect_error(openai.AuthenticationError) as caught:
    client.chat.completions.create(
        model="simulate-wrong-key",
        messages=hello,
    )
print(caught.error.status_code, caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# `explain` is a helper. It says in one sentence what happened, and in one what to do. A wrong key is never replaced by practice mode in silence: you should know.

# %% [markdown] lang="en"
# **No credit.** The key is right, but the account is empty or its credit has expired: status 429 (**simulated**). The SDK would try twice more by itself. `once`, made at the start, is a client that tries only one time:

# %%
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(
        model="simulate-no-credit",
        messages=hello,
    )
print(caught.error.status_code, caught.error.type)
print(explain(caught.error))

# %% [markdown] lang="en"
# **A limit.** 429 has other meanings too. Here are three of them side by side, all **simulated**: no credit, a hard spend limit that is reached, and too many calls in a minute.

# %% tags=["nbval-check-output"]
for name in [
    "simulate-no-credit",
    "simulate-spend-limit",
    "simulate-rate-limit",
]:
    with expect_error(openai.RateLimitError) as caught:
        once.chat.completions.create(model=name, messages=hello)
    print(caught.error.type, "·", caught.error.code)

# %% [markdown] lang="en"
# Look at the **type** first. With `insufficient_quota`, waiting does not help: the code says whether credit is missing or a limit must be raised. With `requests` or `tokens`, waiting is all it takes.

# %% [markdown] lang="en"
# **A line break after the key.** It comes along easily when you copy. This one is not simulated. The SDK's error hides the reason:

# %%
mistyped = OpenAI(
    api_key="key-with-line-break\n",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    mistyped.chat.completions.create(model=model, messages=hello)
print("the SDK says:", caught.error)
print(explain(caught.error))

# %% [markdown] lang="en"
# It looks like a network problem, and it is not one. If you see `Connection error.` right after setting a key, look at the key first.

# %% [markdown] lang="en"
# **Curly quotes around the key.** Text editors and chat programs turn `"` into `“` and `”`:

# %%
curly = OpenAI(
    api_key="“key-in-curly-quotes”",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(UnicodeEncodeError) as caught:
    curly.chat.completions.create(model=model, messages=hello)
print("Python says:", type(caught.error).__name__)
print(explain(caught.error))

# %% [markdown] lang="en"
# `connect()` and `settings()` look at the key before anything is sent, so they find both mistakes at once:

# %%
from helpers import SettingsError

for typed in ["key-with-line-break\n", "“key-in-curly-quotes”"]:
    with expect_error(SettingsError) as caught:
        settings(api_key=typed)
    print("-", caught.error)

# %% [markdown] lang="en"
# All of it in one table:
#
# | you see | the key is | fix |
# |---|---|---|
# | `OpenAIError: Missing credentials` | missing | set it in one of the three ways, restart the notebook |
# | 401 `invalid_api_key` | wrong or deleted | create a new key |
# | 429, type `insufficient_quota`, a code with *credit* | right, without credit | add credit on the Billing page |
# | 429, type `insufficient_quota`, a code with *limit* | right, at a limit of yours | raise the limit, or wait for the next month |
# | 429, code `rate_limit_exceeded` | right, too fast | wait a little |
# | `Connection error.` at once | perhaps followed by a line break | copy it again |
# | `UnicodeEncodeError` | in curly quotes, or with other letters | delete the quotes, copy it again |
# | 403 `unsupported_country_region_territory` | right, but used from a country without service | another provider, or practice mode |

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
with exercise(1) as check:
    with as_if(OPENAI_API_KEY=None, OPENAI_MODEL=None, dotenv=env_text):
        load_dotenv()
        key = os.environ.get("OPENAI_API_KEY")
        model_name = os.environ.get("OPENAI_MODEL")
    check(
        "a program finds the key",
        key == "key-for-exercise",
        "Way 2 shows such a line.",
        "Is the name spelt like that, in capitals?",
    )
    check(
        "a program finds the model",
        model_name == "my-model",
        "The second line is built like the first.",
    )
    check(
        "there are no quotes",
        env_text.strip() and not set(env_text) & set("\"'“”"),
        "Quotes cause trouble sooner or later.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: which key wins
#
# Three situations. For each, write which key the client uses: `"argument"`, `"environment"` or `"env file"`.
#
# - **a**: there is a key in the environment of the system, and another in `.env`
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
    """Make a client where .env has a key too, and tell which it took."""
    env_file = "OPENAI_API_KEY=env file"
    with as_if(OPENAI_API_KEY=environment, dotenv=env_file):
        load_dotenv()
        return OpenAI(api_key=argument).api_key


with exercise(2) as check:
    truth = {
        "a": key_used(None, "environment"),
        "b": key_used(None, None),
        "c": key_used("argument", "environment"),
    }
    for name, right in truth.items():
        check(
            f"situation {name}",
            winner.get(name) == right,
            "Look again at “Change one thing: which way wins”.",
        )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a function that gives advice
#
# Write a function that gets an error and returns what to do:
#
# - `"new key"` when the key is wrong (`openai.AuthenticationError`)
# - `"add credit"` when there is no credit (an `openai.RateLimitError` with the type `insufficient_quota`)
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
with exercise(3) as check:
    for name, right in expected.items():
        with expect_error(openai.APIStatusError) as caught:
            once.chat.completions.create(model=name, messages=hello)
        check(
            f"the advice for {name}",
            what_to_do(caught.error) == right,
            "Print the error's class and its type inside your function.",
            "Two of the errors have the same class. What differs?",
        )

# %% [markdown] lang="en"
# ## More, if you like: the environment of Python
#
# Two different things are called *environment*. Above it was the list of variables. The other one is the folder of **Python packages** that a project uses. It keeps this course apart from your other projects.
#
# | | venv | conda |
# |---|---|---|
# | comes with | Python itself | Anaconda or Miniforge |
# | set up by | `python3 kit.py lab` does everything | the commands below |
# | take it when | you have no reason for the other | you use conda already |
#
# Both give the same notebooks.

# %% [markdown] lang="en"
# ## conda, step by step
#
# Open a terminal. On Windows, open **Anaconda Prompt** or **Miniforge Prompt** from the Start menu. Go to the folder of this course with `cd`. Then:
#
# | step | type |
# |---|---|
# | 1. **create** the environment, once | `conda env create -f environment.yml` |
# | 2. **activate** it, in each new terminal | `conda activate first-call` |
# | 3. see that it is active | the line now starts with `(first-call)` |
# | 4. ask which Python this is | `python -c "import sys; print(sys.prefix)"` |
# | 5. open the notebooks | `python kit.py lab` |
# | back again | `conda deactivate` |
#
# Step 4 prints a folder that ends in `first-call`. If it ends in `base` or `anaconda3`, the environment is not active: repeat step 2.
#
# For a project of your own, `conda create -n my-project python=3.13` makes an empty environment, and `pip install openai python-dotenv` inside it is all that a first call needs.

# %% [markdown] lang="en"
# ## Which Python does this notebook use
#
# A terminal and a notebook may use different ones. Ask the notebook itself:

# %% tags=["nbval-ignore-output"] reason="every computer has its own"
import sys

print("version:       ", sys.version.split()[0])
print("its folder:    ", Path(sys.prefix).name)
own = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
print("for a project: ", own)

# %% [markdown] lang="en"
# You need Python 3.11 or newer. The folder is called `.venv` after `kit.py lab`, or `first-call` with conda. (`sys.executable` is the whole path of this Python.)
#
# If you see `ModuleNotFoundError` in the first cell of a notebook, it runs in another environment. Choose the right one in the menu **Kernel → Change Kernel**.

# %% tags=["nbval-check-output"]
print("Python 3.11 or newer:", sys.version_info >= (3, 11))

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>You put a new key into <code>.env</code> and restart the notebook. The calls still use the old key. Why?</summary>
#
# An old key stands in a variable of the system, and the system wins against <code>.env</code>. <code>print(settings().key_from)</code> says so. Delete the variable, then start JupyterLab from a new terminal.
#
# </details>
#
# <details><summary>The page shows your credit in green. Do your calls go through?</summary>
#
# Read the word. Green has meant <em>used up</em>. Only unused credit lets a call through.
#
# </details>
#
# <details><summary>A friend sent you a notebook, and there is a key in it. What do you tell her?</summary>
#
# Delete that key now, on the page API keys, and create a new one. Put it into <code>.env</code>. Taking it out of the notebook is not enough: copies of the file still have it.
#
# </details>

# %% [markdown] lang="en"
# ## What to remember
#
# - A key is shown once. Save it at once, never in a notebook. Delete it when somebody may have seen it.
# - Only **unused** credit lets calls through. Auto-reload is on by default, a spend limit is soft unless you enforce it.
# - Three ways: a variable of the system, `.env`, another name with `os.environ.get`. The argument wins, then the system, then `.env`.
# - 401 is the key. 429 `insufficient_quota` is the money or a limit. `Connection error.` may be a line break.
# - `connect()` always says which mode you are in. No key is fine: that is practice mode.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: best practices for API key safety](https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety)
# - [OpenAI: prepaid billing](https://help.openai.com/en/articles/8264644-what-is-prepaid-billing)
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes#api-errors)
