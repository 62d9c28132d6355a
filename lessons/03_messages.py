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

# %% [markdown] lang="zh"
# # 消息
#
# 你问程序“谁赢了？”，它答上来了。你再问“在哪里打的？”，它却完全不知道你在说什么。这一课告诉你为什么，最后你会给一家小饭馆做一个点餐机器人，客人点过的一样都不会忘。
#
# ## 学完这一课你能做什么
#
# - 说出每种角色的用处：system、user、assistant
# - 解释模型为什么会忘记，并给它一份记忆
# - 看清一段对话要花多少，并控制它的长度
# - 在一个小窗口里聊天
# - 做一个专做一件事的聊天机器人
#
# 除非你用自己的密钥，这一课的回复都来自练习模型，没有一个是模拟的。练习模型很小，它答错的地方，正文会说明。

# %% tags=["setup"]
from helpers import Conversation, connect, current_model, exercise, hint

client = connect()
model = current_model()

# %% [markdown] lang="en"
# ## The smallest call
#
# `messages` is a list. The shortest one holds a single `user` message:

# %% [markdown] lang="zh"
# ## 最小的调用
#
# `messages` 是一个列表。最短的列表里只有一条 `user` 消息：

# %% lang="en"
messages = [{"role": "user", "content": "What is the capital of Japan?"}]

reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
messages = [{"role": "user", "content": "日本的首都是哪里？"}]

reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# ## Look inside: the roles
#
# What you send and what you get are the same kind of thing: a message, with a role and a content.

# %% [markdown] lang="zh"
# ## 看看消息里有什么：角色
#
# 你发出去的和收回来的是同一种东西：消息，由角色（role）和内容（content）组成。

# %% lang="en" tags=["nbval-check-output"]
print("you sent:", messages[0]["role"])
print("you got: ", reply.choices[0].message.role)

# %% lang="zh" tags=["nbval-check-output"]
print("你发出：", messages[0]["role"])
print("你收到：", reply.choices[0].message.role)

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

# %% [markdown] lang="zh"
# 只是写法不同。你发的是字典，所以写 `["role"]`；收到的是 SDK 的对象，所以写 `.role`。
#
# 角色有三种：
#
# | 角色 | 谁在说话 | 必须有吗 |
# |---|---|---|
# | `system` | 你，程序的作者：告诉模型该怎样做事 | 可以没有。有的话放在最前面 |
# | `user` | 提问的人 | 必须有 |
# | `assistant` | 模型 | 第一次调用里没有 |
#
# 到目前为止还没有用过系统消息，照样能得到回复。

# %% [markdown] lang="en"
# ## Change one thing: the system message
#
# The same question twice: first without a system message, then with one.

# %% [markdown] lang="zh"
# ## 只改一处：系统消息
#
# 同一个问题问两遍：第一遍没有系统消息，第二遍有。

# %% lang="en"
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

