# %% [markdown] lang="en" minutes=30 more=10
# # Vision
#
# You photograph a shop's sign, a menu, your cat. Your program should answer questions about them: when is it open, what do dumplings cost, what is that on the sofa? Here you send pictures along with a question, and find out what they cost.
#
# ## What you will be able to do
#
# - send a picture along with a question, from a file or by its address
# - send several pictures in one message
# - say what a picture costs, and make it cheaper
# - recognise the errors that pictures bring
# - build a function that reads a price from a menu
#
# Text and pictures go in, text comes out. Every reply in this lesson comes from the practice model, unless you use your own key. The practice model has no eyes. The practice service looks at a picture for it: it reads the **text** and the **main colours**, and guesses **what is in a photograph**, from a list of a thousand things. It sees nothing else. The model answers from these notes. Models of the large providers see far more.

# %% [markdown] lang="zh"
# # 图片
#
# 你拍下一块招牌、一份菜单、自己的猫。程序要能回答：几点开门？饺子多少钱？沙发上那个是什么？这一课里，你把图片和问题一起发出去，还会弄清楚图片要花多少钱。
#
# ## 学完这一课你能做什么
#
# - 把图片和问题一起发出去，图片可以来自文件，也可以只给网址
# - 在一条消息里发几张图片
# - 说得出一张图片花多少，并让它便宜些
# - 认出和图片有关的各种错误
# - 写一个函数，从菜单上读出价格
#
# 进去的是文字和图片，出来的是文字。除非你用了自己的密钥，这一课里的回复都来自练习模型。练习模型没有眼睛，由练习服务替它看图：读出**文字**，认出**主要颜色**，再从一千种东西的清单里猜**照片上是什么**。别的它都看不到。模型根据这份笔记作答。大服务商的模型看到的要多得多。

# %% tags=["setup"]
import base64
from pathlib import Path

from helpers import connect, current_model, exercise, hint, image_part

client = connect()
model = current_model()

pictures = Path("pictures/sign.png").parent

# %% [markdown] lang="en"
# This is the first picture, a sign that we drew for this lesson:
#
# ![A dark green sign with a yellow border. It says GREEN MARKET, Open daily 8:00 - 20:00.](pictures/sign.png)
#
# ## The smallest call with a picture
#
# A file is made of bytes, and JSON is made of text. So the bytes are written as letters first. That way of writing is called **base64**. With a few words in front, it becomes a **data URL**: a whole picture in one long text.

# %% [markdown] lang="zh"
# 这是第一张图片，是专门为这一课画的招牌：
#
# ![一块深绿色的招牌，黄色边框，上面写着 GREEN MARKET，Open daily 8:00 - 20:00。](pictures/sign.png)
#
# ## 带一张图片的最小调用
#
# 文件由字节组成，JSON 由文字组成，所以要先用一串字符来表示这些字节。这种写法叫 **base64**。前面再加上几个词，就成了 **data URL**：整张图片就是一段长长的文字。

# %% lang="en"
raw = (pictures / "sign.png").read_bytes()
data_url = "data:image/png;base64," + base64.b64encode(raw).decode()
print(data_url[:60] + "…")
print(len(raw), "bytes became", len(data_url), "letters")

# %% lang="zh"
raw = (pictures / "sign.png").read_bytes()
data_url = "data:image/png;base64," + base64.b64encode(raw).decode()
print(data_url[:60] + "…")
print(len(raw), "字节变成了", len(data_url), "个字符")

# %% [markdown] lang="en"
# Until now, the `content` of a message was a text. It can also be a **list of parts**: a part with text, a part with a picture.

# %% [markdown] lang="zh"
# 到现在为止，消息的 `content` 一直是一段文字。它也可以是一个**列表**，由几部分组成：一部分是文字，一部分是图片。

# %% lang="en"
question = "What are the opening hours of the shop?"

reply = client.chat.completions.create(
    model=model,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": question},
                {"type": "image_url", "image_url": {"url": data_url}},
            ],
        }
    ],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% lang="zh"
question = "这家店的营业时间是几点到几点？"

