//! What sums of usage have to be: single records added up one by one.

use std::collections::BTreeMap;

use autocoder_core::ids::ProjectId;
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::{UsageGroup, UsageQuestion, UsageRecord, UsageSlice, UsageSum};

/// The records as a ledger has to know them.
#[derive(Default)]
pub(super) struct Truth(BTreeMap<(String, String), UsageRecord>);

/// A slice without its name: day or id, agent, model, rehearsal; tokens and cost.
type Facts = BTreeMap<(Option<i64>, Option<String>, String, bool), (Tokens, u64)>;

impl Truth {
    /// The first delivery says what a message is attributed to, the fullest what it took.
    pub(super) fn add(&mut self, records: &[UsageRecord]) {
        for record in records {
            let key = (record.source.clone(), record.message_id.clone());
            let known = self.0.entry(key).or_insert_with(|| record.clone());
            known.tokens = known.tokens.fuller(record.tokens);
            known.cost_nusd = known.cost_nusd.max(record.cost_nusd);
        }
    }

    pub(super) fn sum(&self, sum: &UsageSum) -> (Tokens, u64) {
        let wanted = |record: &&UsageRecord| {
            record.rehearsal == sum.rehearsal
                && sum.project.is_none_or(|id| record.project == id)
                && sum.phase.is_none_or(|id| record.phase == Some(id))
                && sum.feature.is_none_or(|id| record.feature == Some(id))
                && sum.task.is_none_or(|id| record.task == Some(id))
                && sum.agent.as_ref().is_none_or(|id| record.agent == *id)
                && sum.from.is_none_or(|from| from <= record.at)
                && sum.until.is_none_or(|until| record.at < until)
        };
        self.0.values().filter(wanted).fold(Default::default(), plus)
    }

    /// Exactly these slices were found.
    pub(super) fn assert_slices(&self, found: Vec<UsageSlice>, question: &UsageQuestion, zone: &str) {
        let (mut found, truth) = (facts(found), self.slices(question));
        for (slice, sums) in truth {
            assert_eq!(found.remove(&slice), Some(sums), "{zone} {question:?} {slice:?}");
        }
        assert_eq!(found, Facts::new(), "{zone} {question:?}");
    }

    fn slices(&self, question: &UsageQuestion) -> Facts {
        let mut facts = Facts::new();
        let within = |record: &&UsageRecord| {
            (question.from..question.until).contains(&record.at)
                && question.project.is_none_or(|id| record.project == id)
        };
        for record in self.0.values().filter(within) {
            let place = match question.group {
                UsageGroup::Day => question.days.iter().rposition(|day| *day <= record.at).map(|day| day as i64),
                UsageGroup::Model | UsageGroup::Agent => None,
                UsageGroup::Project => Some(record.project.0).filter(|id| *id != ProjectId::INSTALLATION.0),
                UsageGroup::Phase => record.phase.map(|id| id.0),
                UsageGroup::Feature => record.feature.map(|id| id.0),
                UsageGroup::Task => record.task.map(|id| id.0),
            };
            let is_named = question.group == UsageGroup::Agent && !record.agent.0.is_empty();
            let agent = is_named.then(|| record.agent.0.clone());
            let sums = facts.entry((place, agent, record.model.clone(), record.rehearsal)).or_default();
            *sums = plus(*sums, record);
        }
        facts
    }
}

/// What was found, each slice once.
fn facts(slices: Vec<UsageSlice>) -> Facts {
    let count = slices.len();
    let fact = |slice: UsageSlice| {
        let agent = slice.key.is_none().then_some(slice.name).flatten();
        ((slice.key, agent, slice.model, slice.rehearsal), (slice.tokens, slice.cost_nusd))
    };
    let facts: Facts = slices.into_iter().map(fact).collect();
    assert_eq!(facts.len(), count, "a slice stands there twice");
    facts
}

fn plus((tokens, cost): (Tokens, u64), record: &UsageRecord) -> (Tokens, u64) {
    (tokens.plus(record.tokens), cost + record.cost_nusd.unwrap_or(0))
}

/// Numbers below a bound, always the same for a seed (SplitMix64).
pub(super) fn random(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }
}
