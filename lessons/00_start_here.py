# %% [markdown] lang="en" minutes=20
# # Start here
#
# Welcome to **First Call**. You learn to call a language model from Python, one small step at a time. You need no account, no key and no money.
#
# ## What you will be able to do
#
# - run a notebook, and get out of trouble when a cell hangs
# - tell practice mode from a call with your own key
# - send one question to a language model and read its reply
# - say what the practice model is good for, and what it gets wrong

# %% [markdown] lang="en"
# ## How a notebook works
#
# A notebook is a page made of **cells**. Some hold text, like this one. Some hold Python code, like the next one.
#
# Click on the code cell below and press **Shift + Enter**. The code runs, and what it prints appears underneath.

# %% tags=["nbval-check-output"]
name = "Ada"
print("Hello from a cell!")

# %% [markdown] lang="en"
# The cells share one memory. The next cell uses `name`, so it works only after you have run the cell above.
#
# Now change `"Ada"` above to your own name. Run that cell, then the next one. You cannot break anything.

# %% tags=["nbval-check-output"]
print("Nice to meet you,", name)

# %% [markdown] lang="en"
# Look at the brackets to the left of a code cell:
#
# | you see | it means |
# |---|---|
# | `[ ]` | this cell has not run yet |
# | `[*]` | it is running now |
# | `[3]` | it was the third one to run |
#
# Some ways out when something is odd:
#
# | what happens | what to do |
# |---|---|
# | a cell runs and runs | press the square button **■** above the notebook |
# | `NameError: name '…' is not defined` | run the cells above, from the top |
# | everything is confused | menu **Kernel → Restart Kernel and Run All Cells** |
# | your changes made a mess | menu **Edit → Undo**, or copy the lesson afresh from the download |
#
# The outputs that you see before you run anything are real. They were made by running this notebook in practice mode.

# %% [markdown] lang="en"
# ## Practice mode or your own key
#
# A language model runs on some computer, and a **client** sends your questions to it. `connect()` makes the client. It prints one line that says where your calls go.

# %% tags=["setup"]
from helpers import check, connect, current_model

client = connect()
model = current_model()

# %% [markdown] lang="en"
# That line is one of two kinds:
#
# - `practice mode · …`: a small model runs on **this computer**. It needs no key and costs nothing. After it has been fetched once, it needs no network either.
# - `your key · …`: your calls go to a **provider** such as OpenAI, with your key, and they cost money.
#
# You get practice mode until you set a key. Lesson 01 shows how to do that. The notebooks are the same either way.

# %% [markdown] lang="en"
# ## A health check
#
# This cell looks at everything that a call needs: Python, the packages, the file `.env`, the key, the way to the model, the clock and the disk. It changes nothing, and it never shows a key.

# %% tags=["nbval-ignore-output"] reason="every computer has a table of its own"
from doctor import health_check

to_fix = health_check()

# %% [markdown] lang="en"
# Each line has a state:
#
# | state | it means |
# |---|---|
# | `OK` | in order |
# | `look` | it works, but read what the last column says |
# | `FIX` | lessons may fail until you do what the last column says |
#
# `health_check()` also gives back the names of the checks that say `FIX`. This should be an empty list:

# %% tags=["nbval-check-output"]
print("to fix:", to_fix)

# %% [markdown] lang="en"
# The check cannot help when it does not run:
#
# | what you see | what to do |
# |---|---|
# | `ModuleNotFoundError: No module named 'helpers'` | this notebook runs in another environment: menu **Kernel → Change Kernel**, choose *Python 3 (First Call)*. Else close JupyterLab and start it with `python3 kit.py lab` |
# | the notebook does not open at all | run `python3 kit.py doctor` in a terminal: it prints the same table |

# %% [markdown] lang="en"
# ## Your first reply
#
# Here is a whole call. `client.chat.completions.create` sends a list with one message to the model and waits. The text of the answer is in `reply.choices[0].message.content`.
#
# Do not worry about the details. Lesson 02 goes through them one by one.

# %%
reply = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "What is a computer program? Answer in one sentence."}],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# A language model wrote that sentence just now. You called it from Python.

# %% [markdown] lang="en"
# ## Look inside the reply
#
# The reply holds more than text. These three facts are part of every reply, from every provider:

# %% tags=["nbval-check-output"]
print("role:         ", reply.choices[0].message.role)
print("finish_reason:", reply.choices[0].finish_reason)
print(
    "tokens add up:",
    reply.usage.prompt_tokens + reply.usage.completion_tokens == reply.usage.total_tokens,
)

