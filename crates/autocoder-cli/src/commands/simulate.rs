//! `autocoder simulate`: what a budget will finish of a plan.

mod text;

use std::path::{Path, PathBuf};
use std::time::Duration;

use autocoder_core::budget::MAX_AMOUNT;
use autocoder_core::plan;
use autocoder_core::scheduler::BandThresholds;
use autocoder_core::time::Timestamp;
use autocoder_usage::estimate::Estimates;
use autocoder_usage::settings::UsageSettings;
use autocoder_usage::simulate::{Plays, Policy, Purse, Stage, Terms, plan_of, simulate, stage_of, terms_of};
use clap::{Args, value_parser};

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::input;
use crate::root::Root;

/// Say what the budget will finish of the plan
#[derive(Args)]
pub(crate) struct Simulate {
    #[command(flatten)]
    in_project: InProject,
    /// A plan file to play instead of the project's plan; nothing is imported
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Tokens (input + output) to play with; left out: what is left of the project's budgets, until the month ends
    #[arg(long, value_name = "TOKENS", allow_negative_numbers = true, value_parser = value_parser!(u64).range(0..=MAX_AMOUNT))]
    budget: Option<u64>,
    /// How many agents work
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = value_parser!(u32).range(1..=64))]
    agents: u32,
    /// How many hours a person takes to approve a phase
    #[arg(long, default_value_t = 0, value_name = "H", value_parser = value_parser!(u32).range(0..=8_760))]
    gate_hours: u32,
    /// Who hands out tasks, several to compare: default, priority (by priority until the budget is critical), seed (the
    /// first description's)
    #[arg(long, default_value = "default", value_name = "POLICY", value_delimiter = ',', value_parser = policy)]
    policy: Vec<Policy>,
    /// How often the plan is played
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = value_parser!(u64).range(1..=100_000))]
    plays: u64,
    /// The same seed gives the same plays
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

fn policy(text: &str) -> Result<Policy, String> {
    text.parse().map_err(|_| "must be `default`, `priority` or `seed`".to_owned())
}

impl Simulate {
    pub(crate) async fn run(mut self, root: &Root) -> Result<(), Failure> {
        let (stage, terms) = self.scene(root).await?;
        let mut seen = Vec::new();
        self.policy.retain(|policy| {
            !seen.contains(policy) && {
                seen.push(*policy);
                true
            }
        });
        let plays = Plays { count: self.plays, seed: self.seed, policies: self.policy };
        root.output.show(&simulate(&stage, &terms, &plays), |found| text::report(&root.output, found))
    }

    /// A plan file alone needs no database, but then nobody knows what may be spent.
    async fn scene(&self, root: &Root) -> Result<(Stage, Terms), Failure> {
        let document = self.plan.as_deref().map(document).transpose()?;
        let (stage, terms) = match (document, &self.in_project.project) {
            (Some(document), None) => {
                if self.budget.is_none() {
                    let hint = "add --budget TOKENS, or --project NAME to play with what this project has left";
                    return Err(Failure::wrong("--budget is needed with --plan", hint));
                }
                let (project, rows) = plan_of(document, Timestamp(0)).await?;
                (Stage::new(project, rows, self.agents), alone())
            }
            (document, _) => {
                let installation = root.open().await?;
                let project = installation.project(&self.in_project).await?;
                let terms = terms_of(&*installation.store, &project).await?;
                let stage = match document {
                    Some(document) => {
                        let (planned, rows) = plan_of(document, terms.starts_at).await?;
                        let settings = project.settings;
                        let planned = autocoder_core::project::Project { id: project.id, settings, ..planned };
                        Stage::new(planned, rows, self.agents)
                    }
                    None => stage_of(&*installation.store, &project, self.agents).await?,
                };
                (stage, terms)
            }
        };
        Ok((stage, self.with_own_terms(terms)))
    }

    fn with_own_terms(&self, terms: Terms) -> Terms {
        let gate = Duration::from_secs(3_600 * u64::from(self.gate_hours));
        match self.budget {
            Some(tokens) => Terms { purses: vec![Purse::once(tokens)], ends_at: None, gate, ..terms },
            None => Terms { gate, ..terms },
        }
    }
}

fn document(path: &Path) -> Result<plan::PlanDocument, Failure> {
    super::plan::parse(path, &input::read_bytes(path, input::PLAN_BYTES)?)
}

/// The default settings, and the guess of what tasks cost.
fn alone() -> Terms {
    let [critical_bp, low_bp, moderate_bp] = UsageSettings::default().thresholds();
    Terms {
        purses: Vec::new(),
        estimates: Estimates::default(),
        thresholds: BandThresholds { critical_bp, low_bp, moderate_bp },
        starts_at: Timestamp::from(chrono::Utc::now()),
        ends_at: None,
        gate: Duration::ZERO,
    }
}
