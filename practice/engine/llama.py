"""The model engine: llama.cpp through xllamacpp, as an asynchronous stream of chunks.

The engine works in threads of its own and hands over each chunk through a callback. A callback
that returns True stops the generation; that is how a reply nobody waits for any more ends.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import secrets
import threading
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import xllamacpp

SLOTS = 4
"""Replies written side by side; a further one waits. Memory with 4: `kit.py bench start`."""

CONTEXT = 2048
"""Tokens of prompt and reply together, for each slot."""

PIECE = 128
"""Tokens of a prompt that are read at a time. 512, the engine's own, take 30 MB more."""

WAITING = 64
"""Requests that may be under way at once, waiting ones included."""

MOST_METADATA = 64 * 2**20
"""Bytes at the head of a model's file in which its template is looked for."""

_TEMPLATE = b"tokenizer.chat_template"
_END: dict[str, Any] = {}


class EngineError(Exception):
    """The engine refused or failed. `detail` is what it said; `status` what it would answer."""

    def __init__(self, detail: dict[str, Any]) -> None:
        super().__init__(str(detail.get("message", "the engine failed")))
        self.detail = detail
        self.status = int(detail.get("code", 500) or 500)


def threads() -> int:
    """Threads for the engine: every core but one, and at least one.

    With a thread on every core, llama.cpp falls from 87 to 0.3 tokens/s as soon as another
    process wants a core, because its workers spin (2 cores, November 2026). One thread fewer
    keeps 60 to 87; `kit.py bench load` measures it again.
    """
    return max(1, (os.cpu_count() or 2) - 1)


def knows_tools(model: Path) -> bool:
    """Return whether the chat template of a GGUF file, or of none, mentions tools."""
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        # A key, the number of a type, a length, and the text (the format's metadata).
        place = content.find(_TEMPLATE, 0, MOST_METADATA)
        if place < 0:
            return False
        begin = place + len(_TEMPLATE) + 12
        length = int.from_bytes(content[begin - 8 : begin], "little")
        return b"tools" in content[begin : begin + min(length, MOST_METADATA)]


class Engine:
    """A model in memory that answers chat requests.

    `model` is a GGUF file, `mmproj` its vision projector if it has one, `context` the tokens a
    slot holds, `workers` the threads to use. `decides_tools` says that the model itself writes the
    calls of tools: it has learnt how. Raises ValueError or RuntimeError when the file
    cannot be loaded.
    """

    def __init__(
        self,
        model: Path,
        *,
        slots: int = SLOTS,
        context: int = CONTEXT,
        workers: int | None = None,
        mmproj: Path | None = None,
    ) -> None:
        self.slots, self.context = slots, context
        self.decides_tools = knows_tools(model)
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        if mmproj is not None:
            params.mmproj.path = str(mmproj)
        params.n_ctx = context * slots
        params.n_parallel = slots
        # Each slot keeps its last conversation. Left alone, the engine keeps those before it, too,
        # up to 8 GB of them: 8 MB for 430 tokens (November 2026).
        params.cache_ram_mib = 0
        count = workers or threads()
        params.cpuparams.n_threads = count
        params.cpuparams_batch.n_threads = count
        # A prompt is read in pieces of so many tokens: smaller ones take less memory.
        params.n_ubatch = PIECE
        # Read, not mapped: some weights are packed anew for this processor, and both would stay.
        params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
        params.use_jinja = True
        params.verbosity = -1
        # The engine opens a port of its own. Nobody has its key, so nobody can use it; it has no
        # page, and tells web pages of other places nothing.
        params.hostnames = ["127.0.0.1"]
        params.api_keys = [secrets.token_urlsafe(32)]
        params.ui, params.cors_origins, params.cors_origins_explicit = False, "", True
        params.timeout_read = params.timeout_write = 10
        # Without this reference the garbage collector stops the engine.
        self._server: Any = xllamacpp.Server(params)
        self._pool = ThreadPoolExecutor(max_workers=WAITING, thread_name_prefix="engine")

    async def stream(self, request: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """Yield the engine's chunks for a chat request; closing the iterator stops the engine.

        Raises EngineError when the engine refuses the request or fails.
        """
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        stopped = threading.Event()

        def hand_over(chunk: Any) -> bool:
            if not stopped.is_set():
                for one in chunk if isinstance(chunk, list) else [chunk]:
                    loop.call_soon_threadsafe(chunks.put_nowait, one)
            return stopped.is_set()

        def run() -> None:
            if stopped.is_set():
                return  # left while it waited for a thread
            try:
                result = self._server.handle_chat_completions(
                    {**request, "stream": True}, hand_over
                )
                if isinstance(result, dict) and "error" in result:
                    hand_over(result)
            except Exception as error:  # the binding raises ValueError and RuntimeError
                hand_over({"error": {"code": 500, "message": str(error)}})
            finally:
                hand_over(_END)

        self._pool.submit(run)
        try:
            while (chunk := await chunks.get()) is not _END:
                if "error" in chunk:
                    raise EngineError(chunk["error"])
                yield chunk
        finally:
            stopped.set()

    def close(self) -> None:
        """Free the model. Call it when no reply is under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._server = None
