//! What is found to be against a promise. A scenario hands back all of it: with the product as it is that is nothing, and
//! with a fault that was planted it is that fault.

/// A kind of thing that was promised not to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Not there, or something else is in its place.
    Lost,
    /// There twice, or told twice.
    Twice,
    /// After something that it comes before.
    OutOfOrder,
    /// A frame that does not join the one before it.
    Gap,
    /// The repeat of a call was not answered as the call was.
    OtherAnswer,
    /// What somebody shows is not what the history says.
    Differs,
    /// Told to begin anew without need.
    Resync,
    /// Needed to begin anew, and was not told.
    Forgotten,
    /// Later than promised, or never.
    Late,
    /// More memory than promised.
    Costly,
    /// Done, and its caller had no answer.
    CutOff,
    /// Not told that the server stops.
    Untold,
}

/// All that was found, each with its circumstances.
#[derive(Debug, Clone, Default)]
pub struct Breaches(Vec<(Breach, String)>);

impl Breaches {
    pub fn note(&mut self, breach: Breach, what: impl Into<String>) {
        self.0.push((breach, what.into()));
    }

    pub fn add(&mut self, more: &Self) {
        self.0.extend_from_slice(&more.0);
    }

    #[track_caller]
    pub fn assert_none(&self) {
        assert!(self.0.is_empty(), "{} breaches, as {:#?}", self.0.len(), &self.0[..self.0.len().min(10)]);
    }

    #[track_caller]
    pub fn assert_some(&self, breach: Breach) {
        assert!(self.0.iter().any(|(found, _)| *found == breach), "{breach:?} was planted and not found: {:#?}", self.0);
    }
}
