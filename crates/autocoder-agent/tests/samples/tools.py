"""A stand-in for `autocoder mcp`: a few tools over stdio, and a log of what was called."""
import json
import sys


def call(name, mode):
    if name == "task_get_next":
        if mode == "empty":
            return {"task": None, "reason": "project_complete", "advice": "stop"}
        return {"task": {"id": 42, "name": "Add a form", "estimated_complexity": 2, "attempt": 1}, "reason": None}
    if name == "usage_should_continue":
        return {"action": "stop" if mode == "stop" else "continue"}
    return {"ok": True}


def answer(request, log_path, mode):
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "initialize":
        version = request["params"]["protocolVersion"]
        info = {"name": "tools", "version": "1"}
        reply["result"] = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    elif request["method"] == "tools/list":
        names = ["task_get_next", "usage_should_continue", "task_mark_passing", "task_release"]
        schema = {"type": "object", "properties": {}}
        reply["result"] = {"tools": [{"name": name, "description": name, "inputSchema": schema} for name in names]}
    elif request["method"] == "tools/call":
        name = request["params"]["name"]
        with open(log_path, "a") as log:
            log.write(name + " " + json.dumps(request["params"].get("arguments", {})) + "\n")
        if mode == "die":
            sys.exit(1)
        refused = mode == "refuse" and name == "task_mark_passing"
        text = "npm test failed" if refused else json.dumps(call(name, mode))
        reply["result"] = {"content": [{"type": "text", "text": text}], "isError": refused}
    else:
        reply["error"] = {"code": -32601, "message": "unknown method"}
    return reply


if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        if "id" in request:
            print(json.dumps(answer(request, sys.argv[1], sys.argv[2])), flush=True)