# %% lang="zh"
question = {"role": "user", "content": "你是谁？"}
pirate = {
    "role": "system",
    "content": "你是蓝船长，一个海盗。用一句话回答。",
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

# %% [markdown] lang="zh"
# 问题没有变，回答的却换了一个人。
#
# 使用你程序的人看得到回答，看不到系统消息。
#
# OpenAI 较新的模型把这个角色叫 `developer`，作用一样，两个名字 OpenAI 都认。很多别的服务商只认 `system`，所以这门课写 `system`。

# %% lang="en"
captain = {
    "role": "developer",
    "content": "You are Captain Blue, a pirate. Answer in one sentence.",
}

messages = [captain, question]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
captain = {
    "role": "developer",
    "content": "你是蓝船长，一个海盗。用一句话回答。",
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

# %% [markdown] lang="zh"
# ## API 没有记忆
#
# 在 ChatGPT 里，你可以接着上一个问题往下问。比如你刚刚问过 2020 年世界大赛谁赢了（世界大赛是美国职业棒球的总决赛），现在你想知道**比赛**是在哪里打的：

# %% lang="en"
from helpers import show_reply

messages = [{"role": "user", "content": "Where was it played?"}]

reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
show_reply(reply)

# %% lang="zh"
from helpers import show_reply

messages = [{"role": "user", "content": "比赛是在哪个城市打的？"}]

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

# %% [markdown] lang="zh"
# （`show_reply` 把回复画成一张卡片，这样文字不会在页面边上被截断。）
#
# 这不是你要的回答。模型不可能知道你说的是什么比赛：**每次调用都从零开始**。服务在两次调用之间什么都不记，哪怕只隔一秒。大模型会反问你指的是什么，练习模型却随口编了一个地方。
#
# 记忆只能由你来给。每次都把整段对话发过去：

# %% lang="en"
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

# %% lang="zh"
messages = [
    {"role": "system", "content": "用几个字回答。"},
    {"role": "user", "content": "2020 年的世界大赛谁赢了？"},
    {
        "role": "assistant",
        "content": "洛杉矶道奇队赢了 2020 年的世界大赛。所有比赛都在得克萨斯州的阿灵顿打。",
    },
    {"role": "user", "content": "比赛是在哪个城市打的？"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now the model knows what “it” is, and the place is right. ChatGPT does the same as you: it sends your conversation along with each new question.
#
# Look at the list once more. The model never wrote its `assistant` message. **You** did. The model cannot tell, and takes it for its own words.

# %% [markdown] lang="zh"
# 现在模型知道你说的是什么比赛了，地点也答对了。ChatGPT 的做法和你一样：每问一个新问题，都把之前的对话一起发过去。
#
# 再看一眼这个列表。那条 `assistant` 消息，模型从来没有写过，是**你**写的。模型分辨不出来，会当成自己说过的话。

# %% [markdown] lang="en"
# ## Keep a conversation, by hand
#
# A conversation is a list that grows. Every turn has three steps:
#
# 1. Append what the user says.
# 2. Send the whole list.
# 3. Append what the model says.

# %% [markdown] lang="zh"
# ## 自己动手保存对话
#
# 对话就是一个越来越长的列表。每一轮有三步：
#
# 1. 把用户说的话加进去。
# 2. 把整个列表发出去。
# 3. 把模型说的话加进去。

# %% lang="en"
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


# %% lang="zh"
history = [{"role": "system", "content": "你是一个乐于助人的助手。"}]


def say(text):
    history.append({"role": "user", "content": text})
    reply = client.chat.completions.create(
        model=model, messages=history, max_completion_tokens=30, temperature=0
    )
    answer = reply.choices[0].message.content
    history.append({"role": "assistant", "content": answer})
    print(answer)
    return reply


# %% lang="en"
turn_1 = say("What is the capital of Japan?")
turn_2 = say("And of Italy?")

# %% lang="zh"
turn_1 = say("日本的首都是哪里？")
turn_2 = say("那意大利呢？")

# %% [markdown] lang="en"
# “And of Italy?” makes sense only with the question before it. The list has it. (Did you run a cell twice? Then its question is in the list twice. Run the cell with `history = […]` again, and go on from there.)
#
# The helper `show_messages` draws the list as a chat, with each role written out:

# %% [markdown] lang="zh"
# “那意大利呢？”要接着前面那个问题才听得懂，而列表里正好有那个问题。（有个单元格运行了两遍？那它的问题在列表里就有两份。重新运行写着 `history = […]` 的单元格，再从那里往下走。）
#
# 辅助函数 `show_messages` 把列表画成聊天的样子，每个角色都写出来：

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

# %% [markdown] lang="zh"
# ## 对话越长，花费越多
#
# 再来两轮，问题和前面一样短：

# %% lang="en"
turn_3 = say("And of France?")
turn_4 = say("And of Spain?")

# %% lang="zh"
turn_3 = say("那法国呢？")
turn_4 = say("那德国呢？")

# %% [markdown] lang="en"
# Now draw the tokens of each turn. `Meter` counts them, `show_meter` draws them: the filled bar is what you **sent**, the outlined one what came back.

# %% [markdown] lang="zh"
# 现在把每一轮的 token 画出来。`Meter` 负责计数，`show_meter` 负责画图：实心的条是你**发出**的，空心的条是收回来的。

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

# %% [markdown] lang="zh"
# 实心的条像楼梯一样往上走。每一轮都把前面的内容**再**发一遍，也就再付一遍钱。最后一个问题比第一个还短，发出的 token 却是三倍多。
#
# ![一段对话中三次调用的示意图。第一次调用发送 2 条消息，26 个 token。第二次把它们连同回答和新问题再发一遍：4 条消息，46 个 token。第三次又全部重发：6 条消息，66 个 token。每次调用只有最后一条消息是新的。](drawings/growing-history.zh.svg)
#
# 四轮不算什么，一百轮长对话就是另一回事了。而且有一道绕不过去的坎：模型一次能读的 token 是有限的，这个限度叫**上下文窗口**。练习模式里是 2,048 个 token。装满了会怎样，看第 04 课。

# %% [markdown] lang="en"
# ## Trim the history
#
# The usual cure: keep the system message and only the last few turns. A turn is two messages, so `history[-2:]` is the last turn. `history[:1]` is a list with the first message only.

# %% [markdown] lang="zh"
# ## 裁剪历史消息
#
# 常用的办法：只留系统消息和最后几轮。一轮是两条消息，所以 `history[-2:]` 就是最后一轮。`history[:1]` 是只含第一条消息的列表。

# %%
trimmed = history[:1] + history[-2:]

for message in trimmed:
    print(message["role"], "|", message["content"])

# %% lang="en"
messages = [*trimmed, {"role": "user", "content": "And of Egypt?"}]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)
print("tokens sent in turn 4:", turn_4.usage.prompt_tokens)
print("tokens sent now:      ", reply.usage.prompt_tokens)

# %% lang="zh"
messages = [*trimmed, {"role": "user", "content": "那泰国呢？"}]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)
print("第 4 轮发出的 token：", turn_4.usage.prompt_tokens)
print("现在发出的 token：   ", reply.usage.prompt_tokens)

# %% [markdown] lang="en"
# Still right, for about half of the tokens. (`[*trimmed, …]` makes a new list: all the old messages, then the new one.)
#
# What you cut off is **gone**. What must not be forgotten belongs in the system message, which you always keep.

# %% [markdown] lang="zh"
# 还是答对了，token 大约只用了一半。（`[*trimmed, …]` 造出一个新列表：先是原来的全部消息，再加上新的一条。）
#
# 剪掉的东西就**没有了**。不能忘的，写进系统消息里，因为系统消息每次都会留下。

# %% [markdown] lang="en"
# ## The helper: Conversation
#
# You have written it all by hand. `Conversation` keeps the list for you. `max_turns=2` trims it to two turns, the new one included. The other settings go along with each call:

# %% [markdown] lang="zh"
# ## 辅助函数：Conversation
#
# 你已经全部亲手写过一遍了。`Conversation` 替你保管这个列表。`max_turns=2` 把它裁剪到两轮，新的一轮也算在内。其余的设置会随每次调用一起发出去：

# %% lang="en"
chat = Conversation(
    client,
    "You are a helpful assistant.",
    max_turns=2,
    max_completion_tokens=30,
    temperature=0,
)
for country in ["Japan", "Italy", "France", "Spain"]:
    print(chat.say(f"What is the capital of {country}?"))

# %% lang="zh"
chat = Conversation(
    client,
    "你是一个乐于助人的助手。",
    max_turns=2,
    max_completion_tokens=30,
    temperature=0,
)
for country in ["日本", "意大利", "法国", "德国"]:
    print(chat.say(f"{country}的首都是哪里？"))

# %% [markdown] lang="en"
# `chat.messages` is the list. It holds a system message and two turns:

# %% [markdown] lang="zh"
# `chat.messages` 就是那个列表。里面有一条系统消息和两轮对话：

# %% tags=["nbval-check-output"]
for message in chat.messages:
    print(message["role"])

# %% [markdown] lang="en"
# `chat.total` is its meter. Now the stairs end at the second turn:

# %% [markdown] lang="zh"
# `chat.total` 是它的计数器。现在楼梯走到第二轮就不再往上了：

# %%
show_meter(chat.total)

# %% [markdown] lang="en"
# ## A chat window
#
# A list that grows, and a reply printed as it arrives: that is all a chat program needs. Here is one, in a window. Run the cell, type “What is the capital of Japan?”, and press Enter. Then “And of Italy?”. **Stop** ends a reply that is too long. **New chat** empties the list.

# %% [markdown] lang="zh"
# ## 聊天窗口
#
# 一个越来越长的列表，再把回复一边接收一边打印出来：聊天程序需要的就是这些。下面就有一个，做成了窗口。运行这个单元格，输入“日本的首都是哪里？”，按回车键（Enter），再输入“那意大利呢？”。**停止**按钮让太长的回复停下来，**新对话**按钮清空列表。

# %% lang="en" tags=["nbval-ignore-output"] reason="the window is a widget, drawn by your browser"
from helpers import chat_window

system = "You are a helpful assistant."
chat_window(client, system, max_completion_tokens=100, temperature=0)

# %% lang="zh" tags=["nbval-ignore-output"] reason="the window is a widget, drawn by your browser"
from helpers import chat_window

system = "你是一个乐于助人的助手。"
chat_window(client, system, max_completion_tokens=100, temperature=0)

# %% [markdown] lang="en"
# The line below the window counts the tokens of each turn. Watch them grow. The code is in `helpers/conversation.py` and `helpers/widgets/`, and it is short.

# %% [markdown] lang="zh"
# 窗口下面那一行显示每一轮的 token 数，留意它是怎样变多的。代码在 `helpers/conversation.py` 和 `helpers/widgets/` 里，很短。

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The answer is not appended.** Then the model sees two questions that nobody has answered. Nothing fails, so this is hard to find:

# %% [markdown] lang="zh"
# ## 会出什么错，长什么样
#
# **忘了把回答加进去。** 这样模型看到的是两个没人回答过的问题。程序不会报错，所以很难发现：

# %% lang="en"
forgetful = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "user", "content": "And of Italy?"},
]
reply = client.chat.completions.create(
    model=model, messages=forgetful, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
forgetful = [
    {"role": "system", "content": "你是一个乐于助人的助手。"},
    {"role": "user", "content": "日本的首都是哪里？"},
    {"role": "user", "content": "那意大利呢？"},
]
reply = client.chat.completions.create(
    model=model, messages=forgetful, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode the model answers the old question again. A large model may answer both.
#
# **The content is not a text.** A number, for example, is refused with status 400. Write `str(42)`. (`expect_error` lets a cell fail on purpose, and keeps the error for you to look at.)

# %% [markdown] lang="zh"
# 在练习模式里，模型又回答了一遍前面的问题。大模型可能两个都答。
#
# **内容不是文字。** 比如给一个数字，服务会拒绝，状态码是 400。要写成 `str(42)`。（`expect_error` 让单元格可以故意出错，并把错误留给你看。）

# %% lang="en" tags=["nbval-check-output"]
import openai

from helpers import expect_error

number = [{"role": "user", "content": 42}]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=number)
print("status", caught.error.status_code)

# %% lang="zh" tags=["nbval-check-output"]
import openai

from helpers import expect_error

number = [{"role": "user", "content": 42}]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=number)
print("状态码", caught.error.status_code)

