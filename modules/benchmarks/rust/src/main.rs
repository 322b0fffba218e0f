// SPDX-License-Identifier: Apache-2.0

//! The Rust side of the side-by-side benchmark: a node with hops, secure channels over them, an echoer and a sink.
//!
//! Reads one command per line from standard input and answers each with one line; ends with its input:
//!
//! ```text
//! one-way hops=3 size=1024 messages=100000   ->  one-way hops=3 size=1024 per-second=148000
//! round-trip hops=3 size=1024 messages=5000  ->  round-trip hops=3 size=1024 median-nanos=27000 p99-nanos=61000
//! handshake hops=3 messages=200              ->  handshake hops=3 median-nanos=1600000
//! ```
//!
//! With `credentials=1`, the initiator of a handshake presents a credential of an authority that the responder believes; with 2, the
//! responder as well.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ockam::compat::tokio::sync::Notify;
use ockam::identity::models::{CredentialAndPurposeKey, CredentialSchemaIdentifier};
use ockam::identity::utils::AttributesBuilder;
use ockam::identity::{
    Identifier, IdentityError, SecureChannel, SecureChannelListenerOptions, SecureChannelOptions,
    TrustIdentifierPolicy,
};
use ockam::{
    node, route, Address, Context, MessageReceiveOptions, Node, Result, Route, Routed, Worker,
};
use ockam_akka_benchmarks::{percentiles, run_commands, Command, Echoer, Hop, Program};

/// Counts down the expected messages, and notifies when all have arrived.
#[derive(Clone, Default)]
struct Countdown {
    left: Arc<AtomicU64>,
    done: Arc<Notify>,
}

struct Sink(Countdown);

#[ockam::worker]
impl Worker for Sink {
    type Context = Context;
    type Message = Vec<u8>;

    async fn handle_message(&mut self, _ctx: &mut Context, msg: Routed<Vec<u8>>) -> Result<()> {
        drop(msg.into_payload());
        if self.0.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.done.notify_one();
        }
        Ok(())
    }
}

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn credential(
    node: &Node,
    authority: &Identifier,
    subject: &Identifier,
) -> Result<CredentialAndPurposeKey> {
    let said = AttributesBuilder::with_schema(CredentialSchemaIdentifier(1))
        .with_attribute("role", "member")
        .with_attribute("trust_context_id", "benchmarks")
        .build();
    node.credentials()
        .credentials_creation()
        .issue_credential(authority, subject, said, A_DAY)
        .await
}

struct Bench {
    node: Node,
    alice: Identifier,
    bob: Identifier,
    authority: Identifier,
    of_alice: CredentialAndPurposeKey,
    countdown: Countdown,
    hops: usize,
    channels: HashMap<usize, SecureChannel>,
}

impl Bench {
    async fn open(&mut self, hops: usize, credentials: u64) -> Result<SecureChannel> {
        while self.hops < hops {
            self.hops += 1;
            self.node.start_worker(format!("h{}", self.hops), Hop)?;
        }
        let names = (1..=hops)
            .map(|i| format!("h{i}"))
            .chain([format!("listener{credentials}")])
            .collect();
        let mut options = SecureChannelOptions::new()
            .with_trust_policy(TrustIdentifierPolicy::new(self.bob.clone()));
        if credentials > 0 {
            options = options.with_credential(self.of_alice.clone())?;
        }
        if credentials > 1 {
            options = options.with_authority(self.authority.clone());
        }
        let channel = self
            .node
            .create_secure_channel(&self.alice, Route::create::<String>(names), options)
            .await?;
        // Replies may reach the node's own context.
        self.node
            .flow_controls()
            .add_consumer(&"app".into(), channel.flow_control_id());
        Ok(channel)
    }

    async fn kept_open(&mut self, hops: usize) -> Result<Address> {
        if !self.channels.contains_key(&hops) {
            let channel = self.open(hops, 0).await?;
            self.channels.insert(hops, channel);
        }
        Ok(self.channels[&hops].encryptor_address().clone())
    }

    /// Messages per second, sent by one task and counted by the sink.
    async fn one_way(&mut self, hops: usize, size: usize, messages: u64) -> Result<String> {
        let to_sink: Route = route![self.kept_open(hops).await?, "sink"];
        let payload = vec![7u8; size];
        self.countdown.left.store(messages, Ordering::Relaxed);
        let start = Instant::now();
        for _ in 0..messages {
            self.node.send(to_sink.clone(), payload.clone()).await?;
        }
        self.countdown.done.notified().await;
        let rate = messages as f64 / start.elapsed().as_secs_f64();
        Ok(format!(
            "one-way hops={hops} size={size} per-second={rate:.0}"
        ))
    }

