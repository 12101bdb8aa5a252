//! Files, schemas, transactions and several processes on one database.

use std::os::unix::fs::PermissionsExt;

use autocoder_core::changes::{Changes, Row};
use autocoder_core::event::EventKind;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Scope, Store, StoreError};
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::workflow::{create_project, edit_project};
use autocoder_storage::{MigrationStatus, OpenOptions, SeaOrmStore, Target, migration_status};
use autocoder_testkit::builder::Plan;
use sea_orm::{ConnectionTrait, Database};

use crate::opened::{Opened, on_each, on_sqlite};

async fn project(at: &Opened, name: &str) -> ProjectId {
    let new = NewProject { name: name.to_owned(), path: "/p".to_owned(), ..NewProject::default() };
    create_project(&at.cx(), new).await.unwrap().id
}

async fn versions(at: &Opened) -> i64 {
    at.store.queries().projects().await.unwrap().iter().map(|project| project.version).sum()
}

async fn run(target: &Target, sql: &str) {
    let url = match target {
        Target::Sqlite(path) => format!("sqlite://{}", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    let database = Database::connect(url).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_named() {
    on_each(async |at| {
        let status = migration_status(&at.target).await.unwrap();
        assert_eq!((status.pending.len(), status.newer.len()), (0, 0));
        at.store.close().await.unwrap();
        run(&at.target, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_later', 0)")
            .await;
        let refused = SeaOrmStore::open(at.target.clone(), OpenOptions::default()).await.err().unwrap();
        assert!(
            matches!(refused, StoreError::Newer { ref found, .. } if found == "m99990101_000001_later"),
            "{refused}"
        );
        assert_eq!(migration_status(&at.target).await.unwrap().newer, ["m99990101_000001_later"]);
    })
    .await;
}

#[tokio::test]
async fn without_migrating_an_old_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("a.db"));
    let MigrationStatus { applied, pending, .. } = migration_status(&target).await.unwrap();
    assert_eq!((applied.len(), pending.is_empty()), (0, false));
    let options = OpenOptions { migrate: false, ..OpenOptions::default() };
    let refused = SeaOrmStore::open(target, options).await.err().unwrap();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
}

#[tokio::test]
async fn two_openers_of_one_new_database_migrate_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("a.db"));
    let open = || SeaOrmStore::open(target.clone(), OpenOptions::default());
    let (one, two, three) = tokio::join!(open(), open(), open());
    assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{:?}", [one.err(), two.err(), three.err()]);
}

#[tokio::test]
async fn the_file_and_its_folder_belong_to_their_owner_alone() {
    let at = on_sqlite().await;
    let mode = |path: &str| at.folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/autocoder.db")), (0o700, 0o600));
}

#[tokio::test]
async fn a_dropped_unit_leaves_nothing_and_holds_nothing() {
    on_each(async |at| {
        let id = project(&at, "kept").await;
        for _ in 0..3 {
            let mut unit = at.store.begin(Scope::Project(id)).await.unwrap();
            unit.new_ids(5).await.unwrap();
            let mut changes = Changes::new(id, at.actor.clone(), unit.now());
            let mut row = unit.standing(None).await.unwrap().project;
            row.title = "Never".to_owned();
            row.version += 7;
            changes.project(Row::Changed(row), EventKind::ProjectUpdated);
            let refused = unit.commit(changes).await.unwrap_err();
            assert!(matches!(refused, StoreError::Stale { noun: "project", .. }), "{refused}");
            drop(at.store.begin(Scope::Project(id)).await.unwrap());
        }
        let newest = at.store.feed().newest().await.unwrap();
        let patch = ProjectPatch { title: Some("Kept".to_owned()), ..ProjectPatch::default() };
        edit_project(&at.cx(), id, patch).await.unwrap();
        let events = at.store.feed().after(newest, None, 10).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(at.store.queries().project("kept").await.unwrap().unwrap().title, "Kept");
    })
    .await;
}

#[tokio::test]
async fn a_unit_of_a_missing_project_is_stale() {
    on_each(async |at| {
        let refused = match at.store.begin(Scope::Project(ProjectId(99))).await {
            Err(refused) => refused,
            Ok(mut unit) => unit.standing(None).await.unwrap_err(),
        };
        assert!(matches!(refused, StoreError::Stale { noun: "project", .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn an_opened_again_database_has_everything() {
    on_each(async |at| {
        let plan = Plan::new("todo").phase("One").feature("Lists").task("a").task("b").after(&["a"]);
        let id = plan.create(&at.cx()).await.unwrap();
        let before = at.store.queries().plan(id).await.unwrap();
        assert_eq!((before.tasks.len(), before.edges.len()), (2, 1));
        at.store.close().await.unwrap();
        let again = at.again().await;
        assert_eq!(again.queries().plan(id).await.unwrap(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stores_that_write_one_file_at_once_all_succeed() {
    let at = std::sync::Arc::new(on_sqlite().await);
    let ids = [project(&at, "one").await, project(&at, "two").await];
    let before = versions(&at).await;
    let mut writers = Vec::new();
    for number in 0..6 {
        let (at, store) = (at.clone(), at.again().await);
        writers.push(tokio::spawn(async move {
            for round in 0..20 {
                let patch = ProjectPatch { title: Some(format!("{number} {round}")), ..ProjectPatch::default() };
                edit_project(&at.cx_on(&store), ids[number % 2], patch).await.unwrap();
                store.queries().projects().await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(versions(&at).await - before, 120);
}
