# %% [markdown] lang="en" minutes=25
# # Vision
#
# ## What you will be able to do
#
# - send a picture along with a question, from a file or by its address
# - send several pictures in one message
# - say what a picture costs, and make it cheaper
# - recognise the errors that pictures bring
#
# Every reply in this lesson comes from the practice model, unless you use your own key. The practice model has no eyes. The practice service looks at a picture for it: it reads the **text** and the **main colours**, and guesses **what is in a photograph**, from a list of a thousand things. It sees nothing else. The model answers from these notes. Models of the large providers see far more.

# %% tags=["setup"]
import base64
from pathlib import Path

import openai

from helpers import check, connect, current_model, image_part, settings

client = connect()
model = current_model()

# The pictures lie beside the lessons; the solutions are one folder further down.
pictures = Path("pictures")
if not pictures.exists():
    pictures = Path("../pictures")

# %% [markdown] lang="en"
# This is the first picture, a sign that we drew for this lesson:
#
# ![A dark green sign with a yellow border. It says GREEN MARKET, Open daily 8:00 - 20:00.](pictures/sign.png)
#
# ## The smallest call with a picture
#
# A file is made of bytes, and JSON is made of text. So the bytes are written as letters first. That way of writing is called **base64**. With a few words in front, it becomes a **data URL**: a whole picture in one long text.

# %%
raw = (pictures / "sign.png").read_bytes()
data_url = "data:image/png;base64," + base64.b64encode(raw).decode()
print(data_url[:60] + "…")
print(len(raw), "bytes became", len(data_url), "letters")

# %% [markdown] lang="en"
# Until now, the `content` of a message was a text. It can also be a **list of parts**: a part with text, a part with a picture.

# %%
reply = client.chat.completions.create(
    model=model,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What are the opening hours of the shop?"},
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

# %%
from helpers import show_beside

show_beside(pictures / "sign.png", reply, alt="A green sign: GREEN MARKET, open daily 8:00 - 20:00")

# %% [markdown] lang="en"
# ## Look inside: what the picture cost
#
# A picture costs **prompt tokens**, like text. Ask the same question without the picture, and compare:

# %%
without = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "What are the opening hours of the shop?"}],
    max_completion_tokens=5,
    temperature=0,
)
print("with the picture:   ", reply.usage.prompt_tokens, "prompt tokens")
print("without the picture:", without.usage.prompt_tokens, "prompt tokens")

# %% [markdown] lang="en"
# One small picture costs as much as a page of text. `usage` in the reply is the number that counts on your bill. Practice mode counts the tokens of a picture by the formula of the model class `gpt-5.4-mini`: the picture is cut into squares of 32 by 32 pixels, and each square costs 1.2 tokens. It also counts the text that it read, which a provider does not do.

# %% [markdown] lang="en"
# ## The helper: image_part
#
# `image_part` writes the data URL for you. It makes the same part as you did by hand:

# %% tags=["nbval-check-output"]
part = image_part(pictures / "sign.png")
print(part["type"])
print(part["image_url"]["url"] == data_url)

# %% [markdown] lang="en"
# This function asks one question about one or more pictures. You need it a few times:


# %% tags=["setup"]
def ask_about(question, *parts, limit=30):
    return client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": [{"type": "text", "text": question}, *parts]}],
        max_completion_tokens=limit,
        temperature=0,
    )


# %% [markdown] lang="en"
# ## What is in a photograph
#
# The sign has words on it. A photograph often has none:
#
# ![A cat with brown stripes and light green eyes looks past the camera.](pictures/cat.jpg)

# %%
reply = ask_about("Which animal is in this picture?", image_part(pictures / "cat.jpg"), limit=60)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# In practice mode, a small program compared the photograph with a thousand things that it knows, and noted its best guesses. Where it is not sure, or where the picture is a drawing, it notes nothing. What is not in the notes, the model makes up: ask what the cat is doing, and see. A model of a large provider looks at the cat itself.

# %% [markdown] lang="en"
# ## Change one thing: make the picture cheaper
#
# **Shrink** the picture before you send it:

# %%
for size in [640, 320, 160]:
    reply = ask_about("Is it open?", image_part(pictures / "sign.png", shrink=size), limit=5)
    print(f"{size:4} pixels wide: {reply.usage.prompt_tokens} prompt tokens")

# %% [markdown] lang="en"
# Half the width is a quarter of the squares. Shrink as far as the text stays readable: a picture that nobody can read costs little and is worth nothing.
#
# The field `detail` says how closely the model should look: `"high"` is for small print, `"auto"` leaves the choice to the provider, and some models know `"original"`. With some models, `"low"` means a much smaller copy and a lower price. It depends on the model: in the class `gpt-5.4-mini`, `"low"` saves nothing. Try it before you count on it:

# %%
for detail in ["low", "high"]:
    reply = ask_about("Is it open?", image_part(pictures / "menu.png", detail=detail), limit=5)
    print(f"{detail:5} {reply.usage.prompt_tokens} prompt tokens")

# %% [markdown] lang="en"
# ## Several pictures in one message
#
# Put several parts into the list. The model sees them in that order.
#
# ![A menu in Chinese and English: beef noodles 28 yuan, dumplings 22, fried rice 18, green tea 10, soy milk 8.](pictures/menu.png)

# %%
reply = ask_about(
    "Which of the two pictures shows a price?",
    image_part(pictures / "sign.png"),
    image_part(pictures / "menu.png"),
)
print(reply.choices[0].message.content)