# %% [markdown] lang="en"
# **The list is empty.** Status 400 as well:

# %% [markdown] lang="zh"
# **列表是空的。** 也是状态码 400：

# %% lang="en" tags=["nbval-check-output"]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=[])
print("status", caught.error.status_code)

# %% lang="zh" tags=["nbval-check-output"]
with expect_error(openai.BadRequestError) as caught:
    client.chat.completions.create(model=model, messages=[])
print("状态码", caught.error.status_code)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: give it a memory
#
# Make a list `memory` of three messages: the user says “My cat Luna is 4 years old.”, the assistant answers something friendly (you write it), the user asks how old Luna is. Send it, and put the reply in `cat_reply`.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：给它一份记忆
#
# 写一个列表 `memory`，里面有三条消息：用户说“我的猫叫小花，今年 4 岁。”，助手回一句友好的话（由你来写），用户再问小花几岁了。把它发出去，回复存进 `cat_reply`。

# %% lang="en" tags=["exercise"]
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

# %% lang="zh" tags=["exercise"]
# 轮到你了：填好列表，再用它发一次调用。
# --- solution
memory = [
    {"role": "user", "content": "我的猫叫小花，今年 4 岁。"},
    {"role": "assistant", "content": "小花真是个好听的名字。"},
    {"role": "user", "content": "小花几岁了？"},
]
cat_reply = client.chat.completions.create(
    model=model, messages=memory, max_completion_tokens=30, temperature=0
)
print(cat_reply.choices[0].message.content)
# --- stub
# memory = [
#     # 用户说猫几岁
#     # 助手回答
#     # 用户提问
# ]
# cat_reply = ...  # 用 memory 调用 client.chat.completions.create(...)
# --- end

# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    check(
        "角色依次是 user、assistant、user",
        [m["role"] for m in memory] == ["user", "assistant", "user"],
        "谁先说，谁回答，谁提问？",
    )
    check(
        "年龄在第一条消息里，不在问题里",
        "4" in memory[0]["content"] and "4" not in memory[2]["content"],
        "模型从哪里知道年龄？只写在那里，用数字 4。",
    )
    check(
        "模型回复了",
        cat_reply.choices[0].message.role == "assistant",
        "cat_reply 是这次调用返回的东西。",
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

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：做一个点餐机器人
#
# 一家小饭馆想要一个机器人，菜单写在单元格里。分三步做：
#
# 1. 写 `rules`，也就是系统消息。说清楚机器人的工作是什么，菜单上有什么、多少钱，每次只用一句简短的话回答，客人要别的东西时怎么说。
# 2. 用你的规则造出 `bot`，一个 `Conversation`。不要裁剪它：客人点过的一样都不能忘。
# 3. 扮演客人，至少说三次：问有什么，点一样东西，要一份披萨。
#
# 没有唯一的正确答案。读一读机器人说的话，改改规则，再运行一次，直到你满意。练习模型很小，不爱说“没有”，所以规则要写得具体。

# %% lang="en" tags=["exercise"]
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

# %% lang="zh" tags=["exercise"]
# 菜单，价格的单位是元。
menu = {"牛肉面": 9, "饺子": 7, "炒饭": 8, "绿茶": 3}

# 轮到你了：写规则，造机器人，扮演客人。
# --- solution
rules = (
    "你为一家小饭馆接单。用一句短话回答。"
    f"菜单和价格（元）：{menu}。"
    "没有披萨，也没有别的。"  # 对小模型要说得具体
)
bot = Conversation(client, rules, max_completion_tokens=60, temperature=0)
for text in [
    "你好！你们有什么？",
    "饺子多少钱？来一份。",
    "你们有披萨吗？",
]:
    print("客人：", text)
    print("机器人：", bot.say(text))
# --- stub
# rules = ...  # 一段文字：工作、菜单、怎样回答
# bot = ...  # Conversation(client, rules, …)
# # print(bot.say(…))，至少三次
# --- end

# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    check(
        "规则里写了菜单上的每一样和它的价格",
        all(dish in rules and str(menu[dish]) in rules for dish in menu),
        "菜单上有什么，模型只能从你的规则里知道。",
        "不用一样一样地打：在 f-string 里，{menu} 就代表整张菜单。",
    )
    check(
        "机器人的系统消息就是你的规则",
        bot.messages[0] == {"role": "system", "content": rules},
        "在“辅助函数：Conversation”那一节里，规则放在哪里？",
    )
    check(
        "至少说了三次，一句都没有忘",
        sum(message["role"] == "user" for message in bot.messages) >= 3,
        "用客人说的话调用 bot.say(…)。",
        "写了 max_turns 吗？那样机器人会忘事。",
    )

