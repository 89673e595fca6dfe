//! A request that did not work.

use askama::Template;

use super::paths;

/// The page of an error: what failed, what is safe, what one can do.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/failure.html")]
pub struct Failure {
    /// The status of the answer; those without words of their own get common ones.
    pub status: u16,
    /// The `Retry-After` of the answer, in seconds.
    pub retry_after: Option<u64>,
    /// What support asks for.
    pub request_id: String,
}

impl Failure {
    fn title(&self) -> &'static str {
        match self.status {
            404 => "This page does not exist",
            403 => "This is not allowed",
            429 => "Too many attempts",
            503 => "Kitaab cannot answer just now",
            500..=599 => "Something failed on our side",
            _ => "This did not work",
        }
    }

    /// The time to wait, rounded up: who comes a little late is let in.
    fn wait(&self) -> Option<String> {
        let seconds = self.retry_after?;
        Some(match seconds {
            0..=1 => "a second".to_owned(),
            2..=99 => format!("{seconds} seconds"),
            _ => format!("{} minutes", seconds.div_ceil(60)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn waits_are_rounded_up() {
        let wait = |seconds| Failure { status: 429, retry_after: Some(seconds), request_id: String::new() }.wait();
        assert_eq!(wait(1).as_deref(), Some("a second"));
        assert_eq!(wait(45).as_deref(), Some("45 seconds"));
        assert_eq!(wait(121).as_deref(), Some("3 minutes"));
    }
}
