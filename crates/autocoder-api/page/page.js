// Logs the browser in with the code of `autocoder open`, then lists the projects.
const KEY = "autocoder-token";
const state = document.getElementById("state");
const list = document.getElementById("projects");

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  const token = localStorage.getItem(KEY);
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(`/api${path}`, { ...options, headers });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail), { status: response.status });
  return body;
}

async function logIn() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  const body = JSON.stringify({ code });
  localStorage.removeItem(KEY);
  const login = await ask("/auth/exchange", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  localStorage.setItem(KEY, login.token);
}

try {
  await logIn();
  const { items } = await ask("/projects");
  state.textContent = items.length ? "Logged in. Projects:" : "Logged in. There is no project yet: autocoder init";
  for (const project of items) {
    const item = document.createElement("li");
    item.textContent = `${project.title}: ${project.tasks_completed} of ${project.task_count} tasks, ${project.status}`;
    list.append(item);
  }
} catch (error) {
  if (error.status === 401) localStorage.removeItem(KEY);
  state.textContent = `${error.message}. Run "autocoder open" to log this browser in.`;
}
