# %% [markdown] lang="en" minutes=30
# # JSON mode
#
# ## What you will be able to do
#
# - get replies that a program can read, with JSON mode
# - notice a reply that was cut before you parse it
# - check the fields of a reply with pydantic, and try again when they are wrong
# - prescribe the exact fields with a JSON schema
# - choose between the three ways
#
# The replies come from the practice model, unless you use your own key. Two cells near the end show answers that are **simulated**, and say so.

# %% tags=["setup"]
import json

import openai
from pydantic import BaseModel, ValidationError

from helpers import check, connect, current_model

client = connect()
model = current_model()

# %% [markdown] lang="en"
# ## The problem
#
# **JSON** is a way to write data as text. It looks nearly like a Python dictionary, and every programming language can read it. `json.loads` turns JSON into Python objects:

# %% tags=["nbval-check-output"]
data = json.loads('{"name": "Ada", "age": 36}')
print(data["age"] + 1)

# %% [markdown] lang="en"
# Say you have many sentences about people, and you want a table. Ask the model for JSON, in plain words:

# %%
words = [
    {
        "role": "user",
        "content": "Kenji Sato, 41, lives in Kyoto. Give me his name, city and age as JSON.",
    }
]
reply = client.chat.completions.create(
    model=model, messages=words, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Models like to dress up JSON. In practice mode it stands between lines of backquotes, as in a manual; other models start with “Sure!”. A person sees what is meant. A program may not:

# %%
try:
    print("as data:", json.loads(reply.choices[0].message.content))
except json.JSONDecodeError as error:
    print("not JSON:", error)

# %% [markdown] lang="en"
# *Expecting value* at char 0 means: the very first character is not JSON.

# %% [markdown] lang="en"
# ## The smallest call in JSON mode
#
# Add one parameter, `response_format`. The rest stays the same:

# %%
reply = client.chat.completions.create(
    model=model,
    messages=words,
    response_format={"type": "json_object"},
    max_completion_tokens=100,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Only JSON, nothing around it. This is **JSON mode**. The model cannot write anything but one JSON object.

# %% [markdown] lang="en"
# ## Look inside the reply
#
# The content is still a text. You turn it into data yourself:

# %% tags=["nbval-check-output"]
content = reply.choices[0].message.content
data = json.loads(content)
print("finish_reason:", reply.choices[0].finish_reason)
print("content is:   ", type(content).__name__)
print("data is:      ", type(data).__name__)

# %% [markdown] lang="en"
# JSON mode promises the **form**: the reply is one valid JSON object. It does not promise which keys are in it. Here is a prompt that leaves that open:

# %% tags=["setup"]
messages = [
    {"role": "system", "content": "Extract the person from the text. Reply in JSON."},
    {"role": "user", "content": "Omar Haddad, who is 52 years old, has moved from Tunis to Lyon."},
]

# %%
reply = client.chat.completions.create(
    model=model,
    messages=messages,
    response_format={"type": "json_object"},
    max_completion_tokens=100,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode the city is **missing**. Which keys you get depends on the prompt and on the model, and it can differ from sentence to sentence.

# %% [markdown] lang="en"
# ## Change one thing: name the keys
#
# Say in the prompt exactly which keys you want:

# %% tags=["setup"]
named = [
    {
        "role": "system",
        "content": "Extract the person from the text. "
        'Reply in JSON with the keys "name", "age" and "city".',
    },
    {"role": "user", "content": "Omar Haddad, who is 52 years old, has moved from Tunis to Lyon."},
]

# %%
reply = client.chat.completions.create(
    model=model,
    messages=named,
    response_format={"type": "json_object"},
    max_completion_tokens=100,
    temperature=0,
)
print(json.loads(reply.choices[0].message.content))

# %% [markdown] lang="en"
# Better: all three keys, the age is a number, and the city is the right one of the two. A clear prompt helps a lot. It is still no promise.
#
# The helper `show_json` draws what a program gets from such a text, with the kind of each value:

# %%
from helpers import show_json

show_json(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## What goes wrong: no message says JSON
#
# JSON mode has one rule. The word **JSON** must stand somewhere in your messages. Without it, OpenAI refuses the call, and so does practice mode. Status 400 means: the request is wrong.

# %%
try:
    client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Kenji Sato, 41, lives in Kyoto."}],
        response_format={"type": "json_object"},
        max_completion_tokens=60,
    )
except openai.APIStatusError as error:
    print(error)
else:
    raise AssertionError("JSON mode should be refused when no message says JSON.")

# %% [markdown] lang="en"
# Why this rule? The parameter only forbids what is not JSON. If the prompt does not ask for JSON, a model may write spaces until it hits the token limit. So ask in words **and** set the parameter.

# %% [markdown] lang="en"
# ## What goes wrong: the reply is cut
#
# Set the limit to 8 tokens. That is too few:

# %%
cut = client.chat.completions.create(
    model=model,
    messages=named,
    response_format={"type": "json_object"},
    max_completion_tokens=8,
    temperature=0,
)
print(cut.choices[0].message.content)

# %% [markdown] lang="en"
# The closing quote and the bracket never came. JSON mode cannot help: half an object is not JSON.

# %%
show_json(cut.choices[0].message.content)

# %% [markdown] lang="en"
# `json.loads` complains, but its words do not tell you **why**:

# %% tags=["nbval-check-output"]
try:
    json.loads(cut.choices[0].message.content)
except json.JSONDecodeError as error:
    print(type(error).__name__)
else:
    raise AssertionError("A cut reply should not be valid JSON.")

# %% [markdown] lang="en"
# The reply itself knows. `finish_reason` is `length`, not `stop`:

# %% tags=["nbval-check-output"]
print(cut.choices[0].finish_reason)

# %% [markdown] lang="en"
# So the order is always: look at `finish_reason` **first**, parse **second**. As a function:


# %% tags=["nbval-check-output"]
def read_object(reply):
    """Return the JSON of a reply as a dictionary, or None when the reply is not whole."""
    choice = reply.choices[0]
    if choice.finish_reason != "stop":
        print("not whole, finish_reason is", choice.finish_reason)
        return None
    return json.loads(choice.message.content)


print(read_object(cut))
print(type(read_object(reply)).__name__)

# %% [markdown] lang="en"
# It is the same in every language. This call asks about a Chinese sentence, and the limit falls in the middle of a Chinese text. It says *Li Xiaolong lives in Beijing*:

# %%
chinese = [
    {"role": "system", "content": "Extract the person's name and city. Reply in JSON."},
    {"role": "user", "content": "李小龙住在北京"},
]
for limit in [7, 60]:
    reply = client.chat.completions.create(
        model=model,
        messages=chinese,
        response_format={"type": "json_object"},
        max_completion_tokens=limit,
        temperature=0,
    )
    print(reply.choices[0].finish_reason, repr(reply.choices[0].message.content))

# %% [markdown] lang="en"
# In practice mode the first one breaks off inside the name, and the second one is whole and correct. `repr` shows the text as Python writes it: `\n` is a line break. A Chinese character can take two or three tokens, so leave more room.
#
# When you write such data to a file, set `ensure_ascii=False`. Otherwise `json.dumps` writes codes in place of the characters:

# %% tags=["nbval-check-output"]
row = {"city": "北京"}
print(json.dumps(row))
print(json.dumps(row, ensure_ascii=False))

# %% [markdown] lang="en"
# ## Check the fields with pydantic
#
# A whole reply can still lack a key. The package **pydantic** checks that. You describe what you want as a class, with a type for each field. `BaseModel` gives the class its checks:


# %% tags=["setup"]
class Person(BaseModel):
    name: str
    age: int
    city: str


# %% tags=["nbval-check-output"]
person = Person.model_validate_json('{"name": "Kenji Sato", "age": 41, "city": "Kyoto"}')
print(person.name, "will be", person.age + 1)

# %% [markdown] lang="en"
# `model_validate_json` parses and checks in one step. (This JSON was written by hand, and so are the three below.) When something is wrong, it says **what**, in `type`, and **where**, in `loc`:

# %% tags=["nbval-check-output"]
broken = [
    '{"name": "Kenji Sato", "city": "Kyoto"}',
    '{"name": "Kenji Sato", "age": "forty-one", "city": "Kyoto"}',
    '{"name": "Kenji Sato", "age":',
]
for text in broken:
    try:
        Person.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]
        print(problem["type"], "at", problem["loc"])
    else:
        raise AssertionError("This should not be a valid Person.")

# %% [markdown] lang="en"
# - `missing`: the key `age` is not there.
# - `int_parsing`: it is there, but it is not a number. (The text `"41"` would be fine: pydantic turns it into 41.)
# - `json_invalid`: the text is not JSON at all.

# %% [markdown] lang="en"
# ## Try again when it fails
#
# ![Drawing of a loop. The model's reply passes three questions. Is it whole: is finish_reason stop? Is it JSON? Do the fields fit? Three times yes: use the data. If the reply was cut, raise the limit. If it is no JSON or a field is wrong, say what was wrong. Then ask again. After the last try, set the text aside with the reason.](drawings/validate-or-retry.en.svg)
#
# A program can react: ask once more, and say what was wrong. First the call itself, as a function:


# %%
def ask_json(system, text, limit):
    """Make one call in JSON mode and return its choice."""
    reply = client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": system}, {"role": "user", "content": text}],
        response_format={"type": "json_object"},
        max_completion_tokens=limit,
        temperature=0,
    )
    return reply.choices[0]


# %% [markdown] lang="en"
# Now the loop around it. Such a loop has two rules:
#
# 1. **Change something.** At temperature 0, the same call gives the same bad reply. After a cut reply, the loop below doubles the limit. After a bad one, it adds to the system message which keys it wants.
# 2. **Set a limit.** Every try costs time and tokens.


# %%
def extract(text, tries=3, limit=100):
    """Return a Person. Raise ValueError when no try gives one."""
    system = "Extract the person from the text. Reply in JSON."
    for attempt in range(1, tries + 1):
        choice = ask_json(system, text, limit)
        if choice.finish_reason != "stop":
            print(f"try {attempt}: not whole ({choice.finish_reason})")
            limit = limit * 2
            continue
        try:
            return Person.model_validate_json(choice.message.content)
        except ValidationError as error:
            keys = [str(problem["loc"][0]) for problem in error.errors() if problem["loc"]]
            print(f"try {attempt}: missing or wrong: {keys}")
            system += f" Use exactly these keys: {', '.join(Person.model_fields)}."
    raise ValueError(f"no good reply in {tries} tries")


for text in ["Kenji Sato, 41, lives in Kyoto.", named[1]["content"]]:
    try:
        print(extract(text))
    except ValueError as error:
        print("set aside:", error)

# %% [markdown] lang="en"
# In practice mode Kenji succeeds at once, and Omar at the second try. A large model rarely needs one, but “rarely” is not “never” when you read ten thousand sentences.
#
# What if it never works? Then the loop ends, with an error that says so. Here the limit is hopeless, and two tries are not enough to raise it:

# %%
try:
    extract("Kenji Sato, 41, lives in Kyoto.", tries=2, limit=3)
except ValueError as error:
    print("ValueError:", error)
else:
    raise AssertionError("Six tokens should not be enough.")

# %% [markdown] lang="en"
# ## Prescribe the fields: json_schema
#
# There is a stronger way. A **JSON schema** describes your fields, and with `"strict": True` the model can write **only** what fits. This is called *structured outputs*.

# %%
schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "city": {"type": "string"},
    },
    "required": ["name", "age", "city"],
    "additionalProperties": False,
}

