//! What was answered to requests that carried a key.

use async_trait::async_trait;
use crate::ports::{Out, Receipts, StoreError};
use crate::request::{Receipt, Reply, RequestKey};
use crate::time::Timestamp;
use super::MemoryStore;

#[async_trait]
impl Receipts for MemoryStore {
    async fn receipt(&self, _: &RequestKey) -> Out<Option<Receipt>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn keep_reply(&self, _: &RequestKey, _: &Reply) -> Out<()> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn forget_receipts(&self, _: Timestamp) -> Out<u64> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
}
