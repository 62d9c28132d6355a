# %% [markdown] lang="en" minutes=30 more=15
# # First chat
#
# You know the chat window of an AI. Now you want its answers inside a program of your own: one that runs at night, on a hundred texts, without a window. At the end of this lesson you have such a program, a file of a dozen lines, and you know what each line does.
#
# ## What you will be able to do
#
# - write a chat call by hand, with a system message and a user message
# - name every field of the reply, and take out the text
# - set the temperature, limit the length, choose a model
# - see what a call costs, in tokens and in money
# - print a reply while it is being written
# - take a program home, `my_first_call.py`, that runs without this course
#
# Every reply in this lesson comes from the practice model, unless you use your own key. One answer in the optional part is simulated, and the text says so.

# %% [markdown] lang="zh"
# # 第一次对话
#
# 你用过 AI 的聊天窗口。现在你想在自己的程序里拿到它的回答：程序可以半夜运行，一口气处理一百段文字，不需要窗口。学完这一课，你就有了这样一个程序，一个只有十几行的文件，而且每一行做什么，你都说得清。
#
# ## 学完这一课你能做什么
#
# - 动手写一次聊天调用，带上系统消息和用户消息
# - 说出回复里每个字段的名字，并取出文字
# - 设置温度，限制长度，选择模型
# - 看懂一次调用的费用：多少 token，多少钱
# - 让回复一边生成一边打印出来
# - 带走一个程序 `my_first_call.py`，离开这门课也能运行
#
# 除非你用自己的密钥，这一课的回复都来自练习模型。选学部分有一个回答是模拟的，课文里会说明。

# %% tags=["setup"]
from helpers import connect, current_model, exercise, hint, show_reply

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
# ![Drawing of one call. Your notebook sends a request: the model's name and a list of two messages, system and user. The service sends back a response: the message with the role assistant and the content Tokyo, the finish reason stop, and the tokens used, 24 sent and 3 received.](drawings/request-response.en.svg)

# %% [markdown] lang="zh"
# ## 最小的调用
#
# 一次调用需要两样东西：**模型**的名字，和一个**消息**列表。每条消息都有**角色**（role）和**内容**（content）。
#
# - `system` 消息（系统消息）告诉模型该怎样做事，放在最前面。
# - `user` 消息（用户消息）是你要问的话。
#
# ![一次调用的示意图。你的笔记本发出请求：模型名，以及 system 和 user 两条消息组成的列表。服务发回响应：role 为 assistant、内容为东京的消息，finish_reason 为 stop，以及用掉的 token：发送 24 个，收到 3 个。](drawings/request-response.zh.svg)

# %% lang="en"
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of Japan?"},
    ],
    temperature=0,
)
print(reply.choices[0].message.content)

# %% lang="zh"
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "system", "content": "你是一个乐于助人的助手。"},
        {"role": "user", "content": "日本的首都是哪里？"},
    ],
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# That is correct. Next comes a poem about recursion, that is, about a function that calls itself. It is the classic first example of the OpenAI documentation. `max_completion_tokens` sets a limit to the length. More on that soon.

# %% [markdown] lang="zh"
# 答对了。接下来让它写一首关于递归的诗。递归，就是函数调用自己。这是 OpenAI 文档里最经典的入门例子。`max_completion_tokens` 限制回复的长度，后面会细讲。

# %% lang="en"
poem_messages = [
    {
        "role": "system",
        "content": "You are a poetic assistant, skilled in explaining "
        "complex programming concepts with creative flair.",
    },
    {
        "role": "user",
        "content": "Compose a poem of four lines about recursion, a function that calls itself.",
    },
]

poem = client.chat.completions.create(
    model=model,
    messages=poem_messages,
    max_completion_tokens=60,
    temperature=0,
)
show_reply(poem)

# %% lang="zh"
poem_messages = [
    {
        "role": "system",
        "content": "你是一位富有诗意的助手，擅长用生动的方式讲解复杂的编程概念。",
    },
    {
        "role": "user",
        "content": "写一首三行诗，题目是“函数调用自己”。",
    },
]

poem = client.chat.completions.create(
    model=model,
    messages=poem_messages,
    max_completion_tokens=60,
    temperature=0,
)
show_reply(poem)

# %% [markdown] lang="en"
# Four lines of verse. (In practice mode it is a modest poem, and it explains little. With your own key, the same cell gives you a better one.)
#
# Short questions work best in practice mode. We go on with this one:

# %% [markdown] lang="zh"
# 三行诗。（练习模式里的诗很简单，也没讲清楚什么是递归。用自己的密钥运行同一个单元格，写出来的会更好。）
#
# 练习模式最擅长简短的问题。下面一直用这一个：

# %% lang="en" tags=["setup"]
messages = [
    {"role": "system", "content": "You are a helpful assistant."},
    {
        "role": "user",
        "content": "What is recursion in programming? Answer in one sentence.",
    },
]

