"""The tools of tools.py over streamable HTTP, for the bearer of one token; prints its address first."""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tools import answer


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != f"Bearer {sys.argv[2]}":
            return self.reply(401, b"")
        request = json.loads(body)
        if "id" not in request:
            return self.reply(202, b"")
        self.reply(200, json.dumps(answer(request, sys.argv[1], "work")).encode())

    def do_GET(self):
        self.reply(405, b"")

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
