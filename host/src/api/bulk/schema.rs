//! The form of a bulk request, which differs by the kind of record.

use std::borrow::Cow;

use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{OneOfBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{MOST, Request};

impl<T: ToSchema> PartialSchema for Request<T> {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let version = SchemaType::from_iter([Type::Integer, Type::Null]);
        let nothing = ObjectBuilder::new().schema_type(Type::Null);
        let record = OneOfBuilder::new()
            .item(nothing)
            .item(Ref::from_schema_name(T::name()));
        let entry = ObjectBuilder::new()
            .property("id", text.min_length(Some(1)).max_length(Some(64)))
            .property(
                "version",
                ObjectBuilder::new().schema_type(version).minimum(Some(0)),
            )
            .property("record", record)
            .required("id")
            .required("record")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let records = ArrayBuilder::new().items(entry).max_items(Some(MOST));
        ObjectBuilder::new()
            .property("records", records)
            .required("records")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .into()
    }
}

impl<T: ToSchema> ToSchema for Request<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Bulk", T::name()).into()
    }

    fn schemas(all: &mut Vec<(String, RefOr<Schema>)>) {
        all.push((T::name().into_owned(), T::schema()));
        T::schemas(all);
    }
}
