//! The OpenAPI document: it is the committed one, it is complete, and every operation of it succeeds and fails as it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

/// One operation of the document.
struct Operation {
    id: String,
    method: String,
    path: String,
    said: Value,
}

fn document() -> Value {
    serde_json::from_str(&Autocoder::new().ok(&["openapi"])).unwrap()
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, said) in item.as_object().unwrap() {
            let id = said["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operationId"));
            let path = path.strip_prefix("/api").unwrap().to_owned();
            found.push(Operation { id: id.to_owned(), method: method.to_uppercase(), path, said: said.clone() });
        }
    }
    found
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(committed == Autocoder::new().ok(&["openapi"]), "docs/openapi.json is old: cargo xtask codegen");
}

#[test]
fn every_operation_says_all_that_a_client_needs() {
    let document = document();
    let tags: BTreeSet<_> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str()).collect();
    for Operation { id, method, path, said } in operations(&document) {
        assert!(said["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id} has no summary");
        assert!(tags.contains(&said["tags"][0].as_str()), "{id} has a tag that is not described");
        let public = said.get("security").is_none();
        assert_eq!(public, said.get("x-access").is_none(), "{id}: security and access go together");
        let parameters = said["parameters"].as_array().cloned().unwrap_or_default();
        assert!(parameters.iter().all(|one| one["schema"].is_object()), "{id} has a parameter without schema");
        let known = parameters.iter().filter(|one| one["in"] == "path");
        assert_eq!(known.count(), path.matches('{').count(), "{id}: {path}");
        for (status, response) in said["responses"].as_object().unwrap() {
            for (kind, content) in response["content"].as_object().into_iter().flatten() {
                assert!(!kind.contains("json") || content["schema"].is_object(), "{id}: {status} {kind} has no schema");
            }
        }
        for status in ["400", "401", "403", "404", "422", "429", "500"] {
            assert!(said["responses"][status].is_object(), "{id} does not tell of {status}");
        }
        assert!(method != "GET" || said.get("requestBody").is_none(), "{id}: GET has no body");
    }
}

/// Succeeds only after a spec writer has proposed something: `routes/tests` of the API do that.
const ELSEWHERE: &str = "decideProposals";

