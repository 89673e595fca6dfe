//! The places of a template.

use super::Surroundings;
use crate::error::Problems;
use crate::time::Date;

/// The furthest day that a place names: ten years on.
const DAYS_MAX: i32 = 3_650;

/// What is put into a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    ClientName,
    ClientCompany,
    ProjectName,
    ProjectDueOn,
    OwnName,
    Day(i32),
}

impl Place {
    fn read(name: &str) -> Option<Self> {
        Some(match name.trim() {
            "client.name" => Self::ClientName,
            "client.company" => Self::ClientCompany,
            "project.name" => Self::ProjectName,
            "project.due_on" => Self::ProjectDueOn,
            "me.name" => Self::OwnName,
            "today" => Self::Day(0),
            other => {
                let days = other.strip_prefix("today+")?.parse().ok()?;
                (1..=DAYS_MAX).contains(&days).then_some(Self::Day(days))?
            }
        })
    }
}

/// A piece of a text: as it stands, or a place with what stands there.
enum Piece<'t> {
    Text(&'t str),
    Place(&'t str, &'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(from) = rest.find("{{") {
        let Some(length) = rest[from..].find("}}") else { break };
        found.push(Piece::Text(&rest[..from]));
        let whole = &rest[from..from + length + 2];
        found.push(Piece::Place(whole, &whole[2..whole.len() - 2]));
        rest = &rest[from + length + 2..];
    }
    found.push(Piece::Text(rest));
    found
}

/// Notes a place that nothing is known for.
pub(super) fn check(text: &str, problems: &mut Problems) {
    let unknown = pieces(text).into_iter().any(|piece| matches!(piece, Piece::Place(_, name) if Place::read(name).is_none()));
    if unknown {
        let known = "client.name, client.company, project.name, project.due_on, me.name, today and today+7";
        problems.add("text", "unknown_placeholder", format!("Between {{{{ and }}}} may stand {known}."));
    }
}

/// Fills the places in; one for which there is nothing stays, so that its author sees the gap.
pub(super) fn fill(text: &str, around: &Surroundings, own_name: &str, today: Date) -> String {
    let value = |place: Place| match place {
        Place::ClientName => around.client_name.clone(),
        Place::ClientCompany => around.client_company.clone(),
        Place::ProjectName => around.project_name.clone(),
        Place::ProjectDueOn => around.project_due_on.map(|day| day.to_string()),
        Place::OwnName => Some(own_name.to_owned()),
        Place::Day(days) => today.after_days(days).map(|day| day.to_string()),
    };
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            // A name calls nobody.
            Piece::Place(whole, name) => {
                Place::read(name).and_then(value).map_or_else(|| whole.to_owned(), |value| value.replace(['<', '>'], ""))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let around = Surroundings { client_name: Some("Mridul <!channel>".into()), ..Surroundings::default() };
        fill(text, &around, "Nikhil", Date::new(2026, 12, 28).unwrap())
    }

    #[test]
    fn places_are_filled_in_and_gaps_stay_to_be_seen() {
        assert_eq!(
            filled("Dear {{client.name}}, {{project.name}} is due on {{ today+7 }}. {{me.name}}, {{today}}"),
            "Dear Mridul !channel, {{project.name}} is due on 2027-01-04. Nikhil, 2026-12-28"
        );
        assert_eq!(filled("{{ {{today}} }} {{"), "{{ {{today}} }} {{");
    }

    #[test]
    fn a_place_for_which_nothing_is_known_is_refused() {
        for (text, refused) in [
            ("{{client.name}} {{today+3650}}", false),
            ("{ {x} }", false),
            ("{{x}}", true),
            ("{{today+0}}", true),
            ("{{today+3651}}", true),
            ("{{}}", true),
        ] {
            let mut problems = Problems::default();
            check(text, &mut problems);
            assert_eq!(problems.into_result().is_err(), refused, "{text}");
        }
    }
}
