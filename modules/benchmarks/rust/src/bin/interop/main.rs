// SPDX-License-Identifier: Apache-2.0

//! A Rust node for the live tests in `modules/interop`. It does what it is told on standard input, one command a line, and answers each
//! with one line; a failure is answered with `FAILED` and the error. It ends when its standard input does, so it never outlives a test.
//!
//! ```text
//! interop TRUSTED                  LISTENING HOST:PORT and IDENTIFIER I..., in two lines, when it is ready
//! connect HOST:PORT                CONNECTED ADDRESS
//! disconnect ADDRESS               DISCONNECTED
//! relay ROUTE                      RELAYING: what comes to forward goes on along this route
//! serve-relays                     SERVING: a relay service, with names that begin with forward_to_
//! register ROUTE NAME              REGISTERED ADDRESS: there is a relay to this node, on the one at the end of the route; - is no name
//! open ROUTE TRUSTED               OPEN ENCRYPTOR, or FAILED REFUSED I... if its policy refuses the peer
//! close ENCRYPTOR                  CLOSED
//! move ENCRYPTOR ROUTE             MOVED: the channel takes another route to the other node
//! echo ROUTE COUNT SIZE,SIZE,...   ECHOES COUNT: that many messages of these sizes, in turn, came back as they were
//! send ROUTE                       SENT: one message that needs no answer
//! channels                         CHANNELS ENCRYPTOR:DECRYPTOR ..., all that are open
//! state                            STATE channels=N workers=N connections=N reached=N refused=I...
//! ```
//!
//! A route is a list of addresses with commas, TRUSTED an identifier. The node accepts channels at `api` from the trusted identifier, and
//! at `strict` from nobody. Both can be reached by TCP and through channels, and so can the hops `h1`, `h2` and `h3`. `echo` can only be
//! reached through channels, and `closed` by nobody; `reached` says how many messages nevertheless came there.
//!
//! With credentials, which the two listeners above know nothing of; attributes are pairs `NAME=VALUE` with commas, names and values in
//! hexadecimal, as are histories and credentials:
//!
//! ```text
//! history                          HISTORY HEX: that of the node's identity
//! import HEX                       IMPORTED I...: an authority may be believed when its history is known
//! authority SECONDS                ISSUING: `credential_issuer` gives members credentials that last so long
//! member I... ATTRIBUTES           MEMBER: it is one, with these; - and it is none
//! credential I... SECONDS ATTRIBUTES                  CREDENTIAL HEX, by this node
//! fetch HOST:PORT LISTENER AUTHORITY                  CREDENTIAL HEX: asked for, verified and kept, as the crate's retriever does
//! ask HOST:PORT LISTENER PEER WORKER METHOD PATH BODY ANSWER STATUS BODY, by the crate's client; a refusal's body is its text; - is none
//! present HEX                      PRESENTING: channels from now on present this credential; - for none
//! present cached AUTHORITY         PRESENTING: that which was fetched
//! present remote HOST:PORT LISTENER AUTHORITY SECONDS PRESENTING: that which a retriever gets, and gets anew twice the seconds before its end
//! believe AUTHORITY RULE           BELIEVING: channels and relay services from now on take its word; `guarded` answers whoever fits the rule
//! accept ADDRESS TRUSTED           ACCEPTING: a listener that is reached by TCP, with all this; `any` trusts everyone
//! attributes I...                  ATTRIBUTES SECONDS ATTRIBUTES: what is believed of it, and until when; or -
//! ```

mod credentials;

use credentials::{Credentials, GUARDED};
use ockam::compat::tokio;
use ockam::identity::models::Identifier;
use ockam::identity::{
    SecureChannel, SecureChannelListenerOptions, SecureChannelTrustInfo, TrustIdentifierPolicy,
    TrustPolicy,
};
use ockam::remote::{RemoteRelay, RemoteRelayOptions};
use ockam::tcp::{TcpConnectionOptions, TcpListenerOptions, TcpTransport, TcpTransportExtension};
use ockam::{
    node, Address, Context, Node, NodeBuilder, RelayService, Result, Route, Routed, Worker,
};
use ockam_akka_benchmarks::{Hop, Relay};
use std::collections::HashMap;
use std::error::Error;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

