// SPDX-License-Identifier: Apache-2.0

//! Credentials of the node for the live tests: it can be their authority, get them from one, present them, and believe them.
//!
//! The crate `ockam` publishes all of that but the worker of an authority, which is in `ockam_api`. The one here says what that one does to
//! its members; the credentials, requests and answers are the crate's own.

use ockam::abac::{IncomingAbac, PolicyExpression};
use ockam::access_control::AllowAll;
use ockam::identity::models::{
    Attributes, ChangeHistory, CredentialAndPurposeKey, CredentialSchemaIdentifier, Identifier,
};
use ockam::identity::utils::AttributesBuilder;
use ockam::identity::{
    CachedCredentialRetrieverCreator, CredentialRetrieverCreator, Identities,
    MemoryCredentialRetrieverCreator, RemoteCredentialRetrieverCreator,
    RemoteCredentialRetrieverInfo, RemoteCredentialRetrieverTimingOptions,
    SecureChannelListenerOptions, SecureChannelOptions, SecureClient, TimestampInSeconds,
    TrustIdentifierPolicy,
};
use ockam::tcp::{TcpTransport, TCP};
use ockam::{route, Context, Node, RelayServiceOptions, Result, Route, Routed, TryClone, Worker};
use ockam_core::api::{Method, Request, Response};
use ockam_core::SecureChannelLocalInfo;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::{Answer, Echoer};

const SCHEMA: CredentialSchemaIdentifier = CredentialSchemaIdentifier(1);
/// Answers those whose attributes fit the rule.
pub const GUARDED: &str = "guarded";

const SCOPE: &str = "interop";
const TIMEOUT: Duration = Duration::from_secs(30);

type Members = Arc<Mutex<BTreeMap<Identifier, Attributes>>>;
type Fallible<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Gives each member a credential with what is said of it.
struct Issuer {
    identities: Arc<Identities>,
    authority: Identifier,
    validity: Duration,
    members: Members,
}

#[ockam::worker]
impl Worker for Issuer {
    type Context = Context;
    type Message = Request<Vec<u8>>;

    async fn handle_message(
        &mut self,
        ctx: &mut Context,
        msg: Routed<Request<Vec<u8>>>,
    ) -> Result<()> {
        let caller: Identifier = SecureChannelLocalInfo::find_info(msg.local_message())?
            .their_identifier()
            .into();
        let back = msg.return_route().clone();
        let (request, _) = msg.into_body()?.into_parts();
        if request.method() != Some(Method::Post) || request.path() != "/" {
            return ctx.send(back, Response::unknown_path(&request)).await;
        }
        let said = self.members.lock().unwrap().get(&caller).cloned();
        let Some(attributes) = said else {
            let refusal = Response::forbidden(&request, "unauthorized member");
            return ctx.send(back, refusal).await;
        };
        let credential = self
            .identities
            .credentials()
            .credentials_creation()
            .issue_credential(&self.authority, &caller, attributes, self.validity)
            .await?;
        ctx.send(back, Response::ok().with_headers(&request).body(credential))
            .await
    }
}

/// What the node presents in its channels, and whose word about its peers it takes.
pub struct Credentials {
    identity: Identifier,
    tcp: Arc<TcpTransport>,
    members: Members,
    presented: Option<Arc<dyn CredentialRetrieverCreator>>,
    believed: Option<Identifier>,
}

impl Credentials {
    pub fn new(identity: Identifier, tcp: Arc<TcpTransport>) -> Self {
        Self {
            identity,
            tcp,
            members: Members::default(),
            presented: None,
            believed: None,
        }
    }

    pub fn channel_options(&self) -> Result<SecureChannelOptions> {
        let mut options = SecureChannelOptions::new();
        if let Some(authority) = &self.believed {
            options = options.with_authority(authority.clone());
        }
        if let Some(presented) = &self.presented {
            options = options.with_credential_retriever_creator(presented.clone())?;
        }
        Ok(options)
    }

    pub fn listener_options(&self) -> Result<SecureChannelListenerOptions> {
        let mut options = SecureChannelListenerOptions::new();
        if let Some(authority) = &self.believed {
            options = options.with_authority(authority.clone());
        }
        if let Some(presented) = &self.presented {
            options = options.with_credential_retriever_creator(presented.clone())?;
        }
        Ok(options)
    }

