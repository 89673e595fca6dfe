//! Canned messages.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnTemplate, Reads, Writes};
use crate::chat::{Surroundings, Template};
use crate::ids::{TemplateId, UserId};
use crate::page::Span;
use crate::store::StoreResult;

/// Canned messages.
#[async_trait]
pub trait TemplateRepo {
    /// A person's own and the shared ones, newest first.
    async fn templates(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<TemplateId>) -> StoreResult<Vec<Template>>;
    /// How many there are of everybody.
    async fn count_templates(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<i64>;
    /// The template.
    async fn template(&mut self, permit: &Reads<OnTemplate>) -> StoreResult<Option<Template>>;
    /// Keeps a new one.
    async fn insert_template(&mut self, permit: &Writes<InWorkspace>, template: &Template) -> StoreResult<()>;
    /// Writes name, text and who has it, and moves the version on from `expected`; false if it is another one by now.
    async fn update_template(&mut self, permit: &Writes<OnTemplate>, template: &Template, expected: i64) -> StoreResult<bool>;
    /// False if it is gone.
    async fn delete_template(&mut self, permit: &Writes<OnTemplate>) -> StoreResult<bool>;
    /// What a channel is about, for whoever fills a template in.
    async fn surroundings(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Surroundings>;
}
