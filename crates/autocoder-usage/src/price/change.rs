//! The use case that puts other prices in force. What was recorded before keeps its cost.

use autocoder_core::changes::Changes;
use autocoder_core::error::Refused;
use autocoder_core::event::{EventKind, Subject};
use autocoder_core::ids::ProjectId;
use autocoder_core::limits::InvalidField;
use autocoder_core::ports::Scope;
use autocoder_core::workflow::Context;
use serde_json::{Value, json};

use super::{NewPrices, PriceTable, SETTING, read_prices};

/// Which prices come into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceChange {
    /// Those that came with this program.
    BuiltIn,
    /// Those of a file.
    New(NewPrices),
}

/// Keeps the prices as a version of their own, puts them in force, and answers them.
///
/// # Errors
/// A version that has other prices already; only a person may change prices.
pub async fn change_prices(cx: &Context<'_>, change: PriceChange) -> Result<PriceTable, Refused> {
    if !cx.actor.is_person() {
        return Err(Refused::PersonNeeded { action: "change the prices" });
    }
    let (after, setting) = match change {
        PriceChange::BuiltIn => (PriceTable::built_in(), Value::Null),
        PriceChange::New(NewPrices { version, models }) => {
            // Without the setting below, a version is not in force: one that is left over does no harm.
            cx.store.accounting().keep_prices(&version, &models).await?;
            if cx.store.accounting().prices(&version).await? != models {
                let rule = format!("`{version}` is there already with other prices; choose another name");
                return Err(Refused::Invalid(vec![InvalidField { field: "version".to_owned(), rule }]));
            }
            let setting = Value::from(version.clone());
            (PriceTable { version, built_in: false, models }, setting)
        }
    };
    let unit = cx.store.begin(Scope::Installation).await?;
    let before = read_prices(cx.store).await?;
    if before.version != after.version {
        let project = ProjectId::INSTALLATION;
        let mut changes = Changes::new(project, cx.actor.clone(), unit.now()).on_request(cx.request);
        let said = json!({ "before": { "prices": before.version }, "after": { "prices": after.version } });
        changes.event(EventKind::UsageSettings, Subject::Project(project), said);
        changes.setting(SETTING, setting);
        unit.commit(changes).await?;
    }
    Ok(after)
}
