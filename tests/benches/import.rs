//! Importing transcripts, beside what the same machine reads and parses as JSON in as many threads, in the same run.
//!
//! The transcripts are made up after real ones: an assistant's message of about 1.5 kB with its usage, then the result
//! of a tool of 2 to 20 kB, 40 files. What is read at all lies in the page cache for both.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot measure")]

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use autocoder_tests::Autocoder;
use measure::measure;
use serde_json::{Value, json};

mod measure;

const FILES: usize = 40;
const MESSAGES_EACH: usize = 1_000;
/// The command reads with as many threads.
const READERS: usize = 2;

fn main() {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("transcripts");
    let files: Vec<PathBuf> = (0..FILES).map(|number| write_file(&folder, number)).collect();
    let megabytes = files.iter().map(|file| file.metadata().unwrap().len()).sum::<u64>() as f64 / 1e6;
    println!("\n{megabytes:.0} MB of transcripts, {} messages", FILES * MESSAGES_EACH);
    let parsing = parse_all(&files);
    println!("read and parsed by serde_json in {READERS} threads {parsing:>8.2} s {:>8.0} MB/s", megabytes / parsing);
    let arguments = ["usage", "import", "claude-code", &folder.to_string_lossy(), "--json"];
    let import = || measure(&autocoder.command(&arguments)).expect("it needs python3");
    let ((first, peak), (second, _)) = (import(), import());
    let (first, second) = (first.as_secs_f64(), second.as_secs_f64());
    println!(
        "usage import {first:>8.2} s {:>8.0} MB/s, {:.2} of parsing (aim: 0.60 or 300 MB/s), peak {} MiB (aim: 100)",
        megabytes / first,
        parsing / first,
        peak / 1_024,
    );
    println!("the same again {second:>8.3} s, {:.3} of the first (aim: 0.05)", second / first);
}

fn parse_all(files: &[PathBuf]) -> f64 {
    let (started, left) = (Instant::now(), Mutex::new(files.iter()));
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                loop {
                    let Some(file) = left.lock().unwrap().next() else { return };
                    parse(file);
                }
            });
        }
    });
    started.elapsed().as_secs_f64()
}

fn parse(file: &Path) {
    let (mut reader, mut line) = (BufReader::with_capacity(256 * 1024, File::open(file).unwrap()), Vec::new());
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        std::hint::black_box(serde_json::from_slice::<Value>(&line).unwrap());
        line.clear();
    }
}

fn write_file(folder: &Path, number: usize) -> PathBuf {
    let path = folder.join(format!("session-{number}.jsonl"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for message in 0..MESSAGES_EACH {
        writeln!(file, "{}", said(number, message)).unwrap();
        writeln!(file, "{}", result(number, message)).unwrap();
    }
    file.flush().unwrap();
    path
}

fn said(file: usize, message: usize) -> Value {
    let text = "The function `claim` reads the lease first, so the second caller sees it. ".repeat(16);
    let usage = json!({
        "input_tokens": 3, "output_tokens": 400 + message, "cache_read_input_tokens": 90_000,
        "cache_creation_input_tokens": 1_200,
        "cache_creation": { "ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 200 },
    });
    let id = format!("msg_{file}_{message}");
    let said = json!({ "id": id, "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
        "content": [{ "type": "text", "text": text }], "usage": usage });
    json!({ "parentUuid": null, "isSidechain": false, "cwd": "/home/ann/shop", "sessionId": format!("s-{file}"),
        "version": "2.1.330", "type": "assistant", "message": said, "requestId": format!("req_{file}_{message}"),
        "timestamp": "2026-11-20T10:00:00.000Z" })
}

fn result(file: usize, message: usize) -> Value {
    // From 2 to 20 kB, with the escapes of code.
    let text = "    let value = map.get(\"key\").unwrap_or(&0);\n".repeat(40 + (message * 37 + file * 11) % 380);
    let content = json!([{ "type": "tool_result", "tool_use_id": format!("toolu_{message}"), "content": text }]);
    json!({ "parentUuid": null, "isSidechain": false, "cwd": "/home/ann/shop", "sessionId": format!("s-{file}"),
        "version": "2.1.330", "type": "user", "message": { "role": "user", "content": content },
        "timestamp": "2026-11-20T10:00:00.000Z" })
}
