"""Calls tools of an MCP server over stdio with the client of PyPI's `mcp`, one at a time as its standard input says.

    mcp_calls.py -- autocoder --data-dir D mcp --project P --legacy-tools

Prints the tools that are listed as the first line. Then each line in is `{"tool": …, "arguments": …}`, and each line out
`{"is_error": …, "reply": …}`; what MCP itself refuses has `"refused"` instead.
"""

import asyncio
import json
import sys
from datetime import timedelta

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client


async def answer(session, asked):
    try:
        result = await session.call_tool(
            asked["tool"], asked["arguments"], read_timeout_seconds=timedelta(minutes=10)
        )
    except McpError as error:
        return {"refused": error.error.message}
    said = json.loads(result.content[0].text)
    if result.structuredContent != said:
        raise SystemExit(f"text and structured content differ: {said!r} and {result.structuredContent!r}")
    return {"is_error": bool(result.isError), "reply": said}


async def main():
    program, *arguments = sys.argv[sys.argv.index("--") + 1 :]
    server = StdioServerParameters(command=program, args=arguments)
    async with stdio_client(server, errlog=sys.stderr) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        listed = await session.list_tools()
        print(json.dumps([tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools]), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await answer(session, json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
