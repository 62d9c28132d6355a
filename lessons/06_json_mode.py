# %% [markdown] lang="en" minutes=35 more=15
# # JSON mode
#
# You have a hundred sentences about people, and you want a table: name, age, city. A model can read them all. But it answers in sentences, and a table needs fields. This lesson makes it answer in fields, and checks them.
#
# ## What you will be able to do
#
# - get replies that a program can read, with JSON mode
# - notice a reply that was cut before you parse it
# - check the fields of a reply with pydantic, and try again when they are wrong
# - prescribe the exact fields with a JSON schema
# - choose between the three ways
# - build a calendar from notes
#
# The replies come from the practice model, unless you use your own key. Two cells in the second part, *More, if you like*, show answers that are **simulated**, and say so.

# %% tags=["setup"]
import json

import openai
from pydantic import BaseModel, ValidationError

from helpers import connect, current_model, exercise, expect_error, hint

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
# Take one of the hundred sentences. Ask the model for JSON, in plain words:

# %%
kenji = "Kenji Sato, 41, lives in Kyoto."
question = kenji + " Write this as JSON."
words = [{"role": "user", "content": question}]
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
    max_completion_tokens=250,
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
omar = "Omar Haddad, who is 52 years old, has moved from Tunis to Lyon."
messages = [
    {
        "role": "system",
        "content": "Extract the person from the text. Reply in JSON.",
    },
    {"role": "user", "content": omar},
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
# In practice mode there is **no city**. Which keys you get depends on the prompt and on the model, and it can differ from sentence to sentence.

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
    {"role": "user", "content": omar},
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
# JSON mode has one rule. The word **JSON** must stand somewhere in your messages. Without it, OpenAI refuses the call, and so does practice mode. Status 400 means: the request is wrong. (`expect_error` catches an error that is meant to come, and keeps it in `caught.error`.)

# %%
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": kenji}],
        response_format={"type": "json_object"},
        max_completion_tokens=60,
    )
print(caught.error.status_code)
print(caught.error.body["message"])

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
with expect_error(json.JSONDecodeError) as caught:
    json.loads(cut.choices[0].message.content)
print(type(caught.error).__name__)

# %% [markdown] lang="en"
# The reply itself knows. `finish_reason` is `length`, not `stop`:

# %% tags=["nbval-check-output"]
print(cut.choices[0].finish_reason)

# %% [markdown] lang="en"
# So the order is always: look at `finish_reason` **first**, parse **second**. As a function:


# %% tags=["nbval-check-output"]
def read_object(reply):
    """Return the JSON of a reply as a dictionary, or None when it is not whole."""
    choice = reply.choices[0]
    if choice.finish_reason != "stop":
        print("not whole, finish_reason is", choice.finish_reason)
        return None
    return json.loads(choice.message.content)


print(read_object(cut))
print(type(read_object(reply)).__name__)

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
text = '{"name": "Kenji Sato", "age": 41, "city": "Kyoto"}'
person = Person.model_validate_json(text)
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
    with expect_error(ValidationError) as caught:
        Person.model_validate_json(text)
    problem = caught.error.errors()[0]
    print(problem["type"], "at", problem["loc"])

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
        messages=[
            {"role": "system", "content": system},
            {"role": "user", "content": text},
        ],
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
            keys = [p["loc"][0] for p in error.errors() if p["loc"]]
            print(f"try {attempt}: missing or wrong: {keys}")
            system += f" Use exactly these keys: {', '.join(Person.model_fields)}."
    raise ValueError(f"no good reply in {tries} tries")


for text in [kenji, omar]:
    try:
        print(extract(text))
    except ValueError as error:
        print("set aside:", error)

# %% [markdown] lang="en"
# In practice mode Omar needs a second try: the first does not have the right keys. A large model rarely needs one, but “rarely” is not “never” when you read ten thousand sentences.
#
# What if it never works? Then the loop ends, with an error that says so. Here the limit is hopeless, and two tries are not enough to raise it:

