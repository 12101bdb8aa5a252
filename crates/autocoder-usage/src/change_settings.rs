//! The use case that changes the settings of usage.

use autocoder_core::changes::Changes;
use autocoder_core::error::Refused;
use autocoder_core::event::{EventKind, Subject};
use autocoder_core::ids::ProjectId;
use autocoder_core::limits::InvalidField;
use autocoder_core::ports::Scope;
use autocoder_core::workflow::Context;
use serde_json::json;

use crate::meter::{SETTINGS, read_settings};
use crate::settings::{SettingsError, UsageSettings};

/// Keeps the settings that `edit` makes of those in force, and answers them.
///
/// # Errors
/// Every setting out of range; only a person may change them.
pub async fn change_settings(
    cx: &Context<'_>,
    edit: impl FnOnce(UsageSettings) -> UsageSettings + Send,
) -> Result<UsageSettings, Refused> {
    if !cx.actor.is_person() {
        return Err(Refused::PersonNeeded { action: "change the settings of usage" });
    }
    let unit = cx.store.begin(Scope::Installation).await?;
    let before = read_settings(cx.store.ledger()).await?;
    let after = edit(before.clone());
    after.validate().map_err(|errors| Refused::Invalid(errors.iter().map(invalid).collect()))?;
    if after != before {
        let project = ProjectId::INSTALLATION;
        let mut changes = Changes::new(project, cx.actor.clone(), unit.now()).on_request(cx.request);
        changes.event(EventKind::UsageSettings, Subject::Project(project), json!({ "before": before, "after": after }));
        changes.setting(SETTINGS, json!(after));
        unit.commit(changes).await?;
    }
    Ok(after)
}

fn invalid(error: &SettingsError) -> InvalidField {
    let (field, text) = (error.field(), error.to_string());
    InvalidField { field: field.to_owned(), rule: text.strip_prefix(field).unwrap_or(&text).trim_start().to_owned() }
}
