//! `hostile`: texts that try to be something else, and texts as long as the limits allow.

use autocoder_core::agent::Role;
use autocoder_core::limits::{CATEGORY_CHARS, NAME_CHARS, STEP_CHARS, TEXT_BYTES};
use autocoder_core::task::Question;
use autocoder_core::workflow;
use serde_json::json;

use super::author::{Author, Ending};
use crate::exit::Failure;

/// Would set `window.hacked` if any of it ran.
const MARKUP: &str = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";
const RIGHT_TO_LEFT: &str = "سلة التسوق \u{202e}txt.exe עגלת קניות";
const EMOJI: &str = "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!";

pub(super) async fn write(author: &mut Author) -> Result<(), Failure> {
    author.before_end(3 * 86_400);
    let plan = plan().to_string();
    let project = author.project("hostile", MARKUP, plan.as_bytes()).await?;
    author.agent(&project, "coder-1", Role::Coder).await?;
    workflow::start_project(&author.cx(), project.id).await?;
    author.finish(&project, "coder-1", 2).await?;
    let question = Question {
        text: format!("{MARKUP}\n\n{RIGHT_TO_LEFT}\n[a link](javascript:window.hacked=1)"),
        choices: vec![MARKUP.to_owned(), RIGHT_TO_LEFT.to_owned()],
        recommendation: Some("W".repeat(300)),
    };
    author.work(&project, "coder-1", Ending::Asks(question)).await?;
    Ok(())
}

fn plan() -> serde_json::Value {
    let unbroken = "W".repeat(NAME_CHARS);
    let markdown = format!(
        "{MARKUP}\n\n# {RIGHT_TO_LEFT}\n\n[a link](javascript:window.hacked=1) ![a picture](http://tracker.invalid/x.png)\n\n\
         | a | b |\n|---|---|\n| {} | {EMOJI} |\n\n```\n{}\n```\n",
        "W".repeat(200),
        "x".repeat(2_000)
    );
    let long = "A very long text. ".repeat((TEXT_BYTES - markdown.len()) / 18);
    let task = |name: &str| {
        json!({
            "name": name, "category": "W".repeat(CATEGORY_CHARS), "description": format!("{markdown}{long}"),
            "steps": [MARKUP, RIGHT_TO_LEFT, "W".repeat(STEP_CHARS), EMOJI],
        })
    };
    let feature = |name: &str| json!({ "name": name, "description": long, "spec": markdown });
    let mut features = vec![feature(MARKUP), feature(&unbroken), feature(EMOJI)];
    let names = [MARKUP, RIGHT_TO_LEFT, &unbroken, EMOJI, "constructor", "__proto__", "null", "%00%2e%2e"];
    if let Some(first) = features.first_mut() {
        first["tasks"] = names.iter().map(|name| task(name)).collect();
    }
    json!({
        "version": 1,
        "project": { "description": markdown },
        "phases": [
            { "name": MARKUP, "description": long, "features": features },
            { "name": unbroken, "features": [feature(RIGHT_TO_LEFT)] },
            { "name": RIGHT_TO_LEFT },
        ],
    })
}
