//! The conversation: what the person types becomes asks, what the server tells becomes lines.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reqwest::Method;
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::api::Api;
use crate::link::{Ask, Told};
use crate::screen::Screen;
use crate::shapes::{Channel, Event, Line, Message, Person};

const HELP: &str = "/channels, /join N, /reply SEQ text, /react SEQ emoji, /edit SEQ text, /delete SEQ, /quit; all else is said";
/// How many messages are shown when one joins.
const SHOWN: i64 = 20;
/// The longest message, in characters. A longer line is not sent: its frame might be too large for any answer.
const LONGEST: usize = 10_000;
/// Typing shows for 6 s at the others': it is told again before that.
const TYPING_EVERY: Duration = Duration::from_secs(3);

/// One person's view of a workspace.
pub struct Chat {
    api: Api,
    screen: Screen,
    asks: UnboundedSender<Ask>,
    workspace: String,
    me: Person,
    channels: Vec<Channel>,
    current: Option<String>,
    /// Up to which message each channel was printed: so each is printed once.
    printed: HashMap<String, i64>,
    /// Up to which message the server was told that each channel was read.
    read: HashMap<String, i64>,
    /// Messages by channel and number, and their numbers.
    ids: HashMap<(String, i64), String>,
    seqs: HashMap<String, i64>,
    people: HashMap<String, String>,
    day: Option<Date>,
    last_line: u64,
    /// Lines that were typed and not acknowledged.
    waiting: BTreeMap<u64, String>,
    typed: Option<Instant>,
    /// Who types where, since when.
    typing: HashMap<(String, String), Instant>,
}

impl Chat {
    /// Begins; nothing is printed yet.
    pub fn new(api: Api, screen: Screen, asks: UnboundedSender<Ask>, workspace: String, me: Person) -> Self {
        let people = me.id.iter().map(|id| (id.clone(), me.display_name.clone())).collect();
        Self {
            api,
            screen,
            asks,
            workspace,
            me,
            channels: Vec::new(),
            current: None,
            printed: HashMap::new(),
            read: HashMap::new(),
            ids: HashMap::new(),
            seqs: HashMap::new(),
            people,
            day: None,
            last_line: 0,
            waiting: BTreeMap::new(),
            typed: None,
            typing: HashMap::new(),
        }
    }

    /// Lists the channels, and joins if there is but one.
    pub async fn begin(&mut self) -> anyhow::Result<()> {
        self.list().await?;
        match self.channels.len() {
            0 => self.screen.note("There is no channel yet: one comes with each project."),
            1 => self.join("1").await?,
            _ => self.screen.note("Which one? Type its number or name."),
        }
        Ok(())
    }

