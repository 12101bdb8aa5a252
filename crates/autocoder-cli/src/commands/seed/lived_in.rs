//! Projects in every state: one at its gate, one in the middle of its work, paused, completed, archived and empty.

use autocoder_core::agent::Role;
use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetScope, NewBudget, Period};
use autocoder_core::feature::NewFeature;
use autocoder_core::project::Project;
use autocoder_core::task::{NewTask, Prerequisite, Question};
use autocoder_core::workflow;

use super::author::{Author, Ending};
use crate::exit::Failure;

const SHOP: &[u8] = include_bytes!("shop.yaml");
const TODO: &[u8] = include_bytes!("../../../../../examples/todo-app.yaml");
const DAY: i64 = 86_400;
const MORE: [&str; 20] = [
    "Paste adds several items",
    "The input keeps its focus",
    "A date in the text becomes a due date",
    "Items can be dragged into order",
    "A swipe completes an item",
    "Long texts wrap",
    "Links in items open in a new tab",
    "A tag begins with #",
    "Tags filter the list",
    "Undo brings an item back",
    "Two tabs show the same items",
    "The list prints on one page",
    "An item can repeat every week",
    "Items sort by age",
    "A sound when all is done",
    "Items come in from a text file",
    "Items go out as CSV",
    "The title shows what is left",
    "Dark colours at night",
    "A search finds parts of words",
];

pub(super) async fn write(author: &mut Author) -> Result<(), Failure> {
    at_its_gate(author).await?;
    at_work(author).await?;
    others(author).await
}

/// `e-commerce`: one phase approved, the second waits for its approval.
async fn at_its_gate(author: &mut Author) -> Result<(), Failure> {
    author.before_end(26 * DAY);
    let shop = author.project("e-commerce", "E-Commerce", SHOP).await?;
    crew(author, &shop).await?;
    workflow::start_project(&author.cx(), shop.id).await?;
    author.finish(&shop, "coder-1", 20).await?;
    author.before_end(18 * DAY);
    author.approve(&shop, "Works on my phone. The search could be faster, later.").await?;
    author.before_end(15 * DAY);
    author.work(&shop, "coder-2", Ending::Fails).await?;
    author.wait(DAY);
    while author.work(&shop, "coder-1", Ending::Passes).await? {
        author.wait(DAY / 3);
    }
    author.before_end(2 * DAY);
    author.finish(&shop, "coder-1", 40).await?;
    let budget = NewBudget {
        scope: BudgetScope::Project(shop.id),
        measure: BudgetMeasure::Tokens,
        amount: 4_000_000,
        period: Period::Monthly { reset_day: 1, time_zone: "UTC".to_owned() },
        mode: BudgetMode::Warn,
    };
    workflow::add_budget(&author.cx(), budget).await?;
    Ok(())
}

/// `todo-app`: tasks in every state, and a spec that is being written.
async fn at_work(author: &mut Author) -> Result<(), Failure> {
    author.before_end(6 * DAY);
    let todo = author.project("todo-app", "To-do list", TODO).await?;
    crew(author, &todo).await?;
    workflow::start_project(&author.cx(), todo.id).await?;
    author.finish(&todo, "coder-1", 40).await?;
    author.before_end(4 * DAY);
    author.approve(&todo, "").await?;
    more_tasks(author, &todo).await?;
    author.finish(&todo, "coder-1", 6).await?;
    author.before_end(2 * DAY);
    for _ in 0..3 {
        author.work(&todo, "coder-2", Ending::Fails).await?;
        author.wait(3_700);
    }
    let question = Question {
        text: "Should deleted items be kept for Undo?".to_owned(),
        choices: vec!["Keep them for 8 seconds".to_owned(), "Delete at once".to_owned()],
        recommendation: Some("Keep them for 8 seconds".to_owned()),
    };
    author.work(&todo, "coder-2", Ending::Asks(question)).await?;
    author.before_end(DAY);
    author.finish(&todo, "coder-1", 3).await?;
    author.before_end(50);
    author.work(&todo, "coder-1", Ending::GoesOn).await?;
    spec(author, &todo).await
}

