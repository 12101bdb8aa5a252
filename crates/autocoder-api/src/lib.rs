//! The hosted API: REST, live events, OpenAPI and webhooks over the use cases.
