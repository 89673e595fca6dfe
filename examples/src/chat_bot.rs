//! A bot that lives in the host application: it follows a workspace and answers whoever mentions it.
//!
//! `cargo run -p kitaab-examples --bin chat_bot` needs no database and no server: a workspace is founded, a client comes
//! in and asks, and the conversation is printed as the client's own device hears it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use kitaab_core::Kitaab;
use kitaab_core::access::{Actor, Role};
use kitaab_core::account::SignUp;
use kitaab_core::chat::{ChannelKind, ChannelsAsk, MessageView, NewMessage};
use kitaab_core::event::{Feed, From, Heard};
use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use kitaab_core::invitation::{Accept, InvitedClient, NewInvitation};
use kitaab_core::project::{NewProject, ProjectView, ProjectsAsk};
use kitaab_core::store::Store;
use kitaab_core::testing::KeepingMailer;
use kitaab_store_sqlite::SqliteStore;
use serde::Deserialize;
use tokio::time::timeout;

/// What the bot reads of an event; there is more in it.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: serde_json::Value,
}

impl Event {
    /// The message, if this is a new one that was not deleted meanwhile.
    fn message(&self) -> Option<MessageView> {
        let message = || serde_json::from_value::<MessageView>(self.data.clone()).ok();
        (self.kind == "message.created").then(message).flatten().filter(|message| message.text.is_some())
    }
}

/// A person like any other, whom a program speaks for.
struct Bot {
    kitaab: Kitaab,
    workspace: WorkspaceId,
    id: UserId,
}

impl Bot {
    /// Answers until the workspace is no longer the bot's.
    async fn run(self, mut feed: Feed) -> anyhow::Result<()> {
        loop {
            match feed.next().await? {
                Heard::Batch(batch) => {
                    for event in &batch.events {
                        // One question that cannot be answered does not silence the bot.
                        if let Err(error) = self.hear(&serde_json::from_str(&event.json())?).await {
                            eprintln!("the bot: {error}");
                        }
                    }
                    // A bot that must miss nothing while it is down keeps `batch.cursor`, and begins with `From::Cursor`.
                }
                Heard::Passing(_) | Heard::Resync(_) => {}
                Heard::Ended => return Ok(()),
            }
        }
    }

    /// Answers a message that mentions the bot.
    async fn hear(&self, event: &Event) -> anyhow::Result<()> {
        let Some(message) = event.message().filter(|message| message.mentions.contains(&self.id)) else { return Ok(()) };
        // An author whom the bot may not know cannot be answered for, and the bot does not talk to itself.
        let Some(asker) = message.author.id.filter(|author| *author != self.id) else { return Ok(()) };
        let question = message.text.as_deref().unwrap_or_default().replace(&format!("<@{}>", self.id), "");
        let text = match question.trim().to_lowercase().as_str() {
            "due" => self.due(asker, message.channel_id).await?,
            "help" => {
                "Mention me and say `due`: I tell when this project is to be done. In a direct channel I tell it of all yours.".into()
            }
            _ => "That is beyond me. Mention me and say `help`.".into(),
        };
        // Named after the event: whoever hears that twice answers once.
        let answer = NewMessage { client_message_id: event.id.clone(), text, reply_to: Some(message.id), ..NewMessage::default() };
        self.kitaab.chat(&self.actor()).post(self.workspace, message.channel_id, answer.into()).await?;
        Ok(())
    }

    /// When projects are to be done: looked up as the one who asks, so nobody learns what they may not see, and of the
    /// channel's own project alone where others read along.
    async fn due(&self, asker: UserId, channel: ChannelId) -> anyhow::Result<String> {
        let channel = self.kitaab.chat(&self.actor()).channel(self.workspace, channel).await?.item;
        let asker = Actor::person(asker);
        let projects = self.kitaab.projects(&asker);
        let projects = match (channel.kind, channel.project_id) {
            (_, Some(project)) => vec![projects.get(self.workspace, project).await?.item],
            (ChannelKind::Direct, None) => projects.list(self.workspace, ProjectsAsk::default().into()).await?.items,
            (_, None) => return Ok("Others read along here: ask me in a direct channel.".into()),
        };
        let lines: Vec<_> = projects.into_iter().filter_map(line).collect();
        Ok(if lines.is_empty() { "Nothing is due.".into() } else { lines.join("\n") })
    }

    fn actor(&self) -> Actor {
        Actor::person(self.id)
    }
}