# %% lang="zh" tags=["setup"]
messages = [
    {"role": "system", "content": "你是一个乐于助人的助手。"},
    {
        "role": "user",
        "content": "编程中的递归是什么？用一句话回答。",
    },
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

# %% [markdown] lang="zh"
# ## 看看回复里有什么
#
# `reply` 是 SDK 的一个对象。（SDK 是 *software development kit*，软件开发工具包，这里指 `openai` 这个软件包。）下面把它的全部内容打印出来：

# %%
print(type(reply).__name__)
print(reply.model_dump_json(indent=2, exclude_none=True))

# %% [markdown] lang="en"
# Go through it field by field. First the outside:

# %% [markdown] lang="zh"
# 一个字段一个字段地看。先看外层：

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

# %% [markdown] lang="zh"
# | 字段 | 是什么 |
# |---|---|
# | `id` | 这一次回复的编号。向服务商的客服询问某次调用时，把它告诉对方 |
# | `object` | 固定是 `chat.completion` |
# | `created` | 生成的时间，从 1970 年算起的秒数 |
# | `model` | 实际作答的模型。可能比你写的名字更具体 |
# | `choices` | 回答的列表。通常只有一个，用 `n` 可以多要几个 |
# | `usage` | 用了多少 token |
# | `service_tier`、`system_fingerprint` | 服务商怎样运行这次调用，可以不管 |

# %% [markdown] lang="en"
# Then the inside of the only choice:

# %% [markdown] lang="zh"
# 再看里层，也就是唯一的那个 choice：

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

# %% [markdown] lang="zh"
# - `index` 是它在列表里的位置。列表从 0 数起。
# - `finish_reason` 说明模型为什么停下。`stop`：写完了。`length`：到了上限。第 04 课专门讲它。
# - `message.role` 总是 `assistant`。
# - `message.refusal` 是模型拒绝回答时的说明，这里是空的，所以上面没有打印。`annotations` 列出联网搜索的来源。这两个在这里都很少见。
# - `message.content` 就是文字。从 `reply` 一路走到它的这一串，值得背下来：

# %%
text = reply.choices[0].message.content
print(text)

# %% [markdown] lang="en"
# ## Change one thing: the limit
#
# `max_completion_tokens` is the most tokens the model may write. Set it to 10:

# %% [markdown] lang="zh"
# ## 只改一处：上限
#
# `max_completion_tokens` 是模型最多能写多少 token。把它设成 10：

# %% lang="en" tags=["nbval-check-output"]
short = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=10,
    temperature=0,
)
print("finish_reason:", short.choices[0].finish_reason)
print("tokens written:", short.usage.completion_tokens)

# %% lang="zh" tags=["nbval-check-output"]
short = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=10,
    temperature=0,
)
print("finish_reason:", short.choices[0].finish_reason)
print("写了多少 token：", short.usage.completion_tokens)

# %%
print(short.choices[0].message.content)

# %% [markdown] lang="en"
# The sentence is cut. The limit does not make the model brief, it only stops it. To get a short reply, ask for one in the prompt: “Answer in one sentence.”

# %% [markdown] lang="zh"
# 句子断了。上限不会让模型说得更简短，只会让它停下。想要简短的回复，就在提示词里说：“用一句话回答。”

# %% [markdown] lang="en"
# ## Change one thing: the temperature
#
# A model does not know the next word. It has a list of likely words, and **temperature** says how boldly it picks from that list. `0` takes the likeliest each time.
#
# One reply tells you little about that. So ask the same question ten times and draw how often each answer comes:


# %% [markdown] lang="zh"
# ## 只改一处：温度
#
# 模型并不知道下一个词是什么，它手里只有一张表，列着可能的词。**温度**决定它挑词的时候有多大胆。`0` 表示每次都挑可能性最大的那个。
#
# 只看一次回复，看不出什么。所以把同一个问题问十遍，画出每种回答出现了几次：


# %% lang="en"
from collections import Counter

idea = [
    {"role": "user", "content": "Name an animal. Answer with one word."},
]


def draw(temperature, calls=10):
    """Ask the same question several times, and draw the answers."""
    answers = Counter()
    for _ in range(calls):
        reply = client.chat.completions.create(
            model=model,
            messages=idea,
            max_completion_tokens=5,
            temperature=temperature,
        )
        word = reply.choices[0].message.content or ""
        answers[word.strip(" .\n")] += 1
    print(f"temperature {temperature}:")
    for word, times in answers.most_common():
        print(f"{times:>4} {'█' * times} {word}")


draw(0)

# %% lang="zh"
from collections import Counter

idea = [
    {"role": "user", "content": "说一种动物，只回答一个词。"},
]


def draw(temperature, calls=10):
    """把同一个问题问几遍，画出每种回答的次数。"""
    answers = Counter()
    for _ in range(calls):
        reply = client.chat.completions.create(
            model=model,
            messages=idea,
            max_completion_tokens=5,
            temperature=temperature,
        )
        word = reply.choices[0].message.content or ""
        answers[word.strip(" 。\n")] += 1
    print(f"温度 {temperature}：")
    for word, times in answers.most_common():
        print(f"{times:>4} {'█' * times} {word}")


draw(0)

# %% [markdown] lang="en"
# Ten times the same. In practice mode, temperature 0 always gives the same text for the same call. OpenAI's models give nearly the same.
#
# Now `0.5`. Run this cell a few times:

# %% [markdown] lang="zh"
# 十次都一样。在练习模式里，温度为 0 时，同样的调用总是得到同样的文字。OpenAI 的模型也几乎如此。
#
# 现在改成 `0.5`。把这个单元格多运行几次：

# %% tags=["nbval-ignore-output"] reason="sampled on purpose, so the answers differ each time"
draw(0.5)

# %% [markdown] lang="en"
# And `1`, the usual value when you do not set any:

# %% [markdown] lang="zh"
# 再试 `1`，不设置的时候通常就是这个值：

# %% tags=["nbval-ignore-output"] reason="sampled on purpose, so the answers differ each time"
draw(1)

# %% [markdown] lang="en"
# The higher the temperature, the more different answers, and the rarer ones among them. The range is 0 to 2; near 2, many models write nonsense.
#
# Use 0 for facts and for data, about 1 for ideas and stories. Some models that think before they answer refuse `temperature`; the optional part says more.

# %% [markdown] lang="zh"
# 温度越高，不同的回答就越多，少见的回答也越多。温度的范围是 0 到 2；接近 2 的时候，很多模型会胡言乱语。
#
# 要事实、要数据，用 0；要点子、要故事，用 1 左右。有些先思考再回答的模型不接受 `temperature`，选学部分会讲。

# %% [markdown] lang="en"
# ## What a call costs
#
# You pay for **tokens**, both for those you send (the prompt) and for those you get (the completion). A token is a piece of a word. In English, 100 tokens are about 75 words.

# %% [markdown] lang="zh" differs="how much text a token is: Chinese counts characters, and the number is that of the practice model"
# ## 一次调用要花多少
#
# 你按 **token（词元）** 付费，发出去的（输入）和收回来的（输出）都算。token 是词的一小块：一个常用词往往是一个 token，生僻的字可能一个字就要两三个。中文里，练习模型的 100 个 token 大约是 150 个汉字。别的模型切法不同，以回复里的 `usage` 为准：

# %% lang="en"
print("prompt:    ", reply.usage.prompt_tokens)
print("completion:", reply.usage.completion_tokens)
print("total:     ", reply.usage.total_tokens)

# %% lang="zh"
print("输入：", reply.usage.prompt_tokens)
print("输出：", reply.usage.completion_tokens)
print("合计：", reply.usage.total_tokens)

# %% [markdown] lang="en"
# A provider's price list names a price for a **million** tokens. Prompt tokens are cheaper than completion tokens. The calculation is short:

# %% [markdown] lang="zh"
# 服务商的价格表写的是每**百万** token 的价格。输入 token 比输出 token 便宜。算起来很简单：

# %% lang="en"
price_in, price_out = 0.75, 4.50  # an example: prices change
sent = reply.usage.prompt_tokens * price_in / 1_000_000
written = reply.usage.completion_tokens * price_out / 1_000_000
print(f"${sent + written:.6f}")

# %% lang="zh"
price_in, price_out = 0.75, 4.50  # 只是例子，价格会变
sent = reply.usage.prompt_tokens * price_in / 1_000_000
written = reply.usage.completion_tokens * price_out / 1_000_000
print(f"${sent + written:.6f}")

# %% [markdown] lang="en"
# Far less than a cent. You need not keep price lists: `cost_line` looks the price up and says it in one line. In practice mode it says what the call **would** have cost.

# %% [markdown] lang="zh"
# 远远不到一美分。价格表不用你自己记：`cost_line` 会查好价格，用一行告诉你。在练习模式里，它说的是这次调用**假如收费**会花多少。

# %%
from helpers import cost_line

print(cost_line(reply))

# %% [markdown] lang="en"
# **On the provider's site** the same numbers appear on the page **Usage**: tokens and cost, day by day, for each model and each key. That page lags. A call may take minutes, sometimes longer, to show up. So `usage` in the reply is the number to count on while you work, and the page is for looking back.

# %% [markdown] lang="zh"
# **在服务商的网站上**，`Usage`（用量）页面里有同样的数字：每天、每个模型、每个密钥用了多少 token，花了多少钱。这个页面有延迟，一次调用要过几分钟、有时更久才会出现。所以写程序的时候看回复里的 `usage`，回头查账再看页面。

# %% [markdown] lang="en"
# Practice mode has such a page too. It shows the calls of this computer, at once. Nothing is billed, but it counts a **practice credit** of five dollars, as a prepaid account does. Its buttons let you see what happens when credit is used up, or too old. Your calls fail then, until you press the button that adds credit.

# %% [markdown] lang="zh"
# 练习模式也有这样一个页面（英文），显示这台电脑上的调用，马上就能看到。它不收钱，不过会像预付费账号那样，从五美元的**练习额度**里扣。页面上的按钮可以让你看看额度用完、额度过期会怎么样：那时调用会失败，直到你按下充值的按钮 `Add $5 of practice credit`。

# %%
from helpers import usage_page

usage_page()

# %% [markdown] lang="en"
# ## Print while it arrives
#
# So far you waited for the whole reply. With `stream=True` it comes in small pieces, called **chunks**, as the model writes them. Each chunk has a `delta`: what is new.
#
# ![Drawing of the same reply twice along a line of time. Without a stream you wait, and the whole text comes at the end. With stream=True it comes in chunks: the first has the role, the next four have a piece of the text each, the last has no text but the finish reason stop. One more chunk with the usage comes if you ask for it. The pieces together give: Tokyo is the capital.](drawings/stream.en.svg)