    /// Does what a line says; false for `/quit`.
    pub async fn line(&mut self, line: &str) -> bool {
        let line = line.trim();
        let (command, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let done = match command {
            "" => Ok(()),
            "/quit" => return false,
            "/channels" => self.list().await,
            "/join" => self.join(rest).await,
            "/reply" | "/react" | "/edit" | "/delete" => self.about(command, rest).await,
            _ if command.starts_with('/') => Err(anyhow::anyhow!(HELP)),
            _ if self.current.is_none() => self.join(line).await,
            _ => self.post(line, None),
        };
        if let Err(error) = done {
            self.screen.note(&format!("{error:#}"));
        }
        true
    }

    /// Tells others that one is typing, now and then.
    pub fn typing(&mut self) {
        if let Some(channel) = self.current.clone().filter(|_| self.typed.is_none_or(|at| at.elapsed() > TYPING_EVERY)) {
            self.typed = Some(Instant::now());
            self.asks.send(Ask::Typing(channel)).ok();
        }
    }

    /// Prints what the connection tells. Fails when it is over.
    pub async fn told(&mut self, told: Told) -> anyhow::Result<()> {
        match told {
            Told::Up { anew: false } => self.screen.note("Connected again; what happened meanwhile follows."),
            Told::Up { anew: true } => {
                self.screen.note("Connected, but had to begin anew: changes, reactions and deletions meanwhile are not shown.");
                if let Err(error) = self.catch_up().await {
                    self.screen.note(&format!("What was said meanwhile could not be fetched: {error:#}"));
                }
            }
            Told::Down { why, pause } => self.screen.note(&format!("Not connected: {why}. Again in {:.1} s.", pause.as_secs_f64())),
            Told::Events(events) => self.events(events).await,
            Told::Passing(event) => self.passing(&event),
            Told::Posted(id) => drop(self.waiting.remove(&id)),
            Told::Held { why, pause } => self.screen.note(&format!("Not sent yet: {why} Again in {:.1} s.", pause.as_secs_f64())),
            Told::Refused(id, problem) => {
                let text = self.waiting.remove(&id).unwrap_or_default();
                self.screen.note(&format!("Not sent: {} ({text})", problem.said()));
            }
            Told::Over(why) => bail!(why),
        }
        Ok(())
    }

    /// Ends: says what was not delivered, and signs out.
    pub async fn end(mut self) {
        for text in self.waiting.values() {
            self.screen.note(&format!("Perhaps not sent: {text}"));
        }
        // A session that is left behind ends by itself.
        self.api.sign_out().await.ok();
    }

    /// The screen, for a last word.
    pub fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    async fn list(&mut self) -> anyhow::Result<()> {
        self.fetch_channels().await?;
        for (index, channel) in self.channels.iter().enumerate() {
            let unread = if channel.unread_count > 0 { format!(", {} unread", channel.unread_count) } else { String::new() };
            let archived = if channel.archived_at.is_some() { ", archived" } else { "" };
            self.screen.say(&format!("{:>3}. {}{unread}{archived}", index + 1, one_line(channel.name())));
        }
        Ok(())
    }

    async fn fetch_channels(&mut self) -> anyhow::Result<()> {
        self.channels = self.api.channels(&self.workspace).await?;
        for channel in &self.channels {
            self.printed.entry(channel.id.clone()).or_insert(channel.last_seq);
        }
        Ok(())
    }

    async fn join(&mut self, which: &str) -> anyhow::Result<()> {
        let by_number = which.parse::<usize>().ok().and_then(|number| self.channels.get(number.checked_sub(1)?));
        let by_name = || self.channels.iter().find(|channel| channel.name().to_lowercase() == which.to_lowercase());
        let channel = by_number.or_else(by_name).cloned().context("There is no such channel; /channels lists them.")?;
        for person in self.api.members(&self.workspace, &channel.id).await? {
            self.people.extend(person.id.map(|id| (id, person.display_name)));
        }
        let page = self.api.messages(&self.workspace, &channel.id, &[("limit", SHOWN)]).await?;
        self.screen.note(&format!("{}. {HELP}", one_line(channel.name())));
        self.current = Some(channel.id.clone());
        self.printed.insert(channel.id.clone(), 0);
        for message in &page.items {
            self.print(message);
        }
        self.note_read();
        Ok(())
    }

    /// What was said while no events came.
    async fn catch_up(&mut self) -> anyhow::Result<()> {
        self.fetch_channels().await?;
        for channel in self.channels.clone() {
            let printed = self.printed_up_to(&channel.id);
            if channel.last_seq == printed && self.current.as_ref() != Some(&channel.id) {
                continue;
            }
            let mut page = self.api.messages(&self.workspace, &channel.id, &[("after", (printed - 1).max(0))]).await?;
            let known = self.ids.get(&(channel.id.clone(), printed));
            if known.is_some_and(|id| page.items.first().is_none_or(|message| message.id != *id)) {
                // After a restore the numbers stand for other messages.
                self.screen.note(&format!("{} is not what it was; as it is now:", one_line(channel.name())));
                self.printed.insert(channel.id.clone(), 0);
                page = self.api.messages(&self.workspace, &channel.id, &[("limit", SHOWN)]).await?;
            }
            page.items.iter().for_each(|message| self.print(message));
            while page.has_after {
                page = self.api.messages(&self.workspace, &channel.id, &[("after", self.printed_up_to(&channel.id))]).await?;
                page.items.iter().for_each(|message| self.print(message));
            }
        }
        self.note_read();
        Ok(())
    }

    fn post(&mut self, text: &str, reply_to: Option<String>) -> anyhow::Result<()> {
        let channel_id = self.current.clone().context("Join a channel first.")?;
        if text.chars().count() > LONGEST {
            bail!("Not sent: a message has at most {LONGEST} characters.");
        }
        let client_message_id = format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?);
        self.last_line += 1;
        self.waiting.insert(self.last_line, text.to_owned());
        self.typed = None;
        let line = Line { channel_id, client_message_id, text: text.to_owned(), reply_to };
        self.asks.send(Ask::Post(self.last_line, line)).context("The connection is over.")
    }