/// What is called in this order, each with success: the operation, the path behind `/api`, the body.
const STORY: &str = r##"
getHealth /health
getReady /ready
getOpenapi /openapi.json
getMetrics /metrics
exchangeCode /auth/exchange {"code":"$CODE"}
createProject /projects {"name":"made","path":"$FOLDER"}
listProjects /projects
editProject /projects/made {"title":"Made"}
archiveProject /projects/made/archive
deleteProject /projects/made?force=true
getProject /projects/p
exportPlan /projects/p/plan
importPlan /projects/p/plan?dry_run=true {"version":1,"project":{},"phases":[{"name":"X"}]}
startProject /projects/p/start
pauseProject /projects/p/pause
resumeProject /projects/p/resume
createPhase /projects/p/phases {"name":"Third"}
listPhases /projects/p/phases
getPhase /projects/p/phases/$createPhase
editPhase /projects/p/phases/$createPhase {"description":"x"}
replacePhase /projects/p/phases/$createPhase {"name":"Third again"}
createFeature /projects/p/features {"name":"Made","phase_id":$createPhase}
listFeatures /projects/p/features
listFeaturesOfPhase /projects/p/phases/$createPhase/features
getFeature /projects/p/features/$createFeature
editFeature /projects/p/features/$createFeature {"priority":5}
replaceFeature /projects/p/features/$createFeature {"name":"Made again"}
requestSpec /projects/p/features/$createFeature/spec
addSpecMessage /projects/p/features/$createFeature/spec/messages {"text":"please"}
listSpecMessages /projects/p/features/$createFeature/spec/messages
listProposals /projects/p/features/$createFeature/proposals
stopSpec /projects/p/features/$createFeature/spec/stop
createAgent /projects/p/agents {"id":"one","runner":"rehearsal","options":{"speed":1000}}
listAgents /projects/p/agents
getAgent /projects/p/agents/one
editAgent /projects/p/agents/one {"model":"m"}
assignFeature /projects/p/features/$createFeature/assign {"agent_id":"one"}
createTask /projects/p/tasks {"name":"T","feature_id":$createFeature}
createTasks /projects/p/tasks/batch {"feature_id":$createFeature,"tasks":[{"name":"U"},{"name":"V"}]}
listTasks /projects/p/tasks
listTasksOfFeature /projects/p/features/$createFeature/tasks
getTask /projects/p/tasks/$createTask
editTask /projects/p/tasks/$createTask {"name":"T again"}
setDependencies /projects/p/tasks/$createTask/dependencies {"depends_on":[$A]}
explainTask /projects/p/tasks/$createTask/why
skipTask /projects/p/tasks/$createTask/skip {"reason":"later"}
deleteTask /projects/p/tasks/$createTasks?force=true
getGraph /projects/p/graph
getInbox /inbox
search /search?q=a
$ASK
answerTask /projects/p/tasks/$A/answer {"text":"yes"}
$FINISH
reviewPhase /projects/p/phases/$ONE/review
listNotes /projects/p/notes
rejectPhase /projects/p/phases/$ONE/reject {"reason":"no","reopen_tasks":[$A]}
reopenTask /projects/p/tasks/$B/reopen {"reason":"again"}
$FINISH
approvePhase /projects/p/phases/$ONE/approve {}
approvePhase /projects/s/phases/$S/approve {}
reopenPhase /projects/s/phases/$S/reopen {"reason":"again"}
submitPhase /projects/s/phases/$S/submit
startAgent /projects/p/agents/one/start
pauseAgent /projects/p/agents/one/pause
resumeAgent /projects/p/agents/one/resume
stopAgent /projects/p/agents/one/stop
listRuns /projects/p/runs
getRun /runs/1
getRunLog /runs/1/log
deleteFeature /projects/p/features/$createFeature?force=true
deletePhase /projects/p/phases/$createPhase?force=true
deleteAgent /projects/p/agents/one
createProject /projects {"name":"again","path":"$FOLDER"}
createPhase /projects/again/phases {"name":"Only"}
startPhase /projects/again/phases/$createPhase/start
listEvents /projects/p/events
followEvents /events
getForecast /projects/p/forecast
getUsage /usage
getProjectUsage /usage/projects/p
getUsageHistory /usage/history
getUsageSettings /usage/settings
replaceUsageSettings /usage/settings {"monthly_limit":5000000}
getPrices /usage/prices
replacePrices /usage/prices {"version":"mine","models":{"m":{"input":"3","output":15}}}
createBudget /usage/budgets {"scope":"global","amount":1000,"period":{"kind":"lifetime"}}
listBudgets /usage/budgets
editBudget /usage/budgets/$createBudget {"amount":2000}
deleteBudget /usage/budgets/$createBudget
createSchedule /projects/p/schedules {"days":["monday"],"starts":"22:00","ends":"06:00"}
listSchedules /projects/p/schedules
editSchedule /projects/p/schedules/$createSchedule {"enabled":false}
deleteSchedule /projects/p/schedules/$createSchedule
listWebhooks /webhooks
listDeliveries /webhooks/$listWebhooks/deliveries
replayDelivery /webhooks/$listWebhooks/deliveries/$listDeliveries/replay
createWebhook /webhooks {"url":"https://example.com/hook"}
editWebhook /webhooks/$createWebhook {"enabled":false}
deleteWebhook /webhooks/$createWebhook
createToken /tokens {"name":"t","access":"viewer"}
listTokens /tokens
revokeToken /tokens/$createToken
"##;

/// A project `p` to work on, a project `r` with runs, and a delivery that cannot arrive.
fn prepared() -> (Autocoder, Server) {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["init", &autocoder.folder("r").to_string_lossy(), "--name", "r"]);
    let plan = autocoder.folder("").join("plan.yaml");
    autocoder.ok(&["plan", "import", &plan.to_string_lossy(), "--project", "r"]);
    let _ = autocoder.run(&["run", "--project", "r", "--agent", "rehearsal", "--speed", "100000"]);
    autocoder.ok(&["init", &autocoder.folder("s").to_string_lossy(), "--name", "s"]);
    let plan = autocoder.file("one.yaml", autocoder_tests::plan_of(1, 1));
    autocoder.ok(&["plan", "import", &plan.to_string_lossy(), "--project", "s"]);
    let _ = autocoder.run(&["run", "--project", "s", "--agent", "rehearsal", "--speed", "100000"]);
    let server = Server::start_with(&autocoder, &["--webhook-allow", "127.0.0.0/8"]);
    let _ = server.call("POST", "/webhooks", &json!({ "url": "http://127.0.0.1:9/" })).expect(201);
    (autocoder, server)
}

