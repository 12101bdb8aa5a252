//! What was answered to requests that carried a key.

use async_trait::async_trait;
use autocoder_core::ports::{Out, Receipts};
use autocoder_core::request::{Receipt, Reply, RequestKey};
use autocoder_core::time::Timestamp;

use crate::entity::{columns, receipt};
use crate::read::first;
use crate::store::SeaOrmStore;

#[async_trait]
impl Receipts for SeaOrmStore {
    async fn receipt(&self, key: &RequestKey) -> Out<Option<Receipt>> {
        let columns = columns::<receipt::Entity>("r", "");
        let sql = format!(r#"SELECT {columns} FROM idempotency_keys r WHERE r.principal = $1 AND r."key" = $2"#);
        let values = [key.principal.as_str().into(), key.key.as_str().into()];
        let row = self.reader().one("loading a receipt", &sql, values).await?;
        first::<receipt::Model, _>(row.as_ref(), "")
    }

    async fn keep_reply(&self, key: &RequestKey, reply: &Reply) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        let sql = r#"UPDATE idempotency_keys SET status = $3, body = $4, etag = $5, location = $6
                     WHERE principal = $1 AND "key" = $2 AND status IS NULL"#;
        let (principal, key) = (key.principal.as_str().into(), key.key.as_str().into());
        let (etag, location) = (reply.etag.as_deref().into(), reply.location.as_deref().into());
        let values = [principal, key, i32::from(reply.status).into(), reply.body.as_str().into(), etag, location];
        link.run("keeping a reply", sql, values).await?;
        link.commit().await
    }

    async fn forget_receipts(&self, before: Timestamp) -> Out<u64> {
        let (link, _turn) = self.writing().await?;
        let sql = "DELETE FROM idempotency_keys WHERE at < $1";
        let gone = link.run("forgetting receipts", sql, [before.0.into()]).await?;
        link.commit().await.map(|()| gone)
    }
}
