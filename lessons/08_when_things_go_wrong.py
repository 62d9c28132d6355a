# %% [markdown] lang="en" minutes=30
# # When things go wrong
#
# ## What you will be able to do
#
# - read an error: what happened, whose fault it is, whether another try helps
# - let the SDK try again, and set how long it waits
# - tell a rate limit from an empty account
# - notice the failures that raise **no** error
# - move to another provider by changing `.env`
#
# Most errors in this lesson are **simulated** by practice mode, and the text says which. Nobody wants to break a real account on purpose.

# %% tags=["setup"]
import os
import time
from unittest.mock import patch

import openai
from openai import OpenAI

from helpers import all_providers, check, connect, current_model, explain, settings

# Simulated errors come from practice mode, also when you have a key.
with patch.dict(os.environ, {"FIRST_CALL_MODE": "practice"}):
    practice_client = connect()
    practice_model = current_model()

client = connect()
model = current_model()
hello = [{"role": "user", "content": "What is the capital of Australia?"}]

# %% [markdown] lang="en"
# There are two clients: `client` is yours, as in every lesson, and `practice_client` always calls the practice model. Without a key, both call the practice model. (`patch.dict` sets a variable of the environment, only inside the `with` block.)

# %% [markdown] lang="en"
# ## The smallest error
#
# Ask for a model that does not exist. This error is real: every provider gives it, in its own words.

# %%
try:
    client.chat.completions.create(model="no-such-model", messages=hello)
except openai.APIStatusError as error:
    caught = error
    print(error)
else:
    raise AssertionError("An unknown model should not answer.")

# %% [markdown] lang="en"
# The service looked at your request and said no, with a number: the **status code**. 404 means: what you ask for is not there. The SDK turns the number into a Python exception, `NotFoundError`.

# %% [markdown] lang="en"
# ## Look inside an error
#
# The error is an object with fields, like a reply:

# %%
print("class:      ", type(caught).__name__)
print("status_code:", caught.status_code)
print("type:       ", caught.type)
print("code:       ", caught.code)
print("param:      ", caught.param)
print("message:    ", caught.body["message"])
print("request_id: ", "text" if caught.request_id else "empty")

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
print(explain(caught))

# %% [markdown] lang="en"
# ## All errors in one tree
#
# The SDK's exceptions form a tree. This cell prints it from the classes themselves, with the status code where a class has one. (You need not follow the code.)

# %%
import re


def show_tree(kind, depth=0):
    status = re.findall(r"\d+", str(kind.__annotations__.get("status_code")))
    print("    " * depth + kind.__name__, *status)
    for child in kind.__subclasses__():
        show_tree(child, depth + 1)


show_tree(openai.APIError)

# %% [markdown] lang="en"
# The indented ones are kinds of the one above. `except openai.APIStatusError` catches all errors with a status code. `except openai.APIError` catches everything in the tree. Two branches matter most:
#
# - **APIStatusError**: the service answered, and the answer is an error.
# - **APIConnectionError**: no answer came. `APITimeoutError` is the kind where you gave up waiting.
#
# Any status from 500 up is an `InternalServerError`. If you catch several kinds, write the narrow ones first. `OAuthError` and `APIResponseValidationError` are rare, you can forget them.

# %% [markdown] lang="en"
# ## Practice cards
#
# A payment provider has test cards: fake numbers for trying out a refused payment. Practice mode has the same for errors. Here is its list:

# %%
import json
from urllib.request import urlopen

address = practice_client.base_url.join("/cards.json")
with urlopen(str(address)) as answer:
    cards = json.load(answer)["cards"]
for card in cards:
    print(f"{card['name']:26}{card['shows']}")

# %% [markdown] lang="en"
# You use a card as the name of the model. (As a word in your last message it works too.) The message of a simulated error always ends with `[simulated by practice mode]`.
#
# Play the first seven. `with_options` gives a copy of the client with other settings. `max_retries=0` means: try only once. More on that soon.

