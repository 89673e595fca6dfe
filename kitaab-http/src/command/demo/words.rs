//! Who the year's clients are, and what is written and bought in it.

/// A client.
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) company: &'static str,
    pub(super) notes: &'static str,
    pub(super) tag: &'static str,
    pub(super) currency: &'static str,
    /// How much an hour.
    pub(super) rate: &'static str,
    /// How much of the smallest coin a unit of payment is, and how many digits the currency has.
    pub(super) unit: u64,
    pub(super) digits: usize,
    pub(super) projects: [&'static str; 4],
}

impl Client {
    /// So many units, as an amount of the client's currency.
    pub(super) fn times(&self, units: u64) -> String {
        let minor = format!("{:0>width$}", units * self.unit, width = self.digits + 1);
        let (whole, part) = minor.split_at(minor.len() - self.digits);
        if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
    }
}

/// What Nikhil says, and what is answered.
pub(super) const TALKS: [(&str, &str); 6] = [
    ("Good morning! The draft is ready, have a look when you can.", "I did: **much** better than the first one."),
    ("Shall we keep the dark one or the light one?", "The light one. My mother prefers the dark one, but she is not the client."),
    ("I need the texts by Thursday, else we move a week.", "You have them tomorrow, I promise."),
    ("Two things:\n\n- the map is done\n- the form waits for your address", "It is `hello@example.com`, as before."),
    ("Is next Tuesday at ten good for a call?", "Ten is early. Eleven?"),
    ("The printer asks for another proof.", "> another proof\n\nAgain? Fine, go ahead."),
];

/// Currencies of two, no and three digits.
pub(super) const CLIENTS: [Client; 3] = [
    Client {
        name: "Greta Nilsson",
        email: "greta@example.com",
        company: "Nilsson Bakery",
        notes: "Wants everything by Friday, and answers on Monday.",
        tag: "bakery",
        currency: "EUR",
        rate: "82.50",
        unit: 9_950,
        digits: 2,
        projects: ["Online shop", "Autumn menu", "Wedding cakes", "New sign"],
    },
    Client {
        name: "Yuki Mori",
        email: "yuki@example.com",
        company: "Mori Books",
        notes: "Pays in yen, at the end of the month.",
        tag: "books",
        currency: "JPY",
        rate: "12500",
        unit: 15_800,
        digits: 0,
        projects: ["Catalogue", "Reading room", "Poster series", "Children's corner"],
    },
    Client {
        name: "Omar Al-Sabah",
        email: "omar@example.com",
        company: "Gulf Dental",
        notes: "Asks for a discount once, never twice.",
        tag: "dental",
        currency: "KWD",
        rate: "27.375",
        unit: 33_125,
        digits: 3,
        projects: ["Website", "Appointment cards", "Waiting room film", "Second clinic"],
    },
];

/// What there is to do in every project; the fourth is not for clients.
pub(super) const TASKS: [&str; 9] = [
    "Talk about what it is for",
    "Collect texts and pictures",
    "First drafts",
    "Work out what it costs",
    "Choose a direction",
    "Second drafts",
    "Proof-read",
    "Hand over for printing or publishing",
    "Look back together",
];

pub(super) const REMARKS: [&str; 8] = [
    "This is just what we had in mind.",
    "Could the heading be a little larger?",
    "I sent the missing pictures yesterday.",
    "Blue or green? I cannot decide.",
    "Let us keep this one and drop the other.",
    "The third line has a typing error.",
    "Ready for you to look at.",
    "We need one more day for this.",
];

pub(super) const UPDATES: [&str; 6] = [
    "The drafts are done; have a look at the tasks in review.",
    "We are a few days ahead of the plan.",
    "The printer asked for a new date; nothing changes for you.",
    "Half way there. Next week we choose the colours.",
    "All texts are in, thank you!",
    "A quiet week: waiting for the photographs.",
];

/// Something that is bought.
pub(super) struct Spending {
    pub(super) category: &'static str,
    pub(super) note: &'static str,
    pub(super) tag: &'static str,
    /// At least so many cents …
    pub(super) cents: u64,
    /// … and up to so many more.
    pub(super) more: u64,
    /// Every month, for no project.
    pub(super) monthly: bool,
}

pub(super) const EXPENSES: [Spending; 7] = [
    Spending { category: "Software", note: "Fonts and drawing program", tag: "tools", cents: 5_990, more: 0, monthly: true },
    Spending { category: "Hosting", note: "Servers", tag: "tools", cents: 1_850, more: 640, monthly: true },
    Spending { category: "Rent", note: "Desk in the shared studio", tag: "studio", cents: 32_000, more: 0, monthly: true },
    Spending { category: "Travel", note: "Train to the client", tag: "travel", cents: 2_400, more: 9_000, monthly: false },
    Spending { category: "Pictures", note: "Licences", tag: "material", cents: 1_200, more: 12_000, monthly: false },
    Spending { category: "Printing", note: "Proofs", tag: "material", cents: 900, more: 7_500, monthly: false },
    Spending { category: "Help", note: "A day of a photographer", tag: "material", cents: 28_000, more: 30_000, monthly: false },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_have_the_digits_of_their_currency() {
        assert_eq!(CLIENTS.each_ref().map(|client| client.times(3)), ["298.50", "47400", "99.375"]);
    }
}