    /// With these, the authority says who may have which name.
    pub fn relay_options(&self, node: &Node) -> RelayServiceOptions {
        let options = RelayServiceOptions::new();
        match &self.believed {
            Some(authority) => options.authority(authority.clone(), node.identities_attributes()),
            None => options,
        }
    }

    pub async fn answer(&mut self, node: &Node, words: &[&str]) -> Answer {
        Ok(match words {
            ["history"] => {
                let identity = node.identities().get_identity(&self.identity).await?;
                format!("HISTORY {}", identity.export_as_string()?)
            }
            ["import", history] => {
                let imported = node
                    .identities_verification()
                    .import_from_change_history(None, ChangeHistory::import_from_string(history)?)
                    .await?;
                format!("IMPORTED {imported}")
            }
            ["authority", validity] => self.issue_to_members(node, validity)?,
            ["member", member, attributes] => {
                let member = Identifier::from_str(member)?;
                let mut members = self.members.lock().unwrap();
                if *attributes == "-" {
                    members.remove(&member);
                } else {
                    members.insert(member, read(attributes)?);
                }
                "MEMBER".into()
            }
            ["credential", subject, validity, attributes] => {
                let credential = node
                    .credentials()
                    .credentials_creation()
                    .issue_credential(
                        &self.identity,
                        &Identifier::from_str(subject)?,
                        read(attributes)?,
                        seconds(validity)?,
                    )
                    .await?;
                format!("CREDENTIAL {}", credential.encode_as_string()?)
            }
            ["fetch", to, listener, authority] => {
                self.fetch(node, route![(TCP, *to), *listener], authority)
                    .await?
            }
            ["ask", to, listener, peer, worker, method, path, body] => {
                let client = self.client(node, route![(TCP, *to), *listener], peer)?;
                let request = Request::build(method_of(method)?, *path);
                let ctx = node.context();
                let answer: Response<Vec<u8>> = if *body == "-" {
                    client.request(ctx, worker, request).await?
                } else {
                    client
                        .request(ctx, worker, request.body(hex::decode(body)?))
                        .await?
                };
                told(answer)
            }
            ["present", "-"] => self.present(None),
            ["present", credential] => {
                let credential = CredentialAndPurposeKey::decode_from_string(credential)?;
                self.present(Some(Arc::new(MemoryCredentialRetrieverCreator::new(
                    credential,
                ))))
            }
            ["present", "cached", authority] => {
                self.present(Some(Arc::new(CachedCredentialRetrieverCreator::new(
                    Identifier::from_str(authority)?,
                    SCOPE.into(),
                    node.identities().cached_credentials_repository(),
                ))))
            }
            ["present", "remote", to, listener, authority, gap] => {
                let along = route![(TCP, *to), *listener];
                let creator = self.remote(node, along, authority, gap)?;
                self.present(Some(Arc::new(creator)))
            }
            ["believe", authority, rule] => self.believe(node, authority, rule)?,
            ["attributes", subject] => self.attributes(node, subject).await?,
            _ => return Err("no such command".into()),
        })
    }

    fn issue_to_members(&self, node: &Node, validity: &str) -> Answer {
        let issuer = Issuer {
            identities: node.identities(),
            authority: self.identity.clone(),
            validity: seconds(validity)?,
            members: self.members.clone(),
        };
        node.start_worker("credential_issuer", issuer)?;
        Ok("ISSUING".into())
    }

    fn remote(
        &self,
        node: &Node,
        along: Route,
        authority: &str,
        gap: &str,
    ) -> Fallible<RemoteCredentialRetrieverCreator> {
        let gap = TimestampInSeconds(gap.parse()?);
        Ok(RemoteCredentialRetrieverCreator::new_extended(
            node.context().try_clone()?,
            self.tcp.clone(),
            node.secure_channels(),
            RemoteCredentialRetrieverInfo::create_for_project_member(authority.try_into()?, along),
            SCOPE.into(),
            RemoteCredentialRetrieverTimingOptions {
                request_timeout: TIMEOUT,
                secure_channel_creation_timeout: TIMEOUT,
                min_refresh_interval: Duration::from_secs(1),
                proactive_refresh_gap: gap,
                clock_skew_gap: gap,
            },
        ))
    }

