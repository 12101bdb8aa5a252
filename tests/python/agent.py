"""A small coding agent for `autocoder run --agent command`: it works on the one task it was started for.

    agent.py MCP_CONFIG [--break-first] [--die] [--write FILE]

It reads the server from the configuration that `{mcp_config}` stands for, claims, writes a file, and passes its task.
"""

import argparse
import asyncio
import json
import pathlib
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def call(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    return bool(result.isError), json.loads(result.content[0].text)


async def work(options):
    server = json.loads(pathlib.Path(options.config).read_text())["mcpServers"]["autocoder"]
    parameters = StdioServerParameters(command=server["command"], args=server["args"], env=server["env"])
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        _, reply = await call(session, "task_get_next")
        task = reply["task"]
        message = {"message_id": f"m{task['id']}-{task['attempt']}", "model": "test-model", "input_tokens": 10, "output_tokens": 5}
        print("AUTOCODER_USAGE " + json.dumps(message), flush=True)
        if options.die:
            sys.exit(7)
        broken, right = "broken\n", f"{task['name']}\n"
        pathlib.Path(options.write).write_text(broken if options.break_first else right)
        failed, reply = await call(session, "task_mark_passing", task_id=task["id"])
        if failed and reply["code"] == "verification_failed":
            print("verification said: " + reply["message"].splitlines()[0], flush=True)
            pathlib.Path(options.write).write_text(right)
            failed, reply = await call(session, "task_mark_passing", task_id=task["id"])
        if failed:
            sys.exit(json.dumps(reply))


parser = argparse.ArgumentParser()
parser.add_argument("config")
parser.add_argument("--break-first", action="store_true")
parser.add_argument("--die", action="store_true")
parser.add_argument("--write", default="work.txt")
asyncio.run(work(parser.parse_args()))
