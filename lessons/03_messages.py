# %% [markdown] lang="en" minutes=30
# # Messages
#
# ## What you will be able to do
#
# - say what each role is for: system, user, assistant, and developer
# - explain why the model forgets, and give it a memory
# - teach it a task by examples that you write yourself
# - keep a conversation, see what it costs, and keep it short
# - chat in a small window
#
# Every reply in this lesson comes from the practice model, unless you use your own key. Nothing is simulated. The practice model is small, and some answers here are **wrong**. The text says so each time.

# %% tags=["setup"]
from helpers import check, connect, current_model

client = connect()
model = current_model()

# %% [markdown] lang="en"
# ## The smallest call
#
# `messages` is a list. The shortest one holds a single `user` message:

# %%
messages = [{"role": "user", "content": "What is the capital of Japan?"}]

reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## Look inside
#
# What you send and what you get are the same kind of thing: a message, with a role and a content.

# %% tags=["nbval-check-output"]
print("you sent:", messages[0]["role"])
print("you got: ", reply.choices[0].message.role)

# %% [markdown] lang="en"
# Only the writing differs. You send a dictionary, so it is `["role"]`. You get an object of the SDK, so it is `.role`.
#
# There are three roles:
#
# | role | who speaks | needed? |
# |---|---|---|
# | `system` | you, as the author of the program: how the model should behave | no. If there is one, it comes first |
# | `user` | the person who asks | yes |
# | `assistant` | the model | not in the first call |
#
# So far there was no system message, and it worked.

# %% [markdown] lang="en"
# ## Change one thing: the system message
#
# The same question twice: first without a system message, then with one.

# %%
question = {"role": "user", "content": "Who are you?"}
pirate = {
    "role": "system",
    "content": "You are Captain Blue, a pirate. Answer in one sentence.",
}

for messages in [[question], [pirate, question]]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The question stayed the same, and yet someone else answers.
#
# People who use your program see the answers. They do not see the system message.

# %% [markdown] lang="en"
# ### developer: the newer name of system
#
# OpenAI's newer models call this role `developer`. It does the same job. At OpenAI both names work. Many other providers know only `system`, so this course writes `system`.

# %%
pirate = {
    "role": "developer",
    "content": "You are Captain Blue, a pirate. Answer in one sentence.",
}

