# %% [markdown] lang="en" minutes=30 more=20
# # Messages
#
# You ask a program “Who won?”, and it answers. You ask “Where was it played?”, and it has no idea what you are talking about. Here you find out why, and in the end you build a bot for a small kitchen that forgets no order.
#
# ## What you will be able to do
#
# - say what each role is for: system, user, assistant
# - explain why the model forgets, and give it a memory
# - see what a conversation costs, and keep it short
# - chat in a small window
# - build a chatbot with a job
#
# Every reply in this lesson comes from the practice model, unless you use your own key. Nothing is simulated. The practice model is small: where an answer of it is wrong, the text says so.

# %% tags=["setup"]
from helpers import Conversation, connect, current_model, exercise, hint

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
# ## Look inside: the roles
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
    print("-", reply.choices[0].message.content)

# %% [markdown] lang="en"
# The question stayed the same, and yet someone else answers.
#
# People who use your program see the answers. They do not see the system message.
#
# OpenAI's newer models call this role `developer`. It does the same job, and OpenAI takes both names. Many other providers know only `system`, so this course writes `system`.

# %%
captain = {
    "role": "developer",
    "content": "You are Captain Blue, a pirate. Answer in one sentence.",
}

messages = [captain, question]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## The API keeps no memory
#
# In ChatGPT you can ask a second question that builds on the first. Say you have just asked who won the World Series in 2020, the finals of American baseball. Now you ask where **it** was played:

# %%
from helpers import show_reply

messages = [{"role": "user", "content": "Where was it played?"}]

reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
show_reply(reply)

# %% [markdown] lang="en"
# (`show_reply` draws a reply as a card, so that no word is cut at the edge of the page.)
#
# That is no answer to your question. The model cannot know what “it” is: **each call starts from nothing**. The service keeps no memory between calls, not even a second later. A large model asks what you mean. The practice model makes something up: there is no such song.
#
# The memory has to come from you. Send the whole conversation, every time:

