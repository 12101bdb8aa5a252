//! A report of usage as text: Markdown, HTML and CSV. Everything that comes from outside is escaped.

mod csv;
mod document;
mod html;
mod markdown;
mod text;

pub use csv::csv;
pub use html::html;
pub use markdown::markdown;
pub use text::{bar, forecast_line, grouped, sparkline, usd};
