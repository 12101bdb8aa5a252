//! How long a command takes, and the most memory that it has.

use std::process::Command;
use std::time::Duration;

/// Runs a command through Python, whose `resource` knows the most memory of a child. Without Python: none.
pub(crate) fn measure(command: &Command) -> Option<(Duration, u64)> {
    let script = "import resource, subprocess, sys, time\n\
                  begun = time.monotonic()\n\
                  subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)\n\
                  print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let mut python = Command::new("python3");
    python.args(["-c", script]).arg(command.get_program()).args(command.get_args());
    let text = String::from_utf8(python.output().ok()?.stdout).ok()?;
    let (seconds, kibibytes) = text.trim().split_once(' ')?;
    Some((Duration::from_secs_f64(seconds.parse().ok()?), kibibytes.parse().ok()?))
}