type Answer = std::result::Result<String, Box<dyn Error + Send + Sync>>;

/// Sends everything back, and counts it.
struct Echoer(Arc<AtomicUsize>);

#[ockam::worker]
impl Worker for Echoer {
    type Context = Context;
    type Message = Vec<u8>;

    async fn handle_message(&mut self, ctx: &mut Context, msg: Routed<Vec<u8>>) -> Result<()> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let back = msg.return_route().clone();
        ctx.send(back, msg.into_payload()).await
    }
}

/// Trusts one identifier or nobody, and tells whom it has refused.
#[derive(Clone)]
struct Trust {
    only: Option<Identifier>,
    refused: mpsc::UnboundedSender<Identifier>,
}

// This attribute is async_trait, which the crate does not give a name of its own.
#[ockam::worker]
impl TrustPolicy for Trust {
    async fn check(&self, peer: &SecureChannelTrustInfo) -> Result<bool> {
        let trusted = self.only.as_ref() == Some(peer.their_identity_id());
        if !trusted {
            let _ = self.refused.send(peer.their_identity_id().clone());
        }
        Ok(trusted)
    }
}

struct Interop {
    node: Node,
    tcp: Arc<TcpTransport>,
    identity: Identifier,
    listener: TcpListenerOptions,
    channels: HashMap<Address, SecureChannel>,
    reached: Arc<AtomicUsize>,
    refused: Arc<Mutex<Vec<String>>>,
    credentials: Credentials,
}

impl Interop {
    async fn start(ctx: Context, trusted: Identifier) -> Result<Self> {
        let node = node(ctx).await?;
        let tcp = node.create_tcp_transport()?;
        let identity = node.create_identity().await?;
        let listener = TcpListenerOptions::new();
        let (sender, mut receiver) = mpsc::unbounded_channel::<Identifier>();
        let refused = Arc::new(Mutex::new(Vec::new()));
        let all_refused = refused.clone();
        tokio::spawn(async move {
            while let Some(identifier) = receiver.recv().await {
                all_refused.lock().unwrap().push(identifier.to_string());
            }
        });
        let reached = Arc::new(AtomicUsize::new(0));
        let credentials = Credentials::new(identity.clone(), tcp.clone());
        let interop = Interop {
            node,
            tcp,
            identity,
            listener,
            channels: HashMap::new(),
            reached,
            refused,
            credentials,
        };
        interop.start_workers(trusted, sender)?;
        Ok(interop)
    }

    fn start_workers(
        &self,
        trusted: Identifier,
        refused: mpsc::UnboundedSender<Identifier>,
    ) -> Result<()> {
        let by_tcp = self.listener.spawner_flow_control_id();
        let api = SecureChannelListenerOptions::new();
        let by_channel = api.spawner_flow_control_id();
        let flow_controls = self.node.flow_controls();
        for hop in ["h1", "h2", "h3"] {
            self.node.start_worker(hop, Hop)?;
            flow_controls.add_consumer(&hop.into(), &by_tcp);
            flow_controls.add_consumer(&hop.into(), &by_channel);
        }
        self.node
            .start_worker("echo", Echoer(Arc::new(AtomicUsize::new(0))))?;
        self.node
            .start_worker("closed", Echoer(self.reached.clone()))?;
        flow_controls.add_consumer(&"echo".into(), &by_channel);
        let listeners = [
            ("api", api, Some(trusted)),
            ("strict", SecureChannelListenerOptions::new(), None),
        ];
        for (address, options, only) in listeners {
            let options = options
                .with_trust_policy(Trust {
                    only,
                    refused: refused.clone(),
                })
                .as_consumer(&by_tcp)
                .as_consumer(&by_channel);
            self.node
                .create_secure_channel_listener(&self.identity, address, options)?;
        }
        Ok(())
    }

