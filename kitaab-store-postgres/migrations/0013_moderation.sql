-- Why a moderator looked at a conversation: the owner reads it beside the look.

ALTER TABLE audit_log ADD COLUMN reason text;
