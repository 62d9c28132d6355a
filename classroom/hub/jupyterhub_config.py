"""JupyterHub for one room: the settings. `kit.py hub keys.csv` starts it.

What is not a setting stands in workshop.py. The words in capitals come from tools/hub.
"""

import json
import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), os.environ["FIRST_CALL_ROOT"]]

import workshop  # noqa: E402

c = get_config()  # noqa: F821 (JupyterHub gives it)
room = workshop.room_from_environment()

# --- the hub -------------------------------------------------------------------------------------
c.JupyterHub.bind_url = f"http://{os.environ['FIRST_CALL_HUB_HOST']}:{room.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{room.port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{room.port + 2}"
c.ConfigurableHTTPProxy.command = os.environ["FIRST_CALL_HUB_PROXY"]
c.JupyterHub.db_url = f"sqlite:///{room.state}/hub.sqlite3"
c.JupyterHub.cookie_secret_file = f"{room.state}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{room.state}/proxy.pid"
# A hub that is started anew in the lesson finds the learners' servers where they were.
c.JupyterHub.cleanup_servers = False

# --- who comes in --------------------------------------------------------------------------------
# The password is the learner's key; the name may be any. Their account follows from the key alone.
c.JupyterHub.authenticator_class = workshop.KeyAuthenticator
c.Authenticator.allow_all = True  # whoever has a key
c.JupyterHub.template_vars = {"announcement_login": "Any name; the password is your key."}

# --- what each gets ------------------------------------------------------------------------------
if Path("/run/systemd/system").exists():  # real limits, which the system keeps
    c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1.0
c.Spawner.args = json.loads(os.environ["FIRST_CALL_LAB_OPTIONS"])  # no questions about news
c.Spawner.cmd = [str(Path(__file__).parent / "server.sh")]
c.Spawner.notebook_dir = "~/first-call"
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.pre_spawn_hook = room.before_start
# Nothing of the hub's own environment goes to a learner.
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]

# 12 at once with JupyterHub's own numbers: 6 of them failed. With these, none did.
c.Spawner.http_timeout = 300
c.Spawner.start_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 64

# --- what runs beside it -------------------------------------------------------------------------
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            "--timeout=7200",
            "--cull-every=300",
        ],
    },
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
