//! What is typed and what is printed. On a terminal what comes in is printed above the line that is being typed; without
//! one, lines come from standard input and go to standard output.

use std::borrow::Cow;
use std::io::{BufRead, IsTerminal, stdin, stdout};
use std::thread;

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Config, Context, Editor, ExternalPrinter, Helper};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What the person does.
pub enum Input {
    /// A line is complete.
    Line(String),
    /// A message is being typed.
    Typing,
    /// There will be no more.
    End,
}

/// Where it is printed.
pub struct Screen(Option<Box<dyn ExternalPrinter + Send>>);

impl Screen {
    /// Begins to read.
    pub fn open() -> anyhow::Result<(Self, UnboundedReceiver<Input>)> {
        let (sender, inputs) = unbounded_channel();
        if !stdin().is_terminal() || !stdout().is_terminal() {
            thread::spawn(move || read_lines(&sender));
            return Ok((Self(None), inputs));
        }
        let mut editor = Editor::with_history(Config::default(), MemHistory::new())?;
        editor.set_helper(Some(Watch(sender.clone())));
        let printer: Box<dyn ExternalPrinter + Send> = Box::new(editor.create_external_printer()?);
        thread::spawn(move || edit_lines(&mut editor, &sender));
        Ok((Self(Some(printer)), inputs))
    }

    /// Whether somebody sits there.
    pub fn is_terminal(&self) -> bool {
        self.0.is_some()
    }

    /// Prints. Nothing that others wrote controls the terminal.
    pub fn say(&mut self, text: &str) {
        let text = clean(text);
        match &mut self.0 {
            Some(printer) => printer.print(format!("{text}\n")).unwrap_or_default(),
            None => println!("{text}"),
        }
    }

    /// Prints what is not part of the conversation.
    pub fn note(&mut self, text: &str) {
        match &mut self.0 {
            Some(printer) => printer.print(format!("\x1b[2m{}\x1b[0m\n", clean(text))).unwrap_or_default(),
            None => println!("-- {}", clean(text)),
        }
    }
}

/// Reads lines until `/quit` or the end: then the terminal is as it was.
fn edit_lines(editor: &mut Editor<Watch, MemHistory>, sender: &UnboundedSender<Input>) {
    while let Ok(line) = editor.readline("> ") {
        editor.add_history_entry(&line).ok();
        let last = line.trim() == "/quit";
        if sender.send(Input::Line(line)).is_err() || last {
            return;
        }
    }
    sender.send(Input::End).ok();
}

fn read_lines(sender: &UnboundedSender<Input>) {
    for line in stdin().lock().split(b'\n').map_while(Result::ok) {
        if sender.send(Input::Line(String::from_utf8_lossy(&line).into_owned())).is_err() {
            return;
        }
    }
    sender.send(Input::End).ok();
}

/// Without what would move the cursor, change colours, ring, or turn the direction of what follows; tabs become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    text.chars().filter_map(|c| if c == '\t' { Some(' ') } else { Some(c).filter(|c| !bad(*c)) }).collect()
}

/// Sees every key, and tells that somebody types.
struct Watch(UnboundedSender<Input>);

impl Hinter for Watch {
    type Hint = String;

    fn hint(&self, line: &str, _pos: usize, _context: &Context<'_>) -> Option<String> {
        if !line.is_empty() && !line.starts_with('/') {
            self.0.send(Input::Typing).ok();
        }
        None
    }
}

impl Completer for Watch {
    type Candidate = String;
}

impl Highlighter for Watch {}
impl Validator for Watch {}
impl Helper for Watch {}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn nothing_that_others_wrote_controls_the_terminal() {
        assert_eq!(clean("\x1b[2J\x07a\tb\u{9b}31m\u{202e}c\r\nd"), "[2Ja b31mc\nd");
        assert_eq!(clean("ümlaut 👩‍👩‍👧 अ"), "ümlaut 👩‍👩‍👧 अ");
    }
}
