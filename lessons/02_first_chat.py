# %% [markdown] lang="en" minutes=25
# # First chat
#
# ## What you will be able to do
#
# - write a chat call by hand, with a system message and a user message
# - name every field of the reply, and take out the text
# - choose a model, set the temperature, limit the length
# - see what a call costs, in tokens and in money
# - print a reply while it is being written
#
# Every reply in this lesson comes from the practice model, unless you use your own key. Nothing is simulated.

# %% tags=["setup"]
from helpers import check, connect, current_model

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
# ![Drawing of one call. Your notebook sends a request: the model's name and a list of two messages, system and user. The service sends back a response: the message with the role assistant and the content Canberra, the finish reason stop, and the tokens used, 24 sent and 3 received.](drawings/request-response.en.svg)

# %%
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of Australia?"},
    ],
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# That is correct. Now the classic first example of the OpenAI documentation: a poem that explains recursion, that is, a function that calls itself. `max_completion_tokens` keeps the reply short. More on that soon.

# %%
poem_messages = [
    {
        "role": "system",
        "content": "You are a poetic assistant, skilled in explaining complex programming concepts "
        "with creative flair.",
    },
    {
        "role": "user",
        "content": "Compose a four-line poem that explains the concept of recursion in programming.",
    },
]

reply = client.chat.completions.create(
    model=model,
    messages=poem_messages,
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Four lines, as asked. (In practice mode they do not rhyme, and they say little about recursion. With your own key the same cell gives you a better poem.)
#
# Short questions work best in practice mode. We go on with this one:

# %% tags=["setup"]
messages = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "What is recursion in programming? Answer in one sentence."},
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
# A model does not know the next word. It has a list of likely words, and **temperature** says how boldly it picks from it. `0` takes the likeliest every time. In practice mode that gives the same text for the same call. OpenAI's models give nearly the same.

# %%
question = [{"role": "user", "content": "Write one sentence about the sea."}]

for _ in range(2):
    sea = client.chat.completions.create(
        model=model, messages=question, max_completion_tokens=40, temperature=0
    )
    print(sea.choices[0].message.content)

# %% [markdown] lang="en"
# Twice the same (and a little dull). With `1`, each run differs. Run this cell a few times:

# %% tags=["nbval-ignore-output"] reason="sampled on purpose, so the text differs each time"
for _ in range(3):
    sea = client.chat.completions.create(
        model=model, messages=question, max_completion_tokens=40, temperature=1
    )
    print("-", sea.choices[0].message.content)

# %% [markdown] lang="en"
# Use 0 for facts and for data, about 1 for ideas and stories. The range is 0 to 2; near 2, many models write nonsense. Some newer models that think before they answer refuse `temperature`; lesson 08 shows how that looks.

# %% [markdown] lang="en"
# ## Which model?
#
# A provider has many models. Ask for the list. In practice mode the first one is the one you use now. The others are the same model under other rules, for later lessons:

# %%
for listed in list(client.models.list())[:3]:
    print(listed.id)

# %% [markdown] lang="en"
# Models **retire**. A name that worked last year gives an error today, and old tutorials are full of such names. `gpt-3.5-turbo` was retired in October 2026. Practice mode answers as OpenAI does:

# %%
import openai

try:
    client.chat.completions.create(model="gpt-3.5-turbo", messages=messages)
except openai.APIStatusError as error:
    print(error.status_code, error.code)
    print(error)
else:
    raise AssertionError("A retired model should not answer.")

# %% [markdown] lang="en"
# That is why the model's name never stands in the cells of this course. It stands in your settings, once, and `current_model()` reads it. When your model retires, you change one line in `.env`. At OpenAI, each entry of the model list has a `shutdown_date` when its end is known.

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
price_in, price_out = 0.75, 4.50  # dollars for a million tokens: an example, prices change
dollars = (
    reply.usage.prompt_tokens * price_in + reply.usage.completion_tokens * price_out
) / 1_000_000
print(f"${dollars:.6f}")

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
# ![Drawing of the same reply twice along a line of time. Without a stream you wait, and the whole text comes at the end. With stream=True it comes in chunks: the first has the role, the next four have a piece of the text each, the last has no text but the finish reason stop. One more chunk with the usage comes if you ask for it. The pieces together give: Canberra is the capital.](drawings/stream.en.svg)

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
# Now look at the chunks one by one instead of the text:

# %%
stream = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=5, temperature=0, stream=True
)
for chunk in stream:
    choice = chunk.choices[0]
    print(choice.delta.role, repr(choice.delta.content), choice.finish_reason)

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
# ## The helpers
#
# You have now written it all by hand. From here on, helpers save typing where the call is not the point: `ask` sends one question, `show_stream` prints a stream. They use the same call. Open `helpers/` and read them, they are short.

# %%
from helpers import ask, explain, show_stream

reply = ask(client, "What is the capital of Australia?", temperature=0)
print(reply.choices[0].message.content)

stream = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=60, temperature=0, stream=True
)
text = show_stream(stream)

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **A mistyped model name.** It looks like the retired one: status 404, `model_not_found`. The helper `explain` says what happened and what to do.

