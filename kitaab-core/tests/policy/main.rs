//! The policy table against an oracle that was written down without looking at it, over every role, action and set of
//! facts, and against the promises that must hold whatever the table says.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

use kitaab_core::access::policy::{cell, decide};
use kitaab_core::access::{ActionKind, Decision, FactSet, Facts, Role, TargetKind};

const ORACLE: &str = include_str!("oracle.csv");
const GOLDEN: &str = include_str!("matrix.txt");

struct Expected {
    cells: Vec<String>,
    visible_by: String,
}

fn oracle() -> HashMap<String, Expected> {
    let rows = ORACLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| {
        let mut parts: Vec<String> = line.split(',').map(str::to_owned).collect();
        let visible_by = parts.pop().unwrap();
        (parts.remove(0), Expected { cells: parts, visible_by })
    })
    .collect()
}

/// The oracle's own reading of its words: what must hold; none if nothing would do.
fn needs(cell: &str) -> Option<FactSet> {
    if cell == "-" {
        return None;
    }
    let words = cell.split('+').filter(|word| *word != "yes");
    Some(words.fold(FactSet::NONE, |needs, word| {
        needs
            | match word {
                "here" => FactSet::SAME_WORKSPACE,
                "own" => FactSet::OWN,
                "assigned" => FactSet::ON_PROJECT,
                "active" => FactSet::ACTIVE,
                "fresh" => FactSet::FRESH,
                "secret" => FactSet::TOKEN,
                "invited" => FactSet::IS_RECIPIENT,
                "known" => FactSet::KNOWN,
                "tasks" => FactSet::GRANT_TASKS,
                "comments" => FactSet::GRANT_COMMENTS,
                "shown" => FactSet::CLIENT_VISIBLE,
                "author" => FactSet::AUTHOR,
                "inside" => FactSet::IN_CHANNEL,
                "editable" => FactSet::WITHIN_EDIT_WINDOW,
                "moderated" => FactSet::MODERATED,
                other => panic!("the oracle has no word {other}"),
            }
    }))
}

fn every_set() -> impl Iterator<Item = FactSet> {
    // Put together once: they are gone through some hundred times.
    static SETS: LazyLock<Vec<FactSet>> = LazyLock::new(|| {
        let each = FactSet::EACH.iter().enumerate();
        let set = |mask: u32| each.clone().fold(FactSet::NONE, |set, (bit, (_, fact))| set.with(*fact, mask & (1 << bit) != 0));
        (0..1 << FactSet::EACH.len()).map(set).collect()
    });
    SETS.iter().copied()
}

fn facts(role: Role, set: FactSet) -> Facts {
    Facts { role, set, card: None, epoch: None }
}

fn is_allowed(action: ActionKind, role: Role, set: FactSet) -> bool {
    decide(action, &facts(role, set)) == Decision::Allowed
}

#[test]
fn the_oracle_and_the_table_know_the_same_actions() {
    let mut written: Vec<String> = oracle().into_keys().collect();
    let mut coded: Vec<String> = ActionKind::ALL.iter().map(ToString::to_string).collect();
    written.sort();
    coded.sort();
    assert_eq!(written, coded);
}

/// Where the table and an oracle first disagree, over every action, role and set of facts.
fn disagreement(oracle: &HashMap<String, Expected>) -> Option<String> {
    for action in ActionKind::ALL {
        let expected = &oracle[action.as_str()];
        for (index, role) in Role::ALL.iter().enumerate() {
            let asked = needs(&expected.cells[index]);
            let shown = Some(&expected.visible_by).filter(|by| *by != "-").and_then(|by| needs(&oracle[by].cells[index]));
            for set in every_set() {
                let (allowed, visible) = (asked.is_some_and(|needs| set.has(needs)), shown.is_some_and(|needs| set.has(needs)));
                match (allowed, visible, decide(*action, &facts(*role, set))) {
                    (true, _, Decision::Allowed) | (false, true, Decision::Forbidden(_)) | (false, false, Decision::Hidden) => {}
                    (_, _, decision) => return Some(format!("{action} as {role} knowing {set:?}: {decision:?}")),
                }
            }
        }
    }
    None
}

#[test]
fn every_role_may_do_exactly_what_the_product_says_whatever_is_known() {
    assert_eq!(disagreement(&oracle()), None);
}

