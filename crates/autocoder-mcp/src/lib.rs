//! autocoder-mcp.