# %% [markdown] lang="en"
# The service read Chinese and English, and the model found the right one of the two. Each picture costs its own tokens, and it costs them again in every further turn of a conversation, because the history is sent again.

# %% [markdown] lang="en"
# ## A picture by its address
#
# A picture that is on the web needs no data URL. Its address is enough, and the **provider** downloads it. To show that without a network, this cell serves the pictures on your own computer, at an address that starts with `http://127.0.0.1`:

# %%
import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=pictures))
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"

# %% [markdown] lang="en"
# Only the practice service can reach that address. A provider cannot look into your computer: with your own key, the next cells say so and go on.

# %%
practice = settings().mode == "practice"

if practice:
    reply = ask_about("What are the opening hours of the shop?", image_part(address + "/sign.png"))
    print(reply.choices[0].message.content)
else:
    print("skipped: your provider cannot reach a picture on your computer")

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The address is wrong.** The provider could not download anything. Status 400:

# %%
if practice:
    try:
        ask_about("What is it?", image_part(address + "/nothing.png"))
    except openai.BadRequestError as error:
        print(error.status_code, error.code)
    else:
        raise AssertionError("A wrong address should be refused.")
else:
    print("skipped: your provider cannot reach a picture on your computer")

# %% [markdown] lang="en"
# **The file is no picture,** or one that models do not take. PNG, JPEG, WEBP and GIF without movement are fine. What counts is what is in the file, not its name. Here are four bad files:


# %%
def send(name, raw):
    url = "data:image/png;base64," + base64.b64encode(raw).decode()
    try:
        ask_about("What is it?", image_part(url))
    except openai.BadRequestError as error:
        print(f"{name:24} {error.status_code} {error.code}")
    else:
        raise AssertionError(f"{name} should be refused.")


send("a text file", b"I am not a picture.")
send("half a picture", raw[: len(raw) // 2])
send("nothing at all", b"")
send("a drawing as SVG", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>')

# %% [markdown] lang="en"
# `image_part` finds most of this before anything is sent, and says it in a sentence:

# %%
from helpers import FirstCallError

broken = Path("my_broken.png")
broken.write_bytes(b"I am not a picture.")
try:
    image_part(broken)
except FirstCallError as error:
    print(error)
else:
    raise AssertionError("A text file should be refused.")
finally:
    broken.unlink()

# %% [markdown] lang="en"
# **The model takes no pictures.** Not every model has eyes. Practice mode has such a model to try, `practice-text-only`:

# %%
if practice:
    try:
        client.chat.completions.create(
            model="practice-text-only",
            messages=[{"role": "user", "content": [image_part(pictures / "sign.png")]}],
        )
    except openai.BadRequestError as error:
        print(error.status_code, error.body["message"])
    else:
        raise AssertionError("A text-only model should refuse a picture.")
else:
    print("skipped: that model exists in practice mode only")

# %% [markdown] lang="en"
# Whether a provider's default model takes pictures stands in the kit's table of providers:

# %%
from helpers import all_providers

for name, provider in all_providers().items():
    print(f"{name:12} {'pictures' if provider.images else 'text only, or depends on the model'}")

# %% [markdown] lang="en"
# **The picture is too large.** A request has a size limit, and so has a picture: at most 20 MB here. A photo from a phone is far larger than a model needs. `image_part(…, shrink=1024)` helps with both.

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: what does the menu cost?
#
# Send `menu.png` with the question `"What do dumplings cost?"`. Build the message yourself or use `ask_about`. Put the reply in `menu_reply`.

# %% tags=["exercise"]
# Your turn: replace the dots.
# --- solution
menu_reply = ask_about("What do dumplings cost?", image_part(pictures / "menu.png"))
# --- stub
# menu_reply = ...  # the call with the picture
# --- end

# %% tags=["check"]
check(
    "the model replied",
    lambda: menu_reply.choices[0].message.role == "assistant",
    "menu_reply should be what the call gives back.",
)
check(
    "there was a picture in the question",
    lambda: menu_reply.usage.prompt_tokens > 200,
    "Add image_part(pictures / 'menu.png') behind the question.",
)

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: the same for less
#
# Send the same question with a cheaper picture. Put the reply in `cheap_reply`. It should cost at most half of the prompt tokens of `high_reply`.

# %% tags=["exercise"]
question = "What does the sign say?"
high_reply = ask_about(question, image_part(pictures / "sign.png", detail="high"), limit=5)
# Your turn: replace the dots.
# --- solution
cheap_reply = ask_about(question, image_part(pictures / "sign.png", shrink=160), limit=5)
# --- stub
# cheap_reply = ...  # the call with a smaller picture
# --- end

# %% tags=["check"]
check(
    "it costs at most half",
    lambda: cheap_reply.usage.prompt_tokens <= high_reply.usage.prompt_tokens / 2,
    "image_part has a parameter shrink: the longer side in pixels.",
)

# %% [markdown] lang="en"
# ## Common mistakes
#
# - The picture's path is sent instead of the picture. The provider cannot read your disk.
# - `"url"` gets the base64 text alone, without `data:image/png;base64,` in front.
# - A photo with twelve million pixels is sent to ask for one number on it.
# - The reply is believed without a look. A model can misread, and can invent what it cannot read.
# - Pictures stay in the history of a conversation and are paid for in every turn.
#
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