# %% [markdown] lang="en"
# Your bot works? Then let somebody else be the guest. Make a new cell with this line, and run it:
#
# ```python
# chat_window(client, rules, max_completion_tokens=60, temperature=0)
# ```
#
# Order more, and ask what everything costs together. A model is bad at sums, and a small one is very bad. In lesson 04 the bot gets a tool: then your program keeps the order and adds up, and the sum is right.

# %% [markdown] lang="zh"
# 机器人做好了？请别人来当客人吧。新建一个单元格，写上这一行，运行它：
#
# ```python
# chat_window(client, rules, max_completion_tokens=60, temperature=0)
# ```
#
# 多点几样，再问一共多少钱。模型不擅长算账，小模型更是一塌糊涂。到第 04 课，机器人会有一个工具：由你的程序记订单、算总价，总价就对了。

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional: teaching by examples, and what goes wrong with system messages and trimming. It takes 20 minutes.
#
# ### Teach by examples
#
# You may write `assistant` messages yourself, and the model takes them for its own words. You can use that. Say you sort what guests write, into good and bad. Without any explanation:

# %% [markdown] lang="zh"
# ## 选学：再多学一点
#
# 下面的内容是选学：用例子来教，以及系统消息和裁剪会出什么问题。大约要 20 分钟。
#
# ### 用例子来教
#
# `assistant` 消息可以由你来写，模型会当成自己说过的话。这一点很有用。比如你要把客人的评价分成好评和差评。先什么都不解释：