    async fn there_and_back(&mut self, to_echoer: &Route, payload: &[u8]) -> Result<()> {
        self.node.send(to_echoer.clone(), payload.to_vec()).await?;
        let options = MessageReceiveOptions::new().without_timeout();
        self.node.receive_extended::<Vec<u8>>(options).await?;
        Ok(())
    }

    /// One message at a time, there and back.
    async fn round_trip(&mut self, hops: usize, size: usize, messages: u64) -> Result<String> {
        let to_echoer: Route = route![self.kept_open(hops).await?, "echoer"];
        let payload = vec![7u8; size];
        let mut nanos = Vec::with_capacity(messages as usize);
        for _ in 0..messages {
            let start = Instant::now();
            self.there_and_back(&to_echoer, &payload).await?;
            nanos.push(start.elapsed().as_nanos());
        }
        let (median, p99) = percentiles(nanos);
        Ok(format!(
            "round-trip hops={hops} size={size} median-nanos={median} p99-nanos={p99}"
        ))
    }

    /// Fails unless the credential counts at the other side.
    async fn require_believed(&self, shower: &Identifier) -> Result<()> {
        let said = self
            .node
            .identities_attributes()
            .get_attributes(shower, &self.authority)
            .await?;
        said.map(|_| ()).ok_or(IdentityError::NoCredential.into())
    }

    /// Opens a channel and waits for its first reply, so that both sides have finished.
    async fn handshake(&mut self, hops: usize, times: u64, credentials: u64) -> Result<String> {
        let mut nanos = Vec::with_capacity(times as usize);
        for _ in 0..times {
            let start = Instant::now();
            let channel = self.open(hops, credentials).await?;
            let to_echoer = route![channel.encryptor_address().clone(), "echoer"];
            self.there_and_back(&to_echoer, &[7]).await?;
            nanos.push(start.elapsed().as_nanos());
            self.node
                .secure_channels()
                .stop_secure_channel(self.node.context(), channel.encryptor_address())?;
        }
        let showing = [self.alice.clone(), self.bob.clone()];
        for shower in showing.iter().take(credentials as usize) {
            self.require_believed(shower).await?;
        }
        let (median, _) = percentiles(nanos);
        Ok(format!("handshake hops={hops} median-nanos={median}"))
    }
}

impl Program for Bench {
    async fn create(ctx: Context) -> Result<Self> {
        let node = node(ctx).await?;
        let alice = node.create_identity().await?;
        let bob = node.create_identity().await?;
        let authority = node.create_identity().await?;
        let of_alice = credential(&node, &authority, &alice).await?;
        let of_bob = credential(&node, &authority, &bob).await?;
        let countdown = Countdown::default();
        node.start_worker("sink", Sink(countdown.clone()))?;
        node.start_worker("echoer", Echoer)?;
        for credentials in 0..=2 {
            let mut options = SecureChannelListenerOptions::new()
                .with_trust_policy(TrustIdentifierPolicy::new(alice.clone()));
            if credentials > 0 {
                options = options.with_authority(authority.clone());
            }
            if credentials > 1 {
                options = options.with_credential(of_bob.clone())?;
            }
            let address = format!("listener{credentials}");
            let listener = node.create_secure_channel_listener(&bob, address, options)?;
            for worker in ["sink", "echoer"] {
                node.flow_controls()
                    .add_consumer(&worker.into(), listener.flow_control_id());
            }
        }
        Ok(Self {
            node,
            alice,
            bob,
            authority,
            of_alice,
            countdown,
            hops: 0,
            channels: HashMap::new(),
        })
    }

    async fn run(&mut self, command: &Command) -> Result<String> {
        let hops = command.value("hops") as usize;
        let size = command.value("size") as usize;
        let messages = command.value("messages").max(1);
        match command.name.as_str() {
            "one-way" => self.one_way(hops, size, messages).await,
            "round-trip" => self.round_trip(hops, size, messages).await,
            "handshake" => {
                let credentials = command.value("credentials").min(2);
                self.handshake(hops, messages, credentials).await
            }
            other => Ok(format!("error: unknown command {other}")),
        }
    }

    async fn end(mut self) -> Result<()> {
        self.node.shutdown().await
    }
}

fn main() {
    run_commands::<Bench>();
}
