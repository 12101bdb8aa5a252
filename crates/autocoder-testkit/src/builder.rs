//! Plans for tests, said in a line: phases, features and tasks, brought in by the use cases.

use autocoder_core::error::Refused;
use autocoder_core::ids::ProjectId;
use autocoder_core::plan::{PlanDocument, PlanFeature, PlanPhase, PlanTask};
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::workflow::{Context, create_project, import_plan};

/// A plan to be. Every part goes below the last one of the level above it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    name: String,
    settings: ProjectSettings,
    document: PlanDocument,
}

impl Plan {
    /// A project of that name without phases.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A project of that name with a plan file's plan.
    ///
    /// # Panics
    /// When the text is no plan.
    #[must_use]
    pub fn from_text(name: &str, text: &str) -> Self {
        Self { document: document(text), ..Self::new(name) }
    }

    /// How agents work on it.
    #[must_use]
    pub fn settings(mut self, settings: ProjectSettings) -> Self {
        self.settings = settings;
        self
    }

    /// One more phase.
    #[must_use]
    pub fn phase(mut self, name: &str) -> Self {
        self.document.phases.push(PlanPhase { name: name.to_owned(), ..PlanPhase::default() });
        self
    }

    /// One more feature in the last phase.
    ///
    /// # Panics
    /// Before there is a phase.
    #[must_use]
    pub fn feature(mut self, name: &str) -> Self {
        let phase = self.document.phases.last_mut().expect("a phase comes before its features");
        phase.features.push(PlanFeature { name: name.to_owned(), ..PlanFeature::default() });
        self
    }

    /// So many more tasks in the last feature, named after it: `Skeleton 1`, `Skeleton 2`.
    #[must_use]
    pub fn tasks(self, count: usize) -> Self {
        (1..=count).fold(self, |mut plan, number| {
            let name = format!("{} {number}", plan.last_feature().name);
            plan.task(&name)
        })
    }

    /// One more task in the last feature; its key is its name.
    #[must_use]
    pub fn task(mut self, name: &str) -> Self {
        let key = Some(name.replace(' ', "-"));
        self.last_feature().tasks.push(PlanTask { key, name: name.to_owned(), ..PlanTask::default() });
        self
    }

    /// The last task waits for these, by name.
    #[must_use]
    pub fn after(mut self, names: &[&str]) -> Self {
        self.last_task().depends_on = names.iter().map(|name| (name.replace(' ', "-"), 0)).collect();
        self
    }

    /// The complexity of the last task.
    #[must_use]
    pub fn complexity(mut self, complexity: u8) -> Self {
        self.last_task().complexity = complexity;
        self
    }

    /// The priority of the last task.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.last_task().priority = priority;
        self
    }

    /// The priority of the last feature.
    #[must_use]
    pub fn feature_priority(mut self, priority: i32) -> Self {
        self.last_feature().priority = priority;
        self
    }

    /// The plan as a plan file's document.
    #[must_use]
    pub fn into_document(self) -> PlanDocument {
        self.document
    }

    /// Makes the project and imports the plan.
    ///
    /// # Errors
    /// What the use cases refuse.
    pub async fn create(self, cx: &Context<'_>) -> Result<ProjectId, Refused> {
        let path = format!("/projects/{}", self.name);
        let new = NewProject { name: self.name, path, settings: self.settings, ..NewProject::default() };
        let project = create_project(cx, new).await?.id;
        import_plan(cx, project, self.document).await?;
        Ok(project)
    }

    fn last_feature(&mut self) -> &mut PlanFeature {
        let phase = self.document.phases.last_mut().expect("a phase comes before its features");
        phase.features.last_mut().expect("a feature comes before its tasks")
    }

    fn last_task(&mut self) -> &mut PlanTask {
        self.last_feature().tasks.last_mut().expect("a task comes before what is said of it")
    }
}

/// The document of a plan file.
///
/// # Panics
/// When the text is no plan.
#[must_use]
pub fn document(text: &str) -> PlanDocument {
    autocoder_core::plan::parse(text.as_bytes()).expect("the text of a test is a plan")
}
