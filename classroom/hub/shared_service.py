"""Run as a learner, before their server: practice mode is the class's service, not their own.

Some cells ask practice mode although a key is set. Without this, each learner's account would start
a model of its own: thirty engines where one is enough. The file is the learner's alone.
"""

import json
import os
import time

from practice import __version__
from practice.process import state
from practice.process.files import write_whole

port = int(os.environ["FIRST_CALL_SERVICE_PORT"])
health = state.health(port)
if health is not None:
    state.make_home()
    service = {
        "pid": health["pid"],
        "port": port,
        "key": os.environ["OPENAI_API_KEY"],
        "model": os.environ["PRACTICE_MODEL"],
        "started": int(time.time()),
        "version": __version__,
    }
    write_whole(state.path(), json.dumps(service))
