//! `autocoder token revoke`.

use autocoder_core::ids::TokenId;
use autocoder_core::view::TokenView;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments;
use crate::exit::Failure;
use crate::root::Root;

/// Take a token back: it is refused from now on
#[derive(Args)]
pub(crate) struct Revoke {
    /// Its id
    #[arg(value_parser = arguments::id, allow_negative_numbers = true)]
    id: i64,
}

impl Revoke {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let token = workflow::revoke_token(&installation.context(), TokenId(self.id)).await?;
        let sentence = format!("token {} \"{}\" revoked", token.id, token.name);
        root.output.done(&TokenView::from(token), &sentence)
    }
}
