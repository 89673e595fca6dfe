//! The notice to an address that an account no longer uses.

use super::clean::clean;
use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// Goes to the **old** address: the one mail that reaches the owner when somebody else took the account over.
#[derive(Debug, Clone, Copy)]
pub struct EmailChanged<'a> {
    /// The display name of the account.
    pub name: &'a str,
    /// The address that the account has now; the mail shows only its first letter and its domain, since the old
    /// mailbox may belong to a former employer.
    pub new_email: &'a str,
    /// When it was changed, for people: "16 October 2025, 09:41 IST".
    pub at: &'a str,
    /// The page of the account or its sign-in, absolute. It holds no secret.
    pub link: &'a str,
}

impl EmailChanged<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        let new_email = hinted(self.new_email);
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Your email address was changed".to_owned(),
            preview: format!("Your account now uses {new_email}. If that was you, there is nothing to do."),
            title: "Your email address was changed".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                format!(
                    "Since {} your Kitaab account uses {new_email} instead of this address. If that was you, there is nothing to do.",
                    self.at
                ),
                "If it was not you, open your account in a browser where you are still signed in, change the address back, and set a new password."
                    .to_owned(),
            ],
            button: "Open your account",
            link: self.link.to_owned(),
            limit: "You are signed in nowhere any more? Then tell the people who run this Kitaab or who invited you; they can remove the account from their workspace."
                .to_owned(),
            unexpected: "This is the last mail to this address about the account.".to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}

/// `mridul@example.org` as `m…@example.org`: enough for its owner, too little for anybody else.
fn hinted(email: &str) -> String {
    let email = clean(email);
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("{}…@{domain}", local.chars().take(1).collect::<String>()),
        None => "another address".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::hinted;

    #[test]
    fn the_new_address_is_only_hinted_at() {
        assert_eq!(hinted("mridul@example.org"), "m…@example.org");
        assert_eq!(hinted("broken"), "another address");
    }
}