# %% [markdown] lang="zh"
# ## 一边生成一边打印
#
# 到现在为止，你都是等整个回复写完。加上 `stream=True`，模型一边写，回复就一小块一小块地到，这叫**流式输出**。每一小块叫一个**数据块**（chunk）。每个数据块里有一个 `delta`，也就是新增的部分。
#
# ![沿时间轴画出的同一个回复的两种方式。不用流式时，你一直等待，最后整段文字一次到达。用 stream=True 时，回复分成数据块到达：第一块带 role，接下来四块各带一段文字，最后一块没有文字，只有结束原因 stop。如果你要求，还会多来一块 usage。这些片段合起来就是：东京是首都。](drawings/stream.zh.svg)

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
# The optional part shows the chunks one by one.

# %% [markdown] lang="zh"
# 那一行 `print` 里有三个细节：
#
# - `or ""`：有的数据块没有文字，内容是 `None`。
# - `end=""`：每一块后面不换行。
# - `flush=True`：立刻显示，不要攒着。
#
# 选学部分会把数据块一个一个打印出来。

# %% [markdown] lang="en"
# ## The helpers
#
# You have now written it all by hand. From here on, helpers save typing where the call is not the point: `ask` sends one question, `show_stream` prints a stream. They use the same call. Open `helpers/` and read them, they are short.

# %% [markdown] lang="zh"
# ## 辅助函数
#
# 现在你已经全部亲手写过一遍了。接下来，凡是调用本身不是重点的地方，就用辅助函数少打点字：`ask` 问一个问题，`show_stream` 打印一个流。它们用的是同样的调用。打开 `helpers/` 读一读，都很短。

# %% lang="en"
from helpers import ask, explain, show_stream

reply = ask(client, "What is the capital of Italy?", temperature=0)
print(reply.choices[0].message.content)

stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
    stream=True,
)
text = show_stream(stream)

# %% lang="zh"
from helpers import ask, explain, show_stream

reply = ask(client, "意大利的首都是哪里？", temperature=0)
print(reply.choices[0].message.content)

stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=60,
    temperature=0,
    stream=True,
)
text = show_stream(stream)

# %% [markdown] lang="en"
# ## Which model
#
# A provider has many models. Ask for the list. In practice mode the first one is the one you use now. The others are the same model under other rules, for later lessons:

# %% [markdown] lang="zh"
# ## 选哪个模型
#
# 一家服务商有很多模型，可以让它列出来。在练习模式里，第一个就是你正在用的；其余的还是这个模型，只是换了规则，后面的课会用到：

# %%
for listed in list(client.models.list())[:3]:
    print(listed.id)

# %% [markdown] lang="en"
# A list of names does not tell you which one to take. This table says what matters. The facts are in a file of the kit; the first line says when they were checked:

# %% [markdown] lang="zh"
# 光看名字，还是不知道该选哪个。下面这张表格列出了要紧的几点。数据存在课程的一个文件里；表格上方的第一行写着核对的日期：

# %%
from helpers import show_models

show_models("openai")

# %% [markdown] lang="en"
# | column | what it means for you |
# |---|---|
# | **$ in**, **$ out** | the price of a million tokens that you send, and that the model writes. Answers cost more than questions |
# | **context** | how many tokens the model takes at once, your messages and its reply together. `400k` is a thick book |
# | **thinks** | whether it thinks, unseen, before it answers. That is better at hard tasks, slower, and you pay for the thinking too. Where it thinks *by default*, you can switch it off: the optional part shows how |
# | **images** | whether it reads pictures (lesson 05) |
# | **last day** | when it retires, if that is known |
#
# **How to choose:** cross out what cannot do your task, and what retires soon. Of the rest take the cheapest, with thinking off where that is possible. Try it on ten examples of your own. Go up only when it fails.
#
# `show_models()` without a name shows all providers of the kit. Lesson 08 puts the practice model and a large one side by side on the same question, where you have a key.

# %% [markdown] lang="zh"
# | 列 | 对你来说意味着什么 |
# |---|---|
# | **输入 $**、**输出 $** | 每百万 token 的价格：你发出的，和模型写的。输出比输入贵 |
# | **上下文** | 模型一次最多读写多少 token，你的消息和它的回复加在一起。`400k` 相当于厚厚一本书 |
# | **思考** | 回答之前会不会先在背后思考。会思考的更擅长难题，但是更慢，思考也要付费。写着*默认开*的，可以关掉，选学部分会讲 |
# | **图片** | 能不能读图片（第 05 课） |
# | **最后一天** | 什么时候下线，如果已经知道的话 |
#
# **怎么选：** 先划掉做不了你这件事的，再划掉快要下线的。剩下的里面挑最便宜的，能关掉思考就关掉。拿你自己的十个例子试一试，不行再换更好的。
#
# `show_models()` 不写名字，就列出课程支持的所有服务商。第 08 课会让练习模型和一个大模型回答同一个问题，放在一起比较，前提是你有密钥。

# %% [markdown] lang="en"
# ## Models retire
#
# A name that worked last year gives an error today, and old tutorials are full of such names. `gpt-3.5-turbo` was retired in October 2026. Practice mode answers as OpenAI does. `expect_error` is a helper that catches the error, so that you can look at it:

# %% [markdown] lang="zh"
# ## 模型会下线
#
# 去年还能用的名字，今天可能就报错了，旧教程里到处是这样的名字。`gpt-3.5-turbo` 在 2026 年 10 月下线。练习模式的反应和 OpenAI 一样。`expect_error` 是一个辅助函数，它把错误接住，好让我们看一看：

# %%
import openai

from helpers import expect_error

with expect_error(openai.NotFoundError) as caught:
    client.chat.completions.create(
        model="gpt-3.5-turbo",
        messages=messages,
    )