    async fn listen(&self) -> Result<String> {
        let bound = self
            .tcp
            .listen("127.0.0.1:0", self.listener.clone())
            .await?;
        Ok(bound.socket_address().to_string())
    }

    async fn answer(&mut self, command: &str) -> Answer {
        let words: Vec<&str> = command.split(' ').collect();
        Ok(match words[..] {
            ["connect", to] => {
                let connection = self.tcp.connect(to, TcpConnectionOptions::new()).await?;
                format!("CONNECTED {}", connection.sender_address().address())
            }
            ["disconnect", address] => {
                self.tcp.disconnect(Address::from(address))?;
                "DISCONNECTED".into()
            }
            ["relay", along] => {
                self.node.start_worker("forward", Relay(route(along)))?;
                self.node
                    .flow_controls()
                    .add_consumer(&"forward".into(), &self.listener.spawner_flow_control_id());
                "RELAYING".into()
            }
            ["serve-relays"] => {
                let by_tcp = self.listener.spawner_flow_control_id();
                let options = self
                    .credentials
                    .relay_options(&self.node)
                    .alias("static_forwarding_service")
                    .prefix("forward_to_")
                    .service_as_consumer(&by_tcp)
                    .relay_as_consumer(&by_tcp);
                RelayService::create(self.node.context(), "forwarding_service", options)?;
                "SERVING".into()
            }
            ["register", along, name] => self.register(route(along), name).await?,
            ["open", along, trusted] => self.open(route(along), trusted).await?,
            ["close", encryptor] => {
                let encryptor = Address::from(encryptor);
                self.channels.remove(&encryptor);
                self.node
                    .secure_channels()
                    .stop_secure_channel(self.node.context(), &encryptor)?;
                "CLOSED".into()
            }
            ["move", encryptor, along] => {
                let channel = self.channels.get(&Address::from(encryptor));
                channel
                    .ok_or("no such channel")?
                    .update_remote_node_route(route(along))?;
                "MOVED".into()
            }
            ["echo", along, count, sizes] => self.echo(along, count, sizes).await?,
            ["accept", address, trusted] => self.accept(address, trusted)?,
            ["send", along] => {
                self.node.send(route(along), vec![1u8]).await?;
                "SENT".into()
            }
            ["channels"] => self.list(),
            ["state"] => self.state()?,
            _ => self.credentials.answer(&self.node, &words).await?,
        })
    }

    fn accept(&self, address: &str, trusted: &str) -> Answer {
        let by_tcp = self.listener.spawner_flow_control_id();
        let mut options = self.credentials.listener_options()?.as_consumer(&by_tcp);
        if trusted != "any" {
            options = options.with_trust_policy(TrustIdentifierPolicy::new(trusted.try_into()?));
        }
        let relays = ["forwarding_service", "static_forwarding_service"];
        for worker in ["echo", GUARDED, "credential_issuer"].iter().chain(&relays) {
            self.node
                .flow_controls()
                .add_consumer(&(*worker).into(), &options.spawner_flow_control_id());
        }
        self.node
            .create_secure_channel_listener(&self.identity, address, options)?;
        Ok("ACCEPTING".into())
    }

    /// Channels are accepted by the connection that the relay uses, too.
    async fn register(&self, along: Route, name: &str) -> Answer {
        let flow_controls = self.node.flow_controls();
        if let Some(info) = flow_controls.find_flow_control_with_producer_address(along.next()?) {
            flow_controls.add_consumer(&"api".into(), info.flow_control_id());
        }
        let (ctx, options) = (self.node.context(), RemoteRelayOptions::new());
        let relay = if name == "-" {
            RemoteRelay::create(ctx, along, options).await?
        } else {
            RemoteRelay::create_static(ctx, along, name, options).await?
        };
        Ok(format!("REGISTERED {}", relay.remote_address()))
    }

