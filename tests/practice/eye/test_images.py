"""Pictures of a request: what is taken, what is refused, and how a download is bounded."""

from __future__ import annotations

import base64
import gzip
import io
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from conftest import need
from practice.eye import fetch
from practice.eye import image as image_module
from practice.eye.image import CLASSES, MAX_PIXELS, ImageProblem, Picture, decode, tokens
from practice.eye.source import load


def _file(
    form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, form, **more)
    return out.getvalue()


def _url(raw: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(raw).decode()}"


def _code(url: str) -> str:
    with pytest.raises(ImageProblem) as caught:
        load(url)
    return caught.value.code


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_four_formats_whatever_the_mime_type_says(form: str) -> None:
    picture = load(_url(_file(form), "image/png"), detail="low")
    assert (picture.format, picture.width, picture.height) == (form, 40, 30)
    assert (picture.image.mode, picture.detail) == ("RGB", "low")


def test_a_transparent_picture_stands_on_white() -> None:
    raw = io.BytesIO()
    Image.new("RGBA", (5, 5), (0, 0, 0, 0)).save(raw, "PNG")
    assert decode(raw.getvalue()).image.getpixel((2, 2)) == (255, 255, 255)


def test_a_16_bit_grey_picture_keeps_its_shades() -> None:
    raw = io.BytesIO()
    Image.new("I;16", (5, 5), 0x8000).save(raw, "PNG")
    assert decode(raw.getvalue()).image.getpixel((2, 2)) == (128, 128, 128)


def test_a_photo_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(_file("JPEG", (60, 20), exif=exif))
    assert (picture.width, picture.height) == (20, 60) == picture.image.size


@pytest.mark.parametrize(
    ("form", "size"), [("JPEG", (6400, 4800)), ("PNG", (6400, 4800)), ("JPEG", (8192, 6144))]
)
def test_a_photo_of_30_or_50_megapixels_is_read_and_made_smaller(
    form: str, size: tuple[int, int]
) -> None:
    raw = _file(form, size)
    start = time.monotonic()
    picture = decode(raw)
    assert time.monotonic() - start < 5
    assert (picture.width, picture.height) == size
    assert max(picture.image.size) == 2048
    assert tokens(*size) == 2942  # 2,048 x 1,536, as everything of that shape


def _headed(width: int, height: int) -> bytes:
    """The beginning of a PNG file that claims to be of this size."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    return raw + struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 4) + b"IDAT" + bytes(8)


def test_pictures_are_decoded_within_one_bound_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits gets a turn: the large ones do, too."""
    guard, under_way, most = threading.Lock(), [0], [0]

    def slow(image: Image.Image) -> tuple[Image.Image, int, int]:
        pixels = image.width * image.height
        with guard:
            under_way[0] += pixels
            most[0] = max(most[0], under_way[0])
        time.sleep(0.03)
        with guard:
            under_way[0] -= pixels
        return Image.new("RGB", (1, 1)), *image.size

    monkeypatch.setattr(image_module, "_upright", slow)
    files = [_headed(8000, 8000), *[_headed(5000, 5000)] * 6] * 3
    with ThreadPoolExecutor(len(files)) as pool:
        found = list(pool.map(decode, files))
    assert [picture.width for picture in found] == [8000, *[5000] * 6] * 3
    assert 25_000_000 < most[0] <= MAX_PIXELS  # two of the smaller ones side by side


def test_a_damaged_picture_gives_its_room_back() -> None:
    for _ in range(3):
        with pytest.raises(ImageProblem):
            decode(_headed(8000, 8000))


