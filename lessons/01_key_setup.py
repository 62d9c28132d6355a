# %% [markdown] lang="en" minutes=35 more=10
# # Key set-up
#
# You write a program that calls a model, and you send it to a friend. Your key stands in the code. The next morning strangers have spent your money. In this lesson your key gets a safe place, and your programs take it from there.
#
# You can skip this lesson and stay in practice mode. Come back when you want to call OpenAI or another provider.
#
# ## What you will be able to do
#
# - create an API key, keep it safe, replace it
# - find your credit, say which of its three states it is in, and add to it
# - hand a key to your programs in three ways, and know which one wins
# - recognise a missing, a wrong, a mistyped, an unpaid and a limited key by its error
# - say which Python a notebook uses (optional part)
#
# No cell here needs a key, and none changes your settings by itself. The keys in the cells are placeholders such as `key-from-environment`. The errors of a provider are **simulated** by practice mode, and the text says which.

# %% [markdown] lang="zh"
# # 设置密钥
#
# 你写了一个调用模型的程序，发给了朋友，密钥就写在代码里。第二天早上，陌生人已经把你的钱花掉了。这一课给你的密钥找一个安全的地方，让程序到那里去取。
#
# 这一课可以先跳过，一直用练习模式。等你想调用 OpenAI 或别的服务商时，再回来看。
#
# ## 学完这一课你能做什么
#
# - 创建 API 密钥，保管好它，更换它
# - 找到自己的额度，说出它是三种状态里的哪一种，并且会充值
# - 用三种方法把密钥交给程序，并知道哪一种优先
# - 看到错误，就知道密钥是没有设置、写错了、多了字符、没有额度，还是到了上限
# - 说出笔记本用的是哪个 Python（选学部分）
#
# 这里没有一个单元格需要密钥，也没有一个会自己改动你的设置。单元格里的密钥都是占位符，比如 `key-from-environment`。服务商的错误由练习模式**模拟**，哪些是模拟的，课文里都会说明。

# %% [markdown] lang="en"
# ## The account
#
# An **API key** is a long text that proves to the provider that a call is yours. Whoever has it can spend your money. To get one at OpenAI you need an account on [platform.openai.com](https://platform.openai.com).
#
# **You have a ChatGPT login?** The same login works there. But the two are paid separately: a ChatGPT subscription, Plus for example, contains **no** credit for the API.
#
# **Registering can be hard.** You may be asked for a phone number before your first key. And OpenAI offers its API in [many countries](https://help.openai.com/en/articles/5347006-openai-api-supported-countries-and-territories), but not in all.
#
# | what stops you | what you can do |
# |---|---|
# | the code does not reach your phone | ask for it again later, or use another number **of your own** |
# | your number was used too often | log in with the account that you made with it before |
# | your country is not on the list | a provider in your country (lesson 08), your school's access, or practice mode |
#
# What **not** to do: buy an account or a key from a stranger, share one login, or pretend to be in another country. All three are against the terms. Such accounts get closed, with the credit on them.

# %% [markdown] lang="zh" differs="readers in mainland China cannot register with OpenAI; they need to know what not to buy"
# ## 账号
#
# **API 密钥**（也常常就叫 key）是一长串字符，用来向服务商证明：这次调用是你发的。谁拿到它，谁就能花你的钱。OpenAI 的密钥，要先在 [platform.openai.com](https://platform.openai.com) 有账号才能创建。
#
# **有 ChatGPT 账号？** 同一个账号就能登录。不过两边分开收费：ChatGPT 的订阅（比如 Plus）**不含** API 的额度。
#
# **在国内，往往注册这一步就卡住了。** OpenAI 只在[这份列表](https://help.openai.com/en/articles/5347006-openai-api-supported-countries-and-territories)上的国家和地区提供 API。写这一课时（2026 年 11 月），列表上没有中国内地，也没有香港和澳门；以后有没有变化，以那个页面为准。从列表以外的地方，可能注册不了，手机号可能通不过验证；就算手里有密钥，调用也会得到状态码 403。
#
# | 卡在哪里 | 可以怎么办 |
# |---|---|
# | 所在的地区不在列表上 | 用国内的服务商（[后面有一张表](#用国内的服务商)），用学校或公司正规开通的服务，或者留在练习模式 |
# | 手机收不到验证码 | 过一会儿再要一次，或者换一个**你自己的**号码 |
# | 号码用得太多次了 | 登录以前用它注册的那个账号 |
#
# **不要**做这几件事：
#
# - 向陌生人买账号、买密钥，找人“代注册”“代充值”
# - 用网上的接码平台收验证码，或者几个人合用一个账号
# - 假装自己在别的国家
#
# 买账号、合用账号、假装在别的国家，都违反服务条款；找人代充、用接码平台，等于把账号交到别人手里。这样的账号会被封，里面的额度也一起没了。来路不明的“中转”接口也一样不可靠：你发的每句话都经过它的服务器，背后是不是你要的那个模型，你看不出来。
#
# 这些都不妨碍你学这门课。九课都能在练习模式下学完；想用大模型，国内的服务商只要改 `.env`，代码不用动。

# %% [markdown] lang="en"
# ## Create a key
#
# Provider and account pages change their looks. The sketches in this lesson show what to look for, not every detail.
#
# ![Sketch in two parts. Above: the page API keys, with a button Create new secret key, and a list of keys with the columns name, key, project and last used. The keys are hidden, and each row has a button Delete. Below: a window titled Save your key, which says that you will not be able to see the key again, with a button Copy and a button Done.](sketches/key-page.svg)
#
# The way through the menus: **platform.openai.com → log in → ⚙ Settings → API keys** in the side bar. Or open [the page itself](https://platform.openai.com/settings/organization/api-keys).
#
# 1. Choose **Create new secret key**.
# 2. Give it a **name**: the place where you will use it, such as *laptop*.
# 3. Choose a **project**. A project is a folder for keys with limits of its own. Make one for this course.
# 4. Choose **Create secret key**. Now the key is shown, this **one time**.
# 5. Choose **Copy**, and save the key at once (the rest of this lesson says where). Then **Done**.
#
# If you lose it, nobody can show it to you again. Make a new one, and **delete** the old one: **Delete**, at the end of its row.

# %% [markdown] lang="zh"
# ## 创建密钥
#
# 服务商的网页经常改版。这一课的示意图只告诉你该找什么，细节不会处处相同。
#
# ![示意图，分上下两部分。上面：API 密钥页面，有一个按钮 Create new secret key，还有一张密钥列表，各列是名称、密钥、项目、上次使用时间。密钥是隐藏的，每一行都有一个 Delete 按钮。下面：标题为 Save your key 的窗口，提示以后再也看不到这个密钥，有 Copy 和 Done 两个按钮。](sketches/key-page.svg)
#
# 菜单里这样走：**platform.openai.com → 登录 → ⚙ Settings →** 侧边栏里的 **`API keys`** 。也可以直接打开[这个页面](https://platform.openai.com/settings/organization/api-keys)。
#
# 1. 点 **Create new secret key**（新建密钥）。
# 2. 起一个**名字**：写它用在哪里，比如 *laptop*。
# 3. 选一个**项目**（project）。项目就像放密钥的文件夹，有自己的上限。为这门课单独建一个。
# 4. 点 **Create secret key**。密钥这时显示出来，**只有这一次**。
# 5. 点 **Copy**（复制），马上把密钥存好（存在哪里，这一课后面讲），再点 **Done**。
#
# 弄丢了，谁也没法再给你看一次。新建一个，再把旧的**删掉**：点那一行末尾的 **Delete**。
#
# 国内服务商的页面也差不多：登录，找到“API 密钥”，新建，复制，存好。