    async fn open(&mut self, along: Route, trusted: &str) -> Answer {
        let (sender, mut refused) = mpsc::unbounded_channel();
        let policy = Trust {
            only: Some(Identifier::from_str(trusted)?),
            refused: sender,
        };
        let options = self
            .credentials
            .channel_options()?
            .with_trust_policy(policy);
        let opened = self
            .node
            .create_secure_channel(&self.identity, along, options);
        // An initiator that refuses its peer would otherwise only notice by its time-out.
        let channel = tokio::select! {
            opened = opened => opened?,
            Some(peer) = refused.recv() => return Err(format!("REFUSED {peer}").into()),
        };
        let encryptor = channel.encryptor_address().clone();
        self.flow_for(&channel);
        self.channels.insert(encryptor.clone(), channel);
        Ok(format!("OPEN {}", encryptor.address()))
    }

    /// The other side reaches the same workers as through channels that it has opened itself.
    fn flow_for(&self, channel: &SecureChannel) {
        for worker in ["echo", GUARDED, "h1", "h2", "h3"] {
            self.node
                .flow_controls()
                .add_consumer(&worker.into(), channel.flow_control_id());
        }
    }

    async fn echo(&self, along: &str, count: &str, sizes: &str) -> Answer {
        let sizes: Vec<usize> = sizes
            .split(',')
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()?;
        let count: usize = count.parse()?;
        for i in 0..count {
            let payload: Vec<u8> = (0..sizes[i % sizes.len()])
                .map(|byte| (byte * 31 + i) as u8)
                .collect();
            let answer: Vec<u8> = self
                .node
                .send_and_receive(route(along), payload.clone())
                .await?;
            if answer != payload {
                return Err(format!("answer {i} is not what was sent").into());
            }
        }
        Ok(format!("ECHOES {count}"))
    }

    fn list(&self) -> String {
        let registry = self.node.secure_channels().secure_channel_registry();
        registry
            .get_channel_list()
            .iter()
            .fold("CHANNELS".into(), |list, channel| {
                format!(
                    "{list} {}:{}",
                    channel.encryptor_messaging_address().address(),
                    channel.decryptor_messaging_address().address()
                )
            })
    }

    fn state(&self) -> Answer {
        let registry = self.node.secure_channels().secure_channel_registry();
        Ok(format!(
            "STATE channels={} workers={} connections={} reached={} refused={}",
            registry.get_channel_list().len(),
            self.node.context().list_workers()?.len(),
            self.tcp.registry().get_all_receiver_processors().len(),
            self.reached.load(Ordering::SeqCst),
            self.refused.lock().unwrap().join(",")
        ))
    }
}

fn route(text: &str) -> Route {
    Route::create(text.split(',').map(Address::from).collect())
}

/// Reads standard input on a thread of its own, so that its end always ends the program.
fn commands() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(|line| line.ok()) {
            let _ = sender.send(line);
        }
        std::process::exit(0);
    });
    receiver
}

async fn run(ctx: Context, trusted: Identifier) -> Result<()> {
    let mut commands = commands();
    let mut interop = Interop::start(ctx, trusted).await?;
    println!("LISTENING {}", interop.listen().await?);
    println!("IDENTIFIER {}", interop.identity);
    while let Some(command) = commands.recv().await {
        match interop.answer(&command).await {
            Ok(answer) => println!("{answer}"),
            Err(failure) => println!("FAILED {}", failure.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

fn main() {
    let trusted = std::env::args().nth(1).unwrap_or_default();
    let (ctx, mut executor) = NodeBuilder::new().no_logging().build();
    let ended = Identifier::from_str(&trusted)
        .and_then(|trusted| executor.execute(run(ctx, trusted)))
        .and_then(|served| served);
    if let Err(failure) = ended {
        println!("FAILED {failure}");
        std::process::exit(1);
    }
}
