//! Tools that ask a person: the feature waits for the answer.

use autocoder_core::task::Question;
use autocoder_core::view::TaskView;
use autocoder_core::workflow::ask_task;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::arguments::Id;
use crate::reply::{Reply, ToolError};
use crate::tools::{Caller, Tool};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestHumanInput {
    feature_id: Id,
    prompt: String,
    /// What the person fills in; without any, one free text.
    #[serde(default)]
    fields: Vec<Field>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Field {
    id: Option<String>,
    label: Option<String>,
    /// text, textarea, select or boolean.
    #[serde(rename = "type")]
    kind: Option<String>,
    required: Option<bool>,
    placeholder: Option<String>,
    #[serde(default)]
    options: Vec<Choice>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Choice {
    Word(String),
    Labelled { label: String, description: Option<String> },
    Valued { value: String },
}

impl Tool for RequestHumanInput {
    const NAME: &'static str = "feature_request_human_input";
    const ABOUT: &'static str = "Ask a person; your feature waits for the answer and is not yours meanwhile.";
    const HOT: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        caller.ask(&task, self.feature_id.0, self.question()).await
    }
}

impl RequestHumanInput {
    /// One field is the question itself; more of them are listed below it.
    fn question(self) -> Question {
        let choices = match self.fields.as_slice() {
            [only] => only.choices(),
            _ => Vec::new(),
        };
        let listed: String = self.fields.iter().map(|field| format!("\n- {}", field.told())).collect();
        let text = if self.prompt.trim().is_empty() || listed.is_empty() {
            self.prompt
        } else {
            format!("{}\n{listed}", self.prompt)
        };
        Question { text, choices, recommendation: None }
    }
}

impl Field {
    fn choices(&self) -> Vec<String> {
        if self.kind.as_deref() == Some("boolean") {
            return vec!["yes".to_owned(), "no".to_owned()];
        }
        self.options.iter().map(Choice::word).collect()
    }

    fn told(&self) -> String {
        let name = self.label.as_deref().or(self.id.as_deref()).unwrap_or("answer");
        let mut rules = Vec::new();
        if self.required == Some(false) {
            rules.push("optional".to_owned());
        }
        rules.extend(self.placeholder.iter().map(|example| format!("for example {example}")));
        let choices = self.choices();
        if !choices.is_empty() {
            rules.push(format!("one of: {}", choices.join(", ")));
        }
        if rules.is_empty() { name.to_owned() } else { format!("{name} ({})", rules.join("; ")) }
    }
}

impl Choice {
    fn word(&self) -> String {
        match self {
            Self::Word(word) | Self::Valued { value: word } => word.clone(),
            Self::Labelled { label, description: None } => label.clone(),
            Self::Labelled { label, description: Some(more) } => format!("{label}: {more}"),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskUser {
    questions: Vec<Asked>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    question: String,
    header: Option<String>,
    #[serde(default)]
    options: Vec<Choice>,
    multi_select: Option<bool>,
}

impl Tool for AskUser {
    const NAME: &'static str = "ask_user";
    const ABOUT: &'static str = "Ask a person about the feature that you hold; it waits for the answer.";

    async fn call(self, caller: &Caller) -> Reply {
        let Some(hold) = caller.connection.held() else {
            return Err(ToolError::new("not_your_task", "you hold no feature that could wait for the answer")
                .hint("claim one first with `feature_claim_and_get`, or leave the question in your last message"));
        };
        let task = caller.queries().task(caller.project(), hold.task).await?;
        let task = task.ok_or_else(|| ToolError::missing("feature", hold.task))?;
        let number = caller.numbers().await?.of_task(task.id);
        caller.ask(&task, number, self.question()).await
    }
}

impl AskUser {
    fn question(self) -> Question {
        let choices = match self.questions.as_slice() {
            [only] if only.multi_select != Some(true) => only.options.iter().map(Choice::word).collect(),
            _ => Vec::new(),
        };
        let texts: Vec<String> = self.questions.iter().map(|asked| asked.told(choices.is_empty())).collect();
        Question { text: texts.join("\n\n"), choices, recommendation: None }
    }
}

impl Asked {
    fn told(&self, with_options: bool) -> String {
        let header = self.header.as_ref().map(|header| format!("{header}: ")).unwrap_or_default();
        let listed = self.options.iter().filter(|_| with_options).map(|choice| format!("\n- {}", choice.word()));
        let many = if self.multi_select == Some(true) { " (several answers are possible)" } else { "" };
        format!("{header}{}{many}{}", self.question, listed.collect::<String>())
    }
}

impl Caller {
    async fn ask(&self, task: &TaskView, number: i64, question: Question) -> Reply {
        let (hold, fence) = self.free_own(task, number)?;
        let asked = ask_task(&self.context(), self.project(), task.id, &fence, question).await;
        let asked = self.ended(&hold, number, asked)?;
        Ok(json!({
            "success": true,
            "feature_id": number,
            "name": asked.name,
            "message": "a person is asked; take another feature, or end your session",
        }))
    }
}
