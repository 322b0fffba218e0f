// SPDX-License-Identifier: Apache-2.0

//! A Rust node for the live tests: the counterpart of `ockam.examples.OckamNode`.
//!
//! ```text
//! interop serve PORT                    hops h1 h2 h3, a channel listener at api, an echo worker at echo
//! interop relay PORT HOST:PORT          a relay at forward
//! interop send HOST:PORT ROUTE COUNT    a channel over a route such as h1,h2,h3,api, and echoes of mixed sizes through it
//! ```

use ockam::identity::{SecureChannelListenerOptions, SecureChannelOptions, TrustEveryonePolicy};
use ockam::tcp::{TcpConnectionOptions, TcpListenerOptions, TcpTransportExtension};
use ockam::{
    node, route, Address, Any, Context, Node, NodeBuilder, Result, Route, Routed, Worker,
};

const SIZES: [usize; 6] = [0, 1, 33, 1024, 65_536, 300_000];

struct Hop;

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

struct Echoer;

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
struct Relay(Route);

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

async fn serve(node: &Node, port: &str) -> Result<()> {
    let bob = node.create_identity().await?;
    let options = TcpListenerOptions::new();
    let id = options.spawner_flow_control_id();
    for hop in ["h1", "h2", "h3"] {
        node.start_worker(hop, Hop)?;
        node.flow_controls().add_consumer(&hop.into(), &id);
    }
    node.start_worker("echo", Echoer)?;
    let channels = SecureChannelListenerOptions::new()
        .with_trust_policy(TrustEveryonePolicy)
        .as_consumer(&id);
    let listener = node.create_secure_channel_listener(&bob, "api", channels)?;
    node.flow_controls()
        .add_consumer(&"echo".into(), listener.flow_control_id());
    let tcp = node.create_tcp_transport()?;
    let bound = tcp.listen(format!("127.0.0.1:{port}"), options).await?;
    println!("LISTENING {}", bound.socket_address());
    println!("IDENTIFIER {bob}");
    Ok(())
}

async fn relay(node: &Node, port: &str, to: &str) -> Result<()> {
    let tcp = node.create_tcp_transport()?;
    let connection = tcp.connect(to, TcpConnectionOptions::new()).await?;
    let options = TcpListenerOptions::new();
    node.start_worker("forward", Relay(route![connection]))?;
    node.flow_controls()
        .add_consumer(&"forward".into(), &options.spawner_flow_control_id());
    let bound = tcp.listen(format!("127.0.0.1:{port}"), options).await?;
    println!("LISTENING {}", bound.socket_address());
    Ok(())
}

async fn send(node: &mut Node, to: &str, route: &str, count: usize) -> Result<()> {
    let alice = node.create_identity().await?;
    let tcp = node.create_tcp_transport()?;
    let connection = tcp.connect(to, TcpConnectionOptions::new()).await?;
    let names = std::iter::once(connection.sender_address().address().to_string())
        .chain(route.split(',').map(str::to_string))
        .collect();
    let options = SecureChannelOptions::new().with_trust_policy(TrustEveryonePolicy);
    let channel = node
        .create_secure_channel(&alice, Route::create::<String>(names), options)
        .await?;
    for i in 0..count {
        let payload: Vec<u8> = (0..SIZES[i % SIZES.len()])
            .map(|byte| (byte * 31 + i) as u8)
            .collect();
        let answer: Vec<u8> = node
            .send_and_receive(route![channel.clone(), "echo"], payload.clone())
            .await?;
        if answer != payload {
            println!("FAILED answer {i} is not what was sent");
            std::process::exit(1);
        }
    }
    println!("ECHOES {count}");
    node.shutdown().await
}

async fn run(ctx: Context, args: Vec<String>) -> Result<()> {
    let mut node = node(ctx).await?;
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["serve", port] => serve(&node, port).await,
        ["relay", port, to] => relay(&node, port, to).await,
        ["send", to, route, count] => send(&mut node, to, route, count.parse().unwrap_or(1)).await,
        _ => {
            println!("FAILED usage: interop (serve PORT | relay PORT HOST:PORT | send HOST:PORT ROUTE COUNT)");
            std::process::exit(2);
        }
    }
}

fn main() {
    let (ctx, mut executor) = NodeBuilder::new().no_logging().build();
    let ended = executor.execute(run(ctx, std::env::args().skip(1).collect()));
    if let Err(failure) = ended.and_then(|served| served) {
        println!("FAILED {failure}");
        std::process::exit(1);
    }
}