# %% [markdown] lang="en"
# ## Rules that save trouble
#
# | rule | why |
# |---|---|
# | one key for each place, not one for everything | you can delete one without breaking the others |
# | never write a key in a notebook or in code | you will share that file one day, key and all |
# | never send a key by chat or e-mail | it stays there, and you do not know who reads it |
# | **delete** a key that somebody may have seen | a deleted key stops working; deleting costs nothing |
# | **rotate** now and then | create a new key, put it in your settings, check that a call works, delete the old one, in this order |

# %% [markdown] lang="zh"
# ## 省麻烦的规矩
#
# | 规矩 | 为什么 |
# |---|---|
# | 每个地方用一个密钥，不要一个用到底 | 删掉一个，别的不受影响 |
# | 绝不把密钥写进笔记本或代码 | 这个文件总有一天会发给别人，密钥也跟着出去 |
# | 绝不用微信、QQ、邮件发密钥 | 它会一直留在聊天记录里，谁会看到你不知道 |
# | 别人可能看到过的密钥，**删掉** | 删掉的密钥就不能用了；删除不花钱 |
# | 隔一段时间**更换**一次 | 新建密钥，写进设置，确认调用成功，再删旧的，按这个顺序来 |

# %% [markdown] lang="en"
# ## Credit: where it is shown, and its three states
#
# ![Sketch of the Billing page: a credit balance of 4.37 dollars with a button Add to credit balance, and a switch Auto-reload that is on, with the note that it is on by default. Below, the three states of credit with the colours they have had: unused, grey, calls go through; used up, green, calls do not go through; expired, red, calls do not go through. At the bottom, a spend limit of 5 dollars a month for the project, soft unless a hard limit is enforced.](sketches/billing-page.svg)
#
# The API is **prepaid**: you buy credit first, then calls use it up. A key without credit exists, but its calls fail.
#
# You see your credit at **⚙ Settings → Billing**. The [overview](https://platform.openai.com/settings/organization/billing) shows the balance, and a list of *credit grants* shows each purchase with what is left of it and the day on which it ends. Each is in one of three states, and the page has drawn them in three colours:
#
# | state | colour | does a call go through? | what to do |
# |---|---|---|---|
# | **unused**: there is money left | grey | yes | nothing |
# | **used up**: the balance is zero | green | no | add credit |
# | **expired**: a year has passed since you bought it | red | no, even if money was left | add credit |
#
# Mind the green: it meant *used*, not *good*. Only **unused** credit lets a call through. Read the word, not the colour.
#
# You can try the three states without an account: the usage page of practice mode has buttons for them. Lesson 02 opens it.

# %% [markdown] lang="zh" differs="a note on the providers that readers in China use"
# ## 额度：在哪里看，三种状态
#
# ![Billing 页面的示意图：额度余额 4.37 美元，旁边有按钮 Add to credit balance；开关 Auto-reload 是打开的，注明默认打开。下面是额度的三种状态和它们用过的颜色：未使用，灰色，调用能成功；已用完，绿色，调用不成功；已过期，红色，调用不成功。最下面是项目的消费上限，每月 5 美元，除非启用强制上限，否则只是提醒。](sketches/billing-page.svg)
#
# API 是**预付费**的：先买额度，调用时再从里面扣。没有额度，密钥照样存在，但调用会失败。
#
# 额度在 **⚙ Settings → Billing**（账单）里看。[概览页](https://platform.openai.com/settings/organization/billing)显示余额；*credit grants* 列表里是每一笔购买，还剩多少、哪天到期。每一笔处于三种状态之一，页面用过三种颜色来表示：
#
# | 状态 | 颜色 | 调用能成功吗？ | 怎么办 |
# |---|---|---|---|
# | **未使用**：还有钱 | 灰色 | 能 | 不用管 |
# | **已用完**：余额为零 | 绿色 | 不能 | 充值 |
# | **已过期**：买了已满一年 | 红色 | 不能，剩下的钱也用不了 | 充值 |
#
# 注意绿色：它的意思是“用掉了”，不是“正常”。只有**未使用**的额度能让调用成功。看字，别看颜色。
#
# 没有账号，也能试试这三种状态：练习模式的用量页面上有对应的按钮，第 02 课会打开它。
#
# 国内的服务商大多也是先充值、后使用，余额在各自的控制台里看。余额用完时，错误可能不一样：DeepSeek 返回的状态码是 402。

# %% [markdown] lang="en"
# ## Add credit, then look again
#
# 1. **⚙ Settings → Billing → Add payment details.** It takes credit and debit cards: Visa, Mastercard, American Express. Where it takes anything else in your country, the page shows it.
# 2. **Add to credit balance.** The smallest amount is $5, which is far more than this course needs. Credit that you have bought is not paid back.
# 3. **Auto-reload** is on by default: it buys new credit when the balance gets low. Switch it **off**, unless you want that.
# 4. Confirm.
# 5. **Look again.** Load the page anew: the balance has grown. The first time, calls may go on failing for some minutes. The key stays the same, you need no new one.
#
# **A card is refused?** A card from abroad works when its country is supported and the billing address is the one that your bank knows. Virtual and prepaid cards are often refused, without a reason. Try another card, ask your bank whether it blocks payments abroad, or stay with the ways of the table above. A school can share one account, with a key for each learner.

# %% [markdown] lang="zh" differs="payment: which cards and wallets, and what not to buy"
# ## 充值，然后再看一眼
#
# 1. **⚙ Settings → Billing → Add payment details**（添加付款方式）。可以用信用卡和借记卡：Visa、Mastercard、American Express。别的付款方式，页面上列出来的才能用。
# 2. **Add to credit balance**（充值）。最少 5 美元，学这门课绰绰有余。买了的额度不退。
# 3. **Auto-reload**（自动充值）默认是打开的：余额低了就自动再买。不需要的话，把它**关掉**。
# 4. 确认。
# 5. **再看一眼。** 刷新页面，余额变多了。第一次充值后，调用可能还会失败几分钟。密钥还是原来那个，不用新建。
#
# **付款不成功？** 先看看是哪一种：
#
# | 你有的 | 会怎样 |
# |---|---|
# | 只有银联标志的卡 | 不在上面三种卡里 |
# | 微信支付、支付宝 | 页面上没有列出，就用不了 |
# | 境外发行的 Visa 或 Mastercard | 发卡的国家受支持、账单地址和银行登记的一致，就能用 |
# | 国内银行发行的 Visa 或 Mastercard | 卡的种类对得上，但发卡的地区不在支持之列，很可能付不了 |
# | 虚拟卡、预付卡 | 常常被拒，而且不说原因 |
#
# 可以做的：换一张自己的卡；问问银行是不是拦下了境外支付；用国内的服务商，在它自己的充值页面付款，不需要外币卡；学校可以开一个账号，由老师管理，给每个学生发一个密钥。
#
# **不要**为此去买来路不明的虚拟卡，也不要找人代充：对方要你的账号密码，付款的卡又可能是盗来的。卡一出事，被封的是你的账号。

# %% [markdown] lang="en"
# ## Usage and limits
#
# - **Usage** in the side bar shows tokens and cost, **day by day**, for each project, key and model. It lags behind your calls, so look at it for yesterday, not for the last minute.
# - **Spend limits** stand at **⚙ Settings → Limits**, by month, for the organization and for each project. A limit is **soft**: you get an e-mail, and calls go on. Only with *Enforce a hard limit* switched on do calls fail when it is reached.
#
# A hard limit of $5 on the project of this course is a good belt for your money.

