//! Lines of the file: unfolded for the parser, which loses spaces at folds, and found again for error messages.

/// The file with each logical line in one piece, and where each began.
pub struct Unfolded {
    lines: Vec<String>,
    origins: Vec<usize>,
}

impl Unfolded {
    pub fn new(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut unfolded = Self {
            lines: Vec::new(),
            origins: Vec::new(),
        };
        for (number, line) in text.lines().enumerate() {
            match (line.strip_prefix([' ', '\t']), unfolded.lines.last_mut()) {
                (Some(rest), Some(last)) => last.push_str(rest),
                _ if line.trim().is_empty() => {}
                _ => {
                    unfolded.lines.push(line.to_owned());
                    unfolded.origins.push(number + 1);
                }
            }
        }
        unfolded
    }

    pub fn text(&self) -> String {
        self.lines.join("\r\n")
    }

    /// The line of the file where an unfolded line (counted from 1) began.
    pub fn original_line(&self, line: usize) -> usize {
        line.checked_sub(1)
            .and_then(|place| self.origins.get(place))
            .copied()
            .unwrap_or_else(|| self.last_line())
    }

    pub fn last_line(&self) -> usize {
        self.origins.last().copied().unwrap_or(1)
    }

    /// Where the first component begins that calendars do not have.
    pub fn unknown_component(&self) -> usize {
        const KNOWN: [&str; 9] = [
            "VCALENDAR",
            "VEVENT",
            "VALARM",
            "VTIMEZONE",
            "STANDARD",
            "DAYLIGHT",
            "VTODO",
            "VJOURNAL",
            "VFREEBUSY",
        ];
        let unknown = self.lines.iter().position(|line| {
            line.strip_prefix("BEGIN:")
                .is_some_and(|name| !KNOWN.contains(&name.trim()))
        });
        self.original_line(unknown.map_or(usize::MAX, |place| place + 1))
    }

    /// Where the n-th event's lines are.
    pub fn event(&self, number: usize) -> EventLines<'_> {
        let begin = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.trim().eq_ignore_ascii_case("BEGIN:VEVENT"))
            .nth(number)
            .map_or(0, |(place, _)| place);
        EventLines { file: self, begin }
    }
}

/// The lines of one event.
pub struct EventLines<'a> {
    file: &'a Unfolded,
    begin: usize,
}

impl EventLines<'_> {
    /// The line of the file where a property stands, or where the event begins.
    pub fn of(&self, property: &str) -> usize {
        let lines = self.file.lines.get(self.begin..).unwrap_or_default();
        let offset = lines
            .iter()
            .take_while(|line| !line.trim().eq_ignore_ascii_case("END:VEVENT"))
            .position(|line| {
                line.split([';', ':'])
                    .next()
                    .is_some_and(|name| name.eq_ignore_ascii_case(property))
            });
        self.file
            .original_line(self.begin + offset.unwrap_or(0) + 1)
    }
}
