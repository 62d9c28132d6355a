# %% [markdown] lang="en" minutes=20
# # Start here
#
# <img src="pictures/receipts/receipt-03.png" width="90" align="right" alt="A paper receipt, photographed a little aslant. SUNRISE DINER, 2026-11-05, in USD: pancakes 13.00, coffee 2.75, omelette 9.25, total 25.00.">
#
# You are back from a trip with a pocket full of receipts, and the office wants a table. A language model can read them for you, if you ask it from Python. Click on the grey cell below and press **Shift + Enter**. You need no account, no key and no money. The first call takes some seconds, because the model has to wake up.

# %%
import json

import pandas

from helpers import connect, current_model, image_part

client = connect()
text = {"type": "text", "text": "Reply in JSON: shop, date, currency, total."}
receipt = image_part("pictures/receipts/receipt-03.png")
reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(reply.choices[0].message.content)
display(pandas.DataFrame([row]))

# %% [markdown] lang="en"
# A picture became a row of a table. In lesson 07 you build this for a whole folder, with checks that find what was read wrong.
#
# ## Your first reply
#
# Now the same call with words alone. `client.chat.completions.create` sends a list with one message to the model and waits. The text of the answer is in `reply.choices[0].message.content`.

# %%
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "What is a computer program? Answer in one sentence.",
        }
    ],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# A language model wrote that sentence, and you called it from Python. Do not worry about the details yet: lesson 02 goes through them one by one.
#
# ## What you will be able to do
#
# - run a notebook, and get out of trouble when a cell hangs
# - tell practice mode from a call with your own key
# - send a question to a language model and read its reply
# - turn a receipt of your choice into a row
# - say what the practice model is good for, and what it gets wrong
#
# The replies in this lesson come from the practice model, unless you use your own key. Nothing is simulated.

# %% [markdown] lang="en"
# ## How a notebook works
#
# A notebook is a page made of **cells**. Some hold text, like this one. Some hold Python code, like the next one.
#
# You have run two cells by now. Run the next ones in the same way, one after the other: click, **Shift + Enter**. What a cell prints appears underneath.

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
# A language model runs on some computer, and a **client** sends your questions to it. `connect()` makes the client, as in the first cell. It prints one line that says where your calls go.

# %% tags=["setup"]
import json

from helpers import (
    connect,
    current_model,
    exercise,
    hint,
    image_part,
    show_reply,
)

client = connect()

# %% [markdown] lang="en"
# That line is one of two kinds:
#
# - `practice mode · …`: a small model runs on **this computer**. It needs no key and costs nothing. After it has been fetched once, it needs no network either.
# - `your key · …`: your calls go to a **provider** such as OpenAI, with your key, and they cost money.
#
# You get practice mode until you set a key. Lesson 01 shows how to do that. The notebooks are the same either way. `current_model()` is the name of the model that answers.

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
# | `ModuleNotFoundError: No module named 'helpers'` in any cell | this notebook runs in another environment: menu **Kernel → Change Kernel**, choose *Python 3 (First Call)*. Else close JupyterLab and start it with `python3 kit.py lab` |
# | the notebook does not open at all | run `python3 kit.py doctor` in a terminal: it prints the same table |

# %% [markdown] lang="en" tags=["map"]
# ## The map of the course
#
# | lesson | what you learn |
# |---|---|
# | [01 Key set-up](01_key_setup.ipynb) | get a key, keep it safe, tell the notebooks about it. **You can skip it for now** and stay in practice mode |
# | [02 First chat](02_first_chat.ipynb) | the call and the reply, piece by piece |
# | [03 Messages](03_messages.ipynb) | conversations, and why the model forgets |
# | [04 Finish reason](04_finish_reason.ipynb) | why a reply ends, and what to do then |
# | [05 Vision](05_vision.ipynb) | send pictures |
# | [06 JSON mode](06_json_mode.ipynb) | replies that a program can read |
# | [07 Receipts](07_receipts.ipynb) | a project: from a folder of pictures to a table |
# | [08 When things go wrong](08_when_things_go_wrong.ipynb) | errors, retries, other providers |
#
# Each lesson is complete alone. Where one is long, its second part is optional.

# %% [markdown] lang="en"
# ## Look inside the reply
#
# The reply holds more than text. These three facts are part of every reply, from every provider:

# %% tags=["nbval-check-output"]
print("role:         ", reply.choices[0].message.role)
print("finish_reason:", reply.choices[0].finish_reason)
usage = reply.usage
added = usage.prompt_tokens + usage.completion_tokens
print("tokens add up:", added == usage.total_tokens)

# %% [markdown] lang="en"
# - **role**: who speaks. The model is the `assistant`, you are the `user`.
# - **finish_reason**: why the model stopped. `stop` means that it was done.
# - **tokens**: the pieces of words that a model reads and writes. You pay per token, once you use your own key.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: ask your own question
#
# 1. Put a question of your own between quotes.
# 2. Copy the call from *Your first reply*, and put `question` where the text of the message stands.
# 3. Run the cell, then run the check below it.
#
# Keep it short and simple. The capital of a country is a good try.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
question = "What is the capital of Japan?"
my_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=60,
    temperature=0,
)
show_reply(my_reply)
# --- stub
# question = ...  # your question, between quotes
# my_reply = ...  # the call, with content: question
# --- end

