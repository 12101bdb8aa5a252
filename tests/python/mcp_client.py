"""Drives an MCP server over stdio with the client of PyPI's `mcp`, and prints one JSON object a line.

    mcp_client.py -- autocoder --data-dir D mcp --project P --agent a       plays one session: lists, claims, passes
    mcp_client.py --bench 500 -- autocoder … mcp …                          measures the round trip of task_get_next
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from datetime import timedelta

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client


def show(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


def body(result):
    """The structured content, which must be what the text says too."""
    said = json.loads(result.content[0].text)
    if result.structuredContent != said:
        raise SystemExit(f"text and structured content differ: {said!r} and {result.structuredContent!r}")
    return said


async def call(session, tool, **arguments):
    result = await session.call_tool(tool, arguments, read_timeout_seconds=timedelta(minutes=10))
    show("call", tool=tool, arguments=arguments, is_error=bool(result.isError), reply=body(result))
    return body(result)


async def play(session, tasks):
    """Works through at most `tasks` tasks, with what a client meets on the way."""
    listed = await session.list_tools()
    size = len(listed.model_dump_json(by_alias=True, exclude_none=True))
    show("list_tools", names=[tool.name for tool in listed.tools], bytes=size)
    await call(session, "usage_should_continue")
    for _ in range(tasks):
        task = (await call(session, "task_get_next"))["task"]
        if task is None:
            break
        again = (await call(session, "task_get_next"))["task"]
        show("claim_is_kept", same=(again["id"], again["attempt"]) == (task["id"], task["attempt"]))
        await call(session, "task_get", task_id=task["id"])
        await call(session, "feature_get_spec", feature_id=task["feature_id"])
        await call(session, "task_mark_passing", task_id=task["id"])
    await call(session, "phase_get_current")
    await call(session, "task_get", task_id=-1)
    await call(session, "task_get_next", agent="another")
    await refused(session, "no_such_tool")


async def refused(session, tool):
    try:
        await session.call_tool(tool, {})
    except McpError as error:
        show("refused", tool=tool, code=error.error.code, message=error.error.message)


async def bench(session, rounds):
    """Times a whole claim (the task is handed back between two), and the answer to one who holds a task already."""
    claims, repeats = [], []
    for _ in range(rounds):
        reply, took = await timed(session, "task_get_next")
        task = reply["task"]
        if task is None:
            raise SystemExit(f"nothing to claim: {reply}")
        claims.append(took)
        repeats.append((await timed(session, "task_get_next"))[1])
        await session.call_tool("task_release", {"task_id": task["id"], "reason": "measuring"})
    show("bench", tool="task_get_next", claim=figures(claims), repeat=figures(repeats))


async def timed(session, tool):
    begun = time.perf_counter()
    result = await session.call_tool(tool, {})
    took = time.perf_counter() - begun
    return body(result), took * 1000


def figures(times_ms):
    ordered = sorted(times_ms)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {"rounds": len(ordered), "median_ms": round(statistics.median(ordered), 3), "p99_ms": round(p99, 3)}


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=int, metavar="N", help="measure N rounds instead of playing a session")
    parser.add_argument("--tasks", type=int, default=1, metavar="N", help="play at most N tasks")
    parser.add_argument("server", nargs="+", help="the server's program and arguments, behind `--`")
    options = parser.parse_args()
    program, *arguments = options.server
    server = StdioServerParameters(command=program, args=arguments)
    begun = time.perf_counter()
    async with stdio_client(server, errlog=sys.stderr) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        took = round((time.perf_counter() - begun) * 1000, 1)
        show("initialize", server=hello.serverInfo.name, protocol=hello.protocolVersion, took_ms=took)
        if options.bench:
            await bench(session, options.bench)
        else:
            await play(session, options.tasks)
    show("closed")


if __name__ == "__main__":
    asyncio.run(main())