print(caught.error.status_code, caught.error.code)
show_reply(caught.error.body["message"])

# %% [markdown] lang="en"
# That is why the model's name never stands in the cells of this course. It stands in your settings, once, and `current_model()` reads it. When your model retires, you change one line in `.env`.

# %% [markdown] lang="zh"
# （错误消息是服务商发来的，所以是英文：这个模型不存在，或者你无权使用。）
#
# 所以这门课的单元格里从来不写模型的名字。名字只写一次，写在设置里，由 `current_model()` 读出来。你的模型下线了，改 `.env` 里的一行就行。

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **A mistyped model name.** It looks like the retired one: status 404, `model_not_found`. The helper `explain` says what happened and what to do.

# %% [markdown] lang="zh"
# ## 会出什么错，长什么样
#
# **模型名打错了。** 看起来和模型下线一样：状态码 404，`model_not_found`。辅助函数 `explain` 会告诉你出了什么事、该怎么办。

# %%
with expect_error(openai.NotFoundError) as caught:
    client.chat.completions.create(
        model="no-such-model",
        messages=messages,
    )
print(caught.error.status_code, caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# **A role that does not exist.** The roles have fixed names. Status 400 means: the request itself is wrong, and sending it again will not help. Read the message.

# %% [markdown] lang="zh"
# **角色不存在。** 角色的名字是固定的。状态码 400 的意思是：请求本身就不对，再发一次也没用。错误消息要读：下面这一条先说哪个值不对，再列出可以用的角色。

# %% lang="en"
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(
        model=model,
        messages=[{"role": "teacher", "content": "Hi."}],
    )
print(caught.error.status_code, caught.error.type)
show_reply(caught.error.body["message"])

# %% lang="zh"
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(
        model=model,
        messages=[{"role": "teacher", "content": "你好。"}],
    )
print(caught.error.status_code, caught.error.type)
show_reply(caught.error.body["message"])

# %% [markdown] lang="en"
# **A forgotten argument.** The SDK notices before anything is sent:

# %% [markdown] lang="zh"
# **漏了参数。** 还没发出去，SDK 就发现了。消息里的 `Missing required arguments` 就是“缺少必需的参数”，后面写着该有哪些：

# %%
with expect_error(TypeError) as caught:
    client.chat.completions.create(model=model)
show_reply(str(caught.error))

# %% [markdown] lang="en"
# ## Take it home: my_first_call.py
#
# Here is the program. It uses no helper of this course, so it runs anywhere. The first line of the cell, `%%writefile`, does not run the rest: it writes it into a file, beside this notebook.

# %% [markdown] lang="zh" differs="the cell below cannot stand in two languages, so the text says how to make its question Chinese"
# ## 带回家：my_first_call.py
#
# 程序就在下面。它不用这门课的任何辅助函数，所以在哪里都能运行。单元格的第一行是 `%%writefile`：它不运行下面的内容，而是把它们写进一个文件，放在这个笔记本旁边。文件里的问题是英文的，你可以改成中文再运行一次。

# %% tags=["nbval-ignore-output"] reason="it says Writing the first time, and Overwriting after that"
# %%writefile my_first_call.py
import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()  # reads the file .env, if there is one

client = OpenAI(api_key=os.environ.get("OPENAI_API_KEY"))
reply = client.chat.completions.create(
    model=os.environ.get("OPENAI_MODEL"),
    messages=[
        {"role": "user", "content": "What is the capital of Japan?"},
    ],
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now run it, as `python my_first_call.py` does in a terminal. The program looks for its key and its model in the environment. `as_if` puts there what `connect()` has found, so that it runs in practice mode as well:

# %% [markdown] lang="zh"
# 现在运行它，就像在终端里输入 `python my_first_call.py` 一样。程序从环境变量里找密钥和模型。`as_if` 把 `connect()` 找到的放进去，所以在练习模式里它也能运行：

# %% tags=["nbval-ignore-output"] reason="the program sets no temperature, so the words may differ"
import runpy

from helpers import as_if

with as_if(
    OPENAI_API_KEY=client.api_key,
    OPENAI_BASE_URL=str(client.base_url),
    OPENAI_MODEL=model,
):
    runpy.run_path("my_first_call.py")

# %% [markdown] lang="en"
# **At home**, once you have a key (lesson 01):
#
# 1. Copy `my_first_call.py` into a folder of your own. In JupyterLab, right-click on it in the list of files, then **Download**.
# 2. Beside it, make a file `.env` with two lines: `OPENAI_API_KEY=` and your key, `OPENAI_MODEL=` and the name of a model from the table above.
# 3. In a terminal: `pip install openai python-dotenv`, then `python my_first_call.py`.
#
# For another provider, add a third line, `OPENAI_BASE_URL=`, with its address (lesson 08).

# %% [markdown] lang="zh" differs="Notepad and the providers that readers in China use"
# **在你自己的电脑上**，有了密钥以后（第 01 课）：
#
# 1. 把 `my_first_call.py` 复制到自己的文件夹。在 JupyterLab 的文件列表里右键点它，再选 **`Download`**（下载）。
# 2. 在它旁边建一个文件 `.env`，写两行：`OPENAI_API_KEY=` 后面接你的密钥，`OPENAI_MODEL=` 后面接上面表格里的一个模型名。用 Windows 记事本保存时，“保存类型”选“所有文件”，编码选 `UTF-8`（不要选“带有 BOM”的那个），否则文件会变成 `.env.txt`，或者第一行读不出来。
# 3. 在终端里运行 `pip install openai python-dotenv`，再运行 `python my_first_call.py`。
#
# 用别的服务商，就加上第三行 `OPENAI_BASE_URL=`，写它的接口地址，密钥和模型名也换成它的，程序一个字都不用改。DeepSeek、通义千问（Qwen）、智谱 GLM、Kimi、硅基流动（SiliconFlow）都是这样用的，第 08 课会讲。

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: your own system message
#
# Ask “What is the sea?” and tell the model in a **system** message to answer like a pirate: to begin every answer with “Arrr!”. The system message comes first. Put the reply in `pirate`.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：写你自己的系统消息
#
# 问“什么是船？”，并用一条**系统**消息要求模型像海盗那样回答：每次都以“啊哈！”开头。系统消息放在最前面。把回复存进 `pirate`。

# %% lang="en" tags=["exercise"]
# Your turn: fill the list, then make the call with it.
# --- solution
pirate_messages = [
    {
        "role": "system",
        "content": "You are a pirate. Begin every answer with Arrr!",
    },
    {"role": "user", "content": "What is the sea?"},
]
pirate = client.chat.completions.create(
    model=model,
    messages=pirate_messages,
    max_completion_tokens=40,
    temperature=0,
)
show_reply(pirate)
# --- stub
# pirate_messages = [
#     # the system message
#     # the user message
# ]
# pirate = ...  # client.chat.completions.create(...) with pirate_messages
# --- end

# %% lang="zh" tags=["exercise"]
# 轮到你了：填好列表，再用它发一次调用。
# --- solution
pirate_messages = [
    {
        "role": "system",
        "content": "你是海盗。每次回答都以“啊哈！”开头。",
    },
    {"role": "user", "content": "什么是船？"},
]
pirate = client.chat.completions.create(
    model=model,
    messages=pirate_messages,
    max_completion_tokens=40,
    temperature=0,
)
show_reply(pirate)
# --- stub
# pirate_messages = [
#     # 系统消息
#     # 用户消息
# ]
# pirate = ...  # 用 pirate_messages 调用 client.chat.completions.create(...)
# --- end

# %% lang="en" tags=["check"]
with exercise(1) as check:
    check(
        "a system message, then a user message",
        [each["role"] for each in pirate_messages] == ["system", "user"],
        "The list holds two messages, in this order.",
        "Each message is a dictionary with a role and a content.",
    )
    check(
        "the model replied",
        pirate.choices[0].message.role == "assistant",
        "pirate is the whole reply, not only its text.",
    )

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    check(
        "先是系统消息，再是用户消息",
        [each["role"] for each in pirate_messages] == ["system", "user"],
        "列表里有两条消息，顺序就是这样。",
        "每条消息都是一个字典，有 role 和 content。",
    )
    check(
        "模型回复了",
        pirate.choices[0].message.role == "assistant",
        "pirate 是整个回复，不只是其中的文字。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: find the limit
#
# Make a call with `messages` that stops after exactly **7** tokens. Then put the reason why it stopped into `reason`, and the number of tokens written into `written`. Take both from the reply.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：找到上限
#
# 用 `messages` 发一次调用，让它正好在 **7** 个 token 之后停下。然后把停下的原因存进 `reason`，把写了多少 token 存进 `written`。两个都从回复里取。

# %% lang="en" tags=["exercise"]
# Your turn: make the call, then read the two fields.
# --- solution
seven = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=7,
    temperature=0,
)
reason = seven.choices[0].finish_reason
written = seven.usage.completion_tokens
# --- stub
# seven = ...  # the call
# reason = ...  # why it stopped
# written = ...  # tokens written
# --- end

# %% lang="zh" tags=["exercise"]
# 轮到你了：发一次调用，再读出两个字段。
# --- solution
seven = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=7,
    temperature=0,
)
reason = seven.choices[0].finish_reason
written = seven.usage.completion_tokens
# --- stub
# seven = ...  # 这次调用
# reason = ...  # 为什么停下
# written = ...  # 写了多少 token
# --- end

# %% lang="en" tags=["check"]
with exercise(2) as check:
    check(
        "the reply stopped at 7 tokens",
        seven.usage.completion_tokens == 7,
        "Look again at “Change one thing: the limit”.",
    )
    check(
        "reason is the finish_reason",
        reason == seven.choices[0].finish_reason == "length",
        "It belongs to a choice, and the choices are a list.",
    )
    check(
        "written is the number of tokens",
        written == seven.usage.completion_tokens,
        "The counts are together in one field of the reply.",
    )

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    check(
        "回复在第 7 个 token 处停下",
        seven.usage.completion_tokens == 7,
        "再看看“只改一处：上限”那一节。",
    )
    check(
        "reason 就是 finish_reason",
        reason == seven.choices[0].finish_reason == "length",
        "它属于一个 choice，而 choices 是一个列表。",
    )
    check(
        "written 是 token 的个数",
        written == seven.usage.completion_tokens,
        "几个数目都放在回复的同一个字段里。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a typewriter
#
# Write a function `typewriter(question)`. It streams the reply to the question, prints each piece as it arrives, and returns a list of all the pieces. A limit of 30 tokens is enough.


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 3：做一台打字机
#
# 写一个函数 `typewriter(question)`。它用流式输出回答问题，每到一块就打印一块，最后返回由所有小块组成的列表。上限设成 30 个 token 就够了。


# %% lang="en" tags=["exercise"]
def typewriter(question):
    pieces = []
    # Your turn: make the call as a stream, then loop over it.
    # --- solution
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=30,
        temperature=0,
        stream=True,
    )
    for chunk in stream:
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        pieces.append(piece)
    print()
    # --- end
    return pieces


typed = typewriter("What is the sea?")


# %% lang="zh" tags=["exercise"]
def typewriter(question):
    pieces = []
    # 轮到你了：用流式输出发一次调用，再逐块处理。
    # --- solution
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=30,
        temperature=0,
        stream=True,
    )
    for chunk in stream:
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        pieces.append(piece)
    print()
    # --- end
    return pieces