# %% [markdown] lang="en"
# - **role**: who speaks. The model is the `assistant`, you are the `user`.
# - **finish_reason**: why the model stopped. `stop` means that it was done.
# - **tokens**: the pieces of words that a model reads and writes. You pay per token, once you use your own key.

# %% [markdown] lang="en"
# ## What the practice model is
#
# The practice model is {{practice.name}}, a real language model with **{{practice.parameters}}** numbers inside, called parameters. The large models of the providers have thousands of times as many. Ours is small enough to run on your computer without a graphics card, and it speaks {{practice.languages}}.
#
# It knows a good deal. But does it count?

# %%
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "user", "content": "How many times does the letter r appear in 'strawberry'?"}
    ],
    max_completion_tokens=30,
    temperature=0,
)
print(reply.choices[0].message.content)
print("Python says:", "strawberry".count("r"))

# %% [markdown] lang="en"
# In practice mode the model's number is **wrong**. It does not count. It writes what looks like an answer. Large models do better, but they too can be wrong and sound sure. Check what matters.
#
# Now the same question in two languages. The second one asks, in Chinese, what the capital of Australia is:

# %%
for question in ["What is the capital of Australia?", "澳大利亚的首都是哪里？"]:
    reply = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=40,
        temperature=0,
    )
    print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode the first answer is right, and the second one is **wrong**: it says Sydney (悉尼). What a model knows depends on the words of the question. It sounds equally sure both times.
#
# What is it good for, then? **The mechanics are the real ones.** The client, the messages, the fields of a reply, streaming, tokens, limits and errors are what you meet at OpenAI and at every compatible provider. What you learn here carries over; only the answers get better.
#
# Some errors, such as “no credit left”, cannot happen on your own computer. Practice mode can **simulate** them. A lesson says so whenever an answer is simulated.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: ask your own question
#
# 1. Put a question of your own between quotes.
# 2. Copy the call from *Your first reply*, and put `question` where the text of the message stands.
# 3. Run the cell, then run the check below it.
#
# Keep it short and simple. The capital of a country is a good try, in English or in Chinese.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
question = "What is the capital of Australia?"
my_reply = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=60,
    temperature=0,
)
print(my_reply.choices[0].message.content)
# --- stub
# question = ...  # your question, between quotes
# my_reply = ...  # the call, with content: question
# --- end

# %% tags=["check"]
check(
    "your question is a text between quotes",
    lambda: isinstance(question, str) and question.strip() != "",
    "Write your question between quotes, in place of the first dots.",
)
check(
    "the model replied",
    lambda: my_reply.choices[0].message.role == "assistant",
    "my_reply should be what client.chat.completions.create(...) gives back.",
)

# %% [markdown] lang="en"
# Every exercise has a solution in the folder `solutions`, in the notebook of the same name. Try first.
#
# The folder `recall` has each lesson without its text: the headings, the code and the open exercises. Come back a day later, open one, and say what each cell does before you run it.

# %% [markdown] lang="en" tags=["map"]
# ## The lessons
#
# | lesson | what you learn |
# |---|---|
# | [01 Key set-up](01_key_setup.ipynb) | get a key, keep it safe, tell the notebooks about it. **You can skip it for now** and stay in practice mode |
# | [02 First chat](02_first_chat.ipynb) | the call and the reply, piece by piece |
# | [03 Messages](03_messages.ipynb) | conversations, and why the model forgets |
# | [04 Finish reason](04_finish_reason.ipynb) | why a reply ends, and what to do then |
# | [05 Vision](05_vision.ipynb) | send pictures |
# | [06 JSON mode](06_json_mode.ipynb) | replies that a program can read |
# | [07 Receipts](07_receipts.ipynb) | a small project: from pictures to a table |
# | [08 When things go wrong](08_when_things_go_wrong.ipynb) | errors, retries, other providers |
#
# Each takes 20 to 30 minutes and is complete alone.

# %% [markdown] lang="en"
# ## Your progress
#
# This cell shows which exercises you have done. Run it in any notebook, whenever you like:

# %% tags=["nbval-ignore-output"] reason="it grows with every exercise that you solve"
from helpers import progress

progress()

# %% [markdown] lang="en"
# An exercise counts as soon as every line of its check says `✓`. The record is one small file on this computer. Nothing is sent anywhere. To delete it, run `progress(reset=True)`.

# %% [markdown] lang="en"
# ## What to remember
#
# - **Shift + Enter** runs a cell. The cells share one memory, so run them from the top.
# - `connect()` says where your calls go: practice mode or your own key.
# - The practice model is small and sometimes wrong. The mechanics are the real ones.
# - When all is confused: **Kernel → Restart Kernel and Run All Cells**.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: generate text](https://developers.openai.com/api/docs/guides/text), the official guide to calls like these
