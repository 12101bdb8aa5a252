//! autocoder-storage.
