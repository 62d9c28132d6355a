# %% [markdown] lang="en" minutes=20
# # Start here
#
# <img src="pictures/receipts/receipt-03.png" width="90" align="right" alt="A paper receipt, photographed a little aslant. SUNRISE DINER, 2026-11-05, in USD: pancakes 13.00, coffee 2.75, omelette 9.25, total 25.00.">
#
# You are back from a trip with a pocket full of receipts, and the office wants a table. A language model can read them for you, if you ask it from Python. Click on the grey cell below and press **Shift + Enter**. You need no account, no key and no money. The first call takes some seconds, because the model has to wake up.

# %% [markdown] lang="zh"
# # 从这里开始
#
# <img src="pictures/receipts/receipt-03.png" width="90" align="right" alt="一张拍得略微倾斜的纸质小票。SUNRISE DINER，2026-11-05，货币 USD：pancakes 13.00，coffee 2.75，omelette 9.25，合计 25.00。">
#
# 你刚从国外出差回来，口袋里塞满了小票，公司要你交一张表格。这件事可以让语言模型来做：你用 Python 问它，它替你读。点一下下面的灰色单元格，按 **Shift + Enter**。不用注册账号，不用密钥，也不花钱。第一次调用要等几秒钟，因为模型得先启动。

# %% lang="en"
import json

import pandas

from helpers import connect, current_model, image_part

client = connect()
text = {"type": "text", "text": "Reply in JSON: shop, date, currency, total."}
receipt = image_part("pictures/receipts/receipt-03.png")
reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(reply.choices[0].message.content)
display(pandas.DataFrame([row]))

# %% lang="zh"
import json

import pandas

from helpers import connect, current_model, image_part

client = connect()
text = {"type": "text", "text": "用 JSON 回复：shop、date、currency、total。"}
receipt = image_part("pictures/receipts/receipt-03.png")
reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(reply.choices[0].message.content)
display(pandas.DataFrame([row]))

# %% [markdown] lang="en"
# A picture became a row of a table. In lesson 07 you build this for a whole folder, with checks that find what was read wrong.
#
# ## Your first reply
#
# Now the same call with words alone. `client.chat.completions.create` sends a list with one message to the model and waits. The text of the answer is in `reply.choices[0].message.content`.

# %% [markdown] lang="zh"
# 一张图片变成了表格里的一行。到第 07 课，你会自己动手处理整个文件夹的小票，还会加上检查，把读错的地方找出来。
#
# ## 你的第一个回复
#
# 现在只发文字，再调用一次。`client.chat.completions.create` 把一个列表（里面只有一条消息）发给模型，然后等它回复。回答的文字在 `reply.choices[0].message.content` 里。

# %% lang="en"
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "What is a computer program? Answer in one sentence.",
        }
    ],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% lang="zh"
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "什么是编程语言？用一句话回答。",
        }
    ],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# A language model wrote that sentence, and you called it from Python. Do not worry about the details yet: lesson 02 goes through them one by one.
#
# ## What you will be able to do
#
# - run a notebook, and get out of trouble when a cell hangs
# - tell practice mode from a call with your own key
# - send a question to a language model and read its reply
# - turn a receipt of your choice into a row
# - say what the practice model is good for, and what it gets wrong
#
# The replies in this lesson come from the practice model, unless you use your own key. Nothing is simulated.

# %% [markdown] lang="zh"
# 这句话是语言模型写的，而你用 Python 调用了它。细节先不用管，第 02 课会一个一个讲清楚。
#
# ## 学完这一课你能做什么
#
# - 会运行笔记本，单元格卡住时知道怎么办
# - 分得清练习模式和用自己密钥的调用
# - 向语言模型提问，并读取它的回复
# - 任选一张小票，把它变成表格里的一行
# - 说得出练习模型擅长什么、会错在哪里
#
# 除非你用了自己的密钥，这一课里的回复都来自练习模型，没有一个是模拟的。

# %% [markdown] lang="en"
# ## How a notebook works
#
# A notebook is a page made of **cells**. Some hold text, like this one. Some hold Python code, like the next one.
#
# You have run two cells by now. Run the next ones in the same way, one after the other: click, **Shift + Enter**. What a cell prints appears underneath.