reply = client.chat.completions.create(
    model=model,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": question},
                {"type": "image_url", "image_url": {"url": data_url}},
            ],
        }
    ],
    max_completion_tokens=60,
    temperature=0,
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode, the service wrote down the text and the colours of the picture, and the model made a sentence of these notes. The model never saw the picture. So read its sentence with care.
#
# Picture and reply side by side make that easier. `alt` says in words what the picture shows, for people who cannot see it:

# %% [markdown] lang="zh"
# 在练习模式里，服务记下了图片上的文字和颜色，模型再把这份笔记写成一句话。模型从没见过这张图片，所以读它的话要小心。
#
# 把图片和回复并排放在一起，看起来更方便。`alt` 用文字说明图片上有什么，给看不见图片的人用：

# %% lang="en"
from helpers import show_beside

words = "A green sign: GREEN MARKET, open daily 8:00 - 20:00"
show_beside(pictures / "sign.png", reply, alt=words)

# %% lang="zh"
from helpers import show_beside

words = "绿色招牌：GREEN MARKET，每天 8:00 - 20:00 营业"
show_beside(pictures / "sign.png", reply, alt=words)

# %% [markdown] lang="en"
# ## Look inside: what the picture cost
#
# A picture costs **prompt tokens**, like text. Ask the same question without the picture, and compare:

# %% [markdown] lang="zh"
# ## 看看回复里有什么：图片花了多少
#
# 图片和文字一样，也花**输入 token**。把同一个问题不带图片再问一遍，比一比：

# %% lang="en"
without = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=5,
    temperature=0,
)
print("with the picture:   ", reply.usage.prompt_tokens, "prompt tokens")
print("without the picture:", without.usage.prompt_tokens, "prompt tokens")

# %% lang="zh"
without = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": question}],
    max_completion_tokens=5,
    temperature=0,
)
print("带图片：  ", reply.usage.prompt_tokens, "个输入 token")
print("不带图片：", without.usage.prompt_tokens, "个输入 token")

# %% [markdown] lang="en"
# One small picture costs as much as a page of text. `usage` in the reply is the number that counts on your bill. Practice mode counts the tokens of a picture by the formula of the model class `gpt-5.4-mini`: the picture is cut into squares of 32 by 32 pixels, and each square costs 1.2 tokens. It also counts the text that it read, which a provider does not do.

# %% [markdown] lang="zh"
# 一张小图片的费用，抵得上一整页文字。账单上算的是回复里 `usage` 的数字。练习模式按 `gpt-5.4-mini` 这一类模型的公式来算图片的 token：把图片切成 32 × 32 像素的小方块，每块 1.2 个 token。它还把读出来的文字也算进去，服务商不会这样算。

# %% [markdown] lang="en"
# ## The helper: image_part
#
# `image_part` writes the data URL for you. It makes the same part as you did by hand:

# %% [markdown] lang="zh"
# ## 辅助函数：image_part
#
# `image_part` 替你写 data URL。造出来的这一部分，和你手写的一样：

# %% tags=["nbval-check-output"]
part = image_part(pictures / "sign.png")
print(part["type"])
print(part["image_url"]["url"] == data_url)

# %% [markdown] lang="en"
# This function asks one question about one or more pictures. You need it a few times. (`*parts` takes any number of them.)

# %% [markdown] lang="zh"
# 下面这个函数针对一张或几张图片提一个问题，后面会用到好几次。（`*parts` 可以接收任意多张图片。）


# %% tags=["setup"]
def ask_about(question, *parts, limit=60):
    content = [{"type": "text", "text": question}, *parts]
    return client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": content}],
        max_completion_tokens=limit,
        temperature=0,
    )


# %% [markdown] lang="en"
# ## What is in a photograph
#
# The sign has words on it. A photograph often has none:
#
# ![A cat with brown stripes and light green eyes looks past the camera.](pictures/cat.jpg)

# %% [markdown] lang="zh"
# ## 照片上有什么
#
# 招牌上有字。照片上往往没有：
#
# ![一只棕色条纹、浅绿色眼睛的猫，目光从镜头旁边越过。](pictures/cat.jpg)