MANY = """
import io, resource, sys, threading
from PIL import Image
from practice.eye.image import decode

def now():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6

raw = sys.stdin.buffer.read()
threads = [threading.Thread(target=decode, args=(raw,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, now())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc, and glibc's memory is meant")
def test_many_large_pictures_at_once_take_the_memory_of_one_and_give_it_back() -> None:
    raw = io.BytesIO()
    Image.new("RGBA", (7000, 7000), (9, 9, 9, 9)).save(raw, "PNG", compress_level=1)
    done = subprocess.run(
        [sys.executable, "-c", MANY], input=raw.getvalue(), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    peak, after = map(float, done.stdout.split())
    assert peak < 700  # 49 million pixels of 8 bytes, the interpreter, and the smaller pictures
    assert after < 150


def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    for side in (9_000, 12_000, 60_000):
        assert _code(_url(_headed(side, side))) == "image_too_large"


def test_animated_pictures_are_refused() -> None:
    for form in ("GIF", "WEBP"):
        raw = io.BytesIO()
        frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
        frames[0].save(raw, form, save_all=True, append_images=frames[1:])
        assert _code(_url(raw.getvalue())) == "invalid_image_format"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_image_file"),
        (b"just text\n", "invalid_image_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "invalid_image_format"),
        (_file("BMP"), "invalid_image_format"),
        (_file("TIFF"), "invalid_image_format"),
        (_file(size=(300, 300))[:-40], "image_parse_error"),
        (_file("JPEG", (300, 300))[:-400], "image_parse_error"),
        (bytes(20_000_001), "image_file_too_large"),
    ],
    ids="empty text svg bmp tiff png-cut jpeg-cut bytes".split(),
)
def test_bad_files_are_refused(raw: bytes, code: str) -> None:
    with pytest.raises(ImageProblem) as caught:
        decode(raw)
    assert caught.value.code == code
    if raw:
        assert _code(_url(raw)) == code


def test_the_message_lists_the_formats() -> None:
    with pytest.raises(ImageProblem, match=r"You uploaded an unsupported image.*\['png', 'jpeg'"):
        decode(b"text")


@pytest.mark.parametrize(
    "url",
    ["data:image/png,abc", "data:image/png;base64,a*b=", "data:image/png;base64,abcde", "data:"]
    + ["data:image/png;base64,"],
)
def test_bad_base64(url: str) -> None:
    assert _code(url) == "invalid_base64"


@pytest.mark.parametrize(
    "url", ["", "receipt.png", "file:///etc/passwd", "ftp://x/y.png", "iVBORw0KGgo="]
)
def test_other_addresses(url: str) -> None:
    assert _code(url) == "invalid_image_url"


def test_random_damage_never_raises_anything_else() -> None:
    import random

    dice = random.Random(7)
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = bytearray(_file(form, (90, 70)))
        for _ in range(60):
            broken = bytearray(whole)
            for _ in range(dice.randint(1, 12)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            try:
                assert isinstance(decode(bytes(broken)), Picture)
            except ImageProblem as problem:
                assert problem.message


# By hand, from the guide "Images and vision". A picture with more patches than its budget is scaled
# to the budget's area, then a little more until one side is a whole number of patches.
@pytest.mark.parametrize(
    ("size", "detail", "cost"),
    [
        ((1, 1), "auto", 2),  # one patch: 1.2
        ((640, 480), "auto", 360),  # 20 x 15 = 300 patches
        ((641, 480), "high", 378),  # 21 x 15 = 315
        ((640, 480), "low", 360),  # not cheaper
        ((640, 480), "original", 360),
        ((256, 256), "auto", 77),  # 64 patches: 76.8
        ((1024, 1024), "auto", 1229),  # 1,024 patches: 1,228.8
        ((1600, 1600), "auto", 3000),  # 50 x 50: the whole budget
        ((1601, 1600), "auto", 2940),  # 50.02 x 49.98 of the area, then 49.03 x 49: 50 x 49
        ((2560, 1440), "high", 2765),  # 2,048 x 1,152: 64 x 36 = 2,304 patches: 2,764.8
        ((2048, 2048), "low", 4916),  # 64 x 64 = 4,096 patches, above the 2,500 of `high`
        ((2048, 2048), "original", 4916),
        ((2048, 2048), "high", 3000),  # scaled to 50 x 50
        ((4000, 3000), "low", 3687),  # 2,048 x 1,536: 64 x 48 = 3,072 patches: 3,686.4
        ((1800, 2400), "auto", 2942),  # 43.3 x 57.7 of the area, then 42.7 x 57: 2,451 patches
        ((6400, 6400), "original", 12_000),  # 6,000 x 6,000, then 100 x 100
    ],
)
def test_tokens(size: tuple[int, int], detail: str, cost: int) -> None:
    assert tokens(*size, detail) == cost
    assert tokens(*reversed(size), detail) == cost


@pytest.mark.parametrize(
    ("name", "size", "detail", "cost"),
    [
        ("gpt-6", (4032, 3024), "auto", 14_364),  # 126 x 95 = 11,970 patches: it keeps its size
        ("gpt-6", (2560, 1440), "high", 2931),  # 66 x 37 = 2,442 patches: 2,930.4
        ("gpt-6", (4032, 3024), "low", 231),  # 512 x 384: 16 x 12 = 192 patches: 230.4
        ("gpt-4.1-mini", (1024, 1024), "auto", 1659),  # 1,024 patches: 1,658.88
        ("gpt-4o", (1024, 1024), "high", 765),  # 768 x 768: four tiles
        ("gpt-4o", (512, 512), "high", 255),  # never enlarged: one tile
        ("gpt-4o", (2048, 4096), "high", 1105),  # 1,024 x 2,048, then 768 x 1,536: six tiles
        ("gpt-4o", (4096, 8192), "low", 85),
        ("gpt-4o-mini", (500, 400), "auto", 8500),
        ("gpt-5.1", (1024, 1024), "auto", 630),
    ],
)
def test_tokens_of_other_classes(name: str, size: tuple[int, int], detail: str, cost: int) -> None:
    assert tokens(*size, detail, model_class=name) == cost


def test_every_class_has_a_price_for_every_detail() -> None:
    for name in CLASSES:
        for detail in ("auto", "high", "low", "original"):
            assert tokens(40, 30, detail, name) > 0


def test_more_patches_than_the_api_takes_are_refused() -> None:
    assert tokens(4800, 6400, model_class="gpt-6") == 36_000  # 150 x 200: just as many
    with pytest.raises(ImageProblem, match="30200 patches") as caught:
        tokens(4832, 6400, model_class="gpt-6")
    assert caught.value.code == "image_too_large"
    assert tokens(4832, 6400) <= 3000  # scaled first


def test_no_picture_costs_more_than_the_budget() -> None:
    for width in range(1, 20_000, 331):
        for height in (1, 31, 700, 2048, 9000):
            assert 1 < tokens(width, height, "auto") <= 3000


class _Web(BaseHTTPRequestHandler):
    stop = threading.Event()
    last: Message

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        type(self).last = self.headers
        if path.startswith("/hop"):
            left = int(path[4:])
            self.send_response(302)
            self.send_header("Location", f"/hop{left - 1}" if left else "/ok")
            self.end_headers()
        elif path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", ("http://10.1.2.3/x", "file:///etc/passwd")[int(path[5:])])
            self.end_headers()
        elif path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{path[4:]}/ok")
            self.end_headers()
        elif path == "/ok":
            self._send(
                _file(), "text/plain"
            )  # many servers say something wrong; the content counts
        elif path == "/packed":
            body = gzip.compress(bytes(1000))
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif path == "/html":
            self._send(b"<html></html>", "text/html; charset=utf-8")
        elif path == "/svg":
            self._send(b"<svg></svg>", "image/svg+xml")
        elif path == "/large":
            self._send(b"", "image/png", length=30_000_000)
        elif path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(1_000_000))
            except OSError:
                pass
        elif path in ("/trickle", "/slow-head", "/never"):
            if path == "/trickle":
                self._send(b"", "image/png", length=1000)
            try:
                while not self.stop.wait(0.05):
                    if path != "/never":
                        self.wfile.write(b"H")
                        self.wfile.flush()
            except OSError:
                pass
        else:
            self.send_error(404)

    def _send(self, body: bytes, kind: str, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Web.stop.set()
    server.shutdown()
    server.server_close()


def _refused(url: str, **more: float) -> str:
    with pytest.raises(ImageProblem) as caught:
        fetch.download(url, limit=2_000_000, **more)
    assert caught.value.code == "invalid_image_url"
    words = caught.value.message.split()
    assert words[0] in ("Error", "Timeout")
    assert words[1:3] == ["while", "downloading"]
    return caught.value.message


def test_a_picture_is_downloaded_also_after_three_redirects(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for url in (
        f"{web}/ok",
        f"{web}/ok?a=b c",
        f"{web}/hop2",
        web.replace("127.0.0.1", "localhost") + "/ok",
    ):
        assert load(url).width == 40
    assert "redirects" in _refused(f"{web}/hop3")


def test_one_service_of_this_computer_does_not_lead_to_another(web: str) -> None:
    other = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        assert load(f"http://127.0.0.1:{other.server_port}/ok").width == 40
        assert "not public" in _refused(f"{web}/to/{other.server_port}")
        own = web.rpartition(":")[2]
        assert load(f"{web}/to/{own}").width == 40
    finally:
        other.shutdown()
        other.server_close()


def test_from_outside_nothing_leads_to_this_computer(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is somebody else's, and redirects here."""
    resolve = fetch._resolve

    def outside(url: httpx2.URL, loopback: bool, deadline: float) -> list[str]:
        if url.host == "outside.example":
            return ["127.0.0.1"]
        return resolve(url, loopback, deadline)

    monkeypatch.setattr(fetch, "_resolve", outside)
    port = web.rpartition(":")[2]
    assert load(f"http://outside.example:{port}/ok").width == 40  # the way there works
    assert "not public" in _refused(f"http://outside.example:{port}/to/{port}")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/none", "404"),
        ("/html", "HTML"),
        ("/large", "larger than"),
        ("/endless", "larger than"),
        ("/away0", "not public"),
        ("/away1", "Only http"),
    ],
)
def test_bad_answers_are_told_apart(web: str, path: str, words: str) -> None:
    assert words in _refused(web + path)


