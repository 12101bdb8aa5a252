"""Plays one session over streamable HTTP with the client of PyPI's `mcp`, and prints one JSON object a line.

    mcp_http_client.py --tasks 10 http://127.0.0.1:7777/mcp TOKEN
"""

import argparse
import asyncio

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

from mcp_client import play, show


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=1)
    parser.add_argument("url")
    parser.add_argument("token")
    given = parser.parse_args()
    bearer = {"Authorization": f"Bearer {given.token}"}
    async with streamablehttp_client(given.url, headers=bearer) as (read, write, session_id):
        async with ClientSession(read, write) as session:
            opened = await session.initialize()
            show("initialize", version=opened.protocolVersion, server=opened.serverInfo.name)
            show("session", has_id=session_id() is not None)
            await play(session, given.tasks)


if __name__ == "__main__":
    asyncio.run(main())
