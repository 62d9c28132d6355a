# %% [markdown] lang="en" minutes=40 more=30
# # When things go wrong
#
# Your program has worked all week. On Friday evening it says *Error code: 429*, and you do not know: is it the key, the code, the money, or the provider? After this lesson you read that in one line, and your program knows what to do next.
#
# ## What you will be able to do
#
# - read an error: what happened, whose fault it is, whether another try helps
# - let the SDK try again, and set how long it waits
# - tell the three kinds of 429 apart: too fast, no credit, a limit on spending
# - notice the failures that raise **no** error
#
# In the second part, *More, if you like*: regions and proxies, other providers by changing `.env`, your model beside the practice model, the Responses API, and what you take with you.
#
# Most errors in this lesson are **simulated** by practice mode, and the text says which. Nobody wants to break a real account on purpose.

# %% [markdown] lang="zh"
# # 出错了怎么办
#
# 你的程序好好跑了一个星期。周五晚上，它突然报 *Error code: 429*。是密钥的问题，代码的问题，钱的问题，还是服务商的问题？学完这一课，你看一行就明白，你的程序也知道接下来该做什么。
#
# ## 学完这一课你能做什么
#
# - 看懂一个错误：发生了什么，是谁的问题，再试一次有没有用
# - 让 SDK 自动重试，并设定它等多久
# - 分清三种 429：太快了，没有额度了，到了消费上限
# - 发现那些**不**报错的失败
#
# 第二部分“选学”讲：地区和代理，只改 `.env` 就换服务商，把你的模型和练习模型放在一起比，Responses API，以及学完之后哪些东西一直有用。
#
# 这一课的错误大多由练习模式**模拟**，哪些是模拟的，文中都会写明。谁也不想真把自己的账号弄坏。

# %% lang="en" tags=["setup"]
import json
import time
from urllib.request import urlopen

import openai
from openai import OpenAI

from helpers import (
    all_providers,
    as_if,
    connect,
    current_model,
    exercise,
    expect_error,
    explain,
    hint,
    settings,
    show_reply,
)

# Simulated errors come from practice mode, also when you have a key.
with as_if(FIRST_CALL_MODE="practice"):
    practice_client = connect()
    practice_model = current_model(practice_client)

client = connect()
model = current_model(client)
hello = [{"role": "user", "content": "What is the capital of Japan?"}]

# %% lang="zh" tags=["setup"]
import json
import time
from urllib.request import urlopen

import openai
from openai import OpenAI

from helpers import (
    all_providers,
    as_if,
    connect,
    current_model,
    exercise,
    expect_error,
    explain,
    hint,
    settings,
    show_reply,
)

# 模拟的错误来自练习模式，你有自己的密钥时也一样。
with as_if(FIRST_CALL_MODE="practice"):
    practice_client = connect()
    practice_model = current_model(practice_client)

client = connect()
model = current_model(client)
hello = [{"role": "user", "content": "日本的首都是哪里？"}]

# %% [markdown] lang="en"
# There are two clients: `client` is yours, as in every lesson, and `practice_client` always calls the practice model. Without a key, both call the practice model.

# %% [markdown] lang="zh"
# 这里有两个客户端：`client` 是你的，每课都用它；`practice_client` 始终调用练习模型。没有密钥时，两个都调用练习模型。

# %% [markdown] lang="en"
# ## The smallest error
#
# Ask for a model that does not exist. This error is real: every provider gives it, in its own words. `expect_error` catches an error that is meant to come, and keeps it in `caught.error`:

# %% [markdown] lang="zh"
# ## 最小的错误
#
# 请求一个不存在的模型。这个错误是真的：每家服务商都会给，只是说法不同。`expect_error` 会接住意料之中的错误，存到 `caught.error` 里：

# %%
with expect_error(openai.APIStatusError) as caught:
    client.chat.completions.create(model="no-such-model", messages=hello)
error = caught.error
print(error)

# %% [markdown] lang="en"
# The service looked at your request and said no, with a number: the **status code**. 404 means: what you ask for is not there. The SDK turns the number into a Python exception, `NotFoundError`.

# %% [markdown] lang="zh"
# 服务看了你的请求，没有照办，还给出一个数字：**状态码**。404 的意思是：你要的东西不存在。SDK 把这个数字变成一个 Python 异常：`NotFoundError`。

# %% [markdown] lang="en"
# ## Look inside an error
#
# The error is an object with fields, like a reply:

# %% [markdown] lang="zh"
# ## 看看错误里有什么
#
# 错误和回复一样，是带字段的对象：

# %% lang="en"
print("class:      ", type(error).__name__)
print("status_code:", error.status_code)
print("type:       ", error.type)
print("code:       ", error.code)
print("param:      ", error.param)
print("request_id: ", "a text" if error.request_id else "empty")

# %% lang="zh"
print("class：     ", type(error).__name__)
print("status_code：", error.status_code)
print("type：      ", error.type)
print("code：      ", error.code)
print("param：     ", error.param)
print("request_id：", "一段文字" if error.request_id else "空")

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

# %% [markdown] lang="zh"
# | 字段 | 是什么 |
# |---|---|
# | `status_code` | 那个数字，程序可以凭它决定怎么做 |
# | `type`、`code` | 用文字说明同一件事，往往比数字更具体 |
# | `param` | 如果问题出在请求的某一部分，这里写着是哪一部分 |
# | `body["message"]` | 写给人看的一句话（一般是英文）。读一读，它多半说得对 |
# | `request_id` | 这次调用的编号，找服务商的客服时要用 |
#
# `explain` 是一个辅助函数，它告诉你发生了什么、该怎么办：

# %%
print(explain(error))

# %% [markdown] lang="en"
# ## All errors in one tree
#
# The SDK's exceptions form a tree:
#
# ```
# APIError
#     APIStatusError               the service answered, and the answer is an error
#         BadRequestError          400
#         AuthenticationError      401
#         PermissionDeniedError    403
#         NotFoundError            404
#         ConflictError            409
#         UnprocessableEntityError 422
#         RateLimitError           429
#         InternalServerError      500 and up
#     APIConnectionError           no answer came
#         APITimeoutError          no answer came in time
# ```
#
# The indented ones are **kinds of** the one above. `except openai.APIStatusError` catches all errors with a status code. `except openai.APIError` catches everything in the tree. If you catch several kinds, write the narrow ones first.

# %% [markdown] lang="zh"
# ## 所有错误是一棵树
#
# SDK 的异常排成一棵树：
#
# ```
# APIError
#     APIStatusError               服务回答了，但回答的是一个错误
#         BadRequestError          400
#         AuthenticationError      401
#         PermissionDeniedError    403
#         NotFoundError            404
#         ConflictError            409
#         UnprocessableEntityError 422
#         RateLimitError           429
#         InternalServerError      500 及以上
#     APIConnectionError           没有等到回答
#         APITimeoutError          没有按时等到回答
# ```
#
# 缩进的类，是它上面那个类的**一种**。`except openai.APIStatusError` 接住所有带状态码的错误，`except openai.APIError` 接住整棵树上的错误。要接住好几种，就把范围小的写在前面。

# %% lang="en" tags=["nbval-check-output"]
print("a kind of APIStatusError:", isinstance(error, openai.APIStatusError))
print("a kind of APIError:      ", isinstance(error, openai.APIError))
print("a kind of RateLimitError:", isinstance(error, openai.RateLimitError))

# %% lang="zh" tags=["nbval-check-output"]
print("是一种 APIStatusError：", isinstance(error, openai.APIStatusError))
print("是一种 APIError：      ", isinstance(error, openai.APIError))
print("是一种 RateLimitError：", isinstance(error, openai.RateLimitError))

# %% [markdown] lang="en"
# ## Practice cards
#
# A payment provider has test cards: fake numbers for trying out a refused payment. Practice mode has the same for errors. Here is its list:

# %% [markdown] lang="zh"
# ## 练习卡
#
# 支付平台有测试卡：用假的卡号试一试付款失败是什么样。练习模式也有这样的“卡”，用来试错误。清单如下：

# %%
address = practice_client.base_url.join("/cards.json")
with urlopen(str(address)) as answer:
    cards = json.load(answer)["cards"]
for card in cards:
    print(card["name"])

# %% [markdown] lang="en"
# (`card["shows"]` has a sentence about each.) You use a card as the name of the **model**. The message of a simulated error always ends with `[simulated by practice mode]`.
#
# The first eleven are errors with a status. Play them. `with_options` gives a copy of the client with other settings. `max_retries=0` means: try only once. More on that soon.