# %% [markdown] lang="zh"
# ## 笔记本怎么用
#
# 笔记本由一个个**单元格**组成。有的放文字，比如这一个；有的放 Python 代码，比如下一个。
#
# 你已经运行过两个单元格了。后面的也一样，按顺序一个一个来：点一下，按 **Shift + Enter**。单元格打印的内容，会显示在它下面。

# %% lang="en" tags=["nbval-check-output"]
name = "Ada"
print("Hello from a cell!")

# %% lang="zh" tags=["nbval-check-output"]
name = "小明"
print("你好，我是一个单元格！")

# %% [markdown] lang="en"
# The cells share one memory. The next cell uses `name`, so it works only after you have run the cell above.
#
# Now change `"Ada"` above to your own name. Run that cell, then the next one. You cannot break anything.

# %% [markdown] lang="zh"
# 所有单元格共用一份内存。下一个单元格要用到 `name`，所以先运行上面那个，它才能运行。
#
# 现在把上面的 `"小明"` 改成你自己的名字，先运行那个单元格，再运行下一个。放心试，弄不坏的。

# %% lang="en" tags=["nbval-check-output"]
print("Nice to meet you,", name)

# %% lang="zh" tags=["nbval-check-output"]
print("很高兴认识你，", name)

# %% [markdown] lang="en"
# Look at the brackets to the left of a code cell:
#
# | you see | it means |
# |---|---|
# | `[ ]` | this cell has not run yet |
# | `[*]` | it is running now |
# | `[3]` | it was the third one to run |
#
# Some ways out when something is odd:
#
# | what happens | what to do |
# |---|---|
# | a cell runs and runs | press the square button **■** above the notebook |
# | `NameError: name '…' is not defined` | run the cells above, from the top |
# | everything is confused | menu **Kernel → Restart Kernel and Run All Cells** |
# | your changes made a mess | menu **Edit → Undo**, or copy the lesson afresh from the download |
#
# The outputs that you see before you run anything are real. They were made by running this notebook in practice mode.

# %% [markdown] lang="zh"
# 看代码单元格左边的方括号：
#
# | 你看到的 | 意思 |
# |---|---|
# | `[ ]` | 还没有运行过 |
# | `[*]` | 正在运行 |
# | `[3]` | 它是第三个运行的 |
#
# 遇到不对劲的情况，可以这样办：
#
# | 现象 | 怎么办 |
# |---|---|
# | 单元格一直在运行 | 按笔记本上方的方形按钮 **■** |
# | `NameError: name '…' is not defined` | 从头开始，先运行上面的单元格 |
# | 全乱了 | 菜单 **`Kernel → Restart Kernel and Run All Cells`**（内核 → 重启内核并运行所有单元格） |
# | 改得一团糟 | 菜单 **`Edit → Undo`**（编辑 → 撤销），或者从下载的课程里把这一课重新复制一份 |
#
# 还没运行时你看到的那些输出都是真的：我们在练习模式下运行过这个笔记本，输出就是这么来的。

# %% [markdown] lang="en"
# ## Practice mode or your own key
#
# A language model runs on some computer, and a **client** sends your questions to it. `connect()` makes the client, as in the first cell. It prints one line that says where your calls go.

# %% [markdown] lang="zh"
# ## 练习模式，还是自己的密钥
#
# 语言模型运行在某台计算机上，**客户端**（client）把你的问题发给它。`connect()` 用来创建客户端，第一个单元格里已经用过。它会打印一行，告诉你调用发到了哪里。

# %% tags=["setup"]
import json

from helpers import (
    connect,
    current_model,
    exercise,
    hint,
    image_part,
    show_reply,
)

client = connect()

# %% [markdown] lang="en"
# That line is one of two kinds:
#
# - `practice mode · …`: a small model runs on **this computer**. It needs no key and costs nothing. After it has been fetched once, it needs no network either.
# - `your key · …`: your calls go to a **provider** such as OpenAI, with your key, and they cost money.
#
# You get practice mode until you set a key. Lesson 01 shows how to do that. The notebooks are the same either way. `current_model()` is the name of the model that answers.