# %% lang="en"
from helpers import show_reply

cat = image_part(pictures / "cat.jpg")
show_reply(ask_about("Which animal is in this picture?", cat))

# %% lang="zh"
from helpers import show_reply

cat = image_part(pictures / "cat.jpg")
show_reply(ask_about("照片里是什么动物？", cat))

# %% [markdown] lang="en"
# A cat it is. (“Tiger cat” and “Egyptian cat” are names on the list of things, for cats with such a coat.)
#
# In practice mode, a small program compared the photograph with a thousand things that it knows, and noted its best guesses. Where it is not sure, or where the picture is a drawing, it notes nothing. What is not in the notes, the model cannot know. A model of a large provider looks at the cat itself.

# %% [markdown] lang="zh"
# 没错，是猫。（回复里要是出现“虎斑猫”或“埃及猫”，那是清单里的名字，指有这种花纹的猫。）
#
# 在练习模式里，一个小程序拿照片和它认识的一千种东西比对，记下最可能的几个。没把握的时候，或者图片是画出来的，它就什么也不记。笔记里没有的，模型不可能知道。大服务商的模型看的是猫本身。

# %% [markdown] lang="en"
# ## Several pictures in one message
#
# Put several parts into the list. The model sees them in that order. Here is a second photograph:
#
# ![A cup of coffee on a saucer, with a spoon, on a wooden table.](pictures/coffee.jpg)

# %% [markdown] lang="zh"
# ## 一条消息里放几张图片
#
# 列表里可以放好几部分。模型按这个顺序看图。这是第二张照片：
#
# ![木桌上的一杯咖啡，放在碟子上，旁边有一把勺子。](pictures/coffee.jpg)

# %% lang="en"
coffee = image_part(pictures / "coffee.jpg")

question = "What is in the first picture, and what is in the second?"
show_reply(ask_about(question, cat, coffee))

# %% lang="zh"
coffee = image_part(pictures / "coffee.jpg")

question = "第一张照片里是什么？第二张照片里是什么？"
show_reply(ask_about(question, cat, coffee))

# %% [markdown] lang="en"
# One reply, made of both pictures. Each picture costs its own tokens, and it costs them again in every further turn of a conversation, because the history is sent again.

# %% [markdown] lang="zh"
# 一条回复，用上了两张图片。（练习模式的清单是英文的，所以中文回复里有时会夹着清单上的英文，比如 espresso，也就是浓缩咖啡。）每张图片各花各的 token，而且对话每多一轮就再花一次，因为历史消息会重新发送。

# %% [markdown] lang="en"
# ## A picture by its address
#
# A picture that is on the web needs no data URL. Its address is enough, and the **provider** downloads it. The same cat [is on the web](https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2/skimage/data/chelsea.png), so the part with the picture can look like this:

# %% [markdown] lang="zh"
# ## 只给图片的网址
#
# 网上已有的图片不需要 data URL，给出网址就够了，由**服务商**去下载。同一只猫[网上就有](https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2/skimage/data/chelsea.png)，所以图片那一部分可以写成这样：

# %% lang="en"
folder = "https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2"
on_the_web = f"{folder}/skimage/data/chelsea.png"
part = {"type": "image_url", "image_url": {"url": on_the_web}}
print(len(on_the_web), "letters, and no picture in them")

# %% lang="zh"
folder = "https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2"
on_the_web = f"{folder}/skimage/data/chelsea.png"
part = {"type": "image_url", "image_url": {"url": on_the_web}}
print(len(on_the_web), "个字符，里面没有图片")

# %% [markdown] lang="en"
# With your own key, the next cell sends this address. Practice mode works without a network. So there the kit serves its own copy of the cat at an address on your computer, which starts with `http://127.0.0.1`, and the practice service downloads it from there:

# %% [markdown] lang="zh" differs="where the servers stand decides whether an address can be reached"
# 如果用自己的密钥，下一个单元格发送的就是这个网址。练习模式不用联网。所以在练习模式里，工具包把自己带的那张猫的图片放在你电脑的一个地址上，以 `http://127.0.0.1` 开头，练习服务就从那里下载。
#
# 网址要能让**服务商的服务器**打开，你的浏览器打得开还不算数。国内的服务商未必连得上 GitHub；反过来，国外的服务商也未必打得开国内网站的图片，有些网站还不许外部引用自己的图片（防盗链）。遇到这种情况，就改用 data URL。

# %% lang="en"
from helpers import serve_folder, settings

question = "Which animal is in this picture?"

if settings().mode == "practice":
    with serve_folder(pictures) as url:
        address = url + "cat.jpg"
        reply = ask_about(question, image_part(address))
else:
    address = on_the_web
    reply = ask_about(question, image_part(address))

print("downloaded from", address.rsplit("/", 1)[0])
show_reply(reply)

# %% lang="zh"
from helpers import serve_folder, settings

question = "照片里是什么动物？"

if settings().mode == "practice":
    with serve_folder(pictures) as url:
        address = url + "cat.jpg"
        reply = ask_about(question, image_part(address))
else:
    address = on_the_web
    reply = ask_about(question, image_part(address))

print("下载自", address.rsplit("/", 1)[0])
show_reply(reply)

# %% [markdown] lang="en"
# (`image_part` takes an address as it is.) An address is short, and the picture need not go through your computer. But it has to be open to everybody: the provider cannot log in anywhere, and it cannot look into your computer.

# %% [markdown] lang="zh"
# （`image_part` 遇到网址会原样使用。）网址很短，图片也不必经过你的电脑。但它必须对所有人开放：服务商没法替你登录网站，也看不到你电脑里的东西。

# %% [markdown] lang="en"
# ## Change one thing: make the picture cheaper
#
# **Shrink** the picture before you send it:

# %% [markdown] lang="zh"
# ## 只改一处：让图片便宜些
#
# 发送之前，先把图片**缩小**：

# %% lang="en"
for size in [640, 320, 160]:
    small = image_part(pictures / "sign.png", shrink=size)
    reply = ask_about("Is it open?", small, limit=5)
    print(f"{size:4} pixels wide: {reply.usage.prompt_tokens} prompt tokens")

# %% lang="zh"
for size in [640, 320, 160]:
    small = image_part(pictures / "sign.png", shrink=size)
    reply = ask_about("现在营业吗？", small, limit=5)
    print(f"宽 {size:4} 像素：{reply.usage.prompt_tokens} 个输入 token")

# %% [markdown] lang="en"
# Half the width is a quarter of the squares. (In practice mode about a hundred of these tokens are the text that was read. They stay.) Shrink as far as the text stays readable: a picture that nobody can read costs little and is worth nothing.
#
# What a picture costs depends on the class of the model. Some count squares, the older ones count large tiles. Tokens of one picture, as of November 2026:
#
# | model class | 1,600 × 1,200 pixels | 800 × 600 | 400 × 300 |
# |---|---|---|---|
# | gpt-5.4-mini | 2,280 | 570 | 156 |
# | gpt-4.1-mini | 3,078 | 770 | 211 |
# | gpt-4o | 765 | 765 | 255 |
# | gpt-4o-mini | 25,501 | 25,501 | 8,500 |
#
# With the first two, every pixel less saves money. With the last two, shrinking helps only once there are fewer tiles. (Their tokens also differ in price.)
#
# The field `detail` says how closely the model should look: `"high"` is for small print, `"auto"` leaves the choice to the provider, and some models know `"original"`. With some models, `"low"` means a much smaller copy and a lower price. In the class `gpt-5.4-mini`, `"low"` saves nothing. Try it before you count on it:

# %% [markdown] lang="zh"
# 宽度减半，小方块就只剩四分之一。（在练习模式里，其中大约一百个 token 是读出来的文字，它们不会变少。）缩小可以，但字要还能看清：谁都看不清的图片，虽然便宜，却没有用。
#
# 图片的费用取决于模型属于哪一类。有的按小方块算，较早的按大方块算。下面是一张图片的 token 数，截至 2026 年 11 月：
#
# | 模型类别 | 1,600 × 1,200 像素 | 800 × 600 | 400 × 300 |
# |---|---|---|---|
# | gpt-5.4-mini | 2,280 | 570 | 156 |
# | gpt-4.1-mini | 3,078 | 770 | 211 |
# | gpt-4o | 765 | 765 | 255 |
# | gpt-4o-mini | 25,501 | 25,501 | 8,500 |
#
# 对前两类，少一个像素就省一点钱。对后两类，大方块的数量变少了，缩小才有用。（每个 token 的价格也不一样。）
#
# `detail` 字段说明模型要看得多仔细：`"high"` 用来看小字，`"auto"` 让服务商自己选，有些模型还认得 `"original"`。有些模型用 `"low"` 时，会看一张小得多的图，价格也低。在 `gpt-5.4-mini` 这一类里，`"low"` 一点也不省。指望它省钱之前，先试一试：

# %% lang="en"
for detail in ["low", "high"]:
    part = image_part(pictures / "cat.jpg", detail=detail)
    reply = ask_about("Is it open?", part, limit=5)
    print(f"{detail:5} {reply.usage.prompt_tokens} prompt tokens")

# %% lang="zh"
for detail in ["low", "high"]:
    part = image_part(pictures / "cat.jpg", detail=detail)
    reply = ask_about("现在营业吗？", part, limit=5)
    print(f"{detail:5} {reply.usage.prompt_tokens} 个输入 token")

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The address leads nowhere.** `127.0.0.1` is each computer's name for itself. Nobody serves a picture at this one, neither here nor at your provider. Status 400:

# %% [markdown] lang="zh"
# ## 会出什么错，长什么样
#
# **网址打不开。** 每台电脑都用 `127.0.0.1` 称呼自己。这个地址上没有图片，你的电脑上没有，服务商那里也没有。状态码 400：

# %% lang="en"
import openai

from helpers import expect_error

nowhere = image_part("http://127.0.0.1:9/sign.png")
with expect_error(openai.BadRequestError) as caught:
    ask_about("What is it?", nowhere)
print(caught.error.status_code, caught.error.code)

# %% lang="zh"
import openai

from helpers import expect_error

nowhere = image_part("http://127.0.0.1:9/sign.png")
with expect_error(openai.BadRequestError) as caught:
    ask_about("这是什么？", nowhere)
print(caught.error.status_code, caught.error.code)

# %% [markdown] lang="en"
# **The file is no picture,** or one that models do not take. PNG, JPEG, WEBP and GIF without movement are fine. What counts is what is in the file, not its name. Here are three bad ones:

# %% [markdown] lang="zh"
# **文件不是图片，** 或者是模型不支持的格式。PNG、JPEG、WEBP 和不会动的 GIF 都可以。关键是文件的内容，不是文件名。下面是三个不行的例子：

