//! A copy of everything, and the way back, as an operator does it.

use std::path::Path;

use crate::program::{kitaab, said};

fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = kitaab(folder).args(arguments).output().unwrap();
    (output.status.success(), said(&output))
}

/// A folder with a database, and a backup of it called `copy`.
fn backed_up() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["demo"][..], &["backup", "--to", "copy"]] {
        let (done, said) = run(folder.path(), arguments);
        assert!(done, "{said}");
    }
    folder
}

fn with_the_key(folder: &Path, new: &str) {
    std::fs::create_dir(folder.join(new)).unwrap();
    std::fs::copy(folder.join("kitaab-data/secret.key"), folder.join(new).join("secret.key")).unwrap();
}

#[test]
fn a_backup_is_restored_beside_its_key_and_over_nothing() {
    let folder = backed_up();
    let (done, said) = run(folder.path(), &["restore", "--from", "copy", "--data-dir", "new"]);
    assert!(!done && said.contains("Put it there, or give it as KITAAB_SECRET_KEY"), "{said}");
    assert!(!folder.path().join("new/secret.key").exists(), "no key is made in the place of the right one");
    with_the_key(folder.path(), "right");
    let (done, said) = run(folder.path(), &["restore", "--from", "copy", "--data-dir", "right"]);
    assert!(done, "{said}");
    let (done, said) = run(folder.path(), &["restore", "--from", "copy", "--data-dir", "right"]);
    assert!(!done && said.contains("kitaab.db exists; move it away first"), "{said}");
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_written() {
    let folder = backed_up();
    let file = folder.path().join("copy/kitaab.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    with_the_key(folder.path(), "new");
    let (done, said) = run(folder.path(), &["restore", "--from", "copy", "--data-dir", "new"]);
    assert!(!done && said.contains("this backup is damaged: kitaab.db"), "{said}");
    std::fs::write(&file, &bytes[..middle]).unwrap();
    let (done, said) = run(folder.path(), &["restore", "--from", "copy", "--data-dir", "new"]);
    assert!(!done && said.contains("this backup is damaged: kitaab.db"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1, "the key alone");
}

#[cfg(unix)]
#[test]
fn what_the_program_writes_is_its_owners_alone_to_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = backed_up();
    for path in ["kitaab-data", "kitaab-data/kitaab.db", "kitaab-data/secret.key", "copy", "copy/kitaab.db", "copy/manifest.json"] {
        let mode = folder.path().join(path).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path}: {mode:o}");
    }
}