# %% [markdown] lang="zh"
# （每张卡的 `card["shows"]` 里有一句英文说明。）用的时候，把卡名当成**模型**的名字。模拟的错误，消息末尾总有 `[simulated by practice mode]`。
#
# 前面十一张是带状态码的错误，都试一遍。`with_options` 给你一个客户端的副本，只改几项设置。`max_retries=0` 的意思是：只试一次。这一点马上就会讲到。

# %% tags=["nbval-check-output"]
once = practice_client.with_options(max_retries=0)
for card in cards[:11]:
    with expect_error(openai.APIStatusError) as caught:
        once.chat.completions.create(model=card["name"], messages=hello)
    print(caught.error.status_code, caught.error.code)

# %% [markdown] lang="en"
# What they mean, and whether another try helps:
#
# | status | what happened | the same again? |
# |---|---|---|
# | 400 | your request is wrong: a bad value, a parameter that the model does not take | no, change it |
# | 401 | the key is wrong or deleted | no, lesson 01 |
# | 403 | the key is right, but you may not: your country, or your project | no |
# | 404 | the model or the address does not exist, or is retired | no, choose another |
# | 429 | too fast, **or** no credit, **or** a limit on spending | yes, **or** no: see below |
# | 500 and up | the provider has a problem | yes, after a while |
# | no status | no connection, or no answer in time | yes, if the network is all right |

# %% [markdown] lang="zh"
# 它们是什么意思，再试一次有没有用：
#
# | 状态码 | 发生了什么 | 原样再试？ |
# |---|---|---|
# | 400 | 你的请求写错了：值不对，或者用了模型不接受的参数 | 没用，要改请求 |
# | 401 | 密钥不对，或者已经删除 | 没用，看第 01 课 |
# | 403 | 密钥没错，但不让你用：你所在的地区不支持，或者你的项目没有权限 | 没用 |
# | 404 | 模型或地址不存在，或者已经下线 | 没用，换一个 |
# | 429 | 太快了，**或者**没有额度了，**或者**到了消费上限 | 有用，**也可能**没用，下面细说 |
# | 500 及以上 | 服务商那边出了问题 | 有用，过一会儿再试 |
# | 没有状态码 | 连不上，或者没有按时等到回答 | 网络没问题的话，有用 |

# %% [markdown] lang="en"
# ## Retries
#
# Some errors pass by themselves. This card is **simulated** trouble of that kind: the service says 503, *overloaded*, to the first two tries, and answers the third.

# %% [markdown] lang="zh"
# ## 重试
#
# 有些错误过一会儿就好了。这张卡**模拟**的就是这种：前两次它都回答 503，*过载*（overloaded），第三次才正常回答。

# %% lang="en" tags=["nbval-check-output"]
with expect_error(openai.InternalServerError) as caught:
    once.chat.completions.create(model="simulate-busy-twice", messages=hello)
print("with max_retries=0:", caught.error.status_code)

# %% lang="zh" tags=["nbval-check-output"]
with expect_error(openai.InternalServerError) as caught:
    once.chat.completions.create(model="simulate-busy-twice", messages=hello)
print("max_retries=0 时：", caught.error.status_code)

# %% [markdown] lang="en"
# Now **change one thing**: leave `max_retries` as it is. The SDK then tries up to **two** more times by itself:

# %% [markdown] lang="zh"
# 现在**只改一处**：不设 `max_retries`，用默认值。这样 SDK 会自动再试，最多**两**次：

# %%
reply = practice_client.chat.completions.create(
    model="simulate-busy-twice",
    messages=hello,
    max_completion_tokens=30,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# You saw no error, only a short delay. How do you know that it tried again? `with_raw_response` gives you the whole HTTP answer, with its headers:

# %% [markdown] lang="zh"
# 你没有看到错误，只是稍微慢了一点。怎么知道它重试过？`with_raw_response` 给你完整的 HTTP 响应，连响应头也在里面：

# %% lang="en" tags=["nbval-check-output"]
raw = practice_client.chat.completions.with_raw_response.create(
    model="simulate-busy-twice",
    messages=hello,
    max_completion_tokens=30,
    temperature=0,
)
print("status: ", raw.status_code)
print("retries:", raw.retries_taken)
print("the reply:", type(raw.parse()).__name__)

# %% lang="zh" tags=["nbval-check-output"]
raw = practice_client.chat.completions.with_raw_response.create(
    model="simulate-busy-twice",
    messages=hello,
    max_completion_tokens=30,
    temperature=0,
)
print("状态码：  ", raw.status_code)
print("重试次数：", raw.retries_taken)
print("回复的类型：", type(raw.parse()).__name__)

# %% [markdown] lang="en"
# The SDK waits about half a second before the first retry, then twice as long each time, up to 8 seconds. It tries again after 408, 409, 429, 500 and up, after timeouts and lost connections. It does not after 400, 401, 403 and 404, because that would be useless.
#
# Set the number for one call, or for all calls of a client:
#
# ```python
# client.with_options(max_retries=5).chat.completions.create(...)
# client = connect(max_retries=5)
# ```

# %% [markdown] lang="zh"
# SDK 第一次重试前大约等半秒，之后每次加倍，最多等 8 秒。遇到 408、409、429、500 及以上，还有超时和断线，它会重试。遇到 400、401、403 和 404 就不重试，试了也没用。
#
# 次数可以只为一次调用设，也可以为一个客户端的所有调用设：
#
# ```python
# client.with_options(max_retries=5).chat.completions.create(...)
# client = connect(max_retries=5)
# ```

# %% [markdown] lang="en"
# ## 429, first kind: too fast
#
# A provider allows only so many requests and tokens a minute. More give status 429. The answer says how long to wait, in the header `retry-after`. **Simulated:**

# %% [markdown] lang="zh"
# ## 429 的第一种：太快了
#
# 服务商规定了每分钟最多多少个请求、多少个 token，超过就回答 429。要等多久，写在响应头 `retry-after` 里。**模拟**一次：

# %% lang="en" tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-rate-limit", messages=hello)
print("type:", caught.error.type)
print("code:", caught.error.code)
print("wait:", caught.error.response.headers["retry-after"], "second")

# %% lang="zh" tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-rate-limit", messages=hello)
print("type：", caught.error.type)
print("code：", caught.error.code)
print("等待：", caught.error.response.headers["retry-after"], "秒")

# %% [markdown] lang="en"
# The SDK obeys that header, up to two minutes. If you meet rate limits often: send fewer or shorter messages, set `max_completion_tokens`, pause between calls. A class that shares one account also shares its limits.
#
# There is a second code of this kind, `slow_down`. You have not sent too much; your number of requests **grows** too fast. Go back to a slower pace at once, then speed up little by little. **Simulated:**

# %% [markdown] lang="zh"
# SDK 会照这个响应头等，最多等两分钟。经常碰到速率限制的话：少发几条消息，或者发短一点；设好 `max_completion_tokens`；两次调用之间停一停。全班共用一个账号，也就共用它的限制。
#
# 这一种还有另一个错误码：`slow_down`。你发得不算多，只是请求数**增长**得太快。马上退回慢一点的速度，再一点一点加快。**模拟**一次：

# %% lang="en" tags=["nbval-check-output"]
pause = 1.0  # seconds between two calls
for name in ["simulate-slow-down", practice_model, practice_model]:
    try:
        once.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=5,
        )
        pause = pause * 0.9  # it went well: a little faster
    except openai.RateLimitError as refusal:
        print("refused:", refusal.code)
        pause = pause * 2  # half the pace
    print(f"the next call comes after {pause:.2f} s")

# %% lang="zh" tags=["nbval-check-output"]
pause = 1.0  # 两次调用之间隔几秒
for name in ["simulate-slow-down", practice_model, practice_model]:
    try:
        once.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=5,
        )
        pause = pause * 0.9  # 成功了：快一点
    except openai.RateLimitError as refusal:
        print("遭到拒绝：", refusal.code)
        pause = pause * 2  # 速度减半
    print(f"隔 {pause:.2f} 秒再调用")

# %% [markdown] lang="en"
# ## 429, second kind: no credit
#
# The number is the same. But waiting does not help, money does. **Simulated:**

# %% [markdown] lang="zh"
# ## 429 的第二种：没有额度了
#
# 数字还是 429，但等没有用，充值才有用。**模拟**一次：

# %% lang="en" tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-no-credit", messages=hello)
print("type:", caught.error.type)
print("code:", caught.error.code)

