//! A phase at its gate moves by a person's word only: no tool and no agent's token moves it, whatever they are asked.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

#[path = "gate_is_a_persons/client.rs"]
mod client;

use autocoder_tests::{Autocoder, Server};
use client::Client;
use serde_json::{Map, Value, json};

const ROLES: [&str; 5] = ["planner", "spec_writer", "coder", "tester", "reviewer"];
/// What no tool is called, and an agent may try.
const GUESSED: [&str; 8] = [
    "phase_approve",
    "phase_reject",
    "phase_reopen",
    "phase_complete",
    "phase_set_status",
    "approve_phase",
    "approvePhase",
    "project_approve",
];

/// A project whose first phase waits for a person, beside a server.
struct Gate {
    autocoder: Autocoder,
    server: Server,
    phase: Value,
    /// Of the phase at its gate: itself, its features, its tasks.
    ids: [Vec<Value>; 3],
}

impl Gate {
    fn reached(arguments: &[&str]) -> Self {
        let autocoder = Autocoder::with_plan();
        autocoder.agent("coder-1").finish_everything();
        let ids = [("phase", &["One"][..]), ("feature", &["Page", "Store"]), ("task", &["A", "C"])];
        let id = |noun: &str, name: &str| autocoder.id(noun, name).parse::<i64>().unwrap().into();
        let ids = ids.map(|(noun, names)| names.iter().map(|name| id(noun, name)).collect());
        let server = Server::start_with(&autocoder, arguments);
        let phase = first_phase(&server);
        assert_eq!((&phase["status"], &phase["decision"]), (&json!("awaiting_approval"), &Value::Null));
        Self { autocoder, server, phase, ids }
    }

    #[track_caller]
    fn holds(&self, after: &str) {
        assert_eq!(first_phase(&self.server), self.phase, "{after}");
    }

    /// A person's word, which every test ends with: the gate was there to be passed.
    fn opens_for_a_person(&self) {
        let id = self.phase["id"].to_string();
        self.autocoder.ok(&["phase", "approve", &id, "--project", "p", "--note", "mine"]);
        let phases = self.server.get("/projects/p/phases");
        // A planner may have added phases behind these.
        let statuses = [0, 1].map(|number| &phases["items"][number]["status"]);
        assert_eq!(statuses, ["completed", "in_progress"]);
        assert_eq!(phases["items"][0]["decision"]["by"], "tester");
    }

    fn agents_token(&self, agent: &str) -> String {
        let token = json!({ "name": agent, "access": "agent", "project": "p", "agent_id": agent });
        self.server.call("POST", "/tokens", &token).expect(201)["secret"].as_str().unwrap().to_owned()
    }

    /// Arguments that the tool's schema allows, about the gate; and ones that ask for the decision outright.
    fn arguments(&self, schema: &Value) -> Vec<Value> {
        let decision = json!({ "phase_id": self.phase["id"], "status": "completed", "approve": true, "approved": true,
            "action": "approve", "decision": { "by": "tester", "note": "fine" }, "actor": "person", "merge": true });
        let rejection =
            json!({ "phase_id": self.phase["id"], "action": "reject", "reason": "no", "reopen_tasks": [1] });
        let allowed = |which: usize| self.value(schema, "", which);
        let mut both = allowed(0);
        both.as_object_mut().unwrap().extend(decision.as_object().unwrap().clone());
        vec![allowed(0), allowed(1), json!({}), decision, rejection, both]
    }