def test_a_drawing_from_the_web_is_a_wrong_format(web: str) -> None:
    assert _code(f"{web}/svg") == "invalid_image_format"


@pytest.mark.parametrize("path", ["/never", "/slow-head", "/trickle"])
def test_the_deadline_is_for_everything(web: str, path: str) -> None:
    start = time.monotonic()
    said = _refused(web + path, seconds=0.4)
    assert said.startswith("Timeout while downloading http")
    assert "within 0.4 seconds" in said
    assert time.monotonic() - start < 1.5


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a server with a certificate for "localhost" alone, and that certificate."""
    folder = tmp_path_factory.mktemp("tls")
    openssl = need("openssl", "it makes the certificate of a test server")
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem"
    name = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([openssl, *made.split(), *name], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, folder / "cert.pem"
    server.shutdown()
    server.server_close()
    assert names[0] == "localhost"  # the connection goes to 127.0.0.1, but is for this name


def test_a_certificate_has_to_be_for_the_name_of_the_server(
    secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, certificate = secure
    trust = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(fetch, "_trust", lambda: trust)
    assert load(f"https://localhost:{port}/ok").width == 40
    assert "secure connection failed" in _refused(f"https://127.0.0.1:{port}/ok")


def test_an_unknown_certificate_is_refused(secure: tuple[int, Path]) -> None:
    assert "secure connection failed" in _refused(f"https://localhost:{secure[0]}/ok")


def test_the_secrets_of_a_url_are_not_sent_and_its_name_is(web: str) -> None:
    port = web.rpartition(":")[2]
    assert load(f"http://me:secret@localhost:{port}/ok").width == 40
    assert _Web.last["Host"] == f"localhost:{port}"
    assert "Authorization" not in _Web.last


def test_what_comes_packed_is_not_unpacked(web: str) -> None:
    """A few bytes of gzip may be gigabytes of zeros."""
    assert fetch.download(f"{web}/packed", limit=100) == gzip.compress(bytes(1000))


def test_nobody_listening() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        _refused(f"http://127.0.0.1:{taken.getsockname()[1]}/x.png")


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
    + ["[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::]"],
)
def test_private_addresses_are_refused(host: str) -> None:
    assert "not public" in _refused(f"http://{host}/x.png")


def test_this_computer_only_where_it_is_named(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImageProblem, match="not public"):
        load(f"{web}/ok", allow_loopback=False)
    port = int(web.rpartition(":")[2])
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    assert "not public" in _refused(f"http://evil.example:{port}/ok")


def test_a_look_up_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    start = time.monotonic()
    _refused("http://slow.example/x.png", seconds=0.3)
    assert time.monotonic() - start < 1.5


def test_a_message_shows_no_password_and_is_not_endless() -> None:
    message = _refused("http://me:secret@10.0.0.1/" + "a" * 9999)
    assert "secret" not in message
    assert len(message) < 400


@pytest.mark.parametrize(
    "url", ["http://", "http://[", "http://127.0.0.1:x/", "http://127.0.0.1:1/\r\nX: y"]
)
def test_broken_addresses(url: str) -> None:
    _refused(url)