# %% lang="zh" tags=["nbval-check-output"]
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(model="simulate-no-credit", messages=hello)
print("type：", caught.error.type)
print("code：", caught.error.code)

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# ## 429, third kind: a limit on spending
#
# The credit may be there, and still nobody lets you spend it this month. There are three such limits. All three are **simulated** here:

# %% [markdown] lang="zh"
# ## 429 的第三种：到了消费上限
#
# 额度可能还有，但这个月不让再花了。这样的上限有三个，这里全是**模拟**的：

# %% tags=["nbval-check-output"]
for which in ["spend", "project", "usage"]:
    name = f"simulate-{which}-limit"
    with expect_error(openai.RateLimitError) as caught:
        once.chat.completions.create(model=name, messages=hello)
    print(caught.error.type, "·", caught.error.code)

# %% [markdown] lang="en"
# - The **spend limit** of the organization, and the one of a project, are yours. You set them on the page *Limits* of your account. At OpenAI they are *soft*: you only get an e-mail. With *Enforce a hard limit* they stop your calls with this error.
# - The **usage limit** is the provider's. It says how much an account of your kind may use in a month.
#
# What to do:

# %% [markdown] lang="zh"
# - 组织和项目的**消费上限**（spend limit）由你自己定，在账号的 *Limits*（上限）页面上设。在 OpenAI，它默认是*软*上限：到了只给你发邮件。打开 *Enforce a hard limit*（强制硬上限）以后，到了上限才会用这个错误拦住你的调用。
# - **用量上限**（usage limit）是服务商定的：像你这样的账号，一个月最多能用多少。
#
# 该怎么办：

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# **How a program tells them apart.** Look at `type` first. `insufficient_quota` means money, whatever the code says: do not try again. Everything else means pace: wait, then try again. This loop waits as long as the service asks, and it has a limit of tries:


# %% [markdown] lang="zh"
# **程序怎么分清它们？** 先看 `type`。是 `insufficient_quota`，就是钱的问题，不管 `code` 是什么，都不要再试。其余的是速度问题：等一等，再试。下面的循环照服务要求的时间等，而且限定了次数：


# %% lang="en"
def patiently(name, tries=3):
    """Call a model. After a rate limit, wait as asked, then try again."""
    attempt = 1
    while True:
        try:
            return once.chat.completions.create(model=name, messages=hello)
        except openai.RateLimitError as error:
            if error.type == "insufficient_quota" or attempt == tries:
                raise
            seconds = float(error.response.headers.get("retry-after", 2**attempt))
        print("try", attempt, "was refused, waiting", seconds, "s")
        time.sleep(seconds)
        attempt += 1


# %% lang="zh"
def patiently(name, tries=3):
    """调用模型。遇到速率限制，照要求等，再试。"""
    attempt = 1
    while True:
        try:
            return once.chat.completions.create(model=name, messages=hello)
        except openai.RateLimitError as error:
            if error.type == "insufficient_quota" or attempt == tries:
                raise
            seconds = float(error.response.headers.get("retry-after", 2**attempt))
        print("第", attempt, "次遭到拒绝，等", seconds, "秒")
        time.sleep(seconds)
        attempt += 1


# %% lang="en" tags=["nbval-check-output"]
for name in ["simulate-rate-limit", "simulate-spend-limit"]:
    with expect_error(openai.RateLimitError) as caught:
        patiently(name)
    print("giving up:", caught.error.code)

# %% lang="zh" tags=["nbval-check-output"]
for name in ["simulate-rate-limit", "simulate-spend-limit"]:
    with expect_error(openai.RateLimitError) as caught:
        patiently(name)
    print("放弃：", caught.error.code)

# %% [markdown] lang="en"
# The second one gave up at once. (The SDK itself does not look at `type`. It tries twice more, for nothing.)

# %% [markdown] lang="zh"
# 第二个马上就放弃了。（SDK 自己不看 `type`，它会白白再试两次。）

# %% [markdown] lang="en"
# ## Timeouts
#
# How long do you want to wait for an answer? The SDK waits up to 10 **minutes**, `connect()` sets 2. This card answers after 5 seconds (**simulated**), and the client waits only 1:

# %% [markdown] lang="zh"
# ## 超时
#
# 一个回答，你愿意等多久？SDK 最多等 10 **分钟**，`connect()` 设成 2 分钟。这张卡 5 秒后才回答（**模拟**），而这个客户端只等 1 秒：

# %% lang="en" tags=["nbval-check-output"]
hasty = practice_client.with_options(timeout=1, max_retries=0)
with expect_error(openai.APITimeoutError) as caught:
    hasty.chat.completions.create(model="simulate-slow", messages=hello)
print(type(caught.error).__name__)
print("a connection error:", isinstance(caught.error, openai.APIConnectionError))

# %% lang="zh" tags=["nbval-check-output"]
hasty = practice_client.with_options(timeout=1, max_retries=0)
with expect_error(openai.APITimeoutError) as caught:
    hasty.chat.completions.create(model="simulate-slow", messages=hello)
print(type(caught.error).__name__)
print("是连接错误：", isinstance(caught.error, openai.APIConnectionError))

# %% [markdown] lang="en"
# Three things to know:
#
# - A timeout is tried again like other errors. With `timeout=60` and two retries you may wait three minutes.
# - `timeout` counts silence. With `stream=True` it starts again with each piece, so long replies are safest as a stream.
# - The provider may go on writing the answer that you no longer wait for, and you may pay for it.

# %% [markdown] lang="zh"
# 有三点要知道：
#
# - 超时也像别的错误一样会重试。设 `timeout=60`，再加两次重试，你可能要等三分钟。
# - `timeout` 算的是没有动静的时间。用了 `stream=True`，每来一小段就重新算，所以长回复用流式输出最稳妥。
# - 你不等了，服务商那边可能还在继续写，而且可能照样收费。

# %% [markdown] lang="en"
# ## No network
#
# Here nothing answers, because no program listens at this address of your own computer. It looks the same when your network is down. This error is real:

# %% [markdown] lang="zh"
# ## 没有网络
#
# 下面的地址就在你自己的电脑上，但没有程序在监听它，所以不会有回答。网络断了，看起来也是这样。这个错误是真的：