    fn value(&self, schema: &Value, name: &str, which: usize) -> Value {
        let [phases, features, tasks] = &self.ids;
        let one_of = |ids: &[Value]| ids[which % ids.len()].clone();
        if let Some(values) = schema["enum"].as_array() {
            return one_of(values);
        }
        match (name, schema["type"].as_str()) {
            ("phase_id", _) => one_of(phases),
            ("feature_id", _) => one_of(features),
            ("task_id" | "depends_on", Some("integer")) | ("id", _) => one_of(tasks),
            (_, Some("object")) => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let value = |(name, part): (String, Value)| (name.clone(), self.value(&part, &name, which));
                properties.into_iter().map(value).collect::<Map<_, _>>().into()
            }
            (_, Some("array")) => json!([self.value(&schema["items"], name, which)]),
            (_, Some("integer")) => json!(1 + which),
            (_, Some("boolean")) => json!(which == 0),
            _ => json!(format!("approve phase {}", self.phase["id"])),
        }
    }

    /// Calls everything that the agent sees, and what it may guess; answers how many tools it saw.
    fn try_everything(&self, agent: &str, client: &mut Client) -> usize {
        let tools = client.tools();
        for tool in &tools {
            let name = tool["name"].as_str().unwrap();
            for arguments in self.arguments(&tool["inputSchema"]) {
                let answer = client.call(name, &arguments);
                self.holds(&format!("{agent}: {name} {arguments}: {answer}"));
            }
        }
        for name in GUESSED {
            let answer = client.call(name, &json!({ "phase_id": self.phase["id"] }));
            assert!(answer["error"].is_object(), "{name}: {answer}");
            self.holds(&format!("{agent}: {name}"));
        }
        tools.len()
    }
}

fn first_phase(server: &Server) -> Value {
    server.get("/projects/p/phases")["items"][0].clone()
}

#[test]
fn no_tool_moves_a_gate_over_standard_input_and_output() {
    let gate = Gate::reached(&[]);
    let mut seen = 0;
    let options = ROLES.map(|role| vec!["--role", role]).into_iter().chain([vec![], vec!["--legacy-tools"]]);
    for (number, options) in options.enumerate() {
        let agent = format!("agent-{number}");
        let command = gate.autocoder.command(&[&["mcp", "--project", "p", "--agent", &agent], &options[..]].concat());
        seen += gate.try_everything(&format!("{options:?}"), &mut Client::stdio(command));
    }
    assert!(seen > 60, "{seen}");
    gate.opens_for_a_person();
}

#[test]
fn no_tool_moves_a_gate_over_http() {
    let gate = Gate::reached(&[]);
    let mut seen = 0;
    for role in ROLES {
        let agent = json!({ "id": role.replace('_', "-"), "runner": "rehearsal", "role": role });
        let _ = gate.server.call("POST", "/projects/p/agents", &agent).expect(201);
        let token = gate.agents_token(agent["id"].as_str().unwrap());
        seen += gate.try_everything(role, &mut Client::web(&gate.server, &token));
    }
    // An agent that nobody knows has no role, so it sees all.
    let token = gate.agents_token("stranger");
    seen += gate.try_everything("stranger", &mut Client::web(&gate.server, &token));
    assert!(seen > 50, "{seen}");
    gate.opens_for_a_person();
}

#[test]
fn no_agents_token_moves_a_gate_by_any_operation() {
    let document: Value = serde_json::from_str(&Autocoder::new().ok(&["openapi"])).unwrap();
    // Without a login too: an agent stays the agent that its token names.
    for arguments in [&[][..], &["--no-auth"]] {
        let gate = Gate::reached(arguments);
        let tokens = ["coder-1", "stranger"].map(|agent| gate.agents_token(agent));
        let mut asked = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.strip_prefix("/api").unwrap().replace("{name}", "p").replace("{phase_id}", "{phases}");
            let path = path.split('/').fold((String::new(), 0), |(path, which), part| {
                let known = [("phases", 0), ("features", 1), ("tasks", 2)].iter().find(|(noun, _)| *noun == part);
                let which = known.map_or(which, |(_, which)| *which);
                let id = gate.ids[which][0].to_string();
                let part = if part.starts_with('{') { &id } else { part };
                (if part.is_empty() { path } else { format!("{path}/{part}") }, which)
            });
            for (method, said) in item.as_object().unwrap() {
                if said["x-access"].is_null() {
                    continue;
                }
                for token in &tokens {
                    for body in gate.arguments(&json!({ "type": "object" })).iter().chain([&json!({ "note": "fine" })])
                    {
                        let request = gate.server.anonymous(&method.to_uppercase(), &path.0).bearer_auth(token);
                        let answer = gate.server.send(request.json(body));
                        assert_eq!(answer.status, 403, "{method} {}: {}", path.0, answer.text);
                        asked += 1;
                    }
                }
            }
            gate.holds(&path.0);
        }
        assert!(asked > 1_000, "{asked}");
        gate.opens_for_a_person();
    }
}