typed = typewriter("什么是船？")

# %% lang="en" tags=["check"]
with exercise(3) as check:
    check(
        "the reply came in pieces",
        len(typed) > 1,
        "A stream is a loop: each chunk brings one piece.",
    )
    check(
        "every piece is a text",
        len(typed) > 0 and all(isinstance(piece, str) for piece in typed),
        "Some chunks have no text: their content is None.",
    )
    check(
        "the pieces are words of a reply",
        len("".join(map(str, typed))) > 10,
        "What you append is the text of the delta, not the chunk.",
    )

# %% lang="zh" tags=["check"]
with exercise(3) as check:
    check(
        "回复是一块一块到的",
        len(typed) > 1,
        "流要用循环来读：每个数据块带来一小块。",
    )
    check(
        "每一块都是文字",
        len(typed) > 0 and all(isinstance(piece, str) for piece in typed),
        "有的数据块没有文字，内容是 None。",
    )
    check(
        "合起来是回复里的话",
        len("".join(map(str, typed))) > 10,
        "要加进列表的是 delta 里的文字，不是整个数据块。",
    )

# %% [markdown] lang="en"
# ## More, if you like: the chunks of a stream
#
# Look at the chunks one by one, instead of at the text:

# %% [markdown] lang="zh"
# ## 选学：流里的数据块
#
# 这次不看文字，一个一个地看数据块：

