# %% [markdown] lang="en" minutes=35 more=25
# # Finish reason
#
# Your program asks for a summary and saves it. One day the summary ends in the middle of a sentence, and nobody notices, because nothing failed. One field of the reply would have told you.
#
# ## What you will be able to do
#
# - say why a reply ended, from one field
# - bring about every value of that field yourself
# - let the model use functions of yours, and answer from their results
# - write a handler that does the right thing for each value
# - give your order bot a tool, so that its sums are right
#
# Every reply in this lesson comes from the practice model, unless you use your own key. Some answers are **simulated**, and the text says so each time.

# %% tags=["setup"]
import json

import openai

from helpers import as_if, connect, current_model, exercise, hint, show_reply

# The simulated answers come from practice mode, also when you have a key.
with as_if(FIRST_CALL_MODE="practice"):
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
# You will bring about each of them.

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
    model=model,
    messages=fruits,
    max_completion_tokens=60,
    temperature=0,
    stop=["3"],
)
print(stopped.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", stopped.choices[0].finish_reason)
print("is the 3 in the reply?", "3" in stopped.choices[0].message.content)

# %% [markdown] lang="en"
# The reason is `stop` again. The stop word itself is not part of the reply. You may give up to four of them. Some models that think before they answer refuse `stop`.

# %% [markdown] lang="en"
# ## length, at a limit of yours
#
# `max_completion_tokens` is the most that the model may write. Five tokens are not enough for this answer:

# %%
recursion = [
    {
        "role": "user",
        "content": "What is recursion in programming? Answer in one sentence.",
    }
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
# ### Two names of the limit
#
# In older programs, and at some other providers, the same limit is called `max_tokens`. Practice mode takes both names:

# %% tags=["nbval-check-output"]
old_name = practice_client.chat.completions.create(
    model=practice_model, messages=recursion, max_tokens=5, temperature=0
)
print("finish_reason: ", old_name.choices[0].finish_reason)
print("tokens written:", old_name.usage.completion_tokens)

# %% [markdown] lang="en"
# OpenAI's models that can think refuse the old name. Practice mode has a model that refuses what they refuse, `practice-reasoning`. (`expect_error` lets a cell fail on purpose, and keeps the error. `explain` says in two sentences what it means.)

# %%
from helpers import expect_error, explain

with expect_error(openai.BadRequestError) as caught:
    practice_client.chat.completions.create(
        model="practice-reasoning", messages=recursion, max_tokens=5
    )
print(caught.error.status_code, caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# So write `max_completion_tokens`. A few providers know only `max_tokens`. For these, `connect()` writes the old name into each request, and says so in its line. You change nothing.

# %% [markdown] lang="en"
# ### length, with an empty reply (simulated)
#
# Some models **think** before they answer. You pay for the thinking, but you do not see it, and it counts towards the limit. With a low limit it can use up everything, and no word of the answer is written. The practice model does not think, so this is **simulated**:

# %% tags=["nbval-check-output"]
thinking = practice_client.chat.completions.create(
    model="simulate-reasoning", messages=question, max_completion_tokens=60
)
used = thinking.usage
print("finish_reason:", thinking.choices[0].finish_reason)
print("content:      ", repr(thinking.choices[0].message.content))
print("tokens:       ", used.completion_tokens)
print("of these hidden:", used.completion_tokens_details.reasoning_tokens)

# %% [markdown] lang="en"
# **Raise the limit**, or let the model think less. `reasoning_effort` says how much: `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. Each model takes only some of these. The same call once more, without any thinking:

# %%
awake = practice_client.chat.completions.create(
    model="simulate-reasoning",
    messages=question,
    max_completion_tokens=60,
    reasoning_effort="none",
)
print(awake.choices[0].message.content)

# %% tags=["nbval-check-output"]
used = awake.usage
print("finish_reason:", awake.choices[0].finish_reason)
print("hidden tokens:", used.completion_tokens_details.reasoning_tokens)

# %% [markdown] lang="en"
# Thinking helps with hard questions, and costs tokens and time. An easy question needs none. And with OpenAI's models that think, anything but `none` means that `temperature` is refused.

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
        "description": "Get the temperature in a city now, in Celsius.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "the city's name"},
            },
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
# ### Two tools
#
# Offer several functions, and the model picks one, or none. Here is a second one. A dictionary finds each function by its name. It is also the check: a name that does not stand in it is not run.


# %%
def get_time(city):
    table = {"Oslo": "14:20", "Lima": "08:20"}
    return table.get(city.title(), "not known")


time_tool = {
    "type": "function",
    "function": {
        "name": "get_time",
        "description": "Get the time of day in a city now.",
        "parameters": temperature_tool["function"]["parameters"],
        "strict": True,
    },
}
functions = {"get_temperature": get_temperature, "get_time": get_time}

# %% [markdown] lang="en"
# Steps 3 to 5 become a loop: ask, run what the model wants, ask again, until it answers in words. A model may want **several** calls in one reply. Answer every one of them, with one `tool` message for each `id`. The loop ends after five rounds in any case:


# %%
def run_with_tools(text):
    messages = [{"role": "user", "content": text}]
    for _ in range(5):
        reply = client.chat.completions.create(
            model=model,
            messages=messages,
            tools=[temperature_tool, time_tool],
            max_completion_tokens=60,
            temperature=0,
        )
        choice = reply.choices[0]
        messages.append(choice.message)
        if choice.finish_reason != "tool_calls":
            break
        for call in choice.message.tool_calls:
            arguments = json.loads(call.function.arguments)
            result = functions[call.function.name](**arguments)
            print("ran:", call.function.name, arguments, "->", result)
            answer = {"role": "tool", "tool_call_id": call.id, "content": result}
            messages.append(answer)
    print(choice.message.content)


# %%
run_with_tools("What time is it in Lima?")

# %%
run_with_tools("What is the capital of Japan?")

# %% [markdown] lang="en"
# The model picked the function that fits, and for the capital of Japan it took none.
#
# `tool_choice` changes who decides: `"auto"` (the model, the default), `"none"` (no tool), `"required"` (some tool, in any case).

# %% [markdown] lang="en"
# ## null, while a stream runs
#
# In a stream, each chunk has a `finish_reason` as well. JSON writes “nothing” as `null`, Python as `None`:

# %%
stream = client.chat.completions.create(
    model=model,
    messages=recursion,
    max_completion_tokens=5,
    temperature=0,
    stream=True,
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
# ## A refusal (simulated)
#
# A model may decline to answer. Often it says so in plain words, in the content. It can also use a field made for that, `refusal`. This one is **simulated**:

# %%
refused = practice_client.chat.completions.create(
    model="simulate-refusal",
    messages=question,
)
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
# Try it on the replies of this lesson:

# %% tags=["nbval-check-output"]
replies = {
    "natural": natural,
    "stopped": stopped,
    "cut": cut,
    "thinking": thinking,
    "asks_for_tool": asks_for_tool,
    "filtered": filtered,
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
    print(advice.what)
    print(advice.do)

# %% tags=["nbval-check-output"]
for name, reply in replies.items():
    print(f"{name:14} {finish_advice(reply.choices[0]).action}")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: stop before the fourth
#
# Ask for the five fruits again, but make the reply stop **before the 4** comes. Leave the limit at 60. Put the reply in `three`.

# %% tags=["exercise"]
fruits = [{"role": "user", "content": "Write a numbered list of five fruits."}]
# Your turn: make the call with max_completion_tokens=60 and one more.
# --- solution
three = client.chat.completions.create(
    model=model,
    messages=fruits,
    max_completion_tokens=60,
    temperature=0,
    stop=["4"],
)
print(three.choices[0].message.content)
# --- stub
# three = ...  # the call
# --- end

# %% tags=["check"]
with exercise(1) as check:
    check(
        "the reply ended with stop",
        three.choices[0].finish_reason == "stop",
        "The limit should not be what ends it. Is it 60?",
    )
    said = three.choices[0].message.content
    check(
        "the 3 is in the reply, the 4 is not",
        "3" in said and "4" not in said,
        "One parameter of this lesson names a text where to stop.",
        "It takes a list of texts.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: give the order bot a tool
#
# In lesson 03 you built a bot that takes orders for a small kitchen. It cannot add up. Now it gets a tool: the model says what to add, and **your program** keeps the order and the sum.
#
# Run the next cell. It holds the menu, the function and its declaration. New is `enum`, a list of the texts that are allowed: the model can add nothing that the kitchen does not have.

# %% tags=["setup"]
menu = {"noodle soup": 9, "dumplings": 7, "fried rice": 8, "green tea": 3}
order = {}


def add_to_order(dish, quantity):
    order[dish] = order.get(dish, 0) + quantity
    total = sum(menu[name] * number for name, number in order.items())
    return f"The order is now {order}. Together it costs {total} dollars."


order_tool = {
    "type": "function",
    "function": {
        "name": "add_to_order",
        "description": "Add a dish to the guest's order.",
        "parameters": {
            "type": "object",
            "properties": {
                "dish": {"type": "string", "enum": list(menu)},
                "quantity": {"type": "integer", "description": "how many"},
            },
            "required": ["dish", "quantity"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}

# %% [markdown] lang="en" tags=["exercise"]
# Now the bot. `talk` is the history, and `serve` is one turn. The call stands there. Write what comes after it:
#
# - If the reply did not end with `tool_calls`, return its text.
# - Otherwise run `add_to_order` for each call, and append the result to `talk` as a `tool` message. Then the loop asks again.

# %% tags=["exercise"]
order.clear()
talk = [
    {
        "role": "system",
        "content": "You take orders for a small kitchen. "
        f"Answer in one short sentence. The menu, in dollars: {menu}.",
    }
]


def serve(text):
    talk.append({"role": "user", "content": text})
    for _ in range(5):
        reply = client.chat.completions.create(
            model=model,
            messages=talk,
            tools=[order_tool],
            max_completion_tokens=60,
            temperature=0,
        )
        choice = reply.choices[0]
        talk.append(choice.message)
        # Your turn: return the text, or run each call and append its result.
        # --- solution
        if choice.finish_reason != "tool_calls":
            return choice.message.content
        for call in choice.message.tool_calls:
            result = add_to_order(**json.loads(call.function.arguments))
            answer = {"role": "tool", "tool_call_id": call.id, "content": result}
            talk.append(answer)
        # --- stub
        # return ...
        # --- end
    return "no answer after five rounds"


print(serve("Two dumplings, please."))
print("the order:", order)

# %% tags=["check"]
with exercise(2) as check:
    said = [m for m in talk if not isinstance(m, dict)]
    calls = [call.id for m in said for call in m.tool_calls or []]
    results = [m for m in talk if isinstance(m, dict) and m["role"] == "tool"]
    check(
        "the model asked for the tool, and you ran it",
        calls and order,
        "The arguments are a JSON text. Step 3 made a dictionary of it.",
        "Call add_to_order with that dictionary, as in step 4.",
    )
    check(
        "each request has its result",
        [m["tool_call_id"] for m in results] == calls,
        "A tool message names the request it belongs to. Look at step 5.",
    )
    check(
        "a result is what your function returned",
        results and all("Together it costs" in m["content"] for m in results),
        "What add_to_order returns is the content of the tool message.",
    )
    check(
        "in the end the bot answers in words",
        talk[-1].content,
        "Return the text when finish_reason is not tool_calls.",
    )

# %% [markdown] lang="en"
# The sum is right, because your program worked it out. Order more: `print(serve("One green tea, please."))` in a cell of its own, then look at `order`. A small model may miss an order, or add it twice. A kitchen would show the guest the order and ask before it cooks.

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional: the context window, going on with a cut reply, the old form of tools, and what goes wrong. It takes 25 minutes.
#
# ### length, from the context window
#
# There is a second limit, which you cannot raise. A model handles only so many tokens at once, prompt and reply together. That is its **context window**. OpenAI's models have room for several hundred thousand tokens, a thick book. The practice model has room for 2,048, so it is easy to fill.
#
# This cell sets no limit of its own. It uses the practice model in any case, and takes about half a minute, because the prompt is long. A busy computer needs longer.

# %%
long_prompt = "The sea is wide. " * 398 + "Count from 1 to 100."

window = practice_client.chat.completions.create(
    model=practice_model,
    messages=[{"role": "user", "content": long_prompt}],
    temperature=0,
    timeout=600,  # seconds: a slow or busy computer needs some minutes
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
too_long = [{"role": "user", "content": long_prompt * 2}]

with expect_error(openai.BadRequestError) as caught:
    practice_client.chat.completions.create(model=practice_model, messages=too_long)
print(caught.error.status_code, caught.error.code)
show_reply(caught.error.body["message"])

# %% [markdown] lang="en"
# ### Go on with a cut reply
#
# Five cities, and too few tokens for them:

# %%
cities = [
    {
        "role": "user",
        "content": "Write a numbered list of five cities in Europe.",
    }
]

part_1 = client.chat.completions.create(
    model=model, messages=cities, max_completion_tokens=12, temperature=0
)
print(part_1.choices[0].message.content)
print("finish_reason:", part_1.choices[0].finish_reason)

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
print("finish_reason:", part_2.choices[0].finish_reason)

# %% [markdown] lang="en"
# In practice mode, the list goes on where it stopped. That is luck. Look at the **seam** each time: a word may be there twice, a line break may be missing, and some models begin again from the start.
#
# So if you can, **raise the limit** and ask again instead. Go on like this only where the reply is longer than the model can write at once.
#
# `continue_reply` is a helper that does the same, several times if needed, and joins the parts:

# %%
from helpers import continue_reply

settings = {"max_completion_tokens": 40, "temperature": 0}
text = continue_reply(client, cities, part_1, **settings)
print(text)

# %% [markdown] lang="en"
# ### function_call, the old form of tools
#
# Before there were `tools`, there was `functions`. It is **deprecated**: you meet it in old programs only. Practice mode still takes it:

# %%
old_form = practice_client.chat.completions.create(
    model=practice_model,
    messages=weather,
    functions=[temperature_tool["function"]],
    max_completion_tokens=60,
    temperature=0,
)
wanted = old_form.choices[0].message.function_call
print("finish_reason:", old_form.choices[0].finish_reason)
print("function:     ", wanted.name, wanted.arguments)

# %% [markdown] lang="en"
# One call at most, and no `id`. `next_step` above would say “look at it”, and that is right: the fix is to write `tools`.

# %% [markdown] lang="en"
# ### What goes wrong, and how it looks
#
# **The content is used without a look.** With a tool call or a refusal it is `None`, and Python complains somewhere else, later:

# %% tags=["nbval-check-output"]
with expect_error(AttributeError) as caught:
    asks_for_tool.choices[0].message.content.upper()
print("AttributeError:", caught.error)

# %% [markdown] lang="en"
# **The result is sent without the request.** A `tool` message must follow the message that asked for it. Status 400:

# %% tags=["nbval-check-output"]
forgotten = [
    *weather,
    {"role": "tool", "tool_call_id": call.id, "content": result},
]

with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(
        model=model,
        messages=forgotten,
        tools=[temperature_tool],
    )
print("status", caught.error.status_code)

# %% [markdown] lang="en"
# **The function has no answer.** The model may ask for a city that is not in your table. Do not let your program fail. Send back what happened, in words, and the model can tell the user:

# %%
run_with_tools("What is the temperature in Paris?")

# %% [markdown] lang="en"
# No temperature was made up: the model had your “not known” to go by.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: raise the limit until it fits
#
# Write `whole_reply(messages, limit)`. It makes the call with this limit. As long as the reply is cut, it doubles the limit and calls again, at most five times. It returns the last reply.

# %% tags=["exercise"]
one_sentence = [
    {
        "role": "user",
        "content": "What is recursion in programming? Answer in one sentence.",
    }
]


def whole_reply(messages, limit):
    for _ in range(5):
        reply = client.chat.completions.create(
            model=model,
            messages=messages,
            max_completion_tokens=limit,
            temperature=0,
        )
        # Your turn: return a reply that was not cut, or double the limit.
        # --- solution
        if reply.choices[0].finish_reason != "length":
            return reply
        limit = limit * 2
        # --- stub
        # break
        # --- end
    return reply


whole = whole_reply(one_sentence, 8)
show_reply(whole)

# %% tags=["check"]
with exercise(3) as check:
    check(
        "the reply is whole",
        whole.choices[0].finish_reason == "stop",
        "Which value of finish_reason says that it was cut?",
        "The loop asks again by itself, if limit has grown by then.",
    )
    check(
        "it took more tokens than the first limit",
        whole.usage.completion_tokens > 8,
        "Start with the limit 8, and raise it inside the function.",
    )

# %% [markdown] lang="en" tags=["questions"]
# ## Questions
#
# Think of an answer, then open it.
#
# <details><summary>A reply looks fine, and <code>finish_reason</code> is <code>length</code>. May your program save it?</summary>
#
# Not as a whole reply. It was cut. Raise the limit and ask again, or go on with it.
# </details>
#
# <details><summary>Who runs the function when the reply ends with <code>tool_calls</code>?</summary>
#
# Your program, if it wants to. The model only names the function and its arguments. Check both, like anything that a stranger typed.
# </details>
#
# <details><summary>The content is empty, the reason is <code>length</code>, and you paid for 60 tokens. What happened?</summary>
#
# The model thought, and the thinking used up the limit. Raise the limit, or lower <code>reasoning_effort</code>.
# </details>

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