/// Everything behind `$` in a line of the story.
fn filled(line: &str, autocoder: &Autocoder) -> String {
    let mut line = line.to_owned();
    if line.contains("$CODE") {
        let opened = autocoder.json(&["open", "--print"]);
        line = line.replace("$CODE", opened["url"].as_str().unwrap().split_once("code=").unwrap().1);
    }
    for (variable, noun, name) in
        [("$ONE", "phase", "One"), ("$TWO", "phase", "Two"), ("$A", "task", "A"), ("$B", "task", "B")]
    {
        if line.contains(variable) && line != "$ASK" {
            line = line.replace(variable, &autocoder.id(noun, name));
        }
    }
    if line.contains("$S/") {
        let list = autocoder.json(&["phase", "list", "--project", "s"]);
        line = line.replace("$S/", &format!("{}/", list["items"][0]["id"]));
    }
    line.replace("$FOLDER", &autocoder.folder("made").to_string_lossy())
}

fn refuse_one(server: &Server, operation: &Operation) {
    let missing = |part: &str| if part == "{name}" { "nothing" } else { "4711" }.to_owned();
    let parts =
        operation.path.split('/').map(|part| if part.starts_with('{') { missing(part) } else { part.to_owned() });
    let path = parts.collect::<Vec<_>>().join("/");
    let has_body = operation.said.get("requestBody").is_some();
    let required = operation.said["requestBody"]["required"] == true;
    let public = operation.said.get("security").is_none();
    let (answer, expected) = if path != operation.path {
        let body = if required { example(&operation.id) } else { Value::Null };
        (server.call(&operation.method, &path, &body), 404)
    } else if has_body {
        (server.call(&operation.method, &path, &json!([])), 422)
    } else if public {
        (server.call("DELETE", &path, &Value::Null), 405)
    } else {
        (server.send(server.anonymous(&operation.method, &path)), 401)
    };
    let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
    assert_eq!(answer.status, expected, "{}: {}", operation.id, answer.text);
    answer.refused(expected, &code);
}

/// The body of an operation in the story.
fn example(id: &str) -> Value {
    let Some(line) = STORY.lines().find(|line| line.split(' ').next() == Some(id)) else { return json!({}) };
    let body = line.splitn(3, ' ').nth(2).unwrap_or("null");
    let numbers = body.split('$').enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!("1{}", part.trim_start_matches(|c: char| c.is_ascii_alphabetic())),
    });
    serde_json::from_str(&numbers.collect::<String>()).unwrap()
}

#[test]
fn every_operation_succeeds_and_fails() {
    let (autocoder, server) = prepared();
    let document = document();
    let operations: BTreeMap<_, _> = operations(&document).into_iter().map(|one| (one.id.clone(), one)).collect();
    let (mut succeeded, mut made) = (BTreeSet::new(), BTreeMap::<String, String>::new());
    for line in STORY.lines().filter(|line| !line.is_empty()) {
        match line {
            "$ASK" => {
                let mut agent = autocoder.agent("asker");
                let id = agent.call("task_get_next", json!({}))["task"]["id"].clone();
                agent.call("task_ask", json!({ "task_id": id, "question": "which?" }));
                continue;
            }
            "$FINISH" => {
                autocoder.agent("finisher").finish_everything();
                continue;
            }
            _ => {}
        }
        // Longer names first: one is the beginning of another.
        let line = made.iter().rev().fold(filled(line, &autocoder), |line, (id, made)| line.replace(id.as_str(), made));
        let mut words = line.splitn(3, ' ');
        let (id, path) = (words.next().unwrap(), words.next().unwrap());
        let operation = operations.get(id).unwrap_or_else(|| panic!("the document has no {id}"));
        let mut request = server.request(&operation.method, path);
        if let Some(body) = words.next() {
            request = request.json(&serde_json::from_str::<Value>(body).unwrap());
        }
        let response = request.send().unwrap();
        let status = response.status();
        // A stream has no end to wait for.
        let text = if id == "followEvents" { String::new() } else { response.text().unwrap() };
        assert!(status.is_success(), "{line}: {status} {text}");
        assert!(operation.said["responses"][status.as_str()].is_object(), "{line}: {status} is not in the document");
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        let ids = [&body["id"], &body["items"][0]["id"], &body["tasks"][0]["id"], &body["ids"][0]];
        if let Some(new) = ids.into_iter().find(|id| !id.is_null()) {
            made.insert(format!("${id}"), new.to_string());
        }
        succeeded.insert(id.to_owned());
    }
    let missing: Vec<_> = operations.keys().filter(|id| !succeeded.contains(*id) && *id != ELSEWHERE).collect();
    assert_eq!(missing, Vec::<&String>::new(), "give them a line in the story");
    operations.values().filter(|one| one.id != "followEvents").for_each(|one| refuse_one(&server, one));
}
