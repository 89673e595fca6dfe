//! Tables and exports, as a browser or a program fetches them.

use serde_json::json;

use crate::support::House;

#[tokio::test]
async fn nikhil_opens_his_expenses_in_a_spreadsheet() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let inside = |path: &str| format!("/workspaces/{studio}{path}");
    let (mridul, _) = house.client(&nikhil, &studio, "Mridul", &[]).await;
    let fonts = json!({"money": {"amount": "120.50", "currency": "EUR"}, "on": "2026-05-01", "note": "=1+1", "tags": ["a", "b"]});
    nikhil.post(&inside("/expenses"), &fonts).await.expect(201);
    let table = nikhil.get(&inside("/expenses?format=csv")).await.expect(200);
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(table.header("content-disposition"), "attachment; filename=\"expenses.csv\"");
    let lines: Vec<&str> = table.body.split("\r\n").collect();
    assert!(lines[0].starts_with("id,on,amount,currency,") && lines[1].contains(",2026-05-01,120.50,EUR,"), "{}", table.body);
    assert!(lines[1].contains(",'=1+1,a; b,") && lines.len() == 3, "{}", table.body);
    for (path, name) in
        [("/income", "income"), ("/time-entries", "time-entries"), ("/reports/profit", "profit-report"), ("/reports/time", "time-report")]
    {
        let table = nikhil.get(&inside(&format!("{path}?format=csv"))).await.expect(200);
        assert_eq!(table.header("content-disposition"), format!("attachment; filename=\"{name}.csv\""));
        assert!(nikhil.get(&inside(&format!("{path}?format=json"))).await.expect(200).at("/items").is_array());
        let wrong = nikhil.get(&inside(&format!("{path}?format=xls"))).await.refused(422, "invalid");
        assert_eq!(wrong.text("/fields/0/field"), "format");
        mridul.get(&inside(&format!("{path}?format=xls"))).await.refused(404, "not_found");
    }
    let paged = nikhil.get(&inside("/expenses?format=csv&limit=5")).await.refused(422, "invalid");
    assert_eq!((paged.text("/fields/0/field"), paged.text("/fields/0/code")), ("limit", "not_allowed"));
    nikhil.get(&inside("/projects?format=csv")).await.refused(422, "invalid");
}

#[tokio::test]
async fn nikhil_fetches_his_export_by_a_link_that_needs_no_session() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (mridul, _) = house.client(&nikhil, &studio, "Mridul", &[]).await;
    let exports = format!("/workspaces/{studio}/exports");
    let asked = nikhil.post(&exports, &json!({"scope": "workspace"})).await.expect(202);
    assert_eq!((asked.text("/state"), asked.at("/url")), ("pending", json!(null)));
    house.deliver().await;
    let made = nikhil.get(&format!("{exports}/{}", asked.text("/id"))).await.expect(200);
    assert_eq!(made.text("/state"), "ready");
    let link = made.text("/url").strip_prefix("http://127.0.0.1:8080").unwrap();
    assert!(link.starts_with("/downloads/"));
    let page = format!("!{link}");
    let bytes = house.anybody().ask(reqwest::Method::GET, &page).send().await.unwrap();
    assert_eq!(bytes.status(), 200);
    for (name, value) in [
        ("content-type", "application/zip"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(bytes.headers()[name], value);
    }
    assert!(bytes.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"kitaab-workspace-2026-"));
    let size: u64 = bytes.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let bytes = bytes.bytes().await.unwrap();
    assert_eq!((bytes.len() as u64, &bytes[..2]), (size, &b"PK"[..]));
    assert_eq!(nikhil.ask(reqwest::Method::GET, &page).send().await.unwrap().status(), 200);
    mridul.get(&page).await.refused(404, "not_found");
    for broken in ["!/downloads/x", "!/downloads/%ff", "!/downloads/%00", "!/downloads/..%2f..%2fkitaab.db", &format!("{page}A")] {
        house.anybody().get(broken).await.refused(404, "not_found");
    }
    let missing = format!("{exports}/0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50");
    nikhil.get(&missing).await.refused(404, "not_found");
    mridul.get(&format!("{exports}/{}", asked.text("/id"))).await.refused(404, "not_found");
    mridul.post(&exports, &json!({"scope": "workspace"})).await.refused(403, "forbidden");
    nikhil.post(&exports, &json!({"scope": "everything"})).await.refused(422, "invalid");
    house.clock.advance(std::time::Duration::from_mins(16));
    house.anybody().get(&page).await.refused(404, "not_found");
    nikhil.post(&exports, &json!({"scope": "mine"})).await.refused(403, "reauth_required");
}