    fn client(&self, node: &Node, along: Route, peer: &str) -> Fallible<SecureClient> {
        Ok(SecureClient::new(
            node.secure_channels(),
            None,
            self.tcp.clone(),
            along,
            Arc::new(TrustIdentifierPolicy::new(peer.try_into()?)),
            &self.identity,
            TIMEOUT,
            TIMEOUT,
        ))
    }

    /// Does once what the crate's remote retriever does for ever.
    async fn fetch(&self, node: &Node, along: Route, authority: &str) -> Answer {
        let issuer: Identifier = authority.try_into()?;
        let credential: CredentialAndPurposeKey = self
            .client(node, along, authority)?
            .ask(node.context(), "credential_issuer", Request::post("/"))
            .await?
            .success()?;
        let verified = node
            .credentials()
            .credentials_verification()
            .verify_credential(Some(&self.identity), &[issuer.clone()], &credential)
            .await?;
        let end = verified.credential_data.expires_at;
        node.identities()
            .cached_credentials_repository()
            .put(&self.identity, &issuer, SCOPE, end, credential.clone())
            .await?;
        Ok(format!("CREDENTIAL {}", credential.encode_as_string()?))
    }

    fn present(&mut self, what: Option<Arc<dyn CredentialRetrieverCreator>>) -> String {
        self.presented = what;
        "PRESENTING".into()
    }

    fn believe(&mut self, node: &Node, authority: &str, rule: &str) -> Answer {
        let authority = Identifier::from_str(authority)?;
        let members = IncomingAbac::create(
            node.identities_attributes(),
            Some(authority.clone()),
            PolicyExpression::from_str(rule)?.to_expression(),
        );
        let echoer = Echoer(Arc::default());
        node.start_worker_with_access_control(GUARDED, echoer, members, AllowAll)?;
        self.believed = Some(authority);
        Ok("BELIEVING".into())
    }

    async fn attributes(&self, node: &Node, subject: &str) -> Answer {
        let authority = self.believed.as_ref().ok_or("it believes nobody")?;
        let said = node
            .identities_attributes()
            .get_attributes(&Identifier::from_str(subject)?, authority)
            .await?;
        Ok(said.map_or("ATTRIBUTES -".into(), |said| {
            let end = said.expires_at().map_or(0, |end| *end);
            let pairs: Vec<String> = said
                .attrs()
                .iter()
                .map(|(name, value)| format!("{}={}", hex::encode(name), hex::encode(value)))
                .collect();
            format!("ATTRIBUTES {end} {}", pairs.join(","))
        }))
    }
}

fn seconds(text: &str) -> Fallible<Duration> {
    Ok(Duration::from_secs(text.parse()?))
}

/// Reads attributes: pairs with commas, both sides of the equals sign in hexadecimal.
fn read(text: &str) -> Fallible<Attributes> {
    let mut attributes = AttributesBuilder::with_schema(SCHEMA);
    for pair in text.split(',') {
        let (name, value) = pair.split_once('=').ok_or("not a pair")?;
        attributes = attributes.with_attribute(hex::decode(name)?, hex::decode(value)?);
    }
    Ok(attributes.build())
}

fn method_of(text: &str) -> Fallible<Method> {
    match text {
        "GET" => Ok(Method::Get),
        "POST" => Ok(Method::Post),
        "DELETE" => Ok(Method::Delete),
        _ => Err("no such method".into()),
    }
}

fn told(answer: Response<Vec<u8>>) -> String {
    let (header, body) = answer.into_parts();
    let status = header
        .status()
        .map_or("-".into(), |status| status.to_string());
    match body {
        None => format!("ANSWER {status} -"),
        Some(Ok(body)) => format!("ANSWER {status} {}", hex::encode(body)),
        Some(Err(error)) => format!("ANSWER {status} {}", error.message().unwrap_or("-")),
    }
}
