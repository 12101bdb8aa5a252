//! What was answered to requests that carried a key, in memory.

use async_trait::async_trait;

use super::MemoryStore;
use crate::ports::{Out, Receipts};
use crate::request::{Receipt, Reply, RequestKey};
use crate::time::Timestamp;

#[async_trait]
impl Receipts for MemoryStore {
    async fn receipt(&self, key: &RequestKey) -> Out<Option<Receipt>> {
        Ok(self.lock().receipts.get(&(key.principal.clone(), key.key.clone())).cloned())
    }

    async fn keep_reply(&self, key: &RequestKey, reply: &Reply) -> Out<()> {
        if let Some(receipt) = self.lock().receipts.get_mut(&(key.principal.clone(), key.key.clone())) {
            receipt.reply.get_or_insert_with(|| reply.clone());
        }
        Ok(())
    }

    async fn forget_receipts(&self, before: Timestamp) -> Out<u64> {
        let mut state = self.lock();
        let all = state.receipts.len();
        state.receipts.retain(|_, receipt| receipt.at >= before);
        Ok((all - state.receipts.len()) as u64)
    }
}
