//! `autocoder usage prices`: what tokens cost.

use std::path::{Path, PathBuf};

use autocoder_core::error::Refused;
use autocoder_usage::price::{PriceChange, change_prices, parse, read_prices};
use autocoder_usage::view::{PriceSource, PricesView};
use clap::Args;
use serde_json::Value;

use crate::exit::Failure;
use crate::input;
use crate::output::table;
use crate::root::Root;

/// Show what tokens cost, or put other prices in force
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage prices
  autocoder usage prices --json > prices.json
  autocoder usage prices --update prices.json
  autocoder usage prices --built-in

A file has our own shape (USD per million tokens) or is LiteLLM's table of models:
  {\"version\": \"2026-11-23\", \"models\": {\"gpt-6\": {\"input\": \"1.25\", \"output\": \"10\"}}}
What was recorded before keeps its cost.")]
pub(crate) struct Prices {
    /// Put the prices of this file (JSON or TOML, - for standard input) in force instead of those before
    #[arg(long, value_name = "FILE")]
    update: Option<PathBuf>,
    /// Go back to the prices that came with this program
    #[arg(long, conflicts_with = "update")]
    built_in: bool,
}

impl Prices {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let change = match &self.update {
            Some(path) => {
                let new = parse(&document(path)?).map_err(Refused::Invalid)?;
                Some(PriceChange::New(new))
            }
            None => self.built_in.then_some(PriceChange::BuiltIn),
        };
        let installation = root.open().await?;
        let table = match change {
            Some(change) => change_prices(&installation.context(), change).await?,
            None => read_prices(&*installation.store).await?,
        };
        let view = PricesView::from(table);
        if self.update.is_some() || self.built_in {
            return root.output.done(&view, &format!("prices {} are in force", view.version));
        }
        root.output.show(&view, |view| shown(root, view))
    }
}

fn document(path: &Path) -> Result<Value, Failure> {
    let text = input::read_text(path)?;
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let read = if is_toml {
        toml::from_str(&text).map_err(|error| error.message().to_owned())
    } else {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    };
    read.map_err(|error| {
        let kind = if is_toml { "TOML" } else { "JSON" };
        Failure::wrong(format!("`{name}` is not {kind}: {error}"), "`autocoder usage prices --json` prints a good file")
    })
}

fn shown(root: &Root, view: &PricesView) -> String {
    let header = ["model", "input", "output", "cache read", "cache write 5m", "cache write 1h"];
    let rows = view.models.iter().map(|(model, price)| {
        let prices = [&price.input, &price.output, &price.cache_read, &price.cache_write_5m, &price.cache_write_1h];
        std::iter::once(model.clone()).chain(prices.into_iter().cloned()).collect()
    });
    let source = match view.source {
        PriceSource::BuiltIn => "built in",
        PriceSource::File => "from a file",
    };
    let table = table(root.output.width(), &header, rows);
    format!("{table}\nUSD per million tokens, version {} ({source}); other models are unpriced", view.version)
}