# %% lang="en"
bad_files = {
    "a text file": b"I am not a picture.",
    "half a picture": raw[: len(raw) // 2],
    "a drawing as SVG": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
}
for name, bad in bad_files.items():
    bad_url = "data:image/png;base64," + base64.b64encode(bad).decode()
    with expect_error(openai.BadRequestError) as caught:
        ask_about("What is it?", image_part(bad_url))
    print(f"{name:18} {caught.error.status_code} {caught.error.code}")

# %% lang="zh"
bad_files = {
    "文本文件": b"I am not a picture.",
    "半张图片": raw[: len(raw) // 2],
    "SVG 矢量图": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
}
for name, bad in bad_files.items():
    bad_url = "data:image/png;base64," + base64.b64encode(bad).decode()
    with expect_error(openai.BadRequestError) as caught:
        ask_about("这是什么？", image_part(bad_url))
    print(f"{name:18} {caught.error.status_code} {caught.error.code}")

# %% [markdown] lang="en"
# `image_part` finds most of this before anything is sent, and says it in a sentence:

# %% [markdown] lang="zh"
# 这些问题，`image_part` 大多在发送之前就能发现，并用一句话告诉你：

# %%
from helpers import FirstCallError

broken = Path("my_broken.png")
broken.write_bytes(b"I am not a picture.")
with expect_error(FirstCallError) as caught:
    image_part(broken)
broken.unlink()
show_reply(str(caught.error))

# %% [markdown] lang="en"
# **The model takes no pictures.** Not every model has eyes. Practice mode has such a model to try, `practice-text-only`. This cell asks practice mode, also when you have a key:

# %% [markdown] lang="zh"
# **模型看不了图片。** 不是每个模型都有眼睛。练习模式里有一个这样的模型可以试，叫 `practice-text-only`。即使你有密钥，下面的单元格也会用练习模式：

# %%
from helpers import as_if

with as_if(FIRST_CALL_MODE="practice"):
    practice_client = connect()

with expect_error(openai.BadRequestError) as caught:
    practice_client.chat.completions.create(
        model="practice-text-only",
        messages=[{"role": "user", "content": [cat]}],
    )
print(caught.error.status_code, caught.error.body["message"])

# %% [markdown] lang="en"
# **The picture is too large.** In practice mode a picture has at most 20 MB. OpenAI takes far more, but each pixel costs, and a photo from a phone has many more than a model needs. `image_part(…, shrink=1024)` helps with both.

# %% [markdown] lang="zh"
# **图片太大。** 在练习模式里，一张图片最大 20 MB。OpenAI 的上限高得多，但每个像素都要钱，手机照片的像素又远远超过模型的需要。`image_part(…, shrink=1024)` 能同时解决这两个问题。

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: what does it cost?
#
# This menu hangs beside the door:
#
# ![A menu in Chinese and English: beef noodles 28 yuan, dumplings 22, fried rice 18, green tea 10, soy milk 8. Open 11:00 - 21:00.](pictures/menu.png)
#
# Build a function for a tourist: `price_of(dish)` asks what the dish costs, with `menu.png` as the picture, and returns the whole reply. Use `ask_about`. The cell then tries it with two dishes.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 1：多少钱？
#
# 门边挂着这份菜单：
#
# ![一份中英文菜单：牛肉面 28 元，饺子 22 元，炒饭 18 元，绿茶 10 元，豆浆 8 元。营业时间 11:00 - 21:00。](pictures/menu.png)
#
# 给游客写一个函数：`price_of(dish)` 带上图片 `menu.png`，问这道菜多少钱，并返回整个回复。请用 `ask_about`。单元格里接着会用其中两样来试。


# %% lang="en" tags=["exercise"]
def price_of(dish):
    # Your turn: ask about the menu, and return the reply.
    # --- solution
    menu = image_part(pictures / "menu.png")
    return ask_about(f"What is the price of {dish}?", menu)
    # --- stub
    # return ...
    # --- end


menu_replies = [price_of("dumplings"), price_of("green tea")]
for reply in menu_replies:
    if reply is not ...:
        print(reply.choices[0].message.content)


# %% lang="zh" tags=["exercise"]
def price_of(dish):
    # 轮到你了：针对菜单提问，并返回回复。
    # --- solution
    menu = image_part(pictures / "menu.png")
    return ask_about(f"菜单上{dish}的价格是多少？", menu)
    # --- stub
    # return ...
    # --- end


menu_replies = [price_of("饺子"), price_of("绿茶")]
for reply in menu_replies:
    if reply is not ...:
        print(reply.choices[0].message.content)

# %% lang="en" tags=["check"]
with exercise(1) as check:
    first, second = menu_replies
    check(
        "the model replied each time",
        first.choices[0].message.role == second.choices[0].message.role,
        "Return what ask_about gives back.",
    )
    check(
        "there was a picture in each question",
        min(first.usage.prompt_tokens, second.usage.prompt_tokens) > 200,
        "A question alone costs a few tokens. What else goes along?",
        "image_part makes a part of the file menu.png.",
    )
    check(
        "the question names the dish",
        (first.usage, first.choices) != (second.usage, second.choices),
        "Is dish part of the question? An f-string puts it there.",
    )

# %% lang="zh" tags=["check"]
with exercise(1) as check:
    first, second = menu_replies
    check(
        "模型每次都回复了",
        first.choices[0].message.role == second.choices[0].message.role,
        "把 ask_about 给的结果返回。",
    )
    check(
        "每个问题都带了图片",
        min(first.usage.prompt_tokens, second.usage.prompt_tokens) > 200,
        "光一个问题只花几个 token。还要带上什么？",
        "image_part 能把文件 menu.png 变成消息的一部分。",
    )
    check(
        "问题里写了菜名",
        (first.usage, first.choices) != (second.usage, second.choices),
        "问题里有 dish 吗？用 f-string 可以放进去。",
    )

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: the same for less
#
# Ask the question of the cell about a smaller sign. Put the reply in `cheap_reply`. It should cost at most half of the prompt tokens of `high_reply`, and the sign should still be readable.

# %% [markdown] lang="zh" tags=["exercise"]
# ## 练习 2：同样的事，花得更少
#
# 换一张更小的招牌图片，再问一遍单元格里的问题。把回复放进 `cheap_reply`。它花的输入 token 最多是 `high_reply` 的一半，招牌上的字还要看得清。

# %% lang="en" tags=["exercise"]
question = "What does the sign say?"
sign = image_part(pictures / "sign.png", detail="high")
high_reply = ask_about(question, sign)
# Your turn: replace the dots.
# --- solution
small_sign = image_part(pictures / "sign.png", shrink=320)
cheap_reply = ask_about(question, small_sign)
print(cheap_reply.choices[0].message.content)
# --- stub
# cheap_reply = ...  # the call with a smaller picture
# --- end

# %% lang="zh" tags=["exercise"]
question = "招牌上写着什么？"
sign = image_part(pictures / "sign.png", detail="high")
high_reply = ask_about(question, sign)
# 轮到你了：把省略号换掉。
# --- solution
small_sign = image_part(pictures / "sign.png", shrink=320)
cheap_reply = ask_about(question, small_sign)
print(cheap_reply.choices[0].message.content)
# --- stub
# cheap_reply = ...  # 用更小的图片调用
# --- end

# %% lang="en" tags=["check"]
with exercise(2) as check:
    most = high_reply.usage.prompt_tokens / 2
    check(
        "it costs at most half",
        cheap_reply.usage.prompt_tokens <= most,
        "detail does not help here. What made the picture cheaper above?",
    )
    check(
        "the sign is still readable",
        "green market" in cheap_reply.choices[0].message.content.lower(),
        "Too small is no use to anybody. Read the reply.",
        "Somewhere between 160 and 640 pixels.",
    )

# %% lang="zh" tags=["check"]
with exercise(2) as check:
    most = high_reply.usage.prompt_tokens / 2
    check(
        "最多花一半",
        cheap_reply.usage.prompt_tokens <= most,
        "detail 在这里没用。前面是什么让图片便宜了？",
    )
    check(
        "招牌还看得清",
        "green market" in cheap_reply.choices[0].message.content.lower(),
        "太小了，对谁都没用。读读回复。",
        "在 160 到 640 像素之间。",
    )

# %% [markdown] lang="en"
# ## More, if you like
#
# ### Which models take pictures
#
# Whether a provider's default model takes pictures stands in the kit's table of providers:

# %% [markdown] lang="zh"
# ## 选学：再多学一点
#
# ### 哪些模型能看图
#
# 一家服务商的默认模型能不能看图，工具包的服务商表里有写：

# %% lang="en"
from helpers import all_providers

for name, provider in all_providers().items():
    takes = "pictures" if provider.images else "text only, or it depends"
    print(f"{name:12} {takes}")

# %% lang="zh"
from helpers import all_providers

for name, provider in all_providers().items():
    takes = "能看图片" if provider.images else "只收文字，或者因模型而异"
    print(f"{name:12} {takes}")

# %% [markdown] lang="en"
# ### A question beyond the notes
#
# What is not in the notes of practice mode, its model cannot know. Ask all the same:

# %% [markdown] lang="zh"
# ### 笔记之外的问题
#
# 练习模式的笔记里没有的，它的模型不可能知道。不妨问问看：

# %% lang="en"
show_reply(ask_about("What is the cat doing?", cat))

# %% lang="zh"
show_reply(ask_about("这只猫在做什么？", cat))

# %% [markdown] lang="en"
# In practice mode that is **made up**. The cat holds still and looks past the camera, and nothing in the notes says what it does. A model of a large provider has seen it. But any model can invent what it cannot see, so look at the picture before you trust a reply.

# %% [markdown] lang="zh"
# 在练习模式里，这是**编造的**。猫一动不动，目光从镜头旁边越过，笔记里没有一个字说它在做什么。大服务商的模型是真的看了图。不过，哪个模型都可能把看不见的东西编出来，所以相信回复之前，先看一眼图片。

# %% [markdown] lang="en" tags=["questions"]
# ## Questions
#
# Think of an answer, then open it.
#
# <details><summary>Your picture is on your own disk. How does the provider get it?</summary>
#
# Inside the request, as a data URL. It cannot read your disk, and no address of your computer leads it there.
# </details>
#
# <details><summary>You ask five questions about one photo, in one conversation. How often do you pay for the photo?</summary>
#
# Five times. The history is sent again with each question, and the photo is in it. Shrink it first.
# </details>
#
# <details><summary>A reply names a price that you cannot find in the picture. Which two reasons are likely?</summary>
#
# The picture was too small to read, or the model made the price up. Look at the picture before you trust a number.
# </details>

# %% [markdown] lang="zh" tags=["questions"]
# ## 三个问题
#
# 先在心里回答，再点开看。
#
# <details><summary>图片在你自己的硬盘上。服务商怎么拿到它？</summary>
#
# 写成 data URL，放在请求里。服务商读不了你的硬盘，你电脑上的地址它也访问不到。
# </details>
#
# <details><summary>在同一段对话里，你针对一张照片问了五个问题。这张照片要付几次钱？</summary>
#
# 五次。每问一次，历史消息就重新发送一次，照片就在里面。先把它缩小。
# </details>
#
# <details><summary>回复里有一个价格，你在图片上却找不到。最可能的两个原因是什么？</summary>
#
# 图片太小，看不清；或者价格是模型编的。相信一个数字之前，先看看图片。
# </details>

# %% [markdown] lang="en"
# ## Common mistakes
#
# - The picture's path is sent instead of the picture. The provider cannot read your disk.
# - `"url"` gets the base64 text alone, without `data:image/png;base64,` in front.
# - A photo with twelve million pixels is sent to ask for one number on it.
# - The reply is believed without a look. A model can misread, and can invent what it cannot read.
# - Pictures stay in the history of a conversation and are paid for in every turn.

# %% [markdown] lang="zh"
# ## 常见错误
#
# - 发出去的是图片的路径，不是图片。服务商读不了你的硬盘。
# - `"url"` 里只有 base64 文字，前面没有 `data:image/png;base64,`。
# - 为了问照片上的一个数字，把一千二百万像素的原图发了出去。
# - 看都不看就相信回复。模型会读错，读不出来的还会编。
# - 图片留在对话的历史消息里，每一轮都要付钱。

# %% [markdown] lang="en"
# ## What to remember
#
# - `content` can be a list of parts: `{"type": "text", …}` and `{"type": "image_url", …}`.
# - A picture is sent as a data URL, or named by an address that the provider can reach.
# - Pictures cost prompt tokens. Shrink them first, and look at `usage`.
# - A bad picture, a wrong address and a text-only model all end in status 400.
#
# ## Reference
#
# - [OpenAI: images and vision](https://developers.openai.com/api/docs/guides/images-vision), formats, limits and the price of a picture

# %% [markdown] lang="zh"
# ## 要记住的
#
# - `content` 可以是由几部分组成的列表：`{"type": "text", …}` 和 `{"type": "image_url", …}`。
# - 图片可以作为 data URL 发送，也可以给一个服务商打得开的网址。
# - 图片要花输入 token。先缩小，再看 `usage`。
# - 图片坏了、网址错了、模型只懂文字，结果都是状态码 400。
#
# ## 参考
#
# - [OpenAI：图片与视觉](https://developers.openai.com/api/docs/guides/images-vision)，讲格式、限制和图片的价格（英文）