# %% lang="en"
task = {"role": "user", "content": "Great food, friendly people."}

reply = client.chat.completions.create(
    model=model, messages=[task], max_completion_tokens=30, temperature=0
)
show_reply(reply)

# %% lang="zh"
task = {"role": "user", "content": "菜很好吃，服务员很热情。"}

reply = client.chat.completions.create(
    model=model, messages=[task], max_completion_tokens=30, temperature=0
)
show_reply(reply)

# %% [markdown] lang="en"
# A friendly chat, but not what you want. Now show it two examples. You write both sides:

# %% [markdown] lang="zh"
# 聊得很友好，可是这不是你要的。现在给它看两个例子，问和答都由你来写：

# %% lang="en"
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

# %% lang="zh"
examples = [
    {"role": "user", "content": "汤是凉的。"},
    {"role": "assistant", "content": "差评"},
    {"role": "user", "content": "音乐真好听！"},
    {"role": "assistant", "content": "好评"},
]
for text in ["菜很好吃，服务员很热情。", "房间又脏又吵。"]:
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

# %% [markdown] lang="zh"
# 模型看出了规律，就照着往下接。谁也没有告诉它任务是什么。这种做法叫**少样本**（few-shot）：给几个例子。一个例子都不给，叫*零样本*（zero-shot）。
#
# 想要固定的形式，比如长度、文风、标签，给例子往往是最好的办法。通常两到五个就够了。

# %% [markdown] lang="en"
# ### A wish, not a law
#
# The model does not always obey. Here the system message forbids a word:

# %% [markdown] lang="zh"
# ### 只是愿望，不是铁律
#
# 模型不一定听话。下面的系统消息禁止说一个词：

