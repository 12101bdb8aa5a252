//! Changes of budgets, schedules and settings.

use serde_json::{Value, json};

use super::{Changes, Node, Row};
use crate::budget::Budget;
use crate::event::{EventKind, Subject};
use crate::schedule::Schedule;

impl Changes {
    /// A new or changed budget.
    pub fn budget(&mut self, row: Row<Budget>, kind: EventKind) {
        if let Row::Changed(budget) = &row {
            self.check_version(Node::Budget(budget.id), budget.version);
        }
        let (Row::New(budget) | Row::Changed(budget)) = &row;
        self.event(kind, Subject::Budget(budget.id), budget_facts(budget));
        self.set.budgets.push(row);
    }

    /// A budget goes.
    pub fn delete_budget(&mut self, budget: &Budget) {
        self.check_version(Node::Budget(budget.id), budget.version);
        self.event(EventKind::BudgetDeleted, Subject::Budget(budget.id), budget_facts(budget));
        self.set.deleted.push(Node::Budget(budget.id));
    }

    /// A new or changed schedule.
    pub fn schedule(&mut self, row: Row<Schedule>, kind: EventKind) {
        if let Row::Changed(schedule) = &row {
            self.check_version(Node::Schedule(schedule.id), schedule.version);
        }
        let (Row::New(schedule) | Row::Changed(schedule)) = &row;
        self.event(kind, Subject::Schedule(schedule.id), json!({ "enabled": schedule.enabled }));
        self.set.schedules.push(row);
    }

    /// A schedule goes.
    pub fn delete_schedule(&mut self, schedule: &Schedule) {
        self.check_version(Node::Schedule(schedule.id), schedule.version);
        self.event(EventKind::ScheduleDeleted, Subject::Schedule(schedule.id), json!({}));
        self.set.deleted.push(Node::Schedule(schedule.id));
    }

    /// A setting of the installation; the events about it are the caller's.
    pub fn setting(&mut self, key: &str, value: Value) {
        self.set.settings.push((key.to_owned(), value));
    }
}

fn budget_facts(budget: &Budget) -> Value {
    json!({
        "scope": budget.scope.kind(),
        "subject": budget.scope.subject(),
        "measure": budget.measure,
        "amount": budget.amount,
        "mode": budget.mode,
    })
}
