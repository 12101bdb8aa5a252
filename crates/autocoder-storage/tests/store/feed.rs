//! The feed: every event once, in the order of commits.

use autocoder_core::ids::EventId;
use autocoder_core::ports::Store;
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::workflow::{create_project, edit_project};

use crate::opened::on_each;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_meets_every_event_of_concurrent_writers_once() {
    on_each(async |at| {
        let at = std::sync::Arc::new(at);
        let mut writers = Vec::new();
        for number in 0..4 {
            let at = at.clone();
            writers.push(tokio::spawn(async move {
                let new = NewProject { name: format!("p{number}"), path: "/p".to_owned(), ..NewProject::default() };
                let id = create_project(&at.cx(), new).await.unwrap().id;
                for round in 0..20 {
                    let patch = ProjectPatch { title: Some(format!("T{round}")), ..ProjectPatch::default() };
                    edit_project(&at.cx(), id, patch).await.unwrap();
                }
            }));
        }
        let (mut cursor, mut seen) = (EventId(0), Vec::new());
        while seen.len() < 84 {
            for event in at.store.feed().after(cursor, None, 7).await.unwrap() {
                cursor = event.id;
                seen.push(event);
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(at.store.feed().after(cursor, None, 7).await.unwrap(), []);
        assert_eq!(at.store.feed().newest().await.unwrap(), cursor);
        let first = seen[0].project_id;
        let ours: Vec<_> = seen.iter().filter(|event| event.project_id == first).cloned().collect();
        assert_eq!(ours.len(), 21);
        assert!(ours.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert_eq!(at.store.feed().after(EventId(0), Some(first), 100).await.unwrap(), ours);
    })
    .await;
}
