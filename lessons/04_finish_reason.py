# %% [markdown] lang="en" minutes=30
# # Finish reason
#
# ## What you will be able to do
#
# - say why a reply ended, from one field
# - bring about every value of that field yourself
# - let the model use a function of yours, and answer from its result
# - go on with a reply that was cut
# - write a handler that does the right thing for each value
#
# Every reply in this lesson comes from the practice model, unless you use your own key. Three answers near the end are **simulated**, and the text says so.

# %% tags=["setup"]
import json
import os
from unittest.mock import patch

import openai

from helpers import check, connect, current_model

# The simulated answers come from practice mode, also when you have a key.
with patch.dict(os.environ, {"FIRST_CALL_MODE": "practice"}):
    practice_client = connect()
    practice_model = current_model()

client = connect()
model = current_model()

# %% [markdown] lang="en"
# There are two clients. `client` is yours, as in every lesson. `practice_client` always calls the practice model. Without a key, both call the practice model, and the line above is there twice.

# %% [markdown] lang="en"
# ## The smallest call: the model is done

# %%
question = [{"role": "user", "content": "What is the capital of Japan?"}]

natural = client.chat.completions.create(
    model=model, messages=question, max_completion_tokens=50, temperature=0
)
print(natural.choices[0].message.content)

# %% [markdown] lang="en"
# Why did it stop there, and not in the middle, or a page later? The reply says it:

# %% tags=["nbval-check-output"]
print(natural.choices[0].finish_reason)

# %% [markdown] lang="en"
# `stop` means: the model thinks that it is done. That is the normal end.

# %% [markdown] lang="en"
# ## Look inside: all the values
#
# `finish_reason` stands in each choice, next to the message. It is one of these:
#
# | value | the reply ended because | what to do |
# |---|---|---|
# | `stop` | the model was done, or came to a stop word of yours | use it |
# | `length` | a limit was reached | go on, or raise the limit |
# | `tool_calls` | the model wants you to run a function | run it, send back the result |
# | `content_filter` | the provider's filter took something out | ask in other words |
# | `null` | it did not end: the stream still runs | read on |
# | `function_call` | like `tool_calls`, in a form from 2023 that is **deprecated** | use `tools` instead |
#
# You will see all but the last one. `function_call` comes only to programs that send the old parameter `functions`.

# %% [markdown] lang="en"
# ## stop, at a word of yours
#
# With `stop` you name a text where the model has to stop. First without it:

# %%
fruits = [{"role": "user", "content": "Write a numbered list of five fruits."}]