# %%
with expect_error(ValueError) as caught:
    extract(kenji, tries=2, limit=3)
print("ValueError:", caught.error)

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
loose = dict(schema)
del loose["additionalProperties"]
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(
        model=model,
        messages=messages,
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "person", "strict": True, "schema": loose},
        },
        max_completion_tokens=60,
    )
print(caught.error.status_code)
print(caught.error.body["message"])

# %% [markdown] lang="en"
# Now one thing that a schema **cannot** do:

# %%
recipe = "Add two eggs and a cup of sugar."
cake = client.chat.completions.create(
    model=model,
    messages=[messages[0], {"role": "user", "content": recipe}],
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "person", "strict": True, "schema": schema},
    },
    max_completion_tokens=60,
    temperature=0,
)
print(cake.choices[0].message.content)

# %% [markdown] lang="en"
# There is no person in that sentence. In practice mode the model **invents** one, with an age and a city, because the schema leaves it no other way. A schema fixes the form, not the truth.
#
# What helps: allow a way out, such as `age: int | None` with “use null for what the text does not say” in the prompt. Large models take it; a small one often invents all the same. And check against the source where you can:

# %%
invented = json.loads(cake.choices[0].message.content)
for key, value in invented.items():
    print(key, "found in the text:", str(value) in recipe)

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
with expect_error(openai.LengthFinishReasonError) as caught:
    client.chat.completions.parse(
        model=model,
        messages=messages,
        response_format=Person,
        max_completion_tokens=8,
    )
print(type(caught.error).__name__)
print("finish_reason:", caught.error.completion.choices[0].finish_reason)

