//! The people of the promises, and the things they have.

use super::permits;
pub use super::things::*;
use crate::access::{ActionKind, Role, TargetKind};
use crate::audit::{AuditEntry, Outcome};
use crate::away::Mailing;
use crate::chat::{Channel, Draft, Emoji, Message, Position, Scheduled, Template};
use crate::client::Client;
use crate::export::Export;
use crate::finance::{LedgerEntry, TimeEntry};
use crate::ids::{
    ChannelId, ClientId, ExportId, InvitationId, LedgerEntryId, MailingId, MessageId, NotificationId, ProjectId, ScheduledId,
    TaskCommentId, TaskId, TemplateId, TimeEntryId, UpdateId, UserId, WorkspaceId,
};
use crate::input::Patch;
use crate::invitation::{Invitation, Invited, LinkKind};
use crate::notification::{Level, Notification, NotificationKind, PreferencesChange};
use crate::project::{Project, ProjectGrant, Task, TaskComment, Update};
use crate::store::{Closing, Scope, Store, StoreResult, Tx};
use crate::time::Date;
use crate::token::TokenHash;
use crate::workspace::Workspace;

/// Nikhil's workspace: he owns it, Meera works with him, Mridul is a client who accepted and is on the project
/// "Website", Farah one who is invited and has not answered. Nobody is on the project "Shop". Notes are on Mridul's
/// card and on "Website". All three are in the group "Page", in which Meera said something.
#[derive(Debug, Clone)]
pub struct World {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The owner.
    pub nikhil: UserId,
    /// The member.
    pub meera: UserId,
    /// The client.
    pub mridul: UserId,
    /// Mridul's card.
    pub card: ClientId,
    /// Farah's card.
    pub invited_card: ClientId,
    /// Farah's address.
    pub invited_email: String,
    /// Mridul's project.
    pub website: ProjectId,
    /// The project without clients.
    pub shop: ProjectId,
    /// A task of "Website" that clients may see.
    pub task: TaskId,
    /// An internal task of "Website".
    pub internal: TaskId,
    /// Meera's comment on the task.
    pub comment: TaskCommentId,
    /// Nikhil's update of "Website".
    pub update: UpdateId,
    /// An expense.
    pub expense: LedgerEntryId,
    /// An hour that Nikhil worked.
    pub hour: TimeEntryId,
    /// An export that Nikhil asked for.
    pub export: ExportId,
    /// The channel that comes with "Website".
    pub website_channel: ChannelId,
    /// The group.
    pub page: ChannelId,
    /// What Meera said in it; the first message there.
    pub message: MessageId,
    /// Meera's canned message.
    pub template: TemplateId,
    /// What Meera says in the group later.
    pub scheduled: ScheduledId,
    /// What Meera is to hear of, once the world is filled.
    pub notification: NotificationId,
    /// The mails that Nikhil got about the group.
    pub mailing: MailingId,
    /// Farah's invitation, to "Website" and to the group.
    pub invitation: InvitationId,
    /// Its two links, once it is [filled](World::fill).
    pub links: [TokenHash; 2],
    /// A card without any history, once it is filled.
    pub quiet: ClientId,
}

/// What Mridul may do on "Website".
pub const GRANT: ProjectGrant = ProjectGrant { tasks: true, comments: false, upload: true };

impl World {
    /// Founds it.
    pub async fn found(store: &dyn Store) -> StoreResult<Self> {
        let people = [user("Nikhil"), user("Meera"), user("Mridul")];
        let mut tx = store.write(Scope::Nobody).await?;
        for person in &people {
            assert!(tx.insert_user(&permits::instance(), person, Some("hash")).await?);
        }
        tx.commit().await?;
        let world = Self {
            workspace: id(),
            nikhil: people[0].id,
            meera: people[1].id,
            mridul: people[2].id,
            card: id(),
            invited_card: id(),
            invited_email: email("Farah"),
            website: id(),
            shop: id(),
            task: id(),
            internal: id(),
            comment: id(),
            update: id(),
            expense: id(),
            hour: id(),
            export: id(),
            website_channel: id(),
            page: id(),
            message: id(),
            template: id(),
            scheduled: id(),
            notification: id(),
            mailing: id(),
            invitation: id(),
            links: [hash(), hash()],
            quiet: id(),
        };
        world.furnish(store, "").await?;
        Ok(world)
    }