/// A project and its last day, if it has one.
fn line(project: ProjectView) -> Option<String> {
    let (name, due) = match project {
        ProjectView::Staff(project) => (project.name, project.due_on),
        ProjectView::Client(project) => (project.name, project.due_on),
    };
    due.map(|due| format!("- {name}: {due}"))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let store = SqliteStore::in_memory().await?;
    store.migrate().await?;
    let mailer = KeepingMailer::default();
    let kitaab = Kitaab::builder(Arc::new(store)).mailer(mailer.clone()).build();

    // Nikhil founds his workspace, with two projects: one is for Mridul, one is none of her business.
    let nobody = Actor::nobody();
    let sign_up = SignUp {
        email: "nikhil@example.com".into(),
        password: "violet anchors drift at noon".into(),
        display_name: "Nikhil".into(),
        workspace_name: "Nikhil Design".into(),
    };
    let nikhil = kitaab.accounts(&nobody).sign_up(sign_up.into(), None).await?;
    let (workspace, nikhil) = (nikhil.workspace.id, Actor::person(nikhil.user.id));
    let mut projects = Vec::new();
    for (name, due) in [("A rival's shop", "2026-07-01"), ("Shop redesign", "2026-09-30")] {
        let project = NewProject { name: name.into(), due_on: Some(due.parse()?), ..NewProject::default() };
        let ProjectView::Staff(project) = kitaab.projects(&nikhil).create(workspace, project.into()).await?.item else {
            bail!("the owner sees everything")
        };
        projects.push(project.id);
    }

    // Mridul comes in as a client, the bot as a colleague: somebody whom the host application vouches for.
    let client = InvitedClient { name: "Mridul".into(), email: "mridul@example.com".into(), company: None };
    let for_mridul = NewInvitation { client: Some(client), project_ids: vec![projects[1]], ..NewInvitation::default() };
    let for_bot = NewInvitation { role: Some(Role::Member), email: Some("bot@example.com".into()), ..NewInvitation::default() };
    let mut joined = Vec::new();
    for (invitation, email, name) in [(for_mridul, "mridul@example.com", "Mridul"), (for_bot, "bot@example.com", "Dates")] {
        kitaab.invitations(&nikhil).send(workspace, invitation.into()).await?;
        kitaab.run_due_jobs().await?;
        let token = mailer.token_to(email).context("the mail carries a link")?;
        let person = kitaab.introduce(email, name).await?;
        let accept = Accept { token: token.into(), ..Accept::default() };
        kitaab.invitations(&Actor::person(person)).accept(accept.into(), None).await?;
        joined.push(person);
    }
    let (mridul, bot) = (Actor::person(joined[0]), joined[1]);

    // Both follow from here on; what is said before anybody listens is heard all the same.
    let mut device = kitaab.follow(&mridul, workspace, From::Now).await?;
    let feed = kitaab.follow(&Actor::person(bot), workspace, From::Now).await?;
    let bot_runs = tokio::spawn(Bot { kitaab: kitaab.clone(), workspace, id: bot }.run(feed));

    let channels = kitaab.chat(&mridul).channels(workspace, ChannelsAsk::default().into()).await?;
    let channel = channels.items.first().context("the project came with a channel")?;
    println!("In “{}”, as Mridul hears it:\n", channel.name.as_deref().unwrap_or_default());
    for (number, question) in ["help", "due", "what is for lunch?"].into_iter().enumerate() {
        let message =
            NewMessage { client_message_id: format!("question-{number}"), text: format!("<@{bot}> {question}"), ..NewMessage::default() };
        kitaab.chat(&mridul).post(workspace, channel.id, message.into()).await?;
        while timeout(Duration::from_secs(10), listen(&mut device, bot)).await.context("the bot fell silent")?? != Some(bot) {}
    }
    bot_runs.abort();
    Ok(())
}

/// Prints the messages that come next, and says who wrote the last of them.
async fn listen(device: &mut Feed, bot: UserId) -> anyhow::Result<Option<UserId>> {
    let Heard::Batch(batch) = device.next().await? else { return Ok(None) };
    let mut author = None;
    for event in &batch.events {
        if let Some(message) = serde_json::from_str::<Event>(&event.json())?.message() {
            let text = message.text.unwrap_or_default().replace(&format!("<@{bot}>"), "@Dates");
            println!("{:>2}  {:<6}  {}", message.seq, message.author.display_name, text.replace('\n', "\n            "));
            author = message.author.id;
        }
    }
    Ok(author)
}
