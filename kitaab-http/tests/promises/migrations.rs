//! Servers that start at once on one database apply each migration once.

use kitaab_core::testing::TemporaryPostgres;

use crate::figure;
use crate::server::program;

#[test]
fn eight_servers_started_at_once_apply_each_migration_once() {
    for round in 0..figure(20) {
        let database = TemporaryPostgres::shared().database();
        let folder = tempfile::tempdir().expect("a folder");
        let environment = [
            ("KITAAB_DATABASE_URL".to_owned(), database.url().to_owned()),
            ("KITAAB_DATA_DIR".to_owned(), folder.path().display().to_string()),
            ("KITAAB_SECRET_KEY".to_owned(), "5a".repeat(32)),
        ];
        let mut eight: Vec<_> = (0..8).map(|_| program(&environment, &["migrate"]).spawn().expect("it starts")).collect();
        for one in &mut eight {
            assert!(one.wait().expect("it ends").success(), "round {round}: a migration failed");
        }
        let applied = database.say("SELECT count(*), count(DISTINCT version), bool_and(success) FROM _sqlx_migrations").expect("the list");
        let parts: Vec<&str> = applied.trim().split('|').collect();
        assert!(parts[0] == parts[1] && parts[2] == "t" && parts[0] != "0", "round {round}: {applied}");
    }
    println!("promise R16: {} rounds of 8 servers on one PostgreSQL, each migration applied once", figure(20));
}