# %% [markdown] lang="zh" differs="where the model's file comes from: readers in China often sit behind a mirror"
# 打印出来的这一行有两种：
#
# - `练习模式 · …`：一个小模型在**这台电脑上**运行。不用密钥，不花钱。模型下载一次以后，连网络也不需要。
# - `你的 key · …`（key 就是密钥）：调用会发给 OpenAI 之类的**服务商**，用的是你的密钥，要花钱。
#
# 没有设置密钥，就一直是练习模式。怎样设置，见第 01 课。两种模式用的笔记本完全一样。`current_model()` 是正在回答你的那个模型的名字。
#
# **模型下载得慢，或者下不来？** 练习模型和软件包一样由 pip 下载，所以 pip 里设置好的镜像和代理在这里同样有效。pip 那边没有，才去 Hugging Face 下载；那里连不上时，可以在启动前把环境变量 `HF_ENDPOINT` 设成你所用镜像的地址。下载中断了也不要紧，下次会接着下。

# %% [markdown] lang="en"
# ## A health check
#
# This cell looks at everything that a call needs: Python, the packages, the file `.env`, the key, the way to the model, the clock and the disk. It changes nothing, and it never shows a key.

# %% [markdown] lang="zh"
# ## 体检
#
# 这个单元格会检查一次调用所需要的一切：Python、软件包、`.env` 文件、密钥、能不能连上模型、时钟和磁盘。它不改动任何东西，也绝不会显示密钥。

# %% tags=["nbval-ignore-output"] reason="every computer has a table of its own"
from doctor import health_check

to_fix = health_check()

# %% [markdown] lang="en"
# Each line has a state:
#
# | state | it means |
# |---|---|
# | `OK` | in order |
# | `look` | it works, but read what the last column says |
# | `FIX` | lessons may fail until you do what the last column says |
#
# `health_check()` also gives back the names of the checks that say `FIX`. This should be an empty list:

# %% [markdown] lang="zh"
# 每一行都有一个状态：
#
# | 状态 | 意思 |
# |---|---|
# | `OK` | 正常 |
# | `look` | 能用，但请看看最后一列说了什么 |
# | `FIX` | 课程可能会出错，请先照最后一列说的做 |
#
# `health_check()` 还会返回状态是 `FIX` 的检查项的名字。这里应该是一个空列表：

# %% lang="en" tags=["nbval-check-output"]
print("to fix:", to_fix)

# %% lang="zh" tags=["nbval-check-output"]
print("需要修复：", to_fix)

# %% [markdown] lang="en"
# The check cannot help when it does not run:
#
# | what you see | what to do |
# |---|---|
# | `ModuleNotFoundError: No module named 'helpers'` in any cell | this notebook runs in another environment: menu **Kernel → Change Kernel**, choose *Python 3 (First Call)*. Else close JupyterLab and start it with `python3 kit.py lab` |
# | the notebook does not open at all | run `python3 kit.py doctor` in a terminal: it prints the same table |

# %% [markdown] lang="zh"
# 体检本身也运行不了的时候：
#
# | 你看到的 | 怎么办 |
# |---|---|
# | 任何一个单元格报 `ModuleNotFoundError: No module named 'helpers'` | 这个笔记本用错了环境：菜单 **`Kernel → Change Kernel`**（内核 → 更换内核），选 `Python 3 (First Call)`。还不行，就关掉 JupyterLab，用 `python3 kit.py lab` 启动（Windows 上是 `py kit.py lab`） |
# | 笔记本根本打不开 | 在终端里运行 `python3 kit.py doctor`（Windows 上是 `py kit.py doctor`），会打印同样的表格 |