# %% lang="en"
nobody = OpenAI(
    api_key="key-for-nobody",
    base_url="http://127.0.0.1:9/v1",
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    nobody.chat.completions.create(model=model, messages=hello)
print(caught.error)
print("cause:", type(caught.error.__cause__).__name__)

# %% lang="zh"
nobody = OpenAI(
    api_key="key-for-nobody",
    base_url="http://127.0.0.1:9/v1",
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    nobody.chat.completions.create(model=model, messages=hello)
print(caught.error)
print("原因：", type(caught.error.__cause__).__name__)

# %% [markdown] lang="en"
# `Connection error.` says little. The reason is one level down, in `error.__cause__`. Check in this order:
#
# 1. the address: is `OPENAI_BASE_URL` right?
# 2. the key: a line break after it gives the same error (lesson 01)
# 3. the network: does another page open in your browser?
# 4. a proxy, see *More, if you like*

# %% [markdown] lang="zh"
# `Connection error.` 几乎什么也没说。原因在下一层：`error.__cause__`。按这个顺序检查：
#
# 1. 地址：`OPENAI_BASE_URL` 对吗？
# 2. 密钥：后面多了一个换行，也会报这个错误（第 01 课）
# 3. 网络：浏览器里打得开别的网页吗？
# 4. 代理：见“选学”

# %% [markdown] lang="en"
# ## Failures that raise no error
#
# The dangerous ones are silent. **First: a stream that is cut.** The connection ends in the middle, and the loop just stops, as if all were well. **Simulated:**

# %% [markdown] lang="zh"
# ## 不报错的失败
#
# 最危险的，是悄无声息的失败。**第一种：流断了。** 连接中途断开，循环就此结束，好像一切正常。**模拟**一次：

# %% lang="en" tags=["nbval-check-output"]
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

# %% lang="zh" tags=["nbval-check-output"]
stream = practice_client.chat.completions.create(
    model="simulate-cut-stream", messages=hello, temperature=0, stream=True
)
text, end = "", None
for chunk in stream:
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
        end = chunk.choices[0].finish_reason or end
print("收到文字：     ", text != "")
print("finish_reason：", end)

# %% [markdown] lang="en"
# No exception. The only sign is that **no `finish_reason` came**. So keep the last one, and look at it after the loop. `None` at the end means: the text is not whole. The helper `show_stream` looks for you.

# %% [markdown] lang="zh"
# 没有异常。唯一的迹象是：**没有等到 `finish_reason`**。所以要记下最后一个，循环结束后看一眼。最后是 `None`，说明文字不完整。辅助函数 `show_stream` 会替你看。

# %% [markdown] lang="en"
# **Second: a web page instead of a reply.** When the base URL points at a web page, the answer is status 200, *all right*, and a page for people. The SDK hands you that page as a text. **Simulated:**

# %% [markdown] lang="zh"
# **第二种：回来的是网页，不是回复。** 接口地址写成了一个网页的地址，得到的就是状态码 200，*一切正常*，外加一个给人看的网页。SDK 把整个网页当成文字给你。**模拟**一次：

# %% lang="en" tags=["nbval-check-output"]
page = practice_client.chat.completions.create(
    model="simulate-html",
    messages=hello,
)
print("the reply is a", type(page).__name__)
with expect_error(AttributeError) as caught:
    print(page.choices[0].message.content)
print(caught.error)

# %% lang="zh" tags=["nbval-check-output"]
page = practice_client.chat.completions.create(
    model="simulate-html",
    messages=hello,
)
print("回复的类型是", type(page).__name__)
with expect_error(AttributeError) as caught:
    print(page.choices[0].message.content)
print(caught.error)

# %%
print(explain(caught.error))

# %% [markdown] lang="en"
# The error comes one line **later**, and it seems to be about strings. If you see `'str' object has no attribute 'choices'`, look at `OPENAI_BASE_URL`. Most end in `/v1`.
#
# **Third:** a reply with `finish_reason` `length` or an empty content. Lesson 04 is about those.

# %% [markdown] lang="zh"
# 错误晚了**一行**才出现，而且看上去像是字符串的问题。看到 `'str' object has no attribute 'choices'`，就去查 `OPENAI_BASE_URL`。大多数接口地址以 `/v1` 结尾。
#
# **第三种：** `finish_reason` 是 `length`，或者内容是空的。第 04 课讲的就是这些。

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: does another try help?
#
# Write a function that gets an error and returns `True` when the same call may work later, else `False`:
#
# - no connection, or a timeout: `True`
# - too fast (429): `True`
# - no credit or a limit on spending (429 too): `False`
# - status 500 and up: `True`
# - everything else: `False`
#
# `isinstance(error, openai.APIConnectionError)` tells whether an error is of that kind. When you are stuck, type `hint(1)` in a cell.


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：再试一次有没有用
#
# 写一个函数，参数是一个错误。同样的调用过会儿可能成功，就返回 `True`，否则返回 `False`：
#
# - 连不上，或者超时：`True`
# - 太快了（429）：`True`
# - 没有额度，或者到了消费上限（也是 429）：`False`
# - 状态码 500 及以上：`True`
# - 其余情况：`False`
#
# `isinstance(error, openai.APIConnectionError)` 能判断一个错误是不是属于这个类。卡住了，就在一个单元格里输入 `hint(1)`。


# %% lang="en" tags=["exercise"]
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


# %% lang="zh" tags=["exercise"]
def try_again(error):
    # 轮到你了：返回 True 或 False。
    # --- solution
    if isinstance(error, openai.APIConnectionError):
        return True
    if isinstance(error, openai.RateLimitError):
        return error.type != "insufficient_quota"
    return isinstance(error, openai.InternalServerError)
    # --- stub
    # return ...
    # --- end


# %% lang="en" tags=["check"]
helps = {
    "simulate-rate-limit": True,
    "simulate-slow-down": True,
    "simulate-overloaded": True,
    "simulate-slow": True,
    "simulate-no-credit": False,
    "simulate-spend-limit": False,
    "simulate-wrong-key": False,
    "simulate-region": False,
}
impatient = practice_client.with_options(max_retries=0, timeout=2)
with exercise(1) as check:
    for name, right in helps.items():
        with expect_error(openai.APIError) as caught:
            impatient.chat.completions.create(model=name, messages=hello)
        check(
            name,
            try_again(caught.error) is right,
            "Which class is the error of? Where does it stand in the tree?",
            "For a 429, the class is not enough. Which field tells the two apart?",
        )

# %% lang="zh" tags=["check"]
helps = {
    "simulate-rate-limit": True,
    "simulate-slow-down": True,
    "simulate-overloaded": True,
    "simulate-slow": True,
    "simulate-no-credit": False,
    "simulate-spend-limit": False,
    "simulate-wrong-key": False,
    "simulate-region": False,
}
impatient = practice_client.with_options(max_retries=0, timeout=2)
with exercise(1) as check:
    for name, right in helps.items():
        with expect_error(openai.APIError) as caught:
            impatient.chat.completions.create(model=name, messages=hello)
        check(
            name,
            try_again(caught.error) is right,
            "这个错误属于哪个类？它在树的什么位置？",
            "对 429，光看类还不够。哪个字段能把两种分开？",
        )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: is the stream whole?
#
# Write a function that reads a stream to its end and returns **two** things: the whole text, and `True` when a `finish_reason` came, else `False`.
#
# Some chunks have no choices, and some have no content.


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：流完整吗
#
# 写一个函数，把流读到底，返回**两**样东西：第一样是全部文字；第二样，收到过 `finish_reason` 就是 `True`，没有收到就是 `False`。
#
# 有的数据块没有 choices，有的没有内容。


# %% lang="en" tags=["exercise"]
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


# %% lang="zh" tags=["exercise"]
def read_stream(stream):
    text, whole = "", False
    # 轮到你了：逐个读数据块。
    # --- solution
    for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            if choice.finish_reason is not None:
                whole = True
    # --- end
    return text, whole


# %% lang="en" tags=["check"]
with exercise(2) as check:
    found = {}
    for name in [practice_model, "simulate-cut-stream"]:
        stream = practice_client.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=30,
            temperature=0,
            stream=True,
        )
        found[name] = read_stream(stream)
    text, whole = found[practice_model]
    check("the text arrives", text != "", "What does each chunk add to the text?")
    check(
        "a whole stream is whole",
        whole is True,
        "What do you see only in the last chunk of a whole stream?",
    )
    text, whole = found["simulate-cut-stream"]
    check(
        "a cut stream gives its text, and is not whole",
        text != "" and whole is False,
        "Nothing may set whole when no finish_reason comes.",
    )

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    found = {}
    for name in [practice_model, "simulate-cut-stream"]:
        stream = practice_client.chat.completions.create(
            model=name,
            messages=hello,
            max_completion_tokens=30,
            temperature=0,
            stream=True,
        )
        found[name] = read_stream(stream)
    text, whole = found[practice_model]
    check("收到了文字", text != "", "每个数据块给文字添上什么？")
    check(
        "完整的流判断为完整",
        whole is True,
        "什么东西只在完整的流的最后才出现？",
    )
    text, whole = found["simulate-cut-stream"]
    check(
        "断了的流给出文字，并判断为不完整",
        text != "" and whole is False,
        "没有 finish_reason，就不能把 whole 设成 True。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a call that never stops your program
#
# Build `safe_answer(name)`. It asks the model `name` the question in `hello`, and **always** returns a text:
#
# 1. Use `practice_client.with_options(...)`: at most **3** seconds of waiting, and up to **2** more tries.
# 2. When all goes well, return the content of the reply. Set `max_completion_tokens=30`.
# 3. On an `openai.APIError`, return what `explain` says about it.
# 4. When the reply is a web page, return a sentence of your own that has the words *web page*.


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 3：写一个不会让程序中断的调用
#
# 写 `safe_answer(name)`。它向模型 `name` 提 `hello` 里的问题，**无论如何**都返回一段文字：
#
# 1. 用 `practice_client.with_options(...)`：最多等 **3** 秒，最多再试 **2** 次。
# 2. 一切顺利时，返回回复的内容。设 `max_completion_tokens=30`。
# 3. 遇到 `openai.APIError`，返回 `explain` 对它的说明。
# 4. 回来的是网页时，返回你自己写的一句话，里面要有*网页*这个词。


# %% lang="en" tags=["exercise"]
def safe_answer(name):
    # Your turn: a call, and what may go wrong with it.
    # --- solution
    careful = practice_client.with_options(timeout=3, max_retries=2)
    try:
        reply = careful.chat.completions.create(
            model=name, messages=hello, max_completion_tokens=30, temperature=0
        )
    except openai.APIError as error:
        return str(explain(error))
    if isinstance(reply, str):
        return "The address gave a web page. Look at OPENAI_BASE_URL."
    return reply.choices[0].message.content
    # --- stub
    # return ...
    # --- end


# %% lang="zh" tags=["exercise"]
def safe_answer(name):
    # 轮到你了：一次调用，以及它可能出的错。
    # --- solution
    careful = practice_client.with_options(timeout=3, max_retries=2)
    try:
        reply = careful.chat.completions.create(
            model=name, messages=hello, max_completion_tokens=30, temperature=0
        )
    except openai.APIError as error:
        return str(explain(error))
    if isinstance(reply, str):
        return "这个地址返回的是网页。请检查 OPENAI_BASE_URL。"
    return reply.choices[0].message.content
    # --- stub
    # return ...
    # --- end


# %% lang="en" tags=["check"]
with exercise(3) as check:
    check(
        "a busy service is asked again, and answers",
        safe_answer("simulate-busy-twice") not in [..., None, ""]
        and "503" not in safe_answer("simulate-busy-twice"),
        "How many tries does your client make?",
        "The card simulate-busy-twice answers at the third try.",
    )
    check(
        "a wrong key becomes a sentence",
        "401" in safe_answer("simulate-wrong-key"),
        "Which class stands at the top of the tree?",
        "Return the words of explain(error).",
    )
    check(
        "a limit on spending becomes a sentence",
        "429" in safe_answer("simulate-spend-limit"),
        "It is an APIError like the others.",
    )
    check(
        "a web page becomes a sentence",
        "web page" in safe_answer("simulate-html"),
        "Nothing is raised here. What is the type of the reply?",
    )

# %% lang="zh" tags=["check"]
with exercise(3) as check:
    check(
        "服务忙时会再问，并得到回答",
        safe_answer("simulate-busy-twice") not in [..., None, ""]
        and "503" not in safe_answer("simulate-busy-twice"),
        "你的 client 会试几次？",
        "simulate-busy-twice 这张卡第三次才回答。",
    )
    check(
        "密钥不对时返回一句话",
        "401" in safe_answer("simulate-wrong-key"),
        "树的最上面是哪个类？",
        "返回 explain(error) 的文字。",
    )
    check(
        "到了消费上限时返回一句话",
        "429" in safe_answer("simulate-spend-limit"),
        "它和别的一样，也是 APIError。",
    )
    check(
        "回来的是网页时返回一句话",
        "网页" in safe_answer("simulate-html"),
        "这里没有抛出异常。回复是什么类型？",
    )

# %% [markdown] lang="en"
# ## More, if you like
#
# The rest is optional. Take what you need: each part stands alone.

# %% [markdown] lang="zh"
# ## 选学：再多学一点
#
# 下面的内容可学可不学。各节互不相干，挑你用得上的看。

# %% [markdown] lang="en"
# ## A parameter that the model does not take
#
# Models differ. Those that think before they answer, called *reasoning models*, refuse some parameters. Practice mode has a model with these rules. Its name is `practice-reasoning`:

# %% [markdown] lang="zh"
# ## 模型不接受的参数
#
# 模型各不相同。有的先想再答，叫做*推理模型*，它们会拒绝某些参数。练习模式里有一个模型也有这样的规则，名叫 `practice-reasoning`：

# %%
with expect_error(openai.BadRequestError) as caught:
    practice_client.chat.completions.create(
        model="practice-reasoning", messages=hello, temperature=0
    )
print(caught.error.status_code, caught.error.code, "·", caught.error.param)

# %% [markdown] lang="en"
# `param` names the culprit. Leave it out, and the call works.

# %% [markdown] lang="zh"
# `param` 指出是哪个参数。去掉它，调用就成功了。

# %% [markdown] lang="en"
# ## Retired models
#
# A name can be right today and fail in a year: models are switched off. OpenAI answers then with the same words as for a name that never existed, and so does practice mode. You met them at the beginning of this lesson:

# %% [markdown] lang="zh"
# ## 已下线的模型
#
# 名字今天是对的，一年后可能就错了：模型会下线。这时 OpenAI 的说法和“从来没有这个模型”一模一样，练习模式也是。这一课开头你就见过：

# %%
with expect_error(openai.NotFoundError) as caught:
    practice_client.chat.completions.create(model="gpt-3.5-turbo", messages=hello)
print(caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# So when a program that has always worked says *does not exist*, think of this first. The fix is one line in `.env`: `OPENAI_MODEL=` and a name from `client.models.list()`. No cell of this course names your model.

# %% [markdown] lang="zh"
# 所以，一个一直好用的程序突然说 *does not exist*（不存在），先想到这一点。改 `.env` 里的一行就好：`OPENAI_MODEL=`，后面写 `client.models.list()` 里的一个名字。这门课的单元格里都没有写死你的模型名。

# %% [markdown] lang="en"
# ## How much is left
#
# At OpenAI, the headers of **every** answer say how much of the rate limit is left. Practice mode has no limits, so its numbers are only an example:

# %% [markdown] lang="zh"
# ## 还剩多少
#
# 在 OpenAI，**每次**回答的响应头里都写着速率限制还剩多少。练习模式没有限制，所以这里的数字只是个例子：

# %%
raw = practice_client.chat.completions.with_raw_response.create(
    model=practice_model, messages=hello, max_completion_tokens=5
)
for name, value in sorted(raw.headers.items()):
    if name.startswith("x-ratelimit-"):
        print(name, "=", value)

# %% [markdown] lang="en"
# ## Regions
#
# OpenAI does not serve every country and region. There, a right key gets status 403. **Simulated:**

# %% [markdown] lang="zh"
# ## 地区
#
# OpenAI 并不面向所有国家和地区。在不支持的地方，密钥没有错，也会得到 403。**模拟**一次：

# %%
with expect_error(openai.PermissionDeniedError) as caught:
    once.chat.completions.create(model="simulate-region", messages=hello)
print(explain(caught.error))

# %% [markdown] lang="en"
# Your key and your code are fine. The ways out: another provider that serves your country (see below), or practice mode.

# %% [markdown] lang="zh" differs="readers in mainland China meet this error as the normal case: what it means, what not to do"
# 这和你的密钥、代码都没有关系，重装、换密钥、多试几次都没有用。写这一课时（2026 年 11 月），OpenAI 支持的国家和地区列表上没有中国内地，也没有香港和澳门（列表的链接在第 01 课）。看到这个错误，有两条路：
#
# - 换一家在你所在地区提供服务的服务商，只改 `.env`（见下文）。这门课的内容照样能学完。
# - 用练习模式。不用密钥，也没有地区之分。
#
# 不要买别人转卖的密钥，也不要合用陌生人的账号：你发的内容要经过别人的手，密钥随时可能失效，出了问题没有人负责。你自己的密钥也不要交给别人。

# %% [markdown] lang="en"
# ## Proxies
#
# A **proxy** is a computer that passes your calls on. Companies and schools use them. Python finds it in the environment variables `HTTP_PROXY` and `HTTPS_PROXY`. A wrong one breaks every call. This cell sets one that does not exist, only for the `with` block:

# %% [markdown] lang="zh"
# ## 代理
#
# **代理**是替你转发调用的电脑或程序，公司和学校里常见。Python 从环境变量 `HTTP_PROXY` 和 `HTTPS_PROXY` 里找到它。代理设错了，每次调用都会失败。下面的单元格设了一个不存在的代理，只在 `with` 块里有效：

# %%
wrong_proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
with as_if(**wrong_proxy):
    behind = OpenAI(
        api_key="key-for-nobody",
        base_url=practice_client.base_url,
        max_retries=0,
    )
    with expect_error(openai.APIConnectionError) as caught:
        behind.chat.completions.create(model=practice_model, messages=hello)
print(caught.error, "·", type(caught.error.__cause__).__name__)

# %% [markdown] lang="en"
# The service itself was fine. `NO_PROXY` lists addresses that go without the proxy. `connect()` puts your own computer on that list, so practice mode works behind any proxy.
#
# See what is set on your computer: `print(urllib.request.getproxies())` after `import urllib.request`.

# %% [markdown] lang="zh" differs="many readers in China have a proxy on their computer and a provider that needs none"
# 服务本身没有问题。`NO_PROXY` 列出不走代理的地址。`connect()` 会把你自己的电脑写进这个名单，所以不管有没有代理，练习模式都能用。
#
# 国内服务商一般不需要代理。电脑上开着代理，调用又慢又爱断，就把服务商的域名写进 `NO_PROXY`，用英文逗号隔开，不带 `https://`。在启动 JupyterLab 的终端里设好，再启动：
#
# ```
# export NO_PROXY=localhost,127.0.0.1,api.deepseek.com       # macOS、Linux
# $env:NO_PROXY = "localhost,127.0.0.1,api.deepseek.com"     # Windows 的 PowerShell
# ```
#
# - 这几个变量要设在系统或终端里，辅助函数不从 `.env` 读它们。
# - 设了 `ALL_PROXY=socks5://…`，又没有装 `socksio` 这个软件包，创建客户端时就会报 `ImportError`。这套课程已经装好了它；在你自己的项目里，装上它，或者去掉这个变量。
# - 公司的代理换了证书，错误里会有 `CERTIFICATE_VERIFY_FAILED`。向网管要证书文件，把它的路径写进 `SSL_CERT_FILE`。不要关掉证书检查。
#
# 看看你的电脑上设了什么：先 `import urllib.request`，再 `print(urllib.request.getproxies())`。

# %% [markdown] lang="en"
# ## When the practice service stops
#
# The practice model runs in a program of its own on your computer. It goes away after an hour without calls, or when the computer restarts. This cell stops it on purpose. Then it makes a call, with the same client:

# %% [markdown] lang="zh"
# ## 练习服务停了
#
# 练习模型由你电脑上一个单独的程序来运行。一小时没有调用，或者电脑重启，它就会停。下面的单元格故意停掉它，再用同一个客户端调用一次：

# %% lang="en" tags=["nbval-check-output"]
from practice.process import launcher

print("stopped:", launcher.stop())
reply = practice_client.chat.completions.create(
    model=practice_model, messages=hello, max_completion_tokens=30, temperature=0
)
print("finish_reason:", reply.choices[0].finish_reason)

# %% lang="zh" tags=["nbval-check-output"]
from practice.process import launcher

print("停掉了：", launcher.stop())
reply = practice_client.chat.completions.create(
    model=practice_model, messages=hello, max_completion_tokens=30, temperature=0
)
print("finish_reason：", reply.choices[0].finish_reason)

# %% [markdown] lang="en"
# The call took a few seconds longer, and it worked: the helpers saw that the service was gone, and started it again. You need not do anything.

# %% [markdown] lang="zh"
# 这次调用多花了几秒，但成功了：辅助函数发现服务停了，又把它启动了。你什么都不用做。

# %% [markdown] lang="en"
# ## Other providers by changing .env
#
# Many providers understand the same calls. You change two or three lines in `.env`, and no cell. This is what the helpers know about them. It is data: open `helpers/connection/providers.toml`.


# %% [markdown] lang="zh"
# ## 改 .env 就能换服务商
#
# 很多服务商都接受同样的调用。你只改 `.env` 里的两三行，单元格一个也不用改。辅助函数知道它们的哪些情况，下面会打印出来。这些都是数据，打开 `helpers/connection/providers.toml` 就能看到。


# %% lang="en"
def mark(ability):
    return {True: "yes", False: "no", None: "?"}[ability]


print("PROVIDER=   images object schema responses thinks  limit")
for name, row in all_providers().items():
    if name != "practice":
        print(
            f"{name:12}{mark(row.images):7}{mark(row.json_object):7}"
            f"{mark(row.json_schema):7}{mark(row.responses):10}"
            f"{row.thinking or '?':8}{row.token_limit}"
        )


# %% lang="zh"
def mark(ability):
    return {True: "是", False: "否", None: "？"}[ability]


print("PROVIDER=   图片    object  schema  responses  思考    上限参数")
for name, row in all_providers().items():
    if name != "practice":
        print(
            f"{name:12}{mark(row.images):7}{mark(row.json_object):7}"
            f"{mark(row.json_schema):7}{mark(row.responses):10}"
            f"{row.thinking or '?':8}{row.token_limit}"
        )

# %% [markdown] lang="en"
# - *object* and *schema* are the two kinds of JSON of lesson 06, *responses* is the interface below.
# - `?` means that it depends on the model or is not confirmed.
# - *thinks*: `default` means that the model thinks before it answers unless that is switched off, `always` that it cannot be switched off. The hidden words use up your limit: the reply is empty, with `finish_reason` `length` (lesson 04). `connect()` switches it off where the provider has a switch.
# - The last column is the name of the parameter that limits the reply: some providers know only the older `max_tokens`. You need not care: `connect()` sends the name that the provider knows, and says so in its line.
#
# What else is different stands in a note of each row:

# %% [markdown] lang="zh" differs="a table of the domestic providers: what each cannot do, and in which lesson"
# - *object* 和 *schema* 是第 06 课的两种 JSON，*responses* 是下面要讲的接口。
# - `？`（和 `?`）表示因模型而异，或者还没有确认。
# - *思考*：`default` 表示模型回答前默认先思考，可以关掉；`always` 表示关不掉。思考的文字看不见，却占用上限：上限用光了，回复就是空的，`finish_reason` 是 `length`（第 04 课）。服务商有开关的，`connect()` 会替你关掉。
# - 最后一列是限制回复长度的参数名：有的服务商只认旧名 `max_tokens`。你不用管：`connect()` 会换成服务商认识的名字，并在它那一行里说明。
#
# 国内常用的五家，`PROVIDER=` 怎么写，学这门课时要注意什么：
#
# | 服务商 | `PROVIDER=` | 哪一课会不一样 |
# |---|---|---|
# | DeepSeek（深度求索） | `deepseek` | 没有 `json_schema`：第 06、07 课里用 Schema 和 `parse` 的单元格会报错。余额用完时状态码是 402。高峰时段价格翻倍 |
# | 阿里云百炼（通义千问 Qwen） | `qwen` | `json_schema` 能不能用，还没有确认（第 06、07 课）。JSON 要关掉思考才能用，`connect()` 会关。密钥只能用于创建它的那个地区的接口地址 |
# | 智谱 GLM | `zhipu` | 默认模型总要先思考，思考也收费；为此 `connect()` 把上限放宽 2000 个 token，所以第 02、04、06 课里本该截断的回复往往不会截断。`json_schema` 能不能用，还没有确认（第 06、07 课） |
# | Kimi（月之暗面） | `moonshot` | 也总要先思考，上限同样放宽 2000 个 token，截断的情况和智谱一样。只接受温度 1，`connect()` 会去掉 `temperature`，所以改温度不起作用（第 02 课）。图片只能用 base64，不能用网址（第 05 课）。K2 系列 2026 年 12 月停用 |
# | 硅基流动 SiliconFlow | `siliconflow` | 模型很多，能力各不相同：一定要写 `OPENAI_MODEL`。第 05 课要选能看图片的，第 06、07 课要选支持 Schema 的 |
#
# 哪个单元格在你的服务商那里跑不通，就改用练习模式：在 `.env` 里加一行 `FIRST_CALL_MODE=practice`，重启内核；做完再删掉这一行。
#
# 表里的内容核对于 2026 年 11 月 24 日。服务商常有改动，以它们自己的文档为准。
#
# 数据文件里，每一家还有一条英文备注，例如：

# %%
import textwrap

for name in ["deepseek", "zhipu", "ollama"]:
    row = all_providers()[name]
    print(textwrap.fill(f"{row.name}: {row.note}", 75))

# %% [markdown] lang="en"
# To change, write the provider and its key into `.env`:
#
# ```
# PROVIDER=deepseek
# OPENAI_API_KEY=paste the key of that provider here
# ```
#
# The next cell tries three of them. `as_if` makes a folder of its own for it with such a `.env`. Yours stays as it is, and nothing is sent. `settings()` tells where a call would go:

# %% [markdown] lang="zh" differs="the file is written on Windows with Notepad by many readers, and two of the domestic providers need one more line"
# 要换服务商，就把它的名字和密钥写进 `.env`：
#
# ```
# PROVIDER=deepseek
# OPENAI_API_KEY=把这家服务商的密钥粘贴到这里
# ```
#
# 硅基流动还要第三行，写上模型名：`OPENAI_MODEL=`。百炼的密钥如果不是在默认地区创建的，也要加一行 `OPENAI_BASE_URL=`，写上那个地区的接口地址。
#
# 用 Windows 的 Notepad（记事本）保存时，编码选 UTF-8，文件名就是 `.env`，别存成 `.env.txt`。改完后重启内核。
#
# 下面的单元格拿三家试一试。`as_if` 专门为它建一个文件夹，里面放着这样一个 `.env`。你自己的 `.env` 不变，也不会发送任何东西。`settings()` 告诉你调用会发到哪里：

# %%
nothing_set = {
    "FIRST_CALL_MODE": None,
    "OPENAI_API_KEY": None,
    "OPENAI_BASE_URL": None,
    "OPENAI_MODEL": None,
    "PROVIDER": None,
}
for name in ["openai", "deepseek", "qwen"]:
    dotenv = f"PROVIDER={name}\nOPENAI_API_KEY=key-for-exercise\n"
    with as_if(dotenv=dotenv, **nothing_set):
        chosen = settings()
    print(chosen.provider.name, "·", chosen.model)
    print("   ", chosen.base_url)

# %% [markdown] lang="en"
# A provider that is not on the list works too: set `OPENAI_BASE_URL` and `OPENAI_MODEL` by hand.
#
# What differs, so that you are not surprised:
#
# - Some parameters are missing. The error is 400 or 422, and its message names the parameter.
# - An empty account may be status 402 instead of 429.
# - **Ollama**, **LM Studio** and **vLLM** run on your own computers. They need no key.

# %% [markdown] lang="zh" differs="402 is the normal case at a domestic provider"
# 列表里没有的服务商也能用：自己设 `OPENAI_BASE_URL` 和 `OPENAI_MODEL`。
#
# 有几点不一样，先知道，遇到了就不慌：
#
# - 有的参数不支持。这时错误是 400 或 422，错误消息里写着是哪个参数。
# - 余额用完，可能是状态码 402，而不是 429。DeepSeek 就是这样。
# - 价格和付款方式各家不同，以服务商自己的页面为准。先充最小的一笔，够用再说。
# - **Ollama**、**LM Studio** 和 **vLLM** 在你自己的电脑上运行，不需要密钥。

# %% [markdown] lang="en"
# ## The practice model and a large one, side by side
#
# The same question, once for the practice model and once for yours. Judge both: Is it true? Is it what was asked for? Would you send it to a friend?

# %% [markdown] lang="zh"
# ## 练习模型和大模型，放在一起比
#
# 同一个问题，问一次练习模型，再问一次你的模型。两个回答都评一评：说得对吗？答的是你问的吗？你愿意把它发给朋友吗？

# %% lang="en"
question = [
    {
        "role": "user",
        "content": "Why is the sky blue? Answer in one sentence, for a child.",
    }
]
reply = practice_client.chat.completions.create(
    model=practice_model,
    messages=question,
    max_completion_tokens=120,
    temperature=0,
)
show_reply(reply)

# %% lang="zh"
question = [
    {
        "role": "user",
        "content": "天空为什么是蓝色的？请用一句话讲给小朋友听。",
    }
]
reply = practice_client.chat.completions.create(
    model=practice_model,
    messages=question,
    max_completion_tokens=120,
    temperature=0,
)
show_reply(reply)

# %% lang="en"
if settings().mode == "practice":
    print("No key is set, so there is no second model to ask.")
    print("Put a key into .env, restart the kernel, and run this lesson again.")
else:
    reply = client.chat.completions.create(
        model=model, messages=question, max_completion_tokens=120, temperature=0
    )
    show_reply(reply)

# %% lang="zh"
if settings().mode == "practice":
    print("没有设密钥，所以没有第二个模型可问。")
    print("把密钥写进 .env，重启内核，再运行这一课。")
else:
    reply = client.chat.completions.create(
        model=model, messages=question, max_completion_tokens=120, temperature=0
    )
    show_reply(reply)

# %% [markdown] lang="en"
# In practice mode the sentence sounds like an answer. Read it again: does it say **why**? A fluent sentence is not always an answer.
#
# A large model knows more facts, follows several instructions at once, and writes other languages well. The practice model is good enough to learn how the calls work: the requests, the fields and the errors are the same. It is not good enough to be believed.
#
# Without a key you can compare as well: `PRACTICE_MODEL=large` in `.env` takes a practice model that is three times as big, and slower.

# %% [markdown] lang="zh"
# 在练习模式下，这句话听起来像个回答。再读一遍：它说清楚**为什么**了吗？如果它说的是“反射”，那也不对：是空气把蓝光散射得比红光多。读着通顺的句子，不一定是回答。
#
# 大模型知道的事更多，能同时照好几条要求做，别的语言也写得好。要学会怎么调用，练习模型够用了：请求、字段和错误都一样。但它说的话，不能轻信。
#
# 没有密钥也能比：在 `.env` 里写 `PRACTICE_MODEL=large`，就换成一个有三倍大的练习模型，速度也慢一些。

# %% [markdown] lang="en"
# ## The Responses API
#
# OpenAI has a newer interface beside the one of this course. It is called **Responses**, and OpenAI recommends it for new programs. Chat Completions stays, and OpenAI says that it is supported indefinitely. It is also the one that nearly every provider understands. That is why you learned it first.
#
# Practice mode and OpenAI have this interface; of the others, see the column *responses* above. So that the next cells run everywhere, they call the practice model unless your provider is OpenAI:

# %% [markdown] lang="zh"
# ## Responses API
#
# 除了这门课用的接口，OpenAI 还有一个更新的，叫 **Responses**，OpenAI 推荐新程序用它。Chat Completions 会保留，OpenAI 说会无限期支持。而且几乎每家服务商都支持它，所以你先学了它。
#
# 练习模式和 OpenAI 都有这个接口；别家有没有，看上面的 *responses* 一列。为了让后面的单元格在哪里都能运行，只有你的服务商是 OpenAI 时，它们才调用你的模型，否则都调用练习模型：

# %% lang="en"
keeper, keeper_model = practice_client, practice_model
if settings().provider.id == "openai":
    keeper, keeper_model = client, model

answer = keeper.responses.create(
    model=keeper_model,
    instructions="You are a helpful assistant.",
    input="What is the capital of Japan?",
    max_output_tokens=60,
    temperature=0,
)
print(answer.output_text)
print(answer.status)

# %% lang="zh"
keeper, keeper_model = practice_client, practice_model
if settings().provider.id == "openai":
    keeper, keeper_model = client, model

answer = keeper.responses.create(
    model=keeper_model,
    instructions="你是一个乐于助人的助手。",
    input="日本的首都是哪里？",
    max_output_tokens=60,
    temperature=0,
)
print(answer.output_text)
print(answer.status)

# %% [markdown] lang="en"
# What changes its name:
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

# %% [markdown] lang="zh"
# 哪些名字变了：
#
# | Chat Completions | Responses |
# |---|---|
# | `client.chat.completions.create(…)` | `client.responses.create(…)` |
# | `messages=[…]` | `input="…"`，或者消息列表 |
# | 系统消息 | `instructions="…"` |
# | `reply.choices[0].message.content` | `reply.output_text` |
# | `finish_reason` | `reply.status`，被截断时还有 `reply.incomplete_details` |
# | `max_completion_tokens` | `max_output_tokens` |
# | `response_format`、`parse` | `text={"format": …}`、带 `text_format` 的 `parse` |
# | `usage.prompt_tokens`、`completion_tokens` | `usage.input_tokens`、`output_tokens` |

# %% [markdown] lang="en"
# ## A conversation without sending the history
#
# In lesson 03 you sent the whole history with each call, because a model remembers nothing. Here the **service** can keep it for you. Each response has an id. Give it to the next call as `previous_response_id`, and send only the new question:

# %% [markdown] lang="zh"
# ## 不发历史消息的对话
#
# 模型什么都不记得，所以在第 03 课里，你每次都要发送全部历史消息。这里可以让**服务**替你保存。每个响应都有一个 id。下次调用时把它作为 `previous_response_id` 传过去，只发新问题就行：

# %% lang="en"
first = keeper.responses.create(
    model=keeper_model,
    input="Mia has a dog. The dog is called Bruno.",
    max_output_tokens=40,
    temperature=0,
)
second = keeper.responses.create(
    model=keeper_model,
    previous_response_id=first.id,
    input="What is the name of Mia's dog?",
    max_output_tokens=40,
    temperature=0,
)
print(second.output_text)

# %% lang="zh"
first = keeper.responses.create(
    model=keeper_model,
    input="小米养了一只狗，狗的名字叫布鲁诺。",
    max_output_tokens=40,
    temperature=0,
)
second = keeper.responses.create(
    model=keeper_model,
    previous_response_id=first.id,
    input="小米的狗叫什么名字？",
    max_output_tokens=40,
    temperature=0,
)
print(second.output_text)

# %% [markdown] lang="en"
# You sent one sentence, and it knew the dog. So is the history free? Look at what was counted. The same question **without** the memory, for comparison:

# %% [markdown] lang="zh"
# 你只发了一句话，它却知道那只狗。那么历史消息就免费了吗？看看算了多少 token。再问一次同样的问题，这次**没有**记忆，比一比：

# %% lang="en" tags=["nbval-check-output"]
alone = keeper.responses.create(
    model=keeper_model,
    input="What is the name of Mia's dog?",
    max_output_tokens=40,
    temperature=0,
)
more = second.usage.input_tokens - alone.usage.input_tokens
print("the memory costs tokens:", more > 0)

# %% lang="zh" tags=["nbval-check-output"]
alone = keeper.responses.create(
    model=keeper_model,
    input="小米的狗叫什么名字？",
    max_output_tokens=40,
    temperature=0,
)
more = second.usage.input_tokens - alone.usage.input_tokens
print("记忆要花 token：", more > 0)

# %% lang="en"
print("without the memory:", alone.usage.input_tokens, "tokens in")
print("with the memory:   ", second.usage.input_tokens, "tokens in")

# %% lang="zh"
print("没有记忆：输入", alone.usage.input_tokens, "个 token")
print("有记忆：  输入", second.usage.input_tokens, "个 token")

# %% [markdown] lang="en"
# No. The service puts the old messages back in front of the new one, the model reads them all, and you pay for them, each time. You save typing and sending, not tokens. A long conversation grows as it did in lesson 03.
#
# Three things to know:
#
# - `instructions` are **not** carried over. Send them with each call.
# - The service **keeps** what you send, unless you say `store=False`. Then there is no memory either. Practice mode keeps it for a day, on this computer only.
# - You can delete a response. After that, nothing can go on from it:

# %% [markdown] lang="zh"
# 不免费。服务把旧消息又放回新消息前面，模型全部重读一遍，每次都要你付钱。省的是打字和发送，不是 token。对话长了，照样像第 03 课那样越来越费。
#
# 有三点要知道：
#
# - `instructions` **不会**带到下一次。每次调用都要写。
# - 你发的内容，服务会**保存**，除非写上 `store=False`；那样也就没有记忆了。练习模式只在这台电脑上保存一天。
# - 响应可以删除。删掉以后，就不能再接着它往下聊：

# %% lang="en" tags=["nbval-check-output"]
keeper.responses.delete(first.id)
with expect_error(openai.APIStatusError) as caught:
    keeper.responses.create(
        model=keeper_model,
        previous_response_id=first.id,
        input="Who has a dog?",
        max_output_tokens=40,
    )
print("refused:", type(caught.error).__name__)

# %% lang="zh" tags=["nbval-check-output"]
keeper.responses.delete(first.id)
with expect_error(openai.APIStatusError) as caught:
    keeper.responses.create(
        model=keeper_model,
        previous_response_id=first.id,
        input="谁养了狗？",
        max_output_tokens=40,
    )
print("拒绝：", type(caught.error).__name__)

# %% [markdown] lang="en"
# ## What carries over
#
# The interface may change, and the provider, and in a year the model will. This stays:
#
# | you learned | in Responses | at another provider |
# |---|---|---|
# | client and key, `.env` | the same | the same, with another address and key |
# | messages and roles | the same words, in `input` | the same |
# | tokens, limits, cost | the same, other field names | the same, other prices |
# | why a reply ends | `status` instead of `finish_reason` | the same |
# | JSON with a schema | the same, in `text` | not everywhere: try it |
# | errors, retries, timeouts | the same classes | the same classes, now and then another number |
# | check before you believe | the same | the same |

# %% [markdown] lang="zh"
# ## 哪些东西一直有用
#
# 接口可能变，服务商可能变，一年后模型也会变。下面这些不变：
#
# | 你学到的 | 在 Responses 里 | 在别的服务商那里 |
# |---|---|---|
# | 客户端、密钥、`.env` | 一样 | 一样，只是地址和密钥不同 |
# | 消息和角色 | 用词一样，放在 `input` 里 | 一样 |
# | token、上限、费用 | 一样，字段名不同 | 一样，价格不同 |
# | 回复为什么结束 | 用 `status`，不用 `finish_reason` | 一样 |
# | 按 Schema 输出 JSON | 一样，放在 `text` 里 | 不一定都支持：试一试 |
# | 错误、重试、超时 | 同样的类 | 同样的类，偶尔状态码不同 |
# | 先检查，再相信 | 一样 | 一样 |

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

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 更好的做法 |
# |---|---|
# | `except Exception: pass` | 只接住你料到的错误，别的让它报出来 |
# | 遇到 400、401 或 404 还重试 | 看错误消息，改请求 |
# | 重试不限次数，也不停顿 | 限定次数，照 `retry-after` 等 |
# | 没有额度了还在等 | 看 `error.type` |
# | `except openai.APIError` 写在 `except openai.RateLimitError` 上面 | 范围小的写在前面，不然永远轮不到它 |
# | 没报错就以为流是完整的 | 看有没有 `finish_reason` |
# | 每个单元格里都写模型名 | 只在 `.env` 里写一行 |

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one before you open it.
#
# <details><summary>A call ends with 429. Why is the number not enough to decide what to do?</summary> It has three meanings: too fast, no credit, a limit on spending. Waiting helps only for the first. The field type says which it is.</details>
#
# <details><summary>Why does a loop over a stream end without an error when the connection breaks?</summary> To the loop it looks like the end of the stream. Only the missing finish_reason shows that something is missing.</details>
#
# <details><summary>Why is a conversation with previous_response_id not cheaper?</summary> The service puts the old messages back in front of the new one. The model reads them again, and they are counted as input tokens.</details>

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>一次调用得到 429。为什么光看这个数字，不能决定怎么办？</summary> 它有三种意思：太快了，没有额度了，到了消费上限。等一等，只对第一种有用。该不该等，看字段 type。</details>
#
# <details><summary>连接断了，为什么读流的循环不报错就结束？</summary> 在循环看来，流只是到头了。只有从缺少 finish_reason 这一点，才看得出内容不完整。</details>
#
# <details><summary>用 previous_response_id 对话，为什么并不更便宜？</summary> 服务把旧消息放回新消息前面，模型要重读一遍，它们都算输入 token。</details>

# %% [markdown] lang="en"
# ## What to remember
#
# - An error has a status code. 400 to 404: change something. 429: look at `type`. 500 and up: wait.
# - `insufficient_quota` is about money. `slow_down` and `rate_limit_exceeded` are about pace.
# - `APIStatusError`: the service said no. `APIConnectionError`: nobody answered.
# - The SDK tries twice more by itself. `max_retries` and `timeout` set its patience.
# - Silent failures: a stream without `finish_reason`, a reply that is a `str`.
# - Another provider is a change in `.env`.
# - `explain(error)` says it in two sentences. Keep the `request_id` for support.
#
# This was the last lesson. Take `my_first_call.py` (lesson 02) and `receipts.py` (lesson 07), change the prompt, and build something of your own.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - 错误有状态码。400 到 404：先改，再试。429：看 `type`。500 及以上：等一等。
# - `insufficient_quota` 是钱的问题。`slow_down` 和 `rate_limit_exceeded` 是速度问题。
# - `APIStatusError`：服务回答了，但回答的是一个错误。`APIConnectionError`：没有等到回答。
# - SDK 会自己再试两次。`max_retries` 和 `timeout` 决定它多有耐心。
# - 悄无声息的失败：流里没有 `finish_reason`，回复是一个 `str`。
# - 换服务商，只改 `.env`。
# - `explain(error)` 用两句话说清楚。留着 `request_id`，找客服要用。
#
# 这是最后一课。带上 `my_first_call.py`（第 02 课）和 `receipts.py`（第 07 课），改改提示词，做一个你自己的程序吧。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes)
# - [OpenAI: rate limits](https://developers.openai.com/api/docs/guides/rate-limits)
# - [OpenAI: conversation state](https://developers.openai.com/api/docs/guides/conversation-state)
# - [OpenAI: moving from Chat Completions to Responses](https://developers.openai.com/api/docs/guides/migrate-to-responses)
# - [The SDK: errors, retries and timeouts](https://github.com/openai/openai-python#handling-errors)
# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：错误码](https://developers.openai.com/api/docs/guides/error-codes)（英文）
# - [OpenAI：速率限制](https://developers.openai.com/api/docs/guides/rate-limits)（英文）
# - [OpenAI：对话状态](https://developers.openai.com/api/docs/guides/conversation-state)（英文）
# - [OpenAI：从 Chat Completions 迁移到 Responses](https://developers.openai.com/api/docs/guides/migrate-to-responses)（英文）
# - [SDK：错误、重试和超时](https://github.com/openai/openai-python#handling-errors)（英文）
