//! Reads the feature list of the legacy tool, of any of its versions, from a copy: the file itself is only ever read.

mod error;

pub use error::LegacyError;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use autocoder_core::plan::legacy::LegacyRow;
use autocoder_core::task::TaskStatus;
use sea_orm::sqlx::sqlite::SqlitePoolOptions;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, SqlxSqliteConnector, Statement, TryGetable,
};

use crate::sqlite::options;

/// Beyond this it is no list that a person ever had.
const MOST_BYTES: u64 = 1 << 30;
const MOST_ROWS: usize = 100_000;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Without these nothing can be said about a task.
const NEEDED: [&str; 3] = ["id", "name", "passes"];
/// Fields that are yes or no.
const FLAGS: [&str; 3] = ["passes", TaskStatus::InProgress.as_str(), "needs_human_input"];
/// All others, in the order in which they are read.
const TEXTS: [&str; 8] = [
    "priority",
    "category",
    "name",
    "description",
    "steps",
    "dependencies",
    "human_input_request",
    "human_input_response",
];

/// The rows of the list in `file`, by id. What a running tool has not folded into the file yet (`-wal`) counts too.
///
/// # Errors
/// [`LegacyError`]; nothing was changed.
pub async fn read_legacy(file: &Path) -> Result<Vec<LegacyRow>, LegacyError> {
    let folder = tempfile::tempdir().map_err(LegacyError::Room)?;
    let copy = copied(file, folder.path())?;
    let pool = SqlitePoolOptions::new().max_connections(1);
    // A view or a virtual table of a stranger's file calls no function with an effect.
    let pool = pool.connect_with(options(&copy).pragma("trusted_schema", "OFF")).await;
    let pool = pool.map_err(|error| LegacyError::Damaged { file: file.into(), detail: error.to_string() })?;
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let read = rows(&connection, file).await;
    let closed = connection.close().await;
    let found = read?;
    closed.map_err(|error| damaged(file, &error))?;
    Ok(found)
}

fn copied(file: &Path, folder: &Path) -> Result<PathBuf, LegacyError> {
    let unreadable = |source| LegacyError::Unreadable { file: file.into(), source };
    let about = fs::metadata(file).map_err(unreadable)?;
    if !about.is_file() {
        return Err(LegacyError::NotSqlite(file.into()));
    }
    if about.len() > MOST_BYTES {
        return Err(LegacyError::TooLarge(file.into()));
    }
    let mut begin = Vec::new();
    fs::File::open(file).and_then(|file| file.take(16).read_to_end(&mut begin)).map_err(unreadable)?;
    if begin != MAGIC {
        return Err(LegacyError::NotSqlite(file.into()));
    }
    let copy = folder.join("features.db");
    fs::write(&copy, fs::read(file).map_err(unreadable)?).map_err(LegacyError::Room)?;
    for end in ["-wal", "-journal"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        let (from, to) = (beside(file), beside(&copy));
        if from.is_file() {
            fs::write(to, fs::read(from).map_err(unreadable)?).map_err(LegacyError::Room)?;
        }
    }
    Ok(copy)
}

async fn rows(connection: &DatabaseConnection, file: &Path) -> Result<Vec<LegacyRow>, LegacyError> {
    let columns = columns(connection, file).await?;
    if columns.is_empty() {
        return Err(LegacyError::NoTable(file.into()));
    }
    if let Some(field) = NEEDED.iter().find(|name| !columns.iter().any(|column| column == *name)) {
        return Err(LegacyError::NoColumn { file: file.into(), field });
    }
    let sql = format!("SELECT {} FROM features ORDER BY id LIMIT {}", fields(&columns), MOST_ROWS + 1);
    let found = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
    let found = found.map_err(|error| damaged(file, &error))?;
    if found.len() > MOST_ROWS {
        return Err(LegacyError::TooLarge(file.into()));
    }
    let mut rows: Vec<LegacyRow> = Vec::with_capacity(found.len());
    for result in &found {
        let row = Fields { result, file }.row()?;
        if rows.last().is_some_and(|last| last.id == row.id) {
            return Err(LegacyError::SameId { file: file.into(), id: row.id });
        }
        rows.push(row);
    }
    Ok(rows)
}

async fn columns(connection: &DatabaseConnection, file: &Path) -> Result<Vec<String>, LegacyError> {
    let sql = "SELECT lower(c.name) FROM sqlite_schema t, pragma_table_info(t.name) c \
               WHERE t.type = 'table' AND lower(t.name) = 'features'";
    let found = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
    let found = found.map_err(|error| damaged(file, &error))?;
    found.iter().map(|row| row.try_get_by_index(0).map_err(|error| damaged(file, &error))).collect()
}

/// Every field of a row in a fixed place: NULL for a column that this version does not have.
fn fields(columns: &[String]) -> String {
    let there = |name: &str| columns.iter().any(|column| column == name);
    let text = |name: &str| if there(name) { format!("CAST({name} AS BLOB)") } else { "NULL".to_owned() };
    // 2: neither yes nor no.
    let flag = |name: &str| {
        let yes = format!("{name} IN (1, '1') OR lower({name}) IN ('true', 't')");
        let no = format!("{name} IS NULL OR {name} IN (0, '0', '') OR lower({name}) IN ('false', 'f')");
        if there(name) { format!("CASE WHEN {yes} THEN 1 WHEN {no} THEN 0 ELSE 2 END") } else { "0".to_owned() }
    };
    let id = "CASE typeof(id) WHEN 'integer' THEN id END".to_owned();
    [vec![id], FLAGS.map(flag).to_vec(), TEXTS.map(text).to_vec()].concat().join(", ")
}

struct Fields<'a> {
    result: &'a QueryResult,
    file: &'a Path,
}

impl Fields<'_> {
    fn row(&self) -> Result<LegacyRow, LegacyError> {
        let id = self.get::<Option<i64>>(0)?.ok_or_else(|| LegacyError::NoId(self.file.into()))?;
        let mut unclear = Vec::new();
        let mut flags = [false; FLAGS.len()];
        for (place, (flag, name)) in flags.iter_mut().zip(FLAGS).enumerate() {
            let said = self.get::<i64>(1 + place)?;
            *flag = said == 1;
            unclear.extend((said == 2).then_some(name));
        }
        let mut texts: [Option<String>; TEXTS.len()] = std::array::from_fn(|_| None);
        for (place, (text, name)) in texts.iter_mut().zip(TEXTS).enumerate() {
            *text = self.text(id, 1 + FLAGS.len() + place, name)?;
        }
        let [passes, in_progress, needs_input] = flags;
        let [priority, category, name, description, steps, dependencies, request, response] = texts;
        let texts = LegacyRow { priority, category, name, description, steps, dependencies, ..LegacyRow::default() };
        Ok(LegacyRow { id, passes, in_progress, needs_input, unclear, request, response, ..texts })
    }

    fn get<T: TryGetable>(&self, index: usize) -> Result<T, LegacyError> {
        self.result.try_get_by_index(index).map_err(|error| damaged(self.file, &error))
    }

    fn text(&self, id: i64, index: usize, field: &'static str) -> Result<Option<String>, LegacyError> {
        let bytes = self.get::<Option<Vec<u8>>>(index)?;
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|_| LegacyError::NotText { file: self.file.into(), id, field })
    }
}

fn damaged(file: &Path, error: &DbErr) -> LegacyError {
    LegacyError::Damaged { file: file.into(), detail: error.to_string() }
}
