# %% [markdown] lang="en" minutes=30 more=15
# # First chat
#
# You know the chat window of an AI. Now you want its answers inside a program of your own: one that runs at night, on a hundred texts, without a window. At the end of this lesson you have such a program, a file of a dozen lines, and you know what each line does.
#
# ## What you will be able to do
#
# - write a chat call by hand, with a system message and a user message
# - name every field of the reply, and take out the text
# - set the temperature, limit the length, choose a model
# - see what a call costs, in tokens and in money
# - print a reply while it is being written
# - take a program home, `my_first_call.py`, that runs without this course
#
# Every reply in this lesson comes from the practice model, unless you use your own key. One answer in the optional part is simulated, and the text says so.

# %% tags=["setup"]
from helpers import connect, current_model, exercise, hint, show_reply

client = connect()
model = current_model()

# %% [markdown] lang="en"
# ## The smallest call
#
# A call needs two things: the name of a **model** and a list of **messages**. Each message has a **role** and a **content**.
#
# - The `system` message says how the model should behave. It comes first.
# - The `user` message is what you ask.
#
# ![Drawing of one call. Your notebook sends a request: the model's name and a list of two messages, system and user. The service sends back a response: the message with the role assistant and the content Tokyo, the finish reason stop, and the tokens used, 24 sent and 3 received.](drawings/request-response.en.svg)

# %%
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of Japan?"},
    ],
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# That is correct. Next comes a poem about recursion, that is, about a function that calls itself. It is the classic first example of the OpenAI documentation. `max_completion_tokens` sets a limit to the length. More on that soon.

# %%
poem_messages = [
    {
        "role": "system",
        "content": "You are a poetic assistant, skilled in explaining "
        "complex programming concepts with creative flair.",
    },
    {
        "role": "user",
        "content": "Compose a poem of four lines about recursion, a function that calls itself.",
    },
]

poem = client.chat.completions.create(
    model=model,
    messages=poem_messages,
    max_completion_tokens=60,
    temperature=0,
)
show_reply(poem)

# %% [markdown] lang="en"
# Four lines of verse. (In practice mode it is a modest poem, and it explains little. With your own key, the same cell gives you a better one.)
#
# Short questions work best in practice mode. We go on with this one:

# %% tags=["setup"]
messages = [
    {"role": "system", "content": "You are a helpful assistant."},
    {
        "role": "user",
        "content": "What is recursion in programming? Answer in one sentence.",
    },
]

# %%
reply = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## Look inside the reply
#
# `reply` is an object of the SDK. (SDK means *software development kit*: here, the `openai` package.) This prints everything in it:

# %%
print(type(reply).__name__)
print(reply.model_dump_json(indent=2, exclude_none=True))

# %% [markdown] lang="en"
# Go through it field by field. First the outside:

# %% tags=["nbval-check-output"]
print("object: ", reply.object)
print("id:     ", "text" if reply.id else "empty")
print("created:", type(reply.created).__name__)
print("model:  ", "text" if reply.model else "empty")
print("choices:", len(reply.choices))

# %% [markdown] lang="en"
# | field | what it is |
# |---|---|
# | `id` | the name of this one reply. Give it to the provider's support when you ask about a call |
# | `object` | always `chat.completion` |
# | `created` | when, in seconds since 1970 |
# | `model` | the model that answered. It may be more exact than the name you asked for |
# | `choices` | a list of answers. There is one, unless you ask for more with `n` |
# | `usage` | how many tokens were used |
# | `service_tier`, `system_fingerprint` | how the provider ran the call. You can ignore them |

# %% [markdown] lang="en"
# Then the inside of the only choice:

# %% tags=["nbval-check-output"]
choice = reply.choices[0]
print("index:        ", choice.index)
print("finish_reason:", choice.finish_reason)
print("message.role: ", choice.message.role)
print("content is:   ", type(choice.message.content).__name__)

# %% [markdown] lang="en"
# - `index` is the place in the list. Lists start at 0.
# - `finish_reason` says why the model stopped. `stop`: it was done. `length`: it hit the limit. Lesson 04 is all about this.
# - `message.role` is always `assistant`.
# - `message.refusal`, left out above because it is empty, is a text when the model refuses to answer. `annotations` lists sources after a web search. Both are rare here.
# - `message.content` is the text. The whole way to it is worth learning by heart:

# %%
text = reply.choices[0].message.content
print(text)

# %% [markdown] lang="en"
# ## Change one thing: the limit
#
# `max_completion_tokens` is the most tokens the model may write. Set it to 10:

# %% tags=["nbval-check-output"]
short = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=10,
    temperature=0,
)
print("finish_reason:", short.choices[0].finish_reason)
print("tokens written:", short.usage.completion_tokens)

# %%
print(short.choices[0].message.content)

# %% [markdown] lang="en"
# The sentence is cut. The limit does not make the model brief, it only stops it. To get a short reply, ask for one in the prompt: “Answer in one sentence.”

# %% [markdown] lang="en"
# ## Change one thing: the temperature
#
# A model does not know the next word. It has a list of likely words, and **temperature** says how boldly it picks from that list. `0` takes the likeliest each time.
#
# One reply tells you little about that. So ask the same question ten times and draw how often each answer comes:


# %%
from collections import Counter

idea = [
    {"role": "user", "content": "Name an animal. Answer with one word."},
]


def draw(temperature, calls=10):
    """Ask the same question several times, and draw the answers."""
    answers = Counter()
    for _ in range(calls):
        reply = client.chat.completions.create(
            model=model,
            messages=idea,
            max_completion_tokens=5,
            temperature=temperature,
        )
        word = reply.choices[0].message.content or ""
        answers[word.strip(" .\n")] += 1
    print(f"temperature {temperature}:")
    for word, times in answers.most_common():
        print(f"{word:>14} {'█' * times} {times}")


draw(0)

# %% [markdown] lang="en"
# Ten times the same. In practice mode, temperature 0 always gives the same text for the same call. OpenAI's models give nearly the same.
#
# Now `0.5`. Run this cell a few times:

# %% tags=["nbval-ignore-output"] reason="sampled on purpose, so the answers differ each time"
draw(0.5)

# %% [markdown] lang="en"
# And `1`, the usual value when you do not set any:

# %% tags=["nbval-ignore-output"] reason="sampled on purpose, so the answers differ each time"
draw(1)

# %% [markdown] lang="en"
# The higher the temperature, the more different answers, and the rarer ones among them. The range is 0 to 2; near 2, many models write nonsense.
#
# Use 0 for facts and for data, about 1 for ideas and stories. Some models that think before they answer refuse `temperature`; the optional part says more.

# %% [markdown] lang="en"
# ## What a call costs
#
# You pay for **tokens**, both for those you send (the prompt) and for those you get (the completion). A token is a piece of a word. In English, 100 tokens are about 75 words.

# %%
print("prompt:    ", reply.usage.prompt_tokens)
print("completion:", reply.usage.completion_tokens)
print("total:     ", reply.usage.total_tokens)

# %% [markdown] lang="en"
# A provider's price list names a price for a **million** tokens. Prompt tokens are cheaper than completion tokens. The calculation is short:

# %%
price_in, price_out = 0.75, 4.50  # an example: prices change
sent = reply.usage.prompt_tokens * price_in / 1_000_000
written = reply.usage.completion_tokens * price_out / 1_000_000
print(f"${sent + written:.6f}")

# %% [markdown] lang="en"
# Far less than a cent. You need not keep price lists: `cost_line` looks the price up and says it in one line. In practice mode it says what the call **would** have cost.

# %%
from helpers import cost_line

print(cost_line(reply))

# %% [markdown] lang="en"
# **On the provider's site** the same numbers appear on the page **Usage**: tokens and cost, day by day, for each model and each key. That page lags. A call may take minutes, sometimes longer, to show up. So `usage` in the reply is the number to count on while you work, and the page is for looking back.

# %% [markdown] lang="en"
# Practice mode has such a page too. It shows the calls of this computer, at once. Nothing is billed, but it counts a **practice credit** of five dollars, as a prepaid account does. Its buttons let you see what happens when credit is used up, or too old. Your calls fail then, until you press the button that adds credit.

# %%
from helpers import usage_page

usage_page()

# %% [markdown] lang="en"
# ## Print while it arrives
#
# So far you waited for the whole reply. With `stream=True` it comes in small pieces, called **chunks**, as the model writes them. Each chunk has a `delta`: what is new.
#
# ![Drawing of the same reply twice along a line of time. Without a stream you wait, and the whole text comes at the end. With stream=True it comes in chunks: the first has the role, the next four have a piece of the text each, the last has no text but the finish reason stop. One more chunk with the usage comes if you ask for it. The pieces together give: Tokyo is the capital.](drawings/stream.en.svg)

