"""What the hub of a class does beyond JupyterHub's own settings: keys, accounts, handout.

Each learner is a user of this computer's system, so that the system itself keeps them apart: homes
have mode 0700, and nobody reads the environment of another user's processes.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jupyterhub.auth import Authenticator

from practice.roster.keys_file import Learner
from practice.roster.roster import Roster

PREFIX = "first-call-"


@dataclass(frozen=True)
class Room:
    """Where the class is: its keys, its service, and the folder of the hub's state."""

    roster: Roster
    base_url: str
    port: int
    state: Path
    handout: str
    kernels: str

    def before_start(self, spawner) -> None:
        """Make the learner's account, and put their key into their server's environment alone."""
        learner = holder(self.roster, spawner.user.name)
        if learner is None or self.roster.is_over(learner):
            raise PermissionError("This key has ended. Ask your teacher.")
        make_account(spawner.user.name)
        spawner.environment = {
            "OPENAI_API_KEY": learner.key,
            "OPENAI_BASE_URL": self.base_url,
            "FIRST_CALL_HANDOUT": self.handout,
            "FIRST_CALL_HUB_PYTHON": os.environ["FIRST_CALL_HUB_PYTHON"],
            "FIRST_CALL_ROOT": os.environ["FIRST_CALL_ROOT"],
            "FIRST_CALL_SERVICE_PORT": os.environ["FIRST_CALL_SERVICE_PORT"],
            "PRACTICE_MODEL": os.environ["FIRST_CALL_MODEL"],
            "JUPYTER_PATH": self.kernels,
        }


class KeyAuthenticator(Authenticator):
    """Lets in whoever sends a key of the class as the password."""

    async def authenticate(self, handler, data):
        """Return the account of the key, or None."""
        roster = room_from_environment().roster
        learner = roster.find(data["password"].strip())
        if learner is None or roster.is_over(learner):
            return None
        return {"name": account(learner), "admin": learner.is_teacher}


_ROOMS: dict[str, Room] = {}


def room_from_environment() -> Room:
    """Return the room that tools/hub has described in the environment."""
    keys = os.environ["FIRST_CALL_KEYS"]
    if keys not in _ROOMS:
        _ROOMS[keys] = Room(
            Roster(Path(keys)),
            os.environ["FIRST_CALL_BASE_URL"],
            int(os.environ["FIRST_CALL_HUB_PORT"]),
            Path(os.environ["FIRST_CALL_HUB_STATE"]),
            os.environ["FIRST_CALL_HANDOUT"],
            os.environ["FIRST_CALL_KERNELS"],
        )
    return _ROOMS[keys]


def account(learner: Learner) -> str:
    """Return the name of a learner's account: the same key, the same account."""
    return PREFIX + learner.mark[:12]


def holder(roster: Roster, name: str) -> Learner | None:
    """Return whose account it is, or None."""
    return next((one for one in roster.everybody if account(one) == name), None)


def make_account(name: str) -> None:
    """Make a user of the system with a home of their own, unless there is one."""
    try:
        home = Path(pwd.getpwnam(name).pw_dir)
    except KeyError:
        command = ["useradd", "--create-home", "--shell", "/usr/sbin/nologin", name]
        subprocess.run(command, check=True)
        home = Path(pwd.getpwnam(name).pw_dir)
    home.chmod(0o700)
