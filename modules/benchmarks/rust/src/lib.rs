// SPDX-License-Identifier: Apache-2.0

//! What the programs have in common: the workers, and commands that are read from standard input, one per line, each answered by one line.

use std::collections::HashMap;
use std::future::Future;
use std::io::BufRead;
use std::time::Duration;

use ockam::compat::tokio::sync::mpsc;
use ockam::compat::tokio::time::timeout;
use ockam::{Address, Any, Context, NodeBuilder, Result, Route, Routed, Worker};

/// A measurement that takes longer is stuck, unless its command has a `limit` of its own; in seconds.
const LIMIT: u64 = 60;

pub struct Hop;

#[ockam::worker]
impl Worker for Hop {
    type Context = Context;
    type Message = Any;

    async fn handle_message(&mut self, ctx: &mut Context, msg: Routed<Any>) -> Result<()> {
        let forwarded = msg
            .into_local_message()
            .step_forward(ctx.primary_address().clone())?;
        ctx.forward(forwarded).await
    }
}

pub struct Echoer;

#[ockam::worker]
impl Worker for Echoer {
    type Context = Context;
    type Message = Vec<u8>;

    async fn handle_message(&mut self, ctx: &mut Context, msg: Routed<Vec<u8>>) -> Result<()> {
        let back = msg.return_route().clone();
        ctx.send(back, msg.into_payload()).await
    }
}

/// Passes on along a fixed route, and opens flow control both ways, as the relays of Ockam's relay service do.
pub struct Relay(pub Route);

#[ockam::worker]
impl Worker for Relay {
    type Context = Context;
    type Message = Any;

    async fn handle_message(&mut self, ctx: &mut Context, msg: Routed<Any>) -> Result<()> {
        let message = msg
            .into_local_message()
            .pop_front_onward_route()?
            .prepend_front_onward_route(self.0.clone());
        let next: Address = self.0.next()?.clone();
        let back: Address = message.return_route().next()?.clone();
        let flow_controls = ctx.flow_controls();
        if let Some(info) = flow_controls.find_flow_control_with_producer_address(&next) {
            flow_controls.add_consumer(&back, info.flow_control_id());
        }
        if let Some(info) = flow_controls.find_flow_control_with_producer_address(&back) {
            flow_controls.add_consumer(&next, info.flow_control_id());
        }
        ctx.forward(message).await
    }
}

/// Such as `one-way hops=3 size=1024`.
pub struct Command {
    pub name: String,
    values: HashMap<String, String>,
}

impl Command {
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        Self {
            name: words.next().unwrap_or_default().to_string(),
            values: words
                .filter_map(|word| word.split_once('='))
                .filter_map(|(key, value)| Some((key.to_string(), value.to_string())))
                .collect(),
        }
    }

    /// The number of this name, 0 if there is none.
    pub fn value(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or_default()
    }

    /// The value of this name, empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value)
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(match self.value("limit") {
            0 => LIMIT,
            seconds => seconds,
        })
    }
}

/// What a program does with commands.
pub trait Program: Sized + Send {
    fn create(ctx: Context) -> impl Future<Output = Result<Self>> + Send;
    fn run(&mut self, command: &Command) -> impl Future<Output = Result<String>> + Send;
    fn end(self) -> impl Future<Output = Result<()>> + Send;
}

/// Runs the commands on standard input until it ends.
pub fn run_commands<P: Program + 'static>() {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(|line| line.ok()) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let (ctx, mut executor) = NodeBuilder::new().no_logging().build();
    let ended = executor.execute(serve::<P>(ctx, lines));
    if let Err(failure) = ended.and_then(|served| served) {
        println!("error: {failure}");
        std::process::exit(1);
    }
}

async fn serve<P: Program>(ctx: Context, mut lines: mpsc::UnboundedReceiver<String>) -> Result<()> {
    let mut program = P::create(ctx).await?;
    while let Some(line) = lines.recv().await {
        let command = Command::parse(&line);
        match timeout(command.limit(), program.run(&command)).await {
            Ok(Ok(answer)) => println!("{answer}"),
            Ok(Err(failure)) => println!("error: {failure}"),
            Err(_) => println!("error: timed out"),
        }
    }
    program.end().await
}

/// The median and the 99th percentile.
pub fn percentiles(mut nanos: Vec<u128>) -> (u128, u128) {
    nanos.sort_unstable();
    (nanos[nanos.len() / 2], nanos[nanos.len() * 99 / 100])
}