# %% [markdown] lang="en"
# Strict mode wants two things in it: every field stands in `required`, and `additionalProperties` is `False`. Now the prompt from above again, the one that lost the city:

# %% tags=["nbval-check-output"]
reply = client.chat.completions.create(
    model=model,
    messages=messages,
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "person", "strict": True, "schema": schema},
    },
    max_completion_tokens=100,
    temperature=0,
)
data = json.loads(reply.choices[0].message.content)
print(list(data))
print(type(data["age"]).__name__)

# %%
print(data)

# %% [markdown] lang="en"
# All keys, the right types, at the first try. No message needs to say JSON here.
#
# Forget one of the two rules of strict mode, and the service refuses the schema. Its message says which:

# %%
loose = {name: value for name, value in schema.items() if name != "additionalProperties"}
try:
    client.chat.completions.create(
        model=model,
        messages=messages,
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "person", "strict": True, "schema": loose},
        },
        max_completion_tokens=60,
    )
except openai.APIStatusError as error:
    print(error)
else:
    raise AssertionError("Strict mode should refuse this schema.")

# %% [markdown] lang="en"
# Now one thing that a schema **cannot** do:

# %%
weather = client.chat.completions.create(
    model=model,
    messages=[messages[0], {"role": "user", "content": "The weather is nice today."}],
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "person", "strict": True, "schema": schema},
    },
    max_completion_tokens=60,
    temperature=0,
)
print(weather.choices[0].message.content)