    /// Another workspace of the same people, in which everything has the same id and the same address as in this one,
    /// and another meaning: the cards of Mridul and Farah are swapped, the texts are others, and the quiet card has
    /// every kind of history.
    pub async fn twin(&self, store: &dyn Store) -> StoreResult<Self> {
        let cards = (self.invited_card, self.card);
        let twin = Self { workspace: id(), card: cards.0, invited_card: cards.1, links: [hash(), hash()], ..self.clone() };
        twin.furnish(store, "Twin's ").await?;
        twin.fill(store).await?;
        let (within, quiet) = (permits::within(twin.workspace), twin.quiet);
        let mut tx = store.write(Scope::System(twin.workspace)).await?;
        let dev = user("Dev");
        assert!(tx.insert_user(&permits::instance(), &dev, None).await?);
        tx.insert_project(&within, &Project { client_id: Some(quiet), ..project("Twin's quiet project") }).await?;
        tx.put_collaborator(&permits::on_project(twin.workspace, twin.shop), quiet, ProjectGrant::INVITED, second(0)).await?;
        for card in [quiet, twin.card, self.card] {
            let later = Invitation { closed_at: Some(second(2)), ..invitation(twin.nikhil, "twin@example.com", Some(card)) };
            assert!(tx.insert_invitation(&within, &later, &sharing(&[])).await?);
        }
        let door = permits::on_invitation(twin.workspace, twin.invitation);
        assert!(tx.insert_membership(&door, &membership(dev.id, Role::Client, Some(quiet))).await?);
        assert!(tx.join_client(&door, quiet, dev.id, second(1)).await?);
        tx.commit().await?;
        Ok(twin)
    }

    async fn furnish(&self, store: &dyn Store, whose: &str) -> StoreResult<()> {
        let Self { workspace, nikhil, meera, mridul, card, invited_card, .. } = *self;
        let within = permits::within(workspace);
        let named = |name: &str| format!("{whose}{name}");
        let room = Workspace {
            id: workspace,
            name: named("Nikhil's Studio"),
            brand_color: None,
            time_zone: "Asia/Kolkata".into(),
            currency: "INR".into(),
            created_at: second(0),
            version: 1,
        };
        let mut tx = store.write(Scope::System(workspace)).await?;
        tx.found_workspace(&permits::own(nikhil), &room, &membership(nikhil, Role::Owner, None), 7).await?;
        let of_mridul = Client { id: card, user_id: Some(mridul), ..client(&named("Mridul")) };
        let of_farah = Client { id: invited_card, email: self.invited_email.clone(), ..client(&named("Farah")) };
        for each in [of_mridul, of_farah] {
            assert!(tx.insert_client(&within, &each).await?);
        }
        tx.insert_client_notes(&within, card, &named("Pays late.")).await?;
        for (id, name) in [(self.website, "Website"), (self.shop, "Shop")] {
            let due_on = Date::new(2026, 6, 30);
            tx.insert_project(&within, &Project { id, due_on, ..project(&named(name)) }).await?;
        }
        let channel = Channel::of_project(self.website_channel, self.website, second(0));
        tx.insert_channel(&within, &channel).await?;
        tx.insert_channel(&within, &Channel::group(self.page, named("Page"), second(0))).await?;
        tx.insert_project_notes(&within, self.website, &named("Wants it yesterday.")).await?;
        let grant = if whose.is_empty() { GRANT } else { ProjectGrant { comments: true, ..ProjectGrant::INVITED } };
        let site = permits::on_project(workspace, self.website);
        assert!(tx.put_collaborator(&site, card, grant, second(0)).await?);
        let work = Task { id: self.task, position: "80".into(), ..task(self.website, &named("Draw the logo")) };
        let secret =
            Task { id: self.internal, position: "81".into(), client_visible: false, ..task(self.website, &named("Raise the price")) };
        for each in [work, secret] {
            tx.insert_task(&site, &each).await?;
        }
        let said = TaskComment { id: self.comment, ..comment(self.task, meera, &named("In blue?")) };
        tx.insert_task_comment(&permits::on_task(workspace, self.task), &said).await?;
        let told = Update { id: self.update, ..update(self.website, nikhil, &named("Half way there.")) };
        tx.insert_update(&site, &told).await?;
        let ledger = permits::ledger(workspace);
        let spent = LedgerEntry { id: self.expense, note: Some(named("Fonts")), ..expense("120.50 EUR", None) };
        tx.insert_entry(&ledger, &spent).await?;
        tx.append_entry_version(&ledger, &spent, second(0), false).await?;
        let worked = TimeEntry { id: self.hour, note: Some(named("Drawing")), ..hour(nikhil, None) };
        assert!(tx.insert_time_entry(&ledger, &worked).await?);
        tx.insert_export(&within, &Export { id: self.export, ..export(nikhil) }).await?;

        let welcome = Some(named("Welcome!"));
        let open = Invitation { id: self.invitation, message: welcome, ..invitation(nikhil, &self.invited_email, Some(invited_card)) };
        let invited = Invited { projects: vec![self.website], channels: vec![self.page] };
        assert!(tx.insert_invitation(&within, &open, &invited).await?);
        let door = permits::on_invitation(workspace, open.id);
        assert!(tx.insert_membership(&door, &membership(meera, Role::Member, None)).await?);
        assert!(tx.insert_membership(&door, &membership(mridul, Role::Client, Some(card))).await?);
        tx.take_people_in(&within, self.page, &[nikhil, meera, mridul], second(0)).await?;
        let closing = Closing::forged(Some(workspace));
        for person in [nikhil, meera, mridul] {
            tx.keep_channels_in_step(&closing, person, second(0)).await?;
        }
        tx.number_messages(&closing, &[(self.page, 1)], second(0), look(0)).await?;
        let said = Message { id: self.message, ..message(self.page, 1, meera, &named("Hello <!channel>")) };
        tx.insert_messages(&[(&permits::on_channel(workspace, self.page), &said)], true).await?;
        tx.insert_mentions(&closing, &[(&said, UserId(uuid::Uuid::nil()))]).await?;
        tx.insert_template(&within, &Template { id: self.template, ..template(meera, &named("Good morning")) }).await?;
        let later = Scheduled { id: self.scheduled, ..scheduled(self.page, meera, &named("See you tomorrow.")) };
        tx.insert_scheduled(&permits::on_channel(workspace, self.page), &later).await?;
        let begun = Draft { channel_id: self.page, thread_id: None, text: named("Well, "), version: 1, updated_at: second(0) };
        assert!(tx.keep_draft(&permits::on_channel(workspace, self.page), meera, &begun).await?);
        let mailed = Mailing { id: self.mailing, ..mailing(self.page, nikhil) };
        tx.keep_mailing(&permits::on_channel(workspace, self.page), &mailed).await?;
        tx.commit().await
    }

