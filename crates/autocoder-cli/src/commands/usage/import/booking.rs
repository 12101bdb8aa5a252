//! Writes what readers found: each message once, and only then how far its file was read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::ports::{ImportState, Out, UsageLedger};
use autocoder_core::usage_record::{UsageQuality, UsageRecord};
use autocoder_core::view::ProjectView;
use autocoder_usage::price::PriceTable;
use autocoder_usage::transcript::claude::Entry;

use super::Imported;
use super::reading::Part;

/// Messages of one transaction.
const AT_ONCE: usize = 500;

pub(super) struct Booking<'a> {
    ledger: &'a dyn UsageLedger,
    source: &'static str,
    prices: PriceTable,
    /// The folders of projects, the longest path first.
    projects: Vec<(PathBuf, ProjectId)>,
    /// Whether Autocoder itself ran a session.
    sessions: HashMap<String, bool>,
    entries: BTreeMap<String, Entry>,
    states: Vec<ImportState>,
    pub(super) report: Imported,
}

impl<'a> Booking<'a> {
    pub(super) fn new(
        ledger: &'a dyn UsageLedger,
        source: &'static str,
        prices: PriceTable,
        projects: Vec<ProjectView>,
    ) -> Self {
        let mut projects: Vec<_> =
            projects.into_iter().map(|project| (PathBuf::from(project.path), project.id)).collect();
        projects.sort_by_key(|(path, _)| std::cmp::Reverse(path.as_os_str().len()));
        Self {
            ledger,
            source,
            prices,
            projects,
            sessions: HashMap::new(),
            entries: BTreeMap::new(),
            states: Vec::new(),
            report: Imported::default(),
        }
    }

    pub(super) async fn take(&mut self, part: Part) -> Out<()> {
        match part {
            Part::Entries(entries) => {
                for entry in entries {
                    self.report.odd += u64::from(entry.odd);
                    let id = entry.message_id.clone();
                    match self.entries.get_mut(&id) {
                        Some(known) => known.tokens = known.tokens.fuller(entry.tokens),
                        None => drop(self.entries.insert(id, entry)),
                    }
                }
            }
            Part::Done(state, counts) => {
                self.report.bytes += counts.bytes;
                self.report.lines += counts.lines;
                self.report.broken += counts.broken;
                self.report.undated += counts.undated;
                self.states.push(state);
            }
            Part::Unchanged => self.report.unchanged += 1,
            Part::Unreadable(why) => self.report.unreadable.push(why),
        }
        if self.entries.len() >= AT_ONCE { self.write().await } else { Ok(()) }
    }

    pub(super) async fn finish(mut self) -> Out<Imported> {
        self.write().await?;
        self.report.own_sessions = self.sessions.values().filter(|own| **own).count() as u64;
        Ok(self.report)
    }

    /// The messages first: when this is cut off, they are read again and count no more than once.
    async fn write(&mut self) -> Out<()> {
        let entries = std::mem::take(&mut self.entries);
        self.learn_sessions(&entries).await?;
        let entries: Vec<Entry> = entries.into_values().filter(|entry| !self.sessions[&entry.session]).collect();
        for batch in entries.chunks(AT_ONCE) {
            let ids: Vec<String> = batch.iter().map(|entry| entry.message_id.clone()).collect();
            let known: HashMap<_, _> = self.ledger.counted(self.source, &ids).await?.into_iter().collect();
            let mut records = Vec::new();
            for entry in batch {
                let before = known.get(&entry.message_id).copied();
                let after = before.unwrap_or_default().fuller(entry.tokens);
                if before == Some(after) {
                    continue;
                }
                let cost = self.prices.cost_nusd(&entry.model, after);
                match before {
                    None => self.report.new += 1,
                    Some(_) => self.report.grown += 1,
                }
                self.report.tokens += after.total().saturating_sub(before.unwrap_or_default().total());
                self.report.cost_nusd += cost.filter(|_| before.is_none()).unwrap_or_default();
                records.push(self.record(entry, cost));
            }
            if !records.is_empty() {
                self.ledger.record(records).await?;
            }
        }
        let states = std::mem::take(&mut self.states);
        if states.is_empty() { Ok(()) } else { self.ledger.save_imports(&states).await }
    }

    async fn learn_sessions(&mut self, entries: &BTreeMap<String, Entry>) -> Out<()> {
        let unknown: BTreeSet<String> = entries.values().map(|entry| entry.session.clone()).collect();
        let unknown: Vec<String> = unknown.into_iter().filter(|id| !self.sessions.contains_key(id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let own = self.ledger.known_sources(&unknown).await?;
        self.sessions.extend(unknown.into_iter().map(|id| (id.clone(), own.contains(&id))));
        Ok(())
    }

    fn record(&self, entry: &Entry, cost_nusd: Option<u64>) -> UsageRecord {
        let folder = Path::new(&entry.cwd);
        let project = self.projects.iter().find(|(path, _)| folder.starts_with(path)).map(|(_, id)| *id);
        UsageRecord {
            source: self.source.to_owned(),
            message_id: entry.message_id.clone(),
            project: project.unwrap_or(ProjectId::INSTALLATION),
            phase: None,
            feature: None,
            task: None,
            agent: AgentId(String::new()),
            run: RunId(0),
            at: entry.at.unwrap_or_default(),
            model: entry.model.clone(),
            tokens: entry.tokens,
            cost_nusd,
            quality: UsageQuality::Exact,
            rehearsal: false,
        }
    }
}