# %% [markdown] lang="en"
# There is no person in that sentence. In practice mode the model **invents** one, because the schema leaves it no other way. A schema fixes the form, not the truth.
#
# What helps: allow a way out, such as `age: int | None` with “use null for what the text does not say” in the prompt. Large models take it; a small one often invents all the same. And check against the source where you can:

# %%
invented = json.loads(weather.choices[0].message.content)
print("name found in the text:", invented["name"] in "The weather is nice today.")

# %% [markdown] lang="en"
# ## The SDK writes the schema: parse
#
# You have the class `Person` already. `client.chat.completions.parse` makes the strict schema from it, and gives you back a `Person`:

# %% tags=["nbval-check-output"]
reply = client.chat.completions.parse(
    model=model,
    messages=messages,
    response_format=Person,
    max_completion_tokens=100,
    temperature=0,
)
person = reply.choices[0].message.parsed
print(type(person).__name__)
print(person.age + 1)

# %% [markdown] lang="en"
# The shortest way from a sentence to data. The text is still there too, in `message.content`.
#
# `parse` looks at `finish_reason` for you. When the reply is **cut**, it raises an error, and the error holds the cut reply:

# %% tags=["nbval-check-output"]
try:
    client.chat.completions.parse(
        model=model, messages=messages, response_format=Person, max_completion_tokens=8
    )