# %% [markdown] lang="en"
# Fix: a higher limit, or fewer fields.
#
# There are two more ways in which `parse` can end without data: a filter, and a refusal. They are rare; *More, if you like* shows them.

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
# Not every provider has all of them: some have `json_object` and no schemas, some the other way round. The table in lesson 08 tells which has what.
#
# None of them promises that the **values** are true.

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
with exercise(1) as check:
    check(
        "a message says JSON",
        "json" in str(ana_messages).lower(),
        "Which word does JSON mode want to see?",
    )
    check(
        "the reply is whole",
        ana_reply.choices[0].finish_reason == "stop",
        "Is there room for the whole object?",
        "ana_reply is what the call returns. If it is cut, raise the limit.",
    )
    check(
        "ana is a dictionary with what the reply says",
        ana == json.loads(ana_reply.choices[0].message.content),
        "The content of the reply is still a text.",
        "Which function turns a JSON text into a dictionary?",
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
    """Put a choice that is made up here into a box."""
    message = SimpleNamespace(content=text)
    return box(SimpleNamespace(finish_reason=reason, message=message))


good = '{"name": "Ana", "age": 29, "city": "Porto"}'
no_age = '{"name": "Ana", "city": "Porto"}'
with exercise(2) as check:
    check(
        "a cut reply",
        boxed("length", '{"name": "An') == "cut",
        "Which field says that a reply is not whole?",
    )
    check(
        "a cut reply that looks whole",
        boxed("length", good) == "cut",
        "finish_reason comes first, whatever the text looks like.",
    )
    check(
        "a filtered reply",
        boxed("content_filter", "") == "cut",
        "There are more reasons than length. Only one of them means whole.",
    )
    check(
        "a key is missing",
        boxed("stop", no_age) == "wrong",
        "What does model_validate_json raise?",
    )
    check(
        "not JSON at all",
        boxed("stop", "Sure! Here it is.") == "wrong",
        "It raises the same error for this.",
    )
    check("a good reply", boxed("stop", good) == "good", "What is left is good.")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a calendar from notes
#
# Somebody writes notes as they come. Turn them into a calendar.
#
# 1. Write a class `Event` with the fields `title` (text), `day` (whole number) and `month` (text).
# 2. Write a function `read_event(note)` that calls `parse` with it and returns the `Event`.
# 3. Make the list `calendar`: one event for each note.

# %% tags=["setup"]
notes = [
    "The chess club meets on 3 October.",
    "Do not forget: dentist, 17 May, at nine!",
    "On 24 June Lena gives a concert in the park.",
]


# %% tags=["exercise"]
# Your turn: the class, the function, and the list.
# --- solution
class Event(BaseModel):
    title: str
    day: int
    month: str


def read_event(note):
    reply = client.chat.completions.parse(
        model=model,
        messages=[
            {
                "role": "system",
                "content": "Extract the event from the note. Reply in JSON.",
            },
            {"role": "user", "content": note},
        ],
        response_format=Event,
        max_completion_tokens=100,
        temperature=0,
    )
    return reply.choices[0].message.parsed


calendar = [read_event(note) for note in notes]
for event in calendar:
    print(event.day, event.month, "·", event.title)
# --- stub
# Event = ...  # class Event(BaseModel): ...
#
#
# def read_event(note):
#     return ...
#
#
# calendar = ...
# --- end

# %% tags=["check"]
with exercise(3) as check:
    kinds = {name: field.annotation for name, field in Event.model_fields.items()}
    check(
        "Event has the three fields",
        kinds == {"title": str, "day": int, "month": str},
        "Look at the class Person. Which fields, and of which kind, do you need?",
    )
    check(
        "there is an event for each note",
        [type(event) for event in calendar] == [Event] * len(notes),
        "Call your function once for each note.",
        "parse puts the object into message.parsed.",
    )
    check(
        "read_event reads any note",
        isinstance(read_event("The choir sings on 9 July."), Event),
        "The function must use the note that it is given.",
    )

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional: other languages, two rare answers, and a helper that does all the checks for you.

# %% [markdown] lang="en"
# ## Other languages
#
# All this is the same in every language. This call asks about a Chinese sentence, and the limit falls in the middle of a Chinese text. It says *Li Xiaolong lives in Beijing*:

# %%
chinese = [
    {
        "role": "system",
        "content": "Extract the person's name and city. Reply in JSON.",
    },
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
# ## A filter, and a refusal
#
# A **content filter** of the provider may stop a reply. It is hard to provoke, so practice mode **simulates** it: call the model `simulate-content-filter`. (`practice` is a client that always calls practice mode, also when you have a key.)

# %% tags=["nbval-check-output"]
from helpers import as_if

with as_if(FIRST_CALL_MODE="practice"):
    practice = connect()

with expect_error(openai.ContentFilterFinishReasonError) as caught:
    practice.chat.completions.parse(
        model="simulate-content-filter",
        messages=messages,
        response_format=Person,
        max_completion_tokens=60,
    )
print(type(caught.error).__name__)

# %% [markdown] lang="en"
# Fix: say it in other words. Trying the same again does not help.
#
# The other case raises **nothing**. A model may decline to answer. Then `parsed` is `None`, and `refusal` holds its words. This one is **simulated** too:

# %% tags=["nbval-check-output"]
reply = practice.chat.completions.parse(
    model="simulate-refusal",
    messages=messages,
    response_format=Person,
    max_completion_tokens=60,
)
message = reply.choices[0].message
print("parsed: ", message.parsed)
print("refusal:", message.refusal)

# %% [markdown] lang="en"
# So look at `refusal` before you use `parsed`.

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

# %%
with expect_error(FirstCallError) as caught:
    read_json(cut, Person)
print(caught.error.what)
print(caught.error.fix)

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

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one before you open it.
#
# <details><summary>Why do you look at finish_reason before you parse?</summary> A cut reply is half an object, and json.loads only says that something is missing. finish_reason says why, and what to do: raise the limit.</details>
#
# <details><summary>Why is “try again” not enough after a bad reply?</summary> At temperature 0 the same request gives the same reply. Change something: the limit, or what the prompt says.</details>
#
# <details><summary>The reply fits your schema. Is it true?</summary> Nobody knows yet. The schema fixes which fields there are and of which kind. What stands in them the model may have invented, so check it against the source.</details>

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
