//! Prompts over a small plan: what is in them, and that none grows beyond its room.

use std::fs;
use std::sync::Arc;

use autocoder_core::event::Actor;
use autocoder_core::feature::{FeaturePatch, NewFeature};
use autocoder_core::ids::{AgentId, FeatureId, ProjectId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::note::NoteKind;
use autocoder_core::ports::{Out, UsageMeter};
use autocoder_core::project::{NewProject, ProjectPatch, ProjectSettings};
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{self, Claiming, Context, Fence, Rejection};
use tempfile::TempDir;

use super::*;

struct NoLimit;

#[async_trait::async_trait]
impl UsageMeter for NoLimit {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(UsageLevel::default())
    }
}

struct Bed {
    store: Arc<MemoryStore>,
    person: Actor,
    agent: Actor,
    project: ProjectId,
    dir: TempDir,
}

impl Bed {
    /// Project `p` with a phase, a feature `Login` and a task `Form` whose texts are made by `text`.
    async fn new(text: impl Fn(&str) -> String) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(MemoryStore::new(|| Timestamp(1)));
        let (person, agent) = (Actor::Person("ann".into()), Actor::Agent(AgentId("coder-1".into())));
        let mut bed = Self { store, person, agent, project: ProjectId(0), dir };
        let path = bed.dir.path().to_string_lossy().into_owned();
        let new = NewProject { name: "p".into(), path, spec: Some(text("the shop")), ..NewProject::default() };
        bed.project = workflow::create_project(&bed.cx(), new).await.unwrap().id;
        let settings = ProjectSettings { verify: vec!["npm test".into()], ..ProjectSettings::default() };
        let patch = ProjectPatch { settings: Some(settings), ..ProjectPatch::default() };
        workflow::edit_project(&bed.cx(), bed.project, patch).await.unwrap();
        let new = NewFeature { name: "Login".into(), description: text("users log in"), ..NewFeature::default() };
        let feature = workflow::add_feature(&bed.cx(), bed.project, new).await.unwrap().id;
        workflow::set_spec(&bed.cx(), bed.project, feature, text("# Login spec")).await.unwrap();
        let task = autocoder_core::task::NewTask {
            name: "Form".into(),
            description: text("a form"),
            steps: vec!["open the page".into(), text("log in").replace('\n', " ").chars().take(2_000).collect()],
            ..Default::default()
        };
        workflow::create_tasks(&bed.cx(), bed.project, feature, vec![task]).await.unwrap();
        bed
    }

    fn cx(&self) -> Context<'_> {
        Context { store: &*self.store, usage: &NoLimit, actor: &self.person, request: None }
    }

    fn of_agent(&self) -> Context<'_> {
        Context { actor: &self.agent, ..self.cx() }
    }

    async fn phase(&self) -> PhaseId {
        self.store.queries().phases(self.project).await.unwrap()[0].id
    }

    async fn feature(&self) -> FeatureId {
        self.store.queries().features(self.project, None).await.unwrap()[0].id
    }

    async fn task(&self) -> TaskId {
        self.store.queries().tasks(self.project, &Default::default()).await.unwrap().items[0].id
    }

    async fn prompt(&self, role: Role) -> String {
        let subject = match role {
            Role::Coder => Subject::Task(self.task().await),
            Role::SpecWriter => Subject::Feature(self.feature().await),
            Role::Planner => Subject::Plan,
            Role::Tester | Role::Reviewer => Subject::Phase(self.phase().await),
        };
        prompt_for(&*self.store, "p", role, subject).await.unwrap().text
    }

    async fn claim(&self) -> Fence {
        let agent = AgentId("coder-1".into());
        match workflow::claim_task(&self.of_agent(), self.project, &agent, None).await.unwrap() {
            Claiming::Task(claim) => Fence { agent, attempt: claim.attempt() },
            Claiming::None(idle) => panic!("{idle:?}"),
        }
    }
}

fn has_all(prompt: &str, parts: &[&str]) {
    for part in parts {
        assert!(prompt.contains(part), "`{part}` in\n{prompt}");
    }
}

#[tokio::test]
async fn each_role_is_told_what_its_work_needs() {
    let bed = Bed::new(str::to_owned).await;
    let note = "tokens are kept in `auth.rs`";
    workflow::add_note(&bed.of_agent(), bed.project, None, NoteKind::Interface, note).await.unwrap();
    workflow::add_spec_message(&bed.cx(), bed.project, bed.feature().await, "Guests too?").await.unwrap();
    has_all(
        &bed.prompt(Role::Coder).await,
        &[
            "a form",
            "1. open the page\n2. log in",
            "# Login spec",
            "    npm test",
            note,
            "task_get_next",
            "task_ask",
            "task_mark_passing",
            "task_release",
            "task_skip",
            "usage_should_continue",
            "# Always",
        ],
    );
    let prompt = bed.prompt(Role::SpecWriter).await;
    has_all(
        &prompt,
        &["users log in", "# Login spec", "Person: Guests too?", "the shop", note, "feature_create_tasks"],
    );
    has_all(&bed.prompt(Role::Planner).await, &["the shop", "phase_create", "feature_create", "feature_create_tasks"]);
    has_all(&bed.prompt(Role::Tester).await, &["    npm test", note, "task_report_regression"]);
    has_all(&bed.prompt(Role::Reviewer).await, &["- Login (feature ", "1 tasks", note, "phase_report"]);
    for &role in Role::ALL {
        assert!(!bed.prompt(role).await.contains("{{"), "{role}");
    }
}