# %%
messages = [
    {"role": "system", "content": "Answer in a few words."},
    {"role": "user", "content": "Who won the World Series in 2020?"},
    {
        "role": "assistant",
        "content": "The Los Angeles Dodgers won the World Series in 2020. "
        "They played all the games in Arlington, Texas.",
    },
    {"role": "user", "content": "Where was it played?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now the model knows what “it” is, and the place is right. ChatGPT does the same as you: it sends your conversation along with each new question.
#
# Look at the list once more. The model never wrote its `assistant` message. **You** did. The model cannot tell, and takes it for its own words.

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
#
# The helper `show_messages` draws the list as a chat, with each role written out:

# %%
from helpers import show_messages

show_messages(history)

# %% tags=["nbval-check-output"]
for message in history:
    print(message["role"])

# %% [markdown] lang="en"
# ## A long conversation costs more
#
# Two more turns. The questions are as short as before:

# %%
turn_3 = say("And of France?")
turn_4 = say("And of Spain?")

# %% [markdown] lang="en"
# Now draw the tokens of each turn. `Meter` counts them, `show_meter` draws them: the filled bar is what you **sent**, the outlined one what came back.

# %%
from helpers import Meter, show_meter

meter = Meter()
for turn in [turn_1, turn_2, turn_3, turn_4]:
    meter.add(turn)
show_meter(meter)

# %% [markdown] lang="en"
# The filled bars climb like stairs. Each turn sends everything before it **again**, and you pay for it again. The last question is shorter than the first, and sends more than three times as many tokens.
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
print("tokens sent in turn 4:", turn_4.usage.prompt_tokens)
print("tokens sent now:      ", reply.usage.prompt_tokens)

# %% [markdown] lang="en"
# Still right, for about half of the tokens. (`[*trimmed, …]` makes a new list: all the old messages, then the new one.)
#
# What you cut off is **gone**. What must not be forgotten belongs in the system message, which you always keep.

# %% [markdown] lang="en"
# ## The helper: Conversation
#
# You have written it all by hand. `Conversation` keeps the list for you. `max_turns=2` trims it to two turns, the new one included. The other settings go along with each call:

# %%
chat = Conversation(
    client,
    "You are a helpful assistant.",
    max_turns=2,
    max_completion_tokens=30,
    temperature=0,
)
for country in ["Japan", "Italy", "France", "Spain"]:
    print(chat.say(f"What is the capital of {country}?"))

# %% [markdown] lang="en"
# `chat.messages` is the list. It holds a system message and two turns:

# %% tags=["nbval-check-output"]
for message in chat.messages:
    print(message["role"])

# %% [markdown] lang="en"
# `chat.total` is its meter. Now the stairs end at the second turn:

# %%
show_meter(chat.total)

# %% [markdown] lang="en"
# ## A chat window
#
# A list that grows, and a reply printed as it arrives: that is all a chat program needs. Here is one, in a window. Run the cell, type “What is the capital of Japan?”, and press Enter. Then “And of Italy?”. **Stop** ends a reply that is too long. **New chat** empties the list.

# %% tags=["nbval-ignore-output"] reason="the window is a widget, drawn by your browser"
from helpers import chat_window

system = "You are a helpful assistant."
chat_window(client, system, max_completion_tokens=100, temperature=0)

# %% [markdown] lang="en"
# The line below the window counts the tokens of each turn. Watch them grow. The code is in `helpers/conversation.py` and `helpers/widgets/`, and it is short.

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The answer is not appended.** Then the model sees two questions that nobody has answered. Nothing fails, so this is hard to find:

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
# In practice mode the model answers the old question again. A large model may answer both.
#
# **The content is not a text.** A number, for example, is refused with status 400. Write `str(42)`. (`expect_error` lets a cell fail on purpose, and keeps the error for you to look at.)

# %% tags=["nbval-check-output"]
import openai

from helpers import expect_error

number = [{"role": "user", "content": 42}]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=number)
print("status", caught.error.status_code)

# %% [markdown] lang="en"
# **The list is empty.** Status 400 as well:

# %% tags=["nbval-check-output"]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=[])
print("status", caught.error.status_code)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: give it a memory
#
# Make a list `memory` of three messages: the user says “My cat Luna is 4 years old.”, the assistant answers something friendly (you write it), the user asks how old Luna is. Send it, and put the reply in `cat_reply`.

# %% tags=["exercise"]
# Your turn: fill the list, then make the call with it.
# --- solution
memory = [
    {"role": "user", "content": "My cat Luna is 4 years old."},
    {"role": "assistant", "content": "Luna is a lovely name for a cat."},
    {"role": "user", "content": "How old is Luna?"},
]
cat_reply = client.chat.completions.create(
    model=model, messages=memory, max_completion_tokens=30, temperature=0
)
print(cat_reply.choices[0].message.content)
# --- stub
# memory = [
#     # the user says how old the cat is
#     # the assistant answers
#     # the user asks
# ]
# cat_reply = ...  # client.chat.completions.create(...) with memory
# --- end

# %% tags=["check"]
with exercise(1) as check:
    check(
        "the roles are user, assistant, user",
        [m["role"] for m in memory] == ["user", "assistant", "user"],
        "Who speaks first, who answers, who asks?",
    )
    check(
        "the age is in the first message, not in the question",
        "4" in memory[0]["content"] and "4" not in memory[2]["content"],
        "Where does the model learn the age? Write it only there.",
    )
    check(
        "the model replied",
        cat_reply.choices[0].message.role == "assistant",
        "cat_reply is what the call gives back.",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: build a bot that takes orders
#
# A small kitchen wants a bot. Its menu stands in the cell. Build the bot in three steps:
#
# 1. Write `rules`, the system message. It says what the bot's job is, what is on the menu and what it costs, that an answer is one short sentence, and what to say when a guest wants something else.
# 2. Make `bot`, a `Conversation` with your rules. Do not trim it: no order may be forgotten.
# 3. Be the guest, three times or more: ask what there is, order something, ask for a pizza.
#
# There is no one right answer. Read what the bot says, change your rules, and run the cell again, until you like it.

# %% tags=["exercise"]
# The menu, with prices in dollars.
menu = {"noodle soup": 9, "dumplings": 7, "fried rice": 8, "green tea": 3}

# Your turn: write the rules, make the bot, be the guest.
# --- solution
rules = (
    "You take orders for a small kitchen. Answer in one short sentence. "
    f"The menu, with prices in dollars: {menu}. "
    "If a guest wants something else, say that we do not have it."
)
bot = Conversation(client, rules, max_completion_tokens=60, temperature=0)
for text in [
    "Hello! What do you have?",
    "Two dumplings, please.",
    "Do you have pizza?",
]:
    print("guest:", text)
    print("bot:  ", bot.say(text))
# --- stub
# rules = ...  # a text: the job, the menu, how to answer
# bot = ...  # Conversation(client, rules, …)
# # print(bot.say(…)), three times or more
# --- end

# %% tags=["check"]
with exercise(2) as check:
    check(
        "the rules name every dish and its price",
        all(dish in rules and str(menu[dish]) in rules for dish in menu),
        "The model knows of the menu only what your rules say.",
        "You need not type it: in an f-string, {menu} stands for all of it.",
    )
    check(
        "the bot has your rules as its system message",
        bot.messages[0] == {"role": "system", "content": rules},
        "In “The helper: Conversation”, where do the rules go?",
    )
    check(
        "it was asked three times or more, and nothing is forgotten",
        sum(message["role"] == "user" for message in bot.messages) >= 3,
        "Call bot.say(…) with what a guest says.",
        "Is there a max_turns? Then the bot forgets.",
    )

# %% [markdown] lang="en"
# Your bot works? Then let somebody else be the guest. Make a new cell with this line, and run it:
#
# ```python
# chat_window(client, rules, max_completion_tokens=60, temperature=0)
# ```
#
# Order more, and ask what everything costs together. A model is bad at sums, and a small one is very bad. In lesson 04 the bot gets a tool: then your program keeps the order and adds up, and the sum is right.

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional: teaching by examples, and what goes wrong with system messages and trimming. It takes 20 minutes.
#
# ### Teach by examples
#
# You may write `assistant` messages yourself, and the model takes them for its own words. You can use that. Say you sort what guests write, into good and bad. Without any explanation:

# %%
task = {"role": "user", "content": "Great food, friendly people."}

reply = client.chat.completions.create(
    model=model, messages=[task], max_completion_tokens=30, temperature=0
)
show_reply(reply)

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
    messages = [*examples, task]
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(reply.choices[0].message.content, "|", text)

# %% [markdown] lang="en"
# The model saw the pattern and goes on with it. Nobody told it what the task is. This is called **few-shot** prompting: a few examples. Without an example it is *zero-shot*.
#
# Examples are often the best way to get the form you want: the length, the style, the labels. Two to five are usually enough.

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
# ### The history does not make an answer true
#
# The list with the World Series again, but now your `assistant` message does not say where the games were:

# %%
messages = [
    {"role": "user", "content": "Who won the World Series in 2020?"},
    {
        "role": "assistant",
        "content": "The Los Angeles Dodgers won the World Series in 2020.",
    },
    {"role": "user", "content": "Where was it played?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The practice model understands what you talk about, and its answer is **wrong**. The Dodgers come from Los Angeles, so the guess is near. But in 2020, because of the pandemic, all games were in Arlington. With your own key you probably get the right place.
#
# **The history tells the model what you talk about. It does not make the answer true.**

# %% [markdown] lang="en"
# ### What you cut off is gone
#
# In the next conversation, the first turn is about a dog:

# %% tags=["setup"]
long_history = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "My dog is called Biscuit. He is 4 years old."},
    {"role": "assistant", "content": "Biscuit is a lovely name for a dog."},
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "assistant", "content": "The capital of Japan is Tokyo."},
    {"role": "user", "content": "What is the capital of Italy?"},
    {"role": "assistant", "content": "The capital of Italy is Rome."},
]
dog_question = {"role": "user", "content": "What is the dog's name?"}

# %%
whole = [*long_history, dog_question]
cut = [*long_history[:1], *long_history[-2:], dog_question]

for messages in [whole, cut]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(f"{len(messages)} messages:", reply.choices[0].message.content)

# %% [markdown] lang="en"
# With the whole history: Biscuit. With the short one, the practice model does not say “I do not know”. It **makes up** a name! Large models admit it more often. Do not rely on it.
#
# So put what must not be forgotten into the system message:

# %%
note = "You are a helpful assistant. The user has a dog called Biscuit."
note = {"role": "system", "content": note}
messages = [note, *long_history[-2:], dog_question]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: write the trimming yourself
#
# Write `trim(messages, turns)`. It returns a **new** list: the system message and the last `turns` turns. A turn is two messages, and `turns` is 1 or more. A history that is shorter stays as it is.


# %% tags=["exercise"]
def trim(messages, turns):
    # Your turn: return the first message and the last ones.
    # --- solution
    return messages[:1] + messages[1:][-2 * turns :]
    # --- stub
    # return ...
    # --- end


# %% tags=["check"]
with exercise(3) as check:
    check(
        "the system message stays",
        trim(long_history, 1)[0]["role"] == "system",
        "A slice from the start gives a list with the first message.",
    )
    check(
        "one turn: three messages are left",
        trim(long_history, 1) == long_history[:1] + long_history[-2:],
        "Lists are joined with +. A slice from -2 on is the last turn.",
    )
    check(
        "two turns: five messages are left",
        trim(long_history, 2) == long_history[:1] + long_history[-4:],
        "How many messages are two turns? Work it out from turns.",
    )
    check(
        "a short history stays as it is",
        trim(long_history[:3], 5) == long_history[:3],
        "Is the system message there twice?",
        "Cut the turns from what comes after the system message.",
    )

# %% [markdown] lang="en" tags=["questions"]
# ## Questions
#
# Think of an answer, then open it.
#
# <details><summary>You send one <code>user</code> message, get an answer, and send a second <code>user</code> message alone. What does the model know of the first?</summary>
#
# Nothing. Each call starts from nothing, and the service keeps no memory. Send the first question and its answer along.
# </details>
#
# <details><summary>May you write an <code>assistant</code> message that the model never said?</summary>
#
# Yes. The model takes it for its own words. That is how a history is sent back, and how you teach by examples.
# </details>
#
# <details><summary>Each question in a chat is ten words long. Why does the tenth cost much more than the first?</summary>
#
# It sends the nine turns before it, too. Trim the history, and keep what matters in the system message.
# </details>

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