reply = client.chat.completions.create(
    model=model, messages=fruits, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now stop as soon as a `3` would come:

# %%
stopped = client.chat.completions.create(
    model=model, messages=fruits, max_completion_tokens=60, temperature=0, stop=["3"]
)
print(stopped.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", stopped.choices[0].finish_reason)
print("is the 3 in the reply?", "3" in stopped.choices[0].message.content)

# %% [markdown] lang="en"
# The reason is `stop` again. The stop word itself is not part of the reply. You may give up to four of them. Some models that think before they answer refuse `stop`.

# %% [markdown] lang="en"
# ## length, from the parameter
#
# `max_completion_tokens` is the most that the model may write. Five tokens are not enough for this answer:

# %%
recursion = [
    {"role": "user", "content": "What is recursion in programming? Answer in one sentence."}
]

cut = client.chat.completions.create(
    model=model, messages=recursion, max_completion_tokens=5, temperature=0
)
print(cut.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason: ", cut.choices[0].finish_reason)
print("tokens written:", cut.usage.completion_tokens)

# %% [markdown] lang="en"
# A cut reply is no error. Nothing is raised, and the text looks like any other. Only `finish_reason` tells you. **That is why you look at it.**
#
# Now try both with your hands. Run the cell. Move the slider and press **Run**: where does `length` turn into `stop`? Then write `3` into the field for the stop text, and run again.

# %% tags=["nbval-ignore-output"] reason="the explorer is a widget, drawn by your browser"
from helpers import finish_explorer

finish_explorer(client)

# %% [markdown] lang="en"
# ## length, from the context window
#
# There is a second limit, which you cannot raise. A model handles only so many tokens at once, prompt and reply together. That is its **context window**. OpenAI's models have room for several hundred thousand tokens, a thick book. The practice model has room for 2,048, so it is easy to fill.
#
# This cell sets no limit of its own. It uses the practice model in any case, and takes about half a minute, because the prompt is long.

# %%
long_prompt = "The sea is wide. " * 398 + "Count from 1 to 100."

window = practice_client.chat.completions.create(
    model=practice_model, messages=[{"role": "user", "content": long_prompt}], temperature=0
)
print(window.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", window.choices[0].finish_reason)
print("prompt and reply together:", window.usage.total_tokens)

# %% [markdown] lang="en"
# Exactly 2,048. The window was full, and the reply was cut.
#
# A prompt that does not fit at all **is** an error, with status 400. The message says how many tokens there were:

# %%
try:
    practice_client.chat.completions.create(
        model=practice_model, messages=[{"role": "user", "content": long_prompt * 2}]
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code)
    print(error.body["message"])
else:
    raise AssertionError("This prompt should be too long.")

# %% [markdown] lang="en"
# ## Go on with a cut reply
#
# Five cities, and too few tokens for them:

# %%
cities = [{"role": "user", "content": "List five cities in Europe, one per line."}]

part_1 = client.chat.completions.create(
    model=model, messages=cities, max_completion_tokens=12, temperature=0
)
print(part_1.choices[0].message.content)
print(part_1.choices[0].finish_reason)

# %% [markdown] lang="en"
# The API keeps no memory (lesson 03). So send back what you have, as an `assistant` message, and ask for the rest.

# %%
go_on = [
    *cities,
    {"role": "assistant", "content": part_1.choices[0].message.content},
    {"role": "user", "content": "Continue from where you stopped."},
]
part_2 = client.chat.completions.create(
    model=model, messages=go_on, max_completion_tokens=40, temperature=0
)
print(part_2.choices[0].message.content)
print(part_2.choices[0].finish_reason)

# %% [markdown] lang="en"
# The list goes on. But look at the **seam**. In practice mode number 4 is missing. Larger models do it better, and still the seam can be rough: a word is there twice, or a line break is missing.
#
# So if you can, **raise the limit** and ask again instead. Go on like this only where the reply is longer than the model can write at once.
#
# `continue_reply` is a helper that does the same, several times if needed, and joins the parts:

# %%
from helpers import continue_reply

text = continue_reply(client, cities, part_1, max_completion_tokens=40, temperature=0)
print(text)

# %% [markdown] lang="en"
# ## tool_calls: the model asks you to do something
#
# A model by itself cannot look anything up. Ask it for the temperature of this moment. A large model says that it cannot know. The practice model makes one up:

# %%
weather = [{"role": "user", "content": "What is the temperature in Oslo?"}]

reply = client.chat.completions.create(
    model=model, messages=weather, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The practice model has no idea how warm it is in Oslo. But **your program** could look it up. So you offer the model a function. That takes five steps.
#
# ![Drawing of a tool call, with three columns: your function, your program, the model. 1: you have a function get_temperature. 2: your program holds a description of it. 3: the program asks the model, and sends the description along. The model answers with finish_reason tool_calls: please run get_temperature with the city Oslo. 4: your program runs the function and gets minus 3 degrees Celsius. 5: it sends the result as a message with the role tool. The model answers in words, with finish_reason stop: it is minus 3 degrees in Oslo.](drawings/tool-round-trip.en.svg)
#
# **Step 1: have a function.** This one reads from a small table. A real one would ask a weather service.


# %% tags=["setup"]
def get_temperature(city):
    table = {"Oslo": "-3 degrees Celsius", "Lima": "22 degrees Celsius"}
    return table.get(city.title(), "not known")


print(get_temperature("Oslo"))

# %% [markdown] lang="en"
# **Step 2: declare it.** The model does not see your Python. It sees a description: the name, what the function does, and what it needs. The part below `parameters` is a JSON schema: one argument, a text, called `city`. `strict` means that the arguments have to fit it exactly. Lesson 06 has more about schemas.

# %% tags=["setup"]
temperature_tool = {
    "type": "function",
    "function": {
        "name": "get_temperature",
        "description": "Get the temperature in a city now, in degrees Celsius.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "the city's name"}},
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}

# %% [markdown] lang="en"
# **Step 3: ask, and send the declaration along.** The same question as before, plus `tools`:

# %%
asks_for_tool = client.chat.completions.create(
    model=model,
    messages=weather,
    tools=[temperature_tool],
    max_completion_tokens=60,
    temperature=0,
)

# %% tags=["nbval-check-output"]
choice = asks_for_tool.choices[0]
print("finish_reason:", choice.finish_reason)
print("content:      ", choice.message.content)
print("tool calls:   ", len(choice.message.tool_calls))

# %% [markdown] lang="en"
# No answer, and no text at all. Instead, the model **asks you** to run a function. Look at what it wants:

# %% tags=["nbval-check-output"]
call = choice.message.tool_calls[0]
arguments = json.loads(call.function.arguments)
print("function: ", call.function.name)
print("arguments:", arguments)

# %% [markdown] lang="en"
# The arguments come as a JSON text, so `json.loads` makes a dictionary of them. Each call also has an `id`, which you need in a moment.
#
# (In practice mode, the model decides **whether** it asks for a function, and a rule takes care that at least one argument comes from your words. So a call out of the air does not reach you.)
#
# **Step 4: run it.** The model runs nothing. Your program does, and it decides whether it wants to. Check the name, and never run a function just because a text names it.

# %%
if call.function.name == "get_temperature":
    result = get_temperature(**arguments)
print(result)

# %% [markdown] lang="en"
# (`**arguments` hands over the dictionary as `city="Oslo"`.)
#
# **Step 5: send the result back.** Two messages join the list: the model's request, just as it came, and your result. The result has the role `tool`, and says by `tool_call_id` which request it belongs to.

# %%
with_result = [
    *weather,
    choice.message,
    {"role": "tool", "tool_call_id": call.id, "content": result},
]
final = client.chat.completions.create(
    model=model,
    messages=with_result,
    tools=[temperature_tool],
    max_completion_tokens=60,
    temperature=0,
)
print(final.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", final.choices[0].finish_reason)

# %% [markdown] lang="en"
# Now the answer is built on **your** data. In short:
#
# `user` asks → the model asks for a tool → you run it → `tool` message → the model answers.

# %%
from helpers import show_messages

show_messages([*with_result, final.choices[0].message])

# %% [markdown] lang="en"
# With a question that needs no tool, the model answers at once:

# %%
reply = client.chat.completions.create(
    model=model,
    messages=question,
    tools=[temperature_tool],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].finish_reason, "|", reply.choices[0].message.content)

# %% [markdown] lang="en"
# `tool_choice` changes who decides: `"auto"` (the model, the default), `"none"` (no tool), `"required"` (some tool, in any case). A large model may also ask for **several** calls in one reply. Answer every one of them: one `tool` message for each `id`.

# %% [markdown] lang="en"
# ## null, while a stream runs
#
# In a stream, each chunk has a `finish_reason` as well. JSON writes “nothing” as `null`, Python as `None`:

# %%
stream = client.chat.completions.create(
    model=model, messages=recursion, max_completion_tokens=5, temperature=0, stream=True
)
reasons = []
for chunk in stream:
    part = chunk.choices[0]
    reasons.append(part.finish_reason)
    print(repr(part.delta.content), part.finish_reason)

# %% tags=["nbval-check-output"]
print("first:", reasons[0])
print("last: ", reasons[-1])

# %% [markdown] lang="en"
# Only the last chunk knows why it ended. If a stream stops and you never saw anything but `None`, the connection broke, and the reply is not complete. Lesson 08 shows that.

# %% [markdown] lang="en"
# ## content_filter (simulated)
#
# Providers check replies for content that they do not want to show. When the filter strikes, the reply ends there, or is empty. That is hard to provoke on purpose, and you should not try. So practice mode **simulates** it: the model name `simulate-content-filter` gives such a reply.

# %%
filtered = practice_client.chat.completions.create(
    model="simulate-content-filter", messages=question
)
print(filtered.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", filtered.choices[0].finish_reason)

# %% [markdown] lang="en"
# Again no error, only the field. The same request would be filtered again. Say it in other words.

# %% [markdown] lang="en"
# ## length, with an empty reply (simulated)
#
# Some models **think** before they answer. You pay for the thinking, but you do not see it. It counts towards the limit. With a low limit, it can use up everything, and no word of the answer is written. The practice model does not think, so this is **simulated**:

# %% tags=["nbval-check-output"]
thinking = practice_client.chat.completions.create(
    model="simulate-reasoning", messages=question, max_completion_tokens=60
)
print("finish_reason:", thinking.choices[0].finish_reason)
print("content:      ", repr(thinking.choices[0].message.content))
print("tokens:       ", thinking.usage.completion_tokens)
print("of these, hidden:", thinking.usage.completion_tokens_details.reasoning_tokens)

# %% [markdown] lang="en"
# Going on does not help here, as there is nothing to go on with. **Raise the limit**, or ask the model to think less: `reasoning_effort="low"`.

# %% [markdown] lang="en"
# ## A refusal (simulated)
#
# A model may decline to answer. Often it says so in plain words, in the content. It can also use a field made for that, `refusal`. This one is **simulated**:

# %%
refused = practice_client.chat.completions.create(model="simulate-refusal", messages=question)
print(refused.choices[0].message.refusal)

# %% tags=["nbval-check-output"]
print("finish_reason:", refused.choices[0].finish_reason)
print("content:      ", refused.choices[0].message.content)

# %% [markdown] lang="en"
# The reason is `stop`: the model did what it wanted to do. And the content is `None`. So `finish_reason` alone is not enough. Look at `refusal`, too.

# %% [markdown] lang="en"
# ## A handler, by hand
#
# A program that uses replies should know what to do for each case. Write that down **once**, in a function:


# %%
def next_step(choice):
    if choice.message.refusal:
        return "show the refusal"
    if choice.finish_reason == "stop":
        return "use the reply"
    if choice.finish_reason == "tool_calls":
        return "run the tools"
    if choice.finish_reason == "content_filter":
        return "ask in other words"
    if choice.finish_reason == "length":
        return "continue" if choice.message.content else "raise the limit"
    return "look at it"


# %% [markdown] lang="en"
# Try it on all the replies of this lesson:

# %% tags=["nbval-check-output"]
replies = {
    "natural": natural,
    "stopped": stopped,
    "cut": cut,
    "window": window,
    "asks_for_tool": asks_for_tool,
    "filtered": filtered,
    "thinking": thinking,
    "refused": refused,
}
for name, reply in replies.items():
    end = reply.choices[0]
    print(f"{name:14} {end.finish_reason:15} {next_step(end)}")

# %% [markdown] lang="en"
# The last line, `return "look at it"`, is for values that do not exist yet, or that only one provider has. A program should not fall over them.

# %% [markdown] lang="en"
# ## The helper: finish_advice
#
# `finish_advice` is the same idea. It gives one word for your program (`action`) and two sentences for a person:

# %%
from helpers import finish_advice

for reply in [cut, thinking]:
    advice = finish_advice(reply.choices[0])
    print("action:", advice.action)
    print(advice.what, advice.do)

# %% tags=["nbval-check-output"]
for name, reply in replies.items():
    print(f"{name:14} {finish_advice(reply.choices[0]).action}")

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The content is used without a look.** With a tool call or a refusal it is `None`, and Python complains somewhere else, later:

# %% tags=["nbval-check-output"]
try:
    asks_for_tool.choices[0].message.content.upper()
except AttributeError as error:
    print("AttributeError:", error)
else:
    raise AssertionError("The content should be None.")

# %% [markdown] lang="en"
# **The result is sent without the request.** A `tool` message must follow the message that asked for it. Status 400:

# %% tags=["nbval-check-output"]
forgotten = [*weather, {"role": "tool", "tool_call_id": call.id, "content": result}]

try:
    client.chat.completions.create(model=model, messages=forgotten, tools=[temperature_tool])
except openai.BadRequestError as error:
    print("status", error.status_code)
else:
    raise AssertionError("A result without its request should be refused.")

# %% [markdown] lang="en"
# **The function has no answer.** The model may ask for a city that is not in your table. Do not let your program fail. Send back what happened, in words, and the model can tell the user:

# %%
paris = [{"role": "user", "content": "What is the temperature in Paris?"}]
reply = client.chat.completions.create(
    model=model, messages=paris, tools=[temperature_tool], max_completion_tokens=60, temperature=0
)
paris_call = reply.choices[0].message.tool_calls[0]
paris_result = get_temperature(**json.loads(paris_call.function.arguments))
print(paris_result)

# %%
paris_messages = [
    *paris,
    reply.choices[0].message,
    {"role": "tool", "tool_call_id": paris_call.id, "content": paris_result},
]
reply = client.chat.completions.create(
    model=model, messages=paris_messages, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: stop before the fourth
#
# Ask for the five fruits again, but make the reply stop **before the 4** comes. Leave the limit at 60. Put the reply in `three`.

# %% tags=["exercise"]
ask_fruits = [{"role": "user", "content": "Write a numbered list of five fruits."}]
# Your turn: make the call, with max_completion_tokens=60 and one more parameter.
# --- solution
three = client.chat.completions.create(
    model=model, messages=ask_fruits, max_completion_tokens=60, temperature=0, stop=["4"]
)
print(three.choices[0].message.content)
# --- stub
# three = ...  # the call
# --- end

# %% tags=["check"]
check(
    "the reply ended with stop",
    lambda: three.choices[0].finish_reason == "stop",
    "Not the limit should end the reply. Leave max_completion_tokens at 60.",
)
check(
    "the 3 is in the reply, the 4 is not",
    lambda: "3" in three.choices[0].message.content and "4" not in three.choices[0].message.content,
    'Give the parameter stop a list with one text: stop=["4"].',
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: answer a tool call
#
# The user asks for the temperature in Lima. The first call is done: with `tool_choice="required"` the model has to ask for the tool. Do the rest: run the function, make the list `conversation` (question, request, result), and put the reply to it in `answer`.

# %% tags=["exercise"]
lima = [{"role": "user", "content": "What is the temperature in Lima?"}]
request = client.chat.completions.create(
    model=model,
    messages=lima,
    tools=[temperature_tool],
    tool_choice="required",
    max_completion_tokens=60,
    temperature=0,
)
tool_call = request.choices[0].message.tool_calls[0]

# Your turn: run the function with the arguments of tool_call, then send the result back.
# --- solution
lima_result = get_temperature(**json.loads(tool_call.function.arguments))
conversation = [
    *lima,
    request.choices[0].message,
    {"role": "tool", "tool_call_id": tool_call.id, "content": lima_result},
]
answer = client.chat.completions.create(
    model=model,
    messages=conversation,
    tools=[temperature_tool],
    max_completion_tokens=60,
    temperature=0,
)
print(answer.choices[0].message.content)
# --- stub
# lima_result = ...  # get_temperature(...)
# conversation = [
#     *lima,
#     # the model's request
#     # your result, with the role tool
# ]
# answer = ...  # the call with conversation
# --- end

# %% tags=["check"]
check(
    "you ran the function",
    lambda: lima_result == get_temperature("Lima"),
    "json.loads(tool_call.function.arguments) gives a dictionary. Hand it over with **.",
)
check(
    "question, request, result",
    lambda: conversation[1].tool_calls and conversation[2]["role"] == "tool",
    "After *lima comes request.choices[0].message, then a message with the role tool.",
)
check(
    "the result names its request and holds what the function gave",
    lambda: (
        conversation[2]["tool_call_id"] == tool_call.id
        and conversation[2]["content"] == lima_result
    ),
    "The tool message needs tool_call_id, which is tool_call.id, and content: lima_result.",
)
check(
    "the model answered",
    lambda: answer.choices[0].finish_reason == "stop",
    "Make the second call with messages=conversation.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: raise the limit until it fits
#
# Write `whole_reply(messages, limit)`. It makes the call with this limit. As long as the reply is cut, it doubles the limit and calls again, at most five times. It returns the last reply.

# %% tags=["exercise"]
one_sentence = [
    {"role": "user", "content": "What is recursion in programming? Answer in one sentence."}
]


def whole_reply(messages, limit):
    for _ in range(5):
        reply = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit, temperature=0
        )
        # Your turn: return the reply when it was not cut, or else double the limit.
        # --- solution
        if reply.choices[0].finish_reason != "length":
            return reply
        limit = limit * 2
        # --- stub
        # break
        # --- end
    return reply


whole = whole_reply(one_sentence, 8)
print(whole.choices[0].message.content)

# %% tags=["check"]
check(
    "the reply is whole",
    lambda: whole.choices[0].finish_reason == "stop",
    'Compare reply.choices[0].finish_reason with "length". Double with limit = limit * 2.',
)
check(
    "it took more tokens than the first limit",
    lambda: whole.usage.completion_tokens > 8,
    "Start with the limit 8, as in the cell, and raise it inside the function.",
)

# %% [markdown] lang="en"
# ## Common mistakes
#
# - `finish_reason` is never looked at, and half a reply is used as a whole one.
# - A cut reply is parsed as JSON. Look first, then parse. Lesson 06 does that.
# - The limit is raised although the context window is full. Then only a shorter prompt helps.
# - The same request is sent again after `content_filter`, in the same words.
# - A tool is run without a check of its name and its arguments. Treat them like anything that a stranger typed.

# %% [markdown] lang="en"
# ## What to remember
#
# - `finish_reason` says why a reply ended. Look at it before you use the text.
# - `stop` is fine. `length` means cut: by your limit, or by the context window.
# - `tool_calls` is a request to you. Run it, send back the result in a `tool` message, call again.
# - `content_filter` and a `refusal` raise no error. An empty reply with `length` is hidden thinking.
# - In a stream it is `None` until the last chunk.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: the chat completion object](https://platform.openai.com/docs/api-reference/chat/object), with all values of `finish_reason`
# - [OpenAI: function calling](https://developers.openai.com/api/docs/guides/function-calling), tools in full
# - [OpenAI: reasoning models](https://developers.openai.com/api/docs/guides/reasoning), hidden thinking and its tokens