# %% [markdown] lang="zh"
# ## 用量和上限
#
# - 侧边栏里的 **Usage**（用量）按项目、密钥和模型，**一天一天**地显示 token 数和费用。它比你的调用慢一些，所以看昨天的可以，看刚才一分钟的不行。
# - **消费上限**在 **⚙ Settings → Limits** 里，按月计算，整个组织有一个，每个项目也有一个。它默认是**软**的：到了上限只给你发一封邮件，调用照常进行。只有打开 *Enforce a hard limit*（强制上限），到了上限调用才会失败。
#
# 给这门课的项目设一个 5 美元的强制上限，钱包就多一道保险。

# %% [markdown] lang="en"
# ## The smallest call with a key
#
# The SDK takes a key as an argument:
#
# ```python
# client = OpenAI(api_key=...)
# ```
#
# Never type the key there. The question is how the key gets from a safe place to the client.
#
# All calls of this lesson go to practice mode, also when you have a key. The first line inside `with` sees to that:

# %% [markdown] lang="zh"
# ## 用密钥的最小调用
#
# SDK 可以用参数接收密钥：
#
# ```python
# client = OpenAI(api_key=...)
# ```
#
# 绝不要把密钥直接写在那里。问题在于：密钥怎样从一个安全的地方，到达客户端？
#
# 这一课的所有调用都发给练习模式，哪怕你有密钥。`with` 那一行管的就是这件事：

# %% lang="en" tags=["setup"]
import os

import openai
from dotenv import load_dotenv
from openai import OpenAI

