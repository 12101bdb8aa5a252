// Attacks a server from foreign pages in Chromium, and opens its own pages: browser.mjs SERVER LOGIN_URL; prints JSON lines.
import http from "node:http";
import { chromium } from "playwright-core";

const [server, login] = process.argv.slice(2);
const port = new URL(server).port;
const shots = process.env.AUTOCODER_SHOTS;
const say = (line) => console.log(JSON.stringify(line));

// A server with no defence takes the same attacks, so that an attack which was never sent cannot pass for a refused one.
const taken = new Set();
const listen = (answer) =>
  new Promise((done) => {
    const server = http.createServer(answer).listen(0, "127.0.0.1", () => done(server));
  });
const naive = await listen((request, response) => {
  taken.add(`${request.method} ${(request.headers["content-type"] ?? "").split(";")[0]} ${new URL(request.url, "http://x").pathname}`);
  response.end("secret");
});
const evil = await listen((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><p>evil"));

// Runs in the page. What an attack could read is in `read`.
async function attack({ target, same }) {
  const body = JSON.stringify({ name: "evil", title: "evil", access: "admin" });
  const json = { "Content-Type": "application/json" };
  const tried = [];
  const tryIt = async (name, act) => {
    let read;
    try {
      read = await Promise.race([act(), new Promise((done) => setTimeout(done, 3000, null))]);
    } catch {
      read = null;
    }
    tried.push({ name, read: read ?? null });
  };
  const call = async (path, options) => {
    const response = await fetch(target + path, options);
    return response.type === "opaque" ? null : { status: response.status, text: (await response.text()).slice(0, 200) };
  };
  const element = (tag, set) =>
    new Promise((done) => {
      const made = Object.assign(document.createElement(tag), set);
      made.onload = () => done(tag === "iframe" ? null : { status: 200, text: `${tag} loaded` });
      made.onerror = () => done(null);
      document.body.append(made);
    });
  await tryIt("get", () => call("/api/projects"));
  await tryIt("json", () => call("/api/tokens", { method: "POST", headers: json, body }));
  await tryIt("mcp", () => call("/mcp", { method: "POST", headers: json, body }));
  await tryIt("patch", () => call("/api/projects/p", { method: "PATCH", headers: json, body }));
  await tryIt("delete", () => call("/api/projects/p", { method: "DELETE" }));
  await tryIt("text", () => call("/api/tokens", { method: "POST", body }));
  await tryIt("no-cors", () => call("/api/tokens", { method: "POST", mode: "no-cors", body }));
  await tryIt("credentials", () => call("/api/projects", { credentials: "include" }));
  await tryIt("beacon", async () => void navigator.sendBeacon(`${target}/api/tokens`, new Blob([body], { type: "text/plain" })));
  const streams = { events: () => new EventSource(`${target}/api/events`), socket: () => new WebSocket(`${target.replace("http", "ws")}/api/events`) };
  for (const [name, open] of Object.entries(streams)) {
    await tryIt(name, () => new Promise((done) => {
      const stream = open();
      stream.onopen = () => done({ status: 200, text: `${name} opened` });
      stream.onerror = () => { stream.close(); done(null); };
    }));
  }
  if (same) return { tried, stored: localStorage.length };
  await tryIt("image", () => element("img", { src: `${target}/api/projects` }));
  await tryIt("script", () => element("script", { src: `${target}/api/projects` }));
  for (const enctype of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
    const frame = Object.assign(document.createElement("iframe"), { name: enctype });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${target}/api/tokens`, enctype, target: enctype });
    form.append(Object.assign(document.createElement("input"), { name: '{"name":"evil","access":"admin","x":"', value: '"}' }));
    document.body.append(form);
    await tryIt(`form ${enctype}`, () => new Promise((done) => {
      frame.onload = () => done(null);
      form.submit();
    }));
  }
  await tryIt("frame", () => element("iframe", { src: `${target}/`, name: "framed" }));
  await tryIt("frame's storage", async () => {
    const stored = document.querySelector("[name=framed]").contentWindow.localStorage.length;
    return { status: 200, text: `storage of ${stored}` };
  });
  return { tried };
}

async function attacks(context, who) {
  const evilPort = evil.address().port;
  const foreign = [`http://localhost:${evilPort}`, `http://127.0.0.1:${evilPort}`, `http://evil2.example:${evilPort}`];
  const runs = foreign.map((from) => [from, server]);
  runs.push([`http://evil2.example:${evilPort}`, `http://localhost:${port}`], [`http://evil.example:${port}`, `http://evil.example:${port}`]);
  if (who === "stranger") runs.push([foreign[2], `http://127.0.0.1:${naive.address().port}`]);
  await Promise.all(runs.map(async ([from, target]) => {
    const page = await context.newPage();
    const answers = [];
    page.on("response", (response) => {
      const { pathname, origin } = new URL(response.url());
      if (origin === target && (pathname.startsWith("/api") || pathname === "/mcp")) answers.push(response.status());
    });
    await page.goto(`${from}/`);
    const result = await page.evaluate(attack, { target, same: from === target });
    const framed = page.frame({ name: "framed" });
    const text = framed ? await framed.evaluate(() => document.body?.innerText ?? "").catch(() => "") : "";
    const naively = target.endsWith(`:${naive.address().port}`);
    say({ case: naively ? "control" : "attack", who, from, target, ...result, answers, framed: text.includes("Autocoder") });
    await page.close();
  }));
}

async function ownPages(context) {
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(server) && !/^(data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`);
  });
  await page.goto(login);
  await page.waitForFunction(() => localStorage.getItem("autocoder-token") !== null);
  await page.waitForFunction(() => !location.hash);
  const hash = new URL(page.url()).hash;
  const token = true;
  if (shots) await page.screenshot({ path: `${shots}/home.png` });
  await page.goto(`${server}/api/docs/`);
  await page.waitForSelector(".opblock", { timeout: 20000 });
  if (shots) await page.screenshot({ path: `${shots}/docs.png` });
  say({ case: "own", hash, token, wrong });
  await page.close();
}

async function secondUse(browser) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(login);
  await page.waitForFunction(() => document.body.innerText.includes("autocoder open"));
  say({ case: "again", token: await page.evaluate(() => (localStorage.getItem("autocoder-token") === null ? 0 : 1)) });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server",
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP evil2.example 127.0.0.1"],
});
try {
  const known = await browser.newContext();
  await ownPages(known);
  await secondUse(browser);
  await attacks(await browser.newContext(), "stranger");
  await attacks(known, "logged in");
  say({ case: "taken", by_naive: [...taken] });
} finally {
  await browser.close();
  for (const each of [naive, evil]) { each.closeAllConnections(); each.close(); }
}