# %%
stream = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=5,
    temperature=0,
    stream=True,
)
for chunk in stream:
    choice = chunk.choices[0]
    delta = choice.delta
    print(delta.role, repr(delta.content), choice.finish_reason)

# %% [markdown] lang="en"
# The role comes first. Then pieces of text. The last chunk has no text, but it has the `finish_reason`, which is `None` until then.
#
# A stream has no `usage`, unless you ask for it with `stream_options`. Then one more chunk comes at the very end. It has no choices, only the numbers:

# %% [markdown] lang="zh"
# 先到的是角色，然后是一小段一小段的文字。最后一个数据块没有文字，但是有 `finish_reason`，在它之前都是 `None`。
#
# 流里没有 `usage`，要用 `stream_options` 特意去要。这样最后会多来一个数据块，里面没有 choices，只有数字：

# %% lang="en"
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

# %% lang="zh"
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
        print("\ntoken 数：", chunk.usage.total_tokens)

# %% [markdown] lang="en"
# ## More, if you like: models that think
#
# Some models **think** before they answer: they write down thoughts that you do not see, then the answer. The table above has them in the column *thinks*. What you should know before you choose one:
#
# - The thoughts are **tokens that you pay for**, and they count towards `max_completion_tokens`. With a low limit nothing may be left for the answer.
# - `reasoning_effort` says how much it thinks: `"none"`, `"minimal"`, `"low"`, `"medium"`, `"high"` and more. Not every model takes each of them.
# - While it thinks, `temperature` and `stop` are often refused. With `reasoning_effort="none"` they work.
#
# The practice model does not think. So this reply is **simulated**: the name of the model is `simulate-reasoning`.

# %% [markdown] lang="zh"
# ## 选学：会思考的模型
#
# 有些模型回答之前先**思考**：先写下你看不到的想法，再写回答。上面的表格里，*思考*那一列标出了它们。选用之前要知道：
#
# - 这些想法也是**要付费的 token**，而且算在 `max_completion_tokens` 里。上限太低，可能一点都没给回答留下。
# - `reasoning_effort` 决定思考多少：`"none"`、`"minimal"`、`"low"`、`"medium"`、`"high"` 等等。不是每个模型都接受全部。
# - 思考的时候，`temperature` 和 `stop` 常常不能用。设成 `reasoning_effort="none"`，就能用了。
#
# 练习模型不会思考，所以下面这个回复是**模拟**的：模型的名字是 `simulate-reasoning`。

# %% lang="en"
with as_if(FIRST_CALL_MODE="practice"):
    practice = connect()

thinking = practice.chat.completions.create(
    model="simulate-reasoning",
    messages=messages,
    max_completion_tokens=60,
    reasoning_effort="high",
)
print("text:         ", repr(thinking.choices[0].message.content))
print("finish_reason:", thinking.choices[0].finish_reason)
print("tokens paid:  ", thinking.usage.completion_tokens)
details = thinking.usage.completion_tokens_details
print("for thoughts: ", details.reasoning_tokens)

# %% lang="zh"
with as_if(FIRST_CALL_MODE="practice"):
    practice = connect()

