//! Choices that follow from a seed.

/// Numbers that look like chance and are the same for the same seed (`SplitMix64`). For choosing, not for secrets.
#[derive(Debug)]
pub(super) struct Picks(u64);

const WORDS: [&str; 32] = [
    "anchor", "basil", "cobalt", "dune", "ember", "fjord", "ginger", "harbor", "indigo", "juniper", "kelp", "lagoon", "maple", "nutmeg",
    "orchid", "pebble", "quartz", "raven", "saffron", "tundra", "umber", "velvet", "willow", "yarrow", "zephyr", "acorn", "bramble",
    "cedar", "dahlia", "estuary", "fennel", "glacier",
];

impl Picks {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// A password that can be typed.
    pub(super) fn password(&mut self) -> String {
        let mut word = || usize::try_from(self.below(32)).ok().and_then(|at| WORDS.get(at)).copied().unwrap_or("kelp");
        let words = [word(), word(), word(), word()].join("-");
        format!("{words}-{}", 10 + self.below(90))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_choices() {
        let made = |seed| Picks::new(seed).password();
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }
}
