//! A check of access, without the query that fetches the facts.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kitaab_core::access::policy::decide;
use kitaab_core::access::{ActionKind, FactSet, Facts, Role};

fn check(criterion: &mut Criterion) {
    let facts = Facts { role: Role::Client, set: FactSet::SAME_WORKSPACE | FactSet::ON_PROJECT, card: None, epoch: Some(1) };
    criterion.bench_function("a client may view a project", |bench| {
        bench.iter(|| decide(black_box(ActionKind::ViewProject), black_box(&facts)));
    });
    criterion.bench_function("a client may not edit a project", |bench| {
        bench.iter(|| decide(black_box(ActionKind::EditProject), black_box(&facts)));
    });
}

criterion_group!(benches, check);
criterion_main!(benches);
