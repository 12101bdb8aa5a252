//! Usage: tokens, limits and budgets.

mod add_budget;
mod budgets;
mod delete_budget;
mod edit_budget;
mod history;
mod prices;
mod project;
mod put_prices;
mod put_settings;
mod settings;
mod total;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "usage";
        Viewer total, Viewer project, Viewer history, Viewer settings, Admin put_settings,
        Viewer prices, Admin put_prices,
        Viewer budgets, Admin add_budget, Admin edit_budget, Admin delete_budget,
    );
}