#[test]
fn a_client_a_moderator_and_a_stranger_never_reach_money() {
    for action in ActionKind::ALL.iter().filter(|action| action.kind() == TargetKind::Ledger) {
        for role in [Role::Member, Role::Client, Role::Moderator, Role::Anonymous] {
            assert!(every_set().all(|set| !is_allowed(*action, role, set)), "{action} as {role}");
        }
    }
}

#[test]
fn a_client_and_a_moderator_never_read_internal_notes() {
    for action in ActionKind::ALL.iter().filter(|action| action.as_str().contains("notes")) {
        for role in [Role::Client, Role::Moderator, Role::Anonymous] {
            assert!(every_set().all(|set| !is_allowed(*action, role, set)), "{action} as {role}");
        }
    }
}

#[test]
fn a_moderator_writes_nothing_in_any_workspace() {
    let own = [TargetKind::Account, TargetKind::Instance];
    for action in ActionKind::ALL.iter().filter(|action| action.writes() && !own.contains(&action.kind())) {
        // To look at an invitation one holds the link of notes that it was opened; that is no part of a workspace.
        if *action == ActionKind::PreviewInvitation {
            continue;
        }
        assert!(every_set().all(|set| !is_allowed(*action, Role::Moderator, set)), "{action}");
    }
}

#[test]
fn outside_a_workspace_there_is_nothing_but_secrets_oneself_and_what_moderators_look_at() {
    let elsewhere = [FactSet::SAME_WORKSPACE, FactSet::TOKEN, FactSet::OWN, FactSet::MODERATED];
    let nothing_here = |set: &FactSet| elsewhere.iter().all(|fact| !set.has(*fact));
    for action in ActionKind::ALL {
        for role in Role::ALL.iter().filter(|role| **role != Role::System) {
            for set in every_set().filter(nothing_here) {
                let open_to_all = matches!(action, ActionKind::OpenAccount | ActionKind::Recognise);
                assert_eq!(is_allowed(*action, *role, set), open_to_all, "{action} as {role} knowing {set:?}");
            }
        }
    }
}

#[test]
fn knowing_more_never_allows_less() {
    for action in ActionKind::ALL {
        for role in Role::ALL {
            for set in every_set().filter(|set| is_allowed(*action, *role, *set)) {
                for (name, fact) in FactSet::EACH {
                    assert!(is_allowed(*action, *role, set | *fact), "{action} as {role}: {name} takes it away");
                }
            }
        }
    }
}

#[test]
fn what_decides_whether_a_refusal_is_seen_only_reads_or_needs_the_same_secret() {
    for action in ActionKind::ALL {
        let sees = action.sees();
        assert!(sees == *action || !sees.writes() || sees == ActionKind::PreviewInvitation, "{action} is seen by {sees}, which writes");
    }
}

/// The whole matrix as people read it. After a change of the table run with `UPDATE_GOLDEN=1` and read the difference.
#[test]
fn the_matrix_is_the_one_that_was_agreed() {
    let mut text = String::from("action");
    for role in Role::ALL {
        write!(text, " | {role}").unwrap();
    }
    text.push('\n');
    for action in ActionKind::ALL {
        let how = if action.writes() { "writes" } else { "reads" };
        let noted = if action.audited() { ", audited" } else { "" };
        write!(text, "{action} ({how}{noted})").unwrap();
        for role in Role::ALL {
            match cell(*action, *role) {
                None => text.push_str(" | -"),
                Some(FactSet::NONE) => text.push_str(" | always"),
                Some(needs) => write!(text, " | {needs:?}").unwrap(),
            }
        }
        text.push('\n');
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/matrix.txt"), &text).unwrap();
        return;
    }
    assert_eq!(text, GOLDEN);
}

#[test]
fn a_cell_that_lets_a_client_edit_projects_would_be_noticed() {
    // Planted faults: a client who may edit a project, one who may see internal tasks, a refusal that says too much.
    let client = Role::Client as usize;
    for (action, word) in [("project.edit", "here+active"), ("task.view", "here+assigned+tasks")] {
        let mut wrong = oracle();
        wrong.get_mut(action).unwrap().cells[client] = word.into();
        assert!(disagreement(&wrong).is_some_and(|found| found.starts_with(action)), "{action}");
    }
    let mut wrong = oracle();
    wrong.get_mut("ledger.edit").unwrap().visible_by = "workspace.view".into();
    assert!(disagreement(&wrong).is_some_and(|found| found.starts_with("ledger.edit")));
}
