// SPDX-License-Identifier: Apache-2.0

//! The authority node of the crate `ockam_api`, with all its workers, for the live tests in `modules/interop`. It has a program of its own
//! because that crate needs some 500 others. Its arguments say what it is:
//!
//! ```text
//! authority DATABASE PROJECT OPTION...   LISTENING HOST:PORT, IDENTIFIER I... and HISTORY HEX, in three lines, when it is ready
//!   identity=I...                        is the authority, as at an earlier start with this database; otherwise a new one is
//!   trusted=I...:ATTRIBUTES              is a pre-trusted member
//!   account=HEX                          the account authority's history
//!   enforce                              tells admins and enrollers apart
//! ```
//!
//! Then it does what it is told on standard input, one command a line, answers each with one line, a failure with `FAILED` and the error, and
//! ends when its standard input does:
//!
//! ```text
//! ticket FORM HEX                        TICKET HEX: the ticket, which was imported, in the form plain, hex, json or legacy
//! ```
//!
//! Attributes are pairs `NAME=VALUE` with commas, names and values in hexadecimal; tickets are in hexadecimal too, whatever their form. How
//! long credentials last is in the environment, as `ockam_api` reads it: `CREDENTIAL_TTL_SECS`.

use ockam::compat::tokio;
use ockam::identity::models::{ChangeHistory, Identifier};
use ockam::identity::{Identities, TimestampInSeconds};
use ockam::tcp::TcpTransport;
use ockam::{Context, NodeBuilder};
use ockam_api::authenticator::{PreTrustedIdentities, PreTrustedIdentity};
use ockam_api::authority_node::{start_node, Authority, Configuration};
use ockam_api::cli_state::{EnrollmentTicket, ExportedEnrollmentTicket, LegacyEnrollmentTicket};
use ockam_api::config::lookup::InternetAddress;
use ockam_node::database::{DatabaseConfiguration, SqlxDatabase};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::mpsc;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What `Authority::create` calls its node; the authority's identity has to be in that one's part of the database.
const NODE: &str = "authority";

struct Options {
    identity: Option<Identifier>,
    trusted: BTreeMap<Identifier, BTreeMap<Vec<u8>, Vec<u8>>>,
    account: Option<ChangeHistory>,
    enforce: bool,
}

impl Options {
    fn parse(words: &[String]) -> Fallible<Self> {
        let mut options = Options {
            identity: None,
            trusted: BTreeMap::new(),
            account: None,
            enforce: false,
        };
        for word in words {
            match word.split_once('=') {
                Some(("identity", identifier)) => {
                    options.identity = Some(Identifier::from_str(identifier)?)
                }
                Some(("trusted", member)) => {
                    let (identifier, said) = member.split_once(':').ok_or("no attributes")?;
                    let identifier = Identifier::from_str(identifier)?;
                    options.trusted.insert(identifier, attributes(said)?);
                }
                Some(("account", history)) => {
                    options.account = Some(ChangeHistory::import_from_string(history)?)
                }
                None if word == "enforce" => options.enforce = true,
                _ => return Err(format!("there is no option {word}").into()),
            }
        }
        Ok(options)
    }
}

fn attributes(text: &str) -> Fallible<BTreeMap<Vec<u8>, Vec<u8>>> {
    text.split(',')
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or("not a pair")?;
            Ok((hex::decode(name)?, hex::decode(value)?))
        })
        .collect()
}

async fn start(ctx: &Context, arguments: &[String]) -> Fallible<()> {
    let [database, project, options @ ..] = arguments else {
        return Err("DATABASE PROJECT OPTION...".into());
    };
    let options = Options::parse(options)?;
    let place = DatabaseConfiguration::sqlite(database);
    let database = SqlxDatabase::create(&place).await?;
    let identities = Identities::create_with_node(database.clone(), NODE).build();
    let identifier = match options.identity {
        Some(known) => known,
        None => identities.identities_creation().create_identity().await?,
    };
    let history = identities.get_identity(&identifier).await?;
    let trusted = options.trusted.into_iter().map(|(member, said)| {
        let entry = PreTrustedIdentity::new(said, TimestampInSeconds(0), None, identifier.clone());
        (member, entry)
    });
    let configuration = Configuration {
        identifier: identifier.clone(),
        database_configuration: place,
        project_identifier: project.clone(),
        tcp_listener_address: InternetAddress::new("127.0.0.1:0").ok_or("no address")?,
        secure_channel_listener_name: None,
        authenticator_name: None,
        trusted_identities: PreTrustedIdentities::new(trusted.collect()),
        no_direct_authentication: false,
        no_token_enrollment: false,
        okta: None,
        account_authority: options.account,
        enforce_admin_checks: options.enforce,
        disable_trust_context_id: false,
        telemetry_endpoint_url: None,
    };
    let authority = Authority::create(&configuration, Some(database)).await?;
    start_node(ctx, &configuration, authority).await?;
    println!("LISTENING {}", listening(ctx).await?);
    println!("IDENTIFIER {identifier}");
    println!("HISTORY {}", history.export_as_string()?);
    Ok(())
}

/// Where it listens, which only its TCP transport knows, a moment later.
async fn listening(ctx: &Context) -> Fallible<SocketAddr> {
    let tcp = TcpTransport::get_or_create(ctx)?;
    for _ in 0..10_000 {
        if let Some(listener) = tcp.registry().get_all_listeners().first() {
            return Ok(listener.socket_address());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err("it does not listen".into())
}

async fn answer(command: &str) -> Fallible<String> {
    match command.split(' ').collect::<Vec<_>>()[..] {
        ["ticket", form, text] => {
            let ticket = ticket(&String::from_utf8(hex::decode(text)?)?).await?;
            Ok(format!("TICKET {}", hex::encode(written(ticket, form)?)))
        }
        _ => Err("there is no such command".into()),
    }
}

/// As the command line of Ockam reads it.
async fn ticket(text: &str) -> Fallible<EnrollmentTicket> {
    Ok(match LegacyEnrollmentTicket::from_str(text) {
        Ok(legacy) => EnrollmentTicket::new_from_legacy(legacy).await?,
        Err(_) => ExportedEnrollmentTicket::from_str(text)?.import().await?,
    })
}

fn written(ticket: EnrollmentTicket, form: &str) -> Fallible<String> {
    Ok(match form {
        "plain" => ticket.export()?.to_string(),
        "hex" => ticket.export()?.hex_encoded()?,
        "json" => serde_json::to_string(&ticket.export()?)?,
        "legacy" => ticket.export_legacy()?.hex_encoded()?,
        _ => return Err("there is no such form".into()),
    })
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

async fn run(ctx: Context, arguments: Vec<String>) -> Fallible<()> {
    let mut commands = commands();
    start(&ctx, &arguments).await?;
    while let Some(command) = commands.recv().await {
        match answer(&command).await {
            Ok(answer) => println!("{answer}"),
            Err(failure) => println!("FAILED {}", failure.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

fn main() {
    let arguments = std::env::args().skip(1).collect();
    let (ctx, mut executor) = NodeBuilder::new().no_logging().build();
    let ended = match executor.execute(run(ctx, arguments)) {
        Ok(ended) => ended,
        Err(failure) => Err(failure.into()),
    };
    if let Err(failure) = ended {
        println!("FAILED {}", failure.to_string().replace('\n', " "));
        std::process::exit(1);
    }
}
