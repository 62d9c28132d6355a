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

# %% tags=["setup"]
import base64
from pathlib import Path

from helpers import connect, current_model, exercise, hint, image_part

client = connect()
model = current_model()

# The pictures lie beside the lessons; the solutions are one folder down.
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

# %% [markdown] lang="en"
# In practice mode, the service wrote down the text and the colours of the picture, and the model made a sentence of these notes. The model never saw the picture. So read its sentence with care.
#
# Picture and reply side by side make that easier. `alt` says in words what the picture shows, for people who cannot see it:

# %%
from helpers import show_beside

words = "A green sign: GREEN MARKET, open daily 8:00 - 20:00"
show_beside(pictures / "sign.png", reply, alt=words)

# %% [markdown] lang="en"
# ## Look inside: what the picture cost
#
# A picture costs **prompt tokens**, like text. Ask the same question without the picture, and compare:

# %%
without = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": question}],
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
# This function asks one question about one or more pictures. You need it a few times. (`*parts` takes any number of them.)


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

# %%
from helpers import show_reply

cat = image_part(pictures / "cat.jpg")
show_reply(ask_about("Which animal is in this picture?", cat))

# %% [markdown] lang="en"
# A cat it is. (“Tiger cat” and “Egyptian cat” are names on the list of things, for cats with such a coat.)
#
# In practice mode, a small program compared the photograph with a thousand things that it knows, and noted its best guesses. Where it is not sure, or where the picture is a drawing, it notes nothing. What is not in the notes, the model cannot know. A model of a large provider looks at the cat itself.

# %% [markdown] lang="en"
# ## Several pictures in one message
#
# Put several parts into the list. The model sees them in that order. Here is a second photograph:
#
# ![A cup of coffee on a saucer, with a spoon, on a wooden table.](pictures/coffee.jpg)

# %%
coffee = image_part(pictures / "coffee.jpg")

question = "What is in the first picture, and what is in the second?"
show_reply(ask_about(question, cat, coffee))

# %% [markdown] lang="en"
# One reply, made of both pictures. Each picture costs its own tokens, and it costs them again in every further turn of a conversation, because the history is sent again.

# %% [markdown] lang="en"
# ## A picture by its address
#
# A picture that is on the web needs no data URL. Its address is enough, and the **provider** downloads it. The same cat [is on the web](https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2/skimage/data/chelsea.png), so the part with the picture can look like this:

# %%
folder = "https://raw.githubusercontent.com/scikit-image/scikit-image/v0.25.2"
on_the_web = f"{folder}/skimage/data/chelsea.png"
part = {"type": "image_url", "image_url": {"url": on_the_web}}
print(len(on_the_web), "letters, and no picture in them")

# %% [markdown] lang="en"
# With your own key, the next cell sends this address. Practice mode works without a network. So there the kit serves its own copy of the cat at an address on your computer, which starts with `http://127.0.0.1`, and the practice service downloads it from there:

# %%
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

# %% [markdown] lang="en"
# (`image_part` takes an address as it is.) An address is short, and the picture need not go through your computer. But it has to be open to everybody: the provider cannot log in anywhere, and it cannot look into your computer.

# %% [markdown] lang="en"
# ## Change one thing: make the picture cheaper
#
# **Shrink** the picture before you send it:

# %%
for size in [640, 320, 160]:
    small = image_part(pictures / "sign.png", shrink=size)
    reply = ask_about("Is it open?", small, limit=5)
    print(f"{size:4} pixels wide: {reply.usage.prompt_tokens} prompt tokens")

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

# %%
for detail in ["low", "high"]:
    part = image_part(pictures / "cat.jpg", detail=detail)
    reply = ask_about("Is it open?", part, limit=5)
    print(f"{detail:5} {reply.usage.prompt_tokens} prompt tokens")

# %% [markdown] lang="en"
# ## What goes wrong, and how it looks
#
# **The address leads nowhere.** `127.0.0.1` is each computer's name for itself. Nobody serves a picture at this one, neither here nor at your provider. Status 400:

# %%
import openai

from helpers import expect_error

nowhere = image_part("http://127.0.0.1:9/sign.png")
with expect_error(openai.BadRequestError) as caught:
    ask_about("What is it?", nowhere)
print(caught.error.status_code, caught.error.code)

# %% [markdown] lang="en"
# **The file is no picture,** or one that models do not take. PNG, JPEG, WEBP and GIF without movement are fine. What counts is what is in the file, not its name. Here are three bad ones:

# %%
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

# %% [markdown] lang="en"
# `image_part` finds most of this before anything is sent, and says it in a sentence:

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

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: what does it cost?
#
# This menu hangs beside the door:
#
# ![A menu in Chinese and English: beef noodles 28 yuan, dumplings 22, fried rice 18, green tea 10, soy milk 8. Open 11:00 - 21:00.](pictures/menu.png)
#
# Build a function for a tourist: `price_of(dish)` asks what the dish costs, with `menu.png` as the picture, and returns the whole reply. Use `ask_about`. The cell then tries it with two dishes.


# %% tags=["exercise"]
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

# %% tags=["check"]
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

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 2: the same for less
#
# Ask the question of the cell about a smaller sign. Put the reply in `cheap_reply`. It should cost at most half of the prompt tokens of `high_reply`, and the sign should still be readable.

# %% tags=["exercise"]
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

# %% tags=["check"]
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

# %% [markdown] lang="en"
# ## More, if you like
#
# ### Which models take pictures
#
# Whether a provider's default model takes pictures stands in the kit's table of providers:

# %%
from helpers import all_providers

for name, provider in all_providers().items():
    takes = "pictures" if provider.images else "text only, or it depends"
    print(f"{name:12} {takes}")

# %% [markdown] lang="en"
# ### A question beyond the notes
#
# What is not in the notes of practice mode, its model cannot know. Ask all the same:

# %%
show_reply(ask_about("What is the cat doing?", cat))

# %% [markdown] lang="en"
# In practice mode that is **made up**. The cat holds still and looks past the camera, and nothing in the notes says what it does. A model of a large provider has seen it. But any model can invent what it cannot see, so look at the picture before you trust a reply.

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

# %% [markdown] lang="en"
# ## Common mistakes
#
# - The picture's path is sent instead of the picture. The provider cannot read your disk.
# - `"url"` gets the base64 text alone, without `data:image/png;base64,` in front.
# - A photo with twelve million pixels is sent to ask for one number on it.
# - The reply is believed without a look. A model can misread, and can invent what it cannot read.
# - Pictures stay in the history of a conversation and are paid for in every turn.

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
