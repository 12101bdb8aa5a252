//! The ledger of one run: many partial and repeated reports of usage in, each token counted once out.

use std::collections::{BTreeMap, BTreeSet};

use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageQuality;

use crate::model::canonical;

/// Whether a count of a message may still grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SampleState {
    /// Taken while the message was written; its output is too low.
    Provisional,
    /// Taken when the message was complete.
    Final,
}

/// One report of the tokens of one model message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The message, unique within the run.
    pub message_id: String,
    /// The model; empty when this report does not name it.
    pub model: String,
    /// The tokens so far.
    pub tokens: Tokens,
    /// Whether they may still grow.
    pub state: SampleState,
}

/// What to book for one message, or for the rest of a run that no message accounts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageUsage {
    /// The message, or the caller's prefix with `:residual:` and the model.
    pub message_id: String,
    /// The model by its [`canonical`] name.
    pub model: String,
    /// The tokens.
    pub tokens: Tokens,
    /// `Exact`: the final count of the message; `Reconciled`: right only together with the other records of the run
    /// and model, which add up to the run's total; `Approximate`: nothing confirms it.
    pub quality: UsageQuality,
}

/// What a run used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// One record a message in the order of their ids, then one a model for the rest.
    pub records: Vec<MessageUsage>,
    /// Models whose messages add up to more than the run reports in total. Their messages are booked as they are.
    pub drift: Vec<String>,
}

impl Reconciled {
    /// The sum of all records.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        sum(self.records.iter().map(|record| record.tokens))
    }
}

/// Collects the reports of one run. Neither their order nor their repetition matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    messages: BTreeMap<String, Message>,
    /// By result and model as reported: what was used since the result before.
    deltas: BTreeMap<(u64, String), Tokens>,
    /// By model as reported: what the process used so far.
    totals: BTreeMap<String, Tokens>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Message {
    model: String,
    tokens: Tokens,
    state: SampleState,
}

impl Ledger {
    /// Takes in a report of a message.
    pub fn sample(&mut self, sample: Sample) {
        let Sample { message_id, model, tokens, state } = sample;
        let model = canonical(&model);
        let empty = Message { model: String::new(), tokens: Tokens::default(), state };
        let known = self.messages.entry(message_id).or_insert(empty);
        known.tokens = known.tokens.fuller(tokens);
        known.state = known.state.max(state);
        if known.model.as_str() < model {
            model.clone_into(&mut known.model);
        }
    }

    /// Takes in what the run's result number `index` says `model` used since the result before. These count before
    /// all [`Ledger::total`]s.
    pub fn result(&mut self, index: u64, model: &str, tokens: Tokens) {
        let known = self.deltas.entry((index, model.to_owned())).or_default();
        *known = known.fuller(tokens);
    }

    /// Takes in what `model` used since the process of the run began; of several reports the fullest counts.
    pub fn total(&mut self, model: &str, tokens: Tokens) {
        let known = self.totals.entry(model.to_owned()).or_default();
        *known = known.fuller(tokens);
    }

    /// One record a message, and one a model for what the run's totals have beyond its messages. `prefix` names the
    /// run, for example `run:7`, and begins the ids of the latter. Records without tokens are left out.
    #[must_use]
    pub fn reconcile(&self, prefix: &str) -> Reconciled {
        let totals = self.reported();
        let mut counted = BTreeMap::<&str, Tokens>::new();
        for message in self.messages.values() {
            let known = counted.entry(&message.model).or_default();
            *known = known.plus(message.tokens);
        }
        let drift: BTreeSet<_> = counted
            .iter()
            .filter(|(model, tokens)| {
                !totals.is_empty() && exceeds(**tokens, totals.get(*model).copied().unwrap_or_default())
            })
            .map(|(model, _)| (*model).to_owned())
            .collect();
        let messages = self.messages.iter().map(|(id, message)| MessageUsage {
            message_id: id.clone(),
            model: message.model.clone(),
            tokens: message.tokens,
            quality: match message.state {
                SampleState::Final => UsageQuality::Exact,
                SampleState::Provisional if totals.is_empty() || drift.contains(&message.model) => {
                    UsageQuality::Approximate
                }
                SampleState::Provisional => UsageQuality::Reconciled,
            },
        });
        let residuals = totals.iter().map(|(model, total)| MessageUsage {
            message_id: format!("{prefix}:residual:{model}"),
            model: (*model).to_owned(),
            tokens: residual(*total, counted.get(model).copied().unwrap_or_default()),
            quality: UsageQuality::Reconciled,
        });
        let records = messages.chain(residuals).filter(|record| record.tokens != Tokens::default()).collect();
        Reconciled { records, drift: drift.into_iter().collect() }
    }

    /// The run's totals by canonical model: the sum of its results, or else the totals of its process.
    fn reported(&self) -> BTreeMap<&str, Tokens> {
        let mut reported = BTreeMap::<&str, Tokens>::new();
        let deltas = self.deltas.iter().map(|((_, model), tokens)| (model, tokens));
        let totals = self.totals.iter().filter(|_| self.deltas.is_empty());
        for (model, tokens) in deltas.chain(totals) {
            let known = reported.entry(canonical(model)).or_default();
            *known = known.plus(*tokens);
        }
        reported
    }
}

/// What `total` has beyond `counted`, with cache writes compared as in [`Tokens::fuller`].
fn residual(total: Tokens, counted: Tokens) -> Tokens {
    let rest = total.minus(counted);
    let write = total.cache_write().saturating_sub(counted.cache_write());
    let one_hour = rest.cache_write_1h.min(write);
    Tokens { cache_write_5m: write - one_hour, cache_write_1h: one_hour, ..rest }
}

fn exceeds(counted: Tokens, total: Tokens) -> bool {
    counted.input > total.input
        || counted.output > total.output
        || counted.cache_read > total.cache_read
        || counted.cache_write() > total.cache_write()
}

fn sum(tokens: impl Iterator<Item = Tokens>) -> Tokens {
    tokens.fold(Tokens::default(), Tokens::plus)
}

#[cfg(test)]
mod tests;