from helpers import (
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

with as_if(FIRST_CALL_MODE="practice"):
    client = connect()
model = current_model()
once = client.with_options(max_retries=0)  # tries a call only one time
hello = [{"role": "user", "content": "What is the capital of Japan?"}]

# %% lang="zh" tags=["setup"]
import os

import openai
from dotenv import load_dotenv
from openai import OpenAI

from helpers import (
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

with as_if(FIRST_CALL_MODE="practice"):
    client = connect()
model = current_model()
once = client.with_options(max_retries=0)  # 每个调用只试一次
hello = [{"role": "user", "content": "日本的首都是哪里？"}]

# %% [markdown] lang="en"
# `as_if` is a helper. Inside its block, the environment is as you say. After the block, everything is as before. So you can try things out, and your computer stays as it is.
#
# ## The three ways
#
# ![Drawing of three ways for a key. Way 1: a variable OPENAI_API_KEY of your system. Way 2: a line OPENAI_API_KEY= in the file .env, which load_dotenv copies. Both arrive in the environment of your program, where OpenAI() finds the key by itself. Way 3: a variable of another name, which you pass on as api_key=os.environ.get(...). Who wins when several are set: the argument, then the system, then .env.](drawings/way-of-a-key.en.svg)

# %% [markdown] lang="zh"
# `as_if` 是一个辅助函数，意思是“就当……”。在它的代码段里，环境就像你写的那样；出了这一段，一切恢复原样。所以你可以放心试，电脑上什么都不会变。
#
# ## 三种方法
#
# ![密钥三种途径的示意图。方法 1：系统环境变量 OPENAI_API_KEY。方法 2：文件 .env 里的一行 OPENAI_API_KEY=，由 load_dotenv 读入。两者都到达程序的环境，OpenAI() 会自己找到密钥。方法 3：另一个名字的变量，用 api_key=os.environ.get(...) 传入。同时设置了几个时谁优先：先是参数，再是系统，最后是 .env。](drawings/way-of-a-key.zh.svg)

# %% [markdown] lang="en"
# ## Way 1: a variable of your system
#
# The operating system keeps a list of named texts, the **environment variables**. The SDK looks for the name `OPENAI_API_KEY` by itself. You set it once, for all your programs.
#
# **Windows, with the mouse:** press the Windows key, type *environment*, open **Edit environment variables for your account**. Under *User variables* choose **New…**. Name: `OPENAI_API_KEY`. Value: your key. OK, OK.
#
# **Windows, with a command**, in the Command Prompt (cmd) or in PowerShell:
#
# ```
# setx OPENAI_API_KEY "paste the key here"
# ```
#
# `setx` works for windows that you open **afterwards**. Open a new one and look:
#
# | in | type |
# |---|---|
# | Command Prompt (cmd) | `echo %OPENAI_API_KEY%` |
# | PowerShell | `$env:OPENAI_API_KEY` |
#
# **macOS and Linux:** add this line to the end of your shell's profile. That is the file `~/.zshrc` on a Mac, and `~/.bashrc` on most Linux systems.
#
# ```
# export OPENAI_API_KEY="paste the key here"
# ```
#
# Open a new terminal and look with `echo $OPENAI_API_KEY`. All these commands show the key on the screen, so mind who can see it.

# %% [markdown] lang="zh"
# ## 方法 1：系统的环境变量
#
# 操作系统里存着一批有名字的文字，叫**环境变量**。SDK 会自己去找 `OPENAI_API_KEY` 这个名字。设置一次，你的所有程序都能用。
#
# **Windows，用鼠标：** 按 Windows 键，输入“环境变量”，打开 `编辑账户的环境变量`。在“用户变量”那一栏点 `新建…`，变量名填 `OPENAI_API_KEY`，变量值填你的密钥，然后一路点 `确定`。
#
# **Windows，用命令**，在命令提示符（cmd）或 PowerShell 里：
#
# ```
# setx OPENAI_API_KEY "在这里粘贴密钥"
# ```
#
# `setx` 只对**以后**打开的窗口有效。打开一个新窗口，看一看：
#
# | 在哪里 | 输入 |
# |---|---|
# | 命令提示符（cmd） | `echo %OPENAI_API_KEY%` |
# | PowerShell | `$env:OPENAI_API_KEY` |
#
# **macOS 和 Linux：** 把下面这一行加到 shell 配置文件的末尾。在 Mac 上是 `~/.zshrc`，在多数 Linux 系统上是 `~/.bashrc`。
#
# ```
# export OPENAI_API_KEY="在这里粘贴密钥"
# ```
#
# 打开一个新的终端，用 `echo $OPENAI_API_KEY` 看一看。这些命令都会把密钥显示在屏幕上，注意旁边有没有人。

# %% [markdown] lang="en"
# Now try it, without changing your computer:

# %% [markdown] lang="zh"
# 现在试一试，你的电脑不会有任何改动：

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment"):
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# `OpenAI()` got no argument and found the key by its name.
#
# Why must you open a new window? A program gets a **copy** of the environment when it starts. This starts a second Python, which looks at its copy:

# %% [markdown] lang="zh"
# `OpenAI()` 没有收到参数，它按名字找到了密钥。
#
# 为什么要打开新窗口？程序启动时，拿到的是环境的一份**副本**。下面启动第二个 Python，看看它的那份副本：

# %% lang="en" tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment") as world:
    print("a new program sees:", world.in_new_program("OPENAI_API_KEY"))

# %% lang="zh" tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment") as world:
    print("新程序看到的是：", world.in_new_program("OPENAI_API_KEY"))

# %% [markdown] lang="en"
# A program that runs already keeps its old copy. So after you set a variable, close JupyterLab **and** the terminal, open a new terminal, and start JupyterLab from there.

# %% [markdown] lang="zh"
# 已经在运行的程序，手里还是旧的副本。所以设置变量之后，要把 JupyterLab **和**终端都关掉，打开一个新的终端，再从那里启动 JupyterLab。

# %% [markdown] lang="en"
# ## Way 2: a file named .env in the project
#
# A file `.env` holds settings for one project, one on a line:
#
# ```
# OPENAI_API_KEY=paste the key here
# ```
#
# No spaces around `=`, no quotes, nothing after the key. `load_dotenv()`, from the package `python-dotenv`, copies its lines into the environment of your program.
#
# This block runs in a new, empty folder with such a file. Your own `.env` stays as it is:

# %% [markdown] lang="zh" differs="Notepad, a Chinese input method, GBK and a Chinese user name: what happens to .env on Windows in China"
# ## 方法 2：项目里的 .env 文件
#
# `.env` 文件存放一个项目的设置，一行一个：
#
# ```
# OPENAI_API_KEY=在这里粘贴密钥
# ```
#
# `=` 两边没有空格，不加引号，密钥后面也不要写别的。等号要用英文输入法打：全角的 `＝` 不算等号，这一行就白写了（`connect()` 会指出是哪一行）。`load_dotenv()` 来自软件包 `python-dotenv`，它把文件里的每一行读进程序的环境。
#
# **用 Windows 的记事本编辑 `.env`，有三个坑：**
#
# | 坑 | 怎么避开 |
# |---|---|
# | 存成了 `.env.txt`，而资源管理器把 `.txt` 藏了起来 | “另存为”时，“保存类型”选“所有文件”，文件名写 `.env` |
# | 编码选了 `ANSI`，在中文 Windows 上就是 GBK；一有中文注释，`load_dotenv()` 就报 `UnicodeDecodeError` | “另存为”时，编码选 `UTF-8` |
# | 在老版本的 PowerShell 里用 `>` 写文件，得到的是 UTF-16，也报 `UnicodeDecodeError` | 用编辑器写，存成 `UTF-8` |
#
# 在命令提示符里看 `.env`，中文注释可能是乱码。那是控制台在用 GBK 显示 UTF-8 的文件，文件没有坏。自己写程序读这类文件时，记得写 `encoding="utf-8"`。
#
# **Windows 用户名是中文？** 课程放在带中文的文件夹里也能用。要是遇到别的软件不认这样的路径，就把课程放到 `D:\first-call` 这样的纯英文文件夹里，再在 `.env` 里写一行 `FIRST_CALL_HOME=D:\first-call-home`，练习模型也会放到那边去。
#
# 下面这段代码会在一个新的空文件夹里运行，里面就有这样一个文件。你自己的 `.env` 不受影响：

# %% tags=["nbval-check-output"]
env_file = "OPENAI_API_KEY=key-from-env-file"

with as_if(OPENAI_API_KEY=None, dotenv=env_file):
    load_dotenv()
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# (`OPENAI_API_KEY=None` means: as if the system had none.)
#
# This way is the best one for this course. It is the same on every system, and you need to restart only the notebook. `connect()` finds the `.env` in the notebook's folder or in one above it. `.env.example`, beside the README, explains every setting.
#
# `.env` must never be shared. Git, the tool that most projects are shared with, leaves out what the file `.gitignore` lists. See whether ours lists it:

# %% [markdown] lang="zh" differs="domestic providers by .env alone, and what each cannot do in which lesson"
# （`OPENAI_API_KEY=None` 的意思是：就当系统里没有设置过它。）
#
# 学这门课，这种方法最合适：在每个系统上都一样，改完只要重启笔记本。`connect()` 会找笔记本所在文件夹或更上层文件夹里的 `.env`。README 旁边的 `.env.example` 解释了每一项设置。
#
# ## 用国内的服务商
#
# 只改 `.env`，写两行：
#
# ```
# PROVIDER=deepseek
# OPENAI_API_KEY=在这里粘贴那家服务商的密钥
# ```
#
# | 服务商 | `PROVIDER=` | 密钥页面 | 和课文不一样的地方 |
# |---|---|---|---|
# | DeepSeek（深度求索） | `deepseek` | [platform.deepseek.com](https://platform.deepseek.com/api_keys) | 第 06 课的 `json_schema` 用不了；余额用完是 402；高峰时段价格翻倍 |
# | 阿里云百炼（通义千问 Qwen） | `qwen` | [bailian.console.aliyun.com](https://bailian.console.aliyun.com/?tab=model#/api-key) | 密钥只能用在创建它的那个地区的接口地址上；第 06 课的 `json_schema` 能不能用，还没有确认 |
# | 智谱 GLM | `zhipu` | [open.bigmodel.cn](https://open.bigmodel.cn/usercenter/proj-mgmt/apikeys) | 默认模型总要先思考，思考也收费；`connect()` 因此放宽了上限，第 02、04、06 课里本该截断的回复往往不会截断，相应的练习请用练习模式做；`json_schema` 能不能用，还没有确认 |
# | Kimi（月之暗面） | `moonshot` | [platform.moonshot.cn](https://platform.moonshot.cn/console/api-keys) | 也总要先思考，截断的情况和智谱一样；只接受温度 1，`connect()` 会去掉 `temperature`，第 02 课试不出温度的差别；第 05 课不能用网址发图片，只能用 data URL |
# | 硅基流动 SiliconFlow | `siliconflow` | [cloud.siliconflow.cn](https://cloud.siliconflow.cn/account/ak) | 模型很多，能力各不相同：还要加一行 `OPENAI_MODEL=`，写明用哪个模型 |
#
# 写法上的差别，比如上限的名字、要不要关掉思考，`connect()` 会在发送途中改好，并且告诉你。前四家不写 `OPENAI_MODEL` 也有默认模型。表里的内容核对于 2026 年 11 月；密钥设置好以后，在终端里运行 `python3 kit.py check-key`（Windows 上是 `py kit.py check-key`），它会去问服务商，这个密钥究竟能做什么，只花几个 token。第 08 课会再讲服务商之间的差别。
#
# ## 别让 .env 流出去
#
# `.env` 绝不能发给别人。大多数项目用 git 分享代码，而 git 会跳过 `.gitignore` 里列出的文件。看看我们的有没有列出它：

# %% lang="en" tags=["nbval-check-output"]
from pathlib import Path

ignored = False
for place in [Path.cwd(), *Path.cwd().parents]:
    file = place / ".gitignore"
    if file.exists() and ".env" in file.read_text("utf-8").split():
        ignored = True
print(".env is ignored by git:", ignored)

# %% lang="zh" tags=["nbval-check-output"]
from pathlib import Path

ignored = False
for place in [Path.cwd(), *Path.cwd().parents]:
    file = place / ".gitignore"
    if file.exists() and ".env" in file.read_text("utf-8").split():
        ignored = True
print("git 会忽略 .env：", ignored)

# %% [markdown] lang="en"
# ## Way 3: a variable with another name
#
# Sometimes `OPENAI_API_KEY` is taken, for example when you have two accounts. Choose a name of your own, set it as in way 1 or way 2, and pass it on as an argument:

# %% [markdown] lang="zh"
# ## 方法 3：另一个名字的变量
#
# 有时候 `OPENAI_API_KEY` 这个名字已经用掉了，比如你有两个账号。那就自己起一个名字，按方法 1 或方法 2 设置好，再用参数传进去：

# %% tags=["nbval-check-output"]
with as_if(CUSTOM_ENV_NAME="key-from-another-name"):
    custom = OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME"))
    print(custom.api_key)

# %% [markdown] lang="en"
# Mind the spelling of the name. When there is no such variable, `os.environ.get` gives `None`, and the client looks for `OPENAI_API_KEY` after all. You call with the other account, and no error tells you:

# %% [markdown] lang="zh"
# 名字别拼错。没有这个变量时，`os.environ.get` 返回 `None`，客户端就又去找 `OPENAI_API_KEY` 了。调用用的是另一个账号，而且没有任何错误提醒你：

# %% tags=["nbval-check-output"]
with as_if(CUSTOM_ENV_NAME=None, OPENAI_API_KEY="key-of-other-account"):
    custom = OpenAI(api_key=os.environ.get("CUSTOM_ENV_NAME"))
    print(custom.api_key)

# %% [markdown] lang="en"
# ## Change one thing: which way wins
#
# Set two at once, and see. First way 3, the argument, against way 1:

# %% [markdown] lang="zh"
# ## 只改一处：哪种方法优先
#
# 同时设置两个，看看结果。先是方法 3（参数）对方法 1：

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment"):
    print(OpenAI(api_key="key-from-argument").api_key)

# %% [markdown] lang="en"
# The argument wins. Now way 1, the system, against way 2, `.env`. `load_dotenv` does not replace what is there already:

# %% [markdown] lang="zh"
# 参数优先。再看方法 1（系统）对方法 2（`.env`）。已经有的变量，`load_dotenv` 不会去替换：

# %% tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY="key-from-environment", dotenv=env_file):
    load_dotenv()
    print(OpenAI().api_key)

# %% [markdown] lang="en"
# The system wins. This is a common trap: you put a new key in `.env`, but an old one in the system still wins.
#
# The helpers keep the same order, and `settings()` tells you where your key comes from. It never shows the key itself:

# %% [markdown] lang="zh"
# 系统优先。很多人都栽在这里：在 `.env` 里写了新密钥，可系统里还留着旧的，用的还是旧的。
#
# 辅助函数遵守同样的顺序。`settings()` 告诉你密钥是从哪里来的，但绝不会显示密钥本身：

# %% lang="en" tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY=None, dotenv=env_file):
    print("only .env:         ", settings().key_from)

with as_if(OPENAI_API_KEY="key-from-environment", dotenv=env_file):
    print(".env and system:   ", settings().key_from)
    chosen = settings(api_key="key-from-argument")
    print("and an argument:   ", chosen.key_from)

# %% lang="zh" tags=["nbval-check-output"]
with as_if(OPENAI_API_KEY=None, dotenv=env_file):
    print("只有 .env：", settings().key_from)

with as_if(OPENAI_API_KEY="key-from-environment", dotenv=env_file):
    print(".env 和系统都有：", settings().key_from)
    chosen = settings(api_key="key-from-argument")
    print("再加上参数：", chosen.key_from)

# %% [markdown] lang="en"
# To see where **your** key comes from, add a cell below with `print(settings().key_from)`. `not set` means practice mode.

# %% [markdown] lang="zh"
# `environment` 是系统的环境变量，`argument` 是参数。想知道**你的**密钥从哪里来，在下面新建一个单元格，运行 `print(settings().key_from)`。`not set` 表示没有设置，也就是练习模式。

# %% [markdown] lang="en"
# ## Save your key without showing it
#
# This form writes your key into `.env`. What you type is hidden, and the notebook never holds the key. Leave it empty if you have no key yet: nothing happens.

# %% [markdown] lang="zh"
# ## 保存密钥，不让它显示出来
#
# 下面的表单把密钥写进 `.env`。你输入的内容是隐藏的，笔记本里也不会留下密钥。还没有密钥就空着，什么都不会发生。

# %% tags=["nbval-ignore-output"] reason="the form is a widget, drawn by your browser"
from helpers import key_form

key_form()

# %% [markdown] lang="en"
# In the next lesson, the line of `connect()` tells you that your key is in use.

# %% [markdown] lang="zh"
# 到了下一课，`connect()` 打印的那一行会告诉你，用的是你的密钥。

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **No key.** Without the helpers, the SDK stops before it sends anything. `expect_error` is a helper that catches the error, so that you can look at it:

# %% [markdown] lang="zh"
# ## 会出什么错，长什么样
#
# **没有密钥。** 不用辅助函数的话，SDK 还没发送任何东西，就停下了。`expect_error` 是一个辅助函数，它把错误接住，好让我们看一看：

# %%
with as_if(OPENAI_API_KEY=None):
    with expect_error(openai.OpenAIError) as caught:
        OpenAI()
show_reply(str(caught.error))

# %% [markdown] lang="en"
# Fix: set a key in one of the three ways. `connect()` goes on in practice mode instead, and says so.

# %% [markdown] lang="zh"
# 解决办法：用三种方法之一设置密钥。`connect()` 则不会停，它改用练习模式，并且告诉你。

# %% [markdown] lang="en"
# **A wrong key**, one that was deleted or copied in part. You learn it at the first call: status 401. Practice mode **simulates** it when you take `simulate-wrong-key` as the name of the model:

# %% [markdown] lang="zh"
# **密钥不对**：已经删掉了，或者只复制了一半。第一次调用时才会知道，状态码是 401。把模型名写成 `simulate-wrong-key`，练习模式就会**模拟**这个错误：

# %%
with expect_error(openai.AuthenticationError) as caught:
    client.chat.completions.create(
        model="simulate-wrong-key",
        messages=hello,
    )
print(caught.error.status_code, caught.error.code)
print(explain(caught.error))

# %% [markdown] lang="en"
# `explain` is a helper. It says in one sentence what happened, and in one what to do. A wrong key is never replaced by practice mode in silence: you should know.

# %% [markdown] lang="zh"
# `explain` 是一个辅助函数，一句话说发生了什么，一句话说该怎么办。密钥不对时，绝不会悄悄换成练习模式：这件事应该让你知道。

# %% [markdown] lang="en"
# **No credit.** The key is right, but the account is empty or its credit has expired: status 429 (**simulated**). The SDK would try twice more by itself. `once`, made at the start, is a client that tries only one time:

# %% [markdown] lang="zh"
# **没有额度。** 密钥是对的，但账号里没有钱，或者额度过期了：状态码是 429（**模拟**）。SDK 本来会自己再试两次。开头创建的 `once` 是一个只试一次的客户端：

# %%
with expect_error(openai.RateLimitError) as caught:
    once.chat.completions.create(
        model="simulate-no-credit",
        messages=hello,
    )
print(caught.error.status_code, caught.error.type)
print(explain(caught.error))

# %% [markdown] lang="en"
# **A limit.** 429 has other meanings too. Here are three of them side by side, all **simulated**: no credit, a hard spend limit that is reached, and too many calls in a minute.

# %% [markdown] lang="zh"
# **到了上限。** 429 还有别的意思。下面把三种放在一起看，都是**模拟**的：没有额度，到了强制的消费上限，一分钟里调用太多。

# %% tags=["nbval-check-output"]
for name in [
    "simulate-no-credit",
    "simulate-spend-limit",
    "simulate-rate-limit",
]:
    with expect_error(openai.RateLimitError) as caught:
        once.chat.completions.create(model=name, messages=hello)
    print(caught.error.type, "·", caught.error.code)

# %% [markdown] lang="en"
# Look at the **type** first. With `insufficient_quota`, waiting does not help: the code says whether credit is missing or a limit must be raised. With `requests` or `tokens`, waiting is all it takes.

# %% [markdown] lang="zh"
# 先看**类型**（type）。如果是 `insufficient_quota`，等也没用：看 code 就知道，是没有额度了，还是要把上限调高。如果是 `requests` 或 `tokens`，等一等就好。

# %% [markdown] lang="en"
# **A line break after the key.** It comes along easily when you copy. This one is not simulated. The SDK's error hides the reason:

# %% [markdown] lang="zh"
# **密钥后面有换行。** 复制的时候很容易带上。这个错误不是模拟的。SDK 报的错误看不出原因：

# %% lang="en"
mistyped = OpenAI(
    api_key="key-with-line-break\n",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    mistyped.chat.completions.create(model=model, messages=hello)
print("the SDK says:", caught.error)
print(explain(caught.error))

# %% lang="zh"
mistyped = OpenAI(
    api_key="key-with-line-break\n",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(openai.APIConnectionError) as caught:
    mistyped.chat.completions.create(model=model, messages=hello)
print("SDK 说：", caught.error)
print(explain(caught.error))

# %% [markdown] lang="en"
# It looks like a network problem, and it is not one. If you see `Connection error.` right after setting a key, look at the key first.

# %% [markdown] lang="zh" differs="the same error comes from a proxy, which many readers in China use"
# 看起来像网络问题，其实不是。刚设置好密钥就看到 `Connection error.`，先检查密钥。
#
# **密钥没问题，还是 `Connection error.`？** 再看代理。Python 会用环境变量 `HTTP_PROXY`、`HTTPS_PROXY`、`ALL_PROXY` 里的代理，Windows 和 macOS 的系统代理也算。
#
# - 代理程序关了，变量还留着：发往服务商的调用都会失败。把变量删掉，再从新的终端启动 JupyterLab。
# - 写成 `socks5://…`，又没有装 `socksio` 这个软件包：创建客户端时就报 `ImportError`。这套课程已经装好了它；在你自己的项目里，装上它，或者改用 `http://` 开头的代理地址。
# - 不该走代理的地址，写进 `NO_PROXY`，用英文逗号隔开：`NO_PROXY=127.0.0.1,localhost,api.deepseek.com`。练习模式就在 `127.0.0.1`，`connect()` 会替你加上前两个；国内服务商的域名，需要的话自己加。
#
# 第 08 课会再讲代理。

# %% [markdown] lang="en"
# **Curly quotes around the key.** Text editors and chat programs turn `"` into `“` and `”`:

# %% [markdown] lang="zh"
# **密钥两边有中文引号。** 中文输入法打出来的是 `“` 和 `”`，聊天软件和文档编辑器也会把 `"` 自动换成它们：

# %% lang="en"
curly = OpenAI(
    api_key="“key-in-curly-quotes”",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(UnicodeEncodeError) as caught:
    curly.chat.completions.create(model=model, messages=hello)
print("Python says:", type(caught.error).__name__)
print(explain(caught.error))

# %% lang="zh"
curly = OpenAI(
    api_key="“key-in-curly-quotes”",
    base_url=client.base_url,
    max_retries=0,
)
with expect_error(UnicodeEncodeError) as caught:
    curly.chat.completions.create(model=model, messages=hello)
print("Python 说：", type(caught.error).__name__)
print(explain(caught.error))

# %% [markdown] lang="en"
# `connect()` and `settings()` look at the key before anything is sent, so they find both mistakes at once:

# %% [markdown] lang="zh"
# `connect()` 和 `settings()` 在发送之前就检查密钥，所以这两种错误它们当场就能发现：

# %%
from helpers import SettingsError

for typed in ["key-with-line-break\n", "“key-in-curly-quotes”"]:
    with expect_error(SettingsError) as caught:
        settings(api_key=typed)
    print("-", caught.error)

# %% [markdown] lang="en"
# All of it in one table:
#
# | you see | the key is | fix |
# |---|---|---|
# | `OpenAIError: Missing credentials` | missing | set it in one of the three ways, restart the notebook |
# | 401 `invalid_api_key` | wrong or deleted | create a new key |
# | 429, type `insufficient_quota`, a code with *credit* | right, without credit | add credit on the Billing page |
# | 429, type `insufficient_quota`, a code with *limit* | right, at a limit of yours | raise the limit, or wait for the next month |
# | 429, code `rate_limit_exceeded` | right, too fast | wait a little |
# | `Connection error.` at once | perhaps followed by a line break | copy it again |
# | `UnicodeEncodeError` | in curly quotes, or with other letters | delete the quotes, copy it again |
# | 403 `unsupported_country_region_territory` | right, but used from a country without service | another provider, or practice mode |

# %% [markdown] lang="zh" differs="three more lines: an encoding, a name and a status that readers in China meet"
# 全部放进一张表：
#
# | 你看到的 | 密钥的情况 | 怎么办 |
# |---|---|---|
# | `OpenAIError: Missing credentials` | 没有设置 | 用三种方法之一设置，重启笔记本 |
# | 401 `invalid_api_key` | 不对，或者已经删掉 | 新建一个密钥 |
# | 429，类型 `insufficient_quota`，code 里有 *credit* | 是对的，没有额度 | 在 Billing 页面充值 |
# | 429，类型 `insufficient_quota`，code 里有 *limit* | 是对的，到了你自己设的上限 | 把上限调高，或者等到下个月 |
# | 429，code 是 `rate_limit_exceeded` | 是对的，调用太快 | 等一等 |
# | 402（DeepSeek） | 是对的，余额用完了 | 在 DeepSeek 的页面充值 |
# | 马上出现 `Connection error.` | 后面可能有换行 | 重新复制；还不行就检查代理 |
# | `UnicodeEncodeError` | 两边有中文引号，或者混进了中文、全角字符 | 删掉这些字符，重新复制 |
# | `load_dotenv()` 报 `UnicodeDecodeError` | 可能没错，是 `.env` 的编码不对 | 用记事本“另存为”，编码选 `UTF-8` |
# | 写了密钥，还是练习模式 | 程序没有读到它 | 看文件名是不是 `.env.txt`，那一行前面是不是还有 `#`；运行 `python3 kit.py doctor` |
# | 403 `unsupported_country_region_territory` | 是对的，但你所在的地区没有这项服务 | 换国内的服务商，或者用练习模式 |

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: write a .env file
#
# Put the text of a `.env` file with **two** settings into `env_text`, one on each line:
#
# - `OPENAI_API_KEY` with the value `key-for-exercise`
# - `OPENAI_MODEL` with the value `my-model`
#
# Mind the spaces and the quotes.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：写一个 .env 文件
#
# 把一个 `.env` 文件的内容写进 `env_text`，里面有**两项**设置，一行一项：
#
# - `OPENAI_API_KEY`，值是 `key-for-exercise`
# - `OPENAI_MODEL`，值是 `my-model`
#
# 注意空格和引号。

# %% lang="en" tags=["exercise"]
# Your turn: write the two lines between the triple quotes.
# --- solution
env_text = """
OPENAI_API_KEY=key-for-exercise
OPENAI_MODEL=my-model
"""
# --- stub
# env_text = """
#
# """
# --- end

# %% lang="zh" tags=["exercise"]
# 轮到你了：在三引号之间写两行。
# --- solution
env_text = """
OPENAI_API_KEY=key-for-exercise
OPENAI_MODEL=my-model
"""
# --- stub
# env_text = """
#
# """
# --- end

# %% lang="en" tags=["check"]
with exercise(1) as check:
    with as_if(OPENAI_API_KEY=None, OPENAI_MODEL=None, dotenv=env_text):
        load_dotenv()
        key = os.environ.get("OPENAI_API_KEY")
        model_name = os.environ.get("OPENAI_MODEL")
    check(
        "a program finds the key",
        key == "key-for-exercise",
        "Way 2 shows such a line.",
        "Is the name spelt like that, in capitals?",
    )
    check(
        "a program finds the model",
        model_name == "my-model",
        "The second line is built like the first.",
    )
    check(
        "there are no quotes",
        env_text.strip() and not set(env_text) & set("\"'“”"),
        "Quotes cause trouble sooner or later.",
    )

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    with as_if(OPENAI_API_KEY=None, OPENAI_MODEL=None, dotenv=env_text):
        load_dotenv()
        key = os.environ.get("OPENAI_API_KEY")
        model_name = os.environ.get("OPENAI_MODEL")
    check(
        "程序找得到密钥",
        key == "key-for-exercise",
        "方法 2 里有一行就是这样写的。",
        "名字是不是一个字母都没错，而且全是大写？等号是不是英文的？",
    )
    check(
        "程序找得到模型",
        model_name == "my-model",
        "第二行的写法和第一行一样。",
    )
    check(
        "没有引号",
        env_text.strip() and not set(env_text) & set("\"'“”"),
        "引号迟早会惹麻烦。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: which key wins
#
# Three situations. For each, write which key the client uses: `"argument"`, `"environment"` or `"env file"`.
#
# - **a**: there is a key in the environment of the system, and another in `.env`
# - **b**: there is a key only in `.env`
# - **c**: there is a key in all three places
#
# The check tries it out for real.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：哪个密钥优先
#
# 三种情形。每一种，写出客户端用的是哪个密钥：`"argument"`（参数）、`"environment"`（系统环境）还是 `"env file"`（`.env` 文件）。
#
# - **a**：系统的环境里有一个密钥，`.env` 里有另一个
# - **b**：只有 `.env` 里有密钥
# - **c**：三个地方都有密钥
#
# 检查会真的去试一遍。

# %% lang="en" tags=["exercise"]
# Your turn: replace the dots.
# --- solution
winner = {"a": "environment", "b": "env file", "c": "argument"}
# --- stub
# winner = {"a": ..., "b": ..., "c": ...}
# --- end


# %% lang="zh" tags=["exercise"]
# 轮到你了：把省略号换掉。
# --- solution
winner = {"a": "environment", "b": "env file", "c": "argument"}
# --- stub
# winner = {"a": ..., "b": ..., "c": ...}
# --- end


# %% lang="en" tags=["check"]
def key_used(argument, environment):
    """Make a client where .env has a key too, and tell which it took."""
    env_file = "OPENAI_API_KEY=env file"
    with as_if(OPENAI_API_KEY=environment, dotenv=env_file):
        load_dotenv()
        return OpenAI(api_key=argument).api_key


with exercise(2) as check:
    truth = {
        "a": key_used(None, "environment"),
        "b": key_used(None, None),
        "c": key_used("argument", "environment"),
    }
    for name, right in truth.items():
        check(
            f"situation {name}",
            winner.get(name) == right,
            "Look again at “Change one thing: which way wins”.",
        )


# %% lang="zh" tags=["check"]
def key_used(argument, environment):
    """创建一个客户端，.env 里也有密钥；返回它用了哪一个。"""
    env_file = "OPENAI_API_KEY=env file"
    with as_if(OPENAI_API_KEY=environment, dotenv=env_file):
        load_dotenv()
        return OpenAI(api_key=argument).api_key


with exercise(2) as check:
    truth = {
        "a": key_used(None, "environment"),
        "b": key_used(None, None),
        "c": key_used("argument", "environment"),
    }
    for name, right in truth.items():
        check(
            f"情形 {name}",
            winner.get(name) == right,
            "再看看“只改一处：哪种方法优先”。",
        )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 3: build a function that gives advice
#
# Write a function that gets an error and returns what to do:
#
# - `"new key"` when the key is wrong (`openai.AuthenticationError`)
# - `"add credit"` when there is no credit (an `openai.RateLimitError` with the type `insufficient_quota`)
# - `"wait"` for any other `openai.RateLimitError`
#
# `isinstance(error, openai.AuthenticationError)` tells whether an error is of that kind.


# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 3：写一个给建议的函数
#
# 写一个函数，它收到一个错误，返回该怎么办：
#
# - 密钥不对时（`openai.AuthenticationError`），返回 `"换密钥"`
# - 没有额度时（`openai.RateLimitError`，类型是 `insufficient_quota`），返回 `"充值"`
# - 其他的 `openai.RateLimitError`，返回 `"等一等"`
#
# `isinstance(error, openai.AuthenticationError)` 告诉你一个错误是不是这一类。


# %% lang="en" tags=["exercise"]
def what_to_do(error):
    # Your turn: return one of the three texts.
    # --- solution
    if isinstance(error, openai.AuthenticationError):
        return "new key"
    if error.type == "insufficient_quota":
        return "add credit"
    return "wait"
    # --- stub
    # return ...
    # --- end


# %% lang="zh" tags=["exercise"]
def what_to_do(error):
    # 轮到你了：返回三种文字之一。
    # --- solution
    if isinstance(error, openai.AuthenticationError):
        return "换密钥"
    if error.type == "insufficient_quota":
        return "充值"
    return "等一等"
    # --- stub
    # return ...
    # --- end


# %% lang="en" tags=["check"]
expected = {
    "simulate-wrong-key": "new key",
    "simulate-no-credit": "add credit",
    "simulate-rate-limit": "wait",
}
with exercise(3) as check:
    for name, right in expected.items():
        with expect_error(openai.APIStatusError) as caught:
            once.chat.completions.create(model=name, messages=hello)
        check(
            f"the advice for {name}",
            what_to_do(caught.error) == right,
            "Print the error's class and its type inside your function.",
            "Two of the errors have the same class. What differs?",
        )

# %% lang="zh" tags=["check"]
expected = {
    "simulate-wrong-key": "换密钥",
    "simulate-no-credit": "充值",
    "simulate-rate-limit": "等一等",
}
with exercise(3) as check:
    for name, right in expected.items():
        with expect_error(openai.APIStatusError) as caught:
            once.chat.completions.create(model=name, messages=hello)
        check(
            f"对 {name} 的建议",
            what_to_do(caught.error) == right,
            "在函数里把错误的类和 type 打印出来看看。",
            "有两个错误属于同一个类。它们哪里不同？",
        )

# %% [markdown] lang="en"
# ## More, if you like: the environment of Python
#
# Two different things are called *environment*. Above it was the list of variables. The other one is the folder of **Python packages** that a project uses. It keeps this course apart from your other projects.
#
# | | venv | conda |
# |---|---|---|
# | comes with | Python itself | Anaconda or Miniforge |
# | set up by | `python3 kit.py lab` does everything | the commands below |
# | take it when | you have no reason for the other | you use conda already |
#
# Both give the same notebooks.

# %% [markdown] lang="zh"
# ## 选学：Python 的环境
#
# 有两样不同的东西都叫*环境*。前面说的是那一批变量。另一样是一个项目所用的 **Python 软件包**的文件夹，它把这门课和你的其他项目隔开。
#
# | | venv | conda |
# |---|---|---|
# | 从哪里来 | Python 自带 | Anaconda 或 Miniforge |
# | 怎么建立 | `python3 kit.py lab` 全部做好 | 下面的命令 |
# | 什么时候用 | 没有特别的理由，就用它 | 你本来就在用 conda |
#
# 两种得到的笔记本是一样的。

# %% [markdown] lang="en"
# ## conda, step by step
#
# Open a terminal. On Windows, open **Anaconda Prompt** or **Miniforge Prompt** from the Start menu. Go to the folder of this course with `cd`. Then:
#
# | step | type |
# |---|---|
# | 1. **create** the environment, once | `conda env create -f environment.yml` |
# | 2. **activate** it, in each new terminal | `conda activate first-call` |
# | 3. see that it is active | the line now starts with `(first-call)` |
# | 4. ask which Python this is | `python -c "import sys; print(sys.prefix)"` |
# | 5. open the notebooks | `python kit.py lab` |
# | back again | `conda deactivate` |
#
# Step 4 prints a folder that ends in `first-call`. If it ends in `base` or `anaconda3`, the environment is not active: repeat step 2.
#
# For a project of your own, `conda create -n my-project python=3.13` makes an empty environment, and `pip install openai python-dotenv` inside it is all that a first call needs.

# %% [markdown] lang="zh" differs="mirrors in general terms, and conda under a Chinese user name"
# ## conda，一步一步来
#
# 打开终端。在 Windows 上，从开始菜单打开 **Anaconda Prompt** 或 **Miniforge Prompt**。用 `cd` 进入这门课的文件夹，然后：
#
# | 步骤 | 输入 |
# |---|---|
# | 1. **创建**环境，只做一次 | `conda env create -f environment.yml` |
# | 2. **激活**它，每个新终端都要做 | `conda activate first-call` |
# | 3. 看它是否已经激活 | 不用输入：命令行现在以 `(first-call)` 开头 |
# | 4. 问一问用的是哪个 Python | `python -c "import sys; print(sys.prefix)"` |
# | 5. 打开笔记本 | `python kit.py lab` |
# | 退出 | `conda deactivate` |
#
# 第 4 步打印一个文件夹，应该以 `first-call` 结尾。如果结尾是 `base` 或 `anaconda3`，说明环境没有激活：重做第 2 步。
#
# 要给自己的项目建环境，`conda create -n my-project python=3.13` 得到一个空的环境，再在里面运行 `pip install openai python-dotenv`，第一次调用需要的就都有了。
#
# **下载慢？** conda 用 `.condarc` 里设置的镜像，pip 用 pip 自己设置的镜像，两处要分别设置。
#
# **Windows 用户名是中文？** conda 默认装在用户文件夹里，有些软件包不认这样的路径。安装时改成纯英文的文件夹，比如 `D:\miniforge3`。

# %% [markdown] lang="en"
# ## Which Python does this notebook use
#
# A terminal and a notebook may use different ones. Ask the notebook itself:

# %% [markdown] lang="zh"
# ## 这个笔记本用的是哪个 Python
#
# 终端和笔记本用的可能不是同一个。直接问笔记本：

# %% lang="en" tags=["nbval-ignore-output"] reason="every computer has its own"
import sys

print("version:       ", sys.version.split()[0])
print("its folder:    ", Path(sys.prefix).name)
own = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
print("for a project: ", own)

# %% lang="zh" tags=["nbval-ignore-output"] reason="every computer has its own"
import sys

print("版本：", sys.version.split()[0])
print("所在的文件夹：", Path(sys.prefix).name)
own = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
print("是项目专用的：", own)

# %% [markdown] lang="en"
# You need Python 3.11 or newer. The folder is called `.venv` after `kit.py lab`, or `first-call` with conda. (`sys.executable` is the whole path of this Python.)
#
# If you see `ModuleNotFoundError` in the first cell of a notebook, it runs in another environment. Choose the right one in the menu **Kernel → Change Kernel**.

# %% [markdown] lang="zh"
# 需要 Python 3.11 或更新的版本。用 `kit.py lab` 时，文件夹叫 `.venv`；用 conda 时叫 `first-call`。（`sys.executable` 是这个 Python 的完整路径。）
#
# 如果笔记本的第一个单元格就报 `ModuleNotFoundError`，说明它用错了环境。在菜单 **`Kernel → Change Kernel`**（内核 → 更换内核）里选对的那个。

# %% lang="en" tags=["nbval-check-output"]
print("Python 3.11 or newer:", sys.version_info >= (3, 11))

# %% lang="zh" tags=["nbval-check-output"]
print("Python 是 3.11 或更新的版本：", sys.version_info >= (3, 11))

# %% [markdown] lang="en" tags=["questions"]
# ## Three questions
#
# Answer each one in your head, then click on it.
#
# <details><summary>You put a new key into <code>.env</code> and restart the notebook. The calls still use the old key. Why?</summary>
#
# An old key stands in a variable of the system, and the system wins against <code>.env</code>. <code>print(settings().key_from)</code> says so. Delete the variable, then start JupyterLab from a new terminal.
#
# </details>
#
# <details><summary>The page shows your credit in green. Do your calls go through?</summary>
#
# Read the word. Green has meant <em>used up</em>. Only unused credit lets a call through.
#
# </details>
#
# <details><summary>A friend sent you a notebook, and there is a key in it. What do you tell her?</summary>
#
# Delete that key now, on the page API keys, and create a new one. Put it into <code>.env</code>. Taking it out of the notebook is not enough: copies of the file still have it.
#
# </details>

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>你把新密钥写进 <code>.env</code>，重启了笔记本，调用用的还是旧密钥。为什么？</summary>
#
# 系统的环境变量里还有一个旧密钥，而系统比 <code>.env</code> 优先。<code>print(settings().key_from)</code> 会告诉你。删掉那个变量，再从新的终端启动 JupyterLab。
#
# </details>
#
# <details><summary>页面上的额度是绿色的。调用能成功吗？</summary>
#
# 要看字。绿色的意思是<em>已用完</em>。只有未使用的额度能让调用成功。
#
# </details>
#
# <details><summary>朋友发给你一个笔记本，里面有她的密钥。你怎么对她说？</summary>
#
# 现在就到 API 密钥页面把那个密钥删掉，新建一个，写进 <code>.env</code>。只从笔记本里删掉它不够：已经发出去的副本里还有。
#
# </details>

# %% [markdown] lang="en"
# ## What to remember
#
# - A key is shown once. Save it at once, never in a notebook. Delete it when somebody may have seen it.
# - Only **unused** credit lets calls through. Auto-reload is on by default, a spend limit is soft unless you enforce it.
# - Three ways: a variable of the system, `.env`, another name with `os.environ.get`. The argument wins, then the system, then `.env`.
# - 401 is the key. 429 `insufficient_quota` is the money or a limit. `Connection error.` may be a line break.
# - `connect()` always says which mode you are in. No key is fine: that is practice mode.

# %% [markdown] lang="zh"
# ## 要记住的
#
# - 密钥只显示一次。马上存好，绝不写进笔记本。别人可能看到过，就删掉它。
# - 只有**未使用**的额度能让调用成功。自动充值默认打开；消费上限不强制就只是提醒。
# - 三种方法：系统的环境变量、`.env`、另一个名字加 `os.environ.get`。参数优先，其次是系统，最后是 `.env`。
# - 401 是密钥的问题。429 `insufficient_quota` 是钱或上限的问题。`Connection error.` 可能是多了换行，也可能是代理。
# - `connect()` 总会说明你在哪种模式。没有密钥也没关系，那就是练习模式。

# %% [markdown] lang="en"
# ## Reference
#
# - [OpenAI: best practices for API key safety](https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety)
# - [OpenAI: prepaid billing](https://help.openai.com/en/articles/8264644-what-is-prepaid-billing)
# - [OpenAI: error codes](https://developers.openai.com/api/docs/guides/error-codes#api-errors)

# %% [markdown] lang="zh"
# ## 参考
#
# - [OpenAI：API 密钥安全的做法](https://help.openai.com/en/articles/5112595-best-practices-for-api-key-safety)（英文）
# - [OpenAI：预付费](https://help.openai.com/en/articles/8264644-what-is-prepaid-billing)（英文）
# - [OpenAI：错误码](https://developers.openai.com/api/docs/guides/error-codes#api-errors)（英文）
