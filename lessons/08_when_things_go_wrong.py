# %% [markdown] lang="en" minutes=40 more=30
# # When things go wrong
#
# Your program has worked all week. On Friday evening it says *Error code: 429*, and you do not know: is it the key, the code, the money, or the provider? After this lesson you read that in one line, and your program knows what to do next.
#
# ## What you will be able to do
#
# - read an error: what happened, whose fault it is, whether another try helps
# - let the SDK try again, and set how long it waits
# - tell the three kinds of 429 apart: too fast, no credit, a limit on spending
# - notice the failures that raise **no** error
#
# In the second part, *More, if you like*: regions and proxies, other providers by changing `.env`, your model beside the practice model, the Responses API, and what you take with you.
#
# Most errors in this lesson are **simulated** by practice mode, and the text says which. Nobody wants to break a real account on purpose.

# %% tags=["setup"]
import json
import time
from urllib.request import urlopen

import openai
from openai import OpenAI

from helpers import (
    all_providers,
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

# Simulated errors come from practice mode, also when you have a key.
with as_if(FIRST_CALL_MODE="practice"):
    practice_client = connect()
    practice_model = current_model(practice_client)

client = connect()
model = current_model(client)
hello = [{"role": "user", "content": "What is the capital of Japan?"}]

# %% [markdown] lang="en"
# There are two clients: `client` is yours, as in every lesson, and `practice_client` always calls the practice model. Without a key, both call the practice model.

# %% [markdown] lang="en"
# ## The smallest error
#
# Ask for a model that does not exist. This error is real: every provider gives it, in its own words. `expect_error` catches an error that is meant to come, and keeps it in `caught.error`:

# %%
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(model="no-such-model", messages=hello)
error = caught.error
print(error)

# %% [markdown] lang="en"
# The service looked at your request and said no, with a number: the **status code**. 404 means: what you ask for is not there. The SDK turns the number into a Python exception, `NotFoundError`.

# %% [markdown] lang="en"
# ## Look inside an error
#
# The error is an object with fields, like a reply:

# %%
print("class:      ", type(error).__name__)
print("status_code:", error.status_code)
print("type:       ", error.type)
print("code:       ", error.code)
print("param:      ", error.param)
print("request_id: ", "a text" if error.request_id else "empty")

# %% [markdown] lang="en"
# | field | what it is |
# |---|---|
# | `status_code` | the number. Your program can decide by it |
# | `type`, `code` | the same in words, often more exact than the number |
# | `param` | which part of your request is meant, if one is |
# | `body["message"]` | a sentence for people. Read it, it is usually right |
# | `request_id` | the name of this call. The provider's support asks for it |
#
# `explain` is a helper. It says what happened and what to do:

# %%
print(explain(error))

# %% [markdown] lang="en"
# ## All errors in one tree
#
# The SDK's exceptions form a tree:
#
# ```
# APIError
#     APIStatusError               the service answered, and the answer is an error
#         BadRequestError          400
#         AuthenticationError      401
#         PermissionDeniedError    403
#         NotFoundError            404
#         ConflictError            409
#         UnprocessableEntityError 422
#         RateLimitError           429
#         InternalServerError      500 and up
#     APIConnectionError           no answer came
#         APITimeoutError          no answer came in time
# ```
#
# The indented ones are **kinds of** the one above. `except openai.APIStatusError` catches all errors with a status code. `except openai.APIError` catches everything in the tree. If you catch several kinds, write the narrow ones first.

# %% tags=["nbval-check-output"]
print("a kind of APIStatusError:", isinstance(error, openai.APIStatusError))
print("a kind of APIError:      ", isinstance(error, openai.APIError))
print("a kind of RateLimitError:", isinstance(error, openai.RateLimitError))

# %% [markdown] lang="en"
# ## Practice cards
#
# A payment provider has test cards: fake numbers for trying out a refused payment. Practice mode has the same for errors. Here is its list:

# %%
address = practice_client.base_url.join("/cards.json")
with urlopen(str(address)) as answer:
    cards = json.load(answer)["cards"]
for card in cards:
    print(card["name"])

# %% [markdown] lang="en"
# (`card["shows"]` has a sentence about each.) You use a card as the name of the **model**. The message of a simulated error always ends with `[simulated by practice mode]`.
#
# The first eleven are errors with a status. Play them. `with_options` gives a copy of the client with other settings. `max_retries=0` means: try only once. More on that soon.

# %% tags=["nbval-check-output"]
once = practice_client.with_options(max_retries=0)
for card in cards[:11]:
    with expect_error(openai.APIStatusError) as caught:
        once.chat.completions.create(model=card["name"], messages=hello)
    print(caught.error.status_code, caught.error.code)

# %% [markdown] lang="en"
# What they mean, and whether another try helps:
#
# | status | what happened | the same again? |
# |---|---|---|
# | 400 | your request is wrong: a bad value, a parameter that the model does not take | no, change it |
# | 401 | the key is wrong or deleted | no, lesson 01 |
# | 403 | the key is right, but you may not: your country, or your project | no |
# | 404 | the model or the address does not exist, or is retired | no, choose another |
# | 429 | too fast, **or** no credit, **or** a limit on spending | yes, **or** no: see below |
# | 500 and up | the provider has a problem | yes, after a while |
# | no status | no connection, or no answer in time | yes, if the network is all right |

# %% [markdown] lang="en"
# ## Retries
#
# Some errors pass by themselves. This card is **simulated** trouble of that kind: the service says 503, *overloaded*, to the first two tries, and answers the third.

# %% tags=["nbval-check-output"]
with expect_error(openai.InternalServerError) as caught:
    once.chat.completions.create(model="simulate-busy-twice", messages=hello)
print("with max_retries=0:", caught.error.status_code)

# %% [markdown] lang="en"
# Now **change one thing**: leave `max_retries` as it is. The SDK then tries up to **two** more times by itself:

# %%
reply = practice_client.chat.completions.create(
    model="simulate-busy-twice",
    messages=hello,
    max_completion_tokens=30,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# You saw no error, only a short delay. How do you know that it tried again? `with_raw_response` gives you the whole HTTP answer, with its headers:

# %% tags=["nbval-check-output"]
raw = practice_client.chat.completions.with_raw_response.create(
    model="simulate-busy-twice",
    messages=hello,
    max_completion_tokens=30,
    temperature=0,
)
print("status: ", raw.status_code)
print("retries:", raw.retries_taken)
print("the reply:", type(raw.parse()).__name__)

# %% [markdown] lang="en"
# The SDK waits about half a second before the first retry, then twice as long each time, up to 8 seconds. It tries again after 408, 409, 429, 500 and up, after timeouts and lost connections. It does not after 400, 401, 403 and 404, because that would be useless.
#
# Set the number for one call, or for all calls of a client:
#
# ```python
# client.with_options(max_retries=5).chat.completions.create(...)
# client = connect(max_retries=5)
# ```

# %% [markdown] lang="en"
# ## 429, first kind: too fast
#
# A provider allows only so many requests and tokens a minute. More give status 429. The answer says how long to wait, in the header `retry-after`. **Simulated:**

# %% tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-rate-limit", messages=hello)
print("type:", caught.error.type)
print("code:", caught.error.code)
print("wait:", caught.error.response.headers["retry-after"], "second")

# %% [markdown] lang="en"
# The SDK obeys that header, up to two minutes. If you meet rate limits often: send fewer or shorter messages, set `max_completion_tokens`, pause between calls. A class that shares one account also shares its limits.
#
# There is a second code of this kind, `slow_down`. You have not sent too much; your number of requests **grows** too fast. Go back to a slower pace at once, then speed up little by little. **Simulated:**

# %% tags=["nbval-check-output"]
pause = 1.0  # seconds between two calls
for name in ["simulate-slow-down", practice_model, practice_model]:
    try:
        once.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=5,
        )
        pause = pause * 0.9  # it went well: a little faster
    except openai.RateLimitError as refusal:
        print("refused:", refusal.code)
        pause = pause * 2  # half the pace
    print(f"the next call comes after {pause:.2f} s")

# %% [markdown] lang="en"
# ## 429, second kind: no credit
#
# The number is the same. But waiting does not help, money does. **Simulated:**

# %% tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-no-credit", messages=hello)
print("type:", caught.error.type)
print("code:", caught.error.code)

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# ## 429, third kind: a limit on spending
#
# The credit may be there, and still nobody lets you spend it this month. There are three such limits. All three are **simulated** here:

# %% tags=["nbval-check-output"]
for which in ["spend", "project", "usage"]:
    name = f"simulate-{which}-limit"
    with expect_error(openai.RateLimitError) as caught:
        once.chat.completions.create(model=name, messages=hello)
    print(caught.error.type, "·", caught.error.code)

# %% [markdown] lang="en"
# - The **spend limit** of the organization, and the one of a project, are yours. You set them on the page *Limits* of your account. At OpenAI they are *soft*: you only get an e-mail. With *Enforce a hard limit* they stop your calls with this error.
# - The **usage limit** is the provider's. It says how much an account of your kind may use in a month.
#
# What to do:

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# **How a program tells them apart.** Look at `type` first. `insufficient_quota` means money, whatever the code says: do not try again. Everything else means pace: wait, then try again. This loop waits as long as the service asks, and it has a limit of tries:


# %%
def patiently(name, tries=3):
    """Call a model. After a rate limit, wait as asked, then try again."""
    attempt = 1
    while True:
        try:
            return once.chat.completions.create(model=name, messages=hello)
        except openai.RateLimitError as error:
            if error.type == "insufficient_quota" or attempt == tries:
                raise
            seconds = float(error.response.headers.get("retry-after", 2**attempt))
        print("try", attempt, "was refused, waiting", seconds, "s")
        time.sleep(seconds)
        attempt += 1


# %% tags=["nbval-check-output"]
for name in ["simulate-rate-limit", "simulate-spend-limit"]:
    with expect_error(openai.RateLimitError) as caught:
        patiently(name)
    print("giving up:", caught.error.code)

# %% [markdown] lang="en"
# The second one gave up at once. (The SDK itself does not look at `type`. It tries twice more, for nothing.)

# %% [markdown] lang="en"
# ## Timeouts
#
# How long do you want to wait for an answer? The SDK waits up to 10 **minutes**, `connect()` sets 2. This card answers after 5 seconds (**simulated**), and the client waits only 1:

# %% tags=["nbval-check-output"]
hasty = practice_client.with_options(timeout=1, max_retries=0)
with expect_error(openai.APITimeoutError) as caught:
    hasty.chat.completions.create(model="simulate-slow", messages=hello)
print(type(caught.error).__name__)
print("a connection error:", isinstance(caught.error, openai.APIConnectionError))

# %% [markdown] lang="en"
# Three things to know:
#
# - A timeout is tried again like other errors. With `timeout=60` and two retries you may wait three minutes.
# - `timeout` counts silence. With `stream=True` it starts again with each piece, so long replies are safest as a stream.
# - The provider may go on writing the answer that you no longer wait for, and you may pay for it.

# %% [markdown] lang="en"
# ## No network
#
# Here nothing answers, because no program listens at this address of your own computer. It looks the same when your network is down. This error is real:

# %%
nobody = OpenAI(
    api_key="key-for-nobody",
    base_url="http://127.0.0.1:9/v1",
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    nobody.chat.completions.create(model=model, messages=hello)
print(caught.error)
print("cause:", type(caught.error.__cause__).__name__)

# %% [markdown] lang="en"
# `Connection error.` says little. The reason is one level down, in `error.__cause__`. Check in this order:
#
# 1. the address: is `OPENAI_BASE_URL` right?
# 2. the key: a line break after it gives the same error (lesson 01)
# 3. the network: does another page open in your browser?
# 4. a proxy, see *More, if you like*

# %% [markdown] lang="en"
# ## Failures that raise no error
#
# The dangerous ones are silent. **First: a stream that is cut.** The connection ends in the middle, and the loop just stops, as if all were well. **Simulated:**

# %% tags=["nbval-check-output"]
stream = practice_client.chat.completions.create(
    model="simulate-cut-stream", messages=hello, temperature=0, stream=True
)
text, end = "", None
for chunk in stream:
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
        end = chunk.choices[0].finish_reason or end
print("text came:    ", text != "")
print("finish_reason:", end)

# %% [markdown] lang="en"
# No exception. The only sign is that **no `finish_reason` came**. So keep the last one, and look at it after the loop. `None` at the end means: the text is not whole. The helper `show_stream` looks for you.

# %% [markdown] lang="en"
# **Second: a web page instead of a reply.** When the base URL points at a web page, the answer is status 200, *all right*, and a page for people. The SDK hands you that page as a text. **Simulated:**

# %% tags=["nbval-check-output"]
page = practice_client.chat.completions.create(
    model="simulate-html",
    messages=hello,
)
print("the reply is a", type(page).__name__)
with expect_error(AttributeError) as caught:
    print(page.choices[0].message.content)
print(caught.error)

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# The error comes one line **later**, and it seems to be about strings. If you see `'str' object has no attribute 'choices'`, look at `OPENAI_BASE_URL`. Most end in `/v1`.
#
# **Third:** a reply with `finish_reason` `length` or an empty content. Lesson 04 is about those.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: does another try help?
#
# Write a function that gets an error and returns `True` when the same call may work later, else `False`:
#
# - no connection, or a timeout: `True`
# - too fast (429): `True`
# - no credit or a limit on spending (429 too): `False`
# - status 500 and up: `True`
# - everything else: `False`
#
# `isinstance(error, openai.APIConnectionError)` tells whether an error is of that kind. When you are stuck, type `hint(1)` in a cell.


# %% tags=["exercise"]
def try_again(error):
    # Your turn: return True or False.
    # --- solution
    if isinstance(error, openai.APIConnectionError):
        return True
    if isinstance(error, openai.RateLimitError):
        return error.type != "insufficient_quota"
    return isinstance(error, openai.InternalServerError)
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
helps = {
    "simulate-rate-limit": True,
    "simulate-slow-down": True,
    "simulate-overloaded": True,
    "simulate-slow": True,
    "simulate-no-credit": False,
    "simulate-spend-limit": False,
    "simulate-wrong-key": False,
    "simulate-region": False,
}
impatient = practice_client.with_options(max_retries=0, timeout=2)
with exercise(1) as check:
    for name, right in helps.items():
        with expect_error(openai.APIError) as caught:
            impatient.chat.completions.create(model=name, messages=hello)
        check(
            name,
            try_again(caught.error) is right,
            "Which class is the error of? Where does it stand in the tree?",
            "For a 429, the class is not enough. Which field tells the two apart?",
        )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: is the stream whole?
#
# Write a function that reads a stream to its end and returns **two** things: the whole text, and `True` when a `finish_reason` came, else `False`.
#
# Some chunks have no choices, and some have no content.


# %% tags=["exercise"]
def read_stream(stream):
    text, whole = "", False
    # Your turn: loop over the chunks.
    # --- solution
    for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            if choice.finish_reason is not None:
                whole = True
    # --- end
    return text, whole


# %% tags=["check"]
with exercise(2) as check:
    found = {}
    for name in [practice_model, "simulate-cut-stream"]:
        stream = practice_client.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=30,
            temperature=0,
            stream=True,
        )
        found[name] = read_stream(stream)
    text, whole = found[practice_model]
    check("the text arrives", text != "", "What does each chunk add to the text?")
    check(
        "a whole stream is whole",
        whole is True,
        "What do you see only in the last chunk of a whole stream?",
    )
    text, whole = found["simulate-cut-stream"]
    check(
        "a cut stream gives its text, and is not whole",
        text != "" and whole is False,
        "Nothing may set whole when no finish_reason comes.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a call that never stops your program
#
# Build `safe_answer(name)`. It asks the model `name` the question in `hello`, and **always** returns a text:
#
# 1. Use `practice_client.with_options(...)`: at most **3** seconds of waiting, and up to **2** more tries.
# 2. When all goes well, return the content of the reply. Set `max_completion_tokens=30`.
# 3. On an `openai.APIError`, return what `explain` says about it.
# 4. When the reply is a web page, return a sentence of your own that has the words *web page*.


# %% tags=["exercise"]
def safe_answer(name):
    # Your turn: a call, and what may go wrong with it.
    # --- solution
    careful = practice_client.with_options(timeout=3, max_retries=2)
    try:
        reply = careful.chat.completions.create(
            model=name, messages=hello, max_completion_tokens=30, temperature=0
        )
    except openai.APIError as error:
        return str(explain(error))
    if isinstance(reply, str):
        return "The address gave a web page. Look at OPENAI_BASE_URL."
    return reply.choices[0].message.content
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
with exercise(3) as check:
    check(
        "a busy service is asked again, and answers",
        safe_answer("simulate-busy-twice") not in [..., None, ""]
        and "503" not in safe_answer("simulate-busy-twice"),
        "How many tries does your client make?",
        "The card simulate-busy-twice answers at the third try.",
    )
    check(
        "a wrong key becomes a sentence",
        "401" in safe_answer("simulate-wrong-key"),
        "Which class stands at the top of the tree?",
        "Return the words of explain(error).",
    )
    check(
        "a limit on spending becomes a sentence",
        "limit" in safe_answer("simulate-spend-limit"),
        "It is an APIError like the others.",
    )
    check(
        "a web page becomes a sentence",
        "web page" in safe_answer("simulate-html"),
        "Nothing is raised here. What is the type of the reply?",
    )

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional. Take what you need: each part stands alone.

# %% [markdown] lang="en"
# ## A parameter that the model does not take
#
# Models differ. Those that think before they answer, called *reasoning models*, refuse some parameters. Practice mode has a model with these rules. Its name is `practice-reasoning`:

# %%
with expect_error(openai.BadRequestError) as caught:
    practice_client.chat.completions.create(
        model="practice-reasoning", messages=hello, temperature=0
    )
print(caught.error.status_code, caught.error.code, "·", caught.error.param)

# %% [markdown] lang="en"
# `param` names the culprit. Leave it out, and the call works.

# %% [markdown] lang="en"
# ## Retired models
#
# A name can be right today and fail in a year: models are switched off. OpenAI answers then with the same words as for a name that never existed, and so does practice mode. You met them at the beginning of this lesson:

# %%
with expect_error(openai.NotFoundError) as caught:
    practice_client.chat.completions.create(model="gpt-3.5-turbo", messages=hello)
print(caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# So when a program that has always worked says *does not exist*, think of this first. The fix is one line in `.env`: `OPENAI_MODEL=` and a name from `client.models.list()`. No cell of this course names your model.

# %% [markdown] lang="en"
# ## How much is left
#
# At OpenAI, the headers of **every** answer say how much of the rate limit is left. Practice mode has no limits, so its numbers are only an example:

# %%
raw = practice_client.chat.completions.with_raw_response.create(
    model=practice_model, messages=hello, max_completion_tokens=5
)
for name, value in sorted(raw.headers.items()):
    if name.startswith("x-ratelimit-"):
        print(name, "=", value)

# %% [markdown] lang="en"
# ## Regions
#
# OpenAI does not serve every country and region. There, a right key gets status 403. **Simulated:**

# %%
with expect_error(openai.PermissionDeniedError) as caught:
    once.chat.completions.create(model="simulate-region", messages=hello)
print(explain(caught.error))

# %% [markdown] lang="en"
# Your key and your code are fine. The ways out: another provider that serves your country (see below), or practice mode.

# %% [markdown] lang="en"
# ## Proxies
#
# A **proxy** is a computer that passes your calls on. Companies and schools use them. Python finds it in the environment variables `HTTP_PROXY` and `HTTPS_PROXY`. A wrong one breaks every call. This cell sets one that does not exist, only for the `with` block:

# %%
wrong_proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
with as_if(**wrong_proxy):
    behind = OpenAI(
        api_key="key-for-nobody",
        base_url=practice_client.base_url,
        max_retries=0,
    )
    with expect_error(openai.APIConnectionError) as caught:
        behind.chat.completions.create(model=practice_model, messages=hello)
print(caught.error, "·", type(caught.error.__cause__).__name__)

# %% [markdown] lang="en"
# The service itself was fine. `NO_PROXY` lists addresses that go without the proxy. `connect()` puts your own computer on that list, so practice mode works behind any proxy.
#
# See what is set on your computer: `print(urllib.request.getproxies())` after `import urllib.request`.

# %% [markdown] lang="en"
# ## When the practice service stops
#
# The practice model runs in a program of its own on your computer. It goes away after an hour without calls, or when the computer restarts. This cell stops it on purpose. Then it makes a call, with the same client:

# %% tags=["nbval-check-output"]
from practice.process import launcher

print("stopped:", launcher.stop())
reply = practice_client.chat.completions.create(
    model=practice_model, messages=hello, max_completion_tokens=30, temperature=0
)
print("finish_reason:", reply.choices[0].finish_reason)

# %% [markdown] lang="en"
# The call took a few seconds longer, and it worked: the helpers saw that the service was gone, and started it again. You need not do anything.

# %% [markdown] lang="en"
# ## Other providers by changing .env
#
# Many providers understand the same calls. You change two or three lines in `.env`, and no cell. This is what the helpers know about them. It is data: open `helpers/connection/providers.toml`.


# %%
def mark(ability):
    return {True: "yes", False: "no", None: "?"}[ability]


print("PROVIDER=   images object schema responses thinks  limit")
for name, row in all_providers().items():
    if name != "practice":
        print(
            f"{name:12}{mark(row.images):7}{mark(row.json_object):7}"
            f"{mark(row.json_schema):7}{mark(row.responses):10}"
            f"{row.thinking or '?':8}{row.token_limit}"
        )

# %% [markdown] lang="en"
# - *object* and *schema* are the two kinds of JSON of lesson 06, *responses* is the interface below.
# - `?` means that it depends on the model or is not confirmed.
# - *thinks*: `default` means that the model thinks before it answers unless that is switched off, `always` that it cannot be switched off. The hidden words use up your limit: the reply is empty, with `finish_reason` `length` (lesson 04). `connect()` switches it off where the provider has a switch.
# - The last column is the name of the parameter that limits the reply: some providers know only the older `max_tokens`. You need not care: `connect()` sends the name that the provider knows, and says so in its line.
#
# What else is different stands in a note of each row:

# %%
import textwrap

for name in ["deepseek", "zhipu", "ollama"]:
    row = all_providers()[name]
    print(textwrap.fill(f"{row.name}: {row.note}", 75))

# %% [markdown] lang="en"
# To change, write the provider and its key into `.env`:
#
# ```
# PROVIDER=deepseek
# OPENAI_API_KEY=paste the key of that provider here
# ```
#
# The next cell tries three of them. `as_if` makes a folder of its own for it with such a `.env`. Yours stays as it is, and nothing is sent. `settings()` tells where a call would go:

# %%
nothing_set = {
    "FIRST_CALL_MODE": None,
    "OPENAI_API_KEY": None,
    "OPENAI_BASE_URL": None,
    "OPENAI_MODEL": None,
    "PROVIDER": None,
}
for name in ["openai", "deepseek", "qwen"]:
    dotenv = f"PROVIDER={name}\nOPENAI_API_KEY=key-for-exercise\n"
    with as_if(dotenv=dotenv, **nothing_set):
        chosen = settings()
    print(chosen.provider.name, "·", chosen.model)
    print("   ", chosen.base_url)

# %% [markdown] lang="en"
# A provider that is not on the list works too: set `OPENAI_BASE_URL` and `OPENAI_MODEL` by hand.
#
# What differs, so that you are not surprised:
#
# - Some parameters are missing. The error is 400 or 422, and its message names the parameter.
# - An empty account may be status 402 instead of 429.
# - **Ollama**, **LM Studio** and **vLLM** run on your own computers. They need no key.

# %% [markdown] lang="en"
# ## The practice model and a large one, side by side
#
# The same question, once for the practice model and once for yours. Judge both: Is it true? Is it what was asked for? Would you send it to a friend?

# %%
question = [
    {
        "role": "user",
        "content": "Why is the sky blue? Answer in one sentence, for a child.",
    }
]
reply = practice_client.chat.completions.create(
    model=practice_model,
    messages=question,
    max_completion_tokens=120,
    temperature=0,
)
show_reply(reply)

# %%
if settings().mode == "practice":
    print("No key is set, so there is no second model to ask.")
    print("Put a key into .env, restart the kernel, and run this lesson again.")
else:
    reply = client.chat.completions.create(
        model=model, messages=question, max_completion_tokens=120, temperature=0
    )
    show_reply(reply)

# %% [markdown] lang="en"
# In practice mode the sentence sounds like an answer. Read it again: does it say **why**? A fluent sentence is not always an answer.
#
# A large model knows more facts, follows several instructions at once, and writes other languages well. The practice model is good enough to learn how the calls work: the requests, the fields and the errors are the same. It is not good enough to be believed.
#
# Without a key you can compare as well: `PRACTICE_MODEL=large` in `.env` takes a practice model that is three times as big, and slower.

# %% [markdown] lang="en"
# ## The Responses API
#
# OpenAI has a newer interface beside the one of this course. It is called **Responses**, and OpenAI recommends it for new programs. Chat Completions stays, and OpenAI says that it is supported indefinitely. It is also the one that nearly every provider understands. That is why you learned it first.
#
# Practice mode and OpenAI have this interface; of the others, see the column *responses* above. So that the next cells run everywhere, they call the practice model unless your provider is OpenAI:

# %%
keeper, keeper_model = practice_client, practice_model
if settings().provider.id == "openai":
    keeper, keeper_model = client, model

answer = keeper.responses.create(
    model=keeper_model,
    instructions="You are a helpful assistant.",
    input="What is the capital of Japan?",
    max_output_tokens=60,
    temperature=0,
)
print(answer.output_text)
print(answer.status)

# %% [markdown] lang="en"
# What changes its name:
#
# | Chat Completions | Responses |
# |---|---|
# | `client.chat.completions.create(…)` | `client.responses.create(…)` |
# | `messages=[…]` | `input="…"`, or a list of messages |
# | the system message | `instructions="…"` |
# | `reply.choices[0].message.content` | `reply.output_text` |
# | `finish_reason` | `reply.status`, and `reply.incomplete_details` when it is cut |
# | `max_completion_tokens` | `max_output_tokens` |
# | `response_format`, `parse` | `text={"format": …}`, `parse` with `text_format` |
# | `usage.prompt_tokens`, `completion_tokens` | `usage.input_tokens`, `output_tokens` |

# %% [markdown] lang="en"
# ## A conversation without sending the history
#
# In lesson 03 you sent the whole history with each call, because a model remembers nothing. Here the **service** can keep it for you. Each response has an id. Give it to the next call as `previous_response_id`, and send only the new question:

# %%
first = keeper.responses.create(
    model=keeper_model,
    input="Mia has a dog. The dog is called Bruno.",
    max_output_tokens=40,
    temperature=0,
)
second = keeper.responses.create(
    model=keeper_model,
    previous_response_id=first.id,
    input="What is the name of Mia's dog?",
    max_output_tokens=40,
    temperature=0,
)
print(second.output_text)

# %% [markdown] lang="en"
# You sent one sentence, and it knew the dog. So is the history free? Look at what was counted. The same question **without** the memory, for comparison:

# %% tags=["nbval-check-output"]
alone = keeper.responses.create(
    model=keeper_model,
    input="What is the name of Mia's dog?",
    max_output_tokens=40,
    temperature=0,
)
more = second.usage.input_tokens - alone.usage.input_tokens
print("the memory costs tokens:", more > 0)

# %%
print("without the memory:", alone.usage.input_tokens, "tokens in")
print("with the memory:   ", second.usage.input_tokens, "tokens in")

# %% [markdown] lang="en"
# No. The service puts the old messages back in front of the new one, the model reads them all, and you pay for them, each time. You save typing and sending, not tokens. A long conversation grows as it did in lesson 03.
#
# Three things to know:
#
# - `instructions` are **not** carried over. Send them with each call.
# - The service **keeps** what you send, unless you say `store=False`. Then there is no memory either. Practice mode keeps it for a day, on this computer only.
# - You can delete a response. After that, nothing can go on from it:

# %% tags=["nbval-check-output"]
keeper.responses.delete(first.id)
with expect_error(openai.APIStatusError) as caught:
    keeper.responses.create(
        model=keeper_model,
        previous_response_id=first.id,
        input="Who has a dog?",
        max_output_tokens=40,
    )
print("refused:", type(caught.error).__name__)

# %% [markdown] lang="en"
# ## What carries over
#
# The interface may change, and the provider, and in a year the model will. This stays:
#
# | you learned | in Responses | at another provider |
# |---|---|---|
# | client and key, `.env` | the same | the same, with another address and key |
# | messages and roles | the same words, in `input` | the same |
# | tokens, limits, cost | the same, other field names | the same, other prices |
# | why a reply ends | `status` instead of `finish_reason` | the same |
# | JSON with a schema | the same, in `text` | not everywhere: try it |
# | errors, retries, timeouts | the same classes | the same classes, now and then another number |
# | check before you believe | the same | the same |

# %% [markdown] lang="en"
# ## Common mistakes
#
# | mistake | better |
# |---|---|
# | `except Exception: pass` | catch the error that you expect, and let the others show |
# | trying again after 400, 401 or 404 | read the message, change the request |
# | trying again without a limit and without a pause | a limit of tries, and wait as `retry-after` says |
# | waiting when the credit is gone | look at `error.type` |
# | `except openai.APIError` above `except openai.RateLimitError` | the narrow one first, or it is never reached |
# | trusting a stream because nothing was raised | look for `finish_reason` |
# | the model's name in every cell | one line in `.env` |

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one before you open it.
#
# <details><summary>A call ends with 429. Why is the number not enough to decide what to do?</summary> It has three meanings: too fast, no credit, a limit on spending. Waiting helps only for the first. The field type says which it is.</details>
#
# <details><summary>Why does a loop over a stream end without an error when the connection breaks?</summary> To the loop it looks like the end of the stream. Only the missing finish_reason shows that something is missing.</details>
#
# <details><summary>Why is a conversation with previous_response_id not cheaper?</summary> The service puts the old messages back in front of the new one. The model reads them again, and they are counted as input tokens.</details>

# %% [markdown] lang="en"
# ## What to remember
#
# - An error has a status code. 400 to 404: change something. 429: look at `type`. 500 and up: wait.
# - `insufficient_quota` is about money. `slow_down` and `rate_limit_exceeded` are about pace.
# - `APIStatusError`: the service said no. `APIConnectionError`: nobody answered.
# - The SDK tries twice more by itself. `max_retries` and `timeout` set its patience.
# - Silent failures: a stream without `finish_reason`, a reply that is a `str`.
# - Another provider is a change in `.env`.
# - `explain(error)` says it in two sentences. Keep the `request_id` for support.
#
# This was the last lesson. Take `my_first_call.py` (lesson 02) and `receipts.py` (lesson 07), change the prompt, and build something of your own.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes)
# - [OpenAI: rate limits](https://developers.openai.com/api/docs/guides/rate-limits)
# - [OpenAI: conversation state](https://developers.openai.com/api/docs/guides/conversation-state)
# - [OpenAI: moving from Chat Completions to Responses](https://developers.openai.com/api/docs/guides/migrate-to-responses)
# - [The SDK: errors, retries and timeouts](https://github.com/openai/openai-python#handling-errors)
