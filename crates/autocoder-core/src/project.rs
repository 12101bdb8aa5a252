//! A project: one code base with one plan, and its settings.

mod status;

pub use status::{ProjectAction, ProjectStatus};

use serde::{Deserialize, Serialize};

use crate::agent::Isolation;
use crate::ids::ProjectId;
use crate::limits::{Checks, InvalidField, NAME_CHARS, SPEC_BYTES, TEXT_BYTES};
use crate::time::Timestamp;

/// One code base with one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// The unique name it is addressed by.
    pub name: String,
    /// What people read instead of the name.
    pub title: String,
    /// The folder of its code.
    pub path: String,
    /// What it is.
    pub description: String,
    /// What it should become, as Markdown.
    pub spec: Option<String>,
    /// Where it stands.
    pub status: ProjectStatus,
    /// How agents work on it.
    pub settings: ProjectSettings,
    /// The crew that drives it, with the lease it holds.
    pub crew: Option<CrewLease>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits and status changes.
    pub version: i64,
}

/// Which process drives a project's agents, and until when that is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrewLease {
    /// Names the process: `host:pid:start`.
    pub holder: String,
    /// When the lease lapses unless it is renewed.
    pub expires: Timestamp,
}

/// How agents work on a project. These decide what runs, so they live in the database, never in the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProjectSettings {
    /// Shell commands that must exit 0 before a task passes.
    pub verify: Vec<String>,
    /// How long all verification commands of one task may take, in seconds (1 to 86,400).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86400))]
    pub verify_timeout_s: u32,
    /// Failures after which a task is blocked (1 to 100).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub max_failures: u32,
    /// How many agents may work on one feature at a time (1 to 64).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 64))]
    pub writers_per_feature: u32,
    /// How many agents may work on the project at the same time (1 to 64).
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 64))]
    pub max_agents: u32,
    /// How many seconds lie between the starts of two runs at least (0 to 3,600).
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 3600))]
    pub stagger_s: u32,
    /// How far agents are kept from the machine, unless an agent's own options say otherwise.
    pub isolation: Isolation,
    /// The share of the project's tokens that testers may take, in per cent; 0: no regression tests (0 to 100).
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub regression_percent: u8,
}

impl Default for ProjectSettings {
    fn default() -> Self {
        Self {
            verify: Vec::new(),
            verify_timeout_s: 600,
            max_failures: 3,
            writers_per_feature: 1,
            max_agents: 64,
            stagger_s: 0,
            isolation: Isolation::Auto,
            regression_percent: 10,
        }
    }
}

impl ProjectSettings {
    fn check(&self, checks: &mut Checks) {
        for (index, command) in self.verify.iter().enumerate() {
            checks.required_text(&format!("settings.verify[{index}]"), command, TEXT_BYTES);
        }
        checks.range("settings.verify_timeout_s", self.verify_timeout_s.into(), 1..=86_400);
        checks.range("settings.max_failures", self.max_failures.into(), 1..=100);
        checks.range("settings.writers_per_feature", self.writers_per_feature.into(), 1..=64);
        checks.range("settings.max_agents", self.max_agents.into(), 1..=64);
        checks.range("settings.stagger_s", self.stagger_s.into(), 0..=3_600);
        checks.range("settings.regression_percent", self.regression_percent.into(), 0..=100);
    }
}

/// What a new project is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProject {
    /// The unique name.
    pub name: String,
    /// What people read; empty: the name.
    pub title: String,
    /// The folder of its code.
    pub path: String,
    /// What it is.
    pub description: String,
    /// What it should become.
    pub spec: Option<String>,
    /// How agents work on it.
    pub settings: ProjectSettings,
}

impl NewProject {
    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        checks.project_name("name", &self.name);
        if !self.title.is_empty() {
            checks.one_line("title", &self.title, NAME_CHARS);
        }
        checks.one_line("path", &self.path, 4096);
        checks.text("description", &self.description, TEXT_BYTES);
        if let Some(spec) = &self.spec {
            checks.text("spec", spec, SPEC_BYTES);
        }
        self.settings.check(&mut checks);
        checks.finish()
    }
}

/// An edit of a project; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectPatch {
    /// What people read.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// What it should become.
    pub spec: Option<String>,
    /// How agents work on it.
    pub settings: Option<ProjectSettings>,
}

impl ProjectPatch {
    /// The project after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, mut project: Project) -> Result<Project, Vec<InvalidField>> {
        let mut checks = Checks::default();
        if let Some(title) = self.title {
            checks.one_line("title", &title, NAME_CHARS);
            project.title = title;
        }
        if let Some(description) = self.description {
            checks.text("description", &description, TEXT_BYTES);
            project.description = description;
        }
        if let Some(spec) = self.spec {
            checks.text("spec", &spec, SPEC_BYTES);
            project.spec = Some(spec).filter(|spec| !spec.is_empty());
        }
        if let Some(settings) = self.settings {
            settings.check(&mut checks);
            project.settings = settings;
        }
        checks.finish().map(|()| project)
    }
}
