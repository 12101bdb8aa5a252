//! How often one caller may ask, and one address may be wrong.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// Wrong tokens that one address may show in a minute.
const FAILURES: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");

/// Counts requests by caller and failures by address.
pub(super) struct Rates {
    requests: Option<DefaultKeyedRateLimiter<String>>,
    failures: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Rates {
    /// At most `a_minute` requests of one caller; none: as many as it likes.
    pub(super) fn new(a_minute: Option<NonZeroU32>) -> Self {
        let requests = a_minute.map(|most| RateLimiter::keyed(Quota::per_minute(most)));
        let failures = RateLimiter::keyed(Quota::per_minute(FAILURES));
        Self { requests, failures, clock: DefaultClock::default() }
    }

    /// Counts a request.
    pub(super) fn request(&self, principal: &String) -> Result<(), Problem> {
        let Some(limiter) = &self.requests else { return Ok(()) };
        limiter.check_key(principal).map_err(|refusal| too_many(refusal.wait_time_from(self.clock.now()).as_secs()))
    }

    /// Counts a wrong token.
    pub(super) fn failure(&self, from: IpAddr) -> Result<(), Problem> {
        self.failures.check_key(&from).map_err(|refusal| too_many(refusal.wait_time_from(self.clock.now()).as_secs()))
    }

    /// Forgets whoever has not asked for a while.
    pub(super) fn tidy(&self) {
        if let Some(limiter) = &self.requests {
            limiter.retain_recent();
        }
        self.failures.retain_recent();
    }
}

fn too_many(seconds: u64) -> Problem {
    let detail = format!("too many requests; try again in {} s", seconds + 1);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(seconds + 1)
}