reply = client.chat.completions.create(
    model=model, messages=[pirate, question], max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ### A wish, not a law
#
# The model does not always obey. Here the system message forbids a word:

# %%
messages = [
    {"role": "system", "content": "Never mention the word Tokyo."},
    {"role": "user", "content": "What is the capital of Japan?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode the model says it all the same. Large models obey far more often, but no model always does. If something must not be in a reply, let your program look for it.

# %% [markdown] lang="en"
# ## The API keeps no memory
#
# In ChatGPT you can ask a second question that builds on the first. Try it here. The second call asks where **it** is, and does not say what:

# %%
first = [{"role": "user", "content": "Who painted the Mona Lisa?"}]
second = [{"role": "user", "content": "Where is it now?"}]

for messages in [first, second]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print("-", reply.choices[0].message.content)

# %% [markdown] lang="en"
# The second reply is of no use. The model cannot know what “it” is: **each call starts from nothing**. The service keeps no memory between calls, not even a second later.
#
# The memory has to come from you. Send the whole conversation, every time:

# %%
messages = [
    {"role": "user", "content": "Who painted the Mona Lisa?"},
    {"role": "assistant", "content": "The Mona Lisa was painted by Leonardo da Vinci."},
    {"role": "user", "content": "Where is it now?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now the model knows what “it” is. ChatGPT does the same: it sends your conversation along with each new question.
#
# One more, from OpenAI's own guide: the World Series, the finals of American baseball.

# %%
messages = [
    {"role": "user", "content": "Who won the World Series in 2020?"},
    {"role": "assistant", "content": "The Los Angeles Dodgers won the World Series in 2020."},
    {"role": "user", "content": "Where was it played?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The practice model understands what you talk about, and its answer is **wrong**. The Dodgers come from Los Angeles, so the guess is near. But in 2020, because of the pandemic, all games were played in Arlington, Texas. With your own key you probably get the right place.
#
# Remember both halves: **the history tells the model what you talk about. It does not make the answer true.**

# %% [markdown] lang="en"
# ## Teach by examples
#
# Look at the last list again. The model never wrote its `assistant` message. **You** did. The model cannot tell, and takes it for its own words.
#
# You can use that. Say you sort what guests write, into good and bad. Without any explanation:

# %%
task = {"role": "user", "content": "Great food, friendly people."}

reply = client.chat.completions.create(
    model=model, messages=[task], max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# A friendly chat, but not what you want. Now show it two examples. You write both sides:

# %%
examples = [
    {"role": "user", "content": "The soup was cold."},
    {"role": "assistant", "content": "negative"},
    {"role": "user", "content": "Lovely music!"},
    {"role": "assistant", "content": "positive"},
]
for text in ["Great food, friendly people.", "The room was dirty and loud."]:
    task = {"role": "user", "content": text}
    reply = client.chat.completions.create(
        model=model, messages=[*examples, task], max_completion_tokens=30, temperature=0
    )
    print(reply.choices[0].message.content, "|", text)

# %% [markdown] lang="en"
# The model saw the pattern and goes on with it. Nobody told it what the task is. This is called **few-shot** prompting: a few examples. Without an example it is *zero-shot*.
#
# (`[*examples, task]` makes a new list: all the examples, then the task.)
#
# Examples are often the best way to get the form you want: the length, the style, the labels. Two to five are usually enough.

# %% [markdown] lang="en"
# ## Keep a conversation, by hand
#
# A conversation is a list that grows. Every turn has three steps:
#
# 1. Append what the user says.
# 2. Send the whole list.
# 3. Append what the model says.

# %%
history = [{"role": "system", "content": "You are a helpful assistant."}]


def say(text):
    history.append({"role": "user", "content": text})
    reply = client.chat.completions.create(
        model=model, messages=history, max_completion_tokens=30, temperature=0
    )
    answer = reply.choices[0].message.content
    history.append({"role": "assistant", "content": answer})
    print(answer)
    return reply


# %%
turn_1 = say("What is the capital of Japan?")
turn_2 = say("And of Italy?")

# %% [markdown] lang="en"
# “And of Italy?” makes sense only with the question before it. The list has it. (Did you run a cell twice? Then its question is in the list twice. Run the cell with `history = […]` again, and go on from there.)

# %% tags=["nbval-check-output"]
for message in history:
    print(message["role"])

# %% [markdown] lang="en"
# The helper `show_messages` draws the same list as a chat, with each role written out:

# %%
from helpers import show_messages

show_messages(history)

# %% [markdown] lang="en"
# ## A long conversation costs more
#
# Two more turns. The questions are as short as before:

# %%
turn_3 = say("And of France?")
turn_4 = say("And of Spain?")

# %% [markdown] lang="en"
# Now look at the tokens you **sent** in each turn:

# %%
total = 0
for number, turn in enumerate([turn_1, turn_2, turn_3, turn_4], start=1):
    total = total + turn.usage.prompt_tokens
    print(f"turn {number}: {turn.usage.prompt_tokens:3} tokens sent, {total:3} in all")

# %% [markdown] lang="en"
# Each turn sends everything before it **again**, and you pay for it again. The last question is shorter than the first, and sends more than three times as many tokens.
#
# ![Drawing of three calls in one conversation. The first call sends 2 messages, 26 tokens. The second sends these again, with the answer and a new question: 4 messages, 46 tokens. The third sends all of that again: 6 messages, 66 tokens. Only the last message of each call is new.](drawings/growing-history.en.svg)
#
# Four turns do not matter. A hundred long turns do. And there is a hard end: a model reads only so many tokens at once, its **context window**. In practice mode that is 2,048 tokens. Lesson 04 shows what happens there.

# %% [markdown] lang="en"
# ## Trim the history
#
# The usual cure: keep the system message and only the last few turns. A turn is two messages, so `history[-2:]` is the last turn. `history[:1]` is a list with the first message only.

# %%
trimmed = history[:1] + history[-2:]

for message in trimmed:
    print(message["role"], "|", message["content"])

# %%
messages = [*trimmed, {"role": "user", "content": "And of Egypt?"}]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)
print("tokens sent:", reply.usage.prompt_tokens)

# %% [markdown] lang="en"
# Still right, for about half of the tokens of turn 4.
#
# But what you cut off is **gone**. In the next conversation, the first turn is about a dog:

# %% tags=["setup"]
long_history = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "My dog is called Biscuit and he is 4 years old."},
    {"role": "assistant", "content": "Biscuit sounds lovely! He is 4 years old."},
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "assistant", "content": "The capital of Japan is Tokyo."},
    {"role": "user", "content": "What is the capital of Italy?"},
    {"role": "assistant", "content": "The capital of Italy is Rome."},
]
dog_question = {"role": "user", "content": "What is my dog called?"}

# %%
short_history = long_history[:1] + long_history[-2:]

for messages in [[*long_history, dog_question], [*short_history, dog_question]]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(f"{len(messages)} messages:", reply.choices[0].message.content)

# %% [markdown] lang="en"
# With the whole history: Biscuit. That is right, though the practice model says “my dog” where it should say “your dog”.
#
# With the short one it does not say “I do not know”. It **makes up** a name! Large models admit it more often. Do not rely on it.
#
# What must not be forgotten belongs in the system message, which you always keep:

# %%
note = {
    "role": "system",
    "content": "You are a helpful assistant. The user has a dog called Biscuit, 4 years old.",
}
messages = [note, *long_history[-2:], dog_question]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## The helper: Conversation
#
# You have written it all by hand. `Conversation` keeps the list for you. `max_turns=2` trims it to two turns, the new one included. The other settings go along with each call:

# %%
from helpers import Conversation

chat = Conversation(
    client,
    "You are a helpful assistant.",
    max_turns=2,
    max_completion_tokens=30,
    temperature=0,
)
for text in ["What is the capital of Japan?", "And of Italy?", "And of France?", "And of Spain?"]:
    print(chat.say(text), "| tokens sent:", chat.last.usage.prompt_tokens)

# %% [markdown] lang="en"
# The tokens stop growing at turn 3. `chat.last` is the last reply. `chat.messages` is the list, and you can look at it at any time:

# %% tags=["nbval-check-output"]
for message in chat.messages:
    print(message["role"])

# %% [markdown] lang="en"
# A system message and two turns. `chat.total` adds up the tokens. In practice mode the price is what these tokens would have cost:

# %%
print(chat.total)

# %% [markdown] lang="en"
# ## A chat window
#
# A list that grows, and a reply printed as it arrives: that is all a chat program needs. Here is one, in a window. Run the cell, type “What is the capital of Japan?”, and press Enter. Then “And of Italy?”. **Stop** ends a reply that is too long. **New chat** empties the list.

# %% tags=["nbval-ignore-output"] reason="the window is a widget, drawn by your browser"
from helpers import chat_window

chat_window(client, "You are a helpful assistant.", max_completion_tokens=100, temperature=0)

# %% [markdown] lang="en"
# The line below the window counts the tokens of each turn. Watch them grow. The code is in `helpers/conversation.py` and `helpers/widgets/`, and it is short.

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The answer is not appended.** Then the model sees two questions that nobody has answered. In practice mode it answers the old one again. Nothing fails, so this is hard to find:

# %%
forgetful = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "user", "content": "And of Italy?"},
]
reply = client.chat.completions.create(
    model=model, messages=forgetful, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# **The content is not a text.** A number, for example, is refused with status 400:

# %% tags=["nbval-check-output"]
import openai

try:
    client.chat.completions.create(model=model, messages=[{"role": "user", "content": 42}])
except openai.BadRequestError as error:
    print("status", error.status_code)
else:
    raise AssertionError("A number should be refused. Write str(42).")

# %% [markdown] lang="en"
# **The list is empty.** Status 400 as well:

# %% tags=["nbval-check-output"]
try:
    client.chat.completions.create(model=model, messages=[])
except openai.BadRequestError as error:
    print("status", error.status_code)
else:
    raise AssertionError("An empty list should be refused.")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: give it a memory
#
# Make a list `memory` of three messages: the user says that the cat is called Luna, the assistant answers something friendly (you write it), the user asks for the cat's name. Send it, and put the reply in `cat_reply`.

# %% tags=["exercise"]
# Your turn: fill the list, then make the call with it.
# --- solution
memory = [
    {"role": "user", "content": "My cat is called Luna."},
    {"role": "assistant", "content": "Luna is a lovely name for a cat."},
    {"role": "user", "content": "What is my cat called?"},
]
cat_reply = client.chat.completions.create(
    model=model, messages=memory, max_completion_tokens=30, temperature=0
)
print(cat_reply.choices[0].message.content)
# --- stub
# memory = [
#     # the user says what the cat is called
#     # the assistant answers
#     # the user asks
# ]
# cat_reply = ...  # client.chat.completions.create(...) with memory
# --- end

# %% tags=["check"]
check(
    "user, assistant, user",
    lambda: [message["role"] for message in memory] == ["user", "assistant", "user"],
    "The list should hold three messages, with the roles user, assistant, user.",
)
check(
    "the name is in the first message, not in the question",
    lambda: "Luna" in memory[0]["content"] and "Luna" not in memory[2]["content"],
    "The first message says that the cat is called Luna. The last one only asks.",
)
check(
    "the model replied",
    lambda: cat_reply.choices[0].message.role == "assistant",
    "cat_reply should be what client.chat.completions.create(...) gives back.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: teach by examples
#
# Get `Rome` for `Italy`, in one word, **without** a system message and without asking a question. Show it two other countries first. Put the list in `shots` and the reply in `capital`.

# %% tags=["exercise"]
# Your turn: two examples (four messages), then the task.
# --- solution
shots = [
    {"role": "user", "content": "France"},
    {"role": "assistant", "content": "Paris"},
    {"role": "user", "content": "Japan"},
    {"role": "assistant", "content": "Tokyo"},
    {"role": "user", "content": "Italy"},
]
capital = client.chat.completions.create(
    model=model, messages=shots, max_completion_tokens=10, temperature=0
)
print(capital.choices[0].message.content)
# --- stub
# shots = [
#     # a country, then its capital
#     # another country, then its capital
#     {"role": "user", "content": "Italy"},
# ]
# capital = ...  # the call with shots
# --- end

# %% tags=["check"]
check(
    "two examples, then the task",
    lambda: [m["role"] for m in shots] == ["user", "assistant", "user", "assistant", "user"],
    "An example is a user message and an assistant message. You need two, then the task.",
)
check(
    "each answer in the examples is one word",
    lambda: len(shots) > 1 and all(len(m["content"].split()) == 1 for m in shots),
    "Write France and Paris, no sentences: the model copies the form of your examples.",
)
check(
    "the model replied",
    lambda: capital.choices[0].message.role == "assistant",
    "capital should be what client.chat.completions.create(...) gives back.",
)

# %% [markdown] lang="en"
# Then try other countries. The form is right each time, the answer not always: for Australia, the practice model says Sydney.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: write the trimming yourself
#
# Write `trim(messages, turns)`. It returns a **new** list: the system message and the last `turns` turns. A turn is two messages, and `turns` is 1 or more.


# %% tags=["exercise"]
def trim(messages, turns):
    # Your turn: return the first message and the last ones.
    # --- solution
    return messages[:1] + messages[1:][-2 * turns :]
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
check(
    "the system message stays",
    lambda: trim(long_history, 1)[0]["role"] == "system",
    "messages[:1] is a list with the first message.",
)
check(
    "one turn: three messages are left",
    lambda: trim(long_history, 1) == long_history[:1] + long_history[-2:],
    "messages[-2:] are the last two messages. Add the two lists with +.",
)
check(
    "two turns: five messages are left",
    lambda: trim(long_history, 2) == long_history[:1] + long_history[-4:],
    "Two turns are four messages: messages[-2 * turns:].",
)
check(
    "a short history stays as it is",
    lambda: trim(long_history[:3], 5) == long_history[:3],
    "Cut the last turns from messages[1:], so that the system message is not there twice.",
)

# %% [markdown] lang="en"
# ## Common mistakes
#
# - The system message was sent in the first call only. It has no memory either: send it in every call.
# - The question is appended, but the answer is not.
# - One list is used for two conversations, and they mix.
# - The list grows for ever. First it gets expensive, then the call fails.
# - Something secret stands in the system message. A user can make the model repeat it.

# %% [markdown] lang="en"
# ## What to remember
#
# - `messages` is a list of roles and contents: `system` (or `developer`) first, then `user` and `assistant` in turn.
# - The API keeps no memory. Send the whole conversation with every call.
# - You may write `assistant` messages yourself: as history, or as examples.
# - The cost of a turn grows with the history. Trim it, and keep what matters in the system message.
# - The history says what you talk about. It does not make the answer true.

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: conversation state](https://developers.openai.com/api/docs/guides/conversation-state), how to keep a conversation
# - [OpenAI: create a chat completion](https://platform.openai.com/docs/api-reference/chat/create), the roles of `messages`
# - [OpenAI: prompt engineering](https://developers.openai.com/api/docs/guides/prompt-engineering), instructions and examples