# %% lang="en"
messages = [
    {"role": "system", "content": "Never mention the word Tokyo."},
    {"role": "user", "content": "What is the capital of Japan?"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
messages = [
    {"role": "system", "content": "绝对不要提到“东京”这个词。"},
    {"role": "user", "content": "日本的首都是哪里？"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode the model says it all the same. Large models obey far more often, but no model always does. If something must not be in a reply, let your program look for it.

# %% [markdown] lang="zh"
# 在练习模式里，它照说不误。大模型听话得多，但没有哪个模型永远听话。如果有什么绝对不能出现在回复里，就让你的程序去查。

# %% [markdown] lang="en"
# ### The history does not make an answer true
#
# The list with the World Series again, but now your `assistant` message does not say where the games were:

# %% [markdown] lang="zh"
# ### 有历史消息，不等于回答正确
#
# 还是世界大赛的那个列表，不过这一次，你写的 `assistant` 消息没有说比赛在哪里打：

# %% lang="en"
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

# %% lang="zh"
messages = [
    {"role": "user", "content": "2020 年的世界大赛谁赢了？"},
    {
        "role": "assistant",
        "content": "洛杉矶道奇队赢了 2020 年的世界大赛。",
    },
    {"role": "user", "content": "比赛是在哪个城市打的？"},
]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The practice model understands what you talk about, and its answer is **wrong**. The Dodgers come from Los Angeles, so the guess is near. But in 2020, because of the pandemic, all games were in Arlington. With your own key you probably get the right place.
#
# **The history tells the model what you talk about. It does not make the answer true.**

# %% [markdown] lang="zh"
# 练习模型明白你们在谈什么，可是它答**错了**。道奇队的主场在洛杉矶，所以猜得不算离谱。但在 2020 年，因为疫情，所有比赛都在阿灵顿打。用你自己的密钥，多半能得到正确的地点。
#
# **历史消息告诉模型你们在谈什么，但不保证回答正确。**

# %% [markdown] lang="en"
# ### What you cut off is gone
#
# In the next conversation, the first turn is about a dog:

# %% [markdown] lang="zh"
# ### 剪掉的就没有了
#
# 下面这段对话，第一轮说的是一只狗：

# %% lang="en" tags=["setup"]
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

# %% lang="zh" tags=["setup"]
long_history = [
    {"role": "system", "content": "你是一个乐于助人的助手。"},
    {"role": "user", "content": "我的狗叫饼干，今年 4 岁。"},
    {"role": "assistant", "content": "饼干真是个好听的名字。"},
    {"role": "user", "content": "日本的首都是哪里？"},
    {"role": "assistant", "content": "日本的首都是东京。"},
    {"role": "user", "content": "意大利的首都是哪里？"},
    {"role": "assistant", "content": "意大利的首都是罗马。"},
]
dog_question = {"role": "user", "content": "这只狗叫什么名字？"}

# %% lang="en"
whole = [*long_history, dog_question]
cut = [*long_history[:1], *long_history[-2:], dog_question]

for messages in [whole, cut]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(f"{len(messages)} messages:", reply.choices[0].message.content)

# %% lang="zh"
whole = [*long_history, dog_question]
cut = [*long_history[:1], *long_history[-2:], dog_question]

for messages in [whole, cut]:
    reply = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=30, temperature=0
    )
    print(f"{len(messages)} 条消息：", reply.choices[0].message.content)

# %% [markdown] lang="en"
# With the whole history: Biscuit. With the short one, the practice model does not say “I do not know”. It **makes up** a name! Large models admit it more often. Do not rely on it.
#
# So put what must not be forgotten into the system message:

# %% [markdown] lang="zh"
# 发整段历史消息：饼干。发剪短的：练习模型不说“我不知道”，而是**编**了一个名字！大模型更常承认自己不知道，但别指望它每次都这样。
#
# 所以，不能忘的要写进系统消息：

# %% lang="en"
note = "You are a helpful assistant. The user has a dog called Biscuit."
note = {"role": "system", "content": note}
messages = [note, *long_history[-2:], dog_question]
reply = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=30, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
note = "你是一个乐于助人的助手。用户有一只狗，名叫饼干。"
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


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 3：自己写裁剪
#
# 写一个函数 `trim(messages, turns)`，返回一个**新**列表：系统消息，加上最后 `turns` 轮。一轮是两条消息，`turns` 至少是 1。历史消息没有那么长的话，就原样返回。


# %% lang="en" tags=["exercise"]
def trim(messages, turns):
    # Your turn: return the first message and the last ones.
    # --- solution
    return messages[:1] + messages[1:][-2 * turns :]
    # --- stub
    # return ...
    # --- end


# %% lang="zh" tags=["exercise"]
def trim(messages, turns):
    # 轮到你了：返回第一条消息和最后几条。
    # --- solution
    return messages[:1] + messages[1:][-2 * turns :]
    # --- stub
    # return ...
    # --- end


# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(3) as check:
    check(
        "系统消息还在",
        trim(long_history, 1)[0]["role"] == "system",
        "从头开始的切片，可以得到只含第一条消息的列表。",
    )
    check(
        "一轮：剩下三条消息",
        trim(long_history, 1) == long_history[:1] + long_history[-2:],
        "列表用 + 连接。从 -2 开始的切片就是最后一轮。",
    )
    check(
        "两轮：剩下五条消息",
        trim(long_history, 2) == long_history[:1] + long_history[-4:],
        "两轮是几条消息？从 turns 算出来。",
    )
    check(
        "短的历史消息原样不变",
        trim(long_history[:3], 5) == long_history[:3],
        "系统消息是不是出现了两次？",
        "从系统消息后面的部分里截取这几轮。",
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

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>你发了一条 <code>user</code> 消息，得到回答，然后单独发第二条 <code>user</code> 消息。关于第一条，模型知道什么？</summary>
#
# 什么都不知道。每次调用都从零开始，服务没有记忆。要把第一个问题和它的回答一起发过去。
# </details>
#
# <details><summary>模型从来没有说过的话，你可以写成 <code>assistant</code> 消息吗？</summary>
#
# 可以，模型会当成自己说过的话。历史消息就是这样发回去的，用例子教模型也是靠它。
# </details>
#
# <details><summary>聊天里每个问题都是十个字。为什么第十个问题比第一个贵得多？</summary>
#
# 因为前面九轮也一起发出去了。裁剪历史消息，要紧的内容放进系统消息。
# </details>

# %% [markdown] lang="en"
# ## Common mistakes
#
# - The system message was sent in the first call only. It has no memory either: send it in every call.
# - The question is appended, but the answer is not.
# - One list is used for two conversations, and they mix.
# - The list grows for ever. First it gets expensive, then the call fails.
# - Something secret stands in the system message. A user can make the model repeat it.

# %% [markdown] lang="zh"
# ## 常见错误
#
# - 系统消息只在第一次调用里发过。它同样不会留在记忆里，每次都要发。
# - 问题加进去了，回答没有加。
# - 两段对话用了同一个列表，混在一起了。
# - 列表一直变长。先是越来越贵，最后调用失败。
# - 系统消息里写了秘密。用户有办法让模型说出来。

# %% [markdown] lang="en"
# ## What to remember
#
# - `messages` is a list of roles and contents: `system` (or `developer`) first, then `user` and `assistant` in turn.
# - The API keeps no memory. Send the whole conversation with every call.
# - You may write `assistant` messages yourself: as history, or as examples.
# - The cost of a turn grows with the history. Trim it, and keep what matters in the system message.
# - The history says what you talk about. It does not make the answer true.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - `messages` 是由角色和内容组成的列表：`system`（或 `developer`）在最前面，然后 `user` 和 `assistant` 轮流出现。
# - API 没有记忆。每次调用都要发整段对话。
# - `assistant` 消息可以自己写：当作历史消息，或者当作例子。
# - 历史消息越长，一轮的费用越高。要裁剪，要紧的内容放进系统消息。
# - 历史消息说明你们在谈什么，不保证回答正确。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: conversation state](https://developers.openai.com/api/docs/guides/conversation-state), how to keep a conversation
# - [OpenAI: create a chat completion](https://platform.openai.com/docs/api-reference/chat/create), the roles of `messages`
# - [OpenAI: prompt engineering](https://developers.openai.com/api/docs/guides/prompt-engineering), instructions and examples
# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：对话状态](https://developers.openai.com/api/docs/guides/conversation-state)，怎样保存一段对话（英文）
# - [OpenAI：创建聊天补全](https://platform.openai.com/docs/api-reference/chat/create)，`messages` 里的角色（英文）
# - [OpenAI：提示词工程](https://developers.openai.com/api/docs/guides/prompt-engineering)，指令与例子（英文）