# %%
stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()

# %% [markdown] lang="en"
# Three details matter in that `print`:
#
# - `or ""`: some chunks have no text, their content is `None`.
# - `end=""`: no new line after each piece.
# - `flush=True`: show it now, do not wait.
#
# The optional part shows the chunks one by one.

# %% [markdown] lang="en"
# ## The helpers
#
# You have now written it all by hand. From here on, helpers save typing where the call is not the point: `ask` sends one question, `show_stream` prints a stream. They use the same call. Open `helpers/` and read them, they are short.

# %%
from helpers import ask, explain, show_stream

reply = ask(client, "What is the capital of Italy?", temperature=0)
print(reply.choices[0].message.content)

stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
    stream=True,
)
text = show_stream(stream)

# %% [markdown] lang="en"
# ## Which model
#
# A provider has many models. Ask for the list. In practice mode the first one is the one you use now. The others are the same model under other rules, for later lessons:

# %%
for listed in list(client.models.list())[:3]:
    print(listed.id)

# %% [markdown] lang="en"
# A list of names does not tell you which one to take. This table says what matters. The facts are in a file of the kit; the first line says when they were checked:

# %%
from helpers import show_models

show_models("openai")

# %% [markdown] lang="en"
# | column | what it means for you |
# |---|---|
# | **$ in**, **$ out** | the price of a million tokens that you send, and that the model writes. Answers cost more than questions |
# | **context** | how many tokens the model takes at once, your messages and its reply together. `400k` is a thick book |
# | **thinks** | whether it thinks, unseen, before it answers. That is better at hard tasks, slower, and you pay for the thinking too. Where it thinks *by default*, you can switch it off: the optional part shows how |
# | **images** | whether it reads pictures (lesson 05) |
# | **last day** | when it retires, if that is known |
#
# **How to choose:** cross out what cannot do your task, and what retires soon. Of the rest take the cheapest, with thinking off where that is possible. Try it on ten examples of your own. Go up only when it fails.
#
# `show_models()` without a name shows all providers of the kit. Lesson 08 puts the practice model and a large one side by side on the same question, where you have a key.

# %% [markdown] lang="en"
# ## Models retire
#
# A name that worked last year gives an error today, and old tutorials are full of such names. `gpt-3.5-turbo` was retired in October 2026. Practice mode answers as OpenAI does. `expect_error` is a helper that catches the error, so that you can look at it:

# %%
import openai

from helpers import expect_error

with expect_error(openai.NotFoundError) as caught:
    client.chat.completions.create(
        model="gpt-3.5-turbo",
        messages=messages,
    )
print(caught.error.status_code, caught.error.code)
show_reply(caught.error.body["message"])

# %% [markdown] lang="en"
# That is why the model's name never stands in the cells of this course. It stands in your settings, once, and `current_model()` reads it. When your model retires, you change one line in `.env`.

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **A mistyped model name.** It looks like the retired one: status 404, `model_not_found`. The helper `explain` says what happened and what to do.

# %%
with expect_error(openai.NotFoundError) as caught:
    client.chat.completions.create(
        model="no-such-model",
        messages=messages,
    )
