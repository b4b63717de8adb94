//! `$filter`: comparisons, `startswith`, `any` over extended properties, joined by `and`, `or`, `not` and brackets.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::mailbox::content::Property;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare {
        path: String,
        operator: Operator,
        literal: String,
    },
    StartsWith {
        path: String,
        literal: String,
    },
    /// Any extended property matches; inside, the paths are `id` and `value`.
    AnyProperty(Box<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

impl Filter {
    /// `None` where the text is no filter.
    pub fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut parser = Parser { rest: &tokens };
        let filter = parser.any_of()?;
        parser.rest.is_empty().then_some(filter)
    }

    /// Whether it holds. `field` gives the value at a path; times are given as UTC.
    pub fn matches(&self, field: &dyn Fn(&str) -> Option<String>, properties: &[Property]) -> bool {
        match self {
            Self::And(left, right) => {
                left.matches(field, properties) && right.matches(field, properties)
            }
            Self::Or(left, right) => {
                left.matches(field, properties) || right.matches(field, properties)
            }
            Self::Not(inner) => !inner.matches(field, properties),
            Self::Compare {
                path,
                operator,
                literal,
            } => field(path).is_some_and(|value| operator.holds(&value, literal)),
            Self::StartsWith { path, literal } => field(path)
                .is_some_and(|value| value.to_lowercase().starts_with(&literal.to_lowercase())),
            Self::AnyProperty(inner) => properties
                .iter()
                .any(|property| inner.matches_property(property)),
        }
    }

    /// Whether it holds for one extended property.
    pub fn matches_property(&self, property: &Property) -> bool {
        let field = |path: &str| match path {
            "id" => Some(property.id.clone()),
            "value" => Some(property.value.clone()),
            _ => None,
        };
        self.matches(&field, &[])
    }

    /// Whether any part of it looks at a path that begins so.
    pub fn looks_at(&self, prefix: &str) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.looks_at(prefix) || right.looks_at(prefix)
            }
            Self::Not(inner) => inner.looks_at(prefix),
            Self::Compare { path, .. } | Self::StartsWith { path, .. } => path.starts_with(prefix),
            Self::AnyProperty(_) => "singleValueExtendedProperties".starts_with(prefix),
        }
    }
}

impl Operator {
    fn holds(self, value: &str, literal: &str) -> bool {
        let order = match (instant(value), instant(literal)) {
            (Some(value), Some(literal)) => value.cmp(&literal),
            _ => value.to_lowercase().cmp(&literal.to_lowercase()),
        };
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Ge => order.is_ge(),
            Self::Gt => order.is_gt(),
            Self::Le => order.is_le(),
            Self::Lt => order.is_lt(),
        }
    }
}

