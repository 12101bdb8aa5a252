//! `GET /projects/{name}/phases/{id}/review`.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use actix_web::web::Path;
use autocoder_agent::git::{GitError, INTEGRATION_BRANCH, Repository};
use autocoder_agent::prompt::OVERRIDES;
use autocoder_core::ids::{PhaseId, ProjectId};
use autocoder_core::note::{Note, NoteKind};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::view::{FeatureView, NoteView, PhaseView, ReviewedTask};
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, shown_with};

/// Tasks shown at most.
const TASKS: usize = 1_000;
/// Notes shown at most.
const NOTES: usize = 100;
/// The end of a command's output that is shown, in bytes.
const OUTPUT_BYTES: usize = 2_000;
/// The beginning of the patch that is shown, in bytes.
const PATCH_BYTES: usize = 256 * 1024;

/// What a person needs to decide at a gate.
#[derive(Serialize, ToSchema)]
pub(super) struct PhaseReview {
    /// The phase.
    phase: PhaseView,
    /// Its features with their tasks.
    features: Vec<ReviewedFeature>,
    /// Whether there are more tasks than these 1,000.
    more_tasks: bool,
    /// A reviewer's report, when one wrote it since the phase came to its gate.
    report: Option<NoteView>,
    /// What agents decided and how parts fit together, the newest 100.
    notes: Vec<NoteView>,
    /// Prompt templates of the repository that agents changed; they count once you have merged them.
    #[schema(example = json!([".autocoder/prompts/coder.md"]))]
    prompts: Vec<String>,
    /// How the code of the agents differs from yours; null without git, or before their first commit.
    diff: Option<Diff>,
}

/// A feature with its tasks.
#[derive(Serialize, ToSchema)]
struct ReviewedFeature {
    /// The feature.
    feature: FeatureView,
    /// Its tasks.
    tasks: Vec<ReviewedTask>,
}

/// How the code of the agents differs from the person's.
#[derive(Serialize, ToSchema)]
struct Diff {
    /// The branch of passed work.
    #[schema(example = "autocoder/main")]
    branch: &'static str,
    /// The commit it stands on.
    commit: String,
    /// The person's branch, or the commit of a checkout that is on none.
    #[schema(example = "main")]
    base: String,
    /// Changed files.
    files: u64,
    /// New lines.
    insertions: u64,
    /// Lost lines.
    deletions: u64,
    /// The patch, its first 256 KiB.
    patch: String,
    /// Whether the patch goes on.
    patch_cut: bool,
}

/// What a person needs at the gate: features, tasks with their last evidence, and the code that changed
#[utoipa::path(
    get, path = "/projects/{name}/phases/{id}/review", operation_id = "reviewPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    responses((status = 200, description = "The phase with everything below it", body = PhaseReview)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>) -> Answer {
    let project = call.project(&path.0).await?;
    let phase = call.phase(project.id, PhaseId(path.1)).await?;
    let features = call.queries().features(project.id, Some(phase.id)).await?;
    let mut tasks = call.queries().review(project.id, phase.id, TASKS as u64 + 1).await?;
    let more_tasks = tasks.len() > TASKS;
    tasks.truncate(TASKS);
    let mut by_feature: BTreeMap<_, Vec<ReviewedTask>> = BTreeMap::new();
    for mut task in tasks {
        if let Some(evidence) = &mut task.evidence {
            let start = evidence.output_end.len().saturating_sub(OUTPUT_BYTES);
            evidence.output_end.drain(..evidence.output_end.ceil_char_boundary(start));
        }
        by_feature.entry(task.card.feature_id).or_default().push(task);
    }
    let with_tasks =
        |feature: FeatureView| ReviewedFeature { tasks: by_feature.remove(&feature.id).unwrap_or_default(), feature };
    let features = features.into_iter().map(with_tasks).collect();
    let diff = diff(&project.path, &call.app.search_path).await.unwrap_or_else(|error| {
        tracing::warn!(project = project.name, %error, "a review goes without its diff");
        None
    });
    let prompts = diff.as_ref().map(|(_, prompts)| prompts.clone()).unwrap_or_default();
    let (report, notes) = notes(&call, project.id, &phase).await?;
    let diff = diff.map(|(diff, _)| diff);
    let version = phase.version;
    shown_with(version, &PhaseReview { phase, features, more_tasks, report, notes, prompts, diff })
}

/// The newest report since the last decision, and the newest of the other notes.
async fn notes(
    call: &Call,
    project: ProjectId,
    phase: &PhaseView,
) -> Result<(Option<NoteView>, Vec<NoteView>), Problem> {
    let notes = call.queries().notes(project, Some(phase.id)).await?;
    let (mut reports, mut others): (Vec<Note>, Vec<Note>) =
        notes.into_iter().partition(|note| note.kind == NoteKind::Report);
    let at_gate = phase.status == PhaseStatus::AwaitingApproval;
    let since = phase.decision.as_ref().filter(|_| at_gate).map(|decision| decision.at);
    let report = reports.pop().filter(|report| since.is_none_or(|at| report.at > at));
    let newest = others.split_off(others.len().saturating_sub(NOTES));
    Ok((report.map(NoteView::from), newest.into_iter().map(NoteView::from).collect()))
}

async fn diff(path: &str, search_path: &str) -> Result<Option<(Diff, Vec<String>)>, GitError> {
    let environment = BTreeMap::from([("PATH".to_owned(), search_path.to_owned())]);
    let folder = FilePath::new(path);
    let Some(repository) = Repository::discover(folder, &environment).await? else { return Ok(None) };
    let review = repository.review(PATCH_BYTES).await?;
    let Some(review) = review else { return Ok(None) };
    let prompts = repository.changed_below(OVERRIDES).await?;
    let diff = Diff {
        branch: INTEGRATION_BRANCH,
        commit: review.commit,
        base: review.base,
        files: review.stat.files,
        insertions: review.stat.insertions,
        deletions: review.stat.deletions,
        patch: review.patch,
        patch_cut: review.cut,
    };
    Ok(Some((diff, prompts)))
}
