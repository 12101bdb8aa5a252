//! Backups: made while others write, put back over a database that nobody uses, and refused when they are unsound.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use autocoder_core::ports::{Store, StoreError};
use autocoder_core::project::NewProject;
use autocoder_core::workflow::create_project;
use autocoder_storage::{
    BackupError, Existing, LockError, OpenOptions, SeaOrmStore, ServerLock, Target, backup, migration_status, restore,
};
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;

use crate::opened::{Opened, on_sqlite};

async fn add(at: &Opened, store: &dyn Store, name: &str) {
    let new = NewProject { name: name.to_owned(), path: "/p".to_owned(), ..NewProject::default() };
    create_project(&at.cx_on(store), new).await.unwrap();
}

async fn names(target: &Target) -> Vec<String> {
    let store = SeaOrmStore::open(target.clone(), OpenOptions::default()).await.unwrap();
    let projects = store.queries().projects().await.unwrap();
    store.close().await.unwrap();
    projects.into_iter().map(|project| project.name).collect()
}

async fn run(path: &Path, sql: &str) {
    let database = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with("lock"));
    names.sort();
    names
}

fn elsewhere(at: &Opened, name: &str) -> PathBuf {
    at.folder.path().join(name)
}

fn database(at: &Opened) -> PathBuf {
    elsewhere(at, "data/autocoder.db")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_under_load_has_everything_acknowledged_before_it_began() {
    let at = Arc::new(on_sqlite().await);
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for number in 0..3 {
        let (at, store, stop) = (at.clone(), at.again().await, stop.clone());
        writers.push(tokio::spawn(async move {
            let mut count = 0;
            while !stop.load(Ordering::Relaxed) {
                add(&at, &store, &format!("w{number}-{count}")).await;
                count += 1;
            }
        }));
    }
    for round in 0..5 {
        let before = at.store.queries().projects().await.unwrap();
        let to = elsewhere(&at, &format!("{round}.db"));
        let made = backup(&at.target, &to, Existing::Keep).await.unwrap();
        assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
        let kept = names(&Target::Sqlite(to)).await;
        let lost: Vec<_> = before.iter().filter(|project| !kept.contains(&project.name)).collect();
        assert!(lost.is_empty(), "{round}: {lost:?}");
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_replaces_a_file_only_when_it_is_told_to_and_never_the_database() {
    let at = on_sqlite().await;
    let to = elsewhere(&at, "b.db");
    fs::write(&to, "mine").unwrap();
    assert!(matches!(backup(&at.target, &to, Existing::Keep).await, Err(BackupError::Exists(_))));
    assert_eq!(fs::read(&to).unwrap(), b"mine");
    backup(&at.target, &to, Existing::Replace).await.unwrap();
    assert!(names(&Target::Sqlite(to.clone())).await.is_empty());
    std::os::unix::fs::symlink(database(&at), elsewhere(&at, "link")).unwrap();
    for same in [database(&at), elsewhere(&at, "data/../data/autocoder.db"), elsewhere(&at, "link")] {
        let refused = backup(&at.target, &same, Existing::Replace).await;
        assert!(matches!(refused, Err(BackupError::Itself(_))), "{refused:?}");
    }
    let refused = backup(&at.target, at.folder.path(), Existing::Replace).await;
    assert!(matches!(refused, Err(BackupError::File { action: "replace", .. })), "{refused:?}");
    let nowhere = backup(&at.target, &elsewhere(&at, "no/b.db"), Existing::Keep).await;
    assert!(matches!(nowhere, Err(BackupError::File { .. })), "{nowhere:?}");
    let missing = Target::Sqlite(elsewhere(&at, "missing.db"));
    assert!(matches!(backup(&missing, &to, Existing::Replace).await, Err(BackupError::Missing { .. })));
    assert!(!elsewhere(&at, "b.db.partial").exists() && !elsewhere(&at, "missing.db").exists());
}

#[tokio::test]
async fn what_a_killed_backup_left_is_taken_over() {
    let at = on_sqlite().await;
    let (to, left) = (elsewhere(&at, "b.db"), elsewhere(&at, "b.db.partial"));
    fs::write(&left, "half of a database").unwrap();
    fs::write(elsewhere(&at, "b.db.partial-wal"), "half of a log").unwrap();
    backup(&at.target, &to, Existing::Keep).await.unwrap();
    assert_eq!(files(at.folder.path()), ["b.db", "data"]);
    fs::remove_file(&to).unwrap();
    let other = fs::File::create(&left).unwrap();
    other.lock().unwrap();
    assert!(matches!(backup(&at.target, &to, Existing::Keep).await, Err(BackupError::Busy(_))));
}

#[tokio::test]
async fn a_restoration_brings_the_backup_and_keeps_the_old_database() {
    let at = on_sqlite().await;
    add(&at, &at.store, "early").await;
    let from = elsewhere(&at, "b.db");
    backup(&at.target, &from, Existing::Keep).await.unwrap();
    add(&at, &at.store, "late").await;
    let Opened { store, target, folder, .. } = at;
    store.close().await.unwrap();
    drop(store);
    let restored = restore(&target, &from).await.unwrap();
    assert_eq!(restored.schema, restored.schema_of_backup);
    assert_eq!(names(&target).await, ["early"]);
    let kept = restored.kept.unwrap();
    assert!(kept.file_name().unwrap().to_string_lossy().starts_with("autocoder.db.before-restore-2"), "{kept:?}");
    assert_eq!(names(&Target::Sqlite(kept.clone())).await, ["early", "late"]);
    // And back again, in the same second or not.
    let second = restore(&target, &kept).await.unwrap();
    assert_ne!(second.kept.unwrap(), kept);
    assert_eq!(names(&target).await, ["early", "late"]);
    let fresh = Target::Sqlite(folder.path().join("new/autocoder.db"));
    assert_eq!(restore(&fresh, &from).await.unwrap().kept, None);
    assert_eq!(names(&fresh).await, ["early"]);
}

#[tokio::test]
async fn a_database_in_use_is_not_replaced() {
    let at = on_sqlite().await;
    let from = elsewhere(&at, "b.db");
    backup(&at.target, &from, Existing::Keep).await.unwrap();
    let refused = restore(&at.target, &from).await;
    assert!(matches!(refused, Err(BackupError::Lock(LockError::InUse))), "{refused:?}");
    let Opened { store, target, folder, .. } = at;
    store.close().await.unwrap();
    drop(store);
    let server = ServerLock::take(&target).unwrap();
    let refused = restore(&target, &from).await;
    assert!(matches!(refused, Err(BackupError::Lock(LockError::Served { pid: Some(_) }))), "{refused:?}");
    drop(server);
    // Another tool that knows nothing of our locks.
    let path = folder.path().join("data/autocoder.db");
    let tool = rusqlite::Connection::open(&path).unwrap();
    tool.query_row("SELECT count(*) FROM projects", [], |row| row.get::<_, i64>(0)).unwrap();
    let refused = restore(&target, &from).await;
    assert!(matches!(refused, Err(BackupError::Lock(LockError::InUse))), "{refused:?}");
    drop(tool);
    let before = files(path.parent().unwrap());
    assert_eq!(before, ["autocoder.db"]);
    restore(&target, &from).await.unwrap();
}

#[tokio::test]
async fn an_unsound_backup_changes_nothing() {
    let at = on_sqlite().await;
    add(&at, &at.store, "kept").await;
    let good = elsewhere(&at, "good.db");
    backup(&at.target, &good, Existing::Keep).await.unwrap();
    let Opened { store, target, folder, .. } = at;
    store.close().await.unwrap();
    drop(store);
    let bytes = fs::read(&good).unwrap();
    let mut torn = bytes.clone();
    torn[4096 * 3..4096 * 6].fill(0xa5);
    let cases: [(&str, Vec<u8>); 5] = [
        ("text", b"this is no database at all".repeat(400)),
        ("empty", Vec::new()),
        ("half", bytes[..bytes.len() / 2].to_vec()),
        ("torn", torn),
        ("newer", bytes.clone()),
    ];
    for (name, content) in cases {
        let from = folder.path().join(name);
        fs::write(&from, content).unwrap();
        if name == "newer" {
            run(&from, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_later', 0)").await;
        }
        let refused = restore(&target, &from).await.unwrap_err();
        let fits = match name {
            "text" | "empty" => matches!(refused, BackupError::Foreign { .. }),
            "newer" => matches!(refused, BackupError::Store(StoreError::Newer { .. })),
            _ => matches!(refused, BackupError::Foreign { .. } | BackupError::Damaged { .. }),
        };
        assert!(fits, "{name}: {refused:?}");
    }
    let foreign = folder.path().join("foreign");
    run(Path::new(&format!("{}?mode=rwc", foreign.display())), "CREATE TABLE t (a)").await;
    assert!(matches!(restore(&target, &foreign).await, Err(BackupError::Foreign { .. })));
    let missing = restore(&target, &folder.path().join("missing")).await;
    assert!(matches!(missing, Err(BackupError::Missing { what: "backup", .. })));
    assert_eq!(files(&folder.path().join("data")), ["autocoder.db"]);
    assert_eq!(names(&target).await, ["kept"]);
}

#[tokio::test]
async fn a_damaged_database_is_replaced_and_kept_with_its_log() {
    let at = on_sqlite().await;
    add(&at, &at.store, "kept").await;
    let good = elsewhere(&at, "good.db");
    backup(&at.target, &good, Existing::Keep).await.unwrap();
    let Opened { store, target, folder, .. } = at;
    store.close().await.unwrap();
    drop(store);
    let data = folder.path().join("data");
    fs::write(data.join("autocoder.db"), "rubbish".repeat(1000)).unwrap();
    fs::write(data.join("autocoder.db-wal"), "rubbish").unwrap();
    let kept = restore(&target, &good).await.unwrap().kept.unwrap();
    assert_eq!(names(&target).await, ["kept"]);
    assert_eq!(fs::read(&kept).unwrap(), "rubbish".repeat(1000).as_bytes());
    assert!(fs::exists(format!("{}-wal", kept.display())).unwrap());
}

#[tokio::test]
async fn an_older_backup_is_brought_up_to_date() {
    let at = on_sqlite().await;
    let from = elsewhere(&at, "old.db");
    let old = Database::connect(format!("sqlite://{}?mode=rwc", from.display())).await.unwrap();
    migration::Migrator::up(&old, Some(1)).await.unwrap();
    old.close().await.unwrap();
    let Opened { store, target, folder: _folder, .. } = at;
    store.close().await.unwrap();
    drop(store);
    let restored = restore(&target, &from).await.unwrap();
    assert_ne!(restored.schema, restored.schema_of_backup);
    assert!(migration_status(&target).await.unwrap().pending.is_empty());
    assert!(names(&target).await.is_empty());
}