    /// Commands that begin with the number of a message.
    async fn about(&mut self, command: &str, rest: &str) -> anyhow::Result<()> {
        let (seq, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let (seq, text) = (seq.parse().ok().with_context(|| format!("{command} wants the number of a message."))?, text.trim());
        if text.is_empty() && command != "/delete" {
            bail!("{command} {seq} wants something after it.");
        }
        let id = self.message_id(seq).await?;
        match command {
            "/reply" => self.post(text, Some(id)),
            "/react" => self.api.message(Method::PUT, &self.workspace, &id, &["reactions", text], None).await,
            "/edit" => self.api.message(Method::PATCH, &self.workspace, &id, &[], Some(json!({"text": text}))).await,
            _ => self.api.message(Method::DELETE, &self.workspace, &id, &[], None).await,
        }
    }

    async fn message_id(&mut self, seq: i64) -> anyhow::Result<String> {
        let channel = self.current.clone().context("Join a channel first.")?;
        if let Some(id) = self.ids.get(&(channel.clone(), seq)) {
            return Ok(id.clone());
        }
        let page = self.api.messages(&self.workspace, &channel, &[("around", seq), ("limit", 3)]).await?;
        let found = page.items.into_iter().find(|message| message.seq == seq).context("There is no such message.")?;
        Ok(found.id)
    }

    async fn events(&mut self, events: Vec<Event>) {
        let mut others = false;
        for event in &events {
            match event.kind.as_str() {
                "message.created" => {
                    if let Ok(message) = serde_json::from_value::<Message>(event.data.clone()) {
                        self.print(&message);
                    }
                }
                "message.edited" => {
                    if let Ok(message) = serde_json::from_value::<Message>(event.data.clone()) {
                        let text = self.readable(message.text.as_deref());
                        self.change(event, message.seq, &format!("is now: {text}"));
                    }
                }
                "message.deleted" => self.change_of(event, "id", "was deleted"),
                "reaction.added" | "reaction.removed" => {
                    let person = event.data["user_id"].as_str().map_or("Someone", |id| self.name(id)).to_owned();
                    let emoji = event.data["emoji"].as_str().unwrap_or_default();
                    let taken = if event.kind == "reaction.removed" { " (taken back)" } else { "" };
                    self.change_of(event, "message_id", &format!("{emoji} {person}{taken}"));
                }
                "channel.created" | "channel.updated" | "channel.archived" | "access.gained" | "access.lost" => others = true,
                _ => {}
            }
        }
        if others && self.fetch_channels().await.is_ok() {
            self.screen.note("Your channels have changed; /channels lists them.");
            if self.current.as_ref().is_some_and(|current| !self.channels.iter().any(|channel| channel.id == *current)) {
                self.current = None;
                self.screen.note("You are no longer in this channel.");
            }
        }
        self.note_read();
    }

    fn passing(&mut self, event: &Event) {
        let (Some(channel), Some(user)) = (event.channel_id.clone(), event.data["user_id"].as_str().map(str::to_owned)) else { return };
        let key = (channel, user);
        match event.kind.as_str() {
            "typing.started" if self.current.as_ref() == Some(&key.0) && self.me.id.as_ref() != Some(&key.1) => {
                // Told again every few seconds, said once.
                let before = self.typing.insert(key.clone(), Instant::now());
                if before.is_none_or(|at| at.elapsed() > Duration::from_secs(6)) {
                    let line = format!("{} is typing …", self.name(&key.1));
                    self.screen.note(&line);
                }
            }
            "typing.stopped" => drop(self.typing.remove(&key)),
            _ => {}
        }
    }

    /// Prints a message, unless it was.
    fn print(&mut self, message: &Message) {
        if let Some(id) = &message.author.id {
            self.people.insert(id.clone(), message.author.display_name.clone());
            self.typing.remove(&(message.channel_id.clone(), id.clone()));
        }
        self.ids.insert((message.channel_id.clone(), message.seq), message.id.clone());
        self.seqs.insert(message.id.clone(), message.seq);
        if message.seq <= self.printed_up_to(&message.channel_id) {
            return;
        }
        self.printed.insert(message.channel_id.clone(), message.seq);
        let at = message.created_at.to_zoned(TimeZone::system());
        if self.day.replace(at.date()) != Some(at.date()) {
            self.screen.note(&at.strftime("%A, %-d %B %Y").to_string());
        }
        let text = self.readable(message.text.as_deref());
        let reply = message.reply_to.as_ref().map(|id| self.seqs.get(id).map_or_else(|| " ↪".to_owned(), |seq| format!(" ↪{seq}")));
        let edited = if message.edited_at.is_some() && message.text.is_some() { " (edited)" } else { "" };
        let (place, name) = (self.place(&message.channel_id), one_line(&message.author.display_name));
        let line = format!("{place}{:>4}  {}  {name}{}: {text}{edited}", message.seq, at.strftime("%H:%M"), reply.unwrap_or_default());
        self.screen.say(&line);
    }

    /// Prints that the message with the number changed.
    fn change(&mut self, event: &Event, seq: i64, how: &str) {
        let place = self.place(event.channel_id.as_deref().unwrap_or_default());
        self.screen.say(&format!("{place}{seq:>4}  {how}"));
    }

    /// The same, for a message that was printed.
    fn change_of(&mut self, event: &Event, field: &str, how: &str) {
        if let Some(seq) = event.data[field].as_str().and_then(|id| self.seqs.get(id).copied()) {
            self.change(event, seq, how);
        }
    }

    /// What is not of the channel one looks at says where it is from.
    fn place(&self, channel: &str) -> String {
        if self.current.as_deref() == Some(channel) {
            return String::new();
        }
        let name = self.channels.iter().find(|known| known.id == channel).map_or("elsewhere", Channel::name);
        format!("[{}] ", one_line(name))
    }

    /// Mentions by name; further lines are indented, so that nobody's text looks like somebody else's message.
    fn readable(&self, text: Option<&str>) -> String {
        let Some(text) = text else { return "(deleted)".into() };
        let mut text = text.replace("<!channel>", "@everyone");
        if text.contains("<@") {
            for (id, name) in &self.people {
                text = text.replace(&format!("<@{id}>"), &format!("@{}", one_line(name)));
            }
        }
        text.replace('\n', "\n             ")
    }

    fn name(&self, id: &str) -> &str {
        self.people.get(id).map_or("Someone", String::as_str)
    }

    fn printed_up_to(&self, channel: &str) -> i64 {
        self.printed.get(channel).copied().unwrap_or(0)
    }

    fn note_read(&mut self) {
        if let Some(channel) = self.current.clone() {
            let seq = self.printed_up_to(&channel);
            if self.read.insert(channel.clone(), seq) != Some(seq) {
                self.asks.send(Ask::Read(channel, seq)).ok();
            }
        }
    }
}

fn one_line(name: &str) -> String {
    name.replace('\n', " ")
}
