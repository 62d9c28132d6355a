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

# %% [markdown] lang="zh"
# # 结束原因
#
# 你的程序向模型要一份摘要，然后存起来。有一天，摘要写到半句就断了，却没人发现，因为程序没有报任何错。其实回复里有一个字段，看一眼就知道。
#
# ## 学完这一课你能做什么
#
# - 只看一个字段，就说得出回复为什么结束
# - 亲手让这个字段的每一种值都出现一次
# - 让模型使用你的函数，并根据函数的结果作答
# - 写一个处理函数，对每一种值都做出正确的反应
# - 给点餐机器人配一个工具，让它把账算对
#
# 除非你用了自己的密钥，这一课里的回复都来自练习模型。有些回答是**模拟**的，遇到时文中都会说明。

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

# %% [markdown] lang="zh"
# 这里有两个客户端。`client` 是你的，和每一课一样。`practice_client` 始终调用练习模型。没有密钥时，两个都调用练习模型，所以上面那行字出现了两次。

# %% [markdown] lang="en"
# ## The smallest call: the model is done

# %% [markdown] lang="zh"
# ## 最小的调用：模型说完了

# %% lang="en"
question = [{"role": "user", "content": "What is the capital of Japan?"}]

natural = client.chat.completions.create(
    model=model, messages=question, max_completion_tokens=50, temperature=0
)
print(natural.choices[0].message.content)

# %% lang="zh"
question = [{"role": "user", "content": "日本的首都是哪里？"}]

natural = client.chat.completions.create(
    model=model, messages=question, max_completion_tokens=50, temperature=0
)
print(natural.choices[0].message.content)

# %% [markdown] lang="en"
# Why did it stop there, and not in the middle, or a page later? The reply says it:

# %% [markdown] lang="zh"
# 它为什么停在这里，而不是说到一半就停，也不是再写上一页？回复里写着原因：

# %% tags=["nbval-check-output"]
print(natural.choices[0].finish_reason)

# %% [markdown] lang="en"
# `stop` means: the model thinks that it is done. That is the normal end.

# %% [markdown] lang="zh"
# `stop` 的意思是：模型认为自己说完了。这是正常的结束。

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

# %% [markdown] lang="zh"
# ## 看看回复里有什么：所有的值
#
# `finish_reason` 在每个 choice 里，就在消息旁边。它是下面几种值之一：
#
# | 值 | 回复为什么结束 | 该怎么做 |
# |---|---|---|
# | `stop` | 模型说完了，或者遇到了你设的停止序列 | 直接用 |
# | `length` | 到了上限 | 接着写，或者提高上限 |
# | `tool_calls` | 模型要你运行一个函数 | 运行它，把结果发回去 |
# | `content_filter` | 服务商的内容过滤拦掉了一部分 | 换个说法再问 |
# | `null` | 还没结束：流还在继续 | 继续读 |
# | `function_call` | 和 `tool_calls` 差不多，是 2023 年的写法，**已弃用** | 改用 `tools` |
#
# 接下来，你会让它们一个一个出现。

# %% [markdown] lang="en"
# ## stop, at a word of yours
#
# With `stop` you name a text where the model has to stop. First without it:

# %% [markdown] lang="zh"
# ## stop：遇到你指定的文字
#
# 用 `stop` 指定一段文字，模型写到那里就必须停下。先看看不加它的样子：

# %% lang="en"
fruits = [{"role": "user", "content": "Write a numbered list of five fruits."}]

