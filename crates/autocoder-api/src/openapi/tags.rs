//! The groups of operations.

use utoipa::openapi::tag::{Tag, TagBuilder};

const TAGS: [(&str, &str); 16] = [
    ("auth", "Log a browser in"),
    ("projects", "What is built, and whether agents may work on it"),
    ("plan", "A whole plan as a file"),
    ("phases", "Steps of a project, each with a gate that a person opens"),
    ("features", "What a phase brings, with its spec and who works on it"),
    ("tasks", "The smallest pieces of work, and what they wait for"),
    ("agents", "Who works"),
    ("notes", "What agents tell those who come after them"),
    ("runs", "The processes of agents, with their logs"),
    ("overview", "What waits for a person, the graph of a plan, and search"),
    ("events", "What happened, and what happens just now"),
    ("usage", "Tokens used, budgets and the forecast"),
    ("schedules", "Hours in which a project may work"),
    ("webhooks", "Messages to other servers"),
    ("tokens", "Who may come in"),
    ("service", "The health of this server, its metrics and this document"),
];

/// Every group.
pub(super) fn all() -> Vec<Tag> {
    let tag = |(name, description): (&str, &str)| TagBuilder::new().name(name).description(Some(description)).build();
    TAGS.into_iter().map(tag).collect()
}
