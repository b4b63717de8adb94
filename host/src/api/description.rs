//! What a handler takes, gives and refuses, read from its signature.
//!
//! Each extractor is a [`Part`] and each answer an [`Answer`]; both write what they are into a
//! [`Description`], the refusals that they bring along included. So the interface's description
//! cannot say anything else than the handlers do. What a handler refuses beyond that stands beside
//! its route.

use std::future::Future;

use axum::Json;
use axum::extract::State;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Required, Schema};
use utoipa::{IntoParams, ToSchema};

use super::ApiState;
use super::answer::{Created, NoContent, Versioned};
use super::body::Body;
use super::caller::Caller;
use super::kind::Kind;
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::version::IfMatch;

/// What a handler takes, gives and refuses.
pub struct Description {
    path: &'static str,
    /// Segments, parameters and headers.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<RequestBody>,
    /// Status and form of the answer.
    pub answer: Option<(&'static str, Response)>,
    /// The kinds of refusal.
    pub refusals: Vec<Kind>,
    /// The shapes that the others name.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// Of a handler; every route may refuse a caller without a token, be busy, or break.
    pub(super) fn of<D, H: Described<D>>(path: &'static str) -> Self {
        let mut description = Self {
            path,
            parameters: Vec::new(),
            body: None,
            answer: None,
            refusals: vec![Kind::Unauthorised, Kind::Internal, Kind::Unavailable],
            schemas: Vec::new(),
        };
        H::describe(&mut description);
        description
    }

    /// Adds refusals, each once.
    pub(super) fn refuse(&mut self, kinds: &[Kind]) {
        for kind in kinds {
            if !self.refusals.contains(kind) {
                self.refusals.push(*kind);
            }
        }
    }

    /// A shape by its name; the shape itself is kept with all that it names.
    fn shape<T: ToSchema>(&mut self) -> Content {
        let name = T::name().into_owned();
        let content = Content::new(Some(Ref::from_schema_name(&name)));
        self.schemas.push((name, T::schema()));
        T::schemas(&mut self.schemas);
        content
    }

    fn answers<T: ToSchema>(&mut self, status: &'static str, headers: &[(&str, &str)]) {
        let json = self.shape::<T>();
        let mut response = ResponseBuilder::new()
            .description("done")
            .content("application/json", json);
        for (name, told) in headers {
            let header = HeaderBuilder::new()
                .schema(Some(text()))
                .description(Some(*told));
            response = response.header(*name, header.build());
        }
        self.answer = Some((status, response.build()));
    }
}

fn text() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .build()
        .into()
}

/// What a handler takes.
pub trait Part {
    /// Says so.
    fn describe(of: &mut Description);
}

impl Part for State<ApiState> {
    fn describe(_: &mut Description) {}
}

impl Part for Caller {
    fn describe(_: &mut Description) {}
}

impl<T> Part for Segments<T> {
    fn describe(of: &mut Description) {
        of.refuse(&[Kind::NotFound]);
        let names = of.path.split('/').filter_map(|segment| {
            let name = segment.strip_prefix('{')?;
            name.strip_suffix('}')
        });
        for name in names {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(text()));
            of.parameters.push(parameter.build());
        }
    }
}

impl<T: IntoParams> Part for Parameters<T> {
    fn describe(of: &mut Description) {
        of.refuse(&[Kind::Malformed]);
        let parameters = T::into_params(|| Some(ParameterIn::Query));
        of.parameters.extend(parameters);
    }
}

impl<T: ToSchema> Part for Body<T> {
    fn describe(of: &mut Description) {
        of.refuse(&[
            Kind::Malformed,
            Kind::BodyTooLarge,
            Kind::MediaType,
            Kind::Invalid,
        ]);
        let json = of.shape::<T>();
        let body = RequestBodyBuilder::new()
            .content("application/json", json)
            .required(Some(Required::True));
        of.body = Some(body.build());
    }
}

impl Part for IfMatch {
    fn describe(of: &mut Description) {
        of.refuse(&[Kind::Malformed, Kind::VersionStale, Kind::VersionNeeded]);
        let tag = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^\"[0-9]{1,18}\"$"));
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(
                "The version that the change was made on, as it came in ETag",
            ))
            .schema(Some(tag.build()));
        of.parameters.push(parameter.build());
    }
}

/// What a handler gives.
pub trait Answer {
    /// Says so.
    fn describe(of: &mut Description);
}

impl<T: Answer> Answer for Result<T, Problem> {
    fn describe(of: &mut Description) {
        T::describe(of);
    }
}

impl<T: ToSchema> Answer for Json<T> {
    fn describe(of: &mut Description) {
        of.answers::<T>("200", &[]);
    }
}

const TAG: (&str, &str) = ("ETag", "The version, for If-Match");

impl<T: ToSchema> Answer for Versioned<T> {
    fn describe(of: &mut Description) {
        of.answers::<T>("200", &[TAG]);
    }
}

impl<T: ToSchema> Answer for Created<T> {
    fn describe(of: &mut Description) {
        of.answers::<T>("201", &[TAG, ("Location", "Where it lies")]);
    }
}

impl Answer for NoContent {
    fn describe(of: &mut Description) {
        let response = ResponseBuilder::new().description("done").build();
        of.answer = Some(("204", response));
    }
}

/// A handler, by what it takes.
pub trait Described<Parts> {
    /// What it takes, gives and refuses.
    fn describe(of: &mut Description);
}

macro_rules! described {
    ($($part:ident)*) => {
        impl<H, F, A, $($part),*> Described<($($part,)*)> for H
        where
            H: Fn($($part),*) -> F,
            F: Future<Output = A>,
            A: Answer,
            $($part: Part,)*
        {
            fn describe(of: &mut Description) {
                $($part::describe(of);)*
                A::describe(of);
            }
        }
    };
}

described!();
described!(A1);
described!(A1 A2);
described!(A1 A2 A3);
described!(A1 A2 A3 A4);
described!(A1 A2 A3 A4 A5);