# %% [markdown] lang="en" tags=["map"]
# ## The map of the course
#
# | lesson | what you learn |
# |---|---|
# | [01 Key set-up](01_key_setup.ipynb) | get a key, keep it safe, tell the notebooks about it. **You can skip it for now** and stay in practice mode |
# | [02 First chat](02_first_chat.ipynb) | the call and the reply, piece by piece |
# | [03 Messages](03_messages.ipynb) | conversations, and why the model forgets |
# | [04 Finish reason](04_finish_reason.ipynb) | why a reply ends, and what to do then |
# | [05 Vision](05_vision.ipynb) | send pictures |
# | [06 JSON mode](06_json_mode.ipynb) | replies that a program can read |
# | [07 Receipts](07_receipts.ipynb) | a project: from a folder of pictures to a table |
# | [08 When things go wrong](08_when_things_go_wrong.ipynb) | errors, retries, other providers |
#
# Each lesson is complete alone. Where one is long, its second part is optional.

# %% [markdown] lang="zh" tags=["map"]
# ## 课程地图
#
# | 课 | 学什么 |
# |---|---|
# | [01 设置密钥](01_key_setup.ipynb) | 拿到密钥，保管好它，让笔记本能找到它。**可以先跳过**，一直用练习模式 |
# | [02 第一次对话](02_first_chat.ipynb) | 把调用和回复拆开，一块一块看 |
# | [03 消息](03_messages.ipynb) | 多轮对话，以及模型为什么会忘记 |
# | [04 结束原因](04_finish_reason.ipynb) | 回复为什么结束，结束以后该怎么办 |
# | [05 图片](05_vision.ipynb) | 把图片发给模型 |
# | [06 JSON 模式](06_json_mode.ipynb) | 程序读得懂的回复 |
# | [07 小票](07_receipts.ipynb) | 一个项目：把一个文件夹的图片变成一张表格 |
# | [08 出错的时候](08_when_things_go_wrong.ipynb) | 错误、重试、其他服务商 |
#
# 每一课都可以单独学。内容长的课，后半部分是选学。

# %% [markdown] lang="en"
# ## Look inside the reply
#
# The reply holds more than text. These three facts are part of every reply, from every provider:

# %% [markdown] lang="zh"
# ## 看看回复里有什么
#
# 回复里不只有文字。下面这三样，不管哪家服务商，每个回复里都有：

# %% lang="en" tags=["nbval-check-output"]
print("role:         ", reply.choices[0].message.role)
print("finish_reason:", reply.choices[0].finish_reason)
usage = reply.usage
added = usage.prompt_tokens + usage.completion_tokens
print("tokens add up:", added == usage.total_tokens)

# %% lang="zh" tags=["nbval-check-output"]
print("角色 role：", reply.choices[0].message.role)
print("结束原因 finish_reason：", reply.choices[0].finish_reason)
usage = reply.usage
added = usage.prompt_tokens + usage.completion_tokens
print("token 数加起来对得上：", added == usage.total_tokens)

# %% [markdown] lang="en"
# - **role**: who speaks. The model is the `assistant`, you are the `user`.
# - **finish_reason**: why the model stopped. `stop` means that it was done.
# - **tokens**: the pieces of words that a model reads and writes. You pay per token, once you use your own key.

# %% [markdown] lang="zh"
# - **角色**（role）：是谁在说话。模型是 `assistant`，你是 `user`。
# - **结束原因**（finish_reason）：模型为什么停下来。`stop` 表示它说完了。
# - **token**：模型读写文字的最小单位，可能是一个词、一个字，也可能只是其中的一部分。用自己的密钥时，按 token 数付费。

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: ask your own question
#
# 1. Put a question of your own between quotes.
# 2. Copy the call from *Your first reply*, and put `question` where the text of the message stands.
# 3. Run the cell, then run the check below it.
#
# Keep it short and simple. The capital of a country is a good try.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：问一个你自己的问题
#
# 1. 在引号之间写一个你自己的问题。
# 2. 把“你的第一个回复”里的调用复制过来，消息文字的位置换成 `question`。
# 3. 运行这个单元格，再运行下面的检查。
#
# 问题要短，要简单。问一个国家的首都，就很合适。

# %% lang="en" tags=["exercise"]
# Your turn: replace the dots.
# --- solution
question = "What is the capital of Japan?"
my_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=60,
    temperature=0,
)
show_reply(my_reply)
# --- stub
# question = ...  # your question, between quotes
# my_reply = ...  # the call, with content: question
# --- end