#[tokio::test]
async fn the_reason_of_a_rejection_reaches_the_next_try() {
    let bed = Bed::new(str::to_owned).await;
    let (phase, task) = (bed.phase().await, bed.task().await);
    assert!(!bed.prompt(Role::Coder).await.contains("known from before"));
    let fence = bed.claim().await;
    workflow::pass_task(&bed.of_agent(), bed.project, task, &fence, Vec::new()).await.unwrap();
    let rejection = Rejection { reason: "The button is off the screen".into(), reopen: vec![task] };
    workflow::reject_phase(&bed.cx(), bed.project, phase, &rejection).await.unwrap();
    let prompt = bed.prompt(Role::Coder).await;
    has_all(&prompt, &["## What is known from before", "done again, because:\nThe button is off the screen"]);
    assert_eq!(prompt.matches("The button is off the screen").count(), 1, "{prompt}");

    let fence = bed.claim().await;
    workflow::fail_task(&bed.of_agent(), bed.project, task, &fence, "2 tests fail", Vec::new()).await.unwrap();
    let prompt = bed.prompt(Role::Coder).await;
    has_all(&prompt, &["An earlier try failed", "2 tests fail", "sent the phase back, because:\nThe button is off"]);
}

#[tokio::test]
async fn no_prompt_is_longer_than_its_room_and_says_where_the_rest_is() {
    let large = |_: &str| "ä{{x}}\n".repeat(8_000);
    let bed = Bed::new(large).await;
    let long = "y".repeat(1_900);
    for _ in 0..30 {
        workflow::add_note(&bed.cx(), bed.project, None, NoteKind::Decision, &long).await.unwrap();
        workflow::add_spec_message(&bed.cx(), bed.project, bed.feature().await, &long).await.unwrap();
    }
    let verify = vec!["npm test ".repeat(500); 20];
    let settings = ProjectSettings { verify, ..ProjectSettings::default() };
    let patch = ProjectPatch { settings: Some(settings), ..ProjectPatch::default() };
    workflow::edit_project(&bed.cx(), bed.project, patch).await.unwrap();
    let name = FeaturePatch { name: Some("n".repeat(255)), ..FeaturePatch::default() };
    workflow::edit_feature(&bed.cx(), bed.project, bed.feature().await, name).await.unwrap();
    for &role in Role::ALL {
        let prompt = bed.prompt(role).await;
        let chars = prompt.chars().count();
        assert!(chars <= PROMPT_CHARS, "{role}: {chars}");
        assert!(prompt.contains("[cut here; ") && prompt.ends_with("check.\n"), "{role}\n{prompt}");
    }
    let messages = bed.store.queries().spec_messages(bed.project, bed.feature().await).await.unwrap();
    assert!(spec_turn(&messages).chars().count() <= PROMPT_CHARS);
}

#[tokio::test]
async fn a_repositorys_own_template_is_filled_and_keeps_the_rules() {
    let bed = Bed::new(str::to_owned).await;
    let dir = bed.dir.path().join(OVERRIDES);
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("coder.md"), "Do {{task_name}} of {{feature_name}}.\n").unwrap();
    let task = Subject::Task(bed.task().await);
    let prompt = prompt_for(&*bed.store, "p", Role::Coder, task).await.unwrap();
    assert!(prompt.text.starts_with("Do Form of Login.\n") && prompt.text.contains("# Always"), "{}", prompt.text);
    assert_eq!(prompt.file, Some(dir.join("coder.md")));
    fs::write(dir.join("coder.md"), "{{nonsense}}").unwrap();
    let error = prompt_for(&*bed.store, "p", Role::Coder, task).await.unwrap_err();
    assert!(matches!(error, PromptError::Override { .. }), "{error}");
}

#[tokio::test]
async fn a_role_gets_no_prompt_about_what_is_not_its_work() {
    let bed = Bed::new(str::to_owned).await;
    let error = prompt_for(&*bed.store, "p", Role::Planner, Subject::Task(TaskId(1))).await.unwrap_err();
    assert_eq!(error.to_string(), "a planner gets no prompt about a task");
    let missing = prompt_for(&*bed.store, "p", Role::Coder, Subject::Task(TaskId(99))).await.unwrap_err();
    assert_eq!(missing.to_string(), "there is no task `99`");
}