except openai.LengthFinishReasonError as error:
    print(type(error).__name__)
    print("finish_reason:", error.completion.choices[0].finish_reason)
else:
    raise AssertionError("Eight tokens should not be enough.")

# %% [markdown] lang="en"
# Fix: a higher limit, or fewer fields.
#
# A **content filter** of the provider may stop a reply. That is another error. It is hard to provoke, so practice mode **simulates** it, when you connect with this word as the key. (`current_model()` is in the call because a simulation always uses the practice model, also when you have a key.)

# %% tags=["nbval-check-output"]
filtered = connect(api_key="simulate-content-filter")
try:
    filtered.chat.completions.parse(
        model=current_model(), messages=messages, response_format=Person, max_completion_tokens=60
    )
except openai.ContentFilterFinishReasonError as error:
    print(type(error).__name__)
else:
    raise AssertionError("A filtered reply should not be parsed.")

# %% [markdown] lang="en"
# Fix: say it in other words. Trying the same again does not help.
#
# The third case raises **nothing**. A model may decline to answer. Then `parsed` is `None`, and `refusal` holds its words. This one is **simulated** too:

# %% tags=["nbval-check-output"]
refusing = connect(api_key="simulate-refusal")
reply = refusing.chat.completions.parse(
    model=current_model(), messages=messages, response_format=Person, max_completion_tokens=60
)
message = reply.choices[0].message
print("parsed: ", message.parsed)
print("refusal:", type(message.refusal).__name__)