/// Enough work in one feature to fill a board.
async fn more_tasks(author: &Author, todo: &Project) -> Result<(), Failure> {
    let features = author.installation.queries().features(todo.id, None).await?;
    let Some(feature) = features.iter().find(|feature| feature.name == "Adding items") else { return Ok(()) };
    let tasks = MORE.iter().enumerate().map(|(place, name)| {
        let (category, complexity) = if place % 3 == 0 { ("style", 1) } else { ("functional", 3) };
        NewTask { category: category.to_owned(), complexity, ..task(name, &[]) }
    });
    workflow::create_tasks(&author.cx(), todo.id, feature.id, tasks.collect()).await?;
    Ok(())
}

fn task(name: &str, depends_on: &[usize]) -> NewTask {
    NewTask {
        name: name.to_owned(),
        category: "functional".to_owned(),
        description: format!("{name}, as the spec says."),
        steps: vec!["Do it as a person would".to_owned(), "See that it holds".to_owned()],
        complexity: 2,
        priority: 500,
        depends_on: depends_on.iter().map(|place| Prerequisite::Sibling(*place)).collect(),
    }
}

/// A conversation that stands at its proposals.
async fn spec(author: &Author, todo: &Project) -> Result<(), Failure> {
    let new = NewFeature {
        name: "Keyboard shortcuts".to_owned(),
        description: "Everything a mouse can do, a keyboard can do.".to_owned(),
        ..NewFeature::default()
    };
    let feature = workflow::add_feature(&author.cx(), todo.id, new).await?.id;
    workflow::start_spec(&author.cx(), todo.id, feature).await?;
    let talk = [
        ("person", "One key for each action; nothing that clashes with the browser."),
        (
            "writer-1",
            "I suggest `n` for a new item, `x` to complete one and `/` to search. Should they work while typing?",
        ),
        ("person", "Not while typing."),
    ];
    author.discuss(todo, feature, &talk).await?;
    let text = "# Keyboard shortcuts\n\nOne key for each action.\n\n## Accepted when\n\n- `n` opens a new item.\n\
                - `x` completes the selected item.\n- No key does anything while a person types.\n";
    workflow::set_spec(&author.cx(), todo.id, feature, text.to_owned()).await?;
    let tasks = vec![
        task("`n` opens a new item", &[]),
        task("`x` completes an item", &[0]),
        task("Keys rest while typing", &[0]),
    ];
    workflow::propose_tasks(&author.cx(), todo.id, feature, tasks).await?;
    Ok(())
}

/// A project of each other state.
async fn others(author: &mut Author) -> Result<(), Failure> {
    for (name, title) in [("blog", "Blog"), ("landing-page", "Landing page"), ("old-shop", "Old shop")] {
        author.before_end(20 * DAY);
        let plan = small_plan(title);
        let project = author.project(name, title, plan.as_bytes()).await?;
        author.agent(&project, "coder-1", Role::Coder).await?;
        workflow::start_project(&author.cx(), project.id).await?;
        let most = if name == "landing-page" { 9 } else { 1 };
        author.finish(&project, "coder-1", most).await?;
        match name {
            "blog" => workflow::pause_project(&author.cx(), project.id).await.map(drop)?,
            "landing-page" => author.approve(&project, "").await?,
            _ => workflow::archive_project(&author.cx(), project.id).await.map(drop)?,
        }
    }
    author.before_end(DAY);
    author.project("new-idea", "A new idea", b"").await?;
    Ok(())
}

fn small_plan(title: &str) -> String {
    format!(
        "version: 1\nproject: {{description: \"{title} for a small company.\"}}\nphases:\n  - name: First pages\n    features:\n      \
         - name: Home\n        tasks:\n          - name: The home page loads\n          - name: The menu works on a phone\n"
    )
}

async fn crew(author: &Author, project: &Project) -> Result<(), Failure> {
    author.agent(project, "coder-1", Role::Coder).await?;
    author.agent(project, "coder-2", Role::Coder).await?;
    author.agent(project, "writer-1", Role::SpecWriter).await
}
