//! Whether an agent is told to go on, to finish or to stop.

use autocoder_core::time::Timestamp;
use serde_json::json;

use crate::client::Client;
use crate::plan::Plan;

#[tokio::test]
async fn the_budget_decides_whether_to_go_on() {
    for (left_bp, holds, action, band) in [
        (10_000, false, "continue", "normal"),
        (2_500, true, "continue", "moderate"),
        (1_000, true, "continue", "low"),
        (500, true, "finish_current", "critical"),
        (500, false, "stop", "critical"),
        (0, true, "stop", "critical"),
    ] {
        let plan = Plan::new().await;
        let mut client = Client::open(plan.session(None)).await;
        if holds {
            client.call("task_get_next", json!({})).await.unwrap();
        }
        plan.use_up_to(left_bp);
        let advice = client.call("usage_should_continue", json!({})).await.unwrap();
        assert_eq!((&advice["action"], &advice["band"]), (&json!(action), &json!(band)), "{left_bp} {advice}");
        assert_eq!(advice["lease"]["valid"], holds);
        let remaining = client.call("usage_get_remaining", json!({})).await.unwrap();
        assert_eq!(remaining["available_percent"], f64::from(left_bp) / 100.0);
    }
}

#[tokio::test]
async fn a_provider_that_refuses_stops_the_agent_until_its_reset() {
    let plan = Plan::new().await;
    let until = Timestamp(1_900_000_000_000_000);
    plan.meter.0.lock().unwrap().blocked_until = Some(until);
    let mut client = Client::open(plan.session(None)).await;
    let advice = client.call("usage_should_continue", json!({})).await.unwrap();
    assert_eq!((&advice["action"], &advice["reason"]), (&json!("stop"), &json!("limit_rejected")));
    assert_eq!(advice["retry_at"], until.to_string());
}
