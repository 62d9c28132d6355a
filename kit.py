#!/usr/bin/env python3
"""The one entry point of First Call: `python3 kit.py --help`. Standard library only."""

import sys

# Kept free of newer syntax down to here and in the whole file, so that an old Python can read
# this sentence instead of reporting a syntax error.
OLDEST = (3, 11)
if sys.version_info < OLDEST:
    try:
        from practice.process.language import gettext as _
    except Exception:  # too old even to read that file: then in English
        _ = str
    sys.exit(
        _(
            "First Call needs Python %d.%d or newer; this is Python %d.%d.\n"
            "Install a newer one from python.org or your system's packages, and start kit.py "
            "with it."
        )
        % (OLDEST + sys.version_info[:2])
    )

import argparse
import contextlib
import os
import platform
import shutil

from practice.process.language import CHINESE, of_the_user
from practice.process.language import gettext as _
from tools.plan import planning
from tools.setup import early_doctor as checks
from tools.setup.jupyter import LAB_OPTIONS, workspaces
from tools.setup.offline import use_pack
from tools.setup.site_environment import site_python
from tools.setup.steps import ROOT, TEST_REQUIREMENTS, Stop, own_environment, run, say, set_up
from tools.setup.trust import sign_once

FIRST_LESSON = "notebooks/00_start_here.ipynb"
FIRST_LESSON_IN_CHINESE = "notebooks/zh-CN/00_start_here.ipynb"
CELL_SECONDS = 180
# Two files at a time, each with a service of its own. Only on two cores, where an engine takes one
# thread: with more, two engines would have a thread for every core, and stand in each other's way.
WORKERS = ["-n", "2", "--dist", "loadfile"] if os.cpu_count() == 2 else []
# The Chinese notebooks are the English programs in other words and take as long again: the plain
# test command runs the first three, `--whole` all of them.
LEFT_OUT = ["--ignore=notebooks/zh-CN/solutions"]
LEFT_OUT += ["--ignore-glob=*/zh-CN/0%d_*.ipynb" % number for number in range(3, 9)]
# Lessons whose facts are also compared with the smallest model.
WITH_SMALL = ["notebooks/02_first_chat.ipynb", "notebooks/06_json_mode.ipynb"]


