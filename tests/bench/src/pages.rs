//! The pages, and how long each takes to the first byte of its answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kill::Result;

use crate::fill::Filled;

/// Frame, menu and a form that no row of the tenant stands in.
const NOTHING: &str = "/password";

/// A page, and the times that it took, by length.
pub struct Measured {
    name: &'static str,
    path: String,
    times: Vec<Duration>,
}

impl Measured {
    fn median(&self) -> Duration {
        self.times
            .get(self.times.len() / 2)
            .copied()
            .unwrap_or_default()
    }

    fn longest(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }
}

fn all(filled: &Filled) -> Vec<Measured> {
    let Filled {
        busy,
        item,
        run,
        last,
        ..
    } = filled;
    let page = |name, path: String| Measured {
        name,
        path,
        times: Vec::new(),
    };
    let resources = "/admin/exchange/resources";
    vec![
        page("nothing", NOTHING.to_owned()),
        page("General", "/admin/exchange/general".to_owned()),
        page("Resources, first page", resources.to_owned()),
        page("Resources, last page", format!("{resources}?page={last}")),
        page(
            "Resources, one is found",
            format!("{resources}?text={busy}"),
        ),
        page("Resources, many are found", format!("{resources}?text=an")),
        page("Cycles", "/admin/exchange/cycles".to_owned()),
        page(
            "Cycles of a user",
            format!("/admin/exchange/cycles?user={busy}"),
        ),
        page("A cycle", format!("/admin/exchange/cycles/{run}")),
        page(
            "Waiting for you",
            "/admin/exchange/waiting-for-you".to_owned(),
        ),
        page("Mails", "/admin/exchange/mails".to_owned()),
        page("Profile of the busy user", format!("/users/{busy}/profile")),
        page(
            "Calendar of the busy user",
            format!("/users/{busy}/calendar"),
        ),
        page(
            "An item's history",
            format!("/users/{busy}/items/appointment/{item}"),
        ),
    ]
}

/// Opens each page once for nothing, then all of them in turn, so often.
pub async fn measure(
    server: SocketAddr,
    cookie: &str,
    filled: &Filled,
    rounds: u32,
) -> Result<Vec<Measured>> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let mut pages = all(filled);
    for round in 0..=rounds {
        for page in &mut pages {
            let request = client
                .get(format!("http://{server}{}", page.path))
                .header("cookie", cookie);
            let begun = Instant::now();
            let answer = request.send().await?;
            let taken = begun.elapsed();
            let status = answer.status();
            answer.bytes().await?;
            if status != 200 {
                return Err(format!("{} answered with {status}", page.path).into());
            }
            if round > 0 {
                page.times.push(taken);
            }
        }
    }
    for page in &mut pages {
        page.times.sort_unstable();
    }
    Ok(pages)
}

/// The times as lines, each beside the page of nothing.
pub fn table(pages: &[Measured]) -> String {
    let nothing = pages.first().map_or(Duration::ZERO, Measured::median);
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let mut text = format!(
        "{:<28} {:>9} {:>9} {:>8}\n",
        "page", "median", "longest", "ratio"
    );
    for page in pages {
        text.push_str(&format!(
            "{:<28} {:>6.1} ms {:>6.1} ms {:>8.1}\n",
            page.name,
            milliseconds(page.median()),
            milliseconds(page.longest()),
            page.median().as_secs_f64() / nothing.as_secs_f64().max(f64::EPSILON),
        ));
    }
    text
}