# %% tags=["check"]
with exercise(1) as check:
    check(
        "your question is a text between quotes",
        isinstance(question, str) and question.strip() != "",
        "A text in Python stands between two quotes.",
    )
    check(
        "the model replied",
        my_reply.choices[0].message.role == "assistant",
        "The call gives something back. Where does it go?",
        "my_reply = stands in front of the call, as reply = does above.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: build a row of your own
#
# Here is another receipt, the file `pictures/receipts/receipt-11.png`:
#
# <img src="pictures/receipts/receipt-11.png" width="150" alt="A paper receipt, photographed a little aslant. GARDEN CENTRE, 2026-11-14, in GBP: tulip bulbs 6.99, flower pot 11.50, soil 4.49, seeds 2.25, total 25.23.">
#
# Turn it into a row. Copy the call from the first cell of this lesson, change one thing in it, and put what `json.loads` gives back into `row`. Does it say what you see?

# %% tags=["exercise"]
# Your turn: make the call, then read its JSON.
# --- solution
text = {"type": "text", "text": "Reply in JSON: shop, date, currency, total."}
receipt = image_part("pictures/receipts/receipt-11.png")
receipt_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(receipt_reply.choices[0].message.content)
print(row)
# --- stub
# receipt_reply = ...  # the call, with the other picture
# row = ...  # the JSON in its text, read
# --- end

# %% tags=["check"]
with exercise(2) as check:
    check(
        "the row has the four fields",
        {"shop", "date", "currency", "total"} <= set(row),
        "The prompt in the first cell names the fields.",
        "json.loads takes the text of the reply, not the reply itself.",
    )
    check(
        "it is the row of the new receipt",
        "11-14" in row["date"] and "25.23" in str(row["total"]),
        "Compare the date and the total with the picture.",
        "Which picture does your call send?",
    )

# %% [markdown] lang="en"
# **Stuck?** `hint(2)` in a cell of its own gives you a hint for exercise 2, and each time you run it one more. Run the check first, so that the hint fits.
#
# Every exercise has a solution in the folder `solutions`, in the notebook of the same name. Try first.
#
# The folder `recall` has each lesson without its text: the headings, the code and the open exercises. Come back a day later, open one, and say what each cell does before you run it.

# %% [markdown] lang="en"
# ## Your progress
#
# This cell shows which exercises you have done. Run it in any notebook, whenever you like:

# %% tags=["nbval-ignore-output"] reason="it grows with every exercise that you solve"
from helpers import progress

progress()

# %% [markdown] lang="en"
# An exercise counts as soon as every line of its check has a ✓. The record is one small file on this computer. Nothing is sent anywhere. To delete it, run `progress(reset=True)`.

# %% [markdown] lang="en"
# ## What the practice model is, and what it is not
#
# The practice model is {{practice.name}}, a real language model with **{{practice.parameters}}** numbers inside, called parameters. The large models of the providers have thousands of times as many. Ours is small enough to run on your computer without a graphics card, and it speaks {{practice.languages}}. (It does not see pictures itself: the practice service reads their text for it. Lesson 05 shows how.)
#
# It knows a good deal. But look at this:

# %%
for country in ["Japan", "Switzerland"]:
    question = f"What is the capital of {country}?"
    reply = client.chat.completions.create(
        model=current_model(),
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=40,
        temperature=0,
    )
    show_reply(reply)

# %% [markdown] lang="en"
# The capital of Switzerland is Bern. In practice mode the second answer is **wrong**, and it sounds as sure as the first.
#
# Nor does a model count or calculate as Python does. It writes what looks like an answer:

# %%
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "How many times does the letter r appear in 'strawberry'?",
        }
    ],
    max_completion_tokens=40,
    temperature=0,
)
show_reply(reply)
print("Python says:", "strawberry".count("r"))

# %% [markdown] lang="en"
# In practice mode this number is **wrong** too. Large models do better, but they also make mistakes and sound sure. Check what matters.
#
# What is the practice model good for, then? **The mechanics are the real ones.** The client, the messages, the fields of a reply, streaming, tokens, limits and errors are what you meet at OpenAI and at every compatible provider. What you learn here carries over. Only the answers get better.
#
# Some errors, such as “no credit left”, cannot happen on your own computer. Practice mode can **simulate** them. A lesson says so whenever an answer is simulated.

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>A cell shows <code>[*]</code> for minutes. What does it mean, and what do you do?</summary>
#
# It is still running. Press the square button ■ above the notebook, then run it again. If that does not help: Kernel → Restart Kernel and Run All Cells.
#
# </details>
#
# <details><summary>How do you know whether a call costs money?</summary>
#
# Read the line that <code>connect()</code> prints. <code>practice mode</code> costs nothing. <code>your key</code> means that a provider is called, and calls cost money.
#
# </details>
#
# <details><summary>The model answers at once, in a clear sentence. Is the answer right?</summary>
#
# You cannot tell from the sentence. A model sounds equally sure when it is wrong. Check what matters, or let Python count and calculate.
#
# </details>

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