print(caught.error.status_code, caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# **A role that does not exist.** The roles have fixed names. Status 400 means: the request itself is wrong, and sending it again will not help. Read the message.

# %%
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(
        model=model,
        messages=[{"role": "teacher", "content": "Hi."}],
    )
print(caught.error.status_code, caught.error.type)
show_reply(caught.error.body["message"])

# %% [markdown] lang="en"
# **A forgotten argument.** The SDK notices before anything is sent:

# %%
with expect_error(TypeError) as caught:
    client.chat.completions.create(model=model)
show_reply(str(caught.error))

# %% [markdown] lang="en"
# ## Take it home: my_first_call.py
#
# Here is the program. It uses no helper of this course, so it runs anywhere. The first line of the cell, `%%writefile`, does not run the rest: it writes it into a file, beside this notebook.

# %% tags=["nbval-ignore-output"] reason="it says Writing the first time, and Overwriting after that"
# %%writefile my_first_call.py
import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()  # reads the file .env, if there is one

client = OpenAI(api_key=os.environ.get("OPENAI_API_KEY"))
reply = client.chat.completions.create(
    model=os.environ.get("OPENAI_MODEL"),
    messages=[
        {"role": "user", "content": "What is the capital of Japan?"},
    ],
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now run it, as `python my_first_call.py` does in a terminal. The program looks for its key and its model in the environment. `as_if` puts there what `connect()` has found, so that it runs in practice mode as well:

# %% tags=["nbval-ignore-output"] reason="the program sets no temperature, so the words may differ"
import runpy

from helpers import as_if

with as_if(
    OPENAI_API_KEY=client.api_key,
    OPENAI_BASE_URL=str(client.base_url),
    OPENAI_MODEL=model,
):
    runpy.run_path("my_first_call.py")

# %% [markdown] lang="en"
# **At home**, once you have a key (lesson 01):
#
# 1. Copy `my_first_call.py` into a folder of your own. In JupyterLab, right-click on it in the list of files, then **Download**.
# 2. Beside it, make a file `.env` with two lines: `OPENAI_API_KEY=` and your key, `OPENAI_MODEL=` and the name of a model from the table above.
# 3. In a terminal: `pip install openai python-dotenv`, then `python my_first_call.py`.
#
# For another provider, add a third line, `OPENAI_BASE_URL=`, with its address (lesson 08).

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: your own system message
#
# Ask “What is the sea?” and tell the model in a **system** message to answer like a pirate: to begin every answer with “Arrr!”. The system message comes first. Put the reply in `pirate`.

# %% tags=["exercise"]
# Your turn: fill the list, then make the call with it.
# --- solution
pirate_messages = [
    {
        "role": "system",
        "content": "You are a pirate. Begin every answer with Arrr!",
    },
    {"role": "user", "content": "What is the sea?"},
]
pirate = client.chat.completions.create(
    model=model,
    messages=pirate_messages,
    max_completion_tokens=40,
    temperature=0,
)
show_reply(pirate)
# --- stub
# pirate_messages = [
#     # the system message
#     # the user message
# ]
# pirate = ...  # client.chat.completions.create(...) with pirate_messages
# --- end

# %% tags=["check"]
with exercise(1) as check:
    check(
        "a system message, then a user message",
        [each["role"] for each in pirate_messages] == ["system", "user"],
        "The list holds two messages, in this order.",
        "Each message is a dictionary with a role and a content.",
    )
    check(
        "the model replied",
        pirate.choices[0].message.role == "assistant",
        "pirate is the whole reply, not only its text.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: find the limit
#
# Make a call with `messages` that stops after exactly **7** tokens. Then put the reason why it stopped into `reason`, and the number of tokens written into `written`. Take both from the reply.

# %% tags=["exercise"]
# Your turn: make the call, then read the two fields.
# --- solution
seven = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=7,
    temperature=0,
)
reason = seven.choices[0].finish_reason
written = seven.usage.completion_tokens
# --- stub
# seven = ...  # the call
# reason = ...  # why it stopped
# written = ...  # tokens written
# --- end

# %% tags=["check"]
with exercise(2) as check:
    check(
        "the reply stopped at 7 tokens",
        seven.usage.completion_tokens == 7,
        "Look again at “Change one thing: the limit”.",
    )
    check(
        "reason is the finish_reason",
        reason == seven.choices[0].finish_reason == "length",
        "It belongs to a choice, and the choices are a list.",
    )
    check(
        "written is the number of tokens",
        written == seven.usage.completion_tokens,
        "The counts are together in one field of the reply.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a typewriter
#
# Write a function `typewriter(question)`. It streams the reply to the question, prints each piece as it arrives, and returns a list of all the pieces. A limit of 30 tokens is enough.


# %% tags=["exercise"]
def typewriter(question):
    pieces = []
    # Your turn: make the call as a stream, then loop over it.
    # --- solution
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=30,
        temperature=0,
        stream=True,
    )
    for chunk in stream:
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        pieces.append(piece)
    print()
    # --- end
    return pieces


typed = typewriter("What is the sea?")

# %% tags=["check"]
with exercise(3) as check:
    check(
        "the reply came in pieces",
        len(typed) > 1,
        "A stream is a loop: each chunk brings one piece.",
    )
    check(
        "every piece is a text",
        len(typed) > 0 and all(isinstance(piece, str) for piece in typed),
        "Some chunks have no text: their content is None.",
    )
    check(
        "the pieces are words of a reply",
        len("".join(map(str, typed)).split()) > 2,
        "What you append is the text of the delta, not the chunk.",
    )

# %% [markdown] lang="en"
# ## More, if you like: the chunks of a stream
#
# Look at the chunks one by one, instead of at the text:

# %%
stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=5,
    temperature=0,
    stream=True,
)
for chunk in stream:
    choice = chunk.choices[0]
    delta = choice.delta
    print(delta.role, repr(delta.content), choice.finish_reason)

# %% [markdown] lang="en"
# The role comes first. Then pieces of text. The last chunk has no text, but it has the `finish_reason`, which is `None` until then.
#
# A stream has no `usage`, unless you ask for it with `stream_options`. Then one more chunk comes at the very end. It has no choices, only the numbers:

# %%
stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    else:
        print("\ntokens:", chunk.usage.total_tokens)

# %% [markdown] lang="en"
# ## More, if you like: models that think
#
# Some models **think** before they answer: they write down thoughts that you do not see, then the answer. The table above has them in the column *thinks*. What you should know before you choose one:
#
# - The thoughts are **tokens that you pay for**, and they count towards `max_completion_tokens`. With a low limit nothing may be left for the answer.
# - `reasoning_effort` says how much it thinks: `"none"`, `"minimal"`, `"low"`, `"medium"`, `"high"` and more. Not every model takes each of them.
# - While it thinks, `temperature` and `stop` are often refused. With `reasoning_effort="none"` they work.
#
# The practice model does not think. So this reply is **simulated**: the name of the model is `simulate-reasoning`.

# %%
with as_if(FIRST_CALL_MODE="practice"):
    practice = connect()

thinking = practice.chat.completions.create(
    model="simulate-reasoning",
    messages=messages,
    max_completion_tokens=60,
    reasoning_effort="high",
)
print("text:         ", repr(thinking.choices[0].message.content))
print("finish_reason:", thinking.choices[0].finish_reason)
print("tokens paid:  ", thinking.usage.completion_tokens)
details = thinking.usage.completion_tokens_details
print("for thoughts: ", details.reasoning_tokens)

# %% [markdown] lang="en"
# You paid for 60 tokens and got an empty text. All of them were thoughts. What helps: a higher limit, or less thinking. With a model that thinks, a call looks like this (`"none"` switches it off):
#
# ```python
# client.chat.completions.create(
#     model=model,
#     messages=messages,
#     max_completion_tokens=2000,
#     reasoning_effort="low",
# )
# ```
#
# Many models of other providers think unless they are told not to. `connect()` switches it off for the providers that it knows, so that the cells of this course run as they are.

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>You ask for a summary with <code>max_completion_tokens=50</code>, and it ends in the middle of a sentence. How do you get a short summary that is whole?</summary>
#
# Ask for it in the prompt: “in one sentence”. The limit only cuts. It is a safety belt against long replies, so set it higher than what you expect.
#
# </details>
#
# <details><summary>Your program sorts letters into three drawers. Which temperature do you choose, and why?</summary>
#
# 0. The same letter should land in the same drawer each time. A higher temperature is for ideas and stories.
#
# </details>
#
# <details><summary>A program that ran for a year suddenly ends in 404 <code>model_not_found</code>. Nobody changed it. What happened, and where do you mend it?</summary>
#
# Its model was retired. Choose another one and change its name in the settings, <code>OPENAI_MODEL</code> in <code>.env</code>. If the name stands in the code, you have to find every place.
#
# </details>

# %% [markdown] lang="en"
# ## What to remember
#
# - A call is a model and a list of messages: `client.chat.completions.create(model=…, messages=[…])`.
# - The text is at `reply.choices[0].message.content`. Look at `finish_reason` too.
# - Temperature 0 for facts, about 1 for ideas. `max_completion_tokens` cuts, it does not shorten.
# - `usage` counts tokens, and tokens are what you pay for.
# - `stream=True` gives chunks with a `delta`. Print them with `end=""` and `flush=True`.
# - Take the cheapest model that does your task, and keep its name in settings: names retire.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: the Chat Completions API](https://platform.openai.com/docs/api-reference/chat), every parameter and field
# - [OpenAI: streaming](https://developers.openai.com/api/docs/guides/streaming-responses)
# - [OpenAI: models and their retirement](https://developers.openai.com/api/docs/deprecations)
