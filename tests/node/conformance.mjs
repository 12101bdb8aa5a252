// Runs the scenarios of the official MCP conformance suite that fit a server of tools, against one URL with a bearer.
//
//     node conformance.mjs http://127.0.0.1:7777/mcp TOKEN
//
// The suite cannot send a token, so a proxy on a port of its own adds it. Names of the proxy become the server's; all
// other names stay, or the suite could not try foreign ones. Prints one JSON object a scenario; fails if one fails.

import { spawn } from "node:child_process";
import http from "node:http";
import { createRequire } from "node:module";

const SCENARIOS = ["server-initialize", "ping", "tools-list", "server-sse-multiple-streams", "dns-rebinding-protection"];

const [url, token] = process.argv.slice(2);
const server = new URL(url);
const program = createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/dist/index.js");

const proxy = http.createServer((request, response) => {
  const own = `localhost:${proxy.address().port}`;
  const named = (value) => value?.replace(own, server.host);
  const headers = { ...request.headers, authorization: `Bearer ${token}`, host: named(request.headers.host) };
  if (headers.origin) headers.origin = named(headers.origin);
  const { hostname, port } = server;
  const passed = http.request({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  response.on("close", () => passed.destroy());
  request.pipe(passed);
});

function run(scenario) {
  const address = `http://localhost:${proxy.address().port}${server.pathname}`;
  return new Promise((done) => {
    const suite = spawn(process.execPath, [program, "server", "--url", address, "--scenario", scenario]);
    let said = "";
    suite.stdout.on("data", (data) => (said += data));
    suite.stderr.on("data", (data) => (said += data));
    suite.on("close", (code) => done({ scenario, passed: code === 0, said: code === 0 ? undefined : said }));
  });
}

proxy.listen(0, "localhost", async () => {
  let failed = 0;
  for (const scenario of SCENARIOS) {
    const result = await run(scenario);
    failed += result.passed ? 0 : 1;
    console.log(JSON.stringify(result));
  }
  process.exit(failed === 0 ? 0 : 1);
});
