//! What a log must not be: numbered by a sequence, from which a writer draws before it commits. Who reads on from the
//! highest number passes over what is committed later under a lower one, and the check that finds it is the one of the storm.

use std::thread;

use kitaab_core::testing::{TemporaryPostgres, TestDatabase};

use crate::follower::{View, differences};

const WRITERS: usize = 8;
/// Of each writer.
const MESSAGES: usize = 3;

/// A log of its own with eight writers, and one who reads on from the last number they saw: what they have seen in the end,
/// and what there is.
fn follow_a_log(next: &str) -> (View, View) {
    let database = &TemporaryPostgres::shared().database();
    let tables = "CREATE SEQUENCE drawn; CREATE TABLE head (seq bigint NOT NULL); INSERT INTO head VALUES (0);
        CREATE FUNCTION one_up() RETURNS bigint LANGUAGE sql AS 'UPDATE head SET seq = seq + 1 RETURNING seq';
        CREATE TABLE log (seq bigint PRIMARY KEY, text text NOT NULL)";
    database.say(tables).expect("tables");
    let mut seen = View::new();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(database, writer, next))).collect();
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            read_on(database, &mut seen);
        }
    });
    read_on(database, &mut seen);
    let mut all = View::new();
    read_on(database, &mut all);
    (seen, all)
}

/// Draws a number, does something else, and commits. The first one takes long enough for all others.
fn write(database: &TestDatabase, writer: usize, next: &str) {
    for n in 0..MESSAGES {
        let pause = if writer == 0 { 0.5 } else { 0.0 };
        // What is said at once is one transaction.
        let sql = format!("INSERT INTO log SELECT {next}, 'w{writer}-{n}'; SELECT pg_sleep({pause})");
        database.say(&sql).expect("it is written");
    }
}

fn read_on(database: &TestDatabase, seen: &mut View) {
    let after = seen.keys().next_back().copied().unwrap_or(0);
    let rows = database.say(&format!("SELECT seq, text FROM log WHERE seq > {after} ORDER BY seq")).expect("the log");
    for (seq, text) in rows.lines().filter_map(|line| line.split_once('|')) {
        seen.insert(seq.parse().expect("a number"), Some(text.to_owned()));
    }
}

#[test]
fn a_bare_sequence_is_found_out() {
    let (seen, all) = follow_a_log("nextval('drawn')");
    assert_eq!(all.len(), WRITERS * MESSAGES);
    assert!(differences(&seen, &all) > 0, "a reader of a bare sequence passed over nothing");
}

#[test]
fn a_number_from_a_row_that_is_held_until_the_commit_skips_nothing() {
    let (seen, all) = follow_a_log("one_up()");
    assert_eq!((all.len(), differences(&seen, &all)), (WRITERS * MESSAGES, 0));
}