    /// Puts a row of the workspace into every table that has none yet.
    pub async fn fill(&self, store: &dyn Store) -> StoreResult<()> {
        let (within, closing) = (permits::within(self.workspace), Closing::forged(Some(self.workspace)));
        let entry = AuditEntry {
            id: id(),
            at: second(0),
            actor_id: Some(self.nikhil),
            role: Role::Owner,
            action: ActionKind::CreateClient,
            target_kind: TargetKind::Client,
            target_id: Some(self.card.0),
            outcome: Outcome::Done,
            address: None,
            request_id: None,
            reason: None,
        };
        let mut tx = self.write(store).await?;
        assert!(tx.insert_client(&within, &Client { id: self.quiet, ..client("Quiet") }).await?);
        tx.put_links(&within, self.invitation, &[(LinkKind::Mailed, self.links[0]), (LinkKind::Copied, self.links[1])]).await?;
        tx.insert_jobs(&closing, &[job(Some(self.workspace))]).await?;
        tx.append_audit(&closing, &[entry]).await?;
        tx.keep_answer(&closing, self.nikhil, &key(), &self.workspace.to_string(), second(0)).await?;
        let made = Task { id: self.task, ..task(self.website, "") };
        tx.append_activity(&closing, &[activity(self.nikhil, &made)]).await?;
        tx.append_events(&closing, &[event()], false).await?;
        let (on_it, thumb) = (permits::on_message(self.workspace, self.message), Emoji::read("👍").expect("an emoji"));
        let (said, _) = tx.hold_message(&on_it).await?.expect("the message");
        tx.edit_message(&on_it, &said, &said).await?;
        tx.add_reaction(&on_it, self.nikhil, &thumb, second(1)).await?;
        tx.add_pin(&on_it, &said, self.nikhil, second(1)).await?;
        tx.add_star(&on_it, self.nikhil, second(1)).await?;
        let heard = Notification { id: self.notification, ..notification(self.meera, self.message.0, self.page) };
        assert!(tx.insert_notification(&closing, &heard).await?);
        let wishes = PreferencesChange { silenced: Some(vec![NotificationKind::Message]), ..PreferencesChange::default() };
        tx.change_notification_preferences(&within, self.meera, &wishes).await?;
        let wanted = level(self.page, Level::All, Patch::Set(Level::Mentions));
        tx.set_level(&permits::on_channel(self.workspace, self.page), self.meera, &wanted).await?;
        tx.move_thread_position(&on_it, self.nikhil, Position::Forward(1), second(1)).await?;
        tx.commit().await
    }

    /// A unit of Nikhil's that writes.
    pub async fn write(&self, store: &dyn Store) -> StoreResult<Box<dyn Tx>> {
        store.write(Scope::Workspace { workspace: self.workspace, user: Some(self.nikhil) }).await
    }

    /// A unit of Nikhil's that reads.
    pub async fn read(&self, store: &dyn Store) -> StoreResult<Box<dyn Tx>> {
        store.read(Scope::Workspace { workspace: self.workspace, user: Some(self.nikhil) }).await
    }
}
