"""An agent that misbehaves in one way, for `autocoder run --agent command`.

    faulty_agent.py MCP_CONFIG FAULT [ARGUMENT]

What it finds out is printed as `SAID {"what": …}`, so it stands in the log of its run.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time


def say(what, value):
    print("SAID " + json.dumps({what: value}), flush=True)


class Tools:
    def __init__(self, config):
        server = json.loads(pathlib.Path(config).read_text())["mcpServers"]["autocoder"]
        self.socket = server["args"][-1]
        self.server = subprocess.Popen(
            [server["command"], *server["args"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.asked = 0
        client = {"name": "faulty", "version": "1"}
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message):
        self.server.stdin.write(json.dumps(message) + "\n")
        self.server.stdin.flush()

    def ask(self, method, params):
        self.asked += 1
        self.send({"jsonrpc": "2.0", "id": self.asked, "method": method, "params": params})
        while line := self.server.stdout.readline():
            message = json.loads(line)
            if message.get("id") == self.asked:
                return message["result"]
        sys.exit("the tools went away")

    def call(self, tool, **arguments):
        return self.ask("tools/call", {"name": tool, "arguments": arguments})["structuredContent"]


def deaf(tools, _):
    """Ignores what ends others."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    say("pid", os.getpid())
    while True:
        time.sleep(1)


def detach(tools, mark):
    """Forks twice into a session of its own, without the environment that marks it."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve("/bin/sleep", ["sleep", mark], {})
        os._exit(0)
    os.wait()
    say("detached", mark)
    time.sleep(600)


def outlive(tools, answer):
    """Leaves somebody behind who tries the tools when the run is over."""
    tools.call("task_release", task_id=tools.call("task_get_next")["task"]["id"], reason="enough")
    script = (
        "import socket, sys, time\n"
        "for _ in range(100):\n"
        "    time.sleep(0.1)\n"
        "    try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
        "    except OSError as error: open(sys.argv[2], 'w').write(type(error).__name__); break\n"
    )
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            devnull = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(devnull, stream)
            os.execve(sys.executable, [sys.executable, "-c", script, tools.socket, answer], {})
        os._exit(0)
    os.wait()


def raze(tools, _):
    """Deletes the folder it works in and passes its task."""
    task = tools.call("task_get_next")["task"]
    shutil.rmtree(os.getcwd())
    say("passing", tools.call("task_mark_passing", task_id=task["id"]))


def rewire(tools, mark):
    """Writes into the repository's configuration what git would run, and passes its task."""
    task = tools.call("task_get_next")["task"]
    git_dir = pathlib.Path(pathlib.Path(".git").read_text().split(": ", 1)[1].strip())
    common = git_dir.parent.parent
    script = f"touch {mark}"
    text = (
        f'\n[core]\n\tfsmonitor = {script}\n\tpager = {script}\n\teditor = {script}\n\tsshCommand = {script}\n'
        f'[filter "x"]\n\tclean = {script}\n\tsmudge = {script}\n[diff]\n\texternal = {script}\n[gpg]\n\tprogram = {script}\n'
        "[commit]\n\tgpgSign = true\n"
    )
    try:
        with (common / "config").open("a") as file:
            file.write(text)
        hook = common / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{script}\n")
        hook.chmod(0o755)
        say("wrote", True)
    except OSError as error:
        say("wrote", type(error).__name__)
    pathlib.Path(".gitattributes").write_text("* filter=x\n")
    pathlib.Path("work.txt").write_text("done\n")
    say("passing", tools.call("task_mark_passing", task_id=task["id"]))


def steal(tools, other):
    """Passes a task that is not its own, and its own after it gave it back."""
    own = tools.call("task_get_next")["task"]["id"]
    say("other", tools.call("task_mark_passing", task_id=int(other)))
    tools.call("task_release", task_id=own, reason="enough")
    say("released", tools.call("task_mark_passing", task_id=own))
    say("database", database(tools))


def database(tools):
    """Looks for the database of the plan, beside the folders of the runs."""
    folder = pathlib.Path(sys.argv[1])
    found = [str(parent) for parent in folder.parents if (parent / "autocoder.db").exists()]
    return found[:1]


fault, argument = sys.argv[2], (sys.argv[3:] or [""])[0]
{each.__name__: each for each in (deaf, detach, outlive, raze, rewire, steal)}[fault](Tools(sys.argv[1]), argument)