/// A time with or without zone; without it is UTC.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let wall = text.trim_end_matches('Z');
    wall.parse::<NaiveDateTime>()
        .or_else(|_| {
            wall.parse::<chrono::NaiveDate>()
                .map(|date| date.and_time(chrono::NaiveTime::MIN))
        })
        .ok()
        .map(|wall| wall.and_utc())
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            ':' => tokens.push(Token::Colon),
            '\'' => {
                let mut literal = String::new();
                loop {
                    match letters.next()? {
                        '\'' if letters.peek() == Some(&'\'') => {
                            letters.next();
                            literal.push('\'');
                        }
                        '\'' => break,
                        other => literal.push(other),
                    }
                }
                tokens.push(Token::Text(literal));
            }
            _ => {
                let mut word = letter.to_string();
                // a time that is not in quotes has colons of its own
                let timely = letter.is_ascii_digit();
                while let Some(next) =
                    letters.next_if(|c| !" (),'".contains(*c) && (timely || *c != ':'))
                {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Some(tokens)
}

struct Parser<'a> {
    rest: &'a [Token],
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first.clone())
    }

    fn takes(&mut self, expected: &Token) -> Option<()> {
        (self.next()? == *expected).then_some(())
    }

    fn word_follows(&self, word: &str) -> bool {
        matches!(self.rest.first(), Some(Token::Word(next)) if next == word)
    }

    fn any_of(&mut self) -> Option<Filter> {
        let mut filter = self.all_of()?;
        while self.word_follows("or") {
            self.next();
            filter = Filter::Or(Box::new(filter), Box::new(self.all_of()?));
        }
        Some(filter)
    }

    fn all_of(&mut self) -> Option<Filter> {
        let mut filter = self.one()?;
        while self.word_follows("and") {
            self.next();
            filter = Filter::And(Box::new(filter), Box::new(self.one()?));
        }
        Some(filter)
    }

    fn one(&mut self) -> Option<Filter> {
        match self.next()? {
            Token::Open => {
                let filter = self.any_of()?;
                self.takes(&Token::Close)?;
                Some(filter)
            }
            Token::Word(word) => match word.as_str() {
                "not" => Some(Filter::Not(Box::new(self.one()?))),
                "startswith" => self.starts_with(),
                "singleValueExtendedProperties/any" => self.any_property(),
                _ => self.comparison(word),
            },
            Token::Text(_) | Token::Close | Token::Comma | Token::Colon => None,
        }
    }

    fn comparison(&mut self, path: String) -> Option<Filter> {
        let Token::Word(operator) = self.next()? else {
            return None;
        };
        let operator = match operator.as_str() {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "ge" => Operator::Ge,
            "gt" => Operator::Gt,
            "le" => Operator::Le,
            "lt" => Operator::Lt,
            _ => return None,
        };
        let (Token::Text(literal) | Token::Word(literal)) = self.next()? else {
            return None;
        };
        Some(Filter::Compare {
            path,
            operator,
            literal,
        })
    }

    fn starts_with(&mut self) -> Option<Filter> {
        self.takes(&Token::Open)?;
        let Token::Word(path) = self.next()? else {
            return None;
        };
        self.takes(&Token::Comma)?;
        let Token::Text(literal) = self.next()? else {
            return None;
        };
        self.takes(&Token::Close)?;
        Some(Filter::StartsWith { path, literal })
    }

    fn any_property(&mut self) -> Option<Filter> {
        self.takes(&Token::Open)?;
        let Token::Word(variable) = self.next()? else {
            return None;
        };
        self.takes(&Token::Colon)?;
        let inner = self.any_of()?;
        self.takes(&Token::Close)?;
        Some(Filter::AnyProperty(Box::new(
            inner.without_variable(&format!("{variable}/"))?,
        )))
    }
}

impl Filter {
    fn without_variable(self, prefix: &str) -> Option<Self> {
        let short = |path: String| path.strip_prefix(prefix).map(ToOwned::to_owned);
        Some(match self {
            Self::And(left, right) => Self::And(
                Box::new(left.without_variable(prefix)?),
                Box::new(right.without_variable(prefix)?),
            ),
            Self::Or(left, right) => Self::Or(
                Box::new(left.without_variable(prefix)?),
                Box::new(right.without_variable(prefix)?),
            ),
            Self::Not(inner) => Self::Not(Box::new(inner.without_variable(prefix)?)),
            Self::Compare {
                path,
                operator,
                literal,
            } => Self::Compare {
                path: short(path)?,
                operator,
                literal,
            },
            Self::StartsWith { path, literal } => Self::StartsWith {
                path: short(path)?,
                literal,
            },
            Self::AnyProperty(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_as_instants() {
        let filter = Filter::parse(
            "start/dateTime ge '2026-11-22T10:00:00' and end/dateTime lt 2026-11-23T00:00:00Z",
        )
        .unwrap();
        let field = |path: &str| match path {
            "start/dateTime" => Some("2026-11-22T10:00:00Z".to_owned()),
            "end/dateTime" => Some("2026-11-22T11:00:00Z".to_owned()),
            _ => None,
        };
        assert!(filter.matches(&field, &[]));
        assert!(filter.looks_at("start/"));
    }

    #[test]
    fn a_property_is_found_without_regard_to_case() {
        let filter = Filter::parse(
            "singleValueExtendedProperties/any(ep: ep/id eq 'String {A} Name M' and startswith(ep/value, 'Tenant:it''s'))",
        )
        .unwrap();
        let property = Property {
            id: "string {a} name m".to_owned(),
            value: "tenant:IT'S:1".to_owned(),
        };
        assert!(filter.matches(&|_| None, &[property]));
        assert!(!filter.matches(&|_| None, &[]));
    }

    #[test]
    fn what_is_no_filter_is_not_read() {
        for text in [
            "",
            "start/dateTime",
            "start/dateTime ge '2026",
            "subject like 'a'",
            "(subject eq 'a'",
        ] {
            assert_eq!(Filter::parse(text), None, "{text}");
        }
    }
}
