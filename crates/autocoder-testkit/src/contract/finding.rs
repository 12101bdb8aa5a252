//! What is looked for across plans: graphs, searches and history.

use autocoder_core::changes::Node;
use autocoder_core::event::EventKind;
use autocoder_core::ids::EventId;
use autocoder_core::project::NewProject;
use autocoder_core::view::{GraphEdge, SearchHit};
use autocoder_core::workflow::create_project;

use super::Bed;
use crate::builder::Plan;

pub async fn a_graph_shows_tasks_and_what_waits_for_what(bed: &mut Bed) {
    bed.lay(Plan::new("theirs").phase("One").feature("A").tasks(2)).await;
    let foreign = (bed.phase("One").await.id, bed.feature("A").await.id, bed.project);
    let plan = Plan::new("ours").phase("One").feature("A").task("A 1").task("A 2").after(&["A 1"]);
    let plan = plan.feature("B").task("B 1").after(&["A 2"]).phase("Two").feature("C").task("C 1").after(&["B 1"]);
    bed.lay(plan).await;
    let [a1, a2, b1, c1] = [bed.id("A 1").await, bed.id("A 2").await, bed.id("B 1").await, bed.id("C 1").await];
    let (one, a) = (bed.phase("One").await.id, bed.feature("A").await.id);
    let edge = |task_id, depends_on| GraphEdge { task_id, depends_on };
    let all = [edge(a2, a1), edge(b1, a2), edge(c1, b1)];
    let cases = [
        (None, vec![a1, a2, b1, c1], 3),
        (Some(Node::Project(bed.project)), vec![a1, a2, b1, c1], 3),
        (Some(Node::Phase(one)), vec![a1, a2, b1], 2),
        (Some(Node::Feature(a)), vec![a1, a2], 1),
        (Some(Node::Task(b1)), vec![b1], 0),
        (Some(Node::Phase(foreign.0)), vec![], 0),
        (Some(Node::Feature(foreign.1)), vec![], 0),
        (Some(Node::Project(foreign.2)), vec![], 0),
    ];
    for (within, nodes, edges) in cases {
        let graph = bed.store.queries().graph(bed.project, within).await.unwrap();
        assert_eq!(graph.nodes.iter().map(|node| node.id).collect::<Vec<_>>(), nodes, "{within:?}");
        assert_eq!(graph.edges, all[..edges], "{within:?}");
    }
    let cards = bed.store.queries().tasks(bed.project, &Default::default()).await.unwrap().items;
    assert_eq!(bed.store.queries().graph(bed.project, None).await.unwrap().nodes, cards);
}

pub async fn a_search_finds_names_the_higher_first(bed: &mut Bed) {
    let plan = Plan::new("todo").phase("Todo one").feature("100% todo").task("a_b TODO").task("axb").task("ÄTODO");
    bed.lay(plan).await;
    let other = NewProject { name: "not-todo".into(), path: "/o".into(), ..NewProject::default() };
    create_project(&bed.cx(), other).await.unwrap();
    let found = async |text: &str, limit: u64| -> Vec<SearchHit> {
        bed.store.queries().search(None, text, limit).await.unwrap()
    };
    let names =
        |hits: Vec<SearchHit>| hits.into_iter().map(|hit| format!("{} {}", hit.kind, hit.name)).collect::<Vec<_>>();
    let all =
        ["project todo", "project not-todo", "phase Todo one", "feature 100% todo", "task a_b TODO", "task ÄTODO"];
    assert_eq!(names(found("toDO", 10).await), all);
    assert_eq!(names(found("todo", 3).await), all[..3]);
    assert_eq!(names(found("todo", 0).await), [""; 0]);
    for (text, expected) in [("a_b", "task a_b TODO"), ("0%", "feature 100% todo"), ("ÄTO", "task ÄTODO")] {
        assert_eq!(names(found(text, 10).await), [expected]);
    }
    assert_eq!(found("\\", 10).await, []);
    let ours = bed.store.queries().search(Some(bed.project), "todo", 10).await.unwrap();
    assert_eq!(names(ours), ["project todo", "phase Todo one", "feature 100% todo", "task a_b TODO", "task ÄTODO"]);
    let titled =
        NewProject { name: "shop".into(), title: "Corner store".into(), path: "/s".into(), ..NewProject::default() };
    create_project(&bed.cx(), titled).await.unwrap();
    for text in ["corner", "shop"] {
        assert_eq!(names(found(text, 10).await), ["project Corner store"], "a title and a name find a project");
    }
    let hit = found("axb", 10).await.remove(0);
    assert_eq!((hit.kind, hit.id, hit.project_name.as_str()), ("task", bed.id("axb").await.0, "todo"));
}

pub async fn history_goes_backwards(bed: &mut Bed) {
    bed.lay(Plan::new("other").phase("One").feature("A").tasks(1)).await;
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    bed.work("a").await;
    let mut events = bed.events().await;
    events.reverse();
    let feed = bed.store.feed();
    assert_eq!(feed.before(bed.project, None, 1_000).await.unwrap(), events);
    assert_eq!(feed.before(bed.project, None, 2).await.unwrap(), events[..2]);
    assert_eq!(feed.before(bed.project, Some(events[1].id), 2).await.unwrap(), events[2..4]);
    let first = events.last().unwrap();
    assert_eq!(first.kind, EventKind::ProjectCreated);
    assert_eq!(feed.before(bed.project, Some(first.id), 2).await.unwrap(), []);
    assert_eq!(feed.before(bed.project, Some(EventId(0)), 2).await.unwrap(), []);
}