# %% lang="zh" tags=["exercise"]
# 轮到你了：把省略号换掉。
# --- solution
question = "日本的首都是哪里？"
my_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=60,
    temperature=0,
)
show_reply(my_reply)
# --- stub
# question = ...  # 你的问题，写在引号之间
# my_reply = ...  # 那个调用，content 的值换成 question
# --- end

# %% lang="en" tags=["check"]
with exercise(1) as check:
    check(
        "your question is a text between quotes",
        isinstance(question, str) and question.strip() != "",
        "A text in Python stands between two quotes.",
    )
    check(
        "the model replied",
        my_reply.choices[0].message.role == "assistant",
        "The call gives something back. Where does it go?",
        "my_reply = stands in front of the call, as reply = does above.",
    )

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    check(
        "问题是写在引号之间的文字",
        isinstance(question, str) and question.strip() != "",
        "在 Python 里，文字要写在两个引号之间。",
    )
    check(
        "模型回复了",
        my_reply.choices[0].message.role == "assistant",
        "调用会返回一个结果。这个结果放到哪里去了？",
        "调用前面要写 my_reply =，就像上面写的是 reply = 一样。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: build a row of your own
#
# Here is another receipt, the file `pictures/receipts/receipt-11.png`:
#
# <img src="pictures/receipts/receipt-11.png" width="150" alt="A paper receipt, photographed a little aslant. GARDEN CENTRE, 2026-11-14, in GBP: tulip bulbs 6.99, flower pot 11.50, soil 4.49, seeds 2.25, total 25.23.">
#
# Turn it into a row. Copy the call from the first cell of this lesson, change one thing in it, and put what `json.loads` gives back into `row`. Does it say what you see?

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：做出你自己的一行
#
# 这是另一张小票，文件是 `pictures/receipts/receipt-11.png`：
#
# <img src="pictures/receipts/receipt-11.png" width="150" alt="一张拍得略微倾斜的纸质小票。GARDEN CENTRE，2026-11-14，货币 GBP：tulip bulbs 6.99，flower pot 11.50，soil 4.49，seeds 2.25，合计 25.23。">
#
# 把它变成表格里的一行。复制本课第一个单元格里的调用，只改一处，再把 `json.loads` 返回的结果放进 `row`。结果和你在图片上看到的一致吗？

# %% lang="en" tags=["exercise"]
# Your turn: make the call, then read its JSON.
# --- solution
text = {"type": "text", "text": "Reply in JSON: shop, date, currency, total."}
receipt = image_part("pictures/receipts/receipt-11.png")
receipt_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(receipt_reply.choices[0].message.content)
print(row)
# --- stub
# receipt_reply = ...  # the call, with the other picture
# row = ...  # the JSON in its text, read
# --- end

# %% lang="zh" tags=["exercise"]
# 轮到你了：写出调用，再读取回复里的 JSON。
# --- solution
text = {"type": "text", "text": "用 JSON 回复：shop、date、currency、total。"}
receipt = image_part("pictures/receipts/receipt-11.png")
receipt_reply = client.chat.completions.create(
    model=current_model(),
    messages=[{"role": "user", "content": [text, receipt]}],
    response_format={"type": "json_object"},
    temperature=0,
)
row = json.loads(receipt_reply.choices[0].message.content)
print(row)
# --- stub
# receipt_reply = ...  # 那个调用，换一张图片
# row = ...  # 把回复文字里的 JSON 读出来
# --- end

# %% lang="en" tags=["check"]
with exercise(2) as check:
    check(
        "the row has the four fields",
        {"shop", "date", "currency", "total"} <= set(row),
        "The prompt in the first cell names the fields.",
        "json.loads takes the text of the reply, not the reply itself.",
    )
    check(
        "it is the row of the new receipt",
        "11-14" in row["date"] and "25.23" in str(row["total"]),
        "Compare the date and the total with the picture.",
        "Which picture does your call send?",
    )

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    check(
        "这一行有四个字段",
        {"shop", "date", "currency", "total"} <= set(row),
        "第一个单元格的提示词里写了要哪些字段。",
        "json.loads 要的是回复的文字，不是回复本身。",
    )
    check(
        "这是新小票的那一行",
        "11-14" in row["date"] and "25.23" in str(row["total"]),
        "把日期和合计金额跟图片比一比。",
        "你的调用发的是哪张图片？",
    )

# %% [markdown] lang="en"
# **Stuck?** `hint(2)` in a cell of its own gives you a hint for exercise 2, and each time you run it one more. Run the check first, so that the hint fits.
#
# Every exercise has a solution in the folder `solutions`, in the notebook of the same name. Try first.
#
# The folder `recall` has each lesson without its text: the headings, the code and the open exercises. Come back a day later, open one, and say what each cell does before you run it.

# %% [markdown] lang="zh"
# **卡住了？** 另开一个单元格运行 `hint(2)`，就会得到练习 2 的一条提示；每运行一次，多给一条。先运行检查，这样提示才对得上你的问题。
#
# 每道练习都有参考答案，在文件夹 `solutions` 里同名的笔记本中。先自己试试。
#
# 文件夹 `recall` 里的每一课都去掉了讲解，只留下标题、代码和没做的练习。过一天打开一个，运行每个单元格之前，先说出它做什么。

# %% [markdown] lang="en"
# ## Your progress
#
# This cell shows which exercises you have done. Run it in any notebook, whenever you like:

# %% [markdown] lang="zh"
# ## 你的进度
#
# 下面的单元格显示你做完了哪些练习。在任何笔记本里都能运行，想看就看：

# %% tags=["nbval-ignore-output"] reason="it grows with every exercise that you solve"
from helpers import progress

progress()

# %% [markdown] lang="en"
# An exercise counts as soon as every line of its check has a ✓. The record is one small file on this computer. Nothing is sent anywhere. To delete it, run `progress(reset=True)`.

# %% [markdown] lang="zh"
# 检查的每一行都是 ✓，这道练习就算完成。记录只是这台电脑上的一个小文件，不会发到任何地方。要删除它，运行 `progress(reset=True)`。

# %% [markdown] lang="en"
# ## What the practice model is, and what it is not
#
# The practice model is {{practice.name}}, a real language model with **{{practice.parameters}}** numbers inside, called parameters. The large models of the providers have thousands of times as many. Ours is small enough to run on your computer without a graphics card, and it speaks {{practice.languages}}. (It does not see pictures itself: the practice service reads their text for it. Lesson 05 shows how.)
#
# It knows a good deal. But look at this:

# %% [markdown] lang="zh"
# ## 练习模型是什么，不是什么
#
# 练习模型是 {{practice.name}}，一个真正的语言模型，里面有 **{{practice.parameters}}**个数，叫作参数。各家服务商的大模型，参数是它的几千倍。它小到不用显卡也能在你的电脑上运行，会说{{practice.languages}}。（它自己看不见图片：图片里的文字是练习服务替它读出来的，第 05 课会讲。）
#
# 它知道不少东西。不过，你看：

# %% lang="en"
for country in ["Japan", "Switzerland"]:
    question = f"What is the capital of {country}?"
    reply = client.chat.completions.create(
        model=current_model(),
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=40,
        temperature=0,
    )
    show_reply(reply)

# %% lang="zh"
for country in ["日本", "澳大利亚"]:
    question = f"{country}的首都是哪里？"
    reply = client.chat.completions.create(
        model=current_model(),
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=40,
        temperature=0,
    )
    show_reply(reply)

# %% [markdown] lang="en"
# The capital of Switzerland is Bern. In practice mode the second answer is **wrong**, and it sounds as sure as the first.
#
# Nor does a model count or calculate as Python does. It writes what looks like an answer:

# %% [markdown] lang="zh"
# 澳大利亚的首都是堪培拉。练习模式下，第二个回答是**错的**，语气却和第一个一样肯定。
#
# 数数和算术，模型也不像 Python 那样一步步算。它只是写出一段看起来像答案的文字：

# %% lang="en"
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "How many times does the letter r appear in 'strawberry'?",
        }
    ],
    max_completion_tokens=40,
    temperature=0,
)
show_reply(reply)
print("Python says:", "strawberry".count("r"))

