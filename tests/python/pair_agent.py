"""A coding agent for `autocoder run --agents 2 --agent command`: it passes its task only after another one began.

    pair_agent.py MCP_CONFIG MEETING

It writes what it sees into the folder MEETING, waits there for a second agent, writes a file, and passes its task.
"""

import asyncio
import json
import os
import pathlib
import sys
import time

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def call(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    return bool(result.isError), json.loads(result.content[0].text)


async def work(config, meeting):
    server = json.loads(pathlib.Path(config).read_text())["mcpServers"]["autocoder"]
    parameters = StdioServerParameters(command=server["command"], args=server["args"], env=server["env"])
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        _, reply = await call(session, "task_get_next")
        task = reply["task"]
        seen = {name: os.environ.get(name) for name in ("PORT", "AUTOCODER_PORT_FIRST", "AUTOCODER_PORT_LAST")}
        seen |= {"dir": os.getcwd(), "feature": task["feature_id"], "files": sorted(os.listdir("."))}
        (meeting / f"{task['name']}.json").write_text(json.dumps(seen))
        end = time.monotonic() + 60
        while len(list(meeting.glob("*.json"))) < 2:
            if time.monotonic() > end:
                sys.exit("nobody came")
            await asyncio.sleep(0.05)
        pathlib.Path(f"{task['name']}.txt").write_text(task["name"])
        failed, reply = await call(session, "task_mark_passing", task_id=task["id"])
        if failed:
            sys.exit(json.dumps(reply))


asyncio.run(work(sys.argv[1], pathlib.Path(sys.argv[2])))