# %% tags=["nbval-check-output"]
once = practice_client.with_options(max_retries=0)
for card in cards[:7]:
    try:
        once.chat.completions.create(model=card["name"], messages=hello)
    except openai.APIStatusError as error:
        print(error.status_code, type(error).__name__, "·", error.code)
    else:
        raise AssertionError("A card should not give a reply.")

# %% [markdown] lang="en"
# What they mean, and whether another try helps:
#
# | status | what happened | the same again? |
# |---|---|---|
# | 400 | your request is wrong: a bad value, a parameter that the model does not take | no, change it |
# | 401 | the key is wrong or deleted | no, lesson 01 |
# | 403 | the key is right, but you may not: your country, or your project | no |
# | 404 | the model or the address does not exist, or is retired | no, choose another |
# | 429 | **either** too many calls in a short time **or** no credit left | yes **or** no, see below |
# | 500 and up | the provider has a problem | yes, after a while |
# | no status | no connection, or no answer in time | yes, if the network is all right |

# %% [markdown] lang="en"
# ## A parameter that the model does not take
#
# Models differ. Those that think before they answer, called *reasoning models*, refuse some parameters. Practice mode has a model with these rules. Its name is `practice-reasoning`:

# %%
try:
    practice_client.chat.completions.create(
        model="practice-reasoning", messages=hello, temperature=0
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code, "·", error.param)
    print(explain(error))
else:
    raise AssertionError("A reasoning model should refuse temperature=0.")

# %% [markdown] lang="en"
# `param` names the culprit. Leave it out, and the call works.

# %% [markdown] lang="en"
# ## Retired models
#
# A name can be right and still fail: models are switched off after some years. The message says so. Practice mode answers here as OpenAI does:

# %%
try:
    practice_client.chat.completions.create(model="gpt-3.5-turbo", messages=hello)
except openai.NotFoundError as error:
    print(error)
    print(explain(error))
else:
    raise AssertionError("A retired model should not answer.")

# %% [markdown] lang="en"
# The fix is one line in `.env`: `OPENAI_MODEL=` and a name from `client.models.list()`. No cell of this course names your model.

# %% [markdown] lang="en"
# ## Retries
#
# Some errors pass by themselves. This card is **simulated** trouble of that kind: the service says 503, *overloaded*, to the first two tries, and answers the third.

# %% tags=["nbval-check-output"]
try:
    once.chat.completions.create(model="simulate-busy-twice", messages=hello)
except openai.InternalServerError as error:
    print("with max_retries=0:", error.status_code)
else:
    raise AssertionError("The first try should be refused.")

# %% [markdown] lang="en"
# Now **change one thing**: leave `max_retries` as it is. The SDK then tries up to **two** more times by itself:

# %%
reply = practice_client.chat.completions.create(
    model="simulate-busy-twice", messages=hello, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# You saw no error, only a short delay. How do you know that it tried again? `with_raw_response` gives you the whole HTTP answer, with its headers:

# %% tags=["nbval-check-output"]
raw = practice_client.chat.completions.with_raw_response.create(
    model="simulate-busy-twice", messages=hello, max_completion_tokens=30, temperature=0
)
print("status: ", raw.status_code)
print("retries:", raw.retries_taken)
print("has a request id:", raw.request_id is not None)
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
# ## Rate limits
#
# A provider allows only so many requests and tokens a minute. More give status 429. The answer says how long to wait, in the header `retry-after`. **Simulated:**

# %% tags=["nbval-check-output"]
try:
    once.chat.completions.create(model="simulate-rate-limit", messages=hello)
except openai.RateLimitError as error:
    print(error.status_code, error.code)
    print("retry-after:", error.response.headers["retry-after"], "second")
else:
    raise AssertionError("The rate limit should be reached.")

# %% [markdown] lang="en"
# The SDK obeys that header, up to two minutes. To see how, here is such a loop by hand. It waits as long as the service asks, and it has a limit of tries:


# %%
def patiently(card, tries=3):
    """Call with a card. After a rate limit, wait as long as the service asks, then try again."""
    attempt = 1
    while True:
        try:
            return once.chat.completions.create(model=card, messages=hello)
        except openai.RateLimitError as error:
            if error.type == "insufficient_quota" or attempt == tries:
                raise
            seconds = float(error.response.headers.get("retry-after", 2**attempt))
        print("try", attempt, "was refused, waiting", seconds, "s")
        time.sleep(seconds)
        attempt += 1


# %% tags=["nbval-check-output"]
for card in ["simulate-rate-limit", "simulate-no-credit"]:
    try:
        patiently(card)
    except openai.RateLimitError as error:
        print("giving up:", error.code)
    else:
        raise AssertionError("A card should not give a reply.")

# %% [markdown] lang="en"
# The second card gave up at once. **No credit** is status 429 too, but waiting does not help: money does. `error.type` tells them apart. (The SDK itself does not look at it. It tries twice more, for nothing.)
#
# If you meet rate limits often: send fewer or shorter messages, set `max_completion_tokens`, pause between calls. A class that shares one account also shares its limits.
#
# At OpenAI, the headers of **every** answer say how much is left. Practice mode has no limits, so its numbers are only an example:

# %%
raw = practice_client.chat.completions.with_raw_response.create(
    model=practice_model, messages=hello, max_completion_tokens=5
)
for name, value in sorted(raw.headers.items()):
    if name.startswith("x-ratelimit-"):
        print(name, "=", value)

# %% [markdown] lang="en"
# ## Timeouts
#
# How long do you want to wait for an answer? The SDK waits up to 10 **minutes**, `connect()` sets 2. This card answers after 5 seconds (**simulated**), and the client waits only 1:

# %% tags=["nbval-check-output"]
hasty = practice_client.with_options(timeout=1, max_retries=0)
try:
    hasty.chat.completions.create(model="simulate-slow", messages=hello)
except openai.APITimeoutError as error:
    print(type(error).__name__)
    print("a connection error:", isinstance(error, openai.APIConnectionError))
else:
    raise AssertionError("One second should not be enough.")

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
nobody = OpenAI(api_key="key-for-nobody", base_url="http://127.0.0.1:9/v1", max_retries=0)
try:
    nobody.chat.completions.create(model=model, messages=hello)
except openai.APIConnectionError as error:
    print(type(error).__name__, "·", error)
    print("cause:", type(error.__cause__).__name__)
else:
    raise AssertionError("Nobody should answer there.")

# %% [markdown] lang="en"
# `Connection error.` says little. The reason is one level down, in `error.__cause__`. Check in this order:
#
# 1. the address: is `OPENAI_BASE_URL` right?
# 2. the key: a line break after it gives the same error (lesson 01)
# 3. the network: does another page open in your browser?
# 4. a proxy, see below

# %% [markdown] lang="en"
# ## Proxies
#
# A **proxy** is a computer that passes your calls on. Companies and schools use them. Python finds it in the environment variables `HTTP_PROXY` and `HTTPS_PROXY`. A wrong one breaks every call. This cell sets one that does not exist, only for the `with` block:

# %%
wrong_proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
with patch.dict(os.environ, wrong_proxy):
    behind = OpenAI(api_key="key-for-nobody", base_url=practice_client.base_url, max_retries=0)
    try:
        behind.chat.completions.create(model=practice_model, messages=hello)
    except openai.APIConnectionError as error:
        print(type(error).__name__, "·", type(error.__cause__).__name__)
    else:
        raise AssertionError("There is no proxy at this address.")

# %% [markdown] lang="en"
# The service itself was fine. `NO_PROXY` lists addresses that go without the proxy. `connect()` puts your own computer on that list, so practice mode works behind any proxy.
#
# See what is set on your computer: `print(urllib.request.getproxies())` after `import urllib.request`.

# %% [markdown] lang="en"
# ## Regions
#
# OpenAI does not serve every country and region. There, a right key gets status 403. **Simulated:**

# %%
try:
    once.chat.completions.create(model="simulate-region", messages=hello)
except openai.PermissionDeniedError as error:
    print(error.status_code, error.code)
    print(explain(error))
else:
    raise AssertionError("This region should be refused.")

# %% [markdown] lang="en"
# Your key and your code are fine. The ways out: another provider that serves your country (see *Other providers*), or practice mode.

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
# No exception. The only sign is that **no `finish_reason` came**. So keep the last one, and look at it after the loop. `None` at the end means: the text is not whole. The helper `show_stream` looks for you:

# %%
from helpers import show_stream

stream = practice_client.chat.completions.create(
    model="simulate-cut-stream", messages=hello, temperature=0, stream=True
)
text = show_stream(stream)

# %% [markdown] lang="en"
# **Second: a web page instead of a reply.** When the base URL points at a web page, the answer is status 200, *all right*, and a page for people. The SDK hands you that page as a text. **Simulated:**

# %% tags=["nbval-check-output"]
page = practice_client.chat.completions.create(model="simulate-html", messages=hello)
print("the reply is a", type(page).__name__)
try:
    print(page.choices[0].message.content)
except AttributeError as error:
    print("AttributeError:", error)
    problem = error
else:
    raise AssertionError("A web page has no choices.")

# %%
print(explain(problem))

# %% [markdown] lang="en"
# The error comes one line **later**, and it seems to be about strings. If you see `'str' object has no attribute 'choices'`, look at `OPENAI_BASE_URL`. Most end in `/v1`.
#
# **Third:** a reply with `finish_reason` `length` or an empty content. Lesson 04 is about those.

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
# The call took a second or two longer, and it worked: the helpers saw that the service was gone, and started it again. You need not do anything.

# %% [markdown] lang="en"
# ## Other providers
#
# Many providers understand the same calls. You change two or three lines in `.env`, and no cell. This is the list that the helpers know. It is data: open `helpers/connection/providers.toml`.


# %%
def mark(ability):
    return {True: "yes", False: "no", None: "?"}[ability]


print(f"{'PROVIDER=':13}{'images':8}{'json_object':13}{'json_schema':13}limit")
for name, row in all_providers().items():
    if name != "practice":
        abilities = f"{mark(row.images):8}{mark(row.json_object):13}{mark(row.json_schema):13}"
        print(f"{name:13}{abilities}{row.token_limit}")

# %% [markdown] lang="en"
# `?` means that it depends on the model or is not confirmed. The last column is the name of the parameter that limits the reply: some providers know only the older `max_tokens`.
#
# To change, write the provider and its key into `.env`:
#
# ```
# PROVIDER=deepseek
# OPENAI_API_KEY=paste the key of that provider here
# ```
#
# The next cell tries three of them, in a folder of its own. Your `.env` stays as it is, and nothing is sent. `settings()` tells where a call would go:

# %%
import tempfile
from contextlib import chdir
from pathlib import Path

names = ["FIRST_CALL_MODE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "PROVIDER"]
no_settings = dict.fromkeys(names, "")  # as if nothing were set in your system

with tempfile.TemporaryDirectory() as folder, chdir(folder), patch.dict(os.environ, no_settings):
    for provider in ["openai", "deepseek", "qwen"]:
        Path(".env").write_text(f"PROVIDER={provider}\nOPENAI_API_KEY=key-for-exercise\n", "utf-8")
        chosen = settings()
        print(f"{chosen.provider.name}: {chosen.base_url} · {chosen.model}")

# %% [markdown] lang="en"
# A provider that is not on the list works too: set `OPENAI_BASE_URL` and `OPENAI_MODEL` by hand.
#
# What differs, so that you are not surprised:
#
# - the models, of course, and their names
# - some parameters are missing. The error is 400 or 422, and its message names the parameter
# - an empty account may be status 402 instead of 429
# - **Ollama**, **LM Studio** and **vLLM** run on your own computers. They need no key

# %% [markdown] lang="en"
# ## The Responses API
#
# OpenAI has a newer interface beside the one of this course. It is called **Responses**, and OpenAI recommends it for new programs. Chat Completions stays, and OpenAI says that it is supported indefinitely. It is also the one that nearly every other provider understands. That is why you learned it first.
#
# The same question in the newer interface:

# %%
try:
    answer = client.responses.create(
        model=model,
        instructions="You are a helpful assistant.",
        input="What is the capital of Australia?",
        max_output_tokens=60,
        temperature=0,
    )
    print(answer.output_text)
    print(answer.status, "·", answer.usage.input_tokens, "in ·", answer.usage.output_tokens, "out")
except openai.NotFoundError:
    print("404 · this provider does not have the Responses API")

# %% [markdown] lang="en"
# The practice service and OpenAI have this interface. Many compatible providers do not, and then the call ends with a 404. What changes its name:
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
# | you send the history yourself | the same, or `previous_response_id`, and OpenAI keeps it |
#
# **The same in both:** the client and the key, the models, the errors of this lesson, retries, timeouts, tokens and what they cost.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: does another try help?
#
# Write a function that gets an error and returns `True` when the same call may work later, else `False`:
#
# - no connection, or a timeout: `True`
# - a rate limit: `True`, but no credit (`error.type` is `insufficient_quota`): `False`
# - status 500 and up: `True`
# - everything else: `False`
#
# `isinstance(error, openai.APIConnectionError)` tells whether an error is of that kind.


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
expected = {
    "simulate-rate-limit": True,
    "simulate-no-credit": False,
    "simulate-overloaded": True,
    "simulate-wrong-key": False,
    "simulate-region": False,
    "simulate-model-not-found": False,
    "simulate-slow": True,
}
test_client = practice_client.with_options(max_retries=0)
for card, right in expected.items():
    seconds = 1 if card == "simulate-slow" else 60
    try:
        test_client.chat.completions.create(model=card, messages=hello, timeout=seconds)
    except openai.APIError as error:
        check(
            card,
            lambda error=error, right=right: try_again(error) is right,
            f"It is of the class {type(error).__name__}. The answer is {right}.",
        )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: set the patience
#
# Make a client `careful` from `practice_client` that waits at most **30** seconds for an answer and tries up to **4** more times. Use `with_options`.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
careful = practice_client.with_options(timeout=30, max_retries=4)
# --- stub
# careful = ...
# --- end

# %% tags=["check"]
check(
    "careful is a client",
    lambda: isinstance(careful, OpenAI),
    "careful should be what practice_client.with_options(...) gives back.",
)
check("it waits 30 seconds", lambda: careful.timeout == 30, "Set timeout=30.")
check("it tries up to 4 more times", lambda: careful.max_retries == 4, "Set max_retries=4.")
check(
    "a busy service answers it",
    lambda: (
        careful.chat.completions.create(
            model="simulate-busy-twice", messages=hello, max_completion_tokens=10
        ).object
        == "chat.completion"
    ),
    "The card simulate-busy-twice answers at the third try.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: is the stream whole?
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
def streamed(name):
    """Stream a reply from this model or card, and read it with your function."""
    return read_stream(
        practice_client.chat.completions.create(
            model=name, messages=hello, max_completion_tokens=30, temperature=0, stream=True
        )
    )


check("the text arrives", lambda: streamed(practice_model)[0] != "", "Add each delta.content.")
check(
    "a whole stream is whole",
    lambda: streamed(practice_model)[1] is True,
    "Set whole to True when a finish_reason is not None.",
)
check(
    "a cut stream is not whole",
    lambda: streamed("simulate-cut-stream")[1] is False,
    "whole should stay False when no finish_reason comes.",
)

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

# %% [markdown] lang="en"
# ## What to remember
#
# - An error has a status code. 400 to 404: change something. 429: look which of the two. 500 and up: wait.
# - `APIStatusError`: the service said no. `APIConnectionError`: nobody answered.
# - The SDK tries twice more by itself. `max_retries` and `timeout` set its patience.
# - Silent failures: a stream without `finish_reason`, a reply that is a `str`.
# - Another provider is a change in `.env`.
# - `explain(error)` says it in two sentences. Keep the `request_id` for support.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes)
# - [OpenAI: rate limits](https://developers.openai.com/api/docs/guides/rate-limits)
# - [OpenAI: moving from Chat Completions to Responses](https://developers.openai.com/api/docs/guides/migrate-to-responses)
# - [The SDK: errors, retries and timeouts](https://github.com/openai/openai-python#handling-errors)
