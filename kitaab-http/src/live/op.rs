//! What a client asks for over a socket, and how it is answered.

use kitaab_core::Error;
use kitaab_core::access::Actor;
use kitaab_core::chat::{MarkRead, NewMessage};
use kitaab_core::error::Problems;
use kitaab_core::event::{Feed, From};
use kitaab_core::ids::{ChannelId, WorkspaceId};
use kitaab_core::input::Input;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::extract::read_object;
use crate::problem::{Answer, Problem};

/// A frame of a client: what is asked for, by which name it is answered, and the rest.
pub(super) struct Op {
    pub(super) id: Option<Value>,
    pub(super) asks: String,
    rest: Map<String, Value>,
}

/// What came of it.
pub(super) enum Done {
    /// Nothing but an answer.
    Said(Value),
    /// A workspace is followed from now on.
    Subscribed(Box<Feed>, Value),
    /// A workspace is no longer followed.
    Unsubscribed(WorkspaceId),
    /// The person is there, or away.
    Presence(bool),
}

impl Op {
    /// Reads a frame; none if it is no JSON object, or says no `op`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Ok(Value::Object(mut rest)) = read_object(text.as_bytes()) else { return None };
        let id = rest.remove("id");
        match rest.remove("op") {
            Some(Value::String(op)) => Some(Self { id, asks: op, rest }),
            // Without a name of an operation it is an unknown one.
            _ => Some(Self { id, asks: String::new(), rest }),
        }
    }

    /// The token of a first frame that says who calls.
    pub(super) fn token(&self) -> Option<&str> {
        if self.asks == "auth" { self.rest.get("token").and_then(Value::as_str) } else { None }
    }

    fn take<T: std::str::FromStr>(&mut self, field: &'static str) -> Result<T, Error> {
        let given = self.rest.remove(field);
        let text = given.as_ref().and_then(Value::as_str);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| match &given {
            None => Error::field(field, "required", "Give an id."),
            Some(_) => Error::field(field, "not_found", "There is no such thing."),
        })
    }

    /// What is left, as the body of the same request over HTTP.
    fn body<T: serde::de::DeserializeOwned + Default>(&mut self) -> Input<T> {
        let mut problems = Problems::default();
        let value = crate::extract::read_body(Value::Object(std::mem::take(&mut self.rest)), &mut problems);
        Input::with_problems(value, problems)
    }

    fn nothing_else(&self) -> Result<(), Error> {
        let mut problems = Problems::default();
        for field in self.rest.keys() {
            problems.add(field.clone(), "unknown_field", "There is no such field. Leave it out.");
        }
        problems.into_result()
    }

    /// Does what is asked for.
    pub(super) async fn perform(&mut self, app: &App, actor: &Actor, followed: &[WorkspaceId]) -> Answer<Done> {
        let chat = app.kitaab.chat(actor);
        match self.asks.as_str() {
            "subscribe" => self.subscribe(app, actor).await,
            "unsubscribe" => {
                let workspace = self.take::<WorkspaceId>("workspace_id")?;
                self.nothing_else()?;
                Ok(Done::Unsubscribed(workspace))
            }
            "send" => {
                let (workspace, channel) = self.channel(app, actor, followed).await?;
                said(chat.post(workspace, channel, self.body::<NewMessage>()).await?.message)
            }
            "typing" => {
                let (workspace, channel) = self.channel(app, actor, followed).await?;
                self.nothing_else()?;
                chat.typing(workspace, channel).await?;
                Ok(Done::Said(json!({})))
            }
            "read" => {
                let (workspace, channel) = self.channel(app, actor, followed).await?;
                said(chat.mark_read(workspace, channel, self.body::<MarkRead>()).await?)
            }
            "presence" => match self.rest.remove("state").as_ref().and_then(Value::as_str) {
                Some("active") => Ok(Done::Presence(false)),
                Some("away") => Ok(Done::Presence(true)),
                _ => Err(Error::field("state", "invalid", "Say active or away.").into()),
            },
            "ping" => Ok(Done::Said(json!({}))),
            _ => {
                let ops = "Ask for subscribe, unsubscribe, send, typing, read, presence or ping.";
                Err(Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "unknown_op", ops))
            }
        }
    }

    /// Which channel is meant: of the workspace that is named, or of one of those that are followed.
    async fn channel(&mut self, app: &App, actor: &Actor, followed: &[WorkspaceId]) -> Result<(WorkspaceId, ChannelId), Error> {
        let channel = self.take::<ChannelId>("channel_id")?;
        if self.rest.contains_key("workspace_id") {
            return Ok((self.take::<WorkspaceId>("workspace_id")?, channel));
        }
        match followed {
            [] => Err(Error::field("workspace_id", "required", "Subscribe to a workspace first, or name one.")),
            [only] => Ok((*only, channel)),
            many => {
                for workspace in many {
                    match app.kitaab.chat(actor).channel(*workspace, channel).await {
                        Err(Error::NotFound) => {}
                        found => return found.map(|_| (*workspace, channel)),
                    }
                }
                Err(Error::NotFound)
            }
        }
    }

    async fn subscribe(&mut self, app: &App, actor: &Actor) -> Answer<Done> {
        let workspace = self.take::<WorkspaceId>("workspace_id")?;
        let cursor = match self.rest.remove("cursor") {
            None | Some(Value::Null) => None,
            Some(Value::String(cursor)) => Some(cursor),
            Some(_) => return Err(Error::field("cursor", "invalid", "Give the cursor of an earlier frame, or null.").into()),
        };
        self.nothing_else()?;
        let feed = app.kitaab.follow(actor, workspace, From::from(cursor)).await?;
        let answer = json!({"recovered": feed.recovered(), "cursor": feed.cursor()});
        Ok(Done::Subscribed(Box::new(feed), answer))
    }
}

fn said(answer: impl Serialize) -> Answer<Done> {
    Ok(Done::Said(serde_json::to_value(answer).map_err(Error::internal)?))
}

/// The answer to a frame.
pub(super) fn ok(id: Option<&Value>, answer: &Value) -> String {
    json!({"id": id, "ok": answer}).to_string()
}

/// The answer to a frame that came to nothing.
pub(super) fn failed(id: Option<&Value>, problem: &Problem) -> String {
    json!({"id": id, "error": problem.in_a_frame()}).to_string()
}