# %%
print(message.refusal)

# %% [markdown] lang="en"
# So look at `refusal` before you use `parsed`.

# %% [markdown] lang="en"
# ## When to use which
#
# | way | promises | use it when |
# |---|---|---|
# | a prompt alone | nothing | never, if a program reads the reply |
# | `json_object` | one JSON object, any keys | the provider or model has no schemas, or you do not know the keys before |
# | `json_schema`, `strict` | exactly your fields and types | you write the schema yourself, or a program makes it |
# | `parse` with a class | the same, as a Python object | your fields are known: **start here** |
#
# Not every provider has all of them. The table in lesson 08 tells which has what. DeepSeek, for example, has `json_object` and no schemas. LM Studio has it the other way round.
#
# None of them promises that the **values** are true.

# %% [markdown] lang="en"
# ## The helper
#
# You know all the steps now: `finish_reason`, JSON, fields. `read_json` does them for a reply of any kind, and its errors are plain sentences. Open `helpers/json_replies.py`, it is one page.

# %%
from helpers import FirstCallError, read_json

reply = client.chat.completions.create(
    model=model,
    messages=named,
    response_format={"type": "json_object"},
    max_completion_tokens=100,
    temperature=0,
)
print(read_json(reply, Person))

try:
    read_json(cut, Person)
except FirstCallError as error:
    print("error:", error)
else:
    raise AssertionError("A cut reply should be refused.")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: JSON mode by hand
#
# Get a dictionary from the sentence `Ana Costa, 29, lives in Porto.`
#
# 1. Write the messages. Remember the rule of JSON mode, and name the keys.
# 2. Make the call in JSON mode. Put the reply into `ana_reply`.
# 3. Parse its content into `ana`.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
ana_messages = [
    {
        "role": "system",
        "content": "Extract the person from the text. "
        'Reply in JSON with the keys "name", "age" and "city".',
    },
    {"role": "user", "content": "Ana Costa, 29, lives in Porto."},
]
ana_reply = client.chat.completions.create(
    model=model,
    messages=ana_messages,
    response_format={"type": "json_object"},
    max_completion_tokens=100,
    temperature=0,
)
ana = json.loads(ana_reply.choices[0].message.content)
print(ana)
# --- stub
# ana_messages = ...  # a list with a system message and a user message
# ana_reply = ...  # the call
# ana = ...  # the content of the reply, parsed
# --- end

