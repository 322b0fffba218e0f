// SPDX-License-Identifier: Apache-2.0

//! The Rust side of the measurements between processes: each process is a node that does what it is told.
//!
//! ```text
//! listen                             ->  listening port=4000
//! relay to=4000                      ->  listening port=4001
//! connect port=4001 relayed=1        ->  connected
//! one-way size=1024 messages=100000  ->  one-way per-second=80000
//! round-trip size=1024 messages=1000 ->  round-trip median-nanos=99000 p99-nanos=180000
//! ```
//!
//! `listen` and `relay` take a `host` to listen at, `to` and `port` may name a host as well, and every command takes a `limit` in seconds.

use std::sync::Arc;
use std::time::Instant;

use ockam::identity::{SecureChannelListenerOptions, SecureChannelOptions, TrustEveryonePolicy};
use ockam::tcp::{TcpConnectionOptions, TcpListenerOptions, TcpTransport, TcpTransportExtension};
use ockam::{
    node, route, Address, Context, MessageReceiveOptions, Node, Result, Route, Routed, Worker,
};
use ockam_akka_benchmarks::{percentiles, run_commands, Command, Echoer, Program, Relay};

const LOOPBACK: &str = "127.0.0.1";

/// The first byte of the last message of a run.
const LAST: u8 = 1;

/// Answers the last message of a run with the number of messages.
#[derive(Default)]
struct Sink(u64);

#[ockam::worker]
impl Worker for Sink {
    type Context = Context;
    type Message = Vec<u8>;

    async fn handle_message(&mut self, ctx: &mut Context, msg: Routed<Vec<u8>>) -> Result<()> {
        self.0 += 1;
        let back = msg.return_route().clone();
        if msg.into_payload().first() == Some(&LAST) {
            let count = std::mem::take(&mut self.0);
            ctx.send(back, count.to_be_bytes().to_vec()).await?;
        }
        Ok(())
    }
}

/// A port alone is one of this machine.
fn with_host(to: &str) -> String {
    if to.contains(':') {
        to.to_string()
    } else {
        format!("{LOOPBACK}:{to}")
    }
}

struct Peer {
    node: Node,
    tcp: Arc<TcpTransport>,
    channel: Option<Address>,
}

impl Peer {
    async fn listen(&mut self, host: &str) -> Result<String> {
        let options = TcpListenerOptions::new();
        let identity = self.node.create_identity().await?;
        let channels = SecureChannelListenerOptions::new()
            .with_trust_policy(TrustEveryonePolicy)
            .as_consumer(&options.spawner_flow_control_id());
        let listener = self
            .node
            .create_secure_channel_listener(&identity, "listener", channels)?;
        self.node.start_worker("sink", Sink::default())?;
        self.node.start_worker("echoer", Echoer)?;
        for worker in ["sink", "echoer"] {
            self.node
                .flow_controls()
                .add_consumer(&worker.into(), listener.flow_control_id());
        }
        self.bind(host, options).await
    }

    async fn relay(&mut self, to: &str, host: &str) -> Result<String> {
        let connection = self
            .tcp
            .connect(with_host(to), TcpConnectionOptions::new())
            .await?;
        let options = TcpListenerOptions::new();
        self.node.start_worker("relay", Relay(route![connection]))?;
        self.node
            .flow_controls()
            .add_consumer(&"relay".into(), &options.spawner_flow_control_id());
        self.bind(host, options).await
    }

    async fn bind(&mut self, host: &str, options: TcpListenerOptions) -> Result<String> {
        let host = if host.is_empty() { LOOPBACK } else { host };
        let bound = self.tcp.listen(format!("{host}:0"), options).await?;
        Ok(format!("listening port={}", bound.socket_address().port()))
    }

    async fn connect(&mut self, to: &str, relayed: bool) -> Result<String> {
        let identity = self.node.create_identity().await?;
        let connection = self
            .tcp
            .connect(with_host(to), TcpConnectionOptions::new())
            .await?;
        let to: Route = if relayed {
            route![connection, "relay", "listener"]
        } else {
            route![connection, "listener"]
        };
        let options = SecureChannelOptions::new().with_trust_policy(TrustEveryonePolicy);
        let channel = self
            .node
            .create_secure_channel(&identity, to, options)
            .await?;
        // Replies may reach the node's own context.
        self.node
            .flow_controls()
            .add_consumer(&"app".into(), channel.flow_control_id());
        self.channel = Some(channel.encryptor_address().clone());
        Ok("connected".to_string())
    }

    fn route(&self, to: &str) -> Result<Route> {
        let channel = self.channel.clone().unwrap_or_else(|| "no-channel".into());
        Ok(route![channel, to])
    }

    async fn receive(&mut self) -> Result<Vec<u8>> {
        let options = MessageReceiveOptions::new().without_timeout();
        let message = self.node.receive_extended::<Vec<u8>>(options).await?;
        Ok(message.into_payload())
    }

    /// Messages per second, sent by one task, until the sink has answered the last one.
    async fn one_way(&mut self, size: usize, messages: u64) -> Result<String> {
        let to_sink = self.route("sink")?;
        let payload = vec![0; size];
        let mut last = payload.clone();
        last[0] = LAST;
        let start = Instant::now();
        for _ in 1..messages {
            self.node.send(to_sink.clone(), payload.clone()).await?;
        }
        self.node.send(to_sink, last).await?;
        let counted = self.receive().await?;
        let rate = messages as f64 / start.elapsed().as_secs_f64();
        if counted != messages.to_be_bytes() {
            return Ok(format!("error: {counted:?} instead of {messages} arrived"));
        }
        Ok(format!("one-way per-second={rate:.0}"))
    }

    /// One message at a time, there and back.
    async fn round_trip(&mut self, size: usize, messages: u64) -> Result<String> {
        let to_echoer = self.route("echoer")?;
        let payload = vec![0; size];
        let mut nanos = Vec::with_capacity(messages as usize);
        for _ in 0..messages {
            let start = Instant::now();
            self.node.send(to_echoer.clone(), payload.clone()).await?;
            self.receive().await?;
            nanos.push(start.elapsed().as_nanos());
        }
        let (median, p99) = percentiles(nanos);
        Ok(format!("round-trip median-nanos={median} p99-nanos={p99}"))
    }
}

impl Program for Peer {
    async fn create(ctx: Context) -> Result<Self> {
        let node = node(ctx).await?;
        let tcp = node.create_tcp_transport()?;
        Ok(Self {
            node,
            tcp,
            channel: None,
        })
    }

    async fn run(&mut self, command: &Command) -> Result<String> {
        let size = command.value("size").max(1) as usize;
        let messages = command.value("messages").max(1);
        match command.name.as_str() {
            "listen" => self.listen(command.text("host")).await,
            "relay" => self.relay(command.text("to"), command.text("host")).await,
            "connect" => {
                self.connect(command.text("port"), command.value("relayed") == 1)
                    .await
            }
            "one-way" => self.one_way(size, messages).await,
            "round-trip" => self.round_trip(size, messages).await,
            other => Ok(format!("error: unknown command {other}")),
        }
    }

    async fn end(mut self) -> Result<()> {
        self.node.shutdown().await
    }
}

fn main() {
    run_commands::<Peer>();
}