thinking = practice.chat.completions.create(
    model="simulate-reasoning",
    messages=messages,
    max_completion_tokens=60,
    reasoning_effort="high",
)
print("文字：        ", repr(thinking.choices[0].message.content))
print("finish_reason:", thinking.choices[0].finish_reason)
print("付费的 token：", thinking.usage.completion_tokens)
details = thinking.usage.completion_tokens_details
print("用来思考：    ", details.reasoning_tokens)

# %% [markdown] lang="en"
# You paid for 60 tokens and got an empty text. All of them were thoughts. What helps: a higher limit, or less thinking. With a model that thinks, a call looks like this (`"none"` switches it off):
#
# ```python
# client.chat.completions.create(
#     model=model,
#     messages=messages,
#     max_completion_tokens=2000,
#     reasoning_effort="low",
# )
# ```
#
# Many models of other providers think unless they are told not to. `connect()` switches it off for the providers that it knows, where that is possible, so that the cells of this course run as they are.

# %% [markdown] lang="zh"
# 你付了 60 个 token 的钱，得到的文字却是空的，60 个全都花在思考上了。办法是：把上限提高，或者让它少想一点。调用会思考的模型，要这样写（`"none"` 表示关掉）：
#
# ```python
# client.chat.completions.create(
#     model=model,
#     messages=messages,
#     max_completion_tokens=2000,
#     reasoning_effort="low",
# )
# ```
#
# 别家的很多模型，不特意关掉就会思考。遇到它认识的服务商，`connect()` 会替你关掉，所以这门课的单元格不用改就能运行。智谱和 Kimi 的默认模型关不掉，`connect()` 只能让它们少想一点，并且把上限放宽，所以演示截断的单元格在它们那里往往不会截断。

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>You ask for a summary with <code>max_completion_tokens=50</code>, and it ends in the middle of a sentence. How do you get a short summary that is whole?</summary>
#
# Ask for it in the prompt: “in one sentence”. The limit only cuts. It is a safety belt against long replies, so set it higher than what you expect.
#
# </details>
#
# <details><summary>Your program sorts letters into three drawers. Which temperature do you choose, and why?</summary>
#
# 0. The same letter should land in the same drawer each time. A higher temperature is for ideas and stories.
#
# </details>
#
# <details><summary>A program that ran for a year suddenly ends in 404 <code>model_not_found</code>. Nobody changed it. What happened, and where do you mend it?</summary>
#
# Its model was retired. Choose another one and change its name in the settings, <code>OPENAI_MODEL</code> in <code>.env</code>. If the name stands in the code, you have to find every place.
#
# </details>

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 每一题先在心里回答，再点开看。
#
# <details><summary>你让模型写摘要，设了 <code>max_completion_tokens=50</code>，结果在一句话中间断了。怎样得到一个又短又完整的摘要？</summary>
#
# 在提示词里提要求：“用一句话”。上限只会把话截断。它是防止回复太长的安全带，所以要设得比预计的长度更高。
#
# </details>
#
# <details><summary>你的程序要把信件分进三个抽屉。温度选多少？为什么？</summary>
#
# 选 0。同一封信每次都应该进同一个抽屉。高一点的温度适合出点子、写故事。
#
# </details>
#
# <details><summary>一个程序运行了一年，突然报 404 <code>model_not_found</code>，谁也没有改过它。出了什么事？该改哪里？</summary>
#
# 它用的模型下线了。另选一个模型，把设置里的名字换掉，也就是 <code>.env</code> 里的 <code>OPENAI_MODEL</code>。如果名字写在代码里，你就得一处一处去找。
#
# </details>

# %% [markdown] lang="en"
# ## What to remember
#
# - A call is a model and a list of messages: `client.chat.completions.create(model=…, messages=[…])`.
# - The text is at `reply.choices[0].message.content`. Look at `finish_reason` too.
# - Temperature 0 for facts, about 1 for ideas. `max_completion_tokens` cuts, it does not shorten.
# - `usage` counts tokens, and tokens are what you pay for.
# - `stream=True` gives chunks with a `delta`. Print them with `end=""` and `flush=True`.
# - Take the cheapest model that does your task, and keep its name in settings: names retire.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - 一次调用就是一个模型加一个消息列表：`client.chat.completions.create(model=…, messages=[…])`。
# - 文字在 `reply.choices[0].message.content` 里。别忘了也看 `finish_reason`。
# - 要事实用温度 0，要点子用 1 左右。`max_completion_tokens` 会截断，不会让话变短。
# - `usage` 记的是 token 数，你付的就是 token 的钱。
# - `stream=True` 给出一个个带 `delta` 的数据块。打印时加上 `end=""` 和 `flush=True`。
# - 选能完成任务的最便宜的模型，把名字放在设置里：模型会下线。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: the Chat Completions API](https://platform.openai.com/docs/api-reference/chat), every parameter and field
# - [OpenAI: streaming](https://developers.openai.com/api/docs/guides/streaming-responses)
# - [OpenAI: models and their retirement](https://developers.openai.com/api/docs/deprecations)
# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：Chat Completions API](https://platform.openai.com/docs/api-reference/chat)，所有参数和字段（英文）
# - [OpenAI：流式输出](https://developers.openai.com/api/docs/guides/streaming-responses)（英文）
# - [OpenAI：模型与下线日期](https://developers.openai.com/api/docs/deprecations)（英文）