# %% tags=["check"]
check(
    "a message says JSON",
    lambda: "json" in str(ana_messages).lower(),
    "JSON mode refuses a call in which no message says JSON.",
)
check(
    "the reply is whole",
    lambda: ana_reply.choices[0].finish_reason == "stop",
    "ana_reply should be the reply of your call. If it is cut, raise the limit.",
)
check(
    "ana is a dictionary with what the reply says",
    lambda: isinstance(ana, dict) and ana == json.loads(ana_reply.choices[0].message.content),
    "json.loads makes a dictionary from ana_reply.choices[0].message.content.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: sort replies into three boxes
#
# Write a function that gets the choice of a reply and returns one of three words:
#
# - `"cut"` when the reply is not whole
# - `"wrong"` when it is whole, but not a valid `Person`
# - `"good"` otherwise
#
# Look at `finish_reason` first. `Person.model_validate_json` raises `ValidationError` when a text is not valid.


# %% tags=["exercise"]
def box(choice):
    # Your turn: return "cut", "wrong" or "good".
    # --- solution
    if choice.finish_reason != "stop":
        return "cut"
    try:
        Person.model_validate_json(choice.message.content)
    except ValidationError:
        return "wrong"
    return "good"
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
from types import SimpleNamespace


def boxed(reason, text):
    """Make a choice with this finish_reason and content, and put it into a box."""
    return box(SimpleNamespace(finish_reason=reason, message=SimpleNamespace(content=text)))


good = '{"name": "Ana", "age": 29, "city": "Porto"}'
no_age = '{"name": "Ana", "city": "Porto"}'
check(
    "cut replies",
    lambda: boxed("length", '{"name": "An') == boxed("content_filter", "") == "cut",
    "When finish_reason is not stop, return cut, before you look at the text.",
)
check(
    "a cut reply that looks whole",
    lambda: boxed("length", good) == "cut",
    "finish_reason comes first, whatever the text looks like.",
)
check(
    "wrong replies",
    lambda: boxed("stop", no_age) == boxed("stop", "Sure! Here it is.") == "wrong",
    "Catch ValidationError from Person.model_validate_json, and return wrong.",
)
check("good replies", lambda: boxed("stop", good) == "good", "What is left is good.")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: a class of your own
#
# Read an event from `The chess club meets on 3 October.`
#
# 1. Write a class `Event` with the fields `title` (text), `day` (whole number) and `month` (text).
# 2. Call `parse` with it, and with messages of your own. Put the `Event` into `event`.


# %% tags=["exercise"]
# Your turn: the class, the call, and the parsed object.
# --- solution
class Event(BaseModel):
    title: str
    day: int
    month: str


event_reply = client.chat.completions.parse(
    model=model,
    messages=[
        {"role": "system", "content": "Extract the event from the text. Reply in JSON."},
        {"role": "user", "content": "The chess club meets on 3 October."},
    ],
    response_format=Event,
    max_completion_tokens=100,
    temperature=0,
)
event = event_reply.choices[0].message.parsed
print(event)
# --- stub
# Event = ...  # class Event(BaseModel): ...
# event = ...  # the parsed object of your call
# --- end

# %% tags=["check"]
check(
    "Event has the three fields",
    lambda: (
        {name: field.annotation for name, field in Event.model_fields.items()}
        == {"title": str, "day": int, "month": str}
    ),
    "Write class Event(BaseModel): with title: str, day: int and month: str.",
)
check(
    "event is an Event",
    lambda: isinstance(event, Event),
    "It is in the choices[0].message.parsed of your call to parse.",
)
check("the day is a number", lambda: type(event.day) is int, "It comes from day: int.")

# %% [markdown] lang="en"
# ## Common mistakes
#
# | mistake | what you see | fix |
# |---|---|---|
# | no message says JSON | 400 about the word 'json' | ask for JSON in the system message |
# | the limit is too low | `JSONDecodeError`, or `LengthFinishReasonError` | look at `finish_reason`, raise the limit |
# | JSON mode is taken for a schema | `KeyError` when you use the data | name the keys, or use `parse` |
# | the same call again after a bad reply | the same bad reply | change the prompt, set a limit of tries |
# | valid means true | invented values in your table | check against the source |

# %% [markdown] lang="en"
# ## What to remember
#
# - `response_format={"type": "json_object"}` gives one JSON object. Some message must say JSON.
# - First `finish_reason`, then parse, then check the fields.
# - pydantic says which field is wrong. A loop can use that to try again, with a limit.
# - `client.chat.completions.parse(response_format=YourClass)` is the short way. It raises when the reply is cut or filtered. After a refusal, `parsed` is `None`.
# - A schema fixes the form, not the truth.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: structured outputs and JSON mode](https://developers.openai.com/api/docs/guides/structured-outputs)
# - [OpenAI: `response_format` in the Chat Completions API](https://platform.openai.com/docs/api-reference/chat/create)
# - [pydantic: models](https://docs.pydantic.dev/latest/concepts/models/)
