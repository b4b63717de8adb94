//! A change of a record: a JSON merge patch (RFC 7396) of its fields. What it makes of them is read
//! again as if it had been sent whole, so that a change is held to the same rules.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{RefOr, schema::SchemaType, schema::Type};
use utoipa::{PartialSchema, ToSchema};

/// The fields that change; null empties one.
#[derive(Clone, Debug)]
pub struct Change<F> {
    /// As they came.
    pub fields: Map<String, Value>,
    form: PhantomData<fn() -> F>,
}

impl<'de, F> Deserialize<'de> for Change<F> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Map::deserialize(from).map(|fields| Self {
            fields,
            form: PhantomData,
        })
    }
}

/// The form's own shape, of which nothing is required and everything may be null.
impl<F: ToSchema> PartialSchema for Change<F> {
    fn schema() -> RefOr<Schema> {
        let mut shape = F::schema();
        if let RefOr::T(Schema::Object(object)) = &mut shape {
            object.required.clear();
            for property in object.properties.values_mut() {
                if let RefOr::T(Schema::Object(property)) = property {
                    property.schema_type = nullable(&property.schema_type);
                }
            }
        }
        shape
    }
}

impl<F: ToSchema> ToSchema for Change<F> {
    fn name() -> Cow<'static, str> {
        format!("{}Change", F::name()).into()
    }

    fn schemas(all: &mut Vec<(String, RefOr<Schema>)>) {
        F::schemas(all);
    }
}

fn nullable(kind: &SchemaType) -> SchemaType {
    match kind {
        SchemaType::Type(kind) => SchemaType::from_iter([kind.clone(), Type::Null]),
        other => other.clone(),
    }
}

/// Fields after a change.
pub(super) fn merged(mut fields: Map<String, Value>, change: Map<String, Value>) -> Value {
    for (name, value) in change {
        match (value, fields.remove(&name)) {
            (Value::Null, _) => {}
            (Value::Object(inner), Some(Value::Object(known))) => {
                fields.insert(name, merged(known, inner));
            }
            (Value::Object(inner), _) => {
                fields.insert(name, merged(Map::new(), inner));
            }
            (value, _) => {
                fields.insert(name, value);
            }
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_merged_as_rfc_7396_has_it() {
        // From the examples in its appendix A that have objects on both sides.
        for (fields, change, wanted) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            let (Value::Object(fields), Value::Object(change)) = (fields, change) else {
                continue;
            };
            assert_eq!(merged(fields, change), wanted);
        }
    }
}