reply = client.chat.completions.create(
    model=model, messages=fruits, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
fruits = [{"role": "user", "content": "列出五种水果的英文名，用数字编号。"}]

reply = client.chat.completions.create(
    model=model, messages=fruits, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# Now stop as soon as a `3` would come:

# %% [markdown] lang="zh"
# 现在，一到要写 `3` 的时候就停：

# %%
stopped = client.chat.completions.create(
    model=model,
    messages=fruits,
    max_completion_tokens=60,
    temperature=0,
    stop=["3"],
)
print(stopped.choices[0].message.content)

# %% lang="en" tags=["nbval-check-output"]
print("finish_reason:", stopped.choices[0].finish_reason)
print("is the 3 in the reply?", "3" in stopped.choices[0].message.content)

# %% lang="zh" tags=["nbval-check-output"]
print("finish_reason:", stopped.choices[0].finish_reason)
print("回复里有 3 吗？", "3" in stopped.choices[0].message.content)

# %% [markdown] lang="en"
# The reason is `stop` again. The stop word itself is not part of the reply. You may give up to four of them. Some models that think before they answer refuse `stop`.

# %% [markdown] lang="zh"
# 结束原因还是 `stop`。停止序列本身不会出现在回复里。最多可以给四个。有些先思考再回答的模型不接受 `stop`。

# %% [markdown] lang="en"
# ## length, at a limit of yours
#
# `max_completion_tokens` is the most that the model may write. Five tokens are not enough for this answer:

# %% [markdown] lang="zh"
# ## length：到了你设的上限
#
# `max_completion_tokens` 是模型最多能写多少。要答完这个问题，五个 token 不够：

# %% lang="en"
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

# %% lang="zh"
recursion = [
    {
        "role": "user",
        "content": "什么是编程中的递归？用一句话回答。",
    }
]

cut = client.chat.completions.create(
    model=model, messages=recursion, max_completion_tokens=5, temperature=0
)
print(cut.choices[0].message.content)

# %% lang="en" tags=["nbval-check-output"]
print("finish_reason: ", cut.choices[0].finish_reason)
print("tokens written:", cut.usage.completion_tokens)

# %% lang="zh" tags=["nbval-check-output"]
print("finish_reason: ", cut.choices[0].finish_reason)
print("写了多少 token：", cut.usage.completion_tokens)

# %% [markdown] lang="en"
# A cut reply is no error. Nothing is raised, and the text looks like any other. Only `finish_reason` tells you. **That is why you look at it.**
#
# Now try both with your hands. Run the cell. Move the slider and press **Run**: where does `length` turn into `stop`? Then write `3` into the field for the stop text, and run again.

# %% [markdown] lang="zh"
# 截断的回复不算错误。程序不会抛出异常，文字看起来也和别的回复没有两样。只有 `finish_reason` 会告诉你。**所以一定要看它。**
#
# 现在动手试试这两种情况。运行下面的单元格，拖动滑块，再点**运行**：滑到哪里，`length` 会变成 `stop`？然后在**停止序列**那一栏填上 `3`，再运行一次。

# %% tags=["nbval-ignore-output"] reason="the explorer is a widget, drawn by your browser"
from helpers import finish_explorer

finish_explorer(client, fruits[0]["content"])

# %% [markdown] lang="en"
# ### Two names of the limit
#
# In older programs, and at some other providers, the same limit is called `max_tokens`. Practice mode takes both names:

# %% [markdown] lang="zh"
# ### 上限的两个名字
#
# 在旧程序里，还有一些别的服务商那里，同一个上限叫 `max_tokens`。练习模式两个名字都认：

# %% lang="en" tags=["nbval-check-output"]
old_name = practice_client.chat.completions.create(
    model=practice_model, messages=recursion, max_tokens=5, temperature=0
)
print("finish_reason: ", old_name.choices[0].finish_reason)
print("tokens written:", old_name.usage.completion_tokens)

# %% lang="zh" tags=["nbval-check-output"]
old_name = practice_client.chat.completions.create(
    model=practice_model, messages=recursion, max_tokens=5, temperature=0
)
print("finish_reason: ", old_name.choices[0].finish_reason)
print("写了多少 token：", old_name.usage.completion_tokens)

# %% [markdown] lang="en"
# OpenAI's models that can think refuse the old name. Practice mode has a model that refuses what they refuse, `practice-reasoning`. (`expect_error` lets a cell fail on purpose, and keeps the error. `explain` says in two sentences what it means.)

# %% [markdown] lang="zh"
# OpenAI 那些会思考的模型不接受旧名字。练习模式里有一个模型 `practice-reasoning`，它们拒绝什么，它就拒绝什么。（`expect_error` 让单元格可以故意出错，并把错误留下来。`explain` 用两句话说明这个错误是什么意思。）

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

# %% [markdown] lang="zh"
# 所以请写 `max_completion_tokens`。少数服务商只认 `max_tokens`。遇到它们，`connect()` 会在每个请求里换成旧名字，并在它打印的那一行里说明。你什么都不用改。

# %% [markdown] lang="en"
# ### length, with an empty reply (simulated)
#
# Some models **think** before they answer. You pay for the thinking, but you do not see it, and it counts towards the limit. With a low limit it can use up everything, and no word of the answer is written. The practice model does not think, so this is **simulated**:

# %% [markdown] lang="zh"
# ### length，而且回复是空的（模拟）
#
# 有些模型会先**思考**再回答。思考也要付钱，你却看不到，而且它也算在上限里。上限设低了，可能全让思考用光，回答一个字都没写出来。练习模型不会思考，所以这里是**模拟**的：

# %% lang="en" tags=["nbval-check-output"]
thinking = practice_client.chat.completions.create(
    model="simulate-reasoning", messages=question, max_completion_tokens=60
)
used = thinking.usage
print("finish_reason:", thinking.choices[0].finish_reason)
print("content:      ", repr(thinking.choices[0].message.content))
print("tokens:       ", used.completion_tokens)
print("of these hidden:", used.completion_tokens_details.reasoning_tokens)

# %% lang="zh" tags=["nbval-check-output"]
thinking = practice_client.chat.completions.create(
    model="simulate-reasoning", messages=question, max_completion_tokens=60
)
used = thinking.usage
print("finish_reason:", thinking.choices[0].finish_reason)
print("content:      ", repr(thinking.choices[0].message.content))
print("输出 token：  ", used.completion_tokens)
print("其中看不见的：", used.completion_tokens_details.reasoning_tokens)

# %% [markdown] lang="en"
# **Raise the limit**, or let the model think less. `reasoning_effort` says how much: `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. Each model takes only some of these. The same call once more, without any thinking:

# %% [markdown] lang="zh"
# **提高上限**，或者让模型少想一点。`reasoning_effort` 表示想多少：`none`、`minimal`、`low`、`medium`、`high`、`xhigh` 或 `max`。每个模型只接受其中几种。同样的调用再来一次，这回完全不思考：

# %%
awake = practice_client.chat.completions.create(
    model="simulate-reasoning",
    messages=question,
    max_completion_tokens=60,
    reasoning_effort="none",
)
print(awake.choices[0].message.content)

# %% lang="en" tags=["nbval-check-output"]
used = awake.usage
print("finish_reason:", awake.choices[0].finish_reason)
print("hidden tokens:", used.completion_tokens_details.reasoning_tokens)

# %% lang="zh" tags=["nbval-check-output"]
used = awake.usage
print("finish_reason:", awake.choices[0].finish_reason)
print("看不见的 token：", used.completion_tokens_details.reasoning_tokens)

# %% [markdown] lang="en"
# Thinking helps with hard questions, and costs tokens and time. An easy question needs none. And with OpenAI's models that think, anything but `none` means that `temperature` is refused.

# %% [markdown] lang="zh"
# 难题值得思考，但思考要花 token，也要花时间。简单的问题用不着。另外，OpenAI 那些会思考的模型，只要 `reasoning_effort` 不是 `none`，就不接受 `temperature`。

# %% [markdown] lang="en"
# ## tool_calls: the model asks you to do something
#
# A model by itself cannot look anything up. Ask it for the temperature of this moment. A large model says that it cannot know. The practice model makes one up:

# %% [markdown] lang="zh"
# ## tool_calls：模型请你做一件事
#
# 模型自己查不了任何东西。问问它现在的气温。大模型会说自己没法知道，练习模型却会编一个：

# %% lang="en"
weather = [{"role": "user", "content": "What is the temperature in Oslo?"}]

reply = client.chat.completions.create(
    model=model, messages=weather, max_completion_tokens=60, temperature=0
)
print(reply.choices[0].message.content)

# %% lang="zh"
weather = [{"role": "user", "content": "奥斯陆现在的气温是多少？"}]

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

# %% [markdown] lang="zh"
# 奥斯陆有多冷，练习模型根本不知道。但**你的程序**可以去查。所以，你给模型提供一个函数。一共五步。
#
# ![工具调用示意图，分三列：你的函数、你的程序、模型。1：你有一个函数 get_temperature。2：程序里有它的描述。3：程序向模型提问，同时附上描述。模型以 finish_reason tool_calls 回复：请用城市奥斯陆运行 get_temperature。4：程序运行函数，得到零下 3 摄氏度。5：程序把结果作为 role 为 tool 的消息发回。模型用文字作答，finish_reason 为 stop：奥斯陆现在的气温是零下 3 摄氏度。](drawings/tool-round-trip.zh.svg)
#
# **第 1 步：准备一个函数。** 这个函数从一张小表里读数据。真正用的时候，函数会去查天气服务。


# %% lang="en" tags=["setup"]
def get_temperature(city):
    table = {"Oslo": "-3 degrees Celsius", "Lima": "22 degrees Celsius"}
    return table.get(city.title(), "not known")


print(get_temperature("Oslo"))


# %% lang="zh" tags=["setup"]
def get_temperature(city):
    table = {"奥斯陆": "零下 3 摄氏度", "利马": "22 摄氏度"}
    return table.get(city.title(), "气温未知")


print(get_temperature("奥斯陆"))

# %% [markdown] lang="en"
# **Step 2: declare it.** The model does not see your Python. It sees a description: the name, what the function does, and what it needs. The part below `parameters` is a JSON schema: one argument, a text, called `city`. `strict` means that the arguments have to fit it exactly. Lesson 06 has more about schemas.

# %% [markdown] lang="zh"
# **第 2 步：声明它。** 模型看不到你的 Python 代码，只看到一份描述：函数叫什么名字、做什么、需要什么。`parameters` 下面的部分是一个 JSON Schema：只有一个参数，是文字，叫 `city`。`strict` 表示传来的参数必须和它完全吻合。关于 Schema，第 06 课会讲得更多。

# %% lang="en" tags=["setup"]
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

# %% lang="zh" tags=["setup"]
temperature_tool = {
    "type": "function",
    "function": {
        "name": "get_temperature",
        "description": "查询某个城市现在的气温，单位摄氏度。",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "城市名"},
            },
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}

# %% [markdown] lang="en"
# **Step 3: ask, and send the declaration along.** The same question as before, plus `tools`:

# %% [markdown] lang="zh"
# **第 3 步：提问，同时附上声明。** 问题和刚才一样，只是多了 `tools`：

# %%
asks_for_tool = client.chat.completions.create(
    model=model,
    messages=weather,
    tools=[temperature_tool],
    max_completion_tokens=60,
    temperature=0,
)

# %% lang="en" tags=["nbval-check-output"]
choice = asks_for_tool.choices[0]
print("finish_reason:", choice.finish_reason)
print("content:      ", choice.message.content)
print("tool calls:   ", len(choice.message.tool_calls))

# %% lang="zh" tags=["nbval-check-output"]
choice = asks_for_tool.choices[0]
print("finish_reason:", choice.finish_reason)
print("content:      ", choice.message.content)
print("工具调用：    ", len(choice.message.tool_calls))

# %% [markdown] lang="en"
# No answer, and no text at all. Instead, the model **asks you** to run a function. Look at what it wants:

# %% [markdown] lang="zh"
# 没有答案，连一个字都没有。模型反过来**请你**运行一个函数。看看它要什么：

# %% lang="en" tags=["nbval-check-output"]
call = choice.message.tool_calls[0]
arguments = json.loads(call.function.arguments)
print("function: ", call.function.name)
print("arguments:", arguments)

# %% lang="zh" tags=["nbval-check-output"]
call = choice.message.tool_calls[0]
arguments = json.loads(call.function.arguments)
print("函数：", call.function.name)
print("参数：", arguments)

# %% [markdown] lang="en"
# The arguments come as a JSON text, so `json.loads` makes a dictionary of them. Each call also has an `id`, which you need in a moment.
#
# (In practice mode, the model decides **whether** it asks for a function, and a rule takes care that at least one argument comes from your words. So a call out of the air does not reach you.)
#
# **Step 4: run it.** The model runs nothing. Your program does, and it decides whether it wants to. Check the name, and never run a function just because a text names it.

# %% [markdown] lang="zh"
# 参数是一段 JSON 文字，`json.loads` 把它变成字典。每个调用还有一个 `id`，马上就会用到。
#
# （在练习模式里，**要不要**请求函数由模型决定，另有一条规则保证至少有一个参数出自你的原话。所以，凭空冒出来的调用到不了你这里。）
#
# **第 4 步：运行它。** 模型什么都不运行。函数由你的程序来运行，要不要运行，也由你的程序决定。要检查函数名：绝不能因为一段文字提到某个函数，就去运行它。

# %%
if call.function.name == "get_temperature":
    result = get_temperature(**arguments)
print(result)

# %% [markdown] lang="en"
# (`**arguments` hands over the dictionary as `city="Oslo"`.)
#
# **Step 5: send the result back.** Two messages join the list: the model's request, just as it came, and your result. The result has the role `tool`, and says by `tool_call_id` which request it belongs to.

# %% [markdown] lang="zh"
# （`**arguments` 把字典展开，相当于传入 `city="奥斯陆"`。）
#
# **第 5 步：把结果发回去。** 列表里要加两条消息：一条是模型的请求，原样放进去；另一条是你的结果。结果的角色是 `tool`，并用 `tool_call_id` 说明它对应哪个请求。

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

# %% [markdown] lang="zh"
# 现在，这个回答的依据是**你的**数据。简单说就是：
#
# `user` 提问 → 模型请求工具 → 你运行 → `tool` 消息 → 模型作答。

# %%
from helpers import show_messages

show_messages([*with_result, final.choices[0].message])

# %% [markdown] lang="en"
# ### Two tools
#
# Offer several functions, and the model picks one, or none. Here is a second one. A dictionary finds each function by its name. It is also the check: a name that does not stand in it is not run.

# %% [markdown] lang="zh"
# ### 两个工具
#
# 提供几个函数，模型会从中挑一个，也可能一个都不用。下面是第二个函数。再用一个字典，按名字找到每个函数。它同时也是检查：名字不在字典里的，就不运行。


# %% lang="en"
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


# %% lang="zh"
def get_time(city):
    table = {"奥斯陆": "14:20", "利马": "08:20"}
    return table.get(city.title(), "时间未知")


time_tool = {
    "type": "function",
    "function": {
        "name": "get_time",
        "description": "查询某个城市现在的时间。",
        "parameters": temperature_tool["function"]["parameters"],
        "strict": True,
    },
}
functions = {"get_temperature": get_temperature, "get_time": get_time}

# %% [markdown] lang="en"
# Steps 3 to 5 become a loop: ask, run what the model wants, ask again, until it answers in words. A model may want **several** calls in one reply. Answer every one of them, with one `tool` message for each `id`. The loop ends after five rounds in any case:

# %% [markdown] lang="zh"
# 第 3 步到第 5 步变成一个循环：提问，运行模型要的函数，再问，直到它用文字作答。一条回复里，模型可能一次要求**好几个**调用。每一个都要给出结果，每个 `id` 对应一条 `tool` 消息。不管怎样，循环最多五轮就结束：


# %% lang="en"
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


# %% lang="zh"
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
            print("运行了：", call.function.name, arguments, "->", result)
            answer = {"role": "tool", "tool_call_id": call.id, "content": result}
            messages.append(answer)
    print(choice.message.content)


# %% lang="en"
run_with_tools("What time is it in Lima?")

# %% lang="zh"
run_with_tools("利马现在的时间是几点？")

# %% lang="en"
run_with_tools("What is the capital of Japan?")

# %% lang="zh"
run_with_tools("日本的首都是哪里？")

# %% [markdown] lang="en"
# The model picked the function that fits, and for the capital of Japan it took none.
#
# `tool_choice` changes who decides: `"auto"` (the model, the default), `"none"` (no tool), `"required"` (some tool, in any case).

# %% [markdown] lang="zh"
# 模型挑对了函数；问日本的首都时，它一个函数也没用。
#
# `tool_choice` 决定谁说了算：`"auto"`（由模型决定，默认）、`"none"`（不用工具）、`"required"`（无论如何要用一个工具）。

# %% [markdown] lang="en"
# ## null, while a stream runs
#
# In a stream, each chunk has a `finish_reason` as well. JSON writes “nothing” as `null`, Python as `None`:

# %% [markdown] lang="zh"
# ## null：流还在继续
#
# 在流里，每个数据块也有 `finish_reason`。“没有”在 JSON 里写作 `null`，在 Python 里写作 `None`：

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

# %% lang="en" tags=["nbval-check-output"]
print("first:", reasons[0])
print("last: ", reasons[-1])

# %% lang="zh" tags=["nbval-check-output"]
print("第一个：", reasons[0])
print("最后一个：", reasons[-1])

# %% [markdown] lang="en"
# Only the last chunk knows why it ended. If a stream stops and you never saw anything but `None`, the connection broke, and the reply is not complete. Lesson 08 shows that.

# %% [markdown] lang="zh"
# 只有最后一个数据块知道为什么结束。如果流停了，而你看到的一直都是 `None`，那就是连接断了，回复不完整。第 08 课会演示这种情况。

# %% [markdown] lang="en"
# ## content_filter (simulated)
#
# Providers check replies for content that they do not want to show. When the filter strikes, the reply ends there, or is empty. That is hard to provoke on purpose, and you should not try. So practice mode **simulates** it: the model name `simulate-content-filter` gives such a reply.

# %% [markdown] lang="zh"
# ## content_filter（模拟）
#
# 服务商会检查回复，不让某些内容出现。一旦触发过滤，回复就到此为止，或者干脆是空的。想故意触发它很难，你也不该去试。所以练习模式**模拟**了一次：模型名 `simulate-content-filter` 会给出这样的回复。

# %%
filtered = practice_client.chat.completions.create(
    model="simulate-content-filter", messages=question
)
print(filtered.choices[0].message.content)

# %% tags=["nbval-check-output"]
print("finish_reason:", filtered.choices[0].finish_reason)

# %% [markdown] lang="en"
# Again no error, only the field. The same request would be filtered again. Say it in other words.

# %% [markdown] lang="zh"
# 还是没有报错，只能从这个字段看出来。原样再发一次，照样会触发过滤。换个说法吧。

# %% [markdown] lang="en"
# ## A refusal (simulated)
#
# A model may decline to answer. Often it says so in plain words, in the content. It can also use a field made for that, `refusal`. This one is **simulated**:

# %% [markdown] lang="zh"
# ## 拒绝（模拟）
#
# 模型可以拒绝回答。它常常直接在内容里用文字说出来，也可以用专门的字段 `refusal`。下面这个是**模拟**的：

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

# %% [markdown] lang="zh"
# 结束原因是 `stop`：模型做完了它想做的事。而内容是 `None`。所以，只看 `finish_reason` 还不够，`refusal` 也要看。

# %% [markdown] lang="en"
# ## A handler, by hand
#
# A program that uses replies should know what to do for each case. Write that down **once**, in a function:

# %% [markdown] lang="zh"
# ## 自己写一个处理函数
#
# 要用回复的程序，应该知道每种情况该怎么办。把这些写进一个函数，**只写一次**：


# %% lang="en"
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


# %% lang="zh"
def next_step(choice):
    if choice.message.refusal:
        return "显示拒绝的话"
    if choice.finish_reason == "stop":
        return "使用回复"
    if choice.finish_reason == "tool_calls":
        return "运行工具"
    if choice.finish_reason == "content_filter":
        return "换个说法再问"
    if choice.finish_reason == "length":
        return "接着写" if choice.message.content else "提高上限"
    return "看一看"


# %% [markdown] lang="en"
# Try it on the replies of this lesson:

# %% [markdown] lang="zh"
# 拿这一课的回复来试试：

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

# %% [markdown] lang="zh"
# 最后一行 `return "看一看"`，是为那些现在还不存在、或者只有某一家服务商才有的值准备的。程序不该因为它们出错。

# %% [markdown] lang="en"
# ## The helper: finish_advice
#
# `finish_advice` is the same idea. It gives one word for your program (`action`) and two sentences for a person:

# %% [markdown] lang="zh"
# ## 辅助函数：finish_advice
#
# `finish_advice` 是同样的思路。给程序的是一个词（`action`），给人看的是两句话：

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

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：在第四个之前停下
#
# 再让模型列一次那五种水果的英文名，但让回复在 **4 出现之前**停下。上限保持 60。把回复放进 `three`。

# %% lang="en" tags=["exercise"]
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

# %% lang="zh" tags=["exercise"]
fruits = [{"role": "user", "content": "列出五种水果的英文名，用数字编号。"}]
# 轮到你了：发起调用，用 max_completion_tokens=60，再加一个参数。
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
# three = ...  # 你的调用
# --- end

# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    check(
        "回复以 stop 结束",
        three.choices[0].finish_reason == "stop",
        "让它结束的不应该是上限。上限是 60 吗？",
    )
    said = three.choices[0].message.content
    check(
        "回复里有 3，没有 4",
        "3" in said and "4" not in said,
        "这一课里有一个参数，用来指定写到哪段文字就停。",
        "它的值是一个列表，里面是文字。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: give the order bot a tool
#
# In lesson 03 you built a bot that takes orders for a small kitchen. It cannot add up. Now it gets a tool: the model says what to add, and **your program** keeps the order and the sum.
#
# Run the next cell. It holds the menu, the function and its declaration. New is `enum`, a list of the texts that are allowed: the model can add nothing that the kitchen does not have.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：给点餐机器人配一个工具
#
# 在第 03 课，你替小饭馆做了一个点餐机器人。它不会算账。现在给它一个工具：由模型说要加什么菜，由**你的程序**记下订单、算出总价。
#
# 运行下面的单元格。里面有菜单、函数和它的声明。新出现的是 `enum`，它列出允许的文字：饭馆里没有的菜，模型加不进去。

# %% lang="en" tags=["setup"]
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

# %% lang="zh" tags=["setup"]
menu = {"牛肉面": 9, "饺子": 7, "炒饭": 8, "绿茶": 3}
order = {}


def add_to_order(dish, quantity):
    order[dish] = order.get(dish, 0) + quantity
    total = sum(menu[name] * number for name, number in order.items())
    return f"现在的订单是 {order}，一共 {total} 元。"


order_tool = {
    "type": "function",
    "function": {
        "name": "add_to_order",
        "description": "把一道菜加进客人的订单。",
        "parameters": {
            "type": "object",
            "properties": {
                "dish": {"type": "string", "enum": list(menu)},
                "quantity": {"type": "integer", "description": "份数"},
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

# %% [markdown] lang="zh" tags=["exercise"]
# 现在来写机器人。`talk` 是历史消息，`serve` 是一轮对话。调用已经写好了，请写出后面的部分：
#
# - 如果回复的结束原因不是 `tool_calls`，就返回它的文字。
# - 否则，对每个调用运行 `add_to_order`，再把结果作为 `tool` 消息加进 `talk`。然后循环会再问一次。

# %% lang="en" tags=["exercise"]
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

# %% lang="zh" tags=["exercise"]
order.clear()
talk = [
    {
        "role": "system",
        "content": f"你为一家小饭馆接单。用一句简短的话回答。菜单（单位：元）：{menu}。",
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
        # 轮到你了：返回文字；或者运行每个调用，把结果加进去。
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
    return "五轮之后还没有答案"


print(serve("请把两份饺子加进订单。"))
print("订单：", order)

# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    said = [m for m in talk if not isinstance(m, dict)]
    calls = [call.id for m in said for call in m.tool_calls or []]
    results = [m for m in talk if isinstance(m, dict) and m["role"] == "tool"]
    check(
        "模型请求了工具，你运行了它",
        calls and order,
        "参数是一段 JSON 文字。第 3 步把它变成了字典。",
        "像第 4 步那样，用这个字典调用 add_to_order。",
    )
    check(
        "每个请求都有对应的结果",
        [m["tool_call_id"] for m in results] == calls,
        "tool 消息要写明它对应哪个请求。看看第 5 步。",
    )
    check(
        "结果就是你的函数返回的内容",
        results and all("一共" in m["content"] for m in results),
        "add_to_order 返回的内容，就是 tool 消息的 content。",
    )
    check(
        "最后机器人用文字作答",
        talk[-1].content,
        "finish_reason 不是 tool_calls 时，就返回文字。",
    )

# %% [markdown] lang="en"
# The sum is right, because your program worked it out. Order more: `print(serve("One green tea, please."))` in a cell of its own, then look at `order`. A small model may miss an order, or add it twice. A kitchen would show the guest the order and ask before it cooks.

# %% [markdown] lang="zh"
# 总价是对的，因为它是你的程序算出来的。再点几样：新建一个单元格，运行 `print(serve("请把一杯绿茶加进订单。"))`，然后看看 `order`。小模型可能会漏单，也可能把同一样加两次：只说“来两份饺子”，练习模型就不去用工具，还会随口报一个价钱。真正的饭馆会先把订单给客人看，确认了再下锅。

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

# %% [markdown] lang="zh"
# ## 选学：再多学一点
#
# 后面的内容是选学：上下文窗口、接着写截断的回复、工具的旧写法，以及常见的问题。需要 25 分钟。
#
# ### length：上下文窗口满了
#
# 还有第二个上限，你没法提高。模型一次能处理的 token 是有限的，提示词和回复加在一起算。这个限度就是它的**上下文窗口**。OpenAI 的模型能装几十万个 token，相当于一本厚书。练习模型只能装 2,048 个，所以很容易填满。
#
# 下面的单元格没有设上限。不管你有没有密钥，它都用练习模型，大约要半分钟，因为提示词很长。电脑忙的时候会更久。

# %% lang="en"
long_prompt = "The sea is wide. " * 398 + "Count from 1 to 100."

window = practice_client.chat.completions.create(
    model=practice_model,
    messages=[{"role": "user", "content": long_prompt}],
    temperature=0,
    timeout=600,  # seconds: a slow or busy computer needs some minutes
)
print(window.choices[0].message.content)

# %% lang="zh"
long_prompt = "大海非常宽广。" * 398 + "从 1 数到 100。"

window = practice_client.chat.completions.create(
    model=practice_model,
    messages=[{"role": "user", "content": long_prompt}],
    temperature=0,
    timeout=600,  # 单位是秒；电脑慢或者忙的时候，要好几分钟
)
print(window.choices[0].message.content)

# %% lang="en" tags=["nbval-check-output"]
print("finish_reason:", window.choices[0].finish_reason)
print("prompt and reply together:", window.usage.total_tokens)

# %% lang="zh" tags=["nbval-check-output"]
print("finish_reason:", window.choices[0].finish_reason)
print("提示词和回复一共：", window.usage.total_tokens)

# %% [markdown] lang="en"
# Exactly 2,048. The window was full, and the reply was cut.
#
# A prompt that does not fit at all **is** an error, with status 400. The message says how many tokens there were:

# %% [markdown] lang="zh"
# 正好 2,048。窗口满了，回复就截断了。
#
# 如果提示词本身就装不下，那**就是**错误，状态码 400。错误消息会说一共有多少 token：

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

# %% [markdown] lang="zh"
# ### 接着写截断的回复
#
# 列出五座欧洲城市，但给的 token 太少：

# %% lang="en"
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

# %% lang="zh"
cities = [
    {
        "role": "user",
        "content": "列出五座欧洲城市的英文名，用数字编号。",
    }
]

part_1 = client.chat.completions.create(
    model=model, messages=cities, max_completion_tokens=12, temperature=0
)
print(part_1.choices[0].message.content)
print("finish_reason:", part_1.choices[0].finish_reason)

# %% [markdown] lang="en"
# The API keeps no memory (lesson 03). So send back what you have, as an `assistant` message, and ask for the rest.

# %% [markdown] lang="zh"
# API 没有记忆（第 03 课）。所以，把已经有的部分作为 `assistant` 消息发回去，请它写完剩下的。

# %% lang="en"
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

# %% lang="zh"
go_on = [
    *cities,
    {"role": "assistant", "content": part_1.choices[0].message.content},
    {"role": "user", "content": "请从刚才停下的地方继续。"},
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

# %% [markdown] lang="zh"
# 在练习模式里，列表从停下的地方接了下去。这是运气。每次都要看**接缝处**：可能有个词重复了，可能少了一个换行，有些模型还会从头再来。
#
# 所以，能**提高上限**，就提高上限重新问一次。只有回复太长、模型一次写不完的时候，才这样接着写。
#
# 辅助函数 `continue_reply` 做的是同样的事，需要时会多接几次，再把各部分拼起来：

# %%
from helpers import continue_reply

settings = {"max_completion_tokens": 40, "temperature": 0}
text = continue_reply(client, cities, part_1, **settings)
print(text)

# %% [markdown] lang="en"
# ### function_call, the old form of tools
#
# Before there were `tools`, there was `functions`. It is **deprecated**: you meet it in old programs only. Practice mode still takes it:

# %% [markdown] lang="zh"
# ### function_call：工具的旧写法
#
# 在 `tools` 出现之前，用的是 `functions`。它**已弃用**，你只会在旧程序里碰到。练习模式仍然支持：

# %% lang="en"
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

# %% lang="zh"
old_form = practice_client.chat.completions.create(
    model=practice_model,
    messages=weather,
    functions=[temperature_tool["function"]],
    max_completion_tokens=60,
    temperature=0,
)
wanted = old_form.choices[0].message.function_call
print("finish_reason:", old_form.choices[0].finish_reason)
print("函数：        ", wanted.name, wanted.arguments)

# %% [markdown] lang="en"
# One call at most, and no `id`. `next_step` above would say “look at it”, and that is right: the fix is to write `tools`.

# %% [markdown] lang="zh"
# 最多一个调用，也没有 `id`。上面的 `next_step` 会说“看一看”，这没错：改用 `tools` 就好。

# %% [markdown] lang="en"
# ### What goes wrong, and how it looks
#
# **The content is used without a look.** With a tool call or a refusal it is `None`, and Python complains somewhere else, later:

# %% [markdown] lang="zh"
# ### 会出什么错，长什么样
#
# **看都没看就用 content。** 遇到工具调用或拒绝时，它是 `None`，Python 要到后面别的地方才报错：

# %% tags=["nbval-check-output"]
with expect_error(AttributeError) as caught:
    asks_for_tool.choices[0].message.content.upper()
print("AttributeError:", caught.error)

# %% [markdown] lang="en"
# **The result is sent without the request.** A `tool` message must follow the message that asked for it. Status 400:

# %% [markdown] lang="zh"
# **发了结果，却没带请求。** `tool` 消息必须跟在提出请求的那条消息后面。状态码 400：

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

# %% [markdown] lang="zh"
# **函数没有答案。** 模型可能会问到一个你表里没有的城市。不要让程序因此出错。用文字把情况发回去，模型就能告诉用户：

# %% lang="en"
run_with_tools("What is the temperature in Paris?")

# %% lang="zh"
run_with_tools("巴黎现在的温度是多少？")

# %% [markdown] lang="en"
# No temperature was made up: the model had your “not known” to go by.

# %% [markdown] lang="zh"
# 这次没有编造气温：模型有你给的“气温未知”作依据。

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: raise the limit until it fits
#
# Write `whole_reply(messages, limit)`. It makes the call with this limit. As long as the reply is cut, it doubles the limit and calls again, at most five times. It returns the last reply.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 3：提高上限，直到够用
#
# 写一个 `whole_reply(messages, limit)`。它用这个上限发起调用。只要回复是截断的，就把上限加倍，再调用一次，总共最多调用五次。最后返回最后那个回复。

# %% lang="en" tags=["exercise"]
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

# %% lang="zh" tags=["exercise"]
one_sentence = [
    {
        "role": "user",
        "content": "什么是编程中的递归？用一句话回答。",
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
        # 轮到你了：没有截断就返回回复，否则把上限加倍。
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

# %% lang="en" tags=["check"]
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

# %% lang="zh" tags=["check"]
with exercise(3) as check:
    check(
        "回复是完整的",
        whole.choices[0].finish_reason == "stop",
        "finish_reason 是哪个值，说明回复截断了？",
        "循环会自己再问一次，前提是 limit 已经变大了。",
    )
    check(
        "用的 token 比第一次的上限多",
        whole.usage.completion_tokens > 8,
        "从上限 8 开始，在函数里面提高它。",
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

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>回复看起来没问题，<code>finish_reason</code> 却是 <code>length</code>。程序可以把它存起来吗？</summary>
#
# 不能当完整的回复存。它截断了。提高上限再问一次，或者接着写。
# </details>
#
# <details><summary>回复以 <code>tool_calls</code> 结束时，由谁来运行函数？</summary>
#
# 你的程序，运不运行也由它决定。模型只给出函数名和参数。两样都要检查，就像检查陌生人输入的东西一样。
# </details>
#
# <details><summary>内容是空的，结束原因是 <code>length</code>，你却付了 60 个 token 的钱。发生了什么？</summary>
#
# 模型在思考，思考把上限用光了。提高上限，或者调低 <code>reasoning_effort</code>。
# </details>

# %% [markdown] lang="en"
# ## Common mistakes
#
# - `finish_reason` is never looked at, and half a reply is used as a whole one.
# - A cut reply is parsed as JSON. Look first, then parse. Lesson 06 does that.
# - The limit is raised although the context window is full. Then only a shorter prompt helps.
# - The same request is sent again after `content_filter`, in the same words.
# - A tool is run without a check of its name and its arguments. Treat them like anything that a stranger typed.

# %% [markdown] lang="zh"
# ## 常见错误
#
# - 从来不看 `finish_reason`，把半截回复当成完整的用。
# - 把截断的回复当 JSON 解析。先看，再解析。第 06 课就是这样做的。
# - 上下文窗口已经满了，还去提高上限。这时只有缩短提示词才管用。
# - 遇到 `content_filter`，又原封不动地把请求再发一遍。
# - 不检查名字和参数就运行工具。对它们，要像对陌生人输入的东西一样小心。

# %% [markdown] lang="en"
# ## What to remember
#
# - `finish_reason` says why a reply ended. Look at it before you use the text.
# - `stop` is fine. `length` means cut: by your limit, or by the context window.
# - `tool_calls` is a request to you. Run it, send back the result in a `tool` message, call again.
# - `content_filter` and a `refusal` raise no error. An empty reply with `length` is hidden thinking.
# - In a stream it is `None` until the last chunk.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - `finish_reason` 说明回复为什么结束。用文字之前先看它。
# - `stop` 没问题。`length` 表示截断了：要么到了你设的上限，要么上下文窗口满了。
# - `tool_calls` 是给你的请求。运行它，用 `tool` 消息把结果发回去，再调用一次。
# - `content_filter` 和 `refusal` 都不会报错。回复是空的，结束原因又是 `length`，那是看不见的思考。
# - 在流里，最后一个数据块之前它一直是 `None`。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: the chat completion object](https://platform.openai.com/docs/api-reference/chat/object), with all values of `finish_reason`
# - [OpenAI: function calling](https://developers.openai.com/api/docs/guides/function-calling), tools in full
# - [OpenAI: reasoning models](https://developers.openai.com/api/docs/guides/reasoning), hidden thinking and its tokens

# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：聊天补全对象](https://platform.openai.com/docs/api-reference/chat/object)，列出 `finish_reason` 的所有值（英文）
# - [OpenAI：函数调用](https://developers.openai.com/api/docs/guides/function-calling)，完整介绍工具（英文）
# - [OpenAI：推理模型](https://developers.openai.com/api/docs/guides/reasoning)，讲看不见的思考和它的 token（英文）
