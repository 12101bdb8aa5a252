//! Versions of prices, which are written once and never changed.

use autocoder_core::ports::Out;
use autocoder_core::price::{ModelPrices, Price};
use sea_orm::QueryResult;
use serde_json::{Value, json};

use crate::entity::field;
use crate::link::{Link, list};

const COLUMNS: &str = "model, input, output, cache_read, cache_write_5m, cache_write_1h";

pub(crate) async fn prices(link: &Link, version: &str) -> Out<ModelPrices> {
    let sql = format!("SELECT {COLUMNS} FROM prices WHERE version = $1 ORDER BY model");
    let rows = link.all("reading prices", &sql, [version.into()]).await?;
    rows.iter().map(|row| Ok((field(row, "model")?, price(row)?))).collect()
}

/// Writes a version; one that is there stays as it is.
pub(crate) async fn keep(link: &Link, version: &str, prices: &ModelPrices) -> Out<()> {
    let known = link.one("reading prices", "SELECT 1 AS one FROM prices WHERE version = $1 LIMIT 1", [version.into()]);
    if known.await?.is_some() {
        return Ok(());
    }
    let rows: Vec<Value> = prices.iter().map(|(model, price)| json!([model, counts(price)])).collect();
    let counts = (0..5).map(|index| format!("CAST(k.value -> 1 ->> {index} AS BIGINT)"));
    let sql = format!(
        "INSERT INTO prices (version, {COLUMNS}) SELECT $2, CAST(k.value ->> 0 AS TEXT), {} FROM {} AS k",
        counts.collect::<Vec<_>>().join(", "),
        list(link.backend(), 1)
    );
    link.run("writing prices", &sql, [Value::from(rows).to_string().into(), version.into()]).await.map(drop)
}

fn counts(price: &Price) -> [i64; 5] {
    let count = |price: u64| i64::try_from(price).unwrap_or(i64::MAX);
    [price.input, price.output, price.cache_read, price.cache_write_5m, price.cache_write_1h].map(count)
}

fn price(row: &QueryResult) -> Out<Price> {
    let count = |name: &str| Out::Ok(u64::try_from(field::<i64>(row, name)?).unwrap_or(0));
    Ok(Price {
        input: count("input")?,
        output: count("output")?,
        cache_read: count("cache_read")?,
        cache_write_5m: count("cache_write_5m")?,
        cache_write_1h: count("cache_write_1h")?,
    })
}