# %%
try:
    client.chat.completions.create(model="no-such-model", messages=messages)
except openai.APIStatusError as error:
    print(error.status_code, error.code)
    print(explain(error))
else:
    raise AssertionError("An unknown model should not answer.")

# %% [markdown] lang="en"
# **A role that does not exist.** The roles have fixed names. Status 400 means: the request itself is wrong, and sending it again will not help. Read the message.

# %%
try:
    client.chat.completions.create(model=model, messages=[{"role": "teacher", "content": "Hi."}])
except openai.APIStatusError as error:
    print(error.status_code, error.type)
    print(error)
else:
    raise AssertionError("An unknown role should be refused.")

# %% [markdown] lang="en"
# **A forgotten argument.** The SDK notices before anything is sent:

# %% tags=["nbval-check-output"]
try:
    client.chat.completions.create(model=model)
except TypeError:
    print("TypeError: messages is missing")
else:
    raise AssertionError("A call without messages should be refused.")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: your own system message
#
# Ask “What is the sea?” and tell the model in a **system** message to answer like a pirate. The system message comes first. Put the reply in `pirate`.

# %% tags=["exercise"]
# Your turn: fill the list, then make the call with it.
# --- solution
pirate_messages = [
    {"role": "system", "content": "You are a pirate. Answer like a pirate."},
    {"role": "user", "content": "What is the sea?"},
]
pirate = client.chat.completions.create(
    model=model, messages=pirate_messages, max_completion_tokens=30, temperature=0
)
print(pirate.choices[0].message.content)
# --- stub
# pirate_messages = [
#     # the system message
#     # the user message
# ]
# pirate = ...  # client.chat.completions.create(...) with pirate_messages
# --- end

# %% tags=["check"]
check(
    "a system message, then a user message",
    lambda: [message["role"] for message in pirate_messages] == ["system", "user"],
    'The list should hold two messages: {"role": "system", ...}, then {"role": "user", ...}.',
)
check(
    "the model replied",
    lambda: pirate.choices[0].message.role == "assistant",
    "pirate should be what client.chat.completions.create(...) gives back.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: find the limit
#
# Make a call with `messages` that stops after exactly **7** tokens. Then put the reason why it stopped into `reason`, and the number of tokens written into `written`. Take both from the reply.

# %% tags=["exercise"]
# Your turn: make the call, then read the two fields.
# --- solution
seven = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=7, temperature=0
)
reason = seven.choices[0].finish_reason
written = seven.usage.completion_tokens
# --- stub
# seven = ...  # the call
# reason = ...  # why it stopped
# written = ...  # tokens written
# --- end

# %% tags=["check"]
check(
    "the reply stopped at 7 tokens",
    lambda: seven.usage.completion_tokens == 7,
    "Make the call with max_completion_tokens=7.",
)
check(
    "reason is the finish_reason",
    lambda: reason == seven.choices[0].finish_reason == "length",
    "It is in seven.choices[0].",
)
check(
    "written is the number of tokens",
    lambda: written == seven.usage.completion_tokens,
    "It is in seven.usage.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: collect a stream
#
# Stream a reply to `messages` with a limit of 30 tokens. Put the text of every chunk into the list `pieces`, and the last `finish_reason` that is not `None` into `end`. Joined, the pieces are the whole reply.

# %% tags=["exercise"]
pieces = []
end = None
# Your turn: make the call with stream=True, then loop over the chunks.
# --- solution
stream = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0, stream=True
)
for chunk in stream:
    pieces.append(chunk.choices[0].delta.content or "")
    end = chunk.choices[0].finish_reason or end
# --- end
print("".join(pieces))

# %% tags=["check"]
check(
    "the reply came in pieces",
    lambda: len(pieces) > 1,
    "Set stream=True, and append the text of each chunk to pieces.",
)
check(
    "every piece is a text",
    lambda: len(pieces) > 0 and all(isinstance(piece, str) for piece in pieces),
    'A content may be None. Write chunk.choices[0].delta.content or "".',
)
check(
    "end is the last finish_reason",
    lambda: end in ("stop", "length"),
    "Keep chunk.choices[0].finish_reason in end, when it is not None.",
)

# %% [markdown] lang="en"
# ## What to remember
#
# - A call is a model and a list of messages: `client.chat.completions.create(model=…, messages=[…])`.
# - The text is at `reply.choices[0].message.content`. Look at `finish_reason` too.
# - Temperature 0 for facts, about 1 for ideas. `max_completion_tokens` cuts, it does not shorten.
# - `usage` counts tokens, and tokens are what you pay for.
# - `stream=True` gives chunks with a `delta`. Print them with `end=""` and `flush=True`.
# - Model names retire. Keep them in settings.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: the Chat Completions API](https://platform.openai.com/docs/api-reference/chat), every parameter and field
# - [OpenAI: streaming](https://developers.openai.com/api/docs/guides/streaming-responses)
# - [OpenAI: models and their retirement](https://developers.openai.com/api/docs/deprecations)