# %% lang="zh"
reply = client.chat.completions.create(
    model=current_model(),
    messages=[
        {
            "role": "user",
            "content": "strawberry 这个单词里有几个 r？",
        }
    ],
    max_completion_tokens=40,
    temperature=0,
)
show_reply(reply)
print("Python 说：", "strawberry".count("r"))

# %% [markdown] lang="en"
# In practice mode this number is **wrong** too. Large models do better, but they also make mistakes and sound sure. Check what matters.
#
# What is the practice model good for, then? **The mechanics are the real ones.** The client, the messages, the fields of a reply, streaming, tokens, limits and errors are what you meet at OpenAI and at every compatible provider. What you learn here carries over. Only the answers get better.
#
# Some errors, such as “no credit left”, cannot happen on your own computer. Practice mode can **simulate** them. A lesson says so whenever an answer is simulated.

# %% [markdown] lang="zh"
# 练习模式下，这个数也是**错的**。大模型好一些，但也会出错，而且同样说得很肯定。重要的内容，一定要核对。
#
# 那么练习模型有什么用？**机制都是真的。** 客户端、消息、回复的字段、流式输出、token、各种上限和错误，都和 OpenAI 以及每一家兼容的服务商一样。你在这里学到的，换到那边照样能用，只是回答会更好。
#
# 有些错误在自己的电脑上不会发生，比如“额度用完了”。练习模式可以**模拟**它们。凡是模拟的回答，课文里都会说明。

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>A cell shows <code>[*]</code> for minutes. What does it mean, and what do you do?</summary>
#
# It is still running. Press the square button ■ above the notebook, then run it again. If that does not help: Kernel → Restart Kernel and Run All Cells.
#
# </details>
#
# <details><summary>How do you know whether a call costs money?</summary>
#
# Read the line that <code>connect()</code> prints. <code>practice mode</code> costs nothing. <code>your key</code> means that a provider is called, and calls cost money.
#
# </details>
#
# <details><summary>The model answers at once, in a clear sentence. Is the answer right?</summary>
#
# You cannot tell from the sentence. A model sounds equally sure when it is wrong. Check what matters, or let Python count and calculate.
#
# </details>

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>一个单元格好几分钟一直显示 <code>[*]</code>。这是什么意思，你怎么办？</summary>
#
# 它还在运行。按笔记本上方的方形按钮 ■，再运行一次。还不行，就选 `Kernel → Restart Kernel and Run All Cells`。
#
# </details>
#
# <details><summary>怎么知道一次调用花不花钱？</summary>
#
# 看 <code>connect()</code> 打印的那一行。<code>练习模式</code>不花钱；<code>你的 key</code> 表示调用会发给服务商，要花钱。
#
# </details>
#
# <details><summary>模型马上就答了，句子也很通顺。答得对吗？</summary>
#
# 光看句子看不出来。模型答错时，语气同样肯定。重要的内容要核对，数数和算术交给 Python。
#
# </details>

# %% [markdown] lang="en"
# ## What to remember
#
# - **Shift + Enter** runs a cell. The cells share one memory, so run them from the top.
# - `connect()` says where your calls go: practice mode or your own key.
# - The practice model is small and sometimes wrong. The mechanics are the real ones.
# - When all is confused: **Kernel → Restart Kernel and Run All Cells**.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - **Shift + Enter** 运行一个单元格。所有单元格共用一份内存，所以要从头往下运行。
# - `connect()` 告诉你调用发到哪里：练习模式，还是你自己的密钥。
# - 练习模型很小，有时会答错。机制都是真的。
# - 全乱了，就用 **`Kernel → Restart Kernel and Run All Cells`** 。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: generate text](https://developers.openai.com/api/docs/guides/text), the official guide to calls like these

# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：生成文字](https://developers.openai.com/api/docs/guides/text)，这类调用的官方指南（英文）