def main():
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write "·" must not stop us
        stream.reconfigure(errors="replace")
    commands = {"lab": lab, "test": test, "doctor": doctor, "check-key": check_key}
    commands.update({"build": build, "bench": bench, "site": site, "facts": facts})
    commands.update({"plan": plan, "pack": pack, "hub": hub, "gateway": gateway})
    parser = argparse.ArgumentParser(
        description=commands_in_words(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=commands, metavar="command")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...")
    chosen = parser.parse_args()
    try:
        if chosen.command not in ("doctor", "plan"):
            use_pack()
        return commands[chosen.command](chosen.rest)
    except Stop as stop:
        say(str(stop), sys.stderr)
        return 1
    except KeyboardInterrupt:
        say(_("Stopped. The same command goes on where this one ended."), sys.stderr)
        return 130


def commands_in_words():
    """Return what `--help` says."""
    return _(
        """The one entry point of First Call. Standard library only.

python3 kit.py lab      set everything up and open the first lesson in JupyterLab
python3 kit.py test     set everything up and run every test and every notebook
python3 kit.py doctor   say what is in order on this computer, and how to fix what is not
python3 kit.py check-key  ask your provider what your key can do (a few tokens)
python3 kit.py build    write the notebooks anew from lessons/ and run them
python3 kit.py bench    measure speed, memory and start-up
python3 kit.py site     build the lessons into a site that can be read without installing
python3 kit.py facts    say what was not checked for long: models, prices, links
python3 kit.py plan     what a class needs: kit.py plan --learners 300
python3 kit.py pack     everything into a folder, for computers without a network
python3 kit.py hub      a JupyterHub for one room, on Linux: kit.py hub keys.csv
python3 kit.py gateway  a key and a budget for each learner, in front of a provider

Anything after the command goes on to it: `kit.py lab --no-browser --port 9000`,
`kit.py test --facts`, `kit.py test --model small`, `kit.py test --dialect deepseek 02`,
`kit.py test --class`, `kit.py test --live 02`, `kit.py test -- -k settings`, `kit.py build 02`.
"""
    )


def lab(rest):
    """Set up, then open JupyterLab on the first lesson; `rest` goes to JupyterLab."""
    python = set_up()
    copy_settings()
    sign_once(python)
    say(_("opening JupyterLab · to stop it, press Ctrl+C here twice"))
    # As its address and not as a file: then the printed link leads to the lesson too, and the
    # file browser shows the whole project, with the helpers that the lessons point to.
    options = ["--LabApp.default_url=/lab/tree/" + first_lesson(), *LAB_OPTIONS]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container everyone is root
    arranged = os.environ.get("JUPYTERLAB_WORKSPACES_DIR") or str(workspaces())
    with_places = own_environment(JUPYTERLAB_WORKSPACES_DIR=arranged)
    return run([python, "-m", "jupyterlab", *options, *rest], environment=with_places)


def first_lesson():
    """Return the first lesson in the language of the user, where it is there in that language."""
    chinese = of_the_user() == CHINESE and (ROOT / FIRST_LESSON_IN_CHINESE).exists()
    return FIRST_LESSON_IN_CHINESE if chinese else FIRST_LESSON


def test(rest):
    """Set up, run tests/, then run every notebook and compare; non-zero when either fails."""
    facts_only = "--facts" in rest or not (
        sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
    )
    model, dialect = option(rest, "--model"), option(rest, "--dialect")
    of_class, whole = "--class" in rest, "--whole" in rest
    rest = [word for word in rest if word not in ("--facts", "--class", "--whole", "--")]
    python = set_up(TEST_REQUIREMENTS)
    if "--live" in rest:  # lessons at the real provider
        rest.remove("--live")
        return run([python, "-m", "tools.live", *rest], own_environment())
    if dialect:  # lessons at a provider that is played on this computer
        return run([python, "-m", "tools.dialects", dialect, *rest], own_environment())
    if of_class:  # a hub, a gateway, a pack: minutes, and packages of their own
        command = [python, "-m", "pytest", "-m", "classroom", "tests/classroom", *rest]
        return run(command, environment=own_environment())
    if model:  # the outputs are those of another one
        return notebooks(python, ["notebooks"], facts_only=True, model=model)
    if run([python, "-m", "practice", "fetch", "small"], own_environment()) != 0:
        return 1  # the tests of the code run on it
    say(_("tests of the code"))
    code = run([python, "-m", "pytest", *WORKERS, *rest], environment=own_environment())
    if rest:
        return code  # a choice of tests was asked for; the notebooks are no part of it
    which = ["notebooks"] if whole else ["notebooks", *LEFT_OUT]
    compared = notebooks(python, which, facts_only=facts_only)
    small = notebooks(python, WITH_SMALL, facts_only=True, model="small")
    return code or compared or small


def notebooks(python, which, facts_only, model=""):
    """Run notebooks and compare their facts, or every output; with a model of one's choice."""
    with_model = own_environment(PRACTICE_MODEL=model) if model else own_environment()
    if model and run([python, "-m", "practice", "fetch", model], with_model) != 0:
        return 1
    what = _("facts") if facts_only else _("every output, prose included")
    if model:
        say(_("notebooks with the model {model} · comparing {what}").format(model=model, what=what))
    else:
        say(_("notebooks · comparing {what}").format(what=what))
    return run(
        [python, "-m", "pytest", *WORKERS, "--nbval-lax" if facts_only else "--nbval"]
        + ["--nbval-current-env", "-p", "no:cacheprovider"]
        + ["--nbval-cell-timeout=%d" % CELL_SECONDS]
        + ["--nbval-sanitize-with=tests/sanitize.cfg", "--ignore=notebooks/pictures"]
        # Copies for recalling a lesson hold no outputs.
        + ["--ignore=notebooks/recall", "--ignore=notebooks/zh-CN/recall", *which],
        environment=with_model,
    )


def option(rest, name):
    """Take `name VALUE` out of the words of a command; return the value, or ""."""
    if name not in rest:
        return ""
    at = rest.index(name)
    if at + 1 == len(rest):
        said = _("{name} wants a value, as in: kit.py test {name} small")
        raise Stop(said.format(name=name))
    value = rest[at + 1]
    del rest[at : at + 2]
    return value


def doctor(rest):
    """Say what is in order and how to fix what is not, without changing anything."""
    return checks.main(rest)


def check_key(rest):
    """Ask the provider what the key in .env can do."""
    return run([set_up(), "-m", "doctor.key_check", *rest], own_environment())


def build(rest):
    """Write and run the notebooks anew."""
    return run([set_up(TEST_REQUIREMENTS), "-m", "tools.notebooks", *rest], own_environment())


def bench(rest):
    """Measure."""
    return run([set_up(TEST_REQUIREMENTS), "-m", "tools.bench", *rest], own_environment())


def facts(rest):
    """Say which facts about the outside world are old."""
    return run([set_up(TEST_REQUIREMENTS), "-m", "tools.facts", *rest], own_environment())


def site(rest):
    """Build the site, with packages that only it needs, in an environment of its own."""
    return run([site_python(), "-m", "tools.site", *rest], environment=own_environment())


def plan(rest):
    """Reckon what a class needs. Nothing has to be installed for it."""
    return planning.main(rest)


def pack(rest):
    """Gather the kit, its packages and its model in a folder."""
    return run([set_up(), "-m", "tools.pack", *rest], environment=own_environment())


def hub(rest):
    """Start a JupyterHub for one room, with packages of its own."""
    return run([set_up(), "-m", "tools.hub", *rest], environment=own_environment())


def gateway(rest):
    """Start the gateway of a class with own money, with packages of its own."""
    return run([set_up(), "-m", "tools.gateway", *rest], environment=own_environment())


def copy_settings():
    """Make .env from .env.example where there is none; never touch one that exists."""
    settings = ROOT / ".env"
    if not os.path.lexists(settings):
        with contextlib.suppress(OSError):  # a read-only folder works without one
            shutil.copyfile(ROOT / ".env.example", settings)
            settings.chmod(0o600)  # a key will stand in it
            say(_("made .env, where your key can go later"))


if __name__ == "__main__":
    sys.exit(main())
